package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Visits: events of one observed device, else user, with gaps under 30 minutes. */
public final class Sessions {
  public static final Table TABLE =
      Table.named("silver.sessions")
          .saying("Visits: events of one observed device, else user, with gaps under 30 minutes.")
          .grain("one row per session")
          .key(SESSION_ID)
          .partitionedBy(SESSION_DATE)
          .reach(
              1, 1, "a session may begin the day before or be joined by an event of the day after")
          .column(
              SESSION_ID, STRING, "Deterministic hash of the person observed and the first event")
          .column(MARKET, STRING, "Market of the first event")
          .column(REGION, STRING, "Region of the first event")
          .column(SESSION_DATE, DATE, "Business date of the first event")
          .column(USER_ID, STRING, "First user seen in the session")
          .column(DEVICE_ID, STRING, "Device of the session")
          .column(STARTED_AT, TIMESTAMP, "Instant of the first event")
          .column(ENDED_AT, TIMESTAMP, "Instant of the last event")
          .column(EVENT_COUNT, BIGINT, "Events in the session")
          .column(PRODUCT_CLICKS, BIGINT, "product_click events in it")
          .column(OUTBOUND_CLICKS, BIGINT, "outbound_click events in it")
          .column(IS_BOT, BOOLEAN, "Whether all its events are flagged as a bot's")
          .declared();

  private Sessions() {}
}
