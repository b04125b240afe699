package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.Types;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How much of what creators bring leaks, day by day. Source: definitions, section 6. */
public final class CreatorDays {
  private static final int WINDOW = 7;
  private static final String SQUARES = "squares";
  private static final String EXACT = "decimal(28,4)";

  private CreatorDays() {}

  /**
   * The rows of {@code gold.creator_leakage}.
   *
   * @param leakDays rows of {@code gold.daily_leaks}
   * @param outboundLinks rows of {@code silver.outbound_links} of the same dates
   * @param lines rows of {@code silver.order_lines} of the same dates
   */
  public static Dataset<Row> of(
      Dataset<Row> leakDays,
      Dataset<Row> outboundLinks,
      Dataset<Row> lines,
      GmvSettings gmv,
      Reference reference) {
    int digits = Currency.getInstance(gmv.reportingCurrency()).getDefaultFractionDigits();
    Column clicks = col(COMPETITOR_CLICKS);
    Column squared = clicks.multiply(clicks).cast(EXACT);
    return leaked(leakDays)
        .unionByName(clicked(outboundLinks))
        .unionByName(sold(lines, reference))
        .groupBy(MARKET, LEAK_DATE, CREATOR_ID, TOP_DESTINATION)
        .agg(
            sum(COMPETITOR_CLICKS).as(COMPETITOR_CLICKS),
            sum(LEAKED_GMV_REPORTING).as(LEAKED_GMV_REPORTING),
            sum(COMMISSION_FOREGONE_REPORTING).as(COMMISSION_FOREGONE_REPORTING),
            sum(GMV_REPORTING).as(GMV_REPORTING),
            sum(COMMISSION_REPORTING).as(COMMISSION_REPORTING))
        .groupBy(MARKET, LEAK_DATE, CREATOR_ID)
        .agg(
            sum(COMPETITOR_CLICKS).as(COMPETITOR_CLICKS),
            count(col(TOP_DESTINATION)).as(DESTINATIONS),
            sum(when(clicks.gt(0), squared)).as(SQUARES),
            top().as(TOP_DESTINATION),
            sum(LEAKED_GMV_REPORTING).cast(Types.MONEY).as(LEAKED_GMV_REPORTING),
            sum(COMMISSION_FOREGONE_REPORTING).cast(Types.MONEY).as(COMMISSION_FOREGONE_REPORTING),
            sum(GMV_REPORTING).cast(Types.MONEY).as(GMV_REPORTING),
            round(sum(COMMISSION_REPORTING), digits).cast(Types.MONEY).as(COMMISSION_REPORTING))
        .withColumn(DESTINATION_HHI, share(col(SQUARES), squared))
        .withColumn(
            EXPOSURE,
            share(
                col(COMMISSION_FOREGONE_REPORTING),
                col(COMMISSION_FOREGONE_REPORTING).plus(col(COMMISSION_REPORTING))))
        .drop(SQUARES);
  }

  /** The destination of most clicks; of equal ones the first by name. */
  private static Column top() {
    return min(when(
            col(TOP_DESTINATION).isNotNull(),
            struct(negate(col(COMPETITOR_CLICKS)).as(COMPETITOR_CLICKS), col(TOP_DESTINATION))))
        .getField(TOP_DESTINATION);
  }

  /** part / whole to six digits, half up, NULL where whole is 0; in whole millionths throughout. */
  private static Column share(Column part, Column whole) {
    Column all = whole.cast(EXACT);
    Column doubled = part.cast(EXACT).multiply(lit(new BigDecimal(2_000_000))).plus(all);
    return call_function("div", doubled, call_function("nullif", all.multiply(lit(2)), lit(0)))
        .cast("decimal(18,0)")
        .multiply(lit(new BigDecimal("0.000001")))
        .cast("decimal(18,6)");
  }

  private static Dataset<Row> leaked(Dataset<Row> leakDays) {
    return leakDays
        .where(col(LEVEL).equalTo("creator").and(col(WINDOW_DAYS).equalTo(WINDOW)))
        .where(col(LEAKS).gt(0))
        .select(
            col(MARKET),
            col(LEAK_DATE),
            col(LEVEL_VALUE).as(CREATOR_ID),
            lit(null).cast(Types.STRING).as(TOP_DESTINATION),
            lit(0L).as(COMPETITOR_CLICKS),
            col(LEAKED_GMV_REPORTING),
            col(COMMISSION_FOREGONE_REPORTING),
            lit(0).cast(Types.MONEY).as(GMV_REPORTING),
            lit(0).cast("decimal(38,10)").as(COMMISSION_REPORTING));
  }

  private static Dataset<Row> clicked(Dataset<Row> outboundLinks) {
    return outboundLinks
        .transform(CompetitorClicks::humanClicks)
        .where(CompetitorClicks.isToCompetitor().and(col(CREATOR_ID).isNotNull()))
        .select(
            col(MARKET),
            col(EVENT_DATE).as(LEAK_DATE),
            col(CREATOR_ID),
            col(MERCHANT_GROUP).as(TOP_DESTINATION),
            lit(1L).as(COMPETITOR_CLICKS),
            lit(0).cast(Types.MONEY).as(LEAKED_GMV_REPORTING),
            lit(0).cast(Types.MONEY).as(COMMISSION_FOREGONE_REPORTING),
            lit(0).cast(Types.MONEY).as(GMV_REPORTING),
            lit(0).cast("decimal(38,10)").as(COMMISSION_REPORTING));
  }

  private static Dataset<Row> sold(Dataset<Row> lines, Reference reference) {
    Column rate = coalesce(col(COMMISSION_RATE), takeRate(reference));
    return lines
        .where(col(SALES_CHANNEL).equalTo("in_app").and(col(BASIS_DATE).isNotNull()))
        .where(col(CREATOR_ID).isNotNull())
        .select(
            col(MARKET),
            col(ORDER_DATE).as(LEAK_DATE),
            col(CREATOR_ID),
            lit(null).cast(Types.STRING).as(TOP_DESTINATION),
            lit(0L).as(COMPETITOR_CLICKS),
            lit(0).cast(Types.MONEY).as(LEAKED_GMV_REPORTING),
            lit(0).cast(Types.MONEY).as(COMMISSION_FOREGONE_REPORTING),
            coalesce(col(GMV_REPORTING), lit(0)).cast(Types.MONEY).as(GMV_REPORTING),
            coalesce(col(GMV_REPORTING), lit(0))
                .cast(Types.MONEY)
                .multiply(rate.cast(Types.RATE))
                .cast("decimal(38,10)")
                .as(COMMISSION_REPORTING));
  }

  private static Column takeRate(Reference reference) {
    Column rate = lit(null).cast(Types.RATE);
    for (Map.Entry<String, Reference.Market> market :
        new TreeMap<>(reference.markets()).entrySet()) {
      rate =
          when(col(MARKET).equalTo(market.getKey()), lit(market.getValue().takeRate()))
              .otherwise(rate);
    }
    return rate;
  }
}
