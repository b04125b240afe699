package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;

import io.shoplens.config.GmvSettings;
import io.shoplens.table.CustomerDaily;
import io.shoplens.table.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** {@code gold.customer_daily}: who bought in-app, for the first time or again. */
public final class Customers {
  private static final String FIRST_DATE = "first_date";
  private static final String SIDE = "side";

  private Customers() {}

  /**
   * Buyers by date and cohort, of every date.
   *
   * @param history all rows of {@code silver.order_history}: a first purchase may be any
   */
  public static Dataset<Row> of(
      Dataset<Row> history, CompleteDates complete, GmvSettings settings) {
    Column firstDate = min(GMV_DATE).over(Window.partitionBy(MARKET, PERSON_ID));
    Column isNew = col(FIRST_DATE).equalTo(col(GMV_DATE));
    return purchases(history)
        .groupBy(MARKET, PERSON_ID, GMV_DATE)
        .agg(count_distinct(col(ORDER_ID)).as(ORDERS), sum(GMV_REPORTING).as(GMV_REPORTING))
        .withColumn(FIRST_DATE, firstDate)
        .groupBy(col(MARKET), col(GMV_DATE), trunc(col(FIRST_DATE), "month").as(COHORT_MONTH))
        .agg(
            count(lit(1)).as(BUYERS),
            count_if(isNew).as(NEW_BUYERS),
            sum(ORDERS).as(ORDERS),
            sum(GMV_REPORTING).cast(Types.MONEY).as(GMV_REPORTING))
        .withColumn(RETURNING_BUYERS, col(BUYERS).minus(col(NEW_BUYERS)))
        .withColumn(
            REPEAT_RATE,
            Sums.share(
                overCohorts(RETURNING_BUYERS).cast("decimal(18,0)"),
                overCohorts(BUYERS).cast("decimal(18,0)")))
        .withColumn(REPORTING_CURRENCY, lit(settings.reportingCurrency()))
        .withColumn(IS_COMPLETE, complete.isComplete(col(MARKET), col(GMV_DATE)))
        .transform(rows -> Sums.declared(rows, CustomerDaily.TABLE));
  }

  /**
   * Later dates of the people whose purchases changed: what was new there may be returning now, and
   * the other way round. One column, gmv_date.
   *
   * @param before rows of the changed dates as they were
   * @param after the same dates as they are
   * @param history all rows as they are
   */
  public static Dataset<Row> reachedDates(
      Dataset<Row> before, Dataset<Row> after, Dataset<Row> history) {
    Dataset<Row> changed =
        bought(before)
            .withColumn(SIDE, lit(-1))
            .unionByName(bought(after).withColumn(SIDE, lit(1)))
            .groupBy(MARKET, PERSON_ID, GMV_DATE)
            .agg(sum(SIDE).as(SIDE))
            .where(col(SIDE).notEqual(0))
            .groupBy(MARKET, PERSON_ID)
            .agg(min(GMV_DATE).as(FIRST_DATE));
    return bought(history)
        .join(changed, new String[] {MARKET, PERSON_ID})
        .where(col(GMV_DATE).gt(col(FIRST_DATE)))
        .select(GMV_DATE)
        .distinct();
  }

  private static Dataset<Row> bought(Dataset<Row> history) {
    return purchases(history).select(MARKET, PERSON_ID, GMV_DATE).distinct();
  }

  private static Dataset<Row> purchases(Dataset<Row> history) {
    Column person = coalesce(col(USER_ID), col(DEVICE_ID));
    return history
        .where(
            col(ENTRY)
                .equalTo("sale")
                .and(col(SALES_CHANNEL).equalTo("in_app"))
                .and(person.isNotNull()))
        .select(
            col(MARKET),
            person.as(PERSON_ID),
            col(ENTRY_DATE).as(GMV_DATE),
            col(ORDER_ID),
            col(GMV_REPORTING));
  }

  private static Column overCohorts(String column) {
    return sum(column).over(Window.partitionBy(MARKET, GMV_DATE));
  }
}
