package io.shoplens.lake;

import static io.shoplens.table.Columns.*;
import static java.util.Comparator.comparing;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import io.shoplens.table.Ledger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Which files were read, and how each balanced: the door to {@code ops.ledger}.
 *
 * <p>An ingest commits its plan before it reads and settles it afterwards. A plan that was never
 * settled is taken up again, file by file as it stood, under the same sequence. Where a later
 * ingest moves a record of an older file to the quarantine, it enters that file anew under its own
 * sequence, with the corrected balance and the dates that the record was taken from.
 */
public final class FileLedger {

  /** How a file ended. */
  public enum State {
    PLANNED,
    /** A plan to take the file in however much of it is rejected. */
    ACCEPT,
    /** A plan to read again just those of its records that stand in the quarantine. */
    REPLAY,
    DONE,
    HELD,
    DAMAGED,
    EMPTY,
    /** No longer there as planned when it was to be read, or while it was held; nothing is kept. */
    GONE,
    /** No file: the sequence that a restore went on from. */
    RESTORED;

    /** Whether the file is still to be read. */
    public boolean isPlan() {
      return this == PLANNED || this == ACCEPT || this == REPLAY;
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * What became of a file's records.
   *
   * @param dates business dates of the accepted ones
   * @param utcDates UTC dates of the accepted ones
   */
  public record Balance(
      long records,
      long accepted,
      long duplicate,
      long rejected,
      long blank,
      Optional<Long> damagedAt,
      SortedSet<LocalDate> dates,
      SortedSet<LocalDate> utcDates) {

    /** Of a file of which nothing was read. */
    public static Balance ofNothing() {
      return new Balance(0, 0, 0, 0, 0, Optional.empty(), new TreeSet<>(), new TreeSet<>());
    }

    /** Of records that are all rejected. */
    public static Balance ofRejected(long records) {
      return new Balance(
          records, 0, 0, records, 0, Optional.empty(), new TreeSet<>(), new TreeSet<>());
    }

    /** Whether every record is accounted for. */
    public boolean isBalanced() {
      return records == accepted + duplicate + rejected + blank;
    }

    /** The same file after records of it that had been accepted were rejected. */
    public Balance afterRejecting(long later) {
      return new Balance(
          records,
          accepted - later,
          duplicate,
          rejected + later,
          blank,
          damagedAt,
          dates,
          utcDates);
    }

    /**
     * The same file after records of it that had been rejected were read again.
     *
     * @param again what became of them; its dates are those to bring up to date
     */
    public Balance afterReplaying(Balance again) {
      return new Balance(
          records,
          accepted + again.accepted,
          duplicate + again.duplicate,
          rejected - again.records + again.rejected,
          blank + again.blank,
          damagedAt,
          again.dates,
          again.utcDates);
    }

    /** The same balance with other dates to bring up to date. */
    public Balance on(SortedSet<LocalDate> moved, SortedSet<LocalDate> movedUtc) {
      return new Balance(records, accepted, duplicate, rejected, blank, damagedAt, moved, movedUtc);
    }
  }

  /** A file with its state. */
  public record Entry(
      long sequence, FeedFile file, State state, Optional<Balance> balance, String configDigest) {}

  /**
   * Files to read under one sequence.
   *
   * @param files all of them
   * @param accepted paths of those that are taken in however much of them is rejected
   * @param replays of which only quarantined records are read again, by path: how many records
   * @param configDigest digest of the configuration that planned it
   */
  public record Plan(
      long sequence,
      List<FeedFile> files,
      Set<String> accepted,
      SortedMap<String, Long> replays,
      String configDigest) {

    /** The files that are read from beginning to end. */
    public List<FeedFile> wholeFiles() {
      return files.stream().filter(file -> !replays.containsKey(file.path())).toList();
    }

    /** The plan without files that are not there any more. */
    public Plan without(Set<FeedFile> gone) {
      SortedMap<String, Long> left = new TreeMap<>(replays);
      gone.forEach(file -> left.remove(file.path()));
      return new Plan(
          sequence,
          files.stream().filter(file -> !gone.contains(file)).toList(),
          accepted,
          left,
          configDigest);
    }
  }

  private final Lake lake;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, List<Entry>> byPath = new HashMap<>();

  private FileLedger(Lake lake) {
    this.lake = lake;
  }

  private void add(Entry entry) {
    entries.add(entry);
    byPath.computeIfAbsent(entry.file().path(), path -> new ArrayList<>()).add(entry);
  }

  private Stream<Entry> of(String path) {
    return byPath.getOrDefault(path, List.of()).stream();
  }

  /** The ledger as it stands. */
  public static FileLedger of(Lake lake) {
    FileLedger ledger = new FileLedger(lake);
    // Here, as two more jobs would sort what is collected anyway.
    lake.read(Ledger.TABLE).collectAsList().stream()
        .map(FileLedger::entry)
        .sorted(comparing(Entry::sequence).thenComparing(entry -> entry.file().path()))
        .forEach(ledger::add);
    return ledger;
  }

  /** The latest entry of every path; a settled one hides its plan. */
  public Map<String, Entry> latest() {
    Map<String, Entry> latest = new HashMap<>();
    for (Entry entry : entries) {
      latest.merge(
          entry.file().path(),
          entry,
          (before, after) ->
              after.sequence() > before.sequence() || before.state().isPlan() ? after : before);
    }
    return latest;
  }

  /**
   * The sequences under which the content was read that a path had last, since it last had other
   * content.
   */
  public SortedSet<Long> readings(String path) {
    List<Entry> plans =
        of(path)
            .filter(entry -> entry.state().isPlan())
            .sorted(comparing(Entry::sequence).reversed())
            .toList();
    return plans.stream()
        .takeWhile(plan -> plan.file().isSameContent(plans.get(0).file()))
        .map(Entry::sequence)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** How a file was settled last before an ingest. */
  public Optional<Entry> settledBefore(long sequence, String path) {
    return of(path)
        .filter(entry -> entry.sequence() < sequence && !entry.state().isPlan())
        .max(comparing(Entry::sequence));
  }

  /** How a file was to be read under a sequence; empty where it was not. */
  public Optional<State> planned(long sequence, String path) {
    return of(path)
        .filter(entry -> entry.sequence() == sequence && entry.state().isPlan())
        .map(Entry::state)
        .findFirst();
  }

  /**
   * Files of a plan that were held before it, by path, with the sequence they were read under: what
   * was read of them then is to be replaced. Earlier readings of the path stand.
   */
  public Map<String, Long> heldBefore(Plan plan) {
    Map<String, Entry> before = new HashMap<>();
    Map<String, Long> readUnder = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.sequence() >= plan.sequence()) {
        continue;
      }
      String path = entry.file().path();
      if (entry.state().isPlan()) {
        readUnder.merge(path, entry.sequence(), Math::max);
      } else {
        before.merge(path, entry, (one, other) -> other.sequence() > one.sequence() ? other : one);
      }
    }
    Map<String, Long> held = new TreeMap<>();
    for (FeedFile file : plan.files()) {
      Entry known = before.get(file.path());
      if (known != null && known.state() == State.HELD) {
        held.put(file.path(), readUnder.get(file.path()));
      }
    }
    return held;
  }

