package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Publication;
import io.shoplens.lake.TableVersion;
import io.shoplens.table.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells what was published when, and of a table its versions. */
@Command(
    name = "history",
    sortOptions = false,
    description = {
      "What was published when, the latest first: the states that restore goes back to.",
      "Of one table: its versions, and the run that published each."
    })
final class HistoryCommand extends ConfiguredCommand {
  @Parameters(
      paramLabel = "TABLE",
      arity = "0..1",
      description = "A table's name, such as gold.daily_gmv.")
  private String name;

  HistoryCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    Optional<Table> table = Optional.ofNullable(name).map(DescribeCommand::stored);
    ShoplensConfig config = options().configOrSamples(context());
    return inSession(
        config.spark(),
        session -> {
          Lake lake = new Lake(session, config.lakeRoot());
          List<Publication> publications = Publication.of(lake);
          if (table.isPresent()) {
            write(table.get(), TableVersion.of(lake, table.get()), publications);
          } else {
            write(publications);
          }
          terminal().out().flush();
          return ExitStatus.DONE;
        });
  }

  private void write(List<Publication> publications) {
    if (options().isJson()) {
      terminal().out().println(Json.line(publications.stream().map(HistoryCommand::json).toList()));
      return;
    }
    TextTable lines = TextTable.of("published", "run", "command", ">ingest", ">tables changed");
    for (int i = 0; i < publications.size(); i++) {
      Publication each = publications.get(i);
      Map<String, Long> before =
          i + 1 < publications.size() ? publications.get(i + 1).versions() : Map.of();
      long changed =
          each.versions().entrySet().stream()
              .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
              .count();
      lines.row(
          each.finishedAt().toString(),
          each.runId(),
          each.command(),
          String.valueOf(each.sequence()),
          String.valueOf(changed));
    }
    lines.lines().forEach(terminal().out()::println);
  }

  private void write(Table table, List<TableVersion> versions, List<Publication> publications) {
    if (options().isJson()) {
      terminal()
          .out()
          .println(
              Json.line(
                  versions.stream()
                      .map(version -> json(version, publisher(table, version, publications)))
                      .toList()));
      return;
    }
    TextTable lines =
        TextTable.of(">version", "committed", "operation", ">rows", "dates", "published by");
    for (TableVersion version : versions) {
      lines.row(
          String.valueOf(version.version()),
          version.committedAt().toString(),
          version.operation(),
          version.rows().isPresent() ? Words.count(version.rows().getAsLong()) : "-",
          shortened(version.dates()),
          publisher(table, version, publications).orElse("-"));
    }
    lines.lines().forEach(terminal().out()::println);
  }

  /** The first run whose publication holds this very version. */
  private static Optional<String> publisher(
      Table table, TableVersion version, List<Publication> publications) {
    List<Publication> earliestFirst = new ArrayList<>(publications);
    java.util.Collections.reverse(earliestFirst);
    return earliestFirst.stream()
        .filter(each -> each.version(table).filter(at -> at == version.version()).isPresent())
        .map(Publication::runId)
        .findFirst();
  }

  private static String shortened(String dates) {
    String[] each = dates.split(",");
    return each.length <= 1 ? dates : each[0] + " to " + each[each.length - 1];
  }

  private static Map<String, Object> json(Publication publication) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("published_at", publication.finishedAt().toString());
    json.put("run_id", publication.runId());
    json.put("command", publication.command());
    json.put("sequence", publication.sequence());
    json.put("table_versions", publication.versions());
    return json;
  }

  private static Map<String, Object> json(TableVersion version, Optional<String> publisher) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", version.version());
    json.put("committed_at", version.committedAt().toString());
    json.put("operation", version.operation());
    json.put("rows", version.rows().isPresent() ? version.rows().getAsLong() : null);
    json.put("dates", version.dates().isEmpty() ? List.of() : List.of(version.dates().split(",")));
    json.put("published_by", publisher.orElse(null));
    return json;
  }
}
