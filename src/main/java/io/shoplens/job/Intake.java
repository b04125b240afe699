package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.ErasedPersons;
import io.shoplens.config.Feed;
import io.shoplens.error.Errors;
import io.shoplens.job.Conflicts.Reading;
import io.shoplens.job.FileCounts.Loss;
import io.shoplens.job.RepeatSearch.Found;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.Plan;
import io.shoplens.lake.Lake;
import io.shoplens.lake.SessionSettings;
import io.shoplens.rawlog.PersonalData;
import io.shoplens.rawlog.Repeats;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The records of a plan on their way into a bronze table.
 *
 * <p>They are read once and kept on the executors while their narrow keys are held against each
 * other and against the dates they touch of the table; then they are appended without their
 * repeats, in one commit. Only where a record of an older file loses a conflict are stored rows
 * changed.
 */
final class Intake {
  /**
   * How bronze is written. A task writes the files of some dates side by side, so that wide rows
   * are not sorted by date first; the row groups of so many files have to fit into memory. Instants
   * are numbers, where Spark's default is a format of its own that takes conversion and has no
   * statistics. A dictionary of what is different in every row is work for nothing, and so are
   * smallest and largest values of texts that nobody narrows down by.
   */
  private static final Map<String, String> WRITING =
      Stream.of(
              Stream.of(
                  Map.entry("spark.sql.maxConcurrentOutputFileWriters", "16"),
                  Map.entry("parquet.block.size", String.valueOf(32 << 20)),
                  Map.entry("parquet.size.statistics.enabled", "false"),
                  Map.entry("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")),
              Stream.of(
                      LINK_URL,
                      REFERRER_URL,
                      USER_AGENT,
                      EXTRA,
                      LINES,
                      REVERSAL,
                      FEED,
                      SOURCE_FILE,
                      REJECT_RAW,
                      FILE_UNKNOWN_FIELDS)
                  .map(column -> Map.entry("parquet.column.statistics.enabled#" + column, "false")),
              Stream.of(
                      EVENT_ID,
                      RECORD_ID,
                      EVENT_AT,
                      RECEIVED_AT,
                      CONTENT_HASH,
                      SOURCE_LINE,
                      SOURCE_OFFSET)
                  .map(column -> Map.entry("parquet.enable.dictionary#" + column, "false")))
          .flatMap(entries -> entries)
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

  private final RunContext run;
  private final Lake lake;
  private final FileLedger ledger;
  private final PersonalData persons;
  private final Bronze bronze;
  private final Plan plan;
  private final RepeatSearch search;
  private final Conflicts conflicts;
  private final RereadRejects rereadRejects;
  private final Set<String> feeds;

  /** Records that are read again, by path of their file. */
  private final SortedMap<String, Long> replays;

  Intake(
      RunContext run,
      FileLedger ledger,
      PersonalData persons,
      Bronze bronze,
      Plan plan,
      Inputs inputs) {
    this.run = run;
    this.lake = run.lake();
    this.ledger = ledger;
    this.persons = persons;
    this.bronze = bronze;
    this.plan = plan;
    this.search = new RepeatSearch(run, ledger, bronze, plan);
    this.conflicts = new Conflicts(run, ledger, persons, bronze, inputs);
    this.rereadRejects = new RereadRejects(run, ledger, persons, bronze, plan, inputs);
    this.replays = new TreeMap<>(plan.replays());
    this.feeds =
        run.config().feeds().stream()
            .filter(feed -> feed.kind() == bronze.kind())
            .map(Feed::name)
            .collect(Collectors.toSet());
    plan.files().stream()
        .filter(file -> !feeds.contains(file.feed()))
        .forEach(file -> replays.remove(file.path()));
  }

  /** Whether a run that died has appended the plan's records already. */
  boolean isAppended() {
    return lake.isAppended(bronze.table(), plan.sequence());
  }

  /**
   * What an intake made of its files.
   *
   * @param balances the balance of each file, by path; of a replay that of the records read again
   * @param held files of which no record was taken in
   * @param unknownFields fields that the contract does not have, by path, as bronze has them
   */
  record Taken(
      Map<String, Balance> balances, Set<String> held, SortedMap<String, String> unknownFields) {}

  /**
   * Appends records of the plan's files.
   *
   * @param records as the feeds' mappings give them
   */
  Taken append(Dataset<Row> records) {
    deleteHeldReadings();
    try (KeptRows read =
        KeptRows.of(
            FileCounts.dated(
                withStoredHashes(records.withColumn(SEQUENCE, lit(plan.sequence()))), run))) {
      Dataset<Row> incoming = read.rows();
      FileCounts counts = FileCounts.of(incoming, bronze, replays);
      requireReplayed(counts);
      try (Found found = search.among(incoming, counts)) {
        FileCounts balanced = counts.less(found.ownLosses());
        requireBalanced(balanced.balances());
        correctOlderFiles(found);
        write(withoutRepeats(incoming, found), found.held());
        rejectStored(found);
        deleteReplayed();
        rereadRejects.delete(balanced.balances(), found.held());
        return taken(balanced, found);
      }
    }
  }

