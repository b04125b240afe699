package io.shoplens.attribution;

import static io.shoplens.attribution.ChannelTransitions.AT;
import static io.shoplens.attribution.ChannelTransitions.COUNT;
import static io.shoplens.attribution.ChannelTransitions.DATE;
import static io.shoplens.attribution.ChannelTransitions.FROM;
import static io.shoplens.attribution.ChannelTransitions.ID;
import static io.shoplens.attribution.ChannelTransitions.IS_ORDER;
import static io.shoplens.attribution.ChannelTransitions.KNOWN_DATE;
import static io.shoplens.attribution.ChannelTransitions.TO;
import static io.shoplens.attribution.ChannelTransitions.WALKER;
import static io.shoplens.attribution.ChannelTransitions.WEEK;
import static io.shoplens.attribution.OrderCredits.columns;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import io.shoplens.table.ChannelWeights;
import io.shoplens.table.Reach;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Date;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;

/**
 * What channels weigh for markov, by the paths that ended in the 28 days before a week.
 *
 * <p>Paths are counted before anything is joined with an order: those of everybody who touched
 * something, buyers or not. So a person is the user, else the device, as observed: whose a device's
 * touches are is only said for an order, by what was known at its instant. A path ends at the
 * person's next order in the market (of the kind that the weights are for, in the basis before the
 * week), or once 30 days passed without a touch; a touch then begins another. It is told back to
 * {@value #REACH_DAYS} days before the week. In-app orders are reached by every touch but outbound
 * clicks, external ones by outbound clicks and in-app touches.
 */
public final class ChannelPaths {
  /** Days before a week in which the paths used for it ended. */
  public static final int PERIOD_DAYS = 28;

  /** Days without a touch that end a path. */
  static final int SILENT_DAYS = 30;

  /** Days before a week whose touches and orders its weights are made of. */
  public static final int REACH_DAYS = PERIOD_DAYS + 2 * SILENT_DAYS;

  static final long SILENCE = CreditRows.micros(Duration.ofDays(SILENT_DAYS));

  private static final String GRAPH = "graph";
  private static final String MODEL_ID = AttributionModel.MARKOV.id();

  private ChannelPaths() {}

  /** The Mondays of the ISO weeks of some dates. */
  public static SortedSet<LocalDate> weeksOf(Collection<LocalDate> dates) {
    SortedSet<LocalDate> weeks = new TreeSet<>();
    dates.forEach(date -> weeks.add(LocalDate.ofEpochDay(OrderWeeks.monday(date))));
    return weeks;
  }

  /** The Mondays of the weeks whose weights are made of touches or orders of some dates. */
  public static SortedSet<LocalDate> weeksReachedFrom(Collection<LocalDate> dates) {
    SortedSet<LocalDate> weeks = weeksOf(new Reach(0, REACH_DAYS, "the paths of markov").of(dates));
    weeks.removeIf(
        week ->
            dates.stream()
                .noneMatch(
                    date -> date.isBefore(week) && !date.isBefore(week.minusDays(REACH_DAYS))));
    return weeks;
  }

