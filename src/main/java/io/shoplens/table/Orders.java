package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** State of every order: the fold of its events, whatever the order of arrival. */
public final class Orders {
  public static final Table TABLE =
      Table.named("silver.orders")
          .saying("State of every order: the fold of its events, whatever the order of arrival.")
          .grain("one row per order")
          .key(ORDER_ID)
          .partitionedBy(ORDER_DATE)
          .reach(0, 0, "nothing: an order is rebuilt from all its events")
          .column(ORDER_ID, STRING, "The order")
          .column(MARKET, STRING, "Market of the order")
          .column(REGION, STRING, "Region of the order")
          .column(CURRENCY, STRING, "ISO 4217 code")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(MERCHANT_DOMAIN, STRING, "External orders: domain of the shop that sold")
          .column(MERCHANT_GROUP, STRING, "External orders: its merchant group")
          .column(USER_ID, STRING, "Buyer, as observed")
          .column(DEVICE_ID, STRING, "Device, as observed")
          .column(ORDER_AT, TIMESTAMP, "Instant of the first placed event, else of the first event")
          .column(ORDER_DATE, DATE, "Business date of order_at")
          .column(PAID_AT, TIMESTAMP, "Instant of the first paid event")
          .column(
              BASIS_DATE,
              DATE,
              "Business date on which the order enters GMV; NULL while it is not in the basis")
          .column(
              ORDER_STATE,
              STRING,
              "Last event that changed the order's state: placed, paid, shipped, delivered, cancelled or refunded")
          .column(IS_ORPHAN, BOOLEAN, "Whether no placed event with lines is known")
          .column(LINE_COUNT, BIGINT, "Lines of the order")
          .column(UNITS, BIGINT, "Units over all lines")
          .column(GROSS_LOCAL, MONEY, "Sum of line values, before discounts, tax and shipping")
          .column(SELLER_DISCOUNT_LOCAL, MONEY, "Discount borne by sellers")
          .column(PLATFORM_DISCOUNT_LOCAL, MONEY, "Discount borne by the platform")
          .column(SHIPPING_FEE_LOCAL, MONEY, "Shipping paid by the buyer")
          .column(SHIPPING_SUBSIDY_LOCAL, MONEY, "Part of the shipping the platform bears")
          .column(TAX_LOCAL, MONEY, "Tax")
          .column(
              GMV_LOCAL, MONEY, "GMV of the order under gmv.include, whether in the basis or not")
          .column(
              CANCELLED_LOCAL,
              MONEY,
              "Net line value cancelled so far, with what gmv.include counts")
          .column(
              REFUNDED_LOCAL, MONEY, "Net line value refunded so far, with what gmv.include counts")
          .column(EXCESS_REFUND_LOCAL, MONEY, "Reversals beyond what remained: kept, not counted")
          .declared();

  private Orders() {}
}
