package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The movements that make daily figures, in a form that every daily table is a plain sum of: what
 * holds of sales only is NULL elsewhere. One narrow frame, read and kept once, serves them all.
 */
public final class DailyMovements {
  /** Entries in no figure of GMV, reported beside it. */
  static final List<String> APART = List.of("adjustment", "excess_refund");

  private static final String SALE = "sale";
  private static final List<String> REVERSED =
      List.of("cancelled", "refunded", "adjustment", "excess_refund");

  /** The entries of which there are movements: all but what is in another currency. */
  static final List<String> ENTRIES = Stream.concat(Stream.of(SALE), REVERSED.stream()).toList();

  private static final String IS_APART = "is_apart";

  private DailyMovements() {}

  /**
   * Sales, cancellations and refunds, and what stands apart from them: adjustments and excess.
   *
   * @param history rows of {@code silver.order_history}
   */
  public static Dataset<Row> of(Dataset<Row> history) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                col(MARKET),
                col(REGION),
                col(ENTRY_DATE).as(GMV_DATE),
                col(CURRENCY),
                col(SALES_CHANNEL),
                col(MERCHANT_GROUP),
                col(CATEGORY),
                col(CREATOR_ID),
                col(ENTRY).isin(APART.toArray()).as(IS_APART),
                ofSale(col(ORDER_ID)).as(ORDER_ID),
                ofSale(coalesce(col(USER_ID), col(DEVICE_ID))).as(PERSON_ID),
                ofSale(col(UNITS)).as(UNITS),
                col(FX_EFFECT_REPORTING),
                col(IS_RATE_MISSING)));
    for (String currency : List.of("_local", "_reporting")) {
      for (String amount :
          List.of(
              "gmv",
              "seller_discount",
              "platform_discount",
              "shipping_fee",
              "shipping_subsidy",
              "tax",
              "commission",
              "creator_commission",
              "fulfilment_cost")) {
        columns.add(col(amount + currency));
      }
      for (String entry : REVERSED) {
        columns.add(
            when(col(ENTRY).equalTo(entry), col("reversed" + currency)).as(entry + currency));
      }
      columns.add(
          coalesce(
                  col("shipping_fee" + currency).minus(col("shipping_cost" + currency)),
                  negate(col("shipping_subsidy" + currency)))
              .as("shipping_margin" + currency));
    }
    return history.where(col(ENTRY).isin(ENTRIES.toArray())).select(columns.toArray(Column[]::new));
  }

  /** Those of the in-app shop: all figures but external GMV are made of these. */
  static Dataset<Row> inApp(Dataset<Row> movements) {
    return inAppAndApart(movements).where(not(col(IS_APART)));
  }

  /** Those of the in-app shop with what stands apart. */
  static Dataset<Row> inAppAndApart(Dataset<Row> movements) {
    return movements.where(col(SALES_CHANNEL).equalTo("in_app"));
  }

  /** Those of other shops. */
  static Dataset<Row> external(Dataset<Row> movements) {
    return movements.where(col(SALES_CHANNEL).equalTo("external").and(not(col(IS_APART))));
  }

  private static Column ofSale(Column value) {
    return when(col(ENTRY).equalTo(SALE), value);
  }
}
