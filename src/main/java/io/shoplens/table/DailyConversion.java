package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What product clicks led to in the app: what leaks are valued by. */
public final class DailyConversion {
  public static final Table TABLE =
      Table.named("gold.daily_conversion")
          .saying("What product clicks led to in the app: what leaks are valued by.")
          .grain("one row per market, business date, category and product")
          .key(MARKET, CONVERSION_DATE, CATEGORY, PRODUCT_ID)
          .partitionedBy(CONVERSION_DATE)
          .reach(1, 9, "a line looks back 7 days for clicks, and zones")
          .column(MARKET, STRING, "Market of the clicks; of the orders")
          .column(CONVERSION_DATE, DATE, "Business date of the clicks; of order_at")
          .column(CATEGORY, STRING, "Category of the clicks; of the lines")
          .column(PRODUCT_ID, STRING, "Product")
          .column(PRODUCT_CLICKS, BIGINT, "n: human in-app product clicks")
          .column(LINES, BIGINT, "In-app lines in the basis of GMV")
          .column(UNITS, BIGINT, "Their units")
          .column(GMV_REPORTING, MONEY, "Their V; those without a rate left out")
          .column(
              LINES_AFTER_CLICK_1D,
              BIGINT,
              "c of 1 day: those whose person clicked the product in the day up to the order")
          .column(LINES_AFTER_CLICK_7D, BIGINT, "c of 7 days")
          .declared();

  private DailyConversion() {}
}
