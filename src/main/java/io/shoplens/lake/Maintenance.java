package io.shoplens.lake;

import io.delta.tables.DeltaTable;
import io.shoplens.table.Table;
import java.time.Duration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;

/**
 * Keeps tables small and quick to read. Every part of it can be done again and then changes
 * nothing; it needs the lease, so that no run is at work on the tables.
 */
public final class Maintenance {
  private static final String RETENTION_CHECK =
      "spark.databricks.delta.retentionDurationCheck.enabled";
  private static final String VACUUM_COMMITS = "spark.databricks.delta.vacuum.logging.enabled";

  /**
   * What became of a table.
   *
   * @param filesBefore data files of its latest version before
   * @param filesAfter data files of its latest version after
   * @param bytes size of its latest version
   */
  public record Kept(Table table, long filesBefore, long filesAfter, long bytes) {}

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
   * Merges small files, removes files that no version within {@code keep} holds, and lets Delta
   * drop the log entries that it need not keep.
   */
  public Kept of(Table table) {
    SparkSession session = lake.session();
    long before = snapshot(table).numOfFiles();
    DeltaTable delta = DeltaTable.forPath(session, lake.path(table));
    delta.optimize().executeCompaction();
    vacuum(session, delta);
    Snapshot after = snapshot(table);
    DeltaLog log = after.deltaLog();
    if (!log.checkpointExistsAtVersion(after.version())) {
      log.checkpointAndCleanUpDeltaLog(after, scala.Option.empty());
    }
    return new Kept(table, before, after.numOfFiles(), after.sizeInBytes());
  }

  /** Without a commit of its own, which would make every maintenance a new version. */
  private void vacuum(SparkSession session, DeltaTable delta) {
    scala.Option<String> commits = session.conf().getOption(VACUUM_COMMITS);
    scala.Option<String> check = session.conf().getOption(RETENTION_CHECK);
    session.conf().set(VACUUM_COMMITS, "false");
    session.conf().set(RETENTION_CHECK, "true");
    try {
      delta.vacuum((double) keep.toHours());
    } finally {
      reset(session, VACUUM_COMMITS, commits);
      reset(session, RETENTION_CHECK, check);
    }
  }

  private static void reset(SparkSession session, String key, scala.Option<String> before) {
    if (before.isDefined()) {
      session.conf().set(key, before.get());
    } else {
      session.conf().unset(key);
    }
  }

  private Snapshot snapshot(Table table) {
    return DeltaLog.forTableWithSnapshot(lake.session(), lake.path(table))._2();
  }
}
