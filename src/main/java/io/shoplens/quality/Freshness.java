package io.shoplens.quality;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import java.time.Duration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How far each market's data reaches. Source: definitions, section 2, Watermark. */
public final class Freshness {
  private Freshness() {}

  /**
   * The watermarks after some records came in.
   *
   * @param events accepted events that came in
   * @param orderEvents accepted order events that came in
   * @param before the watermarks so far
   * @param grace how long a watermark stays behind its data
   * @return ops.watermarks
   */
  public static Dataset<Row> watermarks(
      Dataset<Row> events, Dataset<Row> orderEvents, Dataset<Row> before, Duration grace) {
    Column none = lit(null).cast("timestamp");
    return timely(events)
        .select(col(MARKET), col(EVENT_AT).as(CLICKS_UNTIL), none.as(ORDERS_UNTIL))
        .unionByName(
            timely(orderEvents)
                .select(col(MARKET), none.as(CLICKS_UNTIL), col(EVENT_AT).as(ORDERS_UNTIL)))
        .unionByName(before.select(MARKET, CLICKS_UNTIL, ORDERS_UNTIL))
        .groupBy(MARKET)
        .agg(max(CLICKS_UNTIL).as(CLICKS_UNTIL), max(ORDERS_UNTIL).as(ORDERS_UNTIL))
        .withColumn(WATERMARK_AT, watermark(grace));
  }

  private static Dataset<Row> timely(Dataset<Row> records) {
    return records.where(coalesce(col(EVENT_AT).leq(col(RECEIVED_AT)), lit(true)));
  }

  private static Column watermark(Duration grace) {
    Column smaller = least(col(CLICKS_UNTIL), col(ORDERS_UNTIL));
    return when(
        col(CLICKS_UNTIL).isNotNull().and(col(ORDERS_UNTIL).isNotNull()),
        smaller.minus(functions.expr("INTERVAL '" + grace.toSeconds() + "' SECOND")));
  }
}