  /** The commit names the held files: nothing else tells what a run that died has left out. */
  private void write(Dataset<Row> rows, Set<String> held) {
    Dataset<Row> taken = RepeatSearch.withoutRecordsOf(held, rows);
    SessionSettings.during(
        run.session(),
        WRITING,
        () -> {
          lake.appendOnce(bronze.table(), taken, plan.sequence(), held);
          return taken;
        });
  }

  /** Takes up what a run left that died after its append. */
  Taken complete() {
    Dataset<Row> stored = lake.read(bronze.table()).where(col(SEQUENCE).equalTo(plan.sequence()));
    FileCounts counts = FileCounts.of(FileCounts.dated(stored, run), bronze, replays);
    Set<String> held =
        lake.marksOfAppend(bronze.table(), plan.sequence())
            .orElseGet(() -> search.heldFiles(counts));
    counts.addMissing(held);
    try (Found found = search.amongStored(stored, counts, held)) {
      rejectStored(found);
      deleteReplayed();
      rereadRejects.delete(counts.balances(), found.held());
      return taken(counts, found);
    }
  }

  private Taken taken(FileCounts counts, Found found) {
    return new Taken(withLostDates(counts.balances(), found), found.held(), counts.unknownFields());
  }

  /**
   * Before a plan is taken up of which nothing was appended: what it has entered of older files is
   * taken back, as its files may be others by now, and what was held of those that are gone goes.
   */
  void takeBack() {
    ledger.takeBackCorrections(plan, feeds);
    deleteHeldReadings();
  }

  /**
   * Of a file that was held before, what was read of it then is replaced, in whichever table: that
   * its feed was declared to be of the other kind may be what held it.
   */
  private void deleteHeldReadings() {
    Reading.rowsOf(ledger.heldBefore(plan))
        .ifPresent(rows -> Bronze.ALL.forEach(each -> lake.delete(each.table(), rows)));
  }

  /** What was read again stands under this ingest now, accepted or rejected. */
  private void deleteReplayed() {
    Replays.quarantined(ledger, replays.keySet())
        .ifPresent(
            rows -> lake.delete(bronze.table(), rows.and(col(SEQUENCE).lt(plan.sequence()))));
  }

  /**
   * Refuses a replay that does not find every record where it was, and leaves its file as it is:
   * what is not found must not leave the quarantine.
   */
  private void requireReplayed(FileCounts counts) {
    Map<String, Balance> balances = counts.balances();
    List<Entry> unchanged = new ArrayList<>();
    for (FeedFile file : plan.files()) {
      if (replays.containsKey(file.path()) && !balances.get(file.path()).isBalanced()) {
        unchanged.add(ledger.unchanged(plan, file));
      }
    }
    if (!unchanged.isEmpty()) {
      ledger.record(unchanged, run.runId(), run.startedAt());
      FeedFile first = unchanged.get(0).file();
      throw Errors.input(
          "Can't replay " + first.path() + ".",
          "Not all of its "
              + replays.get(first.path())
              + " quarantined records are found where they were, or lines that were rejected as"
              + " a whole hold several now: how feed "
              + first.feed()
              + " is cut into records has changed since.",
          "Set format, explode and csv of feeds."
              + first.feed()
              + " as they were, or deliver the records again under another name.");
    }
  }

  /** Nothing is written of files that don't add up: records of theirs were lost on the way. */
  private void requireBalanced(Map<String, Balance> balances) {
    for (FeedFile file : plan.wholeFiles()) {
      Balance balance = balances.get(file.path());
      if (feeds.contains(file.feed()) && (balance == null || !balance.isBalanced())) {
        throw new IllegalStateException(
            file.path()
                + " does not balance, and nothing of it is taken in: "
                + (balance == null ? "none of its records came" : balance));
      }
    }
  }

