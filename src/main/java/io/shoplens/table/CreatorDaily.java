package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What creators sold in the shop and earned by it. */
public final class CreatorDaily {
  public static final Table TABLE =
      Table.named("gold.creator_daily")
          .saying("What creators sold in the shop and earned by it.")
          .grain("one row per market, business date, order currency and creator")
          .key(MARKET, GMV_DATE, CURRENCY, CREATOR_ID)
          .partitionedBy(GMV_DATE)
          .reach(0, 0, "nothing: movements carry their own date")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(CURRENCY, STRING, "Order currency")
          .column(
              CREATOR_ID,
              STRING,
              "Creator credited by the shop; NULL for lines of none, so that money and units add up to gold.daily_gmv")
          .column(REPORTING_CURRENCY, STRING, "Reporting currency")
          .column(
              IS_COMPLETE,
              BOOLEAN,
              "Whether the market's watermark has passed the end of the date in all its zones")
          .column(
              ORDERS,
              BIGINT,
              "In-app orders with such a line that entered the basis on the date; orders with several creators count for each")
          .column(BUYERS, BIGINT, "People who placed them")
          .column(UNITS, BIGINT, "Units sold")
          .column(GMV_LOCAL, MONEY, "GMV of lines credited to the creator")
          .column(SELLER_DISCOUNT_LOCAL, MONEY, "Discount borne by sellers")
          .column(
              CANCELLED_LOCAL,
              MONEY,
              "Cancelled on the date, net of seller discount, with what gmv.include counts")
          .column(
              REFUNDED_LOCAL,
              MONEY,
              "Refunded on the date, net of seller discount, with what gmv.include counts")
          .column(NET_GMV_LOCAL, MONEY, "GMV - seller discount - cancelled - refunded")
          .column(
              CREATOR_COMMISSION_LOCAL,
              MONEY,
              "Creator commission, less what went back on the date")
          .column(GMV_REPORTING, MONEY, "gmv_local in the reporting currency")
          .column(
              SELLER_DISCOUNT_REPORTING, MONEY, "seller_discount_local in the reporting currency")
          .column(CANCELLED_REPORTING, MONEY, "cancelled_local in the reporting currency")
          .column(REFUNDED_REPORTING, MONEY, "refunded_local in the reporting currency")
          .column(NET_GMV_REPORTING, MONEY, "net_gmv_local in the reporting currency")
          .column(
              CREATOR_COMMISSION_REPORTING,
              MONEY,
              "creator_commission_local in the reporting currency")
          .column(
              MISSING_RATES,
              BIGINT,
              "Movements without an exchange rate, absent from the reporting columns")
          .declared();

  private CreatorDaily() {}
}
