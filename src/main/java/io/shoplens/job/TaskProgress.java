package io.shoplens.job;

import io.shoplens.rawlog.FilesRead;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Tells how far a step has come by what its Spark tasks report when they end. */
final class TaskProgress extends SparkListener {
  private final SparkContext spark;
  private final Progress progress;
  private final Step step;
  private long files;
  private long rows;

  private TaskProgress(SparkContext spark, Progress progress, Step step) {
    this.spark = spark;
    this.progress = progress;
    this.step = step;
  }

  /** Listens until it is stopped. */
  static TaskProgress of(SparkContext spark, Progress progress, Step step) {
    TaskProgress listener = new TaskProgress(spark, progress, step);
    spark.addSparkListener(listener);
    return listener;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskMetrics() == null) {
      return;
    }
    rows += end.taskMetrics().inputMetrics().recordsRead();
    for (AccumulableInfo figure : CollectionConverters.asJava(end.taskInfo().accumulables())) {
      if (figure.name().contains(FilesRead.DESCRIPTION) && figure.update().isDefined()) {
        files += ((Number) figure.update().get()).longValue();
      }
    }
    progress.advanced(step, files, rows);
  }

  void stop() {
    spark.removeSparkListener(this);
  }
}
