package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** The ways buyers came, by the channels they touched. */
public final class Paths {
  public static final Table TABLE =
      Table.named("gold.paths")
          .saying("The ways buyers came, by the channels they touched.")
          .grain(
              "one row per market, business date, currency, sales channel, touch set and sequence of channels")
          .key(MARKET, CREDIT_DATE, CURRENCY, SALES_CHANNEL, TOUCH_SET, CHANNELS)
          .partitionedBy(CREDIT_DATE)
          .reach(0, 30, "as the credits it sums")
          .column(MARKET, STRING, "Market of the orders")
          .column(CREDIT_DATE, DATE, "Business date on which the orders entered the basis")
          .column(CURRENCY, STRING, "Order currency")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(TOUCH_SET, STRING, "entry (headline) or all")
          .column(
              CHANNELS,
              STRING,
              "Channels in order, such as live > search; touches of one channel in a row are one step, of more than 20 steps the first and the last 19 stand; NULL without touches")
          .column(ORDERS, BIGINT, "Orders sold that came this way")
          .column(GMV_LOCAL, MONEY, "Sum of their lines' V")
          .column(GMV_REPORTING, MONEY, "gmv_local in the reporting currency")
          .column(MEDIAN_LENGTH, MEDIAN, "Median number of touches, repeats included")
          .column(
              MEDIAN_LAG_SECONDS,
              MEDIAN,
              "Median time from the first touch to the order, in whole seconds; NULL without touches")
          .column(
              EXTERNAL_ASSISTED_LOCAL,
              MONEY,
              "Part of gmv_local: orders with a touch of class external_link, whose last touch is of another class")
          .column(
              EXTERNAL_ASSISTED_REPORTING,
              MONEY,
              "external_assisted_local in the reporting currency")
          .column(
              DOUBLE_CLAIMED_ORDERS,
              BIGINT,
              "Part of orders: claimed both by the ad platform (attribution.ad-channels, click and view window) and by affiliates (attribution.affiliate-channels, affiliate window)")
          .column(DOUBLE_CLAIMED_LOCAL, MONEY, "Their part of gmv_local")
          .column(DOUBLE_CLAIMED_REPORTING, MONEY, "double_claimed_local in the reporting currency")
          .declared();

  private Paths() {}
}
