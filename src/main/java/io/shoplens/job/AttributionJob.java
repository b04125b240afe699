package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_date;

import io.shoplens.attribution.ChannelEffects;
import io.shoplens.attribution.DailyCredits;
import io.shoplens.attribution.ModelShares;
import io.shoplens.attribution.OrderCredits;
import io.shoplens.attribution.PathDays;
import io.shoplens.lake.Lake;
import io.shoplens.table.AttributionCredits;
import io.shoplens.table.DailyAttribution;
import io.shoplens.table.Identities;
import io.shoplens.table.ModelComparison;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Paths;
import io.shoplens.table.Reach;
import io.shoplens.table.Touchpoints;
import java.time.LocalDate;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Touchpoints and order lines into credits and their daily sums.
 *
 * <p>The dates are those whose movements changed, and those with a movement of an order that a
 * changed touch or identification can reach; order events identify devices too. On such a date
 * every movement is credited anew.
 */
final class AttributionJob {
  private static final Set<String> CREDITED = Set.of("sale", "cancelled", "refunded");

  private final RunContext run;
  private final Lake lake;

  AttributionJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
  }

  /** Computes the frames of the gold tables; the dates computed are in the result. */
  SortedSet<LocalDate> run(Scope scope, GoldFrames gold) {
    SortedSet<LocalDate> dates = dates(scope);
    Dataset<Row> history =
        lake.readDates(OrderHistory.TABLE, dates).where(col(ENTRY).isin(CREDITED.toArray()));
    SortedSet<LocalDate> orderDates = distinctDates(history, to_date(col(ORDER_AT)));
    SortedSet<LocalDate> lookedBack = lookback().of(orderDates);
    Dataset<Row> credits =
        OrderCredits.of(
            history,
            lake.readDates(Touchpoints.TABLE, lookedBack),
            lake.readDates(Identities.TABLE, lookedBack),
            run.config().reference(),
            run.config().attribution(),
            run.config().gmv(),
            ChannelEffects.NONE);
    Dataset<Row> kept = gold.put(AttributionCredits.TABLE, credits, dates);
    Dataset<Row> daily = gold.put(DailyAttribution.TABLE, DailyCredits.of(kept), dates);
    gold.put(ModelComparison.TABLE, ModelShares.of(daily, run.config().attribution()), dates);
    gold.put(Paths.TABLE, PathDays.of(kept), dates);
    return dates;
  }

  private SortedSet<LocalDate> dates(Scope scope) {
    SortedSet<LocalDate> dates =
        lake.datesRewrittenAfter(OrderHistory.TABLE, scope.publishedVersion(OrderHistory.TABLE));
    dates.addAll(scope.rebuiltDates());
    SortedSet<LocalDate> touched = Touchpoints.TABLE.reach().of(scope.touchedDates());
    if (!touched.isEmpty()) {
      Reach reached = new Reach(1, lookbackDays() + 1, "the look-back, and zones");
      Column isReached = Lake.in(to_date(col(ORDER_AT)), reached.of(touched));
      dates.addAll(distinctDates(lake.read(OrderHistory.TABLE).where(isReached), col(ENTRY_DATE)));
    }
    return dates;
  }

  /** Dates of touches and identities that an order of a UTC date can look back to. */
  private Reach lookback() {
    return new Reach(lookbackDays() + 1, 1, "the look-back, and zones");
  }

  private int lookbackDays() {
    return (int) run.config().attribution().lookback().plusDays(1).minusNanos(1).toDays();
  }

  private static SortedSet<LocalDate> distinctDates(Dataset<Row> rows, Column date) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (Row row : rows.select(date).distinct().collectAsList()) {
      dates.add(row.getDate(0).toLocalDate());
    }
    return dates;
  }
}
