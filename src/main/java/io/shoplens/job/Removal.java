package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.BusinessDates;
import io.shoplens.config.Feed;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.Plan;
import io.shoplens.lake.FileLedger.State;
import io.shoplens.lake.Lake;
import io.shoplens.rawlog.InputFile;
import io.shoplens.rawlog.RawLog;
import io.shoplens.rawlog.Repeats;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Takes the repeats that a plan's records brought out of a bronze table: exact repeats go, the
 * versions that lose a conflict become rejected records, with their bytes, whichever file they are
 * from. Accepted rows hold no bytes, so the files concerned are read once more for them.
 */
final class Removal {
  /** Records of an older file that lost a conflict, and the dates they were taken from. */
  private record Lost(long records, SortedSet<LocalDate> dates, SortedSet<LocalDate> utcDates) {}

  /** A file as it was read under a sequence. */
  private record Reading(long sequence, String path) {}

  /** What went: exact repeats by file of the plan, and what older files lost, by path. */
  record Removed(Map<String, Long> duplicates, Map<String, Lost> lost) {
    /** Business dates that a file lost records of. */
    SortedSet<LocalDate> dates(String path) {
      return lost.containsKey(path) ? lost.get(path).dates() : new TreeSet<>();
    }

    /** UTC dates that a file lost records of. */
    SortedSet<LocalDate> utcDates(String path) {
      return lost.containsKey(path) ? lost.get(path).utcDates() : new TreeSet<>();
    }
  }

  private final RunContext run;
  private final Lake lake;
  private final FileLedger ledger;
  private final Bronze bronze;
  private final Plan plan;

  Removal(RunContext run, FileLedger ledger, Bronze bronze, Plan plan) {
    this.run = run;
    this.lake = run.lake();
    this.ledger = ledger;
    this.bronze = bronze;
    this.plan = plan;
  }

