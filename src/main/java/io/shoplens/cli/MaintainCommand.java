package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.Upkeep;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Maintenance.Kept;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Keeps tables small and quick to read. */
@Command(
    name = "maintain",
    sortOptions = false,
    description = {
      "Merges small files, removes what no kept state needs, and cleans up the tables' logs.",
      "States of the last days stay, as lake.keep says; it never works beside a run."
    })
final class MaintainCommand extends ConfiguredCommand {
  MaintainCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    ShoplensConfig config = options().config(context());
    return inSession(
        config.spark(),
        session -> {
          Lake lake = new Lake(session, config.lakeRoot());
          Upkeep upkeep = new Upkeep(lake, config, context().clock(), Version.text());
          write(upkeep.maintain(this::notice, kept -> notice(kept.table().name())));
          return ExitStatus.DONE;
        });
  }

  private void write(List<Kept> kept) {
    if (options().isJson()) {
      terminal().out().println(Json.line(kept.stream().map(MaintainCommand::json).toList()));
    } else if (!options().isQuiet()) {
      TextTable table = TextTable.of("table", ">files before", ">files after", ">KiB");
      for (Kept each : kept) {
        table.row(
            each.table().name(),
            Words.count(each.filesBefore()),
            Words.count(each.filesAfter()),
            Words.count(each.bytes() / 1024));
      }
      table.lines().forEach(terminal().out()::println);
    }
    terminal().out().flush();
  }

  private static Map<String, Object> json(Kept kept) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", kept.table().name());
    json.put("files_before", kept.filesBefore());
    json.put("files_after", kept.filesAfter());
    json.put("bytes", kept.bytes());
    return json;
  }
}
