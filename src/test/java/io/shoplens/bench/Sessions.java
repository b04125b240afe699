package io.shoplens.bench;

import io.shoplens.bench.Contender.Work;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** Spark on two cores, and what its tasks count. */
final class Sessions {
  private Sessions() {}

  /** A session with Delta and nothing else that is not Spark's default. */
  static SparkSession.Builder stock() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("bench")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
  }

  /**
   * The settings that the launcher starts with on a small machine. What Spark compiles for a plan
   * is kept from one round to the next, or a warm-up would be none.
   */
  static SparkSession.Builder tuned() {
    SparkSession.Builder builder = stock();
    defaults().forEach((key, value) -> builder.config((String) key, (String) value));
    return builder
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.codegen.cache.maxEntries", "1000")
        .config("spark.sql.parquet.compression.codec", Contender.CODEC);
  }

  private static Properties defaults() {
    Properties defaults = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of("conf/spark-defaults.conf"))) {
      defaults.load(file);
      return defaults;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Adds up what tasks shuffle and write. */
  static final class Counter extends SparkListener {
    private final AtomicLong shuffled = new AtomicLong();
    private final AtomicLong written = new AtomicLong();

    static Counter on(SparkSession session) {
      Counter counter = new Counter();
      session.sparkContext().addSparkListener(counter);
      return counter;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      TaskMetrics metrics = end.taskMetrics();
      if (metrics != null) {
        shuffled.addAndGet(metrics.shuffleWriteMetrics().bytesWritten());
        written.addAndGet(metrics.outputMetrics().bytesWritten());
      }
    }

    /** What was counted since the last time, with the records that were rejected. */
    Work take(long rejected) throws InterruptedException {
      // Events of tasks arrive a little later than their results.
      Thread.sleep(500);
      return new Work(shuffled.getAndSet(0), written.getAndSet(0), rejected);
    }
  }
}
