package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What the in-app shop sold, by category; money and units add up to gold.daily_gmv. */
public final class DailyGmvCategory {
  public static final Table TABLE =
      Table.named("gold.daily_gmv_category")
          .saying(
              "What the in-app shop sold, by category; money and units add up to gold.daily_gmv.")
          .grain("one row per market, business date, order currency and category")
          .key(MARKET, GMV_DATE, CURRENCY, CATEGORY)
          .partitionedBy(GMV_DATE)
          .reach(0, 0, "nothing: movements carry their own date")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(CURRENCY, STRING, "Order currency")
          .column(CATEGORY, STRING, "Category of the lines; NULL where they have none")
          .column(REPORTING_CURRENCY, STRING, "Reporting currency")
          .column(
              IS_COMPLETE,
              BOOLEAN,
              "Whether the market's watermark has passed the end of the date in all its zones")
          .column(UNITS, BIGINT, "Units sold")
          .column(GMV_LOCAL, MONEY, "GMV under gmv.include")
          .column(SELLER_DISCOUNT_LOCAL, MONEY, "Discount borne by sellers")
          .column(
              PLATFORM_DISCOUNT_LOCAL,
              MONEY,
              "Discount borne by the platform: a cost, not deducted")
          .column(SHIPPING_FEE_LOCAL, MONEY, "Shipping paid by buyers")
          .column(SHIPPING_SUBSIDY_LOCAL, MONEY, "Shipping borne by the platform")
          .column(TAX_LOCAL, MONEY, "Tax")
          .column(
              CANCELLED_LOCAL,
              MONEY,
              "Cancelled on the date, net of seller discount, with what gmv.include counts")
          .column(
              REFUNDED_LOCAL,
              MONEY,
              "Refunded on the date, net of seller discount, with what gmv.include counts")
          .column(NET_GMV_LOCAL, MONEY, "GMV - seller discount - cancelled - refunded")
          .column(GMV_REPORTING, MONEY, "gmv_local in the reporting currency")
          .column(
              SELLER_DISCOUNT_REPORTING, MONEY, "seller_discount_local in the reporting currency")
          .column(
              PLATFORM_DISCOUNT_REPORTING,
              MONEY,
              "platform_discount_local in the reporting currency")
          .column(SHIPPING_FEE_REPORTING, MONEY, "shipping_fee_local in the reporting currency")
          .column(
              SHIPPING_SUBSIDY_REPORTING, MONEY, "shipping_subsidy_local in the reporting currency")
          .column(TAX_REPORTING, MONEY, "tax_local in the reporting currency")
          .column(CANCELLED_REPORTING, MONEY, "cancelled_local in the reporting currency")
          .column(REFUNDED_REPORTING, MONEY, "refunded_local in the reporting currency")
          .column(NET_GMV_REPORTING, MONEY, "net_gmv_local in the reporting currency")
          .column(
              FX_EFFECT_REPORTING,
              MONEY,
              "What cancelled and refunded amounts of the date come to at the rates of their sales, less what they come to at its own")
          .column(
              MISSING_RATES,
              BIGINT,
              "Movements without an exchange rate, absent from the reporting columns")
          .declared();

  private DailyGmvCategory() {}
}
