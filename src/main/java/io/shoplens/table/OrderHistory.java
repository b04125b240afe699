package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Every movement of a figure: a line's sale, cancellation or refund, on its own date. */
public final class OrderHistory {
  public static final Table TABLE =
      Table.named("silver.order_history")
          .saying(
              "Every movement of a figure: a line's sale, cancellation or refund, on its own date.")
          .grain("one row per order, order event, line, entry and currency")
          .key(ORDER_ID, ORDER_EVENT_ID, LINE_ID, ENTRY, CURRENCY)
          .partitionedBy(ENTRY_DATE)
          .reach(0, 0, "nothing: an order is rebuilt from all its events")
          .column(ORDER_ID, STRING, "The order")
          .column(
              ORDER_EVENT_ID,
              STRING,
              "Order event that moved it; for a sale the event that put the order into the basis")
          .column(
              LINE_ID,
              STRING,
              "The line; NULL for an amount that belongs to no line (excess, adjustment, and shipping and tax given back that gmv.include does not count)")
          .column(
              ENTRY,
              STRING,
              "sale, cancelled, refunded, excess_refund, adjustment, or other_currency: an event in a currency"
                  + " not its order's, which counts in nothing; of those that move no amount the first of"
                  + " each kind")
          .column(ENTRY_AT, TIMESTAMP, "Instant of the movement")
          .column(
              ENTRY_DATE,
              DATE,
              "Business date of the movement; a reversal's is never before the basis date")
          .column(ORDER_AT, TIMESTAMP, "Instant of the order")
          .column(MARKET, STRING, "Market of the order")
          .column(REGION, STRING, "Region of the order")
          .column(CURRENCY, STRING, "ISO 4217 code")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(MERCHANT_GROUP, STRING, "External orders: merchant group that sold")
          .column(USER_ID, STRING, "Buyer, as observed")
          .column(DEVICE_ID, STRING, "Device, as observed")
          .column(PRODUCT_ID, STRING, "Product")
          .column(CATEGORY, STRING, "Category")
          .column(SELLER_ID, STRING, "Seller")
          .column(CREATOR_ID, STRING, "Creator credited by the shop")
          .column(
              IS_LINKED, BOOLEAN, "Whether the order is known; false for a credit note on its own")
          .column(UNITS, BIGINT, "Units sold or reversed")
          .column(GROSS_LOCAL, MONEY, "Sale: line value")
          .column(SELLER_DISCOUNT_LOCAL, MONEY, "Sale: discount borne by the seller")
          .column(PLATFORM_DISCOUNT_LOCAL, MONEY, "Sale: discount borne by the platform")
          .column(SHIPPING_FEE_LOCAL, MONEY, "Sale: part of the shipping fee")
          .column(SHIPPING_SUBSIDY_LOCAL, MONEY, "Sale: part of the shipping subsidy")
          .column(TAX_LOCAL, MONEY, "Sale: part of the tax")
          .column(GMV_LOCAL, MONEY, "Sale: V, the line's GMV under gmv.include")
          .column(
              REVERSED_LOCAL,
              MONEY,
              "Cancelled, refunded, excess, other currency, adjustment: the amount, positive; for lines net of seller discount, with their parts of the shipping and tax that gmv.include counts")
          .column(GROSS_REPORTING, MONEY, "gross_local at the rate of entry_date")
          .column(
              SELLER_DISCOUNT_REPORTING, MONEY, "seller_discount_local at the rate of entry_date")
          .column(
              PLATFORM_DISCOUNT_REPORTING,
              MONEY,
              "platform_discount_local at the rate of entry_date")
          .column(SHIPPING_FEE_REPORTING, MONEY, "shipping_fee_local at the rate of entry_date")
          .column(
              SHIPPING_SUBSIDY_REPORTING, MONEY, "shipping_subsidy_local at the rate of entry_date")
          .column(TAX_REPORTING, MONEY, "tax_local at the rate of entry_date")
          .column(GMV_REPORTING, MONEY, "V in the reporting currency: sum of its converted parts")
          .column(REVERSED_REPORTING, MONEY, "reversed_local at the rate of entry_date")
          .column(
              FX_EFFECT_REPORTING,
              MONEY,
              "Cancelled, refunded: reversed_local at the rate of the basis date - reversed_reporting; NULL for a credit note of an unknown order, and without either rate")
          .column(
              COMMISSION_LOCAL,
              MONEY,
              "Sale: platform's commission, its rate * net line value, half up; cancelled, refunded: minus what goes back with it")
          .column(CREATOR_COMMISSION_LOCAL, MONEY, "The creator's commission, by the same rule")
          .column(
              SHIPPING_COST_LOCAL,
              MONEY,
              "Sale: part of the shipping paid by the platform; NULL where the order gives none")
          .column(FULFILMENT_COST_LOCAL, MONEY, "Sale: part of the fulfilment cost")
          .column(COMMISSION_REPORTING, MONEY, "commission_local at the rate of entry_date")
          .column(
              CREATOR_COMMISSION_REPORTING,
              MONEY,
              "creator_commission_local at the rate of entry_date")
          .column(SHIPPING_COST_REPORTING, MONEY, "shipping_cost_local at the rate of entry_date")
          .column(
              FULFILMENT_COST_REPORTING, MONEY, "fulfilment_cost_local at the rate of entry_date")
          .column(
              IS_RATE_MISSING,
              BOOLEAN,
              "Whether no rate of its date is known, nor one that may still be carried to it, so that the"
                  + " reporting amounts are NULL")
          .declared();

  private OrderHistory() {}
}