  /** Takes the repeats out, in one commit; none where there are none. */
  Removed run() {
    Dataset<Row> repeats =
        Repeats.of(candidates(), bronze.key()).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<String, Long> duplicates = new HashMap<>();
      Set<Reading> conflicts = new HashSet<>();
      boolean found = false;
      for (Row row :
          repeats
              .groupBy(SEQUENCE, SOURCE_FILE, Repeats.IS_CONFLICT)
              .agg(sum(when(RawLog.countsAsRecord(bronze.kind()), 1L).otherwise(0L)))
              .collectAsList()) {
        found = true;
        if (row.getBoolean(2)) {
          conflicts.add(new Reading(row.getLong(0), row.getString(1)));
        } else if (row.getLong(0) == plan.sequence()) {
          duplicates.merge(row.getString(1), row.getLong(3), Long::sum);
        }
      }
      Map<String, Lost> lost = lost(repeats, conflicts);
      if (found) {
        lake.removeRepeats(bronze.table(), withBytes(repeats, conflicts), Repeats.IS_CONFLICT);
      }
      return new Removed(duplicates, lost);
    } finally {
      repeats.unpersist();
    }
  }

  /** The ledger's entries of older files, corrected by what they lost. */
  List<Entry> corrected(Removed removed) {
    Set<String> planned = plan.files().stream().map(FeedFile::path).collect(Collectors.toSet());
    List<Entry> corrected = new ArrayList<>();
    removed
        .lost()
        .forEach(
            (path, lost) -> {
              Entry known = ledger.latest().get(path);
              if (!planned.contains(path) && known != null && known.balance().isPresent()) {
                corrected.add(
                    new Entry(
                        plan.sequence(),
                        known.file(),
                        known.state(),
                        Optional.of(corrected(known, known.balance().get(), lost)),
                        known.configDigest()));
              }
            });
    return corrected;
  }

  private static Balance corrected(Entry known, Balance balance, Lost lost) {
    SortedSet<LocalDate> dates = new TreeSet<>(lost.dates());
    SortedSet<LocalDate> utcDates = new TreeSet<>(lost.utcDates());
    if (known.state() == State.HELD) {
      // Nothing of a held file is published: once it is accepted, all its dates are due.
      dates.addAll(balance.dates());
      utcDates.addAll(balance.utcDates());
    }
    return balance.afterRejecting(lost.records()).on(dates, utcDates);
  }

  private Dataset<Row> candidates() {
    Dataset<Row> accepted = lake.read(bronze.table()).where(col(RECORD_KIND).equalTo("accepted"));
    Dataset<Row> incoming = accepted.where(col(SEQUENCE).equalTo(plan.sequence()));
    return bronze.kind() == Feed.Kind.EVENTS
        ? accepted.where(
            Lake.in(col(EVENT_UTC_DATE), lake.datesAppended(bronze.table(), plan.sequence())))
        : accepted.join(incoming.select(ORDER_ID).distinct(), new String[] {ORDER_ID}, "left_semi");
  }

  /** What older files lose, by path; asked of the table only where there is something. */
  private Map<String, Lost> lost(Dataset<Row> repeats, Set<Reading> conflicts) {
    Map<String, Lost> lost = new HashMap<>();
    if (conflicts.stream().noneMatch(reading -> reading.sequence() < plan.sequence())) {
      return lost;
    }
    Column date =
        BusinessDates.of(run.config().reference(), col(EVENT_AT), col(MARKET), col(REGION));
    Dataset<Row> losers =
        repeats.where(col(Repeats.IS_CONFLICT).and(col(SEQUENCE).lt(plan.sequence())));
    for (Row row :
        lake.read(bronze.table())
            .where(col(RECORD_KIND).equalTo("accepted"))
            .join(broadcast(losers.select(place())), names(Repeats.PLACE), "left_semi")
            .groupBy(SEQUENCE, SOURCE_FILE)
            .agg(
                sum(when(RawLog.countsAsRecord(bronze.kind()), 1L).otherwise(0L)),
                collect_set(date),
                collect_set(EVENT_UTC_DATE))
            .collectAsList()) {
      String path = row.getString(1);
      // Of content that the path no longer has there is no entry to correct, but dates moved.
      long records = row.getLong(0) == ledger.lastRead(path) ? row.getLong(2) : 0;
      lost.merge(
          path, new Lost(records, IngestJob.dates(row, 3), IngestJob.dates(row, 4)), Removal::both);
    }
    return lost;
  }

  private static Lost both(Lost one, Lost other) {
    SortedSet<LocalDate> dates = new TreeSet<>(one.dates());
    dates.addAll(other.dates());
    SortedSet<LocalDate> utcDates = new TreeSet<>(one.utcDates());
    utcDates.addAll(other.utcDates());
    return new Lost(one.records() + other.records(), dates, utcDates);
  }

  /** The repeats, those that conflict with the field at fault and the record as it came. */
  private Dataset<Row> withBytes(Dataset<Row> repeats, Set<Reading> conflicts) {
    Dataset<Row> named =
        repeats.withColumn(REJECT_FIELD, when(col(Repeats.IS_CONFLICT), lit(bronze.id())));
    Optional<Dataset<Row>> bytes =
        bronzeFeeds().stream()
            .map(feed -> bytes(feed, repeats, conflicts))
            .flatMap(Optional::stream)
            .reduce(Dataset::unionByName);
    if (bytes.isEmpty()) {
      return named.withColumn(REJECT_RAW, lit(null).cast("binary"));
    }
    return named.join(broadcast(bytes.get()), names(Repeats.PLACE), "left");
  }

  private List<Feed> bronzeFeeds() {
    return run.config().feeds().stream().filter(feed -> feed.kind() == bronze.kind()).toList();
  }

  /** Place and bytes of the conflicts in files of a feed that are as they were read. */
  private Optional<Dataset<Row>> bytes(Feed feed, Dataset<Row> repeats, Set<Reading> conflicts) {
    Map<String, Entry> latest = ledger.latest();
    List<FeedFile> files =
        conflicts.stream()
            .filter(reading -> reading.sequence() == ledger.lastRead(reading.path()))
            .map(reading -> latest.get(reading.path()).file())
            .filter(file -> file.feed().equals(feed.name()))
            .filter(file -> FeedFiles.isUnchanged(file, lake.hadoop()))
            .toList();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    List<InputFile> inputs =
        files.stream().map(file -> new InputFile(file.path(), file.size())).toList();
    Column isReadable =
        files.stream()
            .map(
                file ->
                    col(SOURCE_FILE)
                        .equalTo(file.path())
                        .and(col(SEQUENCE).equalTo(ledger.lastRead(file.path()))))
            .reduce(Column::or)
            .orElseThrow();
    String firstPart = "first_part";
    Dataset<Row> places =
        repeats
            .where(col(Repeats.IS_CONFLICT).and(isReadable))
            .select(place())
            .withColumn(firstPart, RawLog.firstPart(bronze.kind()));
    Dataset<Row> records =
        RawLog.bytes(run.session(), feed, inputs, run.config().ingest())
            .withColumnRenamed(SOURCE_PART, firstPart);
    return Optional.of(
        records
            .join(broadcast(places), new String[] {SOURCE_FILE, SOURCE_LINE, firstPart})
            .drop(firstPart));
  }

  private static Column[] place() {
    return Repeats.PLACE.stream().map(name -> col(name)).toArray(Column[]::new);
  }

  private static String[] names(List<String> columns) {
    return columns.toArray(String[]::new);
  }
}
