package io.shoplens.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table's latest version, read, written and put back without asking Spark what its log says.
 *
 * <p>Delta's public reader and writer find a table's files, and what was appended under which
 * transaction id, by Spark queries over its log: one for each scan, three for each overwrite and
 * each append, a dozen for each restore. Where there is little to do that is most of the work. Both
 * stand beside the commit as well, in its checksum file, the files as long as they are few enough
 * (spark.databricks.delta.allFilesInCrc); Delta's own transaction takes what to remove from the
 * list. The transaction notes what it read, so that a commit that comes between is found to
 * conflict as with the public writer.
 */
final class LatestVersion {
  private final SparkSession session;
  private final Snapshot snapshot;

  /** Every read of it, so that what two parts of a plan read in common is read once. */
  private BaseRelation relation;

  private LatestVersion(SparkSession session, Snapshot snapshot) {
    this.session = session;
    this.snapshot = snapshot;
  }

  /** The latest version of the table at a path; number -1 where there is none. */
  static LatestVersion of(SparkSession session, String path) {
    return new LatestVersion(session, DeltaLog.forTableWithSnapshot(session, path)._2());
  }

  long number() {
    return snapshot.version();
  }

  /** Whether another is the same version, and was found in what Delta still knows of the log. */
  boolean isSame(LatestVersion other) {
    // Delta is made to forget a log of which files have gone that versions were found in.
    return number() == other.number() && snapshot.deltaLog() == other.snapshot.deltaLog();
  }

  /** Whether the list of its files is at hand. */
  boolean hasListedFiles() {
    return files().isDefined();
  }

  StructType schema() {
    return snapshot.schema();
  }

  /** Whether a transaction was committed, or a later one of its application. */
  boolean holds(SetTransaction transaction) {
    // Delta's own setTransactionsIfKnown asks Spark where they are not known.
    return CollectionConverters.asJava(
            beside(snapshot, VersionChecksum::setTransactions).getOrElse(snapshot::setTransactions))
        .stream()
        .filter(known -> known.appId().equals(transaction.appId()))
        .anyMatch(known -> known.version() >= transaction.version());
  }

  private Option<Seq<AddFile>> files() {
    return listed(snapshot);
  }

  private static Option<Seq<AddFile>> listed(Snapshot version) {
    return beside(version, VersionChecksum::allFiles);
  }

  /** What stands beside a commit, where that tells. */
  private static <T> Option<Seq<T>> beside(
      Snapshot version, Function<VersionChecksum, Option<Seq<T>>> list) {
    Option<VersionChecksum> checksum = version.checksumOpt();
    return checksum.isDefined() ? list.apply(checksum.get()) : Option.empty();
  }

  /** The files of a version by what tells one: where it lies, and which of its rows are hidden. */
  private static Map<String, AddFile> files(Snapshot version) {
    Option<Seq<AddFile>> listed = listed(version);
    List<AddFile> files =
        listed.isDefined()
            ? CollectionConverters.asJava(listed.get())
            : version.allFiles().collectAsList();
    Map<String, AddFile> byName = new TreeMap<>();
    files.forEach(
        file ->
            byName.put(
                file.path() + " " + file.getDeletionVectorUniqueId().getOrElse(() -> ""), file));
    return byName;
  }

  /** An earlier version; throws an AnalysisException where the log no longer has it. */
  private Snapshot asOf(long version) {
    DeltaLog log = snapshot.deltaLog();
    log.history().checkVersionExists(version, Option.empty(), true, false);
    return log.getSnapshotAt(version, Option.empty(), Option.empty(), false);
  }

  /** Data files of an earlier version, and those that say which of their rows are hidden. */
  Set<Path> paths(long version) {
    Set<Path> paths = new TreeSet<>();
    for (AddFile file : files(asOf(version)).values()) {
      paths.add(file.absolutePath(snapshot.deltaLog()));
      if (file.deletionVector() != null && file.deletionVector().isOnDisk()) {
        paths.add(file.deletionVector().absolutePath(snapshot.deltaLog().dataPath()));
      }
    }
    return paths;
  }

  /** Its rows; the files must be listed. No later commit to the table is seen in them. */
  synchronized Dataset<Row> rows() {
    if (relation == null) {
      Dataset<Row> scan =
          snapshot.deltaLog().createDataFrame(snapshot, files().get(), false, Option.empty());
      relation =
          ((LogicalRelation)
                  ((org.apache.spark.sql.classic.Dataset<Row>) scan).queryExecution().logical())
              .relation();
    }
    return session.baseRelationToDataFrame(relation);
  }

