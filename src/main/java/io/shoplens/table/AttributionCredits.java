package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Who earned each order line, by every model, to the minor unit. */
public final class AttributionCredits {
  public static final Table TABLE =
      Table.named("gold.attribution_credits")
          .saying("Who earned each order line, by every model, to the minor unit.")
          .grain("one row per movement of an order line, model, touch set and touchpoint")
          .key(ORDER_ID, ORDER_EVENT_ID, LINE_ID, ENTRY, MODEL, TOUCH_SET, TOUCH_RANK)
          .partitionedBy(CREDIT_DATE)
          .reach(0, 30, "a touch can earn orders up to the look-back later")
          .column(ORDER_ID, STRING, "The order")
          .column(ORDER_EVENT_ID, STRING, "Order event of the movement")
          .column(LINE_ID, STRING, "The line")
          .column(ENTRY, STRING, "sale, cancelled or refunded")
          .column(MODEL, STRING, "The model, such as last_touch; those of attribution.models")
          .column(TOUCH_SET, STRING, "entry or all")
          .column(
              TOUCH_RANK,
              INT,
              "Position of the touch in the path, from 1; 0 for the unattributed rest")
          .column(TOUCH_EVENT_ID, STRING, "The touch")
          .column(TOUCH_AT, TIMESTAMP, "Instant of the touch")
          .column(TOUCH_CLASS, STRING, "in_app_shop, external_link, direct or unattributed")
          .column(CHANNEL, STRING, "Channel of the touch")
          .column(INTERACTION, STRING, "view or click")
          .column(SURFACE, STRING, "Surface of the touch")
          .column(CONTENT_ID, STRING, "Content of the touch")
          .column(CREATOR_ID, STRING, "Creator of the touch")
          .column(MATCH_LEVEL, STRING, "same_product, same_category or other")
          .column(PATH_LENGTH, INT, "Touches of the path that the model saw")
          .column(
              PATH_DROPPED, INT, "Touches between the first and the last 199 that were left out")
          .column(MARKET, STRING, "Market of the order")
          .column(
              CREDIT_DATE,
              DATE,
              "Business date of the movement: the order's basis date, or a reversal's own")
          .column(ORDER_AT, TIMESTAMP, "Instant of the order")
          .column(CURRENCY, STRING, "Order currency")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(CREDIT_LOCAL, MONEY, "Sale: part of V; 0 for a reversal")
          .column(
              CREDIT_REPORTING,
              MONEY,
              "Sale: part of V in the reporting currency; 0 for a reversal")
          .column(
              NET_CREDIT_LOCAL,
              MONEY,
              "Sale: as credit_local; reversal: its negative share, so that reversals of the whole line,"
                  + " in however many parts, take back what its sale gave")
          .column(
              NET_CREDIT_REPORTING,
              MONEY,
              "Sale: as credit_reporting; reversal: its negative share")
          .declared();

  private AttributionCredits() {}
}
