package io.shoplens.clickstream;

import static io.shoplens.table.Columns.DEVICE_ID;
import static io.shoplens.table.Columns.EVENT_AT;
import static io.shoplens.table.Columns.EVENT_ID;
import static io.shoplens.table.Columns.EVENT_UTC_DATE;
import static io.shoplens.table.Columns.IDENTIFIED_AT;
import static io.shoplens.table.Columns.ORDER_EVENT_ID;
import static io.shoplens.table.Columns.SOURCE_ID;
import static io.shoplens.table.Columns.USER_ID;
import static io.shoplens.table.Columns.UTC_DATE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Which user was seen on which device: {@code silver.identities}.
 *
 * <p>A record with both ids identifies the user on the device at its instant. Kept are the
 * identifications that can be some event's next one: those that follow an unidentified event of
 * their UTC date with no other identification between, and each device's first of a UTC date, which
 * may be the next of an event of an earlier date. So the table is decided date by date, and the
 * next identification of any event is the same as over all identifications.
 */
public final class DeviceIdentifications {
  private static final String IS_IDENTIFIED = "_is_identified";
  private static final String FOLLOWS_IDENTIFIED = "_follows_identified";

  private DeviceIdentifications() {}

  /**
   * The identifications that an unidentified event can need. Unidentified are events without a
   * user; order events only identify. At one instant an unidentified event comes first, then
   * identifications by source id, then by user.
   *
   * @param events accepted rows of bronze.events
   * @param orderEvents accepted rows of bronze.order_events
   * @return rows of silver.identities, unique by device_id, identified_at and source_id
   */
  public static Dataset<Row> of(Dataset<Row> events, Dataset<Row> orderEvents) {
    Dataset<Row> observations =
        observed(events, EVENT_ID)
            .unionByName(observed(orderEvents, ORDER_EVENT_ID).where(col(USER_ID).isNotNull()));
    return observations
        .withColumn(IS_IDENTIFIED, col(USER_ID).isNotNull())
        .withColumn(FOLLOWS_IDENTIFIED, lag(IS_IDENTIFIED, 1).over(deviceDay()))
        .where(col(IS_IDENTIFIED).and(coalesce(col(FOLLOWS_IDENTIFIED), lit(false)).equalTo(false)))
        .drop(IS_IDENTIFIED, FOLLOWS_IDENTIFIED);
  }

  private static Dataset<Row> observed(Dataset<Row> records, String sourceId) {
    return records
        .where(col(DEVICE_ID).isNotNull())
        .select(
            col(DEVICE_ID),
            col(USER_ID),
            col(EVENT_AT).as(IDENTIFIED_AT),
            col(sourceId).as(SOURCE_ID),
            col(EVENT_UTC_DATE).as(UTC_DATE));
  }

  private static WindowSpec deviceDay() {
    return Window.partitionBy(DEVICE_ID, UTC_DATE)
        .orderBy(
            new Column[] {col(IDENTIFIED_AT), col(IS_IDENTIFIED), col(SOURCE_ID), col(USER_ID)});
  }
}
