package io.shoplens.generate;

import org.apache.spark.sql.SparkSession;

/** Makes the sample logs that the project ships: {@code SampleLogs data-samples}. */
public final class SampleLogs {
  private SampleLogs() {}

  /** The settings of the sample logs. */
  public static GenerateSettings settings(String out) {
    return GenerateSettings.of(20_000, 7, 1, out)
        .withFormat(LogFormat.MIXED)
        .withDamagedRate(0.008);
  }

  /** Writes the sample logs into the folder given as the only argument. */
  public static void main(String[] arguments) {
    SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .appName("shoplens-samples")
            .config("spark.ui.enabled", "false")
            .getOrCreate();
    try {
      System.out.println(SyntheticLogs.write(session, settings(arguments[0])));
    } finally {
      session.stop();
    }
  }
}
