package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Links that took shoppers to competitors, and those that may have. */
public final class LeakedLinks {
  public static final Table TABLE =
      Table.named("gold.leaked_links")
          .saying("Links that took shoppers to competitors, and those that may have.")
          .grain("one row per market, business date, destination, creator, content and product")
          .key(
              MARKET,
              CLICK_DATE,
              REGISTRABLE_DOMAIN,
              MERCHANT_GROUP,
              CERTAINTY,
              CREATOR_ID,
              CONTENT_ID,
              PRODUCT_ID)
          .partitionedBy(CLICK_DATE)
          .reach(1, 1, "as the links it counts")
          .column(MARKET, STRING, "Market of the clicks")
          .column(CLICK_DATE, DATE, "Business date of the clicks")
          .column(REGISTRABLE_DOMAIN, STRING, "Where the links lead")
          .column(MERCHANT_GROUP, STRING, "Competitor; NULL for opaque links")
          .column(PARENT_GROUP, STRING, "Company that owns it")
          .column(
              CERTAINTY,
              STRING,
              "direct, decoded or known for a competitor; opaque for a possible one")
          .column(CREATOR_ID, STRING, "Creator whose content carried the link")
          .column(CONTENT_ID, STRING, "Content that carried it")
          .column(PRODUCT_ID, STRING, "In-app product it stood beside")
          .column(CLICKS, BIGINT, "Human outbound clicks")
          .column(PEOPLE, BIGINT, "People who clicked; does not add up over rows")
          .declared();

  private LeakedLinks() {}
}