  /** Settled entries of later ingests than the given one. */
  public List<Entry> settledAfter(long sequence) {
    return entries.stream()
        .filter(entry -> entry.sequence() > sequence && !entry.state().isPlan())
        .toList();
  }

  /** Settled entries up to the given ingest. */
  public List<Entry> settledUpTo(long sequence) {
    return entries.stream()
        .filter(entry -> entry.sequence() <= sequence && !entry.state().isPlan())
        .toList();
  }

  /** A plan that was committed and not settled, if there is one. */
  public Optional<Plan> unfinished() {
    List<Entry> open =
        latest().values().stream()
            .filter(entry -> entry.state().isPlan())
            .sorted(comparing(entry -> entry.file().path()))
            .toList();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    Set<String> accepted = new TreeSet<>();
    SortedMap<String, Long> replays = new TreeMap<>();
    for (Entry entry : open) {
      if (entry.state() == State.ACCEPT) {
        accepted.add(entry.file().path());
      } else if (entry.state() == State.REPLAY) {
        replays.put(entry.file().path(), entry.balance().orElseThrow().records());
      }
    }
    return Optional.of(
        new Plan(
            open.get(0).sequence(),
            open.stream().map(Entry::file).toList(),
            accepted,
            replays,
            open.get(0).configDigest()));
  }

  /** The largest sequence so far; 0 before the first. */
  public long lastSequence() {
    return entries.stream().mapToLong(Entry::sequence).max().orElse(0);
  }

