package io.shoplens.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaTable;
import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.table.View;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalog;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.types.StructField;
import scala.Option;

/**
 * Reads and writes the declared tables under one root.
 *
 * <p>A table that has never been written reads as empty. The first write creates it with the
 * comments, partitioning and properties of its declaration, in the same commit.
 */
public final class Lake {
  /** In a change of rows that are named: the rows of the table. */
  public static final String KEPT = "kept";

  /** In a change of rows that are named: the rows that name them. */
  public static final String NAMED = "named";

  private static final int CONCURRENT_COMMITS = 3;

  private final SparkSession session;
  private final Path root;
  private final Map<Table, LatestVersion> latest = new ConcurrentHashMap<>();
  private volatile Optional<Lease> lease = Optional.empty();

  public Lake(SparkSession session, String root) {
    this.session = session;
    this.root = new Path(root);
  }

  public SparkSession session() {
    return session;
  }

  /** Does work under a lease: whatever it changes, it makes sure first that the lease is held. */
  public <T> T under(Lease held, Supplier<T> work) {
    lease = Optional.of(held);
    try {
      return work.get();
    } finally {
      lease = Optional.empty();
    }
  }

  /**
   * Requires that the lease is still held which the work is done under, if there is one; to be
   * asked right before anything is changed. An overwrite and an append under a sequence ask with
   * their snapshot in hand, which leaves no gap: what another who takes over after that commits to
   * the same dates, or under the same sequence, Delta finds to conflict.
   *
   * @throws ShoplensException with exit status 3
   */
  public void requireLease() {
    lease.ifPresent(Lease::require);
  }

  /** A table to be changed by Delta's own means. */
  DeltaTable changing(Table table) {
    requireLease();
    return DeltaTable.forPath(session, path(table));
  }

  /**
   * The table's rows as of now; none where it was never written. What is made of them stays of now:
   * read without a version, a later commit to the table would have Spark compute again whatever of
   * it is kept on the executors.
   */
  public Dataset<Row> read(Table table) {
    LatestVersion version = latest(table);
    return version.number() >= 0 && version.hasListedFiles()
        ? declared(table, version.rows())
        : readVersion(table, version.number());
  }

  /** The latest version, the same object until there is a later one. */
  private LatestVersion latest(Table table) {
    LatestVersion now = LatestVersion.of(session, path(table));
    return latest.merge(table, now, (known, found) -> known.isSame(found) ? known : found);
  }

  /** The table's rows as of a version; none for version -1, before the table was there. */
  public Dataset<Row> readVersion(Table table, long version) {
    if (version < 0) {
      return session.createDataFrame(List.of(), table.schema());
    }
    LatestVersion latest = latest(table);
    // The files of the version itself may be gone, when small ones were merged.
    long same =
        latest.number() > version ? new CommitLog(this, table).latestLike(version) : version;
    return declared(
        table,
        latest.number() == same && latest.hasListedFiles()
            ? latest.rows()
            : session.read().format("delta").option("versionAsOf", same).load(path(table)));
  }

  /** Whether a table has the rows of one of its versions. */
  boolean isAsOf(Table table, long version) {
    return new CommitLog(this, table).latestLike(version) == version(table).orElse(version);
  }

  /**
   * Rows with the columns that were declared since they were written, as NULL. The table itself
   * gets them by its next commit; nothing is rewritten for them.
   */
  private static Dataset<Row> declared(Table table, Dataset<Row> stored) {
    Set<String> there = Set.of(stored.columns());
    Dataset<Row> rows = stored;
    for (StructField field : table.schema().fields()) {
      if (!there.contains(field.name())) {
        rows = rows.withColumn(field.name(), lit(null).cast(field.dataType()));
      }
    }
    return rows;
  }

  /** The view's rows as of now; none where its sources were never written. */
  public Dataset<Row> read(View view) {
    return view.isReadable(existing(view))
        ? query("SELECT * FROM " + view.table().name())
        : session.createDataFrame(List.of(), view.table().schema());
  }

