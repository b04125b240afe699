package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Feed;
import io.shoplens.job.FileCounts.Loss;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.Lake;
import io.shoplens.rawlog.PersonalData;
import io.shoplens.rawlog.RawLog;
import io.shoplens.rawlog.Repeats;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Accepted records that lost a conflict and become rejected ones, with their bytes. Accepted rows
 * hold no bytes, so the files concerned are read once more for them, unless bytes are not to be
 * kept.
 */
final class Conflicts {
  /** A file as it was read under a sequence. */
  record Reading(long sequence, String path) {
    /** Its rows in a bronze table. */
    Column rows() {
      return col(SOURCE_FILE).equalTo(path).and(col(SEQUENCE).equalTo(sequence));
    }

    /** Those of files, each as it was read under a sequence; empty for no files. */
    static Optional<Column> rowsOf(Map<String, Long> readings) {
      return readings.entrySet().stream()
          .map(entry -> new Reading(entry.getValue(), entry.getKey()).rows())
          .reduce(Column::or);
    }
  }

  /**
   * Rejected records up to which every executor can hold the bytes of all of them, of 1 KiB say.
   */
  static final long BROADCAST_LIMIT = 100_000;

  /** Code of a record that lost one. */
  static final String CODE = "conflicting_duplicate";

  private final RunContext run;
  private final Lake lake;
  private final FileLedger ledger;
  private final PersonalData persons;
  private final Bronze bronze;
  private final Inputs inputs;

  Conflicts(RunContext run, FileLedger ledger, PersonalData persons, Bronze bronze, Inputs inputs) {
    this.run = run;
    this.lake = run.lake();
    this.ledger = ledger;
    this.persons = persons;
    this.bronze = bronze;
    this.inputs = inputs;
  }

  /** Whether a row of a bronze table lost a conflict. */
  static Column isLoser() {
    return Bronze.isRejected().and(col(REJECT_CODE).equalTo(CODE));
  }

  /**
   * Rows of a bronze table of which those that lost are rejected.
   *
   * @param marked rows with is_conflict, NULL for those that stand
   * @param losses the losers, counted by where they were read
   */
  Dataset<Row> rejected(Dataset<Row> marked, List<Loss> losses) {
    Column lost = coalesce(col(Repeats.IS_CONFLICT), lit(false));
    String raw = "raw_bytes";
    Map<String, Column> values = rejection(name -> col(name), col(raw));
    Column[] columns =
        Arrays.stream(marked.columns())
            .filter(name -> !name.equals(Repeats.IS_CONFLICT))
            .map(
                name ->
                    values.containsKey(name)
                        ? when(lost, values.get(name)).otherwise(col(name)).as(name)
                        : col(name))
            .toArray(Column[]::new);
    return withBytes(marked, marked.where(lost), losses, raw).select(columns);
  }

  /**
   * Rejects rows of the table, in one commit.
   *
   * @param losses the losers, counted by where they were read
   */
  void rejectStored(Dataset<Row> losers, List<Loss> losses) {
    lake.update(
        bronze.table(),
        withBytes(losers, losers, losses, REJECT_RAW),
        List.of(EVENT_UTC_DATE, SEQUENCE, SOURCE_FILE, SOURCE_LINE, SOURCE_PART),
        rejection(name -> col(Lake.KEPT + "." + name), col(Lake.NAMED + "." + REJECT_RAW)));
  }

  /** What changes of a row that is rejected. Where its bytes are gone, its fields stand for it. */
  private Map<String, Column> rejection(Function<String, Column> kept, Column raw) {
    Map<String, Column> values = new LinkedHashMap<>();
    values.put(RECORD_KIND, lit("rejected"));
    values.put(REJECT_CODE, lit(CODE));
    values.put(REJECT_FIELD, lit(bronze.id()));
    values.put(REJECT_RAW, coalesce(raw, fields(kept).cast("binary")));
    values.put(EVENT_UTC_DATE, lit(null).cast("date"));
    return values;
  }

  /** The contract fields of a bronze row as JSON: the columns before the ingest's own. */
  private Column fields(Function<String, Column> kept) {
    return to_json(
        struct(
            Arrays.stream(bronze.table().schema().fieldNames())
                .takeWhile(name -> !name.equals(EVENT_UTC_DATE))
                .map(kept)
                .toArray(Column[]::new)));
  }

  /** Rows with the bytes of the losers among them. */
  private Dataset<Row> withBytes(
      Dataset<Row> rows, Dataset<Row> losers, List<Loss> losses, String name) {
    boolean isSmall = losses.stream().mapToLong(Loss::rows).sum() <= BROADCAST_LIMIT;
    Set<Reading> readings =
        losses.stream()
            .map(loss -> new Reading(loss.sequence(), loss.path()))
            .collect(Collectors.toSet());
    return run.config().feeds().stream()
        .filter(feed -> feed.kind() == bronze.kind())
        .map(feed -> bytes(feed, losers, readings, isSmall))
        .flatMap(Optional::stream)
        .reduce(Dataset::unionByName)
        .map(
            bytes ->
                rows.join(
                    hinted(bytes.withColumnRenamed(REJECT_RAW, name), isSmall),
                    Repeats.PLACE.toArray(String[]::new),
                    "left"))
        .orElseGet(() -> rows.withColumn(name, lit(null).cast("binary")));
  }

  private static Dataset<Row> hinted(Dataset<Row> rows, boolean isSmall) {
    return isSmall ? broadcast(rows) : rows;
  }

  /** Place and bytes of the losers in files of a feed that are as they were read. */
  private Optional<Dataset<Row>> bytes(
      Feed feed, Dataset<Row> losers, Set<Reading> readings, boolean isSmall) {
    Map<String, Entry> latest = ledger.latest();
    List<FeedFile> files =
        readings.stream()
            .filter(reading -> persons.keepsBytes())
            .filter(reading -> ledger.readings(reading.path()).contains(reading.sequence()))
            .map(reading -> latest.get(reading.path()).file())
            .distinct()
            .filter(file -> file.feed().equals(feed.name()))
            .filter(file -> FeedFiles.isUnchanged(file, lake.hadoop()))
            // One that was archived since is listed as it was, and not to be had.
            .filter(file -> FeedFiles.isReadable(file, lake.hadoop()))
            .toList();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    Column isReadable =
        files.stream()
            .map(
                file ->
                    col(SOURCE_FILE)
                        .equalTo(file.path())
                        .and(col(SEQUENCE).isin(ledger.readings(file.path()).toArray())))
            .reduce(Column::or)
            .orElseThrow();
    Dataset<Row> places =
        losers
            .where(isReadable)
            .select(Repeats.PLACE.stream().map(name -> col(name)).toArray(Column[]::new))
            .withColumn(Inputs.FIRST_PART, RawLog.firstPart(bronze.kind()));
    return Optional.of(
        inputs
            .bytes(feed, files)
            .join(
                hinted(places, isSmall), new String[] {SOURCE_FILE, SOURCE_LINE, Inputs.FIRST_PART})
            .drop(Inputs.FIRST_PART));
  }
}