  /**
   * Commits rows beside those it has.
   *
   * @param rows rows of the table's columns
   * @param once what the version must not hold yet; whoever commits it meanwhile, Delta finds to
   *     conflict
   * @param userMetadata text the commit carries
   * @param beforeCommit is done when all is written but the commit; what it throws prevents that
   */
  void append(
      Dataset<Row> rows,
      Optional<SetTransaction> once,
      Optional<String> userMetadata,
      Runnable beforeCommit) {
    OptimisticTransaction transaction = begin();
    List<Action> actions = new ArrayList<>(written(transaction, rows));
    once.ifPresent(
        own -> {
          transaction.readTxn().addOne(own.appId());
          actions.add(own);
        });
    beforeCommit.run();
    transaction.commit(seq(actions), operation(SaveMode.Append, Optional.empty(), userMetadata));
  }

  /**
   * Commits rows in place of some of its files, which must be listed.
   *
   * @param rows rows of the table's columns
   * @param isReplaced whether a file gives way, by the value of the table's first partition column
   * @param condition the same as a condition on rows, in SQL; empty where every file gives way
   * @param userMetadata text the commit carries
   * @param beforeCommit is done when all is written but the commit; what it throws prevents that
   */
  void overwrite(
      Dataset<Row> rows,
      Predicate<Optional<String>> isReplaced,
      Optional<String> condition,
      Optional<String> userMetadata,
      Runnable beforeCommit) {
    OptimisticTransaction transaction = begin();
    List<AddFile> replaced =
        CollectionConverters.asJava(files().get()).stream()
            .filter(file -> isReplaced.test(partition(file)))
            .toList();
    if (condition.isPresent()) {
      transaction.trackFilesRead(seq(replaced));
      transaction.trackReadPredicates(seq(List.of(expression(condition.get()))), true, true);
    } else {
      transaction.readWholeTable();
    }
    List<Action> actions = new ArrayList<>(written(transaction, rows));
    actions.addAll(removed(replaced));
    beforeCommit.run();
    transaction.commit(seq(actions), operation(SaveMode.Overwrite, condition, userMetadata));
  }

  /**
   * Commits the files of an earlier version in place of its own. Columns that came since stay.
   *
   * @param version the earlier one
   * @param last the last append that was begun, so that none which is late is made afterwards
   * @param beforeCommit is done when all is ready but the commit; what it throws prevents that
   */
  void restore(long version, Optional<SetTransaction> last, Runnable beforeCommit) {
    OptimisticTransaction transaction = begin();
    transaction.readWholeTable();
    // Or an append could come between: such are taken not to depend on anything.
    transaction.updateMetadata(snapshot.metadata(), false);
    Map<String, AddFile> added = files(asOf(version));
    Map<String, AddFile> removed = files(snapshot);
    Set<String> both = new HashSet<>(added.keySet());
    both.retainAll(removed.keySet());
    added.keySet().removeAll(both);
    removed.keySet().removeAll(both);
    List<Action> actions = new ArrayList<>(removed(removed.values()));
    added.values().forEach(file -> actions.add(changing(file)));
    last.ifPresent(actions::add);
    beforeCommit.run();
    transaction.commit(
        seq(actions), new DeltaOperations.Restore(Option.apply(version), Option.empty()));
  }

  private static List<RemoveFile> removed(Collection<AddFile> files) {
    long now = System.currentTimeMillis();
    return files.stream().map(file -> file.removeWithTimestamp(now, true)).toList();
  }

  /** A file as one whose rows the table did not have before. */
  private static AddFile changing(AddFile file) {
    return file.copy(
        file.path(),
        file.partitionValues(),
        file.size(),
        file.modificationTime(),
        true,
        file.stats(),
        file.tags(),
        file.deletionVector(),
        file.baseRowId(),
        file.defaultRowCommitVersion(),
        file.clusteringProvider(),
        file.backReference(),
        file.amtPassthrough());
  }

  private OptimisticTransaction begin() {
    // What is written is set by the session of the thread, whichever thread that is.
    SparkSession.setActiveSession(session);
    return snapshot.deltaLog().startTransaction(Option.empty(), Option.apply(snapshot));
  }

  private static List<? extends Action> written(
      OptimisticTransaction transaction, Dataset<Row> rows) {
    return CollectionConverters.asJava(transaction.writeFiles(rows, Option.empty()));
  }

  private DeltaOperations.Write operation(
      SaveMode mode, Optional<String> condition, Optional<String> userMetadata) {
    return new DeltaOperations.Write(
        mode,
        Option.apply(snapshot.metadata().partitionColumns()),
        Option.apply(condition.orElse(null)),
        Option.apply(userMetadata.orElse(null)),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty());
  }

  private Expression expression(String condition) {
    try {
      return session.sessionState().sqlParser().parseExpression(condition);
    } catch (org.apache.spark.sql.catalyst.parser.ParseException wrong) {
      throw new IllegalStateException("can't parse " + condition, wrong);
    }
  }

  private Optional<String> partition(AddFile file) {
    Seq<String> columns = snapshot.metadata().partitionColumns();
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(file.partitionValues().apply(columns.head()));
  }

  private static <T> Seq<T> seq(List<? extends T> elements) {
    return CollectionConverters.<T>asScala(new ArrayList<T>(elements)).toSeq();
  }
}
