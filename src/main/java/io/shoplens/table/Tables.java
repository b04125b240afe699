package io.shoplens.table;

import java.util.List;
import java.util.Optional;

/** The registry: every table, in the order the data goes through them. */
public final class Tables {
  public static final List<Table> ALL =
      List.of(
          Ledger.TABLE,
          Events.TABLE,
          OrderEvents.TABLE,
          Watermarks.TABLE,
          Identities.TABLE,
          Sessions.TABLE,
          OutboundLinks.TABLE,
          Touchpoints.TABLE,
          Orders.TABLE,
          OrderLines.TABLE,
          OrderHistory.TABLE,
          AttributionCredits.TABLE,
          DailyAttribution.TABLE,
          DailyGmv.TABLE,
          LeakedLinks.TABLE,
          DailyLeakage.TABLE,
          Checks.TABLE,
          Runs.TABLE);

  private Tables() {}

  /** The table of this name, such as {@code gold.daily_gmv}. */
  public static Optional<Table> named(String name) {
    return ALL.stream().filter(table -> table.name().equals(name)).findFirst();
  }
}
