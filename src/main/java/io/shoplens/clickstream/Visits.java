package io.shoplens.clickstream;

import static io.shoplens.table.Columns.DEVICE_ID;
import static io.shoplens.table.Columns.ENDED_AT;
import static io.shoplens.table.Columns.EVENT_AT;
import static io.shoplens.table.Columns.EVENT_COUNT;
import static io.shoplens.table.Columns.EVENT_DATE;
import static io.shoplens.table.Columns.EVENT_ID;
import static io.shoplens.table.Columns.EVENT_TYPE;
import static io.shoplens.table.Columns.IS_BOT;
import static io.shoplens.table.Columns.MARKET;
import static io.shoplens.table.Columns.OUTBOUND_CLICKS;
import static io.shoplens.table.Columns.PRODUCT_CLICKS;
import static io.shoplens.table.Columns.REGION;
import static io.shoplens.table.Columns.SESSION_DATE;
import static io.shoplens.table.Columns.SESSION_ID;
import static io.shoplens.table.Columns.SESSION_STARTED_AT;
import static io.shoplens.table.Columns.STARTED_AT;
import static io.shoplens.table.Columns.USER_ID;
import static org.apache.spark.sql.functions.bool_and;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Sessions, one row each: {@code silver.sessions}. */
public final class Visits {
  private static final String FIRST = "_first";
  private static final String FIRST_IDENTIFIED = "_first_identified";

  private Visits() {}

  /**
   * The sessions of events. Market, region and date are the first event's, by instant and id.
   *
   * @param sessionized events as {@link SessionizedEvents} marks them
   * @return rows of silver.sessions, unique by session_id
   */
  public static Dataset<Row> of(Dataset<Row> sessionized) {
    return sessionized
        .groupBy(SESSION_ID)
        .agg(
            min(inOrder(MARKET, REGION, EVENT_DATE, DEVICE_ID)).as(FIRST),
            min(when(col(USER_ID).isNotNull(), inOrder(USER_ID))).as(FIRST_IDENTIFIED),
            min(SESSION_STARTED_AT).as(STARTED_AT),
            max(EVENT_AT).as(ENDED_AT),
            count(lit(1)).as(EVENT_COUNT),
            count_if(isA(EventTypes.PRODUCT_CLICK)).as(PRODUCT_CLICKS),
            count_if(isA(EventTypes.OUTBOUND_CLICK)).as(OUTBOUND_CLICKS),
            bool_and(col(IS_BOT)).as(IS_BOT))
        .withColumn(MARKET, col(FIRST).getField(MARKET))
        .withColumn(REGION, col(FIRST).getField(REGION))
        .withColumn(SESSION_DATE, col(FIRST).getField(EVENT_DATE))
        .withColumn(DEVICE_ID, col(FIRST).getField(DEVICE_ID))
        .withColumn(USER_ID, col(FIRST_IDENTIFIED).getField(USER_ID))
        .drop(FIRST, FIRST_IDENTIFIED);
  }

  /** Columns of an event behind what orders events: the smallest is the first event's. */
  private static Column inOrder(String... columns) {
    Column[] fields = new Column[columns.length + 2];
    fields[0] = col(EVENT_AT);
    fields[1] = col(EVENT_ID);
    for (int i = 0; i < columns.length; i++) {
      fields[i + 2] = col(columns[i]);
    }
    return struct(fields);
  }

  private static Column isA(String eventType) {
    return col(EVENT_TYPE).equalTo(eventType);
  }
}
