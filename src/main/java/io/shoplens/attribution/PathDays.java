package io.shoplens.attribution;

import static io.shoplens.attribution.CreditRows.CLAIMS;
import static io.shoplens.attribution.CreditRows.IS_EXTERNAL;
import static io.shoplens.attribution.CreditRows.PATH_CHANNELS;
import static io.shoplens.attribution.CreditRows.PATH_LAG;
import static io.shoplens.attribution.OrderCredits.columns;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.median;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.table.Paths;
import io.shoplens.table.Types;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The paths to the orders of a day, by their channels. */
public final class PathDays {
  private static final String IS_ASSISTED = "is_assisted";

  private PathDays() {}

  /**
   * {@code gold.paths} of what {@link OrderCredits} yields: the one row that last_touch has for
   * each line sold tells of its order's path.
   */
  public static Dataset<Row> of(Dataset<Row> credits) {
    String[] key = Paths.TABLE.key().toArray(String[]::new);
    return credits
        .where(col(MODEL).equalTo(AttributionModel.LAST_TOUCH.id()).and(col(ENTRY).equalTo("sale")))
        .withColumnRenamed(PATH_CHANNELS, CHANNELS)
        .withColumn(IS_ASSISTED, col(IS_EXTERNAL).and(col(TOUCH_CLASS).notEqual("external_link")))
        .groupBy(columns(with(key, ORDER_ID, PATH_LENGTH, PATH_LAG, CLAIMS, IS_ASSISTED)))
        .agg(sum(CREDIT_LOCAL).as(CREDIT_LOCAL), sum(CREDIT_REPORTING).as(CREDIT_REPORTING))
        .groupBy(columns(key))
        .agg(
            count(lit(1)).as(ORDERS),
            money(col(CREDIT_LOCAL), GMV_LOCAL),
            money(col(CREDIT_REPORTING), GMV_REPORTING),
            median(col(PATH_LENGTH)).cast(Types.MEDIAN).as(MEDIAN_LENGTH),
            median(col(PATH_LAG)).cast(Types.MEDIAN).as(MEDIAN_LAG_SECONDS),
            money(where(col(IS_ASSISTED), CREDIT_LOCAL), EXTERNAL_ASSISTED_LOCAL),
            money(where(col(IS_ASSISTED), CREDIT_REPORTING), EXTERNAL_ASSISTED_REPORTING),
            count_if(isDouble()).as(DOUBLE_CLAIMED_ORDERS),
            money(where(isDouble(), CREDIT_LOCAL), DOUBLE_CLAIMED_LOCAL),
            money(where(isDouble(), CREDIT_REPORTING), DOUBLE_CLAIMED_REPORTING));
  }

  private static Column isDouble() {
    return col(CLAIMS).gt(1);
  }

  private static Column where(Column condition, String amount) {
    return when(condition, col(amount)).otherwise(lit(0).cast(Types.MONEY));
  }

  private static Column money(Column amount, String name) {
    return sum(amount).cast(Types.MONEY).as(name);
  }

  private static String[] with(String[] names, String... more) {
    String[] all = Arrays.copyOf(names, names.length + more.length);
    System.arraycopy(more, 0, all, names.length, more.length);
    return all;
  }
}
