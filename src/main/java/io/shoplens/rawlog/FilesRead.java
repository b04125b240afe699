package io.shoplens.rawlog;

import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** Raw files read to their end, as Spark reports it of a task. */
public final class FilesRead extends CustomSumMetric {
  /** Name under which tasks report it. */
  public static final String DESCRIPTION = "raw files read";

  private static final String NAME = "rawFilesRead";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return DESCRIPTION;
  }

  static CustomTaskMetric of(long files) {
    return new CustomTaskMetric() {
      @Override
      public String name() {
        return NAME;
      }

      @Override
      public long value() {
        return files;
      }
    };
  }
}
