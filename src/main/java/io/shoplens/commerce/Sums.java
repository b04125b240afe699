package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.table.Table;
import io.shoplens.table.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the daily tables have in common: sums over {@link DailyMovements}, nets and shares. */
final class Sums {
  /** Amounts of daily GMV but the net, by their names without the currency. */
  static final List<String> SALES =
      List.of(
          "gmv",
          "seller_discount",
          "platform_discount",
          "shipping_fee",
          "shipping_subsidy",
          "tax",
          "cancelled",
          "refunded");

  private Sums() {}

  /** Distinct orders that were sold. */
  static Column orders() {
    return count_distinct(col(ORDER_ID)).as(ORDERS);
  }

  /** Distinct people who bought. */
  static Column buyers() {
    return count_distinct(col(PERSON_ID)).as(BUYERS);
  }

  static Column units() {
    return coalesce(sum(UNITS), lit(0L)).as(UNITS);
  }

  static Column missingRates() {
    return count_if(col(IS_RATE_MISSING)).as(MISSING_RATES);
  }

  /** Sums of amounts, in both currencies. */
  static List<Column> of(List<String> amounts) {
    List<Column> sums = new ArrayList<>();
    amounts.forEach(amount -> sums.add(local(amount + "_local")));
    amounts.forEach(amount -> sums.add(reporting(amount + "_reporting")));
    return sums;
  }

  static Column local(String amount) {
    return coalesce(sum(amount), lit(0)).cast(Types.MONEY).as(amount);
  }

  /** The rates of one date and currency are all known or all missing. */
  static Column reporting(String amount) {
    Column known = count_if(not(col(IS_RATE_MISSING))).gt(0);
    return when(known, coalesce(sum(amount), lit(0)).cast(Types.MONEY)).as(amount);
  }

  /** Grouped sums. */
  static Dataset<Row> by(Dataset<Row> movements, List<String> keys, List<Column> sums) {
    return movements
        .groupBy(keys.stream().map(key -> col(key)).toArray(Column[]::new))
        .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new));
  }

  /** A sum less seller discount, cancellations and refunds. */
  static Column net(String gross, String currency) {
    return Stream.of("seller_discount", "cancelled", "refunded")
        .map(deduction -> col(deduction + currency))
        .reduce(col(gross + currency), Column::minus)
        .cast(Types.MONEY);
  }

  /** A share, half up to 6 decimals; NULL of nothing. */
  static Column share(Column part, Column whole) {
    return round(when(whole.notEqual(0), part.divide(whole)), 6).cast("decimal(18,6)");
  }

  /** The columns of a table, in its order and with its types. */
  static Dataset<Row> declared(Dataset<Row> rows, Table table) {
    return rows.select(
        Stream.of(table.schema().fields())
            .map(field -> col(field.name()).cast(field.dataType()).as(field.name()))
            .toArray(Column[]::new));
  }
}
