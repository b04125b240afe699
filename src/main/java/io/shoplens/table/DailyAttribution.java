package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Credit by day, model, class, channel, surface and creator. */
public final class DailyAttribution {
  public static final Table TABLE =
      Table.named("gold.daily_attribution")
          .saying("Credit by day, model, class, channel, surface and creator.")
          .grain(
              "one row per market, business date, currency, sales channel, model, touch set, class, channel, surface and creator")
          .key(
              MARKET,
              CREDIT_DATE,
              CURRENCY,
              SALES_CHANNEL,
              MODEL,
              TOUCH_SET,
              TOUCH_CLASS,
              CHANNEL,
              SURFACE,
              CREATOR_ID)
          .partitionedBy(CREDIT_DATE)
          .reach(0, 30, "as the credits it sums")
          .column(MARKET, STRING, "Market of the orders")
          .column(CREDIT_DATE, DATE, "Business date of the movements")
          .column(CURRENCY, STRING, "Order currency")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(MODEL, STRING, "The model, such as last_touch; those of attribution.models")
          .column(TOUCH_SET, STRING, "entry (headline) or all")
          .column(TOUCH_CLASS, STRING, "in_app_shop, external_link, direct or unattributed")
          .column(CHANNEL, STRING, "Channel; NULL for unattributed")
          .column(SURFACE, STRING, "Surface; NULL where the touch had none")
          .column(CREATOR_ID, STRING, "Creator; NULL where the touch had none")
          .column(ORDERS, BIGINT, "Orders sold with credit in this row; does not add up over rows")
          .column(CREDIT_LOCAL, MONEY, "Credit of the orders sold")
          .column(CREDIT_REPORTING, MONEY, "credit_local in the reporting currency")
          .column(NET_CREDIT_LOCAL, MONEY, "Credit after the reversals of the date")
          .column(NET_CREDIT_REPORTING, MONEY, "net_credit_local in the reporting currency")
          .declared();

  private DailyAttribution() {}
}
