package io.shoplens.attribution;

import static io.shoplens.attribution.OrderCredits.columns;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.AttributionSettings;
import io.shoplens.table.ModelComparison;
import io.shoplens.table.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** What share of a day's GMV each class earns under each model, and how far models differ. */
public final class ModelShares {
  private ModelShares() {}

  /**
   * {@code gold.model_comparison} of {@code gold.daily_attribution}, whose credits add up to GMV
   * under each model. A class without a row under a model has no share there.
   */
  public static Dataset<Row> of(Dataset<Row> dailyAttribution, AttributionSettings settings) {
    WindowSpec ofModel =
        Window.partitionBy(columns(MARKET, CREDIT_DATE, CURRENCY, SALES_CHANNEL, TOUCH_SET, MODEL));
    WindowSpec ofClass =
        Window.partitionBy(
            columns(MARKET, CREDIT_DATE, CURRENCY, SALES_CHANNEL, TOUCH_SET, TOUCH_CLASS));
    Column isEverywhere = count(lit(1)).over(ofClass).equalTo(settings.models().size());
    Column least = when(isEverywhere, min(CLASS_SHARE).over(ofClass)).otherwise(lit(0));
    return dailyAttribution
        .groupBy(columns(ModelComparison.TABLE.key().toArray(String[]::new)))
        .agg(total(CREDIT_LOCAL), total(CREDIT_REPORTING))
        .withColumn(GMV_LOCAL, sum(col(CREDIT_LOCAL)).over(ofModel).cast(Types.MONEY))
        .withColumn(
            CLASS_SHARE, col(CREDIT_LOCAL).divide(nullif(col(GMV_LOCAL), lit(0))).cast(Types.RATE))
        .withColumn(MODEL_SPREAD, max(CLASS_SHARE).over(ofClass).minus(least).cast(Types.RATE));
  }

  private static Column total(String amount) {
    return sum(col(amount)).cast(Types.MONEY).as(amount);
  }
}
