package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** How far each market's data reaches. */
public final class Watermarks {
  public static final Table TABLE =
      Table.named("ops.watermarks")
          .saying("How far each market's data reaches.")
          .grain("one row per market")
          .key(MARKET)
          .reach(0, 0, "nothing")
          .column(MARKET, STRING, "The market")
          .column(
              CLICKS_UNTIL,
              TIMESTAMP,
              "Largest event_at of the click feed, of events not later than their received_at")
          .column(ORDERS_UNTIL, TIMESTAMP, "The same of the order feed")
          .column(
              WATERMARK_AT,
              TIMESTAMP,
              "The smaller of both, less the grace; NULL while a feed that is configured has none")
          .column(
              COMPLETE_UNTIL,
              DATE,
              "Last business date that is complete in all zones of the market, as of the gold that is"
                  + " there; NULL before any")
          .declared();

  private Watermarks() {}
}
