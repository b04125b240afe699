package io.shoplens.clickstream;

import static io.shoplens.table.Columns.CATEGORY;
import static io.shoplens.table.Columns.CONTENT_ID;
import static io.shoplens.table.Columns.CREATOR_ID;
import static io.shoplens.table.Columns.DEVICE_ID;
import static io.shoplens.table.Columns.EVENT_AT;
import static io.shoplens.table.Columns.EVENT_DATE;
import static io.shoplens.table.Columns.EVENT_ID;
import static io.shoplens.table.Columns.EVENT_TYPE;
import static io.shoplens.table.Columns.EVENT_UTC_DATE;
import static io.shoplens.table.Columns.IS_BOT;
import static io.shoplens.table.Columns.LINK;
import static io.shoplens.table.Columns.MARKET;
import static io.shoplens.table.Columns.PERSON_ID;
import static io.shoplens.table.Columns.PRODUCT_ID;
import static io.shoplens.table.Columns.REGION;
import static io.shoplens.table.Columns.SESSION_ID;
import static io.shoplens.table.Columns.SESSION_STARTED_AT;
import static io.shoplens.table.Columns.SURFACE;
import static io.shoplens.table.Columns.USER_AGENT;
import static io.shoplens.table.Columns.USER_ID;
import static io.shoplens.table.Columns.UTM_CAMPAIGN;
import static io.shoplens.table.Columns.UTM_MEDIUM;
import static io.shoplens.table.Columns.UTM_SOURCE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.unix_micros;

import io.shoplens.config.BusinessDates;
import io.shoplens.config.ClickstreamSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.Events;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Events with their business date, person, session and whether a bot sent them.
 *
 * <p>Sessions and bot counts go by the person observed: the device, else the user. All windows
 * share one shuffle by that person and one sort by UTC date, hour, instant and id, which is the
 * order of instant and id, and groups hours and dates as well.
 */
public final class SessionizedEvents {
  /** What the later steps need of an event as it came. */
  private static final List<String> KEPT =
      List.of(
          EVENT_ID,
          EVENT_TYPE,
          EVENT_AT,
          MARKET,
          REGION,
          USER_ID,
          DEVICE_ID,
          SURFACE,
          CONTENT_ID,
          CREATOR_ID,
          PRODUCT_ID,
          CATEGORY,
          UTM_SOURCE,
          UTM_MEDIUM,
          UTM_CAMPAIGN,
          LINK);

  static final String OBSERVED = "_observed";

  private static final String UTC_HOUR = "_utc_hour";
  private static final String IS_CRAWLER = "_is_crawler";
  private static final String SESSION = "_session";

  private SessionizedEvents() {}

  /**
   * Marks events with event_date, person_id, session_id, session_started_at and is_bot.
   *
   * <p>The rules look at whole sessions and whole UTC dates of a person: only dates of which both
   * neighbours are among the events come out final. Where a session is cut for its length depends
   * on where the one before it began, and so on; {@code open} tells how that stood.
   *
   * @param events accepted rows of bronze.events, with a column {@code link}: what an outbound
   *     click's link, or an inbound visit's referrer, resolves to
   * @param open sessions that may go on with the first events, as {@link OpenSessions} finds them
   * @return one row per event, without the columns that no later step needs
   */
  public static Dataset<Row> of(
      Dataset<Row> events, Dataset<Row> open, ClickstreamSettings settings, Reference reference) {
    return events
        .transform(rows -> narrowed(rows, reference))
        .unionByName(OpenSessions.retold(open, settings).withColumn(UTC_HOUR, utcHour()), true)
        .transform(rows -> withSessions(rows, settings))
        .transform(rows -> withBots(rows, settings))
        .transform(rows -> dated(rows, reference));
  }

  /** The columns to shuffle: a user agent shrinks to whether it is a crawler's. */
  private static Dataset<Row> narrowed(Dataset<Row> events, Reference reference) {
    List<Column> columns = kept(reference);
    columns.add(col(EVENT_UTC_DATE));
    columns.add(utcHour().as(UTC_HOUR));
    columns.add(coalesce(col(DEVICE_ID), col(USER_ID)).as(OBSERVED));
    columns.add(CrawlerList.matches(reference.crawlers(), col(USER_AGENT)).as(IS_CRAWLER));
    return events.select(columns.toArray(Column[]::new));
  }

  /** What is kept of an event as it came: also what channel rules ask for beside that. */
  private static List<Column> kept(Reference reference) {
    Set<String> names = new LinkedHashSet<>(KEPT);
    Channels.fields(reference.channelRules()).stream()
        .filter(List.of(Events.TABLE.schema().fieldNames())::contains)
        .forEach(names::add);
    return new ArrayList<>(names.stream().map(name -> col(name)).toList());
  }

  private static Column utcHour() {
    return date_trunc("HOUR", col(EVENT_AT));
  }

  private static Dataset<Row> withSessions(Dataset<Row> events, ClickstreamSettings settings) {
    Column session =
        udaf(new SessionClock(settings), SessionClock.INPUT)
            .apply(unix_micros(col(EVENT_AT)), col(OBSERVED), col(EVENT_ID), col(OpenSessions.ID))
            .over(soFar());
    return events
        .withColumn(SESSION, session)
        .withColumn(SESSION_STARTED_AT, timestamp_micros(col(SESSION + "._1")))
        .withColumn(SESSION_ID, col(SESSION + "._2"));
  }

  private static Dataset<Row> withBots(Dataset<Row> events, ClickstreamSettings settings) {
    Column isBot =
        col(IS_CRAWLER)
            .or(isOver(settings.botEventsPerDay(), Window.partitionBy(OBSERVED, EVENT_UTC_DATE)))
            .or(
                isOver(
                    settings.botEventsPerHour(),
                    Window.partitionBy(OBSERVED, EVENT_UTC_DATE, UTC_HOUR)));
    return events.withColumn(IS_BOT, isBot);
  }

  /** Whether the window holds more events than the rule allows; never where the rule is off. */
  private static Column isOver(long allowed, WindowSpec window) {
    return allowed == 0 ? lit(false) : count(lit(1)).over(window).gt(allowed);
  }

  private static Dataset<Row> dated(Dataset<Row> events, Reference reference) {
    List<Column> columns = kept(reference);
    columns.add(
        BusinessDates.of(reference, col(EVENT_AT), col(MARKET), col(REGION)).as(EVENT_DATE));
    columns.add(coalesce(col(USER_ID), col(DEVICE_ID)).as(PERSON_ID));
    columns.add(col(SESSION_ID));
    columns.add(col(SESSION_STARTED_AT));
    columns.add(col(IS_BOT));
    return events.where(col(OpenSessions.ID).isNull()).select(columns.toArray(Column[]::new));
  }

  private static WindowSpec soFar() {
    return Window.partitionBy(OBSERVED)
        .orderBy(EVENT_UTC_DATE, UTC_HOUR, EVENT_AT, EVENT_ID)
        .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
  }
}
