package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Which user was seen on which device, as far as an unidentified event can need it. */
public final class Identities {
  public static final Table TABLE =
      Table.named("silver.identities")
          .saying(
              "Which user was seen on which device, as far as an unidentified event can need it.")
          .grain(
              "one row per identification that is its device's first of the UTC date or follows an unidentified event")
          .key(DEVICE_ID, IDENTIFIED_AT, SOURCE_ID)
          .partitionedBy(UTC_DATE)
          .reach(0, 0, "nothing: decided within the UTC date")
          .column(DEVICE_ID, STRING, "Device")
          .column(USER_ID, STRING, "User seen on it")
          .column(IDENTIFIED_AT, TIMESTAMP, "Instant of the record that names both")
          .column(SOURCE_ID, STRING, "Identifier of that record: event_id or order_event_id")
          .column(UTC_DATE, DATE, "UTC date of identified_at")
          .declared();

  private Identities() {}
}
