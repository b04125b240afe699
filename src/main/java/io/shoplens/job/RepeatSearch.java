package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.shoplens.config.Feed;
import io.shoplens.job.Conflicts.Reading;
import io.shoplens.job.FileCounts.Loss;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Plan;
import io.shoplens.lake.Lake;
import io.shoplens.rawlog.Repeats;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Which records of an ingest, and which stored ones, repeat another one or lose a conflict. Only
 * their narrow keys are looked at, and of the stored events those of the dates that the ingest
 * touches.
 */
final class RepeatSearch {
  /** Repeats up to which every executor can hold the hashes or the places of all of them. */
  static final long BROADCAST_LIMIT = 4_000_000;

  private final RunContext run;
  private final Lake lake;
  private final FileLedger ledger;
  private final Bronze bronze;
  private final Plan plan;

  RepeatSearch(RunContext run, FileLedger ledger, Bronze bronze, Plan plan) {
    this.run = run;
    this.lake = run.lake();
    this.ledger = ledger;
    this.bronze = bronze;
    this.plan = plan;
  }

  /**
   * Which records go.
   *
   * @param repeats those that repeat another one or lose a conflict, as {@link Repeats} marks them
   * @param losses the same, counted
   * @param held files of which no record is taken in
   * @param kept what is kept on the executors until the records are written
   * @param own the sequence of the ingest
   */
  record Found(
      Dataset<Row> repeats, List<Loss> losses, Set<String> held, List<Dataset<Row>> kept, long own)
      implements AutoCloseable {
    List<Loss> ownLosses() {
      return losses.stream().filter(loss -> loss.sequence() == own).toList();
    }

    List<Loss> olderConflicts() {
      return losses.stream().filter(loss -> loss.isConflict() && loss.sequence() < own).toList();
    }

    /** What goes of the ingest's records in some files. */
    private Found ofFiles(Set<String> paths) {
      Column isTheirs = col(SEQUENCE).equalTo(own).and(col(SOURCE_FILE).isin(paths.toArray()));
      return new Found(
          repeats.where(isTheirs),
          ownLosses().stream().filter(loss -> paths.contains(loss.path())).toList(),
          held,
          kept,
          own);
    }

    /** Both together; files are held as in the other. */
    private Found and(Found other) {
      return new Found(
          repeats.unionByName(other.repeats),
          Stream.concat(losses.stream(), other.losses.stream()).toList(),
          other.held,
          Stream.concat(kept.stream(), other.kept.stream()).toList(),
          own);
    }

    @Override
    public void close() {
      kept.forEach(Dataset::unpersist);
    }
  }

  /**
   * What goes of the plan's records and of stored ones. A file whose conflicts bring it over the
   * limit keeps them in quarantine, for all to see why it is held, but decides of no other record:
   * the others are judged once more as if it were not there, until none is over the limit.
   */
  Found among(Dataset<Row> incoming, FileCounts counts) {
    SortedSet<LocalDate> dates = counts.utcDates();
    Set<String> held = heldFiles(counts);
    Found found = found(incoming, Set.copyOf(held), dates);
    Set<String> more = heldFiles(counts.less(found.ownLosses()));
    more.removeAll(held);
    while (!more.isEmpty()) {
      held.addAll(more);
      found = found.ofFiles(held).and(found(incoming, Set.copyOf(held), dates));
      more = heldFiles(counts.less(found.ownLosses()));
      more.removeAll(held);
    }
    return found;
  }

  /**
   * The hashes are counted before they are broadcast: where millions of records are delivered again
   * under other names, no driver has room for them, and Spark joins them as it sees fit.
   */
  private Found found(Dataset<Row> incoming, Set<String> held, SortedSet<LocalDate> dates) {
    Dataset<Row> candidates = candidates(withoutRecordsOf(held, incoming), dates);
    Dataset<Row> hashes =
        Repeats.sharedHashes(candidates, bronze.key()).persist(StorageLevel.MEMORY_AND_DISK());
    boolean isSmall = hashes.count() <= BROADCAST_LIMIT;
    Dataset<Row> repeats =
        FileCounts.dated(
                Repeats.of(candidates, bronze.key(), isSmall ? broadcast(hashes) : hashes), run)
            .persist(StorageLevel.MEMORY_AND_DISK());
    Found found =
        new Found(
            repeats,
            FileCounts.losses(repeats, bronze),
            held,
            List.of(repeats, hashes),
            plan.sequence());
    boolean isAnew = lake.exists(bronze.table());
    return isAnew && found.ownLosses().stream().anyMatch(Loss::isConflict)
        ? withoutKnownLosers(found)
        : found;
  }

