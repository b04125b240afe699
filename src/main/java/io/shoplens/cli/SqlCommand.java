package io.shoplens.cli;

import io.shoplens.error.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a query over the tables. */
@Command(
    name = "sql",
    sortOptions = false,
    description = {
      "Answers a query over the tables by name, such as gold.daily_gmv.",
      "Without a configuration: over the lake of shoplens quickstart."
    })
final class SqlCommand extends ConfiguredCommand {
  @Parameters(paramLabel = "QUERY", description = "One Spark SQL query, in quotes.")
  private String query;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "table (default), csv (with a header) or json (one object a line, as with --json).")
  private RowFormat format;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Rows shown at most; 0 for all. Default: 1000 as a table, else all.")
  private Long limit;

  SqlCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    RowFormat chosen =
        format != null ? format : options().isJson() ? RowFormat.JSON : RowFormat.TABLE;
    long most = limit != null ? limit : chosen == RowFormat.TABLE ? 1000 : 0;
    return asking(
        options().configOrSamples(context()),
        engine -> {
          try {
            RowWriter.write(engine.query(query), chosen, most, terminal());
            return ExitStatus.DONE;
          } catch (Exception fault) {
            // Spark throws checked exceptions that it does not declare.
            throw refusal(fault);
          }
        });
  }

  private static RuntimeException refusal(Exception fault) {
    return Faults.storage(fault)
        .or(() -> Faults.query(fault))
        .map(RuntimeException.class::cast)
        .orElseGet(
            () ->
                fault instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException(fault));
  }
}
