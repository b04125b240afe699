package io.shoplens.lake;

import io.delta.tables.DeltaTable;
import io.shoplens.table.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;

/**
 * Keeps tables small and quick to read. Every part of it can be done again and then changes
 * nothing; it needs the lease, so that no run is at work on the tables.
 *
 * <p>It clusters nothing. Runs read whole dates, which are partitions, and merged files hold some
 * millions of records each. To write a date's events anew in the order of their market costs as
 * much as to ingest them, and spares a query of one market a hundredth of that at most; to order
 * them by person would put persons into the log.
 */
public final class Maintenance {
  private static final String RETENTION_CHECK =
      "spark.databricks.delta.retentionDurationCheck.enabled";
  private static final String CHECKPOINT_FAILURES =
      "spark.databricks.delta.checkpoint.exceptionThrowing.enabled";
  private static final String LISTING_TASKS =
      "spark.sql.sources.parallelPartitionDiscovery.parallelism";
  private static final String VACUUM_COMMITS = "spark.databricks.delta.vacuum.logging.enabled";

  /**
   * What became of a table.
   *
   * @param filesBefore data files of its latest version before
   * @param filesAfter data files of its latest version after
   * @param bytes size of its latest version
   */
  public record Kept(Table table, long filesBefore, long filesAfter, long bytes) {}

  private static final int VERSION_DIGITS = 20;

  /** As long as Delta itself keeps them: a run finds what is left to do in them. */
  private static final Duration LEAST_LOGS = Duration.ofDays(30);

  private final Lake lake;
  private final Duration keep;

  /**
   * Maintenance of a lake.
   *
   * @param keep how long files that the latest version no longer holds are kept
   */
  public Maintenance(Lake lake, Duration keep) {
    this.lake = lake;
    this.keep = keep;
  }

  /**
   * Writes files anew of which deletion vectors hide rows: no query shows those, but the latest
   * version's files hold them.
   */
  public void dropHidden(Table table) {
    Snapshot latest = snapshot(table);
    boolean hidesRows =
        latest.deletionVectorsSupported()
            && !latest.allFiles().toDF().where("deletionVector IS NOT NULL").isEmpty();
    // Asked first, because Delta looks into every file for what it may leave out.
    if (hidesRows) {
      lake.requireLease();
      lake.session().sql("REORG TABLE delta.`%s` APPLY (PURGE)".formatted(lake.path(table)));
    }
  }

  /**
   * Takes hidden rows out of files, merges small ones, removes those that no version within {@code
   * keep} holds, and lets Delta drop the log entries that it need not keep.
   *
   * @param needed a version whose files stay however old it is
   */
  public Kept of(Table table, Optional<Long> needed) {
    long before = snapshot(table).numOfFiles();
    retain(table);
    dropHidden(table);
    lake.changing(table).optimize().executeCompaction();
    // Kept whole: after a while the log forgets which of the files of the past are the version's.
    if (needed.map(version -> lake.isAsOf(table, version)).orElse(true)) {
      vacuum(lake.changing(table), keep);
    }
    Snapshot after = snapshot(table);
    DeltaLog log = after.deltaLog();
    if (!log.checkpointExistsAtVersion(after.version())) {
      checkpoint(after);
    }
    log.doLogCleanup(after, scala.Option.empty());
    return new Kept(table, before, after.numOfFiles(), after.sizeInBytes());
  }

  /**
   * Has the table itself say how long its past is kept, where it says something else: vacuum, and
   * the clean-up of the log that comes with some commits, go by that.
   */
  private void retain(Table table) {
    Snapshot now = snapshot(table);
    Duration files = Duration.ofHours(keep.toHours());
    Duration logs = files.compareTo(LEAST_LOGS) > 0 ? files : LEAST_LOGS;
    if (DeltaLog.tombstoneRetentionMillis(now.metadata()) != files.toMillis()
        || now.deltaLog().deltaRetentionMillis(now.metadata()) != logs.toMillis()) {
      setProperties(
          table,
          """
          'delta.deletedFileRetentionDuration' = 'interval %d hours',
          'delta.logRetentionDuration' = 'interval %d hours'
          """
              .formatted(files.toHours(), logs.toHours()));
    }
  }

  private void setProperties(Table table, String properties) {
    lake.requireLease();
    lake.session()
        .sql(
            "ALTER TABLE delta.`%s` SET TBLPROPERTIES (%s)"
                .formatted(lake.path(table), properties));
  }

  /**
   * Removes every file and log entry that the latest version does not need: no earlier state can be
   * read or restored afterwards, and nothing is removed before the latest is summed up. A commit
   * that changes nothing comes first, so that the log is left without a word of what was removed.
   */
  public void purge(Table table) {
    setProperties(
        table, "'shoplens.purgedAfter' = '%d'".formatted(lake.version(table).orElseThrow()));
    Snapshot latest = snapshot(table);
    checkpoint(latest);
    lake.requireLease();
    removeLogBefore(table, latest.version());
    vacuum(lake.changing(table), Duration.ZERO);
    DeltaLog.clearCache();
  }

  /** Sums up the log. Delta by itself is silent where that fails: its commits can do without. */
  private void checkpoint(Snapshot latest) {
    DeltaLog log = latest.deltaLog();
    SessionSettings.during(
        lake.session(),
        Map.of(CHECKPOINT_FAILURES, "true"),
        () -> {
          // Delta asks the session of the thread for the setting.
          SparkSession.setActiveSession(lake.session());
          log.checkpoint(latest, scala.Option.empty());
          return log;
        });
    if (!log.checkpointExistsAtVersion(latest.version())) {
      throw new IllegalStateException(
          "no checkpoint of version " + latest.version() + " in " + log.logPath());
    }
  }

  private void removeLogBefore(Table table, long version) {
    Path log = new Path(lake.path(table), "_delta_log");
    try {
      FileSystem files = log.getFileSystem(lake.hadoop());
      for (FileStatus file : files.listStatus(log)) {
        String name = file.getPath().getName();
        String number = name.replaceFirst("^\\.?(\\d{20})\\..*$", "$1");
        if (number.length() == VERSION_DIGITS
            && number.chars().allMatch(Character::isDigit)
            && Long.parseLong(number) < version) {
          files.delete(file.getPath(), false);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("can't clean up " + log, failure);
    }
  }

  /**
   * Without a commit of its own, which would make every maintenance a new version, and with few
   * tasks: by default each of Delta's listings is ten thousand.
   */
  private void vacuum(DeltaTable delta, Duration keep) {
    Map<String, String> settings =
        Map.of(
            VACUUM_COMMITS, "false",
            RETENTION_CHECK, String.valueOf(!keep.isZero()),
            LISTING_TASKS, "16");
    SessionSettings.during(
        lake.session(),
        settings,
        // Delta says on standard output what it deleted, where answers for machines go.
        () ->
            scala.Console.withOut(
                OutputStream.nullOutputStream(), () -> delta.vacuum((double) keep.toHours())));
  }

  private Snapshot snapshot(Table table) {
    return DeltaLog.forTableWithSnapshot(lake.session(), lake.path(table))._2();
  }
}
