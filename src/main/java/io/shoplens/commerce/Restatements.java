package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.shoplens.config.GmvSettings;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.GmvMovements;
import io.shoplens.table.Types;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructField;

/**
 * {@code gold.gmv_movements}: what a run changes in published figures of complete dates, and in
 * those of closed periods, complete or not. Figures are computed from the movements as they were
 * published and as they are now, so that a date in a closed period, whose row stands, is explained
 * like any other.
 */
public final class Restatements {
  /** Ids that persons go by, beside published ones. Where they are others, another is no change. */
  public enum Ids {
    SAME,
    OTHERS
  }

  private static final int EVENTS_SHOWN = 100;
  private static final List<String> DAY = List.of(MARKET, GMV_DATE, CURRENCY);
  private static final Set<String> DESCRIBING =
      Set.of(MARKET, GMV_DATE, CURRENCY, REPORTING_CURRENCY, IS_COMPLETE, BUYERS_SKETCH);

  private static final Set<String> PERSONS = Set.of(USER_ID, DEVICE_ID);

  private static final List<String> FIGURES =
      Stream.of(DailyGmv.TABLE.schema().fields())
          .map(StructField::name)
          .filter(name -> !DESCRIBING.contains(name))
          .toList();

  private Restatements() {}

  /**
   * The changes of figures of dates that were complete when they were published, or are closed.
   *
   * @param before rows of {@code silver.order_history} of the changed dates, as published
   * @param after the same dates as they are now
   * @param published completeness as it was published
   * @param ids whether persons go by the same ids as then
   * @param runId the run
   * @param startedAt its start
   */
  public static Dataset<Row> of(
      Dataset<Row> before,
      Dataset<Row> after,
      CompleteDates published,
      Ids ids,
      GmvSettings settings,
      String runId,
      Instant startedAt) {
    DailySales sales = DailySales.under(settings, published);
    return figures(sales, before, FROM_VALUE)
        .join(figures(sales, after, TO_VALUE), columns(DAY), "full_outer")
        .where(published.isComplete(col(MARKET), col(GMV_DATE)).or(isClosed(settings)))
        .select(col(MARKET), col(GMV_DATE), col(CURRENCY), explode(changes()).as("change"))
        .select(col(MARKET), col(GMV_DATE), col(CURRENCY), col("change.*"))
        .where(not(col(FROM_VALUE).eqNullSafe(col(TO_VALUE))))
        .join(causes(before, after, ids), columns(DAY), "left")
        .withColumn(ORDER_EVENT_COUNT, coalesce(col(ORDER_EVENT_COUNT), lit(0L)))
        .withColumn(POSTED_DATE, postedDate(settings))
        .withColumn(RUN_ID, lit(runId))
        .withColumn(MOVED_AT, lit(startedAt))
        .transform(rows -> Sums.declared(rows, GmvMovements.TABLE));
  }

  /** Nothing but a movement tells of a change to a closed date, whether its data was all there. */
  private static Column isClosed(GmvSettings settings) {
    return settings
        .closedUntil()
        .map(closed -> col(GMV_DATE).leq(lit(closed.toString()).cast("date")))
        .orElse(lit(false));
  }

  /** The date itself, or the first open one where that is closed. */
  private static Column postedDate(GmvSettings settings) {
    return settings
        .closedUntil()
        .map(closed -> lit(closed.plusDays(1).toString()).cast("date"))
        .map(open -> greatest(col(GMV_DATE), open))
        .orElse(col(GMV_DATE));
  }

  private static Dataset<Row> figures(DailySales sales, Dataset<Row> history, String side) {
    Column[] values =
        FIGURES.stream()
            .map(figure -> col(figure).cast(Types.MONEY).as(figure))
            .toArray(Column[]::new);
    return sales
        .figures(DailyMovements.of(history))
        .select(col(MARKET), col(GMV_DATE), col(CURRENCY), struct(values).as(side));
  }

  private static Column changes() {
    return array(
        FIGURES.stream()
            .map(
                figure ->
                    struct(
                        lit(figure).as(FIGURE),
                        col(FROM_VALUE + "." + figure).as(FROM_VALUE),
                        col(TO_VALUE + "." + figure).as(TO_VALUE)))
            .toArray(Column[]::new));
  }

  /**
   * Order events with a movement on the date that is there on one side only. Where persons go by
   * other ids, whether there is a buyer still is content.
   */
  private static Dataset<Row> causes(Dataset<Row> before, Dataset<Row> after, Ids ids) {
    Column rank =
        row_number()
            .over(Window.partitionBy(MARKET, GMV_DATE, CURRENCY).orderBy(ORDER_ID, ORDER_EVENT_ID));
    return fingerprints(before, ids, -1)
        .unionByName(fingerprints(after, ids, 1))
        .groupBy(MARKET, GMV_DATE, CURRENCY, ORDER_ID, ORDER_EVENT_ID, "fingerprint")
        .agg(sum("side").as("side"))
        .where(col("side").notEqual(0))
        .select(MARKET, GMV_DATE, CURRENCY, ORDER_ID, ORDER_EVENT_ID)
        .distinct()
        .withColumn("rank", rank)
        .groupBy(MARKET, GMV_DATE, CURRENCY)
        .agg(
            count(lit(1)).as(ORDER_EVENT_COUNT),
            sort_array(
                    collect_list(
                        when(
                            col("rank").leq(EVENTS_SHOWN),
                            struct(col(ORDER_ID), col(ORDER_EVENT_ID)))))
                .as(ORDER_EVENTS));
  }

  private static Dataset<Row> fingerprints(Dataset<Row> history, Ids ids, int side) {
    Column[] content =
        Arrays.stream(history.columns())
            .map(
                name ->
                    ids == Ids.OTHERS && PERSONS.contains(name) ? col(name).isNotNull() : col(name))
            .toArray(Column[]::new);
    return history
        .where(
            col(SALES_CHANNEL)
                .equalTo("in_app")
                .and(col(ENTRY).isin(DailyMovements.ENTRIES.toArray())))
        .select(
            col(MARKET),
            col(ENTRY_DATE).as(GMV_DATE),
            col(CURRENCY),
            col(ORDER_ID),
            col(ORDER_EVENT_ID),
            xxhash64(content).as("fingerprint"),
            lit(side).as("side"));
  }

  private static String[] columns(List<String> names) {
    return names.toArray(String[]::new);
  }
}
