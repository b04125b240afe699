package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Who bought in-app: new and returning buyers, by the month of their first purchase. */
public final class CustomerDaily {
  public static final Table TABLE =
      Table.named("gold.customer_daily")
          .saying(
              "Who bought in-app: new and returning buyers, by the month of their first purchase.")
          .grain("one row per market, business date and cohort")
          .key(MARKET, GMV_DATE, COHORT_MONTH)
          .partitionedBy(GMV_DATE)
          .reach(
              0, 0, "besides, every later date on which a person bought whose first purchase moved")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(
              COHORT_MONTH,
              DATE,
              "First day of the month of the person's first in-app purchase in the market")
          .column(REPORTING_CURRENCY, STRING, "Reporting currency")
          .column(
              IS_COMPLETE,
              BOOLEAN,
              "Whether the market's watermark has passed the end of the date in all its zones")
          .column(
              BUYERS,
              BIGINT,
              "People with an order that entered the basis on the date; they add up over cohorts, orders without a person count in none")
          .column(NEW_BUYERS, BIGINT, "Those of them whose first purchase it is")
          .column(RETURNING_BUYERS, BIGINT, "Those who bought on an earlier date")
          .column(ORDERS, BIGINT, "Their orders on the date")
          .column(GMV_REPORTING, MONEY, "GMV of these orders in the reporting currency")
          .column(
              REPEAT_RATE,
              "decimal(18,6)",
              "Returning buyers / buyers of the market on the date over all cohorts, half up to 6 decimals; the same on each of its rows")
          .declared();

  private CustomerDaily() {}
}