  /** The largest sequence that was all recorded before an instant; 0 where none was. */
  public long lastSequenceBefore(Instant instant) {
    Row last =
        lake.read(Ledger.TABLE)
            .where(col(RECORDED_AT).lt(Timestamp.from(instant)))
            .agg(max(col(SEQUENCE)))
            .head();
    return last.isNullAt(0) ? 0 : last.getLong(0);
  }

  /** Files held back, under the configuration digest that held them. */
  public List<Entry> held() {
    return latest().values().stream().filter(entry -> entry.state() == State.HELD).toList();
  }

  /** Under which sequence each of them was read, by path. */
  public SortedMap<String, Long> heldReadings() {
    SortedMap<String, Long> readings = new TreeMap<>();
    held()
        .forEach(entry -> readings.put(entry.file().path(), readings(entry.file().path()).last()));
    return readings;
  }

  /**
   * The listed files that have to be read: new ones, ones with new content, and held ones whose
   * configuration was changed since.
   */
  public List<FeedFile> unread(List<FeedFile> listed, String configDigest) {
    Map<String, Entry> latest = latest();
    return listed.stream()
        .filter(
            file -> {
              Entry known = latest.get(file.path());
              return known == null
                  || known.state() == State.GONE
                  || !known.file().isSameContent(file)
                  || (known.state() == State.HELD && !known.configDigest().equals(configDigest));
            })
        .toList();
  }

  /**
   * Commits a plan under the next sequence.
   *
   * @param accepted paths of files that are taken in however much of them is rejected
   * @param replays files of which only quarantined records are read: how many, by path
   */
  public Plan plan(
      List<FeedFile> files,
      Set<String> accepted,
      SortedMap<String, Long> replays,
      String configDigest,
      String runId,
      Instant now) {
    Plan plan = new Plan(lastSequence() + 1, files, accepted, replays, configDigest);
    record(files.stream().map(file -> planned(plan, file)).toList(), runId, now);
    return plan;
  }

  private static Entry planned(Plan plan, FeedFile file) {
    Optional<Balance> quarantined =
        Optional.ofNullable(plan.replays().get(file.path())).map(Balance::ofRejected);
    State state =
        quarantined.isPresent()
            ? State.REPLAY
            : plan.accepted().contains(file.path()) ? State.ACCEPT : State.PLANNED;
    return new Entry(plan.sequence(), file, state, quarantined, plan.configDigest());
  }

  /**
   * Takes back what a plan has entered of files that it does not read: of records that it was to
   * take the place of, before anything was written.
   *
   * @param feeds the feeds of which nothing was written
   */
  public void takeBackCorrections(Plan plan, Set<String> feeds) {
    Set<Entry> corrections =
        entries.stream()
            .filter(entry -> entry.sequence() == plan.sequence() && !entry.state().isPlan())
            .filter(entry -> planned(plan.sequence(), entry.file().path()).isEmpty())
            .filter(entry -> feeds.contains(entry.file().feed()))
            .collect(Collectors.toSet());
    if (!corrections.isEmpty()) {
      Object[] paths = corrections.stream().map(entry -> entry.file().path()).toArray();
      lake.delete(Ledger.TABLE, col(SEQUENCE).equalTo(plan.sequence()).and(col(PATH).isin(paths)));
      entries.removeAll(corrections);
      byPath.values().forEach(of -> of.removeAll(corrections));
    }
  }

  /** An entry of a plan by which its file stays as it was before. */
  public Entry unchanged(Plan plan, FeedFile file) {
    Entry before = settledBefore(plan.sequence(), file.path()).orElseThrow();
    Balance none = Balance.ofNothing();
    return new Entry(
        plan.sequence(),
        file,
        before.state(),
        before.balance().map(balance -> balance.on(none.dates(), none.utcDates())),
        before.configDigest());
  }

  /** Commits how the files of a plan ended. */
  public void record(Collection<Entry> settled, String runId, Instant now) {
    List<Row> rows = settled.stream().map(entry -> row(entry, runId, now)).toList();
    lake.append(Ledger.TABLE, lake.session().createDataFrame(rows, Ledger.TABLE.schema()));
    settled.forEach(this::add);
  }