  /** The dates whose touches and orders the weights of some weeks are made of. */
  public static SortedSet<LocalDate> datesOf(Collection<LocalDate> weeks) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    weeks.forEach(week -> week.minusDays(REACH_DAYS).datesUntil(week).forEach(dates::add));
    return dates;
  }

  /**
   * {@code gold.channel_weights} of some weeks.
   *
   * @param touchpoints {@code silver.touchpoints} of {@link #datesOf} the weeks
   * @param orders {@code silver.orders} of the same dates
   * @param weeks their Mondays
   */
  public static Dataset<Row> weights(
      Dataset<Row> touchpoints, Dataset<Row> orders, Collection<LocalDate> weeks) {
    int[] mondays = weeks.stream().mapToInt(week -> (int) week.toEpochDay()).toArray();
    Dataset<Row> transitions =
        touches(touchpoints)
            .unionByName(conversions(orders))
            .select(columns(ChannelTransitions.STEP.fieldNames()))
            .groupBy(col(WALKER))
            .as(Encoders.STRING(), Encoders.row(ChannelTransitions.STEP))
            .flatMapSortedGroups(
                columns(AT, IS_ORDER, ID),
                new ChannelTransitions(mondays),
                Encoders.row(ChannelTransitions.TRANSITIONS))
            .groupBy(columns(MARKET, WEEK, SALES_CHANNEL, TOUCH_SET, FROM, TO))
            .agg(sum(COUNT).as(COUNT))
            .withColumn(
                GRAPH, concat_ws(" ", col(MARKET), col(WEEK), col(SALES_CHANNEL), col(TOUCH_SET)));
    return transitions
        .groupBy(col(GRAPH))
        .as(Encoders.STRING(), Encoders.row(transitions.schema()))
        .flatMapGroups(
            // Elimination in a graph has no expression in SQL.
            (String graph, Iterator<Row> rows) -> solved(rows),
            Encoders.row(ChannelWeights.TABLE.schema()));
  }

  private static Dataset<Row> touches(Dataset<Row> touchpoints) {
    return touchpoints
        .withColumn(WALKER, walker())
        .withColumn(AT, unix_micros(col(TOUCH_AT)))
        .withColumn(DATE, unix_date(col(TOUCH_DATE)))
        .withColumn(IS_ORDER, lit(false))
        .withColumn(ID, col(EVENT_ID))
        .withColumn(KNOWN_DATE, lit(null).cast("int"))
        .withColumn(SALES_CHANNEL, lit(null).cast("string"))
        .select(columns(ChannelTransitions.STEP.fieldNames()));
  }

  private static Dataset<Row> conversions(Dataset<Row> orders) {
    return orders
        .where(col(BASIS_DATE).isNotNull().and(functions.not(col(IS_ORPHAN))))
        .where(coalesce(col(USER_ID), col(DEVICE_ID)).isNotNull())
        .withColumn(WALKER, walker())
        .withColumn(AT, unix_micros(col(ORDER_AT)))
        .withColumn(DATE, unix_date(col(ORDER_DATE)))
        .withColumn(IS_ORDER, lit(true))
        .withColumn(ID, col(ORDER_ID))
        .withColumn(KNOWN_DATE, unix_date(col(BASIS_DATE)))
        .withColumn(CHANNEL, lit(null).cast("string"))
        .withColumn(TOUCH_CLASS, lit(null).cast("string"))
        .withColumn(IS_ENTRY, lit(false))
        .withColumn(IS_OUTBOUND, lit(false))
        .select(columns(ChannelTransitions.STEP.fieldNames()));
  }

  private static Column walker() {
    return concat_ws(" ", col(MARKET), PersonTouches.person());
  }

  /** The rows of one graph, from its transitions. */
  private static Iterator<Row> solved(Iterator<Row> transitions) {
    ChannelGraph graph = new ChannelGraph();
    Row any = null;
    while (transitions.hasNext()) {
      any = transitions.next();
      graph.add(any.getString(4), any.getString(5), any.getLong(6));
    }
    List<Row> rows = new ArrayList<>();
    if (any != null) {
      LocalDate week = LocalDate.ofEpochDay(any.getInt(1));
      Map<String, BigInteger> effects = new TreeMap<>(graph.removalEffects());
      BigInteger total = effects.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
      long converted = graph.ended(ChannelGraph.CONVERSION);
      long lost = graph.ended(ChannelGraph.LOSS);
      for (Map.Entry<String, BigInteger> effect : effects.entrySet()) {
        BigDecimal share =
            total.signum() == 0
                ? BigDecimal.ZERO.setScale(12)
                : new BigDecimal(effect.getValue())
                    .divide(new BigDecimal(total), 12, RoundingMode.HALF_EVEN);
        rows.add(
            RowFactory.create(
                any.getString(0),
                Date.valueOf(week),
                any.getString(2),
                any.getString(3),
                MODEL_ID,
                effect.getKey(),
                new BigDecimal(effect.getValue(), 12),
                share,
                share.multiply(BigDecimal.valueOf(converted)).setScale(6, RoundingMode.HALF_EVEN),
                Date.valueOf(week.minusDays(PERIOD_DAYS)),
                Date.valueOf(week.minusDays(1)),
                converted + lost,
                converted));
      }
    }
    return rows.iterator();
  }
}