  /** Whether the table was ever written. */
  public boolean exists(Table table) {
    return version(table).isPresent();
  }

  /** The table's latest version, from the names in its log. */
  public OptionalLong version(Table table) {
    Path log = new Path(path(table), "_delta_log");
    try {
      FileSystem files = log.getFileSystem(hadoop());
      return Arrays.stream(files.listStatus(log))
          .map(FileStatus::getPath)
          .map(Path::getName)
          .filter(name -> name.endsWith(".json") && Character.isDigit(name.charAt(0)))
          .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
          .max();
    } catch (FileNotFoundException absent) {
      return OptionalLong.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException("can't list " + log, failure);
    }
  }

  /** The latest version of every table that exists, by table name. */
  public Map<String, Long> versions() {
    Map<String, Long> versions = new TreeMap<>();
    for (Table table : Tables.ALL) {
      version(table).ifPresent(version -> versions.put(table.name(), version));
    }
    return versions;
  }

  /**
   * Appends rows once: a second append of the same table and sequence is left out by its
   * transaction id.
   *
   * @param marks what the commit is to tell whoever takes the work up, see {@link #marksOfAppend}
   */
  public void appendOnce(Table table, Dataset<Row> rows, long sequence, Set<String> marks) {
    append(
        table,
        rows,
        Optional.of(transaction(table, sequence)),
        marks.isEmpty() ? Optional.empty() : Optional.of(CommitLog.text(marks)));
  }

  /** Whether the append under a sequence was committed. */
  public boolean isAppended(Table table, long sequence) {
    LatestVersion version = latest(table);
    return version.number() >= 0 && version.holds(transaction(table, sequence));
  }

  /** What the append under a sequence was marked with; empty where the log has forgotten it. */
  public Optional<Set<String>> marksOfAppend(Table table, long sequence) {
    return new CommitLog(this, table).marks(transaction(table, sequence));
  }

  private static SetTransaction transaction(Table table, long sequence) {
    return new SetTransaction(
        "shoplens." + table.name(), sequence, Option.apply(System.currentTimeMillis()));
  }

  /** Appends rows. */
  public void append(Table table, Dataset<Row> rows) {
    append(table, rows.coalesce(1), Optional.empty(), Optional.empty());
  }

  private void append(
      Table table,
      Dataset<Row> rows,
      Optional<SetTransaction> once,
      Optional<String> userMetadata) {
    LatestVersion version = latest(table);
    if (version.number() >= 0 && hasColumnsOf(table, version)) {
      if (once.filter(version::holds).isEmpty()) {
        version.append(conformed(table, rows), once, userMetadata, this::requireLease);
      }
      return;
    }
    DataFrameWriter<Row> writer = writer(table, rows).mode(SaveMode.Append);
    once.ifPresent(
        transaction ->
            writer
                .option("txnAppId", transaction.appId())
                .option("txnVersion", transaction.version()));
    userMetadata.ifPresent(text -> writer.option("userMetadata", text));
    writer.save(path(table));
  }

  /** Replaces all rows of a table. */
  public void replace(Table table, Dataset<Row> rows) {
    overwrite(table, rows.coalesce(1), partition -> true, Optional.empty(), Optional.empty());
  }

  /**
   * Commits rows in place of the partitions that give way.
   *
   * @param isReplaced whether a partition does, by the value of its column; empty for no value
   * @param condition the same as a condition on rows; empty for all
   * @param userMetadata text the commit carries
   */
  private void overwrite(
      Table table,
      Dataset<Row> rows,
      Predicate<Optional<String>> isReplaced,
      Optional<String> condition,
      Optional<String> userMetadata) {
    LatestVersion version = latest(table);
    if (version.number() >= 0 && version.hasListedFiles() && hasColumnsOf(table, version)) {
      version.overwrite(
          conformed(table, rows), isReplaced, condition, userMetadata, this::requireLease);
      return;
    }
    DataFrameWriter<Row> writer = writer(table, rows).mode(SaveMode.Overwrite);
    userMetadata.ifPresent(text -> writer.option("userMetadata", text));
    if (version.number() >= 0) {
      condition.ifPresent(predicate -> writer.option("replaceWhere", predicate));
    }
    writer.save(path(table));
  }

