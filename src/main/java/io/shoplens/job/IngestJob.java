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
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Raw logs into bronze, each file once: plan, append, take out repeats, settle the ledger.
 *
 * <p>A run that dies between two of these commits is completed by the next one: the plan is taken
 * up as it stands, the append is left out by its transaction id where it was done, taking out
 * repeats finds none left, and settling writes what it finds in the tables.
 */
final class IngestJob {
  private final RunContext run;
  private final Lake lake;
  private final FileLedger ledger;
  private boolean isTakenUp;

  IngestJob(RunContext run, FileLedger ledger) {
    this.run = run;
    this.lake = run.lake();
    this.ledger = ledger;
  }

  /** Takes in what is new; what became of each file is in the result. */
  List<Entry> run(Set<String> acceptedFiles) {
    accept(acceptedFiles);
    Optional<Plan> unfinished = ledger.unfinished();
    isTakenUp = unfinished.isPresent();
    Optional<Plan> plan = unfinished.or(this::planOfUnread);
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
    requireReadable(unread);
    return unread.isEmpty()
        ? Optional.empty()
        : Optional.of(ledger.plan(unread, run.config().digest(), run.runId(), run.startedAt()));
  }

  /** A mapping that can't be used is told before anything is written. */
  private void requireReadable(List<FeedFile> unread) {
    for (Feed feed : run.config().feeds()) {
      if (unread.stream().anyMatch(file -> file.feed().equals(feed.name()))) {
        rows(feed, unread);
      }
    }
  }

  private List<Entry> ingest(Plan plan) {
    Map<String, Balance> balances = new HashMap<>();
    List<Entry> corrected = new ArrayList<>();
    for (Bronze bronze : Bronze.ALL) {
      List<Feed> feeds = feedsOf(bronze, plan);
      if (!feeds.isEmpty()) {
        append(bronze, feeds, plan);
        Removal removal = new Removal(run, ledger, bronze, plan);
        Removal.Removed removed = removal.run();
        balances.putAll(balances(bronze, plan, removed));
        corrected.addAll(removal.corrected(removed));
      }
    }
    List<Entry> settled = settled(plan, balances);
    ledger.record(
        Stream.concat(settled.stream(), corrected.stream()).toList(), run.runId(), run.startedAt());
    return settled;
  }

  private List<Feed> feedsOf(Bronze bronze, Plan plan) {
    Set<String> planned = plan.files().stream().map(FeedFile::feed).collect(Collectors.toSet());
    return run.config().feeds().stream()
        .filter(feed -> feed.kind() == bronze.kind() && planned.contains(feed.name()))
        .toList();
  }

  private void append(Bronze bronze, List<Feed> feeds, Plan plan) {
    ledger.heldBefore(plan).entrySet().stream()
        .map(
            held ->
                col(SOURCE_FILE).equalTo(held.getKey()).and(col(SEQUENCE).equalTo(held.getValue())))
        .reduce(Column::or)
        .ifPresent(readings -> lake.delete(bronze.table(), readings));
    Dataset<Row> rows =
        feeds.stream()
            .map(feed -> rows(feed, plan.files()))
            .reduce(Dataset::unionByName)
            .orElseThrow()
            .withColumn(SEQUENCE, lit(plan.sequence()));
    lake.appendOnce(bronze.table(), rows, plan.sequence());
  }

  private Dataset<Row> rows(Feed feed, List<FeedFile> planned) {
    List<InputFile> files =
        planned.stream()
            .filter(file -> file.feed().equals(feed.name()))
            .map(file -> new InputFile(file.path(), file.size()))
            .toList();
    return RawLog.read(run.session(), feed, files, run.config().ingest(), run.config().reference())
        .withColumn(FEED, lit(feed.name()));
  }

  private Map<String, Balance> balances(Bronze bronze, Plan plan, Removal.Removed removed) {
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
              duplicates(row, removed),
              row.getLong(3),
              row.getLong(4),
              row.isNullAt(5) ? Optional.empty() : Optional.of(row.getLong(5)),
              with(dates(row, 6), removed.dates(row.getString(0))),
              with(dates(row, 7), removed.utcDates(row.getString(0)))));
    }
    return balances;
  }

  /**
   * Exact repeats of a file. A run that took up another's plan may find them gone already, and
   * knows them by what is left of the file's records.
   */
  private long duplicates(Row file, Removal.Removed removed) {
    return isTakenUp
        ? file.getLong(1) - file.getLong(2) - file.getLong(3) - file.getLong(4)
        : removed.duplicates().getOrDefault(file.getString(0), 0L);
  }

  /** Records of a kind; one that stands for several events counts once. */
  private static Column records(Bronze bronze, String kind) {
    Column counts = RawLog.countsAsRecord(bronze.kind()).and(col(RECORD_KIND).equalTo(kind));
    return sum(when(counts, 1L).otherwise(0L));
  }

  private static SortedSet<LocalDate> with(SortedSet<LocalDate> dates, SortedSet<LocalDate> more) {
    dates.addAll(more);
    return dates;
  }

  static SortedSet<LocalDate> dates(Row row, int index) {
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
