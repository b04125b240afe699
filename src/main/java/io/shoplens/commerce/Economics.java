package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.DailyEconomics;
import io.shoplens.table.Types;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code gold.daily_economics}: what the in-app shop earned on its sales, and what they cost it, by
 * market and business date.
 */
public final class Economics {
  private static final List<String> AMOUNTS =
      List.of(
          "gmv",
          "seller_discount",
          "cancelled",
          "refunded",
          "commission",
          "platform_discount",
          "shipping_subsidy",
          "shipping_margin",
          "fulfilment_cost",
          "creator_commission");

  private static final String MOVED = "moved";
  private static final String MARKET_CURRENCY = "market_currency";

  private Economics() {}

  /**
   * Economics with goal, budget and fixed cost as configured.
   *
   * @param movements {@link DailyMovements}
   */
  public static Dataset<Row> of(
      Dataset<Row> movements, CompleteDates complete, GmvSettings settings, Reference reference) {
    return DailyMovements.inApp(movements)
        .transform(Economics::byCurrency)
        .transform(sums -> inMarketsCurrency(sums, settings, reference))
        .transform(Economics::byMarket)
        .transform(Economics::withContribution)
        .withColumn(REPORTING_CURRENCY, lit(settings.reportingCurrency()))
        .withColumn(IS_COMPLETE, complete.isComplete(col(MARKET), col(GMV_DATE)))
        .withColumn(FIXED_COST_LOCAL, configured(reference, market -> market.dailyFixedCost()))
        .withColumn(DAILY_GOAL_LOCAL, configured(reference, market -> market.dailyGoal()))
        .withColumn(LOSS_BUDGET_LOCAL, configured(reference, market -> market.yearlyLossBudget()))
        .transform(rows -> Sums.declared(rows, DailyEconomics.TABLE));
  }

  private static Dataset<Row> byCurrency(Dataset<Row> movements) {
    List<Column> sums = new ArrayList<>(List.of(Sums.missingRates(), count(lit(1)).as(MOVED)));
    sums.addAll(Sums.of(AMOUNTS));
    return Sums.by(movements, List.of(MARKET, GMV_DATE, CURRENCY), sums);
  }

  /**
   * Local amounts of orders in other currencies than their market's, at the cross rate of their
   * date; NULL without one. In Java, because rates are looked up and carried forward there.
   */
  private static Dataset<Row> inMarketsCurrency(
      Dataset<Row> sums, GmvSettings settings, Reference reference) {
    ExchangeRates rates = ExchangeRates.of(settings, reference);
    HashMap<String, String> currencies = new HashMap<>();
    reference.markets().forEach((code, market) -> currencies.put(code, market.currency()));
    UDF4<BigDecimal, String, String, Integer, BigDecimal> conversion =
        (amount, currency, market, day) -> {
          String into = currencies.get(market);
          return rates
              .crossRate(currency, into, LocalDate.ofEpochDay(day))
              .map(rate -> rate.converted(amount))
              .orElse(null);
        };
    var convert = udf(conversion, DataType.fromDDL(Types.MONEY));
    Column own = marketsCurrency(reference);
    Map<String, Column> converted = new HashMap<>();
    for (String amount : AMOUNTS) {
      Column local = col(amount + "_local");
      converted.put(
          amount + "_local",
          when(col(CURRENCY).equalTo(own), local)
              .otherwise(
                  convert.apply(local, col(CURRENCY), col(MARKET), unix_date(col(GMV_DATE)))));
    }
    converted.put(MARKET_CURRENCY, own);
    return sums.withColumns(converted)
        .withColumn(
            MISSING_RATES, when(col(GMV_LOCAL).isNull(), col(MOVED)).otherwise(col(MISSING_RATES)));
  }

  private static Column marketsCurrency(Reference reference) {
    Column currency = lit(null).cast(DataTypes.StringType);
    for (Reference.Market market : new TreeMap<>(reference.markets()).values()) {
      currency =
          when(col(MARKET).equalTo(market.code()), lit(market.currency())).otherwise(currency);
    }
    return currency;
  }

  private static Dataset<Row> byMarket(Dataset<Row> sums) {
    List<Column> totals = new ArrayList<>(List.of(sum(MISSING_RATES).as(MISSING_RATES)));
    for (String amount : AMOUNTS) {
      totals.add(coalesce(sum(amount + "_local"), lit(0)).cast(Types.MONEY).as(amount + "_local"));
      totals.add(sum(amount + "_reporting").cast(Types.MONEY).as(amount + "_reporting"));
    }
    return Sums.by(sums, List.of(MARKET, GMV_DATE, MARKET_CURRENCY), totals)
        .withColumnRenamed(MARKET_CURRENCY, CURRENCY);
  }

  private static Dataset<Row> withContribution(Dataset<Row> sums) {
    Map<String, Column> derived = new HashMap<>();
    for (String currency : List.of("_local", "_reporting")) {
      derived.put("net_gmv" + currency, Sums.net("gmv", currency));
      derived.put(
          "contribution" + currency,
          Stream.of("platform_discount", "fulfilment_cost", "creator_commission")
              .map(cost -> col(cost + currency))
              .reduce(
                  col("commission" + currency).plus(col("shipping_margin" + currency)),
                  Column::minus)
              .cast(Types.MONEY));
    }
    derived.put(
        SUBSIDY_RATE,
        Sums.share(col(PLATFORM_DISCOUNT_LOCAL).plus(col(SHIPPING_SUBSIDY_LOCAL)), col(GMV_LOCAL)));
    return sums.withColumns(derived);
  }

  private static Column configured(
      Reference reference, Function<Reference.Market, Optional<BigDecimal>> figure) {
    Column value = lit(null).cast(Types.MONEY);
    for (Reference.Market market : new TreeMap<>(reference.markets()).values()) {
      Optional<BigDecimal> own = figure.apply(market);
      if (own.isPresent()) {
        value =
            when(col(MARKET).equalTo(market.code()), lit(own.get()).cast(Types.MONEY))
                .otherwise(value);
      }
    }
    return value;
  }
}
