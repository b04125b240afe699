package io.shoplens.leakage;

import static io.shoplens.leakage.LeakOpenings.AT;
import static io.shoplens.leakage.LeakOpenings.LEAK;
import static io.shoplens.leakage.LeakOpenings.LEAK_CLASS;
import static io.shoplens.leakage.Settlements.CONFIRMED;
import static io.shoplens.leakage.Settlements.RECAPTURED;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.shoplens.table.Types;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Leaks and their states. Source: definitions, section 6, State. */
public final class LeakStates {
  static final String NOT_COMPETITOR = "not_competitor";
  static final String POSSIBLE = "possible";
  static final String PENDING = "pending";
  static final String LEAKED = "leaked";

  private LeakStates() {}

  /**
   * The rows of {@code silver.leaks}.
   *
   * @param evidence of {@link LeakEvidence#of}
   * @param watermarks {@code ops.watermarks}
   */
  public static Dataset<Row> of(Dataset<Row> evidence, Dataset<Row> watermarks) {
    Column leak = col(LEAK);
    Column leakAt = col(AT);
    return evidence
        .where(col(EVENT_ID).isNotNull())
        // A device's leak may be settled by its own orders and by those of who was seen on it.
        .groupBy(EVENT_ID, AT, WINDOW_DAYS)
        .agg(
            max(leak).as(LEAK),
            min(CONFIRMED).as(CONFIRMED),
            sum(CONFIRMED_LINES).as(CONFIRMED_LINES),
            sum(CONFIRMED_GMV_REPORTING).cast(Types.MONEY).as(CONFIRMED_GMV_REPORTING),
            min(RECAPTURED).as(RECAPTURED),
            sum(RECAPTURED_LINES).as(RECAPTURED_LINES),
            sum(RECAPTURED_GMV_REPORTING).cast(Types.MONEY).as(RECAPTURED_GMV_REPORTING))
        .withColumn(MARKET, leak.getField(MARKET))
        .join(broadcast(watermarks.select(MARKET, WATERMARK_AT)), MARKET, "left")
        .withColumn(IS_CONFIRMED, col(CONFIRMED_LINES).gt(0))
        .withColumn(IS_RECAPTURED, col(RECAPTURED_LINES).gt(0))
        .withColumn(
            IS_MATURE,
            coalesce(unix_micros(col(WATERMARK_AT)).gt(leakAt.plus(window())), lit(false)))
        .select(
            col(EVENT_ID),
            col(WINDOW_DAYS),
            timestamp_micros(leakAt).as(LEAK_AT),
            date_from_unix_date(leak.getField(LEAK_DATE)).as(LEAK_DATE),
            col(MARKET),
            of(USER_ID),
            of(DEVICE_ID),
            of(LEAK_KEY),
            state(leak.getField(LEAK_CLASS)).as(STATE),
            col(IS_MATURE),
            col(IS_CONFIRMED),
            col(IS_RECAPTURED),
            of(MERCHANT_GROUP),
            of(PARENT_GROUP),
            of(LINK_KIND),
            of(CERTAINTY),
            of(PRODUCT_ID),
            of(CATEGORY),
            of(CREATOR_ID),
            of(CONTENT_ID),
            timestamp_micros(leak.getField(LAST_CLICK_AT)).as(LAST_CLICK_AT),
            of(CLICK_IDS),
            timestamp_micros(col(CONFIRMED).getField(AT)).as(CONFIRMED_AT),
            col(CONFIRMED).getField(ORDER_ID).as(CONFIRMED_ORDER_ID),
            col(CONFIRMED).getField(LINE_ID).as(CONFIRMED_LINE_ID),
            col(CONFIRMED_LINES),
            col(CONFIRMED_GMV_REPORTING),
            timestamp_micros(col(RECAPTURED).getField(AT)).as(RECAPTURED_AT),
            col(RECAPTURED).getField(ORDER_ID).as(RECAPTURED_ORDER_ID),
            col(RECAPTURED).getField(LINE_ID).as(RECAPTURED_LINE_ID),
            col(RECAPTURED_LINES),
            col(RECAPTURED_GMV_REPORTING));
  }

  /**
   * Whether a stored leak is pending and, by watermarks of now, should not be.
   *
   * @param leaks {@code silver.leaks} joined with {@code ops.watermarks}
   */
  public static Dataset<Row> overdue(Dataset<Row> leaks, Dataset<Row> watermarks) {
    return leaks
        .where(not(col(IS_MATURE)))
        .join(broadcast(watermarks.select(MARKET, WATERMARK_AT)), MARKET)
        .where(unix_micros(col(WATERMARK_AT)).gt(unix_micros(col(LEAK_AT)).plus(window())));
  }

  private static Column window() {
    return col(WINDOW_DAYS).cast("bigint").multiply(TimeUnit.DAYS.toMicros(1));
  }

  private static Column of(String field) {
    return col(LEAK).getField(field).as(field);
  }

  private static Column state(Column leakClass) {
    return when(leakClass.notEqual(LeakOpenings.COMPETITOR), leakClass)
        .when(not(col(IS_MATURE)), PENDING)
        .when(col(IS_CONFIRMED), CONFIRMED)
        .when(col(IS_RECAPTURED), RECAPTURED)
        .otherwise(LEAKED);
  }
}
