package io.shoplens.attribution;

import static io.shoplens.attribution.Movement.AMOUNT_LOCAL;
import static io.shoplens.attribution.Movement.AMOUNT_REPORTING;
import static io.shoplens.attribution.Movement.CLOSE;
import static io.shoplens.attribution.Movement.IS_WANTED;
import static io.shoplens.attribution.Movement.MARKER;
import static io.shoplens.attribution.Movement.MARKER_AT;
import static io.shoplens.attribution.Movement.OPEN;
import static io.shoplens.attribution.Movement.PERSON;
import static io.shoplens.attribution.Movement.SALE;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.AttributionSettings;
import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.Types;
import java.time.Duration;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Who earned each movement of an order line, by every model, on both touch sets. */
public final class OrderCredits {
  private OrderCredits() {}

  /**
   * {@code gold.attribution_credits} of the given movements.
   *
   * @param history {@code silver.order_history}: the movements whose credits are wanted
   * @param otherReversals cancellations and refunds of the same table that are not in {@code
   *     history}: all that came before those which are
   * @param touchpoints {@code silver.touchpoints} of the look-back before their orders
   * @param identities {@code silver.identities} of the same time
   * @param identityWindow how long before an identification a touch without a user is its user's
   * @param reference names the zones, for the ISO week of an order
   * @param settings models, windows and bounds
   * @param gmv names the reporting currency, whose minor unit credits are split in
   * @param effects what markov knows of the weeks of the orders
   * @return the table's columns, and those that {@link PathDays} reads
   */
  public static Dataset<Row> of(
      Dataset<Row> history,
      Dataset<Row> otherReversals,
      Dataset<Row> touchpoints,
      Dataset<Row> identities,
      Duration identityWindow,
      Reference reference,
      AttributionSettings settings,
      GmvSettings gmv,
      ChannelEffects effects) {
    Dataset<Row> orders = movementsOfLines(history);
    Dataset<Row> movements =
        markers(orders.withColumn(IS_WANTED, lit(true)), settings)
            .unionByName(
                markers(
                    movementsOfLines(otherReversals).withColumn(IS_WANTED, lit(false)), settings));
    Dataset<Row> touches = PersonTouches.of(touchpoints, identities, orders, identityWindow);
    return movements
        .groupBy(col(PERSON))
        .as(Encoders.STRING(), Encoders.row(movements.schema()))
        .cogroupSorted(
            touches.groupBy(col(PERSON)).as(Encoders.STRING(), Encoders.row(touches.schema())),
            columns(MARKER_AT, MARKER, ORDER_ID, ENTRY_AT, ORDER_EVENT_ID, LINE_ID, ENTRY),
            columns(TOUCH_AT, EVENT_ID),
            new CreditRows(settings, gmv.reportingCurrency(), effects, OrderWeeks.of(reference)),
            Encoders.row(CreditRows.CREDIT))
        .transform(OrderCredits::credits);
  }

  /** Sales, and reversals of known lines, with their signed amount and their person. */
  private static Dataset<Row> movementsOfLines(Dataset<Row> history) {
    Column isSale = col(ENTRY).equalTo(SALE);
    Column isReversal = col(ENTRY).isin("cancelled", "refunded").and(col(IS_LINKED));
    return history
        .filter(isSale.or(isReversal).and(col(LINE_ID).isNotNull()))
        .withColumn(PERSON, coalesce(PersonTouches.person(), concat(lit("order "), col(ORDER_ID))))
        .withColumn(AMOUNT_LOCAL, amount(GMV_LOCAL, REVERSED_LOCAL))
        .withColumn(AMOUNT_REPORTING, amount(GMV_REPORTING, REVERSED_REPORTING))
        .withColumn(ORDER_AT, unix_micros(col(ORDER_AT)))
        .withColumn(ENTRY_AT, unix_micros(col(ENTRY_AT)))
        .withColumn(CREDIT_DATE, unix_date(col(ENTRY_DATE)));
  }

  private static Column amount(String sold, String reversed) {
    return when(col(ENTRY).equalTo(SALE), col(sold))
        .otherwise(negate(col(reversed)))
        .cast(Types.MONEY);
  }

  /** How far an order of its market looks back, in microseconds. */
  private static Column lookback(AttributionSettings settings) {
    Column lookback = lit(CreditRows.micros(settings.windows().lookback()));
    for (String market : settings.marketWindows().keySet()) {
      lookback =
          when(
                  col(MARKET).equalTo(market),
                  lit(CreditRows.micros(settings.windowsOf(market).lookback())))
              .otherwise(lookback);
    }
    return lookback;
  }

  private static Dataset<Row> markers(Dataset<Row> orders, AttributionSettings settings) {
    Column opensAt = col(ORDER_AT).minus(lookback(settings));
    Column wanted = when(col(IS_WANTED), array(lit(OPEN), lit(CLOSE))).otherwise(array(lit(CLOSE)));
    return orders
        .withColumn(MARKER, explode(wanted))
        .withColumn(MARKER_AT, when(col(MARKER).equalTo(OPEN), opensAt).otherwise(col(ORDER_AT)))
        .select(columns(Movement.SCHEMA.fieldNames()));
  }

  private static Dataset<Row> credits(Dataset<Row> parts) {
    return parts
        .withColumn(TOUCH_AT, timestamp_micros(col(TOUCH_AT)))
        .withColumn(ORDER_AT, timestamp_micros(col(ORDER_AT)))
        .withColumn(CREDIT_DATE, date_from_unix_date(col(CREDIT_DATE)))
        .withColumn(CREDIT_LOCAL, ofSales(AMOUNT_LOCAL))
        .withColumn(CREDIT_REPORTING, ofSales(AMOUNT_REPORTING))
        .withColumn(NET_CREDIT_LOCAL, col(AMOUNT_LOCAL))
        .withColumn(NET_CREDIT_REPORTING, col(AMOUNT_REPORTING))
        .drop(AMOUNT_LOCAL, AMOUNT_REPORTING);
  }

  private static Column ofSales(String amount) {
    return when(col(ENTRY).equalTo(SALE), col(amount)).otherwise(lit(0).cast(Types.MONEY));
  }

  static Column[] columns(String... names) {
    return Arrays.stream(names).map(functions::col).toArray(Column[]::new);
  }
}
