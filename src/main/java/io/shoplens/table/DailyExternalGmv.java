package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What other shops sold through links and reported back; never part of GMV. */
public final class DailyExternalGmv {
  public static final Table TABLE =
      Table.named("gold.daily_external_gmv")
          .saying("What other shops sold through links and reported back; never part of GMV.")
          .grain("one row per market, business date, order currency and merchant group")
          .key(MARKET, GMV_DATE, CURRENCY, MERCHANT_GROUP)
          .partitionedBy(GMV_DATE)
          .reach(0, 0, "nothing: movements carry their own date")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(CURRENCY, STRING, "Order currency")
          .column(
              MERCHANT_GROUP,
              STRING,
              "Merchant group that sold; NULL where its domain is in no catalogue")
          .column(REPORTING_CURRENCY, STRING, "Reporting currency")
          .column(
              IS_COMPLETE,
              BOOLEAN,
              "Whether the market's watermark has passed the end of the date in all its zones")
          .column(ORDERS, BIGINT, "External orders that entered the basis on the date")
          .column(BUYERS, BIGINT, "People who placed them; orders without a person count in none")
          .column(UNITS, BIGINT, "Units sold")
          .column(EXTERNAL_GMV_LOCAL, MONEY, "V of the lines that the other shop sold")
          .column(
              CANCELLED_LOCAL,
              MONEY,
              "Cancelled on the date, net of seller discount, with what gmv.include counts")
          .column(
              REFUNDED_LOCAL,
              MONEY,
              "Refunded on the date, net of seller discount, with what gmv.include counts")
          .column(
              NET_EXTERNAL_GMV_LOCAL,
              MONEY,
              "External GMV - seller discount - cancelled - refunded")
          .column(EXTERNAL_GMV_REPORTING, MONEY, "external_gmv_local in the reporting currency")
          .column(CANCELLED_REPORTING, MONEY, "cancelled_local in the reporting currency")
          .column(REFUNDED_REPORTING, MONEY, "refunded_local in the reporting currency")
          .column(
              NET_EXTERNAL_GMV_REPORTING, MONEY, "net_external_gmv_local in the reporting currency")
          .column(
              MISSING_RATES,
              BIGINT,
              "Movements without an exchange rate, absent from the reporting columns")
          .declared();

  private DailyExternalGmv() {}
}
