package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What became of every outbound click: leaks, their state and the evidence for it. */
public final class Leaks {
  public static final Table TABLE =
      Table.named("silver.leaks")
          .saying("What became of every outbound click: leaks, their state and the evidence.")
          .grain(
              "one row per leak and window: the outbound clicks of an observed person for one key"
                  + " within the window after the first")
          .key(EVENT_ID, LEAK_AT, WINDOW_DAYS)
          .partitionedBy(LEAK_DATE)
          .reach(9, 9, "a window of 7 days, and zones; pending leaks until their window is over")
          .column(EVENT_ID, STRING, "The click that opened the leak")
          .column(WINDOW_DAYS, INT, "w: 1 or 7 days")
          .column(LEAK_AT, TIMESTAMP, "Instant of that click")
          .column(LEAK_DATE, DATE, "Business date of that click")
          .column(MARKET, STRING, "Market of that click")
          .column(USER_ID, STRING, "User, as observed; who was observed is this, else the device")
          .column(DEVICE_ID, STRING, "Device, as observed")
          .column(
              LEAK_KEY,
              STRING,
              "What the clicks were for: product_id, else the destination's product key, else the"
                  + " merchant group; NULL where none is known")
          .column(
              STATE,
              STRING,
              "not_competitor; possible (opaque); of a competitor's: pending until the market's"
                  + " watermark is past leak_at + w, then confirmed, else recaptured, else leaked."
                  + " Clicks of the three classes are never in one leak")
          .column(
              IS_MATURE,
              BOOLEAN,
              "Whether the market's watermark is past leak_at + w, the end included")
          .column(
              IS_CONFIRMED,
              BOOLEAN,
              "Whether a sold line of an external order of the same person and merchant group, with"
                  + " order_at in (leak_at, leak_at + w], settles it. Sold: in the basis of GMV")
          .column(
              IS_RECAPTURED,
              BOOLEAN,
              "Whether a sold in-app line of the same product, or without a product of the same"
                  + " category, with order_at in that interval settles it. A line settles the latest"
                  + " leak that it can, and no other")
          .column(MERCHANT_GROUP, STRING, "Competitor or other merchant of the opening click")
          .column(PARENT_GROUP, STRING, "Company that owns it")
          .column(LINK_KIND, STRING, "Kind of the opening click's link")
          .column(CERTAINTY, STRING, "Certainty of the opening click's link")
          .column(PRODUCT_ID, STRING, "In-app product the opening click's link stood beside")
          .column(CATEGORY, STRING, "Category of that product")
          .column(CREATOR_ID, STRING, "Creator of the opening click's content")
          .column(CONTENT_ID, STRING, "Content of the opening click")
          .column(LAST_CLICK_AT, TIMESTAMP, "Instant of the last click that joined")
          .column(CLICK_IDS, "array<string>", "All its clicks in order, the opening one first")
          .column(CONFIRMED_AT, TIMESTAMP, "Instant of the first order that confirms it")
          .column(CONFIRMED_ORDER_ID, STRING, "That order")
          .column(CONFIRMED_LINE_ID, STRING, "Its first line that does")
          .column(CONFIRMED_LINES, BIGINT, "Lines that confirm it")
          .column(
              CONFIRMED_GMV_REPORTING, MONEY, "Their V in the reporting currency; NULL without one")
          .column(RECAPTURED_AT, TIMESTAMP, "Instant of the first order that recaptures it")
          .column(RECAPTURED_ORDER_ID, STRING, "That order")
          .column(RECAPTURED_LINE_ID, STRING, "Its first line that does")
          .column(RECAPTURED_LINES, BIGINT, "Lines that recapture it")
          .column(
              RECAPTURED_GMV_REPORTING,
              MONEY,
              "Their V in the reporting currency; NULL without one")
          .declared();

  private Leaks() {}
}