  /**
   * What goes once the records are stored, of which the ingest has taken its own losses out, and
   * all of the files that it held.
   */
  Found amongStored(Dataset<Row> stored, FileCounts counts, Set<String> held) {
    return found(stored, held, counts.utcDates());
  }

  /** What lost a conflict before and comes once more repeats what stands in quarantine. */
  private Found withoutKnownLosers(Found found) {
    String isKnown = "is_known";
    List<String> content = Stream.concat(bronze.key().stream(), Stream.of(CONTENT_HASH)).toList();
    Dataset<Row> known =
        lake.read(bronze.table())
            .where(Conflicts.isLoser().and(col(SEQUENCE).lt(plan.sequence())))
            .where(Reading.rowsOf(ledger.heldReadings()).map(Column::unary_$bang).orElse(lit(true)))
            .withColumn(EVENT_UTC_DATE, col(EVENT_AT).cast("date"))
            .select(content.stream().map(name -> col(name)).toArray(Column[]::new))
            .distinct()
            .withColumn(isKnown, col(CONTENT_HASH).isNotNull());
    Dataset<Row> repeats =
        found
            .repeats()
            .join(known, content.toArray(String[]::new), "left")
            .withColumn(
                Repeats.IS_CONFLICT,
                col(Repeats.IS_CONFLICT)
                    .and(col(isKnown).isNull().or(col(SEQUENCE).lt(plan.sequence()))))
            .drop(isKnown)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new Found(
        repeats,
        FileCounts.losses(repeats, bronze),
        found.held(),
        Stream.concat(found.kept().stream(), Stream.of(repeats)).toList(),
        plan.sequence());
  }

  /**
   * Files so much of which is rejected that none of their records may decide of others. What is
   * rejected of a file that is accepted as it is holds no other one either.
   */
  Set<String> heldFiles(FileCounts counts) {
    List<FeedFile> files =
        plan.wholeFiles().stream().filter(file -> !plan.accepted().contains(file.path())).toList();
    return RejectLimits.over(run.config().ingest(), files, counts.shares());
  }

  /** Rows without the accepted records of some files. */
  static Dataset<Row> withoutRecordsOf(Set<String> held, Dataset<Row> incoming) {
    return held.isEmpty()
        ? incoming
        : incoming.where(
            col(RECORD_KIND)
                .notEqual("accepted")
                .or(col(SOURCE_FILE).isin(held.toArray()).unary_$bang()));
  }

  /**
   * Key, content hash and place of the plan's records and of stored ones they may repeat, and what
   * dates them.
   */
  private Dataset<Row> candidates(Dataset<Row> incoming, SortedSet<LocalDate> dates) {
    Dataset<Row> own = narrow(incoming.where(col(RECORD_KIND).equalTo("accepted")));
    if (!lake.exists(bronze.table())) {
      return own;
    }
    Dataset<Row> stored =
        lake.read(bronze.table())
            .where(col(RECORD_KIND).equalTo("accepted"))
            .where(col(SEQUENCE).lt(plan.sequence()));
    Dataset<Row> near =
        bronze.kind() == Feed.Kind.EVENTS
            ? stored.where(Lake.in(col(EVENT_UTC_DATE), dates))
            : stored.join(own.select(ORDER_ID).distinct(), new String[] {ORDER_ID}, "left_semi");
    return own.unionByName(narrow(near));
  }

  private Dataset<Row> narrow(Dataset<Row> rows) {
    return rows.select(
        Stream.of(
                bronze.key(),
                List.of(EVENT_UTC_DATE, CONTENT_HASH),
                Repeats.PLACE,
                List.of(EVENT_AT, MARKET, REGION))
            .flatMap(List::stream)
            .distinct()
            .map(name -> col(name))
            .toArray(Column[]::new));
  }
}
