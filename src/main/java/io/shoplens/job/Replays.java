package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.State;
import io.shoplens.rawlog.RawLog;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which files have records in quarantine that are to be read again.
 *
 * <p>A file is chosen as a whole: all its quarantined records are read again, where they stand in
 * it, and take the place of what stands in the quarantine; its accepted records are not touched.
 * What lost a conflict is left out: that is no matter of a mapping. So are held files, which an
 * ingest reads anew by itself once the configuration is another.
 */
final class Replays {
  private final RunContext run;
  private final FileLedger ledger;

  Replays(RunContext run, FileLedger ledger) {
    this.run = run;
    this.ledger = ledger;
  }

  /**
   * The files chosen, and how many records are to be read of each. Files that were last read under
   * the configuration as it is are left out, unless one is named: they would give the same again.
   */
  SortedMap<FeedFile, Long> chosen(QuarantineFilter filter) {
    Map<String, Entry> latest = ledger.latest();
    Map<String, Long> records = new TreeMap<>();
    Map<String, Boolean> isMeant = new TreeMap<>();
    for (Bronze bronze : Bronze.ALL) {
      for (Row row :
          quarantine(bronze)
              .groupBy(SOURCE_FILE, SEQUENCE)
              .agg(
                  sum(when(RawLog.countsAsRecord(bronze.kind()), 1L).otherwise(0L)),
                  max(filter.condition()))
              .collectAsList()) {
        String path = row.getString(0);
        if (ledger.readings(path).contains(row.getLong(1))) {
          records.merge(path, row.getLong(2), Long::sum);
          isMeant.merge(path, row.getBoolean(3), Boolean::logicalOr);
        }
      }
    }
    Set<String> feeds =
        run.config().feeds().stream().map(feed -> feed.name()).collect(Collectors.toSet());
    SortedMap<FeedFile, Long> chosen = new TreeMap<>(Comparator.comparing(FeedFile::path));
    records.forEach(
        (path, count) -> {
          Entry entry = latest.get(path);
          boolean isRead = entry.state() == State.DONE || entry.state() == State.DAMAGED;
          boolean isNews =
              filter.file().isPresent() || !entry.configDigest().equals(run.config().digest());
          if (isRead
              && isNews
              && isMeant.get(path)
              && count > 0
              && feeds.contains(entry.file().feed())
              && FeedFiles.isUnchanged(entry.file(), run.lake().hadoop())) {
            chosen.put(entry.file(), count);
          }
        });
    return chosen;
  }

  /** Places of the records to be read again of some files, and why they were rejected. */
  Dataset<Row> places(Bronze bronze, Collection<String> paths) {
    return quarantine(bronze)
        .where(quarantined(ledger, paths).orElse(lit(false)))
        .select(SOURCE_FILE, SOURCE_LINE, SOURCE_PART, REJECT_CODE, REJECT_FIELD)
        .distinct();
  }

  private Dataset<Row> quarantine(Bronze bronze) {
    return run.lake().read(bronze.table()).where(isReadable());
  }

  /** Rows of bronze that stand for records to be read again of some files; empty for no files. */
  static Optional<Column> quarantined(FileLedger ledger, Collection<String> paths) {
    return paths.stream()
        .map(
            path ->
                col(SOURCE_FILE)
                    .equalTo(path)
                    .and(col(SEQUENCE).isin(ledger.readings(path).toArray())))
        .reduce(Column::or)
        .map(files -> files.and(isReadable()));
  }

  /** Whether a row of bronze stands for a record that another reading may judge otherwise. */
  static Column isReadable() {
    return Bronze.isRejected().and(col(REJECT_CODE).notEqual(Conflicts.CODE));
  }
}
