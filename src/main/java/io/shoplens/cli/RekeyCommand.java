package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.PublishedAgain;
import io.shoplens.job.Rekeying;
import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Brings stored ids to the configured keys. */
@Command(
    name = "rekey",
    sortOptions = false,
    description = {
      "Brings the ids of every table to the configured keys: observed ones to pseudonyms, and",
      "pseudonyms to such under a new key, which is laid over the older ones. Figures stay.",
      "Past states hold the former ids until maintain removes those, after lake.keep."
    })
final class RekeyCommand extends ConfiguredCommand {
  RekeyCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    ShoplensConfig config = options().config(context());
    return inSession(
        config.spark(),
        session -> {
          Lake lake = new Lake(session, config.lakeRoot());
          PublishedAgain published =
              new PublishedAgain(lake, config, context().clock(), Version.text());
          List<String> tables =
              new Rekeying(lake, config, published)
                  .rekey(this::notice).stream().map(Table::name).toList();
          if (options().isJson()) {
            terminal().out().println(Json.line(Map.of("tables", tables)));
          } else if (!options().isQuiet()) {
            terminal().out().println("brought " + tables.size() + " tables to the configured keys");
          }
          terminal().out().flush();
          return ExitStatus.DONE;
        });
  }
}
