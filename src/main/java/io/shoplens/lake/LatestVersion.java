package io.shoplens.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * A table's latest version, read and overwritten without asking Spark which files it has.
 *
 * <p>Delta's public reader and writer find a table's files by Spark queries over its log: one for
 * each scan, three for each overwrite. Where there is little to do that is most of the work. The
 * list stands beside the commit as well, in its checksum file, as long as it is short enough
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

  /** Whether the list of its files is at hand. */
  boolean hasListedFiles() {
    return files().isDefined();
  }

  StructType schema() {
    return snapshot.schema();
  }

  /** The latest transaction of an application, however long ago it was committed. */
  Optional<Long> transaction(String application) {
    return OptionConverters.toJava(snapshot.transactions().get(application))
        .map(version -> (Long) version);
  }

  private Option<Seq<AddFile>> files() {
    return snapshot.checksumOpt().isDefined()
        ? snapshot.checksumOpt().get().allFiles()
        : Option.empty();
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
    OptimisticTransaction transaction =
        snapshot.deltaLog().startTransaction(Option.empty(), Option.apply(snapshot));
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
    List<Action> actions =
        new ArrayList<>(CollectionConverters.asJava(transaction.writeFiles(rows, Option.empty())));
    long now = System.currentTimeMillis();
    replaced.forEach(file -> actions.add(file.removeWithTimestamp(now, true)));
    beforeCommit.run();
    transaction.commit(
        seq(actions),
        new DeltaOperations.Write(
            SaveMode.Overwrite,
            Option.apply(snapshot.metadata().partitionColumns()),
            Option.apply(condition.orElse(null)),
            Option.apply(userMetadata.orElse(null)),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty()));
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