  /** Whether all that is declared is there already: columns are added by Delta's own writer. */
  private static boolean hasColumnsOf(Table table, LatestVersion version) {
    return version.schema().sameType(table.schema());
  }

  /** Rows that replace those of the given dates in a table. */
  public record Replacement(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {}

  /**
   * Commits replacements, each by itself, some at the same time: a commit of few rows is mostly the
   * driver's work, on one core.
   *
   * @return rows written to each table
   */
  public Map<Table, Long> replaceDates(List<Replacement> replacements) {
    ExecutorService committers =
        Executors.newFixedThreadPool(Math.min(CONCURRENT_COMMITS, replacements.size()));
    try {
      Map<Table, Future<Long>> written = new LinkedHashMap<>();
      for (Replacement replacement : replacements) {
        written.put(
            replacement.table(),
            committers.submit(
                () -> replaceDates(replacement.table(), replacement.rows(), replacement.dates())));
      }
      Map<Table, Long> rows = new LinkedHashMap<>();
      written.forEach((table, done) -> rows.put(table, result(done)));
      return rows;
    } finally {
      // Nothing is written any more once this returns, not even where one of them failed.
      committers.shutdownNow();
      awaitEnd(committers);
    }
  }

  private static void awaitEnd(ExecutorService committers) {
    boolean isInterrupted = false;
    while (!committers.isTerminated()) {
      try {
        committers.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException stopped) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static long result(Future<Long> done) {
    try {
      return done.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failure.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while committing", stopped);
    }
  }

  /**
   * Replaces the rows of the given dates, and of no others. The rows must be of these dates; with
   * no dates nothing is written, unless the table is not there yet.
   *
   * @return rows written
   */
  public long replaceDates(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {
    if (dates.isEmpty() && exists(table)) {
      return 0;
    }
    overwriteDates(table, rows, dates, Optional.of(CommitLog.metadata(dates)));
    return new CommitLog(this, table).rowsWritten();
  }

  /**
   * Replaces the rows of the given dates by such as say the same. The commit does not name the
   * dates: no later step has to follow.
   */
  public void rewriteDates(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {
    overwriteDates(table, rows, dates, Optional.empty());
  }

  private void overwriteDates(
      Table table, Dataset<Row> rows, SortedSet<LocalDate> dates, Optional<String> userMetadata) {
    String partition = table.partitionedBy().get(0);
    overwrite(
        table,
        rows.where(in(col(partition), dates)).hint("rebalance", col(partition)),
        value -> value.map(LocalDate::parse).filter(dates::contains).isPresent(),
        Optional.of(predicate(partition, dates)),
        userMetadata);
  }

  /** Data files of a version, and those that say which of their rows are hidden. */
  Set<Path> files(Table table, long version) {
    return latest(table).paths(version);
  }

  /**
   * Puts a table back to a version, in one commit.
   *
   * @param sequence the last one that was given out
   */
  void restore(Table table, long version, long sequence) {
    LatestVersion now = latest(table);
    boolean isAppendedOnce = now.holds(transaction(table, 0));
    now.restore(
        version,
        isAppendedOnce ? Optional.of(transaction(table, sequence)) : Optional.empty(),
        this::requireLease);
  }

  /** Removes the rows that a condition holds for. */
  public void delete(Table table, Column condition) {
    if (exists(table)) {
      changing(table).delete(condition);
    }
  }

  /**
   * Removes rows of a table, in one commit.
   *
   * @param named the columns that tell which rows
   * @param on these columns
   * @param among what holds for all of them, over columns of {@link #KEPT}: where they are looked
   *     for
   */
  public void delete(Table table, Dataset<Row> named, List<String> on, Column among) {
    changing(table)
        .as(KEPT)
        .merge(named.as(NAMED), among.and(isNamed(on)))
        .whenMatched()
        .delete()
        .execute();
  }

  private static Column isNamed(List<String> on) {
    return on.stream()
        .map(name -> col(KEPT + "." + name).equalTo(col(NAMED + "." + name)))
        .reduce(Column::and)
        .orElseThrow();
  }

  /**
   * Changes rows of a table, in one commit.
   *
   * @param named rows that name them: the columns that tell which, and what the new values need
   * @param on columns that tell a row
   * @param values new values by column, over columns of {@link #KEPT} and {@link #NAMED}
   */
  public void update(Table table, Dataset<Row> named, List<String> on, Map<String, Column> values) {
    changing(table)
        .as(KEPT)
        .merge(named.as(NAMED), isNamed(on))
        .whenMatched()
        .update(values)
        .execute();
  }

  /**
   * Writes anew those partitions of a table in which rows change. Nothing in the commit says which
   * rows these were.
   *
   * @param change the rows as they are to be, one for each row there is
   * @param isChanged a condition on a row as it is: whether it is to be another
   * @return whether anything was written
   */
  public boolean rewrite(Table table, UnaryOperator<Dataset<Row>> change, Column isChanged) {
    if (!exists(table)) {
      return false;
    }
    Dataset<Row> rows = read(table);
    Dataset<Row> changed = rows.where(isChanged);
    if (table.partitionedBy().isEmpty()) {
      if (changed.isEmpty()) {
        return false;
      }
      replace(table, change.apply(rows));
      return true;
    }
    String partition = table.partitionedBy().get(0);
    SortedSet<LocalDate> dates = new TreeSet<>();
    boolean hasNone = false;
    for (Row row : changed.select(partition).distinct().collectAsList()) {
      if (row.isNullAt(0)) {
        hasNone = true;
      } else {
        dates.add(row.getDate(0).toLocalDate());
      }
    }
    if (dates.isEmpty() && !hasNone) {
      return false;
    }
    Column within = in(col(partition), dates);
    String predicate = predicate(partition, dates);
    if (hasNone) {
      within = within.or(col(partition).isNull());
      predicate = "(" + predicate + ") OR " + partition + " IS NULL";
    }
    boolean isNoneReplaced = hasNone;
    overwrite(
        table,
        change.apply(rows.where(within)).hint("rebalance", col(partition)),
        value -> value.map(LocalDate::parse).map(dates::contains).orElse(isNoneReplaced),
        Optional.of(predicate),
        Optional.empty());
    return true;
  }

  /** The rows of a table on the given dates, read from their partitions only. */
  public Dataset<Row> readDates(Table table, SortedSet<LocalDate> dates) {
    return read(table).where(in(col(table.partitionedBy().get(0)), dates));
  }

  /**
   * Makes the tables that a text names known to SQL, as {@code gold.daily_gmv}, and runs it. The
   * catalog is the session's own; the tables stay where they are.
   */
  public Dataset<Row> query(String sql) {
    String text = sql.toLowerCase(Locale.ROOT).replace("`", "");
    for (Table table : Tables.ALL) {
      if (text.contains(table.name())) {
        register(table);
      }
    }
    for (View view : Tables.VIEWS) {
      if (text.contains(view.table().name())) {
        register(view);
      }
    }
    return session.sql(sql);
  }

  private List<Table> existing(View view) {
    return view.sources().stream().filter(this::exists).toList();
  }

  private void register(View view) {
    List<Table> existing = existing(view);
    if (!view.isReadable(existing)) {
      throw notWritten(view.table());
    }
    existing.forEach(this::register);
    session.sql("CREATE DATABASE IF NOT EXISTS " + view.table().layer());
    session.sql(
        "CREATE OR REPLACE VIEW %s AS %s".formatted(view.table().name(), view.sql(existing)));
  }

  private ShoplensException notWritten(Table table) {
    return Errors.input(
        "Table " + table.name() + " does not exist yet in " + root + ".",
        "No run has written it.",
        "Run `shoplens run` with the same configuration first.");
  }

  private void register(Table table) {
    if (!exists(table)) {
      throw notWritten(table);
    }
    session.sql("CREATE DATABASE IF NOT EXISTS " + table.layer());
    ExternalCatalog catalog = session.sessionState().catalog().externalCatalog();
    String name = table.name().substring(table.layer().length() + 1);
    if (catalog.tableExists(table.layer(), name)) {
      Path known = new Path(catalog.getTable(table.layer(), name).location());
      if (known.equals(new Path(path(table)))) {
        return;
      }
      // Not by SQL, which would look for files of a lake that may be gone; no file is removed.
      catalog.dropTable(table.layer(), name, true, false);
    }
    session.sql(
        "CREATE TABLE %s USING delta LOCATION '%s'"
            .formatted(table.name(), path(table).replace("'", "\\'")));
  }

  /** Dates that commits after a version of the table have rewritten; -1 stands for all commits. */
  public SortedSet<LocalDate> datesRewrittenAfter(Table table, long version) {
    return new CommitLog(this, table).datesAfter(version);
  }

  /** Whether {@link #update} was done to the table after a version; -1 stands for ever. */
  public boolean isUpdatedAfter(Table table, long version) {
    return new CommitLog(this, table).hasUpdatesAfter(version);
  }

  /** Instant of the table's latest commit; empty where it was never written. */
  public Optional<Instant> updatedAt(Table table) {
    return new CommitLog(this, table).committedAt();
  }

  /** The session's Hadoop configuration. */
  public Configuration hadoop() {
    return session.sessionState().newHadoopConf();
  }

  /** The lake's root. */
  public String root() {
    return root.toString();
  }

  /** Where a table lies. */
  public String path(Table table) {
    return new Path(root, table.directory()).toString();
  }

  /** Condition that a date column has one of the dates, as ranges. */
  public static Column in(Column date, SortedSet<LocalDate> dates) {
    return ranges(dates).stream()
        .map(range -> date.between(range.first().toString(), range.last().toString()))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  private static String predicate(String column, SortedSet<LocalDate> dates) {
    return ranges(dates).stream()
        .map(
            range ->
                "(%s >= '%s' AND %s <= '%s')"
                    .formatted(column, range.first(), column, range.last()))
        .reduce((left, right) -> left + " OR " + right)
        .orElse("false");
  }

  private record Range(LocalDate first, LocalDate last) {}

  private static List<Range> ranges(SortedSet<LocalDate> dates) {
    List<Range> ranges = new ArrayList<>();
    for (LocalDate date : dates) {
      int latest = ranges.size() - 1;
      if (latest >= 0 && ranges.get(latest).last().plusDays(1).equals(date)) {
        ranges.set(latest, new Range(ranges.get(latest).first(), date));
      } else {
        ranges.add(new Range(date, date));
      }
    }
    return ranges;
  }

  private DataFrameWriter<Row> writer(Table table, Dataset<Row> rows) {
    requireLease();
    return conformed(table, rows)
        .write()
        .format("delta")
        .options(TableProperties.of(table))
        .option("mergeSchema", "true")
        .partitionBy(table.partitionedBy().toArray(String[]::new));
  }

  /** The declared columns in order, with their comments; another type is a fault of the code. */
  private static Dataset<Row> conformed(Table table, Dataset<Row> rows) {
    Column[] columns = new Column[table.schema().size()];
    for (int i = 0; i < columns.length; i++) {
      StructField declared = table.schema().fields()[i];
      StructField actual = rows.schema().apply(declared.name());
      if (!actual.dataType().sameType(declared.dataType())) {
        throw new IllegalStateException(
            "%s.%s is declared as %s, not %s"
                .formatted(
                    table.name(),
                    declared.name(),
                    declared.dataType().sql(),
                    actual.dataType().sql()));
      }
      columns[i] = col(declared.name()).as(declared.name(), declared.metadata());
    }
    return rows.select(columns);
  }
}
