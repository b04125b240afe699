package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.shoplens.commerce.CompleteDates;
import io.shoplens.commerce.Customers;
import io.shoplens.commerce.DailyMovements;
import io.shoplens.commerce.DailySales;
import io.shoplens.commerce.Economics;
import io.shoplens.commerce.RegionExposures;
import io.shoplens.commerce.Restatements;
import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.job.GoldFrames.Amendment;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Publication;
import io.shoplens.table.CreatorDaily;
import io.shoplens.table.CustomerDaily;
import io.shoplens.table.DailyEconomics;
import io.shoplens.table.DailyExternalGmv;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.DailyGmvCategory;
import io.shoplens.table.GmvMovements;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.RegionExposure;
import io.shoplens.table.Table;
import io.shoplens.table.Watermarks;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The orders' history into daily GMV and all that is a sum of the same movements: the dates whose
 * movements changed, and those that became complete. One narrow frame of the movements serves every
 * table.
 */
final class GmvJob {
  private final RunContext run;
  private final Lake lake;
  private final GmvSettings settings;
  private final Reference reference;

  GmvJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
    this.settings = run.config().gmv();
    this.reference = run.config().reference();
  }

  /** Computes the frames; the dates computed are in the result. */
  SortedSet<LocalDate> run(Scope scope, GoldFrames gold) {
    CompleteDates complete = completeDates(lake.read(Watermarks.TABLE));
    SortedSet<LocalDate> changed =
        lake.datesRewrittenAfter(OrderHistory.TABLE, scope.publishedVersion(OrderHistory.TABLE));
    changed.addAll(scope.rebuiltDates());
    SortedSet<LocalDate> stored = new TreeSet<>();
    SortedSet<LocalDate> dates = new TreeSet<>(changed);
    SortedSet<LocalDate> completed = completedDates(complete, scope, stored);
    dates.addAll(completed);
    // The figures of a closed period stand; whether its data is complete is no figure.
    Amendment amendment =
        new Amendment(completed, IS_COMPLETE, complete.isComplete(col(MARKET), col(GMV_DATE)));

    Dataset<Row> movements =
        gold.keep(DailyMovements.of(lake.readDates(OrderHistory.TABLE, dates)));
    DailySales sales = DailySales.under(settings, complete);
    gold.put(DailyGmv.TABLE, sales.daily(movements), dates, amendment);
    gold.put(DailyGmvCategory.TABLE, sales.byCategory(movements), dates, amendment);
    gold.put(DailyExternalGmv.TABLE, sales.external(movements), dates, amendment);
    gold.put(CreatorDaily.TABLE, sales.byCreator(movements), dates, amendment);
    gold.put(
        DailyEconomics.TABLE,
        Economics.of(movements, complete, settings, reference),
        dates,
        amendment);
    gold.put(
        RegionExposure.TABLE,
        RegionExposures.of(movements, complete, settings, reference),
        dates,
        amendment);
    customers(scope, gold, complete, amendment, changed, dates, stored);
    restatements(scope, gold, changed);
    return dates;
  }

  private CompleteDates completeDates(Dataset<Row> watermarks) {
    Map<String, Instant> reached = new HashMap<>();
    for (Row row :
        watermarks
            .where(col(WATERMARK_AT).isNotNull())
            .select(MARKET, WATERMARK_AT)
            .collectAsList()) {
      reached.put(row.getString(0), row.getTimestamp(1).toInstant());
    }
    return CompleteDates.of(reached, reference);
  }

  /**
   * The published dates of which a market's completeness is another now; fills all that are
   * published. A run that died may have brought some of the tables up to date and not the others.
   */
  private SortedSet<LocalDate> completedDates(
      CompleteDates complete, Scope scope, SortedSet<LocalDate> stored) {
    SortedSet<LocalDate> completed = new TreeSet<>();
    Column isOther = col(IS_COMPLETE).notEqual(complete.isComplete(col(MARKET), col(GMV_DATE)));
    // A market may have sold nothing on a date on which other shops sold through its links.
    for (Row row :
        completeness(DailyGmv.TABLE, scope)
            .union(completeness(DailyExternalGmv.TABLE, scope))
            .groupBy(GMV_DATE)
            .agg(max(isOther))
            .collectAsList()) {
      LocalDate date = row.getDate(0).toLocalDate();
      stored.add(date);
      if (row.getBoolean(1)) {
        completed.add(date);
      }
    }
    return completed;
  }

  private Dataset<Row> completeness(Table table, Scope scope) {
    return lake.readVersion(table, scope.publishedVersion(table))
        .select(MARKET, GMV_DATE, IS_COMPLETE);
  }

  /**
   * Customers of the dates, and of later ones on which people bought whose first purchase moved.
   */
  private void customers(
      Scope scope,
      GoldFrames gold,
      CompleteDates complete,
      Amendment amendment,
      SortedSet<LocalDate> changed,
      SortedSet<LocalDate> dates,
      SortedSet<LocalDate> stored) {
    SortedSet<LocalDate> reached = new TreeSet<>(dates);
    boolean isAnyLater = !changed.isEmpty() && !dates.containsAll(stored.tailSet(changed.first()));
    if (isAnyLater) {
      for (Row row :
          Customers.reachedDates(
                  published(scope, changed),
                  lake.readDates(OrderHistory.TABLE, changed),
                  lake.read(OrderHistory.TABLE))
              .collectAsList()) {
        reached.add(row.getDate(0).toLocalDate());
      }
    }
    gold.put(
        CustomerDaily.TABLE,
        Customers.of(lake.read(OrderHistory.TABLE), complete, settings),
        reached,
        amendment);
  }

  /**
   * Movements of figures that were published as complete, or that a closed period keeps as they
   * were published, beside those that are published.
   */
  private void restatements(Scope scope, GoldFrames gold, SortedSet<LocalDate> changed) {
    CompleteDates before =
        completeDates(lake.readVersion(Watermarks.TABLE, scope.publishedVersion(Watermarks.TABLE)));
    SortedSet<LocalDate> restated =
        new TreeSet<>(before.firstOpenEverywhere().map(changed::headSet).orElse(new TreeSet<>()));
    restated.addAll(gold.closed(DailyGmv.TABLE, changed));
    // What an unpublished run has found is found again, against the same publication, where it is
    // still so.
    long version = scope.publishedVersion(GmvMovements.TABLE);
    SortedSet<LocalDate> posted = lake.datesRewrittenAfter(GmvMovements.TABLE, version);
    Dataset<Row> movements = lake.readVersion(GmvMovements.TABLE, version);
    if (!restated.isEmpty()) {
      Dataset<Row> moved =
          gold.keep(
              Restatements.of(
                  published(scope, restated),
                  lake.readDates(OrderHistory.TABLE, restated),
                  before,
                  ids(),
                  settings,
                  run.runId(),
                  run.startedAt()));
      for (Row row : moved.select(POSTED_DATE).distinct().collectAsList()) {
        posted.add(row.getDate(0).toLocalDate());
      }
      movements = movements.unionByName(moved);
    }
    gold.put(GmvMovements.TABLE, movements, posted);
  }

  /** The ids that persons go by, beside those in what is published. */
  private Restatements.Ids ids() {
    Instant published = Publication.last(lake).map(Publication::finishedAt).orElse(Instant.EPOCH);
    return PublishedAgain.areIdsOthersSince(lake, published)
        ? Restatements.Ids.OTHERS
        : Restatements.Ids.SAME;
  }

  private Dataset<Row> published(Scope scope, SortedSet<LocalDate> dates) {
    return lake.readVersion(OrderHistory.TABLE, scope.publishedVersion(OrderHistory.TABLE))
        .where(Lake.in(col(ENTRY_DATE), dates));
  }
}
