package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.LeakageSettings;
import io.shoplens.table.Types;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** The leak rate, day by day: the share of shopping clicks that went to competitors. */
public final class LeakageDays {
  private static final String PERSON = "person";
  private static final String POSSIBLE = "possible";
  private static final String ALL_LOW = "all_low";
  private static final String ALL_HIGH = "all_high";
  private static final String MARKET_LEVEL = "market";
  private static final String DESTINATION_LEVEL = "destination";
  private static final String PARENT_LEVEL = "parent";

  private LeakageDays() {}

  /**
   * The rows of {@code gold.daily_leakage}.
   *
   * @param outboundLinks rows of {@code silver.outbound_links}
   * @param touchpoints rows of {@code silver.touchpoints} of the same dates
   */
  public static Dataset<Row> of(
      Dataset<Row> outboundLinks, Dataset<Row> touchpoints, LeakageSettings settings) {
    return outbound(outboundLinks, settings)
        .unionByName(inApp(touchpoints))
        .groupBy(MARKET, CLICK_DATE, LEVEL, LEVEL_VALUE)
        .agg(
            sum(PRODUCT_CLICKS).as(PRODUCT_CLICKS),
            sum(OUTBOUND_CLICKS).as(OUTBOUND_CLICKS),
            sum(COMPETITOR_CLICKS).as(COMPETITOR_CLICKS),
            sum(OPAQUE_CLICKS).as(OPAQUE_CLICKS),
            sum(POSSIBLE).as(POSSIBLE),
            count_distinct(col(PERSON)).as(PEOPLE))
        .withColumn(PRODUCT_CLICKS, ofDestinationTheMarkets(PRODUCT_CLICKS))
        .withColumn(
            COMPETITOR_CLICKS_HIGH,
            col(COMPETITOR_CLICKS).cast(Types.PRICE).plus(col(POSSIBLE)).cast(Types.PRICE))
        .withColumn(ALL_LOW, ofDestinationTheMarkets(COMPETITOR_CLICKS))
        .withColumn(
            ALL_HIGH, when(isDestination(), col(ALL_LOW)).otherwise(col(COMPETITOR_CLICKS_HIGH)))
        .select(
            col(MARKET),
            col(CLICK_DATE),
            col(LEVEL),
            col(LEVEL_VALUE),
            col(PRODUCT_CLICKS),
            col(OUTBOUND_CLICKS),
            col(COMPETITOR_CLICKS),
            col(OPAQUE_CLICKS),
            col(COMPETITOR_CLICKS_HIGH),
            rate(col(COMPETITOR_CLICKS), col(ALL_LOW)).as(LEAK_RATE_LOW),
            rate(col(COMPETITOR_CLICKS_HIGH), col(ALL_HIGH)).as(LEAK_RATE_HIGH),
            col(PEOPLE));
  }

  /** Outbound clicks, once for each level that they count in. */
  private static Dataset<Row> outbound(Dataset<Row> outboundLinks, LeakageSettings settings) {
    Column toCompetitor = CompetitorClicks.isToCompetitor();
    Column levels =
        array(
            level(MARKET_LEVEL, lit("")),
            level(DESTINATION_LEVEL, when(toCompetitor, col(MERCHANT_GROUP))),
            level(PARENT_LEVEL, when(toCompetitor, col(PARENT_GROUP))),
            level("creator", col(CREATOR_ID)),
            level("content", col(CONTENT_ID)),
            level("category", col(CATEGORY)),
            level("product", col(PRODUCT_ID)));
    return outboundLinks
        .transform(CompetitorClicks::humanClicks)
        .select(
            col(MARKET),
            col(EVENT_DATE).as(CLICK_DATE),
            lit(0L).as(PRODUCT_CLICKS),
            lit(1L).as(OUTBOUND_CLICKS),
            when(toCompetitor, 1L).otherwise(0L).as(COMPETITOR_CLICKS),
            when(CompetitorClicks.isOpaque(), 1L).otherwise(0L).as(OPAQUE_CLICKS),
            possible(settings).as(POSSIBLE),
            when(toCompetitor, CompetitorClicks.person()).as(PERSON),
            inline(present(levels)));
  }

  /** In-app product clicks, once for each level that they count in. */
  private static Dataset<Row> inApp(Dataset<Row> touchpoints) {
    Column levels =
        array(
            level(MARKET_LEVEL, lit("")),
            level("creator", col(CREATOR_ID)),
            level("content", col(CONTENT_ID)),
            level("category", col(CATEGORY)),
            level("product", col(PRODUCT_ID)));
    return touchpoints
        .where(col(EVENT_TYPE).equalTo("product_click"))
        .select(
            col(MARKET),
            col(TOUCH_DATE).as(CLICK_DATE),
            lit(1L).as(PRODUCT_CLICKS),
            lit(0L).as(OUTBOUND_CLICKS),
            lit(0L).as(COMPETITOR_CLICKS),
            lit(0L).as(OPAQUE_CLICKS),
            lit(BigDecimal.ZERO).cast(Types.PRICE).as(POSSIBLE),
            lit(null).cast(Types.STRING).as(PERSON),
            inline(present(levels)));
  }

  private static Column level(String name, Column value) {
    return struct(lit(name).as(LEVEL), value.as(LEVEL_VALUE));
  }

  private static Column present(Column levels) {
    return filter(levels, level -> level.getField(LEVEL_VALUE).isNotNull());
  }

  /** The probability that an opaque click went to a competitor; 0 for any other click. */
  private static Column possible(LeakageSettings settings) {
    Column probability = lit(BigDecimal.ZERO).cast(Types.PRICE);
    for (Map.Entry<String, BigDecimal> kind :
        new TreeMap<>(settings.opaqueCompetitor()).entrySet()) {
      probability =
          when(
                  CompetitorClicks.isOpaque().and(col(LINK_KIND).equalTo(kind.getKey())),
                  lit(kind.getValue()).cast(Types.PRICE))
              .otherwise(probability);
    }
    return probability;
  }

  /** Clicks of the level's value; for destinations and parents, the market's of the day. */
  private static Column ofDestinationTheMarkets(String clicks) {
    Column ofMarket =
        sum(when(col(LEVEL).equalTo(MARKET_LEVEL), col(clicks)))
            .over(Window.partitionBy(MARKET, CLICK_DATE));
    return when(isDestination(), coalesce(ofMarket, lit(0L))).otherwise(col(clicks));
  }

  /** Destinations are shares of the clicks resolved: opaque ones belong to none, so low is high. */
  private static Column isDestination() {
    return col(LEVEL).isin(DESTINATION_LEVEL, PARENT_LEVEL);
  }

  /**
   * leaked / (K + I) to six digits, half up, NULL when K and I are 0. In whole millionths
   * throughout, because a division of decimals rounds by itself before one can.
   */
  private static Column rate(Column leakedClicks, Column competitorClicks) {
    Column million = lit(new BigDecimal(1_000_000));
    Column leaked = leakedClicks.cast(Types.PRICE).multiply(million).cast("decimal(24,0)");
    Column all =
        competitorClicks
            .cast(Types.PRICE)
            .plus(col(PRODUCT_CLICKS))
            .multiply(million)
            .cast("decimal(24,0)");
    Column doubled = leaked.multiply(lit(new BigDecimal(2_000_000))).plus(all);
    Column millionths =
        call_function("div", doubled, call_function("nullif", all.multiply(lit(2)), lit(0)));
    return millionths
        .cast("decimal(18,0)")
        .multiply(lit(new BigDecimal("0.000001")))
        .cast("decimal(18,6)");
  }
}
