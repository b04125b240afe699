package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** How much of what creators bring leaks, and to how many destinations. */
public final class CreatorLeakage {
  public static final Table TABLE =
      Table.named("gold.creator_leakage")
          .saying("How much of what creators bring leaks, and to how many destinations.")
          .grain("one row per market, business date and creator with competitor clicks or sales")
          .key(MARKET, LEAK_DATE, CREATOR_ID)
          .partitionedBy(LEAK_DATE)
          .reach(9, 37, "as the leaks it sums")
          .column(MARKET, STRING, "Market")
          .column(LEAK_DATE, DATE, "Business date of the clicks; of order_at")
          .column(CREATOR_ID, STRING, "Creator whose content carried the links; credited by lines")
          .column(COMPETITOR_CLICKS, BIGINT, "Human clicks resolved to a competitor")
          .column(DESTINATIONS, BIGINT, "Merchant groups they went to")
          .column(TOP_DESTINATION, STRING, "The one most of them went to, ties by name")
          .column(
              DESTINATION_HHI,
              "decimal(18,6)",
              "Concentration (Herfindahl-Hirschman): the sum of the squared shares of destinations"
                  + " in competitor_clicks, from near 0 to 1, half up; NULL without clicks")
          .column(LEAKED_GMV_REPORTING, MONEY, "Leaked GMV of the creator's leaks, window 7 days")
          .column(
              COMMISSION_FOREGONE_REPORTING, MONEY, "Leaked commission: that * market's take rate")
          .column(GMV_REPORTING, MONEY, "V of in-app lines in the basis that credit the creator")
          .column(
              COMMISSION_REPORTING,
              MONEY,
              "In-app commission: V * the line's commission rate, else the market's take rate,"
                  + " half up over the day")
          .column(
              EXPOSURE,
              "decimal(18,6)",
              "Leaked commission / (leaked + in-app commission), half up; NULL when both are 0")
          .declared();

  private CreatorLeakage() {}
}
