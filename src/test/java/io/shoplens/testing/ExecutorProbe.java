package io.shoplens.testing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** An application that prints which executors worked for it, and that they know our classes. */
public final class ExecutorProbe {
  private ExecutorProbe() {}

  /** Takes the name of a class of the job jar. */
  public static void main(String[] arguments) throws IOException {
    String known = arguments[0];
    UDF1<Long, String> where =
        row -> SparkEnv.get().executorId() + " knows " + Class.forName(known).getSimpleName();
    try (SparkSession spark = SparkSession.builder().appName("probe").getOrCreate()) {
      List<String> answers =
          spark
              .range(0, 100, 1, 4)
              .select(udf(where, DataTypes.StringType).apply(col("id")))
              .distinct()
              .as(Encoders.STRING())
              .collectAsList();
      answers.forEach(System.out::println);
    }
  }
}
