package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.RegionExposure;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * {@code gold.region_exposure}: in-app GMV, buyers and creators by subdivision, its share of the
 * market, and the restriction configured for it.
 */
public final class RegionExposures {
  private static final String HELD = "held";

  private RegionExposures() {}

  /**
   * Exposure of every region with a movement on the date.
   *
   * @param movements {@link DailyMovements}
   */
  public static Dataset<Row> of(
      Dataset<Row> movements, CompleteDates complete, GmvSettings settings, Reference reference) {
    Column market = sum(GMV_REPORTING).over(Window.partitionBy(MARKET, GMV_DATE));
    return Sums.by(DailyMovements.inApp(movements), List.of(MARKET, GMV_DATE, REGION), sums())
        .withColumn(NET_GMV_REPORTING, Sums.net("gmv", "_reporting"))
        .withColumn(MARKET_SHARE, Sums.share(col(GMV_REPORTING), market))
        .withColumn(REPORTING_CURRENCY, lit(settings.reportingCurrency()))
        .withColumn(IS_COMPLETE, complete.isComplete(col(MARKET), col(GMV_DATE)))
        .withColumn(HELD, restriction(reference))
        .select(
            col("*"),
            col(HELD + "." + RESTRICTION),
            col(HELD + "." + RESTRICTION_STATE),
            col(HELD + "." + RESTRICTED_FROM),
            col(HELD + "." + RESTRICTED_UNTIL))
        .transform(rows -> Sums.declared(rows, RegionExposure.TABLE));
  }

  private static List<Column> sums() {
    Column soldBy = when(col(ORDER_ID).isNotNull(), col(CREATOR_ID));
    return List.of(
        Sums.orders(),
        Sums.buyers(),
        count_distinct(soldBy).as(CREATORS),
        Sums.units(),
        Sums.missingRates(),
        Sums.reporting(GMV_REPORTING),
        Sums.reporting(SELLER_DISCOUNT_REPORTING),
        Sums.reporting(CANCELLED_REPORTING),
        Sums.reporting(REFUNDED_REPORTING));
  }

  /** The restriction that holds on the row's date; of several the one that begins last. */
  private static Column restriction(Reference reference) {
    Column held = described(Optional.empty());
    for (Reference.Restriction restriction :
        reference.restrictions().stream()
            .sorted(Comparator.comparing(Reference.Restriction::from))
            .toList()) {
      Column holds =
          col(REGION)
              .equalTo(restriction.region())
              .and(col(GMV_DATE).geq(date(Optional.of(restriction.from()))));
      if (restriction.until().isPresent()) {
        holds = holds.and(col(GMV_DATE).lt(date(restriction.until())));
      }
      held = when(holds, described(Optional.of(restriction))).otherwise(held);
    }
    return held;
  }

  private static Column described(Optional<Reference.Restriction> restriction) {
    return struct(
        text(restriction.map(Reference.Restriction::restriction)).as(RESTRICTION),
        text(restriction.map(Reference.Restriction::state)).as(RESTRICTION_STATE),
        date(restriction.map(Reference.Restriction::from)).as(RESTRICTED_FROM),
        date(restriction.flatMap(Reference.Restriction::until)).as(RESTRICTED_UNTIL));
  }

  private static Column text(Optional<String> value) {
    return lit(value.orElse(null)).cast("string");
  }

  private static Column date(Optional<LocalDate> date) {
    return lit(date.map(LocalDate::toString).orElse(null)).cast("date");
  }
}
