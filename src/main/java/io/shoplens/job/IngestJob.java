package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.BusinessDates;
import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.error.Errors;
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
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Table;
import java.math.BigDecimal;
import java.sql.Date;
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
 * Raw logs into bronze, each file once: plan, append, take out repeats, settle the ledger.
 *
 * <p>A run that dies between two of these commits is completed by the next one: the plan is taken
 * up as it stands, the append is left out by its transaction id where it was done, taking out
 * repeats finds none left, and settling writes what it finds in the tables.
 */
final class IngestJob {
  /** A bronze table with what tells its records apart. */
  private record Bronze(Feed.Kind kind, Table table, List<String> key) {}

  private static final List<Bronze> TABLES =
      List.of(
          new Bronze(Feed.Kind.EVENTS, Events.TABLE, Repeats.EVENT_KEY),
          new Bronze(Feed.Kind.ORDERS, OrderEvents.TABLE, Repeats.ORDER_EVENT_KEY));

  private final RunContext run;
  private final Lake lake;
  private final FileLedger ledger;

  IngestJob(RunContext run, FileLedger ledger) {
    this.run = run;
    this.lake = run.lake();
    this.ledger = ledger;
  }

  /** Takes in what is new; what became of each file is in the result. */
  List<Entry> run(Set<String> acceptedFiles) {
    accept(acceptedFiles);
    Optional<Plan> plan = ledger.unfinished().or(this::planOfUnread);
    return plan.map(this::ingest).orElse(List.of());
  }

  private void accept(Set<String> paths) {
    if (paths.isEmpty()) {
      return;
    }
    Set<String> held =
        ledger.held().stream().map(entry -> entry.file().path()).collect(Collectors.toSet());
    for (String path : paths) {
      if (!held.contains(path)) {
        throw Errors.input(
            "Can't accept " + path + ".",
            "It is not held; held are: " + (held.isEmpty() ? "none" : new TreeSet<>(held)) + ".",
            "Name a held file by its full path.");
      }
    }
    ledger.accept(paths, run.runId(), run.startedAt());
  }

  private Optional<Plan> planOfUnread() {
    List<FeedFile> listed = new ArrayList<>();
    for (Feed feed : run.config().feeds()) {
      listed.addAll(FeedFiles.of(feed, lake.hadoop()));
    }
    List<FeedFile> unread = ledger.unread(listed, run.config().digest());
    return unread.isEmpty()
        ? Optional.empty()
        : Optional.of(ledger.plan(unread, run.config().digest(), run.runId(), run.startedAt()));
  }

  private List<Entry> ingest(Plan plan) {
    Map<String, Balance> balances = new HashMap<>();
    for (Bronze bronze : TABLES) {
      List<Feed> feeds = feedsOf(bronze, plan);
      if (!feeds.isEmpty()) {
        append(bronze, feeds, plan);
        Map<String, Long> duplicates = removeRepeats(bronze, plan);
        balances.putAll(balances(bronze, plan, duplicates));
      }
    }
    List<Entry> settled = settled(plan, balances);
    ledger.record(settled, run.runId(), run.startedAt());
    return settled;
  }

  private List<Feed> feedsOf(Bronze bronze, Plan plan) {
    Set<String> planned = plan.files().stream().map(FeedFile::feed).collect(Collectors.toSet());
    return run.config().feeds().stream()
        .filter(feed -> feed.kind() == bronze.kind() && planned.contains(feed.name()))
        .toList();
  }

  private void append(Bronze bronze, List<Feed> feeds, Plan plan) {
    Set<String> heldBefore = new HashSet<>();
    ledger.held().forEach(entry -> heldBefore.add(entry.file().path()));
    heldBefore.retainAll(plan.files().stream().map(FeedFile::path).collect(Collectors.toSet()));
    if (!heldBefore.isEmpty()) {
      lake.delete(
          bronze.table(),
          col(SOURCE_FILE).isin(heldBefore.toArray()).and(col(SEQUENCE).lt(plan.sequence())));
    }
    Dataset<Row> rows =
        feeds.stream()
            .map(feed -> rows(feed, plan))
            .reduce(Dataset::unionByName)
            .orElseThrow()
            .withColumn(SEQUENCE, lit(plan.sequence()));
    lake.appendOnce(bronze.table(), rows, plan.sequence());
  }

  private Dataset<Row> rows(Feed feed, Plan plan) {
    List<InputFile> files =
        plan.files().stream()
            .filter(file -> file.feed().equals(feed.name()))
            .map(file -> new InputFile(file.path(), file.size()))
            .toList();
    return RawLog.read(run.session(), feed, files, run.config().ingest(), run.config().reference())
        .withColumn(FEED, lit(feed.name()));
  }

