package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.Upkeep;
import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts all tables back to one published state. */
@Command(
    name = "restore",
    sortOptions = false,
    description = {
      "Puts all tables back to the state that was the published one at an instant.",
      "Files taken in since are taken in again by the next run, from where they lie.",
      "maintain removes states that are older than lake.keep; one from before an erasure or a rekey",
      "is refused."
    })
final class RestoreCommand extends ConfiguredCommand {
  @Option(
      names = "--to",
      paramLabel = "TIMESTAMP",
      required = true,
      description = "An instant with its zone, as 2026-03-09T06:00:00Z; see shoplens history.")
  private String instant;

  RestoreCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    Instant to = instant(instant);
    ShoplensConfig config = options().config(context());
    return inSession(
        config.spark(),
        session -> {
          Lake lake = new Lake(session, config.lakeRoot());
          Upkeep upkeep = new Upkeep(lake, config, context().clock(), Version.text());
          write(upkeep.restoreTo(to, this::notice));
          return ExitStatus.DONE;
        });
  }

  private void write(Upkeep.Restored restored) {
    List<String> tables = restored.tables().stream().map(Table::name).toList();
    if (options().isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("published_at", restored.target().finishedAt().toString());
      json.put("run_id", restored.target().runId());
      json.put("tables", tables);
      terminal().out().println(Json.line(json));
    } else if (!options().isQuiet()) {
      terminal()
          .out()
          .println(
              "restored what run "
                  + restored.target().runId()
                  + " published at "
                  + restored.target().finishedAt()
                  + " ("
                  + tables.size()
                  + " tables changed)");
    }
    terminal().out().flush();
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw Errors.configuration(
          "--to " + TextTable.printable(text) + " is not an instant.",
          "Allowed is a date and time with its zone, as 2026-03-09T06:00:00Z or"
              + " 2026-03-09T07:00:00+01:00.",
          "Correct it; shoplens history lists when what was published.",
          e);
    }
  }
}
