package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Share of shopping clicks that went to competitors. */
public final class DailyLeakage {
  public static final Table TABLE =
      Table.named("gold.daily_leakage")
          .saying("Share of shopping clicks that went to competitors.")
          .grain("one row per market, business date, level and value of the level")
          .key(MARKET, CLICK_DATE, LEVEL, LEVEL_VALUE)
          .partitionedBy(CLICK_DATE)
          .reach(1, 1, "as the links it counts")
          .column(MARKET, STRING, "Market of the clicks")
          .column(CLICK_DATE, DATE, "Business date of the clicks")
          .column(
              LEVEL, STRING, "market, destination, parent, creator, content, category or product")
          .column(
              LEVEL_VALUE,
              STRING,
              "Merchant group, parent, creator, content, category or product; empty for market")
          .column(
              PRODUCT_CLICKS,
              BIGINT,
              "I: human in-app product clicks; of the market for market, destination and parent, else of the value")
          .column(OUTBOUND_CLICKS, BIGINT, "Human outbound clicks, of any kind")
          .column(
              COMPETITOR_CLICKS,
              BIGINT,
              "K low: those resolved to a competitor (direct, decoded, known)")
          .column(OPAQUE_CLICKS, BIGINT, "Human outbound clicks that could not be resolved")
          .column(
              COMPETITOR_CLICKS_HIGH,
              PRICE,
              "K high: competitor_clicks + opaque clicks * P(competitor)")
          .column(
              LEAK_RATE_LOW,
              "decimal(18,6)",
              "K / (K + I) with K low, half up; of a destination or parent its K over the market's K + I;"
                  + " NULL when K and I are 0")
          .column(
              LEAK_RATE_HIGH,
              "decimal(18,6)",
              "The same with K high; of a destination or parent as low, for opaque clicks belong to none")
          .column(
              PEOPLE,
              BIGINT,
              "People with at least one competitor click; does not add up over rows")
          .declared();

  private DailyLeakage() {}
}