  /**
   * Enters that files have other content which is not to be read: what was read of them stands.
   * Plans that are not settled go on with it.
   *
   * @param files each as it was and as it is now
   */
  public void enterRewritten(Map<FeedFile, FeedFile> files) {
    if (files.isEmpty() || !lake.exists(Ledger.TABLE)) {
      return;
    }
    List<Row> rows = new ArrayList<>();
    files.forEach(
        (before, now) ->
            rows.add(
                RowFactory.create(
                    before.path(),
                    before.etag().orElse(null),
                    Timestamp.from(before.modifiedAt()),
                    before.size(),
                    now.etag().orElse(null),
                    Timestamp.from(now.modifiedAt()),
                    now.size())));
    StructType schema =
        new StructType()
            .add(PATH, DataTypes.StringType)
            .add(ETAG, DataTypes.StringType)
            .add(MODIFIED_AT, DataTypes.TimestampType)
            .add(SIZE_BYTES, DataTypes.LongType)
            .add("etag_now", DataTypes.StringType)
            .add("modified_at_now", DataTypes.TimestampType)
            .add("size_bytes_now", DataTypes.LongType);
    // As FeedFile.isSameContent has it.
    Column isSame =
        kept(SIZE_BYTES)
            .equalTo(named(SIZE_BYTES))
            .and(
                when(
                        kept(ETAG).isNotNull().and(named(ETAG).isNotNull()),
                        kept(ETAG).equalTo(named(ETAG)))
                    .otherwise(kept(MODIFIED_AT).equalTo(named(MODIFIED_AT))));
    Map<String, Column> values = new HashMap<>();
    for (String name : List.of(ETAG, MODIFIED_AT, SIZE_BYTES)) {
      values.put(name, when(isSame, named(name + "_now")).otherwise(kept(name)));
    }
    lake.update(Ledger.TABLE, lake.session().createDataFrame(rows, schema), List.of(PATH), values);
  }

  private static Column kept(String name) {
    return col(Lake.KEPT + "." + name);
  }

  private static Column named(String name) {
    return col(Lake.NAMED + "." + name);
  }

  private static Row row(Entry entry, String runId, Instant now) {
    FeedFile file = entry.file();
    Optional<Balance> balance = entry.balance();
    return RowFactory.create(
        entry.sequence(),
        file.feed(),
        file.path(),
        file.etag().orElse(null),
        Timestamp.from(file.modifiedAt()),
        file.size(),
        entry.state().text(),
        balance.map(Balance::records).orElse(null),
        balance.map(Balance::accepted).orElse(null),
        balance.map(Balance::duplicate).orElse(null),
        balance.map(Balance::rejected).orElse(null),
        balance.map(Balance::blank).orElse(null),
        balance.flatMap(Balance::damagedAt).orElse(null),
        balance.map(known -> array(known.dates())).orElse(null),
        balance.map(known -> array(known.utcDates())).orElse(null),
        entry.configDigest(),
        runId,
        Timestamp.from(now));
  }

  private static Entry entry(Row row) {
    FeedFile file =
        new FeedFile(
            row.getAs(FEED),
            row.getAs(PATH),
            Optional.ofNullable(row.getAs(ETAG)),
            row.<Timestamp>getAs(MODIFIED_AT).toInstant(),
            row.<Long>getAs(SIZE_BYTES));
    Optional<Balance> balance =
        row.getAs(RECORDS) == null
            ? Optional.empty()
            : Optional.of(
                new Balance(
                    row.<Long>getAs(RECORDS),
                    row.<Long>getAs(ACCEPTED),
                    row.<Long>getAs(DUPLICATE),
                    row.<Long>getAs(REJECTED),
                    row.<Long>getAs(BLANK),
                    Optional.ofNullable(row.getAs(DAMAGED_AT)),
                    dates(row, TOUCHED_DATES),
                    dates(row, TOUCHED_UTC_DATES)));
    return new Entry(
        row.<Long>getAs(SEQUENCE),
        file,
        State.of(row.getAs(FILE_STATE)),
        balance,
        row.getAs(CONFIG_DIGEST));
  }

  private static Date[] array(SortedSet<LocalDate> dates) {
    return dates.stream().map(Date::valueOf).toArray(Date[]::new);
  }

  private static SortedSet<LocalDate> dates(Row row, String column) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (Date date : row.<Date>getList(row.fieldIndex(column))) {
      dates.add(date.toLocalDate());
    }
    return dates;
  }
}