  /** Takes the repeats of a plan's records out; how many each file had is in the result. */
  private Map<String, Long> removeRepeats(Bronze bronze, Plan plan) {
    Dataset<Row> accepted = lake.read(bronze.table()).where(col(RECORD_KIND).equalTo("accepted"));
    Dataset<Row> incoming = accepted.where(col(SEQUENCE).equalTo(plan.sequence()));
    Dataset<Row> candidates =
        bronze.kind() == Feed.Kind.EVENTS
            ? accepted.where(Lake.in(col(EVENT_UTC_DATE), utcDates(incoming)))
            : accepted.join(incoming.select(ORDER_ID).distinct(), joinKey(ORDER_ID), "left_semi");
    Dataset<Row> repeats =
        Repeats.of(candidates, bronze.key()).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<String, Long> duplicates = new HashMap<>();
      boolean found = false;
      for (Row row :
          repeats
              .groupBy(SEQUENCE, SOURCE_FILE, Repeats.IS_CONFLICT)
              .agg(sum(when(RawLog.countsAsRecord(bronze.kind()), 1L).otherwise(0L)))
              .collectAsList()) {
        found = true;
        if (row.getLong(0) == plan.sequence() && !row.getBoolean(2)) {
          duplicates.merge(row.getString(1), row.getLong(3), Long::sum);
        }
      }
      if (found) {
        lake.removeRepeats(bronze.table(), repeats, Repeats.IS_CONFLICT);
      }
      return duplicates;
    } finally {
      repeats.unpersist();
    }
  }

  private static String[] joinKey(String column) {
    return new String[] {column};
  }

  private static SortedSet<LocalDate> utcDates(Dataset<Row> incoming) {
    return incoming.select(EVENT_UTC_DATE).distinct().collectAsList().stream()
        .map(row -> row.getDate(0).toLocalDate())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Map<String, Balance> balances(Bronze bronze, Plan plan, Map<String, Long> duplicates) {
    Column date =
        BusinessDates.of(run.config().reference(), col(EVENT_AT), col(MARKET), col(REGION));
    Map<String, Balance> balances = new HashMap<>();
    for (Row row :
        lake.read(bronze.table())
            .where(col(SEQUENCE).equalTo(plan.sequence()))
            .groupBy(SOURCE_FILE)
            .agg(
                coalesce(sum(FILE_RECORDS), lit(0L)),
                records(bronze, "accepted"),
                records(bronze, "rejected"),
                coalesce(sum(FILE_BLANK), lit(0L)),
                max(FILE_DAMAGED_AT),
                collect_set(when(col(RECORD_KIND).equalTo("accepted"), date)),
                collect_set(EVENT_UTC_DATE))
            .collectAsList()) {
      balances.put(
          row.getString(0),
          new Balance(
              row.getLong(1),
              row.getLong(2),
              duplicates.getOrDefault(row.getString(0), 0L),
              row.getLong(3),
              row.getLong(4),
              row.isNullAt(5) ? Optional.empty() : Optional.of(row.getLong(5)),
              dates(row, 6),
              dates(row, 7)));
    }
    return balances;
  }

  /** Records of a kind; one that stands for several events counts once. */
  private static Column records(Bronze bronze, String kind) {
    Column counts = RawLog.countsAsRecord(bronze.kind()).and(col(RECORD_KIND).equalTo(kind));
    return sum(when(counts, 1L).otherwise(0L));
  }

  private static SortedSet<LocalDate> dates(Row row, int index) {
    return row.<Date>getList(index).stream()
        .map(Date::toLocalDate)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<Entry> settled(Plan plan, Map<String, Balance> balances) {
    Set<String> feedsOverLimit = feedsOverLimit(plan, balances);
    List<Entry> settled = new ArrayList<>();
    for (FeedFile file : plan.files()) {
      Balance balance =
          balances.getOrDefault(
              file.path(),
              new Balance(0, 0, 0, 0, 0, Optional.empty(), new TreeSet<>(), new TreeSet<>()));
      settled.add(
          new Entry(
              plan.sequence(),
              file,
              state(file, balance, feedsOverLimit.contains(file.feed())),
              Optional.of(balance),
              run.config().digest()));
    }
    return settled;
  }

  private State state(FeedFile file, Balance balance, boolean feedOverLimit) {
    IngestSettings limits = run.config().ingest();
    if (isOver(balance.rejected(), balance.records() - balance.blank(), limits.fileRejectLimit())
        || (feedOverLimit && balance.rejected() > 0)) {
      return State.HELD;
    }
    if (balance.damagedAt().isPresent()) {
      return State.DAMAGED;
    }
    return file.size() == 0 ? State.EMPTY : State.DONE;
  }

  private Set<String> feedsOverLimit(Plan plan, Map<String, Balance> balances) {
    Set<String> over = new HashSet<>();
    for (Feed feed : run.config().feeds()) {
      long rejected = 0;
      long records = 0;
      for (FeedFile file : plan.files()) {
        Balance balance = balances.get(file.path());
        if (file.feed().equals(feed.name()) && balance != null) {
          rejected += balance.rejected();
          records += balance.records() - balance.blank();
        }
      }
      if (isOver(rejected, records, run.config().ingest().runRejectLimit())) {
        over.add(feed.name());
      }
    }
    return over;
  }

  private static boolean isOver(long rejected, long records, BigDecimal limit) {
    return BigDecimal.valueOf(rejected).compareTo(limit.multiply(BigDecimal.valueOf(records))) > 0;
  }
}
