package io.shoplens.cli;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.shoplens.lake.Lake;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Table;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/**
 * Accepted events and order events of a market, written into the bronze tables by Spark: what an
 * ingest of logs would have written, at a fraction of its time.
 *
 * @param events how many, over all days alike
 * @param orders how many, over all days alike; a fifth of them another shop's
 * @param days how many there are, up to and including {@link #LAST}
 * @param hotShare of events and orders, in percent, that are one person's; the others' are those of
 *     one person in 200 events
 */
record SkewWorld(long events, long orders, int days, int hotShare) {
  static final LocalDate LAST = LocalDate.of(2026, 3, 28);

  private static final int EVENTS_OF_A_PERSON = 200;

  LocalDate first() {
    return LAST.minusDays(days - 1L);
  }

  void write(Lake lake) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    first().datesUntil(LAST.plusDays(1)).forEach(dates::add);
    SparkSession session = lake.session();
    lake.replaceDates(Events.TABLE, declared(Events.TABLE, events(session)), dates);
    lake.replaceDates(OrderEvents.TABLE, declared(OrderEvents.TABLE, orders(session)), dates);
  }

  private Dataset<Row> events(SparkSession session) {
    Column isVisit = kind().between(90, 94);
    Column isOutbound = kind().geq(95);
    return session
        .range(events)
        .toDF()
        .withColumn(EVENT_ID, concat(lit("e"), col("id")))
        .withColumn(EVENT_TYPE, eventType())
        .withColumn(EVENT_AT, instant())
        .withColumn(DEVICE_ID, concat(lit("d"), person()))
        // A quarter of what people do they do before they sign in.
        .withColumn(USER_ID, when(dice("user", 4).gt(0), concat(lit("u"), person())))
        .withColumn(SURFACE, when(dice("surface", 3).equalTo(0), "feed").otherwise("search"))
        .withColumn(PRODUCT_ID, when(kind().lt(90), concat(lit("p"), dice("product", 1000))))
        .withColumn(CREATOR_ID, concat(lit("c"), dice("creator", 500)))
        .withColumn(UTM_SOURCE, when(isVisit.and(dice("utm", 2).equalTo(0)), "google"))
        .withColumn(LINK_URL, when(isOutbound, "https://www.amazon.com/dp/B000000001"))
        .withColumn(RECORD_KIND, lit("accepted"))
        .withColumn(EVENT_UTC_DATE, to_date(col(EVENT_AT)));
  }

  /** 30 impressions, 40 views, 20 clicks, 5 visits and 5 outbound clicks of a hundred. */
  private static Column eventType() {
    return when(kind().lt(30), "product_impression")
        .when(kind().lt(70), "product_view")
        .when(kind().lt(90), "product_click")
        .when(kind().lt(95), "inbound_visit")
        .otherwise("outbound_click");
  }

  private static Column kind() {
    return dice("kind", 100);
  }

  private Dataset<Row> orders(SparkSession session) {
    Column isExternal = dice("external", 5).equalTo(0);
    Column line =
        struct(
            lit("1").as(LINE_ID),
            concat(lit("p"), dice("product", 1000)).as(PRODUCT_ID),
            lit("beauty").as(CATEGORY),
            lit(null).cast("string").as(SELLER_ID),
            lit(null).cast("string").as(CREATOR_ID),
            lit(1L).as(QUANTITY),
            dice("price", 5000).plus(100).divide(100).cast("decimal(24,6)").as(UNIT_PRICE),
            lit(null).cast("decimal(24,4)").as("seller_discount"),
            lit(null).cast("decimal(24,4)").as("platform_discount"),
            lit(null).cast("decimal(9,6)").as(COMMISSION_RATE),
            lit(null).cast("decimal(9,6)").as(CREATOR_COMMISSION_RATE));
    return session
        .range(orders)
        .toDF()
        .withColumn(ORDER_EVENT, explode(array(lit("placed"), lit("paid"))))
        .withColumn(ORDER_ID, concat(lit("o"), col("id")))
        .withColumn(ORDER_EVENT_ID, concat(col(ORDER_ID), lit("-"), col(ORDER_EVENT)))
        .withColumn(RECORD_ID, col(ORDER_EVENT_ID))
        .withColumn(EVENT_AT, instant())
        .withColumn(USER_ID, concat(lit("u"), person()))
        .withColumn(DEVICE_ID, concat(lit("d"), person()))
        .withColumn(CURRENCY, lit("USD"))
        .withColumn(SALES_CHANNEL, when(isExternal, "external").otherwise("in_app"))
        .withColumn(MERCHANT_DOMAIN, when(isExternal, "amazon.com"))
        .withColumn(LINES, when(col(ORDER_EVENT).equalTo("placed"), array(line)))
        .withColumn(RECORD_KIND, lit("accepted"))
        .withColumn(EVENT_UTC_DATE, to_date(col(EVENT_AT)));
  }

  private Column person() {
    long persons = Math.max(1, events * (100 - hotShare) / 100 / EVENTS_OF_A_PERSON);
    return when(dice("hot", 100).lt(hotShare), lit(0L)).otherwise(dice("person", persons).plus(1));
  }

  private Column instant() {
    long start = first().atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000;
    return timestamp_micros(dice("at", days * 86_400_000_000L).plus(start));
  }

  /**
   * A number from 0 to below the sides, fixed by the row's own number and what it is thrown for.
   */
  private static Column dice(String purpose, long sides) {
    return pmod(xxhash64(lit(purpose), col("id")), lit(sides));
  }

  private static Dataset<Row> declared(Table table, Dataset<Row> rows) {
    Dataset<Row> all =
        rows.withColumn(MARKET, lit("US"))
            .withColumn(SEQUENCE, lit(1L))
            .withColumn(FEED, lit("clicks"));
    for (StructField field : table.schema().fields()) {
      if (!List.of(all.columns()).contains(field.name())) {
        all = all.withColumn(field.name(), lit(null).cast(field.dataType()));
      }
    }
    return all.select(
        Arrays.stream(table.schema().fields())
            .map(field -> col(field.name()).cast(field.dataType()).as(field.name()))
            .toArray(Column[]::new));
  }
}
