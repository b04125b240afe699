package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.shoplens.clickstream.DeviceIdentifications;
import io.shoplens.clickstream.OpenSessions;
import io.shoplens.clickstream.SessionizedEvents;
import io.shoplens.clickstream.Touches;
import io.shoplens.clickstream.Visits;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Lake.Replacement;
import io.shoplens.link.Links;
import io.shoplens.link.OutboundClicks;
import io.shoplens.table.Events;
import io.shoplens.table.Identities;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Reach;
import io.shoplens.table.Sessions;
import io.shoplens.table.Table;
import io.shoplens.table.Touchpoints;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Events into identities, sessions, outbound links and touchpoints, on the dates within reach. */
final class ClickstreamJob {
  /**
   * UTC dates of events to read for a business date: two days back, because a session of the day
   * before may have begun a day earlier, and one more each way between business and UTC dates.
   */
  private static final Reach READ =
      new Reach(3, 2, "sessions last a day and zones differ by one more");

  /**
   * Business dates of the sessions that may go on past the first instant of a UTC date: they began
   * less than two days before.
   */
  private static final Reach OPEN =
      new Reach(3, 0, "a session's limit and gap, and zones differ by one more");

  private final RunContext run;
  private final Lake lake;

  ClickstreamJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
  }

  /** Rewrites the tables; how many rows they got on how many dates is in the result. */
  Written run(Scope scope) {
    Dataset<Row> events = lake.read(Events.TABLE).where(col(RECORD_KIND).equalTo("accepted"));
    SortedSet<LocalDate> dates = Touchpoints.TABLE.reach().of(scope.eventDates());
    SortedSet<LocalDate> read = READ.of(dates);
    Dataset<Row> sessionized =
        SessionizedEvents.of(
                events.where(Lake.in(col(EVENT_UTC_DATE), read)).withColumn("link", link()),
                openSessions(read),
                run.config().clickstream(),
                run.config().reference())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<Table, Long> rows =
          lake.replaceDates(
              List.of(
                  new Replacement(Sessions.TABLE, Visits.of(sessionized), dates),
                  new Replacement(Identities.TABLE, identities(events, scope), scope.utcDates()),
                  new Replacement(OutboundLinks.TABLE, OutboundClicks.of(sessionized), dates),
                  new Replacement(
                      Touchpoints.TABLE,
                      Touches.of(sessionized, run.config().reference()),
                      dates)));
      return Written.of(rows, dates);
    } finally {
      sessionized.unpersist();
    }
  }

  /**
   * The stored sessions that go on into what is read. No event that is new reaches them: they are
   * of dates before all that are rewritten.
   */
  private Dataset<Row> openSessions(SortedSet<LocalDate> read) {
    SortedSet<LocalDate> edges = new TreeSet<>(read);
    edges.removeIf(date -> read.contains(date.minusDays(1)));
    return OpenSessions.at(
        lake.readDates(Sessions.TABLE, OPEN.of(edges)), edges, run.config().clickstream());
  }

  private Dataset<Row> identities(Dataset<Row> events, Scope scope) {
    Dataset<Row> orderEvents =
        lake.read(OrderEvents.TABLE).where(col(RECORD_KIND).equalTo("accepted"));
    Column within = Lake.in(col(EVENT_UTC_DATE), scope.utcDates());
    return DeviceIdentifications.of(events.where(within), orderEvents.where(within));
  }

  /** The link of an outbound click, resolved; of a visit, where its referrer belongs. */
  private Column link() {
    return when(
            col(EVENT_TYPE).isin("outbound_click", "outbound_blocked"),
            Links.resolution(run.config().reference()).apply(col(LINK_URL)))
        .when(
            col(EVENT_TYPE).equalTo("inbound_visit"),
            Links.origin(run.config().reference()).apply(col(REFERRER_URL)));
  }
}
