package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What leaks came to: how many came back, and what the others were worth. */
public final class DailyLeaks {
  public static final Table TABLE =
      Table.named("gold.daily_leaks")
          .saying("What leaks came to: how many came back, and what the others were worth.")
          .grain("one row per market, business date, level, value of the level and window")
          .key(MARKET, LEAK_DATE, LEVEL, LEVEL_VALUE, WINDOW_DAYS)
          .partitionedBy(LEAK_DATE)
          .reach(9, 37, "as the leaks, and trailing rates of 28 days")
          .column(MARKET, STRING, "Market of the leaks")
          .column(LEAK_DATE, DATE, "Business date of the leaks")
          .column(
              LEVEL, STRING, "market, destination, parent, creator, content, category or product")
          .column(
              LEVEL_VALUE,
              STRING,
              "Merchant group, parent, creator, content, category or product; empty for market")
          .column(WINDOW_DAYS, INT, "w: 1 or 7 days")
          .column(LEAKS, BIGINT, "Leaks to competitors")
          .column(MATURE_LEAKS, BIGINT, "Those whose window the watermark has passed")
          .column(CONFIRMED_LEAKS, BIGINT, "Mature ones in state confirmed")
          .column(RECAPTURED_LEAKS, BIGINT, "Mature ones in state recaptured")
          .column(NET_LEAKS, BIGINT, "Net leak: mature_leaks - recaptured_leaks")
          .column(
              RECAPTURE_RATE,
              "decimal(18,6)",
              "recaptured_leaks / mature_leaks, half up; NULL without mature leaks")
          .column(
              MEDIAN_RECAPTURE_SECONDS,
              BIGINT,
              "Median time from leak to order of the recaptured ones, rounded down; of an even"
                  + " number the mean of the middle two")
          .column(
              CONFIRMED_GMV_REPORTING,
              MONEY,
              "What competitors reported sold: V of the lines that confirm leaks")
          .column(
              LEAKED_GMV_LOW_REPORTING,
              MONEY,
              "Low end of leaked GMV: confirmed, and the shortest interval that holds 80% of 2,000"
                  + " draws of the estimate; never above leaked_gmv_reporting")
          .column(
              LEAKED_GMV_REPORTING,
              MONEY,
              "Leaked GMV: confirmed, and p * value over the leaks in state leaked."
                  + " p = (c + 100 p_m) / (n + 100) of category and market, c lines within w of n"
                  + " product clicks in the 28 days up to the date; p_m = (C + 1/2) / (N + 1) of the"
                  + " market; both to 12 digits. Value: the product's mean price in these days, else"
                  + " the category's mean line, else the market's, to 6 digits")
          .column(
              LEAKED_GMV_HIGH_REPORTING,
              MONEY,
              "High end of the same interval; never below leaked_gmv_reporting")
          .column(
              COMMISSION_FOREGONE_REPORTING, MONEY, "leaked_gmv_reporting * the market's take rate")
          .column(POSSIBLE_LEAKS, BIGINT, "Opaque leaks, which may have gone to competitors")
          .column(
              OPAQUE_GMV_REPORTING,
              MONEY,
              "P(competitor) * p * value over the possible leaks: comes on top of leaked GMV")
          .column(
              OPAQUE_GMV_HIGH_REPORTING, MONEY, "The same as if all of them went to competitors")
          .column(
              UNAVOIDABLE_LEAKS,
              BIGINT,
              "Mature leaks of what the in-app shop does not sell: product and category had neither"
                  + " clicks nor sales in the market in these 28 days. In none of the GMV columns above")
          .column(UNAVOIDABLE_GMV_REPORTING, MONEY, "Their leaked GMV, at the market's p and value")
          .declared();

  private DailyLeaks() {}
}
