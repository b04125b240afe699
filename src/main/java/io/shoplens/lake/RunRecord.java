package io.shoplens.lake;

import static io.shoplens.table.Columns.FINISHED_AT;

import io.shoplens.table.Runs;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What {@code ops.runs} keeps of a run, beside the versions of the tables that it leaves.
 *
 * @param sequence last ingest it covers
 * @param state published, partial, held or failed
 * @param touchedDates business dates that received data
 * @param reopened published dates among them, and why
 * @param rebuiltDates dates rewritten, by table
 * @param configDigest digest of settings and reference tables
 * @param shoplensVersion version of the software
 */
public record RunRecord(
    String runId,
    long sequence,
    String command,
    String state,
    Instant startedAt,
    Instant finishedAt,
    SortedSet<LocalDate> touchedDates,
    List<Reopening> reopened,
    Map<String, SortedSet<LocalDate>> rebuiltDates,
    String configDigest,
    String shoplensVersion) {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Published dates that received data again, and why. */
  public record Reopening(String reason, String feed, long files, SortedSet<LocalDate> dates) {}

  /** What is kept of work that no date received data by. */
  public static RunRecord ofNoDates(
      String runId,
      long sequence,
      String command,
      String state,
      Instant startedAt,
      Instant finishedAt,
      String configDigest,
      String shoplensVersion) {
    return new RunRecord(
        runId,
        sequence,
        command,
        state,
        startedAt,
        finishedAt,
        new TreeSet<>(),
        List.of(),
        Map.of(),
        configDigest,
        shoplensVersion);
  }

  /** The id of a run that starts at an instant. */
  public static String idOf(Instant startedAt) {
    return ID.format(startedAt);
  }

  /**
   * Commits it, with the versions that the tables have now: a publication, where it is one.
   *
   * <p>It is finished later than every run before it, whatever the clock of this machine says: what
   * was published last, and whether a state is from before an erasure, is told by these instants.
   */
  public void appendTo(Lake lake) {
    Map<String, Date[]> rebuilt = new HashMap<>();
    rebuiltDates.forEach((table, dates) -> rebuilt.put(table, sqlDates(dates)));
    Row row =
        RowFactory.create(
            runId,
            sequence,
            command,
            state,
            Timestamp.from(startedAt),
            Timestamp.from(finishedLast(lake)),
            sqlDates(touchedDates),
            reopened.stream()
                .map(
                    each ->
                        RowFactory.create(
                            each.reason(), each.feed(), each.files(), sqlDates(each.dates())))
                .toArray(Row[]::new),
            CollectionConverters.asScala(rebuilt),
            CollectionConverters.asScala(lake.versions()),
            configDigest,
            shoplensVersion);
    lake.append(Runs.TABLE, lake.session().createDataFrame(List.of(row), Runs.TABLE.schema()));
  }

  private Instant finishedLast(Lake lake) {
    return lake.read(Runs.TABLE).select(FINISHED_AT).as(Encoders.INSTANT()).collectAsList().stream()
        .map(earlier -> earlier.plusMillis(1))
        .filter(finishedAt::isBefore)
        .max(Comparator.naturalOrder())
        .orElse(finishedAt);
  }

  private static Date[] sqlDates(SortedSet<LocalDate> dates) {
    return dates.stream().map(Date::valueOf).toArray(Date[]::new);
  }
}
