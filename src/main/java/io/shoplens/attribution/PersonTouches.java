package io.shoplens.attribution;

import static io.shoplens.attribution.CreditRows.KNOWN_AT;
import static io.shoplens.attribution.Movement.PERSON;
import static io.shoplens.attribution.OrderCredits.columns;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.unix_micros;

import java.time.Duration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Whose a touch is. A touch with a user is that user's; one without is the device's, and from the
 * device's next identification also the user's who is seen there.
 */
final class PersonTouches {
  private static final String NEXT = "next";

  private PersonTouches() {}

  /** The person of an observed user and device; NULL without both. */
  static Column person() {
    return coalesce(concat(lit("user "), col(USER_ID)), concat(lit("device "), col(DEVICE_ID)));
  }

  /**
   * The touches of the persons who ordered, as {@link CreditRows#TOUCH}; a touch without a user may
   * be there both for its device and for its user.
   *
   * @param orders with person, user_id and device_id
   * @param identityWindow how long before an identification a touch without a user is its user's
   */
  static Dataset<Row> of(
      Dataset<Row> touchpoints,
      Dataset<Row> identities,
      Dataset<Row> orders,
      Duration identityWindow) {
    Dataset<Row> observed =
        touchpoints.withColumn(PERSON, person()).withColumn(KNOWN_AT, unix_micros(col(TOUCH_AT)));
    return touches(observed)
        .unionByName(touches(identified(touchpoints, identities, orders, identityWindow)))
        .join(orders.select(PERSON), PERSON, "left_semi");
  }

  private static Dataset<Row> touches(Dataset<Row> resolved) {
    return resolved
        .withColumn(TOUCH_AT, unix_micros(col(TOUCH_AT)))
        .select(columns(CreditRows.TOUCH.fieldNames()));
  }

  /** Touches without a user whose device is identified in time, as those of the user seen then. */
  private static Dataset<Row> identified(
      Dataset<Row> touchpoints,
      Dataset<Row> identities,
      Dataset<Row> orders,
      Duration identityWindow) {
    // Each once: one person may be identified millions of times, and Spark, which sees how little
    // room so many equal ids take, would send every one of them to all executors.
    Dataset<Row> devices =
        identities.join(orders.select(USER_ID), USER_ID, "left_semi").select(DEVICE_ID).distinct();
    Dataset<Row> unidentified = touchpoints.filter(col(USER_ID).isNull()).drop(USER_ID);
    Dataset<Row> identifications =
        identities.select(
            col(DEVICE_ID),
            col(IDENTIFIED_AT).as(TOUCH_AT),
            col(SOURCE_ID),
            struct(col(USER_ID), unix_micros(col(IDENTIFIED_AT)).as(KNOWN_AT)).as(NEXT));
    // Backwards in time; at one instant identifications first, so that theirs is next.
    WindowSpec fromTheEnd =
        Window.partitionBy(DEVICE_ID)
            .orderBy(col(TOUCH_AT).desc(), col(SOURCE_ID).desc_nulls_last())
            .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    return unidentified
        .unionByName(identifications, true)
        .join(devices, DEVICE_ID, "left_semi")
        .withColumn(NEXT, last(col(NEXT), true).over(fromTheEnd))
        .filter(col(EVENT_ID).isNotNull())
        .withColumn(USER_ID, col(NEXT).getField(USER_ID))
        .withColumn(KNOWN_AT, col(NEXT).getField(KNOWN_AT))
        .filter(
            col(KNOWN_AT).minus(unix_micros(col(TOUCH_AT))).leq(CreditRows.micros(identityWindow)))
        .withColumn(PERSON, person());
  }
}
