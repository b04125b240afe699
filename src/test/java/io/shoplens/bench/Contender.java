package io.shoplens.bench;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Turns logs of clickstream events into a table in which every event is once. */
interface Contender extends AutoCloseable {
  /** The fields that all contenders read, all but event_at and received_at as text. */
  List<String> FIELDS =
      List.of(
          "event_id",
          "event_type",
          "event_at",
          "received_at",
          "user_id",
          "device_id",
          "market",
          "region",
          "surface",
          "content_id",
          "creator_id",
          "product_id",
          "category",
          "ad_id",
          "link_url",
          "referrer_url",
          "utm_source",
          "utm_medium",
          "utm_campaign",
          "app_version",
          "platform",
          "user_agent");

  /** Compression of the Parquet files that all of them write. */
  String CODEC = "snappy";

  /** Who takes part, in the order they take turns. */
  enum Name {
    SHOPLENS("Shoplens"),
    TEXTBOOK("Spark, textbook"),
    STOCK("Spark, textbook, stock settings"),
    DUCKDB("DuckDB");

    private final String label;

    Name(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    Contender start() throws Exception {
      return switch (this) {
        case SHOPLENS -> new Shoplens();
        case TEXTBOOK -> Textbook.tuned();
        case STOCK -> Textbook.stock();
        case DUCKDB -> new DuckDb();
      };
    }

    /** The events that it wrote. */
    Dataset<Row> events(SparkSession session, Path out) {
      return switch (this) {
        case SHOPLENS ->
            session
                .read()
                .format("delta")
                .load(Shoplens.events(out).toString())
                .where("record_kind = 'accepted'");
        case TEXTBOOK, STOCK -> session.read().format("delta").load(out.toString());
        case DUCKDB -> session.read().parquet(DuckDb.events(out).toString());
      };
    }
  }

  /**
   * Reads logs and writes what is new of them.
   *
   * @param logs a folder of gz files of JSON lines, and of folders of such
   * @param out folder for the result; what an earlier call left there stays
   */
  Work write(Path logs, Path out) throws Exception;

  @Override
  void close();

  /**
   * What a call did.
   *
   * @param shuffled bytes, as its engine counts them; -1 where it does not
   * @param written bytes, likewise
   * @param rejected records that are no events
   */
  record Work(long shuffled, long written, long rejected) {}

  /**
   * Rows and what they hold, whatever their order: received_at apart, of which repeats may keep
   * either.
   */
  static String fingerprint(Dataset<Row> events) {
    Dataset<Row> texts =
        events.select(
            FIELDS.stream()
                .filter(field -> !field.equals("received_at"))
                .map(
                    field ->
                        field.equals("event_at")
                            ? functions.unix_micros(functions.col(field).cast("timestamp"))
                            : functions.coalesce(functions.col(field), functions.lit("\u0000")))
                .toArray(org.apache.spark.sql.Column[]::new));
    Row row =
        texts
            .select(functions.xxhash64(functions.col("*")).as("hash"))
            .selectExpr("count(*)", "bit_xor(hash)", "sum(cast(hash as decimal(38, 0)))")
            .head();
    return row.getLong(0) + " rows " + Long.toHexString(row.getLong(1)) + " " + row.get(2);
  }
}
