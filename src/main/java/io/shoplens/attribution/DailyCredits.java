package io.shoplens.attribution;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.table.DailyAttribution;
import io.shoplens.table.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Credit by day, model, class, channel, surface and creator. */
public final class DailyCredits {
  private DailyCredits() {}

  /**
   * {@code gold.daily_attribution} of {@code gold.attribution_credits}. Orders are those sold on
   * the date; amounts in the reporting currency leave out movements without a rate.
   */
  public static Dataset<Row> of(Dataset<Row> credits) {
    return credits
        .groupBy(OrderCredits.columns(DailyAttribution.TABLE.key().toArray(String[]::new)))
        .agg(
            count_distinct(when(col(ENTRY).equalTo("sale"), col(ORDER_ID))).as(ORDERS),
            total(CREDIT_LOCAL),
            total(CREDIT_REPORTING),
            total(NET_CREDIT_LOCAL),
            total(NET_CREDIT_REPORTING));
  }

  private static Column total(String amount) {
    return sum(col(amount)).cast(Types.MONEY).as(amount);
  }
}