  /**
   * Order events of nobody that are stored as those of an erased person repeat these, whatever a
   * hash of them without the person says.
   */
  private Dataset<Row> withStoredHashes(Dataset<Row> records) {
    boolean isNeeded =
        persons.hasErased() && bronze.kind() == Feed.Kind.ORDERS && lake.exists(bronze.table());
    if (!isNeeded) {
      return records;
    }
    String stored = "stored_hash";
    Dataset<Row> erased =
        lake.read(bronze.table())
            .where(col(RECORD_KIND).equalTo("accepted"))
            .where(isToken(USER_ID).or(isToken(DEVICE_ID)))
            .select(ORDER_ID, RECORD_ID, CONTENT_HASH)
            .withColumnRenamed(CONTENT_HASH, stored);
    Column isNobodys = col(USER_ID).isNull().and(col(DEVICE_ID).isNull());
    return records
        .join(erased, new String[] {ORDER_ID, RECORD_ID}, "left")
        .withColumn(
            CONTENT_HASH,
            when(isNobodys, coalesce(col(stored), col(CONTENT_HASH))).otherwise(col(CONTENT_HASH)))
        .drop(stored);
  }

  private static Column isToken(String id) {
    return coalesce(col(id).startsWith(ErasedPersons.TOKEN_PREFIX), lit(false));
  }

  private Dataset<Row> withoutRepeats(Dataset<Row> incoming, Found found) {
    List<Loss> own = found.ownLosses();
    if (own.isEmpty()) {
      return incoming;
    }
    Dataset<Row> places =
        found
            .repeats()
            .where(col(SEQUENCE).equalTo(plan.sequence()))
            .select(places(Repeats.IS_CONFLICT));
    boolean isSmall = own.stream().mapToLong(Loss::rows).sum() <= RepeatSearch.BROADCAST_LIMIT;
    Dataset<Row> standing =
        incoming
            .join(
                isSmall ? broadcast(places) : places, Repeats.PLACE.toArray(String[]::new), "left")
            .where(col(Repeats.IS_CONFLICT).isNull().or(col(Repeats.IS_CONFLICT)));
    List<Loss> conflicting = own.stream().filter(Loss::isConflict).toList();
    return conflicting.isEmpty()
        ? standing.drop(Repeats.IS_CONFLICT)
        : conflicts.rejected(standing, conflicting);
  }

  private static Column[] places(String more) {
    return Stream.concat(Repeats.PLACE.stream(), Stream.of(more))
        .map(name -> col(name))
        .toArray(Column[]::new);
  }

  private void rejectStored(Found found) {
    List<Loss> older = found.olderConflicts();
    if (!older.isEmpty()) {
      conflicts.rejectStored(
          found.repeats().where(col(Repeats.IS_CONFLICT).and(col(SEQUENCE).lt(plan.sequence()))),
          older);
    }
  }

  /**
   * Enters older files that lose records anew, before anything changes: once the records are moved
   * nothing tells any more that they were there.
   */
  private void correctOlderFiles(Found found) {
    Set<String> planned = plan.files().stream().map(FeedFile::path).collect(Collectors.toSet());
    Map<String, List<Loss>> byFile =
        found.olderConflicts().stream()
            .filter(loss -> !planned.contains(loss.path()))
            .collect(Collectors.groupingBy(Loss::path, TreeMap::new, Collectors.toList()));
    Map<String, Entry> latest = ledger.latest();
    List<Entry> corrected = new ArrayList<>();
    byFile.forEach(
        (path, lost) -> {
          Entry known = latest.get(path);
          if (known != null && known.balance().isPresent() && known.sequence() < plan.sequence()) {
            corrected.add(
                new Entry(
                    plan.sequence(),
                    known.file(),
                    known.state(),
                    Optional.of(corrected(known, lost)),
                    known.configDigest()));
          }
        });
    if (!corrected.isEmpty()) {
      ledger.record(corrected, run.runId(), run.startedAt());
    }
  }

  private Balance corrected(Entry known, List<Loss> lost) {
    Balance balance = known.balance().orElseThrow();
    SortedSet<Long> readings = ledger.readings(known.file().path());
    // Of content that the path no longer has there is nothing to correct, but dates moved.
    long records =
        lost.stream()
            .filter(loss -> readings.contains(loss.sequence()))
            .mapToLong(Loss::records)
            .sum();
    SortedSet<LocalDate> dates = new TreeSet<>();
    SortedSet<LocalDate> utcDates = new TreeSet<>();
    lost.forEach(
        loss -> {
          dates.add(loss.date());
          utcDates.add(loss.utcDate());
        });
    return balance.afterRejecting(records).on(dates, utcDates);
  }

  /** Dates that a path lost records of which it had with other content. */
  private Map<String, Balance> withLostDates(Map<String, Balance> balances, Found found) {
    for (Loss loss : found.olderConflicts()) {
      balances.computeIfPresent(
          loss.path(),
          (path, balance) -> {
            balance.dates().add(loss.date());
            balance.utcDates().add(loss.utcDate());
            // The rest of a file that is replayed stands, but for what it loses now.
            return replays.containsKey(path) && ledger.readings(path).contains(loss.sequence())
                ? balance.afterRejecting(loss.records())
                : balance;
          });
    }
    return balances;
  }
}
