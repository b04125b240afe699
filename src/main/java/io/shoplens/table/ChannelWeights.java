package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What channels weigh under markov, by week. */
public final class ChannelWeights {
  public static final Table TABLE =
      Table.named("gold.channel_weights")
          .saying("What channels weigh under markov, by week.")
          .grain("one row per market, week with orders, sales channel, touch set and channel")
          .key(MARKET, WEEK_DATE, SALES_CHANNEL, TOUCH_SET, MODEL, CHANNEL)
          .partitionedBy(WEEK_DATE)
          .reach(
              0,
              88,
              "a path may end up to 28 days before the week, 30 days after its last touch, and is told back another 30")
          .column(MARKET, STRING, "Market of the paths")
          .column(
              WEEK_DATE, DATE, "Monday of the ISO week of the orders that the weights are used for")
          .column(SALES_CHANNEL, STRING, "in_app or external: the orders that end the paths")
          .column(TOUCH_SET, STRING, "entry (headline) or all")
          .column(MODEL, STRING, "markov")
          .column(CHANNEL, STRING, "A channel of the paths")
          .column(
              CHANNEL_WEIGHT,
              WEIGHT,
              "Removal effect: share of the conversions lost without the channel; 0 where it leads to none")
          .column(CHANNEL_SHARE, WEIGHT, "channel_weight over the sum of all channels'")
          .column(
              CHANNEL_CONVERSIONS,
              "decimal(24,6)",
              "channel_share of the converting paths: the channel's total under the model, which need not equal its sum in gold.attribution_credits, where orders after the period are split path by path")
          .column(PERIOD_FROM, DATE, "First business date on which the paths used ended")
          .column(PERIOD_TO, DATE, "Last one, the day before the week")
          .column(
              PATHS,
              BIGINT,
              "Paths used, converting or not: of users, else of devices, as observed; a guest who logs in to buy leaves one of the device that does not convert")
          .column(CONVERTED_PATHS, BIGINT, "Those that ended at an order")
          .declared();

  private ChannelWeights() {}
}
