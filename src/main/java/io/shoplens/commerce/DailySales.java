package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_utc_timestamp;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.Types;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** {@code gold.daily_gmv}: what the in-app shop sold, by market, business date and currency. */
public final class DailySales {
  private static final String SALE = "sale";
  private static final String CANCELLED = "cancelled";
  private static final String REFUNDED = "refunded";

  /** Amounts of sales that are summed as they stand, under one name in both tables. */
  private static final List<String> SALE_LOCAL =
      List.of(
          GMV_LOCAL,
          SELLER_DISCOUNT_LOCAL,
          PLATFORM_DISCOUNT_LOCAL,
          SHIPPING_FEE_LOCAL,
          SHIPPING_SUBSIDY_LOCAL,
          TAX_LOCAL);

  private static final List<String> SALE_REPORTING =
      List.of(
          GMV_REPORTING,
          SELLER_DISCOUNT_REPORTING,
          PLATFORM_DISCOUNT_REPORTING,
          SHIPPING_FEE_REPORTING,
          SHIPPING_SUBSIDY_REPORTING,
          TAX_REPORTING);

  private DailySales() {}

  /**
   * Daily GMV with all its columns. A row exists where anything was sold, cancelled or refunded.
   * Reporting amounts are NULL on a date without an exchange rate.
   *
   * @param history rows of {@code silver.order_history}
   * @param watermarks {@code ops.watermarks}
   */
  public static Dataset<Row> of(
      Dataset<Row> history, Dataset<Row> watermarks, GmvSettings settings, Reference reference) {
    return history
        .filter(
            col(SALES_CHANNEL).equalTo("in_app").and(col(ENTRY).isin(SALE, CANCELLED, REFUNDED)))
        .transform(DailySales::sums)
        .transform(sums -> withNetAndAverage(sums, settings.reportingCurrency()))
        .transform(sums -> withCompleteness(sums, watermarks, reference))
        .transform(DailySales::declared);
  }

  private static Dataset<Row> sums(Dataset<Row> movements) {
    Column isSale = col(ENTRY).equalTo(SALE);
    List<Column> sums = new ArrayList<>();
    sums.add(count_distinct(when(isSale, col(ORDER_ID))).as(ORDERS));
    sums.add(count_distinct(when(isSale, coalesce(col(USER_ID), col(DEVICE_ID)))).as(BUYERS));
    sums.add(coalesce(sum(when(isSale, col(UNITS))), lit(0L)).as(UNITS));
    sums.add(count_if(col(IS_RATE_MISSING)).as(MISSING_RATES));
    SALE_LOCAL.forEach(amount -> sums.add(total(col(amount)).as(amount)));
    sums.add(total(entries(CANCELLED, REVERSED_LOCAL)).as(CANCELLED_LOCAL));
    sums.add(total(entries(REFUNDED, REVERSED_LOCAL)).as(REFUNDED_LOCAL));
    SALE_REPORTING.forEach(amount -> sums.add(reporting(col(amount)).as(amount)));
    sums.add(reporting(entries(CANCELLED, REVERSED_REPORTING)).as(CANCELLED_REPORTING));
    sums.add(reporting(entries(REFUNDED, REVERSED_REPORTING)).as(REFUNDED_REPORTING));
    return movements
        .groupBy(col(MARKET), col(ENTRY_DATE).as(GMV_DATE), col(CURRENCY))
        .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new));
  }

  private static Column entries(String entry, String amount) {
    return when(col(ENTRY).equalTo(entry), col(amount));
  }

  private static Column total(Column amount) {
    return coalesce(sum(amount), lit(0)).cast(Types.MONEY);
  }

  /** The rates of one date and currency are all known or all missing. */
  private static Column reporting(Column amount) {
    return when(count_if(functions.not(col(IS_RATE_MISSING))).gt(0), total(amount));
  }

  private static Dataset<Row> withNetAndAverage(Dataset<Row> sums, String reportingCurrency) {
    return sums.withColumn(
            NET_GMV_LOCAL, net(GMV_LOCAL, SELLER_DISCOUNT_LOCAL, CANCELLED_LOCAL, REFUNDED_LOCAL))
        .withColumn(
            NET_GMV_REPORTING,
            net(GMV_REPORTING, SELLER_DISCOUNT_REPORTING, CANCELLED_REPORTING, REFUNDED_REPORTING))
        .withColumn(AVERAGE_ORDER_VALUE_LOCAL, rounded(perOrder(GMV_LOCAL), col(CURRENCY)))
        .withColumn(
            AVERAGE_ORDER_VALUE_REPORTING,
            round(perOrder(GMV_REPORTING), Money.digits(reportingCurrency)))
        .withColumn(REPORTING_CURRENCY, lit(reportingCurrency));
  }

  private static Column net(String gmv, String... deductions) {
    return Stream.of(deductions)
        .map(functions::col)
        .reduce(col(gmv), Column::minus)
        .cast(Types.MONEY);
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

  private static Dataset<Row> withCompleteness(
      Dataset<Row> sums, Dataset<Row> watermarks, Reference reference) {
    Dataset<Row> reached = broadcast(watermarks.select(col(MARKET), col(WATERMARK_AT)));
    Column isComplete = col(WATERMARK_AT).geq(endOf(col(GMV_DATE), col(MARKET), reference));
    return sums.join(reached, new String[] {MARKET}, "left")
        .withColumn(IS_COMPLETE, coalesce(isComplete, lit(false)));
  }

  /** The instant at which a date ends in its market's zone; NULL for an unknown market. */
  private static Column endOf(Column date, Column market, Reference reference) {
    Column midnight = date_add(date, 1).cast(Types.TIMESTAMP);
    Column end = lit(null).cast(Types.TIMESTAMP);
    for (Reference.Market known : new TreeMap<>(reference.markets()).values()) {
      end =
          when(market.equalTo(known.code()), to_utc_timestamp(midnight, known.zone().getId()))
              .otherwise(end);
    }
    return end;
  }

  private static Dataset<Row> declared(Dataset<Row> rows) {
    return rows.select(
        Stream.of(DailyGmv.TABLE.schema().fields())
            .map(field -> col(field.name()).cast(field.dataType()).as(field.name()))
            .toArray(Column[]::new));
  }
}
