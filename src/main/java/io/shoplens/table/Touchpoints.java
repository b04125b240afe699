package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Human events that can earn credit for an order. */
public final class Touchpoints {
  public static final Table TABLE =
      Table.named("silver.touchpoints")
          .saying("Human events that can earn credit for an order.")
          .grain("one row per touchpoint")
          .key(EVENT_ID)
          .partitionedBy(TOUCH_DATE)
          .reach(
              1, 1, "its session may begin the day before; the bot rule looks at the whole UTC day")
          .column(EVENT_ID, STRING, "The event")
          .column(EVENT_TYPE, STRING, "Its type")
          .column(TOUCH_AT, TIMESTAMP, "Instant of the touch")
          .column(TOUCH_DATE, DATE, "Business date of the touch")
          .column(MARKET, STRING, "Market of the touch")
          .column(USER_ID, STRING, "User, as observed")
          .column(DEVICE_ID, STRING, "Device, as observed")
          .column(SESSION_ID, STRING, "Session it belongs to")
          .column(
              IS_ENTRY,
              BOOLEAN,
              "Whether it is the first touchpoint of its session, outbound clicks apart; always true of an outbound click")
          .column(
              IS_OUTBOUND,
              BOOLEAN,
              "Whether it is an outbound click, which can earn credit for an external order only")
          .column(TOUCH_CLASS, STRING, "in_app_shop, external_link or direct")
          .column(CHANNEL, STRING, "First channel rule that matches")
          .column(INTERACTION, STRING, "view or click")
          .column(SURFACE, STRING, "Part of the app")
          .column(PRODUCT_ID, STRING, "Product touched")
          .column(CATEGORY, STRING, "Category of that product")
          .column(CONTENT_ID, STRING, "Content that carried the touch")
          .column(CREATOR_ID, STRING, "Creator of that content")
          .column(
              MERCHANT_GROUP,
              STRING,
              "Outbound click: merchant group it resolved to; inbound visit: that of its referrer")
          .declared();

  private Touchpoints() {}
}
