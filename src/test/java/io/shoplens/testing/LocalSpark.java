package io.shoplens.testing;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of the test JVM: real Spark and Delta, two threads, one partition. */
public final class LocalSpark {
  private static final class Holder {
    private static final SparkSession SESSION = start();

    private static SparkSession start() {
      SparkSession session =
          SparkSession.builder()
              .master("local[2]")
              .appName("shoplens-tests")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "1")
              .config("spark.sql.session.timeZone", "UTC")
              .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              .config("spark.databricks.delta.snapshotPartitions", "1")
              // One partition leaves nothing to adapt, and every stage would be planned anew.
              .config("spark.sql.adaptive.enabled", "false")
              // Of a few rows each, plans cost less to interpret than to compile. The tests that
              // submit to a cluster and start the launcher run compiled ones.
              .config("spark.sql.codegen.wholeStage", "false")
              .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
              // What is compiled nevertheless is kept: it is the same from one test to the next.
              .config("spark.sql.codegen.cache.maxEntries", "5000")
              // As in production: see SparkSessions.
              .config("spark.databricks.delta.allFilesInCrc.enabled", "true")
              .config("spark.databricks.delta.allFilesInCrc.thresholdNumFiles", "2000")
              .config(
                  "spark.databricks.delta.allFilesInCrc.verificationMode.forceOnNonUTC.enabled",
                  "false")
              // Logs of lakes that are gone are not kept: of hundreds they fill the heap.
              .config("spark.databricks.delta.delta.log.cacheSize", "40")
              // What the UI would show is not kept: over a test run it fills the heap.
              .config("spark.sql.ui.retainedExecutions", "5")
              .config("spark.ui.retainedJobs", "50")
              .config("spark.ui.retainedStages", "50")
              .config("spark.ui.retainedTasks", "500")
              .config("spark.sql.ui.explainMode", "simple")
              .config("spark.delta.logStore.s3a.impl", CommitFaults.LogStore.class.getName())
              .config("spark.databricks.delta.commit.idempotencyCheck.enabled", "true")
              .config(
                  "spark.databricks.delta.vacuum.enforceTimeTravelWithinDeletedFileRetentionDuration",
                  "false")
              .config("spark.hadoop.fs.s3a.input.stream.type", "classic")
              .config("spark.hadoop.fs.s3a.change.detection.version.required", "false")
              .config("spark.sql.warehouse.dir", "target/spark-warehouse")
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
      return session;
    }
  }

  private LocalSpark() {}

  public static SparkSession session() {
    return Holder.SESSION;
  }
}
