package io.shoplens.lake;

import static io.shoplens.table.Columns.*;
import static java.util.Comparator.comparing;
import static org.apache.spark.sql.functions.col;

import io.shoplens.table.Runs;
import io.shoplens.table.Table;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * A state of all tables that was published together: what a restore can go back to.
 *
 * @param runId run that published it
 * @param command command that ran
 * @param finishedAt when it was published
 * @param sequence last ingest it covers
 * @param versions version of every table, by name
 * @param configDigest digest of the configuration it was computed under
 */
public record Publication(
    String runId,
    String command,
    Instant finishedAt,
    long sequence,
    Map<String, Long> versions,
    String configDigest) {

  /** All publications of a lake, the latest first. */
  public static List<Publication> of(Lake lake) {
    return lake
        .read(Runs.TABLE)
        .where(col(RUN_STATE).equalTo("published"))
        .select(RUN_ID, COMMAND, FINISHED_AT, SEQUENCE, TABLE_VERSIONS, CONFIG_DIGEST)
        .collectAsList()
        .stream()
        .map(Publication::of)
        // Here, as two more jobs would sort what is collected anyway.
        .sorted(comparing(Publication::finishedAt).thenComparing(Publication::runId).reversed())
        .toList();
  }

  /** The latest publication of a lake. */
  public static Optional<Publication> last(Lake lake) {
    return of(lake).stream().findFirst();
  }

  private static Publication of(Row row) {
    return new Publication(
        row.getString(0),
        row.getString(1),
        row.<Timestamp>getAs(2).toInstant(),
        row.getLong(3),
        new TreeMap<>(row.<String, Long>getJavaMap(4)),
        row.getString(5));
  }

  /** The table's version in it; empty where the table was not there yet. */
  public Optional<Long> version(Table table) {
    return Optional.ofNullable(versions.get(table.name()));
  }
}
