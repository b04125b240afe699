package io.shoplens.leakage;

import static io.shoplens.leakage.Settlements.LINE;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.shoplens.table.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What product clicks led to in the app, day by day. */
public final class ConversionDays {
  private ConversionDays() {}

  /**
   * The rows of {@code gold.daily_conversion}.
   *
   * @param evidence of {@link LeakEvidence#of}
   * @param touchpoints {@code silver.touchpoints}
   */
  public static Dataset<Row> of(Dataset<Row> evidence, Dataset<Row> touchpoints) {
    return lines(evidence)
        .unionByName(clicks(touchpoints))
        .groupBy(MARKET, CONVERSION_DATE, CATEGORY, PRODUCT_ID)
        .agg(
            sum(PRODUCT_CLICKS).as(PRODUCT_CLICKS),
            sum(LINES).as(LINES),
            sum(UNITS).as(UNITS),
            sum(GMV_REPORTING).cast(Types.MONEY).as(GMV_REPORTING),
            sum(LINES_AFTER_CLICK_1D).as(LINES_AFTER_CLICK_1D),
            sum(LINES_AFTER_CLICK_7D).as(LINES_AFTER_CLICK_7D));
  }

  private static Dataset<Row> lines(Dataset<Row> evidence) {
    return evidence
        .where(col(LINE).isNotNull())
        .select(
            of(MARKET),
            date_from_unix_date(col(LINE).getField(CONVERSION_DATE)).as(CONVERSION_DATE),
            of(CATEGORY),
            of(PRODUCT_ID),
            lit(0L).as(PRODUCT_CLICKS),
            lit(1L).as(LINES),
            of(UNITS),
            of(GMV_REPORTING),
            of(LINES_AFTER_CLICK_1D),
            of(LINES_AFTER_CLICK_7D));
  }

  private static Dataset<Row> clicks(Dataset<Row> touchpoints) {
    return touchpoints
        .where(col(EVENT_TYPE).equalTo("product_click"))
        .select(
            col(MARKET),
            col(TOUCH_DATE).as(CONVERSION_DATE),
            col(CATEGORY),
            col(PRODUCT_ID),
            lit(1L).as(PRODUCT_CLICKS),
            lit(0L).as(LINES),
            lit(0L).as(UNITS),
            lit(0).cast(Types.MONEY).as(GMV_REPORTING),
            lit(0L).as(LINES_AFTER_CLICK_1D),
            lit(0L).as(LINES_AFTER_CLICK_7D));
  }

  private static Column of(String field) {
    return col(LINE).getField(field).as(field);
  }
}
