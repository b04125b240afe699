package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.shoplens.lake.Lake;
import io.shoplens.leakage.ConversionDays;
import io.shoplens.leakage.CreatorDays;
import io.shoplens.leakage.LeakDays;
import io.shoplens.leakage.LeakEvidence;
import io.shoplens.leakage.LeakStates;
import io.shoplens.leakage.LeakageDays;
import io.shoplens.leakage.LeakedLinkDays;
import io.shoplens.table.CreatorLeakage;
import io.shoplens.table.DailyConversion;
import io.shoplens.table.DailyLeakage;
import io.shoplens.table.DailyLeaks;
import io.shoplens.table.Identities;
import io.shoplens.table.LeakedLinks;
import io.shoplens.table.Leaks;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Orders;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Touchpoints;
import io.shoplens.table.Watermarks;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Outbound links, touchpoints and order lines into leak rates, leaks, and what they were worth.
 *
 * <p>Leaks are rewritten from 8 days before the earliest date on which anything moved, and from the
 * earliest whose window has ended since; what opened a leak before stays decided as it is stored.
 * So a daily run reads two weeks, whatever lies before them.
 */
final class LeakageJob {
  /** Longest window, and a day between zones. */
  private static final int WINDOW = 8;

  private final RunContext run;
  private final Lake lake;

  LeakageJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
  }

  /**
   * The dates of a run.
   *
   * @param read first date of which clicks and lines are needed
   * @param moved first date on which anything moved
   * @param leaks first date of the leaks to rewrite
   * @param last last date of all
   */
  private record Dates(LocalDate read, LocalDate moved, LocalDate leaks, LocalDate last) {
    SortedSet<LocalDate> from(LocalDate first) {
      SortedSet<LocalDate> dates = new TreeSet<>();
      first.datesUntil(last.plusDays(1)).forEach(dates::add);
      return dates;
    }
  }

  /** Computes the frames of the gold tables and of leaks; the dates computed are in the result. */
  SortedSet<LocalDate> run(Scope scope, GoldFrames gold) {
    SortedSet<LocalDate> clicked = OutboundLinks.TABLE.reach().of(scope.eventDates());
    Dataset<Row> links = lake.readDates(OutboundLinks.TABLE, clicked);
    gold.put(LeakedLinks.TABLE, LeakedLinkDays.of(links), clicked);
    gold.put(
        DailyLeakage.TABLE,
        LeakageDays.of(links, lake.readDates(Touchpoints.TABLE, clicked), run.config().leakage()),
        clicked);
    Dates dates = dates(scope);
    leaks(dates, gold);
    worth(dates, gold);
    SortedSet<LocalDate> all = dates.from(dates.leaks());
    all.addAll(clicked);
    return all;
  }

  private void leaks(Dates dates, GoldFrames gold) {
    SortedSet<LocalDate> read = dates.from(dates.read());
    Dataset<Row> touchpoints = lake.readDates(Touchpoints.TABLE, read);
    Dataset<Row> evidence =
        gold.keep(
            LeakEvidence.of(
                lake.readDates(OutboundLinks.TABLE, read),
                touchpoints,
                lake.readDates(Identities.TABLE, OutboundLinks.TABLE.reach().of(read)),
                run.config().clickstream().identityWindow(),
                lake.readDates(OrderLines.TABLE, read),
                new LeakEvidence.Decided(
                    lake.readDates(Leaks.TABLE, read), startOf(dates.moved().minusDays(1)))));
    gold.put(
        Leaks.TABLE,
        LeakStates.of(evidence, lake.read(Watermarks.TABLE)),
        dates.from(dates.leaks()));
    gold.put(
        DailyConversion.TABLE,
        ConversionDays.of(evidence, touchpoints),
        dates.from(dates.moved().minusDays(1)));
  }

  private void worth(Dates dates, GoldFrames gold) {
    SortedSet<LocalDate> valued = dates.from(dates.leaks());
    Dataset<Row> days =
        gold.put(
            DailyLeaks.TABLE,
            LeakDays.of(
                gold.rows(Leaks.TABLE, valued),
                gold.rows(
                    DailyConversion.TABLE,
                    dates.from(dates.leaks().minusDays(LeakDays.TRAILING_DAYS))),
                run.config().leakage(),
                run.config().gmv(),
                run.config().reference()),
            valued);
    gold.put(
        CreatorLeakage.TABLE,
        CreatorDays.of(
            days,
            lake.readDates(OutboundLinks.TABLE, valued),
            lake.readDates(OrderLines.TABLE, valued),
            run.config().gmv(),
            run.config().reference()),
        valued);
  }

  private Dates dates(Scope scope) {
    if (!isComputed(scope)) {
      SortedSet<LocalDate> known = lake.datesRewrittenAfter(OutboundLinks.TABLE, -1);
      known.addAll(lake.datesRewrittenAfter(OrderLines.TABLE, -1));
      known.addAll(scope.touchedDates());
      LocalDate first = known.first().minusDays(1);
      return new Dates(first, first, first, known.last().plusDays(1));
    }
    Row moves = moves(scope).first();
    LocalDate moved = earlier(scope.touchedDates().first().minusDays(1), moves.getDate(0));
    LocalDate leaks = earlier(moved.minusDays(WINDOW), moves.getDate(1));
    LocalDate last = scope.touchedDates().last().plusDays(WINDOW + 1);
    if (moves.getDate(2) != null && moves.getDate(2).toLocalDate().isAfter(last)) {
      last = moves.getDate(2).toLocalDate();
    }
    return new Dates(leaks.minusDays(2), moved, leaks, last);
  }

  /**
   * Whether leaks were ever published: a restore to a state from before their table leaves it
   * without a row.
   */
  private boolean isComputed(Scope scope) {
    return scope.publishedVersion(Leaks.TABLE) >= 0
        && (!publishedLeaks(scope).isEmpty() || lake.read(OutboundLinks.TABLE).isEmpty());
  }

  /** What a run that died has decided since may not be in all tables. */
  private Dataset<Row> publishedLeaks(Scope scope) {
    return lake.readVersion(Leaks.TABLE, scope.publishedVersion(Leaks.TABLE));
  }

  /**
   * First date of orders that came into the basis, first date of leaks whose window has ended
   * since, and last date of leaks, in one row.
   */
  private Dataset<Row> moves(Scope scope) {
    Dataset<Row> incoming =
        lake.read(OrderEvents.TABLE)
            .where(col(RECORD_KIND).equalTo("accepted"))
            .where(col(SEQUENCE).gt(scope.publishedSequence()))
            .where(col(ORDER_EVENT).isin("placed", "paid"))
            .select(ORDER_ID);
    Column none = lit(null).cast("date");
    Dataset<Row> leaks = publishedLeaks(scope);
    SortedSet<LocalDate> rewritten =
        lake.datesRewrittenAfter(Orders.TABLE, scope.publishedVersion(Orders.TABLE));
    return lake.readDates(Orders.TABLE, rewritten)
        .join(incoming, new String[] {ORDER_ID}, "left_semi")
        .select(col(ORDER_DATE).as("sold"), none.as("due"), none.as("last"))
        .unionByName(
            LeakStates.overdue(leaks, lake.read(Watermarks.TABLE))
                .select(none.as("sold"), col(LEAK_DATE).as("due"), none.as("last")))
        .unionByName(leaks.select(none.as("sold"), none.as("due"), col(LEAK_DATE).as("last")))
        .agg(min("sold"), min("due"), max("last"));
  }

  private static LocalDate earlier(LocalDate date, Date other) {
    return other == null || other.toLocalDate().isAfter(date) ? date : other.toLocalDate();
  }

  private static Instant startOf(LocalDate date) {
    return date.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
