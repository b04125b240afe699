package io.shoplens.quality;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Feed;
import java.time.Duration;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How far each market's data reaches. Source: definitions, section 2, Watermark. */
public final class Freshness {
  private Freshness() {}

  /**
   * The watermarks after some records came in; which dates are complete is said by the gold made
   * under them, so that stays.
   *
   * @param events accepted events that came in
   * @param orderEvents accepted order events that came in
   * @param before the watermarks so far; of a feed without its instants, all records that there are
   *     have to be among those that came in
   * @param kinds what the configured feeds bring: nothing is waited for that no feed brings
   * @param grace how long a watermark stays behind its data
   * @return ops.watermarks
   */
  public static Dataset<Row> watermarks(
      Dataset<Row> events,
      Dataset<Row> orderEvents,
      Dataset<Row> before,
      Set<Feed.Kind> kinds,
      Duration grace) {
    Column none = lit(null).cast("timestamp");
    Column noDate = lit(null).cast("date").as(COMPLETE_UNTIL);
    return timely(events)
        .select(col(MARKET), col(EVENT_AT).as(CLICKS_UNTIL), none.as(ORDERS_UNTIL), noDate)
        .unionByName(
            timely(orderEvents)
                .select(col(MARKET), none.as(CLICKS_UNTIL), col(EVENT_AT).as(ORDERS_UNTIL), noDate))
        .unionByName(before.select(MARKET, CLICKS_UNTIL, ORDERS_UNTIL, COMPLETE_UNTIL))
        .groupBy(MARKET)
        .agg(
            max(CLICKS_UNTIL).as(CLICKS_UNTIL),
            max(ORDERS_UNTIL).as(ORDERS_UNTIL),
            max(COMPLETE_UNTIL).as(COMPLETE_UNTIL))
        .where(coalesce(col(CLICKS_UNTIL), col(ORDERS_UNTIL)).isNotNull())
        .withColumn(WATERMARK_AT, watermark(kinds, grace));
  }

  private static Dataset<Row> timely(Dataset<Row> records) {
    return records.where(coalesce(col(EVENT_AT).leq(col(RECEIVED_AT)), lit(true)));
  }

  private static Column watermark(Set<Feed.Kind> kinds, Duration grace) {
    Column isThere =
        isThere(CLICKS_UNTIL, Feed.Kind.EVENTS, kinds)
            .and(isThere(ORDERS_UNTIL, Feed.Kind.ORDERS, kinds));
    return when(
        isThere,
        least(col(CLICKS_UNTIL), col(ORDERS_UNTIL))
            .minus(functions.expr("INTERVAL '" + grace.toSeconds() + "' SECOND")));
  }

  private static Column isThere(String until, Feed.Kind kind, Set<Feed.Kind> kinds) {
    return kinds.contains(kind) ? col(until).isNotNull() : lit(true);
  }
}
