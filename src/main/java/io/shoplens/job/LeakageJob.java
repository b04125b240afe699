package io.shoplens.job;

import io.shoplens.lake.Lake;
import io.shoplens.leakage.LeakageDays;
import io.shoplens.leakage.LeakedLinkDays;
import io.shoplens.table.DailyLeakage;
import io.shoplens.table.LeakedLinks;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Touchpoints;
import java.time.LocalDate;
import java.util.SortedSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Outbound links and touchpoints into leaked links and leak rates. */
final class LeakageJob {
  private final RunContext run;
  private final Lake lake;

  LeakageJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
  }

  /** Computes the frames of both gold tables; the dates computed are in the result. */
  SortedSet<LocalDate> run(Scope scope, GoldFrames gold) {
    SortedSet<LocalDate> dates = OutboundLinks.TABLE.reach().of(scope.eventDates());
    Dataset<Row> links = lake.readDates(OutboundLinks.TABLE, dates);
    gold.put(LeakedLinks.TABLE, LeakedLinkDays.of(links), dates);
    gold.put(
        DailyLeakage.TABLE,
        LeakageDays.of(links, lake.readDates(Touchpoints.TABLE, dates), run.config().leakage()),
        dates);
    return dates;
  }
}
