package io.shoplens.table;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
          ChannelWeights.TABLE,
          AttributionCredits.TABLE,
          DailyAttribution.TABLE,
          ModelComparison.TABLE,
          Paths.TABLE,
          DailyGmv.TABLE,
          DailyGmvCategory.TABLE,
          DailyExternalGmv.TABLE,
          GmvMovements.TABLE,
          DailyEconomics.TABLE,
          RegionExposure.TABLE,
          CreatorDaily.TABLE,
          CustomerDaily.TABLE,
          LeakedLinks.TABLE,
          DailyLeakage.TABLE,
          Leaks.TABLE,
          DailyConversion.TABLE,
          DailyLeaks.TABLE,
          CreatorLeakage.TABLE,
          Checks.TABLE,
          Runs.TABLE);

  /** What is read like a table and not stored. */
  public static final List<View> VIEWS =
      List.of(LossBudget.VIEW, GoalProgress.VIEW, Quarantine.VIEW, SchemaDrift.VIEW);

  private Tables() {}

  /** All that can be read by name: the tables, then the views. */
  public static List<Table> readable() {
    return Stream.concat(ALL.stream(), VIEWS.stream().map(View::table)).toList();
  }

  /** The table or view of this name, such as {@code gold.daily_gmv}. */
  public static Optional<Table> named(String name) {
    return readable().stream().filter(table -> table.name().equals(name)).findFirst();
  }
}
