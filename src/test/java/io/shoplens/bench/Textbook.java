package io.shoplens.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_date;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The job everybody writes: read JSON, drop duplicates, write Delta. */
final class Textbook implements Contender {
  private final SparkSession session;
  private final Sessions.Counter counter;
  private final Map<String, String> properties;

  private Textbook(SparkSession session, Map<String, String> properties) {
    this.session = session;
    this.counter = Sessions.Counter.on(session);
    this.properties = properties;
  }

  /** With the codec, the statistics and the session of the ingest. */
  static Textbook tuned() {
    return new Textbook(
        Sessions.tuned().getOrCreate(), Map.of("delta.dataSkippingStatsColumns", "event_at"));
  }

  /** As Spark and Delta come. */
  static Textbook stock() {
    return new Textbook(Sessions.stock().getOrCreate(), Map.of());
  }

  @Override
  public Work write(Path logs, Path out) throws InterruptedException {
    StructType schema = new StructType();
    for (String field : FIELDS) {
      schema =
          schema.add(
              field,
              field.equals("event_at") || field.equals("received_at")
                  ? DataTypes.TimestampType
                  : DataTypes.StringType);
    }
    session
        .read()
        .schema(schema)
        .option("recursiveFileLookup", "true")
        .json(logs.toString())
        .withColumn("event_utc_date", to_date(col("event_at")))
        .dropDuplicates("event_utc_date", "event_id")
        .write()
        .format("delta")
        .options(properties)
        .partitionBy("event_utc_date")
        .save(out.toString());
    return counter.take(0);
  }

  @Override
  public void close() {
    session.stop();
  }
}
