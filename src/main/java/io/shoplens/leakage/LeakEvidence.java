package io.shoplens.leakage;

import static io.shoplens.leakage.LeakOpenings.AT;
import static io.shoplens.leakage.LeakOpenings.LEAK_CLASS;
import static io.shoplens.leakage.LeakOpenings.PERSON;
import static io.shoplens.leakage.Settlements.IS_IN_APP;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.KeyValueGroupedDataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Leaks with the order lines that settle them, and in-app lines with whether they follow a click.
 *
 * <p>Whose an event is follows the definitions: an order of a user draws on the user's events, and
 * on those without a user on a device whose next identification is of that user and not later than
 * the order; an order without a user on its device's events without one.
 */
public final class LeakEvidence {
  private LeakEvidence() {}

  /**
   * Leaks that are decided.
   *
   * @param leaks {@code silver.leaks} as stored
   * @param before which clicks before this instant opened a leak stands there
   */
  public record Decided(Dataset<Row> leaks, Instant before) {}

  /**
   * Rows that {@link LeakStates} and {@link ConversionDays} read.
   *
   * @param outboundLinks {@code silver.outbound_links}
   * @param touchpoints {@code silver.touchpoints} of the same dates
   * @param identities {@code silver.identities} of the same time
   * @param identityWindow how long before an identification a click without a user is its user's
   * @param lines {@code silver.order_lines} of the same time
   * @param decided what is decided and stays
   */
  public static Dataset<Row> of(
      Dataset<Row> outboundLinks,
      Dataset<Row> touchpoints,
      Dataset<Row> identities,
      Duration identityWindow,
      Dataset<Row> lines,
      Decided decided) {
    Dataset<Row> clicks = outbound(outboundLinks).unionByName(inApp(touchpoints), true);
    return byPerson(clicks, LeakOpenings.CLICK)
        .cogroupSorted(
            byPerson(
                identified(identities).unionByName(openers(decided.leaks()), true),
                LeakOpenings.FACT),
            columns(AT, EVENT_ID),
            columns(AT, EVENT_ID),
            new LeakOpenings(micros(decided.before()), identityWindow),
            Encoders.row(LeakOpenings.CASE))
        .groupBy(col(PERSON))
        .as(Encoders.STRING(), Encoders.row(LeakOpenings.CASE))
        .cogroupSorted(
            byPerson(sold(lines), Settlements.SOLD),
            columns(AT, EVENT_ID, WINDOW_DAYS),
            columns(AT, ORDER_ID, LINE_ID),
            new Settlements(),
            Encoders.row(Settlements.SETTLED));
  }

  private static long micros(Instant instant) {
    return instant.equals(Instant.MIN)
        ? Long.MIN_VALUE
        : TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1000;
  }

  private static KeyValueGroupedDataset<String, Row> byPerson(
      Dataset<Row> rows, StructType schema) {
    return rows.select(columns(schema.fieldNames()))
        .groupBy(col(PERSON))
        .as(Encoders.STRING(), Encoders.row(schema));
  }

  private static Dataset<Row> outbound(Dataset<Row> outboundLinks) {
    return outboundLinks
        .transform(CompetitorClicks::humanClicks)
        .withColumn(PERSON, person())
        .withColumn(AT, unix_micros(col(EVENT_AT)))
        .withColumn(
            LEAK_CLASS,
            when(CompetitorClicks.isToCompetitor(), LeakOpenings.COMPETITOR)
                .when(CompetitorClicks.isOpaque(), LeakStates.POSSIBLE)
                .otherwise(LeakStates.NOT_COMPETITOR))
        .withColumn(LEAK_KEY, coalesce(col(PRODUCT_ID), col(PRODUCT_KEY), col(MERCHANT_GROUP)))
        .withColumn(LEAK_DATE, unix_date(col(EVENT_DATE)))
        .select(columns(LeakOpenings.CLICK.fieldNames()));
  }

  private static Dataset<Row> inApp(Dataset<Row> touchpoints) {
    return touchpoints
        .where(col(EVENT_TYPE).equalTo("product_click"))
        .select(
            person().as(PERSON), unix_micros(col(TOUCH_AT)).as(AT), col(EVENT_ID), col(PRODUCT_ID));
  }

  private static Dataset<Row> identified(Dataset<Row> identities) {
    return identities.select(
        concat(lit("device "), col(DEVICE_ID)).as(PERSON),
        unix_micros(col(IDENTIFIED_AT)).as(AT),
        col(SOURCE_ID).as(EVENT_ID),
        col(USER_ID));
  }

  private static Dataset<Row> openers(Dataset<Row> leaks) {
    return leaks.select(
        person().as(PERSON), unix_micros(col(LEAK_AT)).as(AT), col(EVENT_ID), col(WINDOW_DAYS));
  }

  private static Dataset<Row> sold(Dataset<Row> lines) {
    return lines
        .where(col(BASIS_DATE).isNotNull())
        .withColumn(PERSON, coalesce(person(), concat(lit("order "), col(ORDER_ID))))
        .withColumn(AT, unix_micros(col(ORDER_AT)))
        .withColumn(IS_IN_APP, col(SALES_CHANNEL).equalTo("in_app"))
        .withColumn(CONVERSION_DATE, unix_date(col(ORDER_DATE)))
        .withColumn(UNITS, col(QUANTITY))
        .select(columns(Settlements.SOLD.fieldNames()));
  }

  /** Who was observed; NULL without user and device. */
  private static Column person() {
    return coalesce(concat(lit("user "), col(USER_ID)), concat(lit("device "), col(DEVICE_ID)));
  }

  static Column[] columns(String... names) {
    return Arrays.stream(names).map(functions::col).toArray(Column[]::new);
  }
}
