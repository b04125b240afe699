package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.startswith;

import io.shoplens.config.Feed;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.lake.FileLedger.Plan;
import io.shoplens.lake.Lake;
import io.shoplens.rawlog.PersonalData;
import io.shoplens.rawlog.RawLog;
import io.shoplens.rawlog.Repeats;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Rejected records of what a path held before, which its new content brings again: a bad line of a
 * log that grows, the line that was half written when it was read, what the damage of an archive
 * cut off that has come whole since. They leave the quarantine, so that each stands there once.
 *
 * <p>What the new content does not hold stays, as nothing else is left of it, and so does what lost
 * a conflict. As long as new content is held or damaged itself, all of it stays.
 */
final class RereadRejects {
  private static final String NEW_RAW = "new_raw";
  private static final String NEW_FIELD = "new_field";

  private final RunContext run;
  private final FileLedger ledger;
  private final PersonalData persons;
  private final Bronze bronze;
  private final Plan plan;
  private final Inputs inputs;

  RereadRejects(
      RunContext run,
      FileLedger ledger,
      PersonalData persons,
      Bronze bronze,
      Plan plan,
      Inputs inputs) {
    this.run = run;
    this.ledger = ledger;
    this.persons = persons;
    this.bronze = bronze;
    this.plan = plan;
    this.inputs = inputs;
  }

  /**
   * Removes them, once what the plan read is appended. Done again it finds none.
   *
   * @param balances what the plan read of each file of the table, by path
   * @param held files of which nothing was taken in
   */
  void delete(Map<String, Balance> balances, Set<String> held) {
    List<FeedFile> whole =
        plan.wholeFiles().stream()
            .filter(file -> !held.contains(file.path()))
            .filter(file -> isRecordsToTheEnd(balances.get(file.path())))
            .filter(file -> ledger.settledBefore(plan.sequence(), file.path()).isPresent())
            .toList();
    if (whole.isEmpty()) {
      return;
    }
    Dataset<Row> rejected =
        run.lake()
            .read(bronze.table())
            .where(Replays.isReadable())
            .where(col(SOURCE_FILE).isin(whole.stream().map(FeedFile::path).toArray()));
    Dataset<Row> before = rejected.where(col(SEQUENCE).lt(plan.sequence()));
    long count = before.count();
    if (count > 0) {
      Dataset<Row> now = rejected.where(col(SEQUENCE).equalTo(plan.sequence()));
      Dataset<Row> known =
          before
              .where(RawLog.isCutOff())
              .select(columns(Repeats.PLACE))
              .union(rejectedAgain(before, now).select(columns(Repeats.PLACE)));
      // Of most nothing is left, and no file is read once more.
      Dataset<Row> left = before.join(known, Repeats.PLACE.toArray(String[]::new), "left_anti");
      delete(
          inNewBytes(left, count <= Conflicts.BROADCAST_LIMIT, whole)
              .map(rows -> rows.select(columns(Repeats.PLACE)))
              .reduce(known, Dataset::union)
              .distinct());
    }
  }

  private static boolean isRecordsToTheEnd(Balance balance) {
    return balance != null && balance.records() > 0 && balance.damagedAt().isEmpty();
  }

  private void delete(Dataset<Row> places) {
    Dataset<Row> kept = places.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      if (!kept.isEmpty()) {
        run.lake()
            .delete(
                bronze.table(),
                kept,
                Repeats.PLACE,
                col(Lake.KEPT + "." + EVENT_UTC_DATE).isNull());
      }
    } finally {
      kept.unpersist();
    }
  }

  /** Those that stand in the new reading as well, or of which no more is kept than stands there. */
  private static Dataset<Row> rejectedAgain(Dataset<Row> before, Dataset<Row> now) {
    List<String> on = List.of(SOURCE_FILE, SOURCE_LINE, SOURCE_OFFSET, SOURCE_PART, REJECT_CODE);
    Dataset<Row> again =
        now.withColumn(NEW_FIELD, col(REJECT_FIELD))
            .withColumn(NEW_RAW, col(REJECT_RAW))
            .select(columns(Stream.concat(on.stream(), Stream.of(NEW_FIELD, NEW_RAW)).toList()));
    return before
        .join(again, on.toArray(String[]::new))
        .where(col(REJECT_FIELD).eqNullSafe(col(NEW_FIELD)))
        .where(col(REJECT_RAW).isNull().or(col(REJECT_RAW).equalTo(col(NEW_RAW))));
  }

  /**
   * Those whose bytes a record of the new content begins with at their place, however that is
   * judged now: accepted rows hold no bytes, so the files are read once more for them.
   */
  private Stream<Dataset<Row>> inNewBytes(
      Dataset<Row> before, boolean isSmall, List<FeedFile> whole) {
    if (!persons.keepsBytes()) {
      return Stream.empty();
    }
    Dataset<Row> kept =
        before
            .where(col(REJECT_RAW).isNotNull())
            .withColumn(Inputs.FIRST_PART, RawLog.firstPart(bronze.kind()));
    Set<String> paths =
        new HashSet<>(kept.select(SOURCE_FILE).distinct().as(Encoders.STRING()).collectAsList());
    List<FeedFile> files = whole.stream().filter(file -> paths.contains(file.path())).toList();
    return run.config().feeds().stream()
        .filter(feed -> feed.kind() == bronze.kind())
        .map(feed -> bytes(feed, files))
        .flatMap(Optional::stream)
        .map(
            bytes ->
                bytes
                    .join(
                        isSmall ? broadcast(kept) : kept,
                        new String[] {SOURCE_FILE, SOURCE_LINE, Inputs.FIRST_PART})
                    .where(startswith(col(NEW_RAW), col(REJECT_RAW))));
  }

  private Optional<Dataset<Row>> bytes(Feed feed, List<FeedFile> files) {
    List<FeedFile> own =
        files.stream()
            .filter(file -> file.feed().equals(feed.name()))
            .filter(file -> FeedFiles.isUnchanged(file, run.lake().hadoop()))
            .toList();
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(inputs.bytes(feed, own).withColumnRenamed(REJECT_RAW, NEW_RAW));
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(name -> col(name)).toArray(Column[]::new);
  }
}
