package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Lines of every order with their value. */
public final class OrderLines {
  public static final Table TABLE =
      Table.named("silver.order_lines")
          .saying("Lines of every order with their value.")
          .grain("one row per order line")
          .key(ORDER_ID, LINE_ID)
          .partitionedBy(ORDER_DATE)
          .reach(0, 0, "nothing: an order is rebuilt from all its events")
          .column(ORDER_ID, STRING, "The order")
          .column(LINE_ID, STRING, "The line")
          .column(MARKET, STRING, "Market of the order")
          .column(CURRENCY, STRING, "ISO 4217 code")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(MERCHANT_GROUP, STRING, "External orders: merchant group that sold")
          .column(USER_ID, STRING, "Buyer, as observed")
          .column(DEVICE_ID, STRING, "Device, as observed")
          .column(ORDER_AT, TIMESTAMP, "Instant of the order")
          .column(ORDER_DATE, DATE, "Business date of order_at")
          .column(
              BASIS_DATE,
              DATE,
              "Business date on which the line enters GMV; NULL while it is not in the basis")
          .column(PRODUCT_ID, STRING, "Product")
          .column(CATEGORY, STRING, "Category")
          .column(SELLER_ID, STRING, "Seller")
          .column(CREATOR_ID, STRING, "Creator credited by the shop")
          .column(QUANTITY, BIGINT, "Units")
          .column(UNIT_PRICE, PRICE, "Price of a unit")
          .column(
              GROSS_LOCAL, MONEY, "quantity * unit_price, rounded once, half up, to the minor unit")
          .column(SELLER_DISCOUNT_LOCAL, MONEY, "Discount borne by the seller")
          .column(PLATFORM_DISCOUNT_LOCAL, MONEY, "Discount borne by the platform")
          .column(
              SHIPPING_FEE_LOCAL,
              MONEY,
              "The line's part of the order's shipping fee, by net line value")
          .column(SHIPPING_SUBSIDY_LOCAL, MONEY, "The line's part of the shipping subsidy")
          .column(TAX_LOCAL, MONEY, "The line's part of the tax")
          .column(GMV_LOCAL, MONEY, "V: the line's GMV under gmv.include")
          .column(
              GMV_REPORTING,
              MONEY,
              "V in the reporting currency at the rate of basis_date; NULL while not in the basis or without a rate")
          .column(COMMISSION_RATE, RATE, "Platform's commission")
          .column(CREATOR_COMMISSION_RATE, RATE, "Creator's commission")
          .declared();

  private OrderLines() {}
}
