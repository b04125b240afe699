package io.shoplens.lake;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.shoplens.config.Settings;
import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import io.shoplens.table.Checks;
import io.shoplens.table.Ledger;
import io.shoplens.table.Runs;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Puts all tables back to one published state, as a new publication.
 *
 * <p>Files that were taken in since are no longer in the ledger: the next run takes them in again
 * from where they lie. What may not go back is the sequence of ingests. Delta remembers the
 * transaction of each append, through a restore too, and leaves out an append whose sequence it
 * knows: an ingest under a used number would be skipped in silence. So the ledger is put back in
 * one commit together with a row that holds the largest sequence ever used.
 *
 * <p>A restore is several commits. What it is about to do is written down first, below {@code
 * _shoplens}, and whoever works on the lake next completes it: each of its commits can be made
 * again.
 */
public final class Restoration {
  private static final String FOLDER = "restore";
  private static final String PLAN = "plan.json";

  /** What happened is not undone by a restore: runs, and what their checks found. */
  private static final Set<Table> RECORDS = Set.of(Runs.TABLE, Checks.TABLE);

  private final Lake lake;
  private final UnfinishedWork work;

  public Restoration(Lake lake) {
    this.lake = lake;
    this.work = new UnfinishedWork(lake, FOLDER, PLAN);
  }

  /**
   * Restores the lake.
   *
   * @param target what to go back to
   * @param runId the restore, as a run
   * @param startedAt its instant
   * @param shoplensVersion version of the software
   * @return the tables that were changed
   * @throws ShoplensException where files of that state are gone; nothing is changed then
   */
  public List<Table> to(
      Publication target, String runId, Instant startedAt, String shoplensVersion) {
    Map<String, String> plan = new TreeMap<>();
    target.versions().forEach((table, version) -> plan.put(table, version.toString()));
    plan.put(RUN_ID, runId);
    plan.put(STARTED_AT, startedAt.toString());
    plan.put(SHOPLENS_VERSION, shoplensVersion);
    plan.put(SEQUENCE, String.valueOf(FileLedger.of(lake).lastSequence()));
    plan.put(CONFIG_DIGEST, target.configDigest());
    requireFiles(target);
    work.begin(plan);
    return carryOut(plan);
  }

  /**
   * Completes a restore that was cut short, where there is one.
   *
   * @return whether there was
   */
  public boolean complete() {
    Optional<Map<String, String>> plan = work.plan();
    plan.ifPresent(this::carryOut);
    return plan.isPresent();
  }

  /** Whether a restore was cut short. */
  public boolean isUnfinished() {
    return work.plan().isPresent();
  }

  private List<Table> carryOut(Map<String, String> plan) {
    List<Table> changed = new ArrayList<>();
    for (Table table : Tables.ALL) {
      if (!RECORDS.contains(table) && lake.exists(table) && restored(table, plan)) {
        changed.add(table);
      }
    }
    record(plan);
    work.end();
    return changed;
  }

  private boolean restored(Table table, Map<String, String> plan) {
    Optional<Long> version = Optional.ofNullable(plan.get(table.name())).map(Long::valueOf);
    if (table.equals(Ledger.TABLE)) {
      lake.replace(table, ledger(version, plan));
      return true;
    }
    if (version.isEmpty()) {
      lake.delete(table, lit(true));
      return true;
    }
    if (lake.isAsOf(table, version.get())) {
      return false;
    }
    lake.restore(table, withFiles(table, version.get()), Long.parseLong(plan.get(SEQUENCE)));
    return true;
  }

  /** A version of the same rows whose files are there, when those of the version were merged. */
  private long withFiles(Table table, long version) {
    return new CommitLog(lake, table).latestLike(version);
  }

  /** The ledger as it was, and the sequence to go on from. */
  private Dataset<Row> ledger(Optional<Long> version, Map<String, String> plan) {
    Row floor =
        RowFactory.create(
            Long.valueOf(plan.get(SEQUENCE)),
            "",
            "restore " + plan.get(RUN_ID),
            null,
            Timestamp.from(Instant.parse(plan.get(STARTED_AT))),
            0L,
            "restored",
            0L,
            0L,
            0L,
            0L,
            0L,
            null,
            new Date[0],
            new Date[0],
            plan.get(CONFIG_DIGEST),
            plan.get(RUN_ID),
            Timestamp.from(Instant.parse(plan.get(STARTED_AT))));
    Dataset<Row> row = lake.session().createDataFrame(List.of(floor), Ledger.TABLE.schema());
    return version.map(known -> lake.readVersion(Ledger.TABLE, known).unionByName(row)).orElse(row);
  }

  /** Publishes the restored state, once. */
  private void record(Map<String, String> plan) {
    if (!lake.read(Runs.TABLE).where(col(RUN_ID).equalTo(plan.get(RUN_ID))).isEmpty()) {
      return;
    }
    Instant startedAt = Instant.parse(plan.get(STARTED_AT));
    RunRecord.ofNoDates(
            plan.get(RUN_ID),
            Long.parseLong(plan.get(SEQUENCE)),
            "restore",
            "published",
            startedAt,
            startedAt,
            plan.get(CONFIG_DIGEST),
            plan.get(SHOPLENS_VERSION))
        .appendTo(lake);
  }

  /** A state whose files maintenance has removed is refused before anything is changed. */
  private void requireFiles(Publication target) {
    for (Table table : Tables.ALL) {
      Optional<Long> version = target.version(table);
      boolean isMoved = version.isPresent() && !lake.isAsOf(table, version.get());
      if (!RECORDS.contains(table) && isMoved) {
        try {
          for (Path path : lake.files(table, withFiles(table, version.get()))) {
            if (!path.getFileSystem(lake.hadoop()).exists(path)) {
              throw gone(target, table, "its file " + path.getName() + " is gone");
            }
          }
        } catch (IOException failure) {
          throw new UncheckedIOException("can't look at the files of " + table.name(), failure);
        } catch (Exception failure) {
          // Delta throws it unchecked although it is declared as checked.
          if (failure instanceof AnalysisException noVersion) {
            throw gone(target, table, noVersion.getMessage().lines().findFirst().orElse(""));
          }
          throw failure;
        }
      }
    }
  }

  private static ShoplensException gone(Publication target, Table table, String reason) {
    return Errors.input(
        "The state published at " + target.finishedAt() + " is no longer there as a whole.",
        "Of "
            + table.name()
            + " version "
            + target.version(table).orElseThrow()
            + ", "
            + reason
            + ".",
        "Restore to a later one; shoplens history lists them. Maintenance keeps states as long as "
            + Settings.LAKE_KEEP.key()
            + " says.");
  }
}
