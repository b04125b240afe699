package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.LeakageSettings;
import io.shoplens.config.Reference;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** What leaks came to, day by day: how many came back, and what the others were worth. */
public final class LeakDays {
  /** Days before a leak's whose conversions its value depends on. */
  public static final int TRAILING_DAYS = TrailingSales.DAYS - 1;

  private LeakDays() {}

  /**
   * The rows of {@code gold.daily_leaks}.
   *
   * @param leaks rows of {@code silver.leaks}
   * @param conversions rows of {@code gold.daily_conversion} of their dates and of {@link
   *     #TRAILING_DAYS} before
   */
  public static Dataset<Row> of(
      Dataset<Row> leaks,
      Dataset<Row> conversions,
      LeakageSettings settings,
      GmvSettings gmv,
      Reference reference) {
    Map<String, BigDecimal> takeRates = new TreeMap<>();
    reference.markets().forEach((market, line) -> takeRates.put(market, line.takeRate()));
    int digits = Currency.getInstance(gmv.reportingCurrency()).getDefaultFractionDigits();
    Dataset<Row> toCompetitors =
        leaks
            .where(col(STATE).notEqual(LeakStates.NOT_COMPETITOR))
            .withColumn(LEAK_DATE, unix_date(col(LEAK_DATE)))
            .withColumn(
                LeakFigures.LEAK.fieldNames()[13],
                unix_micros(col(RECAPTURED_AT)).minus(unix_micros(col(LEAK_AT))))
            .select(LeakEvidence.columns(LeakFigures.LEAK.fieldNames()));
    Dataset<Row> days =
        conversions
            .withColumn(CONVERSION_DATE, unix_date(col(CONVERSION_DATE)))
            .select(LeakEvidence.columns(LeakFigures.CONVERSION.fieldNames()));
    return toCompetitors
        .groupBy(col(MARKET))
        .as(Encoders.STRING(), Encoders.row(LeakFigures.LEAK))
        .cogroupSorted(
            days.groupBy(col(MARKET)).as(Encoders.STRING(), Encoders.row(LeakFigures.CONVERSION)),
            LeakEvidence.columns(LEAK_DATE, WINDOW_DAYS, EVENT_ID),
            LeakEvidence.columns(CONVERSION_DATE, CATEGORY, PRODUCT_ID),
            new LeakFigures(settings.opaqueCompetitor(), takeRates, digits),
            Encoders.row(LeakFigures.FIGURE))
        .withColumn(LEAK_DATE, date_from_unix_date(col(LEAK_DATE)));
  }
}
