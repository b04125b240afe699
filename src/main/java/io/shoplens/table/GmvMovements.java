package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/**
 * Every change of a published figure of gold.daily_gmv on a complete or closed date, and what
 * changed it.
 */
public final class GmvMovements {
  public static final Table TABLE =
      Table.named("gold.gmv_movements")
          .saying(
              "Every change of a published figure of gold.daily_gmv on a complete or closed date, and what changed it.")
          .grain("one row per run, market, business date, currency and figure")
          .key(RUN_ID, MARKET, GMV_DATE, CURRENCY, FIGURE)
          .partitionedBy(POSTED_DATE)
          .reach(0, 0, "nothing: rows are added by the run that changes a figure")
          .column(
              POSTED_DATE,
              DATE,
              "Date the change stands on: gmv_date, or the first open date where that is in a closed period")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date whose figure changed")
          .column(CURRENCY, STRING, "Order currency")
          .column(FIGURE, STRING, "Column of gold.daily_gmv")
          .column(FROM_VALUE, MONEY, "The figure before; NULL where there was none")
          .column(TO_VALUE, MONEY, "The figure after; NULL where there is none")
          .column(
              ORDER_EVENT_COUNT,
              BIGINT,
              "Order events whose movements on the date were added, changed or removed; 0 where only settings or rates did it")
          .column(
              ORDER_EVENTS,
              "array<struct<order_id:string,order_event_id:string>>",
              "The first 100 of them by order and event")
          .column(RUN_ID, STRING, "The run that changed it")
          .column(MOVED_AT, TIMESTAMP, "Start of that run")
          .declared();

  private GmvMovements() {}
}
