package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.BusinessDates;
import io.shoplens.job.RejectLimits.Share;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.rawlog.RawLog;
import io.shoplens.rawlog.Repeats;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How the files of an ingest balance, counted by file and date in one look at their rows, so that
 * taking repeats out is arithmetic and a date on which none of a file's records is left is not
 * touched by it.
 */
final class FileCounts {
  /** The business date of a row, by its market; NULL for rejected records and file totals. */
  static final String BUSINESS_DATE = "business_date";

  /** A UTC date with a business date. */
  private record Day(LocalDate utcDate, LocalDate date) {}

  /** Rows of one reading of a file and one day that have to go. */
  record Loss(
      long sequence,
      String path,
      LocalDate utcDate,
      LocalDate date,
      boolean isConflict,
      long rows,
      long records) {}

  private static final class File {
    private long records;
    private long accepted;
    private long duplicate;
    private long rejected;
    private long cutOff;
    private long blank;
    private Optional<Long> damagedAt = Optional.empty();
    private Optional<String> unknownFields = Optional.empty();
    private final Map<Day, Long> rows = new HashMap<>();

    /** The balance without what the file lost. */
    Balance without(List<Loss> losses) {
      Map<Day, Long> left = new HashMap<>(rows);
      long repeats = 0;
      long conflicts = 0;
      for (Loss loss : losses) {
        left.merge(new Day(loss.utcDate(), loss.date()), -loss.rows(), Long::sum);
        repeats += loss.isConflict() ? 0 : loss.records();
        conflicts += loss.isConflict() ? loss.records() : 0;
      }
      SortedSet<LocalDate> dates = new TreeSet<>();
      SortedSet<LocalDate> utcDates = new TreeSet<>();
      left.forEach(
          (day, count) -> {
            if (count > 0) {
              dates.add(day.date());
              utcDates.add(day.utcDate());
            }
          });
      return new Balance(
          records,
          accepted - repeats - conflicts,
          duplicate + repeats,
          rejected + conflicts,
          blank,
          damagedAt,
          dates,
          utcDates);
    }
  }

  private final Map<String, File> files;

  /** What the files lost, by path. */
  private final Map<String, List<Loss>> losses;

  private FileCounts(Map<String, File> files, Map<String, List<Loss>> losses) {
    this.files = files;
    this.losses = losses;
  }

  /** Rows with their {@link #BUSINESS_DATE}. */
  static Dataset<Row> dated(Dataset<Row> rows, RunContext run) {
    return rows.withColumn(
        BUSINESS_DATE,
        BusinessDates.of(run.config().reference(), col(EVENT_AT), col(MARKET), col(REGION)));
  }

  /**
   * Counts rows of a bronze table.
   *
   * @param rows rows with their {@link #BUSINESS_DATE}
   * @param replays how many records were to be read of files without totals, by path
   */
  static FileCounts of(Dataset<Row> rows, Bronze bronze, Map<String, Long> replays) {
    FileCounts counts = new FileCounts(new HashMap<>(), Map.of());
    replays.forEach(
        (path, records) ->
            counts.files.computeIfAbsent(path, absent -> new File()).records = records);
    for (Row row :
        // Totals alone have unknown fields: as a key they cost nothing, as an aggregate a sort.
        rows.groupBy(SOURCE_FILE, EVENT_UTC_DATE, BUSINESS_DATE, FILE_UNKNOWN_FIELDS)
            .agg(
                coalesce(sum(FILE_RECORDS), lit(0L)),
                number(kind("accepted")),
                number(kind("accepted").and(RawLog.countsAsRecord(bronze.kind()))),
                number(kind("rejected").and(RawLog.countsAsRecord(bronze.kind()))),
                coalesce(sum(FILE_BLANK), lit(0L)),
                max(FILE_DAMAGED_AT),
                number(RawLog.isCutOff()))
            .collectAsList()) {
      File file = counts.files.computeIfAbsent(row.getString(0), path -> new File());
      if (!row.isNullAt(3)) {
        file.unknownFields = Optional.of(row.getString(3));
      }
      file.records += row.getLong(4);
      if (row.getLong(5) > 0) {
        file.rows.merge(new Day(date(row, 1), date(row, 2)), row.getLong(5), Long::sum);
      }
      file.accepted += row.getLong(6);
      file.rejected += row.getLong(7);
      file.blank += row.getLong(8);
      if (!row.isNullAt(9)) {
        file.damagedAt = Optional.of(row.getLong(9));
      }
      file.cutOff += row.getLong(10);
    }
    return counts;
  }

  /**
   * Counts what has to go.
   *
   * @param repeats what {@link Repeats} found, with its {@link #BUSINESS_DATE}
   */
  static List<Loss> losses(Dataset<Row> repeats, Bronze bronze) {
    List<Loss> losses = new ArrayList<>();
    for (Row row :
        repeats
            .groupBy(SEQUENCE, SOURCE_FILE, EVENT_UTC_DATE, BUSINESS_DATE, Repeats.IS_CONFLICT)
            .agg(number(lit(true)), number(RawLog.countsAsRecord(bronze.kind())))
            .collectAsList()) {
      losses.add(
          new Loss(
              row.getLong(0),
              row.getString(1),
              date(row, 2),
              date(row, 3),
              row.getBoolean(4),
              row.getLong(5),
              row.getLong(6)));
    }
    return losses;
  }

  /** UTC dates of accepted records. */
  SortedSet<LocalDate> utcDates() {
    SortedSet<LocalDate> dates = new TreeSet<>();
    balances().values().forEach(balance -> dates.addAll(balance.utcDates()));
    return dates;
  }

  /** The same without what the files lost. */
  FileCounts less(List<Loss> lost) {
    return new FileCounts(files, lost.stream().collect(Collectors.groupingBy(Loss::path)));
  }

  /**
   * Enters the records that are not there, for rows which a run that died has taken them out of:
   * they are repeats, but of a file that was held those that would have been accepted.
   */
  void addMissing(Set<String> held) {
    files.forEach(
        (path, file) -> {
          long missing = file.records - file.accepted - file.rejected - file.blank;
          if (held.contains(path)) {
            file.accepted += missing;
          } else {
            file.duplicate += missing;
          }
        });
  }

  /** The balance of every file, by path. */
  Map<String, Balance> balances() {
    Map<String, Balance> balances = new HashMap<>();
    files.forEach(
        (path, file) -> balances.put(path, file.without(losses.getOrDefault(path, List.of()))));
    return balances;
  }

  /** What the limits count of every file, by path. */
  Map<String, Share> shares() {
    Map<String, Share> shares = new HashMap<>();
    balances()
        .forEach(
            (path, balance) -> {
              long cutOff = files.get(path).cutOff;
              shares.put(
                  path,
                  new Share(
                      balance.rejected() - cutOff, balance.records() - balance.blank() - cutOff));
            });
    return shares;
  }

  /** Fields that the contract does not have, of the files that have any, by path. */
  SortedMap<String, String> unknownFields() {
    SortedMap<String, String> unknown = new TreeMap<>();
    files.forEach((path, file) -> file.unknownFields.ifPresent(json -> unknown.put(path, json)));
    return unknown;
  }

  private static Column kind(String kind) {
    return col(RECORD_KIND).equalTo(kind);
  }

  private static Column number(Column condition) {
    return sum(when(condition, 1L).otherwise(0L));
  }

  private static LocalDate date(Row row, int index) {
    Date date = row.getDate(index);
    return date == null ? null : date.toLocalDate();
  }
}
