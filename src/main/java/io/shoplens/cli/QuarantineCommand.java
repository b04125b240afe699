package io.shoplens.cli;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.QuarantineFilter;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import io.shoplens.table.Quarantine;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What was rejected, and what becomes of it. */
@Command(name = "quarantine", sortOptions = false, description = "Records that were rejected.")
final class QuarantineCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing: list, show or replay.");
  }

  /** Which records are meant. */
  private static final class Filter {
    @Option(names = "--feed", paramLabel = "FEED", description = "Of this feed.")
    private String feed;

    @Option(names = "--code", paramLabel = "CODE", description = "Rejected for this code.")
    private String code;

    @Option(names = "--field", paramLabel = "FIELD", description = "With this field at fault.")
    private String field;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Of this file: its full path, or the end of it.")
    private String file;

    QuarantineFilter chosen() {
      return new QuarantineFilter(
          Optional.ofNullable(feed),
          Optional.ofNullable(code),
          Optional.ofNullable(field),
          Optional.ofNullable(file));
    }
  }

  /** The rejected records that a filter chooses. */
  private static Dataset<Row> records(Engine engine, Filter filter) {
    return engine
        .query("SELECT * FROM " + Quarantine.TABLE.name())
        .where(filter.chosen().condition());
  }

  /** Counts. */
  @Command(
      name = "list",
      sortOptions = false,
      description = {
        "How many records were rejected, of which feed, why and for which field.",
        "Without a configuration: in the lake of shoplens quickstart."
      })
  static final class Counts extends ConfiguredCommand {
    private static final Map<String, String> COLUMNS =
        Map.of("feed", FEED, "code", REJECT_CODE, "field", REJECT_FIELD, "file", SOURCE_FILE);

    @Mixin private Filter filter;

    @Option(
        names = "--by",
        paramLabel = "WHAT",
        split = ",",
        description = "Counted by these of feed, code, field and file. Default: feed,code,field.")
    private List<String> by = List.of("feed", "code", "field");

    Counts(Context context) {
      super(context);
    }

    @Override
    ExitStatus work() {
      Set<Column> columns = new LinkedHashSet<>();
      for (String each : by) {
        String column = COLUMNS.get(each.strip().toLowerCase(Locale.ROOT));
        if (column == null) {
          throw Errors.configuration(
              "--by " + TextTable.printable(each) + " is not allowed.",
              "Rejected records are counted by feed, code, field and file.",
              "Name some of these, as in --by feed,file.");
        }
        columns.add(col(column));
      }
      Column[] keys = columns.toArray(Column[]::new);
      return asking(
          options().configOrSamples(context()),
          engine -> {
            Dataset<Row> counted =
                records(engine, filter)
                    .groupBy(keys)
                    .agg(
                        count(lit(1)).as(RECORDS),
                        countDistinct(col(SOURCE_FILE)).as("files"),
                        min(col(SEQUENCE)).as("first_ingest"));
            Column[] order = new Column[keys.length + 1];
            order[0] = col(RECORDS).desc();
            System.arraycopy(keys, 0, order, 1, keys.length);
            RowWriter.write(
                counted.orderBy(order),
                options().isJson() ? RowFormat.JSON : RowFormat.TABLE,
                0,
                terminal());
            return ExitStatus.DONE;
          });
    }
  }

  /** The records themselves. */
  @Command(
      name = "show",
      sortOptions = false,
      description = {
        "Rejected records as they came, with file, line and byte offset, field and code.",
        "Without a configuration: of the lake of shoplens quickstart."
      })
  static final class Show extends ConfiguredCommand {
    @Mixin private Filter filter;

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "Records shown at most; 0 for all. Default: 20.")
    private long limit = 20;

    Show(Context context) {
      super(context);
    }

    @Override
    ExitStatus work() {
      return asking(
          options().configOrSamples(context()),
          engine -> {
            Dataset<Row> ordered =
                records(engine, filter)
                    .orderBy(FEED, SOURCE_FILE, SEQUENCE, SOURCE_LINE, SOURCE_PART)
                    .select(
                        col(FEED),
                        col(SOURCE_FILE),
                        col(SOURCE_LINE),
                        col(SOURCE_OFFSET),
                        col(REJECT_CODE),
                        col(REJECT_FIELD),
                        options().isJson() ? base64(col(REJECT_RAW)).as(REJECT_RAW) : col(SEQUENCE),
                        col(REJECT_TEXT));
            RowWriter.write(
                ordered, options().isJson() ? RowFormat.JSON : RowFormat.TABLE, limit, terminal());
            return ExitStatus.DONE;
          });
    }
  }

  /** Another try for them. */
  @Command(
      name = "replay",
      sortOptions = false,
      description = {
        "Reads rejected records again, with the mapping and settings as they are now.",
        "All that were rejected in a file are read again, where the filter holds for one of them.",
        "What is accepted leaves the quarantine; what was accepted before is not touched.",
        "Files that were last read with this very configuration are left alone, but with --file.",
        "New files are taken in as by shoplens ingest. shoplens run then brings the tables up to"
            + " date."
      })
  static final class Replay extends ConfiguredCommand {
    @Mixin private Filter filter;

    Replay(Context context) {
      super(context);
    }

    @Override
    ExitStatus work() {
      RunRequest request =
          RunRequest.of("quarantine replay", EnumSet.of(Step.INGEST)).replaying(filter.chosen());
      ShoplensConfig config = options().config(context());
      Runs.requireFeeds(config, request);
      return asking(
          config,
          engine -> {
            RunReport report = Runs.run(engine, request, terminal(), options());
            if (report.records() == 0) {
              notice(
                  "No rejected record was read again: none matches, its file is gone or held, or"
                      + " the configuration is the one that rejected it.");
            }
            return Summary.write(report, terminal(), options());
          });
    }
  }
}
