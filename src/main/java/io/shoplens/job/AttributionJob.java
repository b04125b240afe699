package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_date;

import io.shoplens.attribution.ChannelEffects;
import io.shoplens.attribution.ChannelPaths;
import io.shoplens.attribution.DailyCredits;
import io.shoplens.attribution.ModelShares;
import io.shoplens.attribution.OrderCredits;
import io.shoplens.attribution.PathDays;
import io.shoplens.config.AttributionSettings;
import io.shoplens.config.AttributionSettings.Model;
import io.shoplens.config.BusinessDates;
import io.shoplens.lake.Lake;
import io.shoplens.table.AttributionCredits;
import io.shoplens.table.ChannelWeights;
import io.shoplens.table.DailyAttribution;
import io.shoplens.table.Identities;
import io.shoplens.table.ModelComparison;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Orders;
import io.shoplens.table.Paths;
import io.shoplens.table.Reach;
import io.shoplens.table.Touchpoints;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
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
 * changed touch or identification can reach; order events identify devices too. What is told of
 * markov's paths reaches further: to the orders of the weeks whose weights are made of it. On such
 * a date every movement is credited anew.
 */
final class AttributionJob {
  private static final Set<String> REVERSALS = Set.of("cancelled", "refunded");

  private final RunContext run;
  private final Lake lake;
  private final AttributionSettings settings;

  AttributionJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
    this.settings = run.config().attribution();
  }

  /** Computes the frames of the gold tables; the dates computed are in the result. */
  SortedSet<LocalDate> run(Scope scope, GoldFrames gold) {
    SortedSet<LocalDate> touched = Touchpoints.TABLE.reach().of(scope.touchedDates());
    SortedSet<LocalDate> dates = dates(scope, touched);
    Dataset<Row> history =
        lake.readDates(OrderHistory.TABLE, dates)
            .where(col(ENTRY).equalTo("sale").or(isReversal()));
    OrderDates orderDates = orderDates(history);
    SortedSet<LocalDate> lookedBack = lookback().of(orderDates.utcDates());
    Dataset<Row> credits =
        OrderCredits.of(
            history,
            lake.readDates(OrderHistory.TABLE, reversedOn(orderDates, dates)).where(isReversal()),
            lake.readDates(Touchpoints.TABLE, lookedBack),
            lake.readDates(Identities.TABLE, lookedBack),
            run.config().clickstream().identityWindow(),
            run.config().reference(),
            settings,
            run.config().gmv(),
            channelEffects(ChannelPaths.weeksOf(orderDates.businessDates()), touched, gold));
    Dataset<Row> kept = gold.put(AttributionCredits.TABLE, credits, dates);
    Dataset<Row> daily = gold.put(DailyAttribution.TABLE, DailyCredits.of(kept), dates);
    gold.put(ModelComparison.TABLE, ModelShares.of(daily, settings), dates);
    gold.put(Paths.TABLE, PathDays.of(kept), dates);
    return dates;
  }

  /**
   * What markov knows of the weeks of some orders: weeks that changed touches or orders reach, or
   * that have no weights yet, are computed; of others, and of weeks that begin in a closed period,
   * the stored weights stand. A closed week without any has weights for its open dates nonetheless,
   * which are not stored.
   */
  private ChannelEffects channelEffects(
      SortedSet<LocalDate> weeks, SortedSet<LocalDate> touched, GoldFrames gold) {
    if (!settings.models().contains(Model.MARKOV)) {
      return ChannelEffects.NONE;
    }
    SortedSet<LocalDate> stale = new TreeSet<>(weeks);
    SortedSet<LocalDate> standing = new TreeSet<>(weeks);
    standing.removeAll(gold.open(ChannelWeights.TABLE, ChannelPaths.weeksReachedFrom(touched)));
    List<Row> weights = new ArrayList<>();
    if (!standing.isEmpty() && lake.exists(ChannelWeights.TABLE)) {
      weights.addAll(lake.readDates(ChannelWeights.TABLE, standing).collectAsList());
      weights.forEach(row -> stale.remove(row.<Date>getAs(WEEK_DATE).toLocalDate()));
    }
    if (stale.isEmpty() && lake.exists(ChannelWeights.TABLE)) {
      return ChannelEffects.of(weights);
    }
    SortedSet<LocalDate> read = ChannelPaths.datesOf(stale);
    Dataset<Row> computed =
        gold.keep(
            ChannelPaths.weights(
                lake.readDates(Touchpoints.TABLE, read),
                lake.readDates(Orders.TABLE, read),
                stale));
    gold.put(ChannelWeights.TABLE, computed, stale);
    weights.addAll(computed.collectAsList());
    return ChannelEffects.of(weights);
  }

  private SortedSet<LocalDate> dates(Scope scope, SortedSet<LocalDate> touched) {
    SortedSet<LocalDate> dates =
        lake.datesRewrittenAfter(OrderHistory.TABLE, scope.publishedVersion(OrderHistory.TABLE));
    dates.addAll(scope.rebuiltDates());
    if (!touched.isEmpty()) {
      Reach reached = new Reach(1, lookbackDays() + 1, "the look-back, and zones");
      SortedSet<LocalDate> orderDates = reached.of(touched);
      if (settings.models().contains(Model.MARKOV)) {
        Reach week = new Reach(1, 7, "the days of an ISO week, and zones");
        orderDates.addAll(week.of(ChannelPaths.weeksReachedFrom(touched)));
      }
      Column isReached = Lake.in(to_date(col(ORDER_AT)), orderDates);
      for (Row row :
          lake.read(OrderHistory.TABLE)
              .where(isReached)
              .select(ENTRY_DATE)
              .distinct()
              .collectAsList()) {
        dates.add(row.getDate(0).toLocalDate());
      }
    }
    return dates;
  }

  private static Column isReversal() {
    return col(ENTRY).isin(REVERSALS.toArray());
  }

  /**
   * Other dates on which what is reversed on the given ones may have been reversed in part: none
   * before its order, zones aside.
   */
  private static SortedSet<LocalDate> reversedOn(
      OrderDates orderDates, SortedSet<LocalDate> dates) {
    SortedSet<LocalDate> others = new TreeSet<>();
    if (!orderDates.utcDatesOfReversed().isEmpty()) {
      LocalDate first = orderDates.utcDatesOfReversed().first().minusDays(1);
      for (LocalDate date = first; date.isBefore(dates.last()); date = date.plusDays(1)) {
        others.add(date);
      }
      others.removeAll(dates);
    }
    return others;
  }

  /**
   * Dates of orders.
   *
   * @param utcDatesOfReversed UTC dates of those with a reversal among their movements
   */
  private record OrderDates(
      SortedSet<LocalDate> utcDates,
      SortedSet<LocalDate> utcDatesOfReversed,
      SortedSet<LocalDate> businessDates) {}

  private OrderDates orderDates(Dataset<Row> history) {
    Column businessDate =
        BusinessDates.of(run.config().reference(), col(ORDER_AT), col(MARKET), col(REGION));
    OrderDates dates = new OrderDates(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    for (Row row :
        history
            .select(to_date(col(ORDER_AT)), businessDate, isReversal())
            .distinct()
            .collectAsList()) {
      dates.utcDates().add(row.getDate(0).toLocalDate());
      dates.businessDates().add(row.getDate(1).toLocalDate());
      if (row.getBoolean(2)) {
        dates.utcDatesOfReversed().add(row.getDate(0).toLocalDate());
      }
    }
    return dates;
  }

  /** Dates of touches and identities that an order of a UTC date can look back to. */
  private Reach lookback() {
    return new Reach(lookbackDays() + 1, 1, "the look-back, and zones");
  }

  private int lookbackDays() {
    return (int) settings.longestLookback().plusDays(1).minusNanos(1).toDays();
  }
}
