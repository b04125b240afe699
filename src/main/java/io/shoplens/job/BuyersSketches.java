package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;

import io.shoplens.commerce.DailyMovements;
import io.shoplens.commerce.DailySales;
import io.shoplens.lake.Lake;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.OrderHistory;
import java.time.LocalDate;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The buyers' sketches of daily GMV after stored ids became others. A sketch is of hashes of ids:
 * one of before and one of afterwards, united, would count a person twice.
 */
final class BuyersSketches {
  private static final String RENEWED = "renewed_sketch";

  private BuyersSketches() {}

  /**
   * Makes the sketches of all stored dates anew from the history of orders and changes no figure.
   * That of a closed date is of the buyers known now: which of them its figures count, no id tells.
   *
   * @return whether any was another
   */
  static boolean renew(Lake lake) {
    if (!lake.exists(DailyGmv.TABLE)) {
      return false;
    }
    Dataset<Row> sketches =
        DailySales.buyersSketches(DailyMovements.of(lake.read(OrderHistory.TABLE)))
            .withColumnRenamed(BUYERS_SKETCH, RENEWED)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Dataset<Row> rows =
          lake.read(DailyGmv.TABLE)
              .join(sketches, new String[] {MARKET, GMV_DATE, CURRENCY}, "left");
      Column renewed = coalesce(col(RENEWED), col(BUYERS_SKETCH));
      SortedSet<LocalDate> dates = new TreeSet<>();
      for (Row row :
          rows.where(renewed.notEqual(col(BUYERS_SKETCH)))
              .select(GMV_DATE)
              .distinct()
              .collectAsList()) {
        dates.add(row.getDate(0).toLocalDate());
      }
      if (dates.isEmpty()) {
        return false;
      }
      lake.rewriteDates(
          DailyGmv.TABLE, rows.withColumn(BUYERS_SKETCH, renewed).drop(RENEWED), dates);
      return true;
    } finally {
      sketches.unpersist();
    }
  }
}
