package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.theta_sketch_agg;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.GmvSettings;
import io.shoplens.table.CreatorDaily;
import io.shoplens.table.DailyExternalGmv;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.DailyGmvCategory;
import io.shoplens.table.Table;
import io.shoplens.table.Types;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was sold by market, business date and order currency: {@code gold.daily_gmv}, by category,
 * by creator, and what other shops sold. A row exists where anything was sold, cancelled or
 * refunded; in {@code gold.daily_gmv} also where anything was adjusted. Reporting amounts are NULL
 * on a date without an exchange rate.
 */
public final class DailySales {
  private static final List<String> DAY = List.of(MARKET, GMV_DATE, CURRENCY);

  private final GmvSettings settings;
  private final CompleteDates complete;

  private DailySales(GmvSettings settings, CompleteDates complete) {
    this.settings = settings;
    this.complete = complete;
  }

  /** Daily tables under settings and watermarks. */
  public static DailySales under(GmvSettings settings, CompleteDates complete) {
    return new DailySales(settings, complete);
  }

  /**
   * {@code gold.daily_gmv}.
   *
   * @param movements {@link DailyMovements}
   */
  public Dataset<Row> daily(Dataset<Row> movements) {
    return ofDays(movements, List.of(buyersSketch()))
        .transform(rows -> Sums.declared(rows, DailyGmv.TABLE));
  }

  /**
   * The sketches of {@code gold.daily_gmv} by its key, without any figure.
   *
   * @param movements {@link DailyMovements}
   */
  public static Dataset<Row> buyersSketches(Dataset<Row> movements) {
    return Sums.by(DailyMovements.inAppAndApart(movements), DAY, List.of(buyersSketch()));
  }

  private static Column buyersSketch() {
    return theta_sketch_agg(col(PERSON_ID)).as(BUYERS_SKETCH);
  }

  /** The figures of {@code gold.daily_gmv} without the sketch, for comparing them. */
  Dataset<Row> figures(Dataset<Row> movements) {
    return ofDays(movements, List.of());
  }

  private Dataset<Row> ofDays(Dataset<Row> movements, List<Column> more) {
    List<Column> sums = new ArrayList<>(List.of(Sums.orders(), Sums.buyers(), Sums.units()));
    sums.add(Sums.missingRates());
    sums.addAll(Sums.of(Sums.SALES));
    sums.addAll(Sums.of(DailyMovements.APART));
    sums.add(Sums.reporting(FX_EFFECT_REPORTING));
    sums.addAll(more);
    return Sums.by(DailyMovements.inAppAndApart(movements), DAY, sums)
        .withColumn(NET_GMV_LOCAL, Sums.net("gmv", "_local"))
        .withColumn(NET_GMV_REPORTING, Sums.net("gmv", "_reporting"))
        .withColumn(AVERAGE_ORDER_VALUE_LOCAL, rounded(perOrder(GMV_LOCAL), col(CURRENCY)))
        .withColumn(
            AVERAGE_ORDER_VALUE_REPORTING,
            round(perOrder(GMV_REPORTING), Money.digits(settings.reportingCurrency())))
        .transform(this::described);
  }

  /** {@code gold.daily_gmv_category}: money and units, which add up over categories. */
  public Dataset<Row> byCategory(Dataset<Row> movements) {
    List<Column> sums = new ArrayList<>(List.of(Sums.units(), Sums.missingRates()));
    sums.addAll(Sums.of(Sums.SALES));
    sums.add(Sums.reporting(FX_EFFECT_REPORTING));
    return Sums.by(DailyMovements.inApp(movements), keys(CATEGORY), sums)
        .transform(rows -> finished(rows, "gmv", DailyGmvCategory.TABLE));
  }

  /** {@code gold.creator_daily}. */
  public Dataset<Row> byCreator(Dataset<Row> movements) {
    List<String> amounts =
        List.of("gmv", "seller_discount", "cancelled", "refunded", "creator_commission");
    return Sums.by(DailyMovements.inApp(movements), keys(CREATOR_ID), counted(amounts))
        .transform(rows -> finished(rows, "gmv", CreatorDaily.TABLE));
  }

  /** {@code gold.daily_external_gmv}. */
  public Dataset<Row> external(Dataset<Row> movements) {
    List<String> amounts = List.of("gmv", "seller_discount", "cancelled", "refunded");
    return Sums.by(DailyMovements.external(movements), keys(MERCHANT_GROUP), counted(amounts))
        .withColumnsRenamed(
            Map.of(GMV_LOCAL, EXTERNAL_GMV_LOCAL, GMV_REPORTING, EXTERNAL_GMV_REPORTING))
        .transform(rows -> finished(rows, "external_gmv", DailyExternalGmv.TABLE));
  }

  private static List<String> keys(String more) {
    List<String> keys = new ArrayList<>(DAY);
    keys.add(more);
    return keys;
  }

  private static List<Column> counted(List<String> amounts) {
    List<Column> sums = new ArrayList<>(List.of(Sums.orders(), Sums.buyers(), Sums.units()));
    sums.add(Sums.missingRates());
    sums.addAll(Sums.of(amounts));
    return sums;
  }

  private Dataset<Row> finished(Dataset<Row> sums, String gross, Table table) {
    return sums.withColumn("net_" + gross + "_local", Sums.net(gross, "_local"))
        .withColumn("net_" + gross + "_reporting", Sums.net(gross, "_reporting"))
        .transform(this::described)
        .transform(rows -> Sums.declared(rows, table));
  }

  private Dataset<Row> described(Dataset<Row> rows) {
    return rows.withColumn(REPORTING_CURRENCY, lit(settings.reportingCurrency()))
        .withColumn(IS_COMPLETE, complete.isComplete(col(MARKET), col(GMV_DATE)));
  }

  private static Column perOrder(String amount) {
    return when(col(ORDERS).gt(0), col(amount).divide(col(ORDERS).cast("decimal(18,0)")));
  }

  /** An amount, half up, to the minor unit of the currency its row names. */
  private static Column rounded(Column amount, Column currency) {
    Map<Integer, List<String>> byDigits =
        Currency.getAvailableCurrencies().stream()
            .filter(known -> known.getDefaultFractionDigits() >= 0)
            .collect(
                Collectors.groupingBy(
                    Currency::getDefaultFractionDigits,
                    TreeMap::new,
                    Collectors.mapping(Currency::getCurrencyCode, Collectors.toList())));
    byDigits.remove(2);
    Column result = round(amount, 2).cast(Types.MONEY);
    for (Map.Entry<Integer, List<String>> entry : byDigits.entrySet()) {
      Object[] codes = entry.getValue().stream().sorted().toArray();
      result =
          when(currency.isin(codes), round(amount, entry.getKey()).cast(Types.MONEY))
              .otherwise(result);
    }
    return result;
  }
}
