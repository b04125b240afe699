package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** How much in-app GMV sits in a region, and whether the region is restricted. */
public final class RegionExposure {
  public static final Table TABLE =
      Table.named("gold.region_exposure")
          .saying("How much in-app GMV sits in a region, and whether the region is restricted.")
          .grain("one row per market, business date and region")
          .key(MARKET, GMV_DATE, REGION)
          .partitionedBy(GMV_DATE)
          .reach(0, 0, "nothing: movements carry their own date, shares are of the same date")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(REGION, STRING, "ISO 3166-2 subdivision of the order; NULL where it has none")
          .column(REPORTING_CURRENCY, STRING, "Reporting currency")
          .column(
              IS_COMPLETE,
              BOOLEAN,
              "Whether the market's watermark has passed the end of the date in all its zones")
          .column(ORDERS, BIGINT, "In-app orders that entered the basis on the date")
          .column(BUYERS, BIGINT, "People who placed them; orders without a person count in none")
          .column(CREATORS, BIGINT, "Creators credited by the shop for lines sold")
          .column(UNITS, BIGINT, "Units sold")
          .column(GMV_REPORTING, MONEY, "GMV in the reporting currency")
          .column(
              NET_GMV_REPORTING,
              MONEY,
              "GMV - seller discount - cancelled - refunded, in the reporting currency")
          .column(
              MARKET_SHARE,
              "decimal(18,6)",
              "gmv_reporting / the market's of the date, half up to 6 decimals; NULL without GMV")
          .column(
              RESTRICTION,
              STRING,
              "Restriction of restrictions.csv that holds on the date, the latest to begin; NULL where none does")
          .column(RESTRICTION_STATE, STRING, "pending, in_force or halted")
          .column(RESTRICTED_FROM, DATE, "First date of that state")
          .column(RESTRICTED_UNTIL, DATE, "First date after it; NULL where it has no end")
          .column(
              MISSING_RATES,
              BIGINT,
              "Movements without an exchange rate, absent from the reporting columns")
          .declared();

  private RegionExposure() {}
}
