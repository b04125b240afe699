package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.shoplens.commerce.DailySales;
import io.shoplens.lake.Lake;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Watermarks;
import java.time.LocalDate;
import java.util.SortedSet;
import org.apache.spark.sql.Row;

/**
 * The orders' history into daily GMV: the dates whose movements changed, and those that were not
 * complete yet.
 */
final class GmvJob {
  private final RunContext run;
  private final Lake lake;

  GmvJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
  }

  /** Computes the frame of daily GMV; the dates computed are in the result. */
  SortedSet<LocalDate> run(Scope scope, GoldFrames gold) {
    SortedSet<LocalDate> dates =
        lake.datesRewrittenAfter(OrderHistory.TABLE, scope.publishedVersion(OrderHistory.TABLE));
    dates.addAll(scope.rebuiltDates());
    for (Row row :
        lake.read(DailyGmv.TABLE)
            .where(not(col(IS_COMPLETE)))
            .select(GMV_DATE)
            .distinct()
            .collectAsList()) {
      dates.add(row.getDate(0).toLocalDate());
    }
    gold.put(
        DailyGmv.TABLE,
        DailySales.of(
            lake.readDates(OrderHistory.TABLE, dates),
            lake.read(Watermarks.TABLE),
            run.config().gmv(),
            run.config().reference()),
        dates);
    return dates;
  }
}
