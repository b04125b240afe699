package io.shoplens.cli;

import io.shoplens.config.Nearest;
import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.TableFacts;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructField;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells the tables, their columns and how they stand. */
@Command(
    name = "describe",
    sortOptions = false,
    description = {
      "The tables: rows, version, freshness; of one table its columns, key and reach.",
      "Without a configuration: of the lake of shoplens quickstart."
    })
final class DescribeCommand extends ConfiguredCommand {
  @Parameters(
      paramLabel = "TABLE",
      arity = "0..1",
      description = "A table's name, such as gold.daily_gmv.")
  private String name;

  DescribeCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    List<Table> wanted = name == null ? Tables.readable() : List.of(named(name));
    return asking(
        options().configOrSamples(context()),
        engine -> {
          write(engine.describe(wanted));
          return ExitStatus.DONE;
        });
  }

  private void write(List<TableFacts> facts) {
    PrintWriter out = terminal().out();
    if (options().isJson()) {
      out.println(Json.line(facts.stream().map(DescribeCommand::json).toList()));
    } else if (name == null) {
      overview(facts).forEach(out::println);
    } else {
      facts.forEach(each -> details(each).forEach(out::println));
    }
    out.flush();
  }

  /** A table that has versions: a view has none. */
  static Table stored(String name) {
    Table table = named(name);
    if (!Tables.ALL.contains(table)) {
      throw Errors.configuration(
          name + " is a view.",
          "It shows other tables as they are, and has no versions of its own.",
          "Ask for one of the tables that shoplens describe lists with a version.");
    }
    return table;
  }

  private static Table named(String name) {
    return Tables.named(name)
        .orElseThrow(
            () ->
                Errors.configuration(
                    "There is no table " + TextTable.printable(name) + ".",
                    "Tables are named by layer and name, such as gold.daily_gmv.",
                    "The nearest known table is "
                        + Nearest.to(name, Tables.readable().stream().map(Table::name).toList())
                            .orElseThrow()
                        + "; shoplens describe lists them."));
  }

  private static List<String> overview(List<TableFacts> facts) {
    TextTable table = TextTable.of("table", ">rows", ">version", "updated", "what it holds");
    for (TableFacts each : facts) {
      boolean isWritten = each.updatedAt().isPresent();
      table.row(
          each.table().name(),
          isWritten ? Words.count(each.rows()) : "-",
          each.version() >= 0 ? String.valueOf(each.version()) : "-",
          each.updatedAt().map(String::valueOf).orElse("not yet"),
          each.table().comment());
    }
    return table.lines();
  }

  private static List<String> details(TableFacts facts) {
    Table declared = facts.table();
    List<String> lines = new java.util.ArrayList<>();
    lines.add(declared.name() + ": " + declared.comment());
    lines.add("grain      " + declared.grain());
    lines.add("key        " + listed(declared.key()));
    lines.add("partitions " + listed(declared.partitionedBy()));
    lines.add(
        "reach      "
            + declared.reach().back()
            + " days back, "
            + declared.reach().forward()
            + " forward: "
            + declared.reach().why());
    lines.add(
        facts.updatedAt().isEmpty()
            ? "stands     not written yet"
            : "stands     "
                + Words.count(facts.rows())
                + " rows"
                + (facts.version() < 0 ? ", a view" : ", version " + facts.version())
                + facts.updatedAt().map(at -> ", updated " + at).orElse(""));
    lines.add("");
    TextTable columns = TextTable.of("column", "type", "what it says");
    for (StructField field : declared.schema().fields()) {
      columns.row(
          field.name(), field.dataType().simpleString(), field.getComment().getOrElse(() -> ""));
    }
    lines.addAll(columns.lines());
    return lines;
  }

  private static String listed(List<String> columns) {
    return columns.isEmpty() ? "none" : String.join(", ", columns);
  }

  private static Map<String, Object> json(TableFacts facts) {
    Table declared = facts.table();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", declared.name());
    json.put("comment", declared.comment());
    json.put("grain", declared.grain());
    json.put("key", declared.key());
    json.put("partitioned_by", declared.partitionedBy());
    json.put("reach_back_days", declared.reach().back());
    json.put("reach_forward_days", declared.reach().forward());
    json.put("rows", facts.updatedAt().isEmpty() ? null : facts.rows());
    json.put("version", facts.version() < 0 ? null : facts.version());
    json.put("updated_at", facts.updatedAt().map(String::valueOf).orElse(null));
    json.put(
        "columns",
        java.util.Arrays.stream(declared.schema().fields()).map(DescribeCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(StructField field) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("column", field.name());
    json.put("type", field.dataType().simpleString());
    json.put("comment", field.getComment().getOrElse(() -> ""));
    return json;
  }
}
