package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What the in-app shop sold: the headline. */
public final class DailyGmv {
  public static final Table TABLE =
      Table.named("gold.daily_gmv")
          .saying("What the in-app shop sold: the headline.")
          .grain("one row per market, business date and order currency")
          .key(MARKET, GMV_DATE, CURRENCY)
          .partitionedBy(GMV_DATE)
          .reach(0, 0, "nothing: movements carry their own date")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(CURRENCY, STRING, "Order currency")
          .column(REPORTING_CURRENCY, STRING, "Reporting currency")
          .column(
              IS_COMPLETE,
              BOOLEAN,
              "Whether the market's watermark has passed the end of the date in all its zones")
          .column(ORDERS, BIGINT, "In-app orders that entered the basis on the date")
          .column(BUYERS, BIGINT, "People who placed them; orders without a person count in none")
          .column(UNITS, BIGINT, "Units sold")
          .column(
              GMV_LOCAL,
              MONEY,
              "GMV under gmv.include: by default gross line values before discounts, tax and shipping")
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
          .column(
              AVERAGE_ORDER_VALUE_LOCAL,
              MONEY,
              "GMV per order, half up to the minor unit; NULL without orders")
          .column(
              ADJUSTMENT_LOCAL,
              MONEY,
              "Adjustments of the date, in no figure of GMV: fees, bad debt, and shipping and tax given back that gmv.include does not count")
          .column(
              EXCESS_REFUND_LOCAL,
              MONEY,
              "Reversed on the date beyond what remained of its order, in no figure of GMV")
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
              AVERAGE_ORDER_VALUE_REPORTING,
              MONEY,
              "GMV per order in the reporting currency; NULL without orders")
          .column(ADJUSTMENT_REPORTING, MONEY, "adjustment_local in the reporting currency")
          .column(EXCESS_REFUND_REPORTING, MONEY, "excess_refund_local in the reporting currency")
          .column(
              MISSING_RATES,
              BIGINT,
              "Movements without an exchange rate, absent from the reporting columns; the run's check fails unless 0")
          .column(
              BUYERS_SKETCH,
              BINARY,
              "Theta sketch of the buyers: theta_union_agg over any dates and theta_sketch_estimate count people without a rescan, exactly up to 4096 and to about 1.6% beyond")
          .declared();

  private DailyGmv() {}
}
