package io.shoplens.clickstream;

import static io.shoplens.table.Columns.DEVICE_ID;
import static io.shoplens.table.Columns.ENDED_AT;
import static io.shoplens.table.Columns.EVENT_AT;
import static io.shoplens.table.Columns.EVENT_UTC_DATE;
import static io.shoplens.table.Columns.SESSION_ID;
import static io.shoplens.table.Columns.STARTED_AT;
import static io.shoplens.table.Columns.USER_ID;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_append;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.unix_micros;

import io.shoplens.config.ClickstreamSettings;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Sessions that were open where the reading of events sets in: with them events that are read from
 * some date on have the sessions they would have had if all before had been read too.
 */
public final class OpenSessions {
  static final String ID = "_open_session_id";

  private static final String EDGE = "_edge";
  private static final String UNTIL = "_until";

  private OpenSessions() {}

  /**
   * The sessions that events after an edge may go on with.
   *
   * @param sessions {@code silver.sessions} of the edges and of three days before each
   * @param edges UTC dates that are read, of which the day before is not
   * @return the sessions, with the last instant before the edge at which they were surely not over
   */
  public static Dataset<Row> at(
      Dataset<Row> sessions, Collection<LocalDate> edges, ClickstreamSettings settings) {
    Column[] instants =
        edges.stream()
            .map(edge -> lit(edge.atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000))
            .toArray(Column[]::new);
    Column startedAt = unix_micros(col(STARTED_AT));
    Column endedAt = unix_micros(col(ENDED_AT));
    return sessions
        .withColumn(EDGE, explode(array(instants).cast("array<bigint>")))
        .where(startedAt.lt(col(EDGE)))
        .where(endedAt.plus(micros(settings.sessionGap())).gt(col(EDGE)))
        .select(
            col(SESSION_ID).as(ID),
            coalesce(col(DEVICE_ID), col(USER_ID)).as(SessionizedEvents.OBSERVED),
            startedAt.as(STARTED_AT),
            // What follows the edge is read; all that counts of it is that the session goes on.
            least(endedAt, col(EDGE).minus(1)).as(UNTIL));
  }

  /**
   * The sessions as a {@link SessionClock} has to hear of them: by instants less than the gap
   * apart, of which there are no more than the sessions had events.
   */
  static Dataset<Row> retold(Dataset<Row> open, ClickstreamSettings settings) {
    Column instants =
        array_append(
            sequence(col(STARTED_AT), col(UNTIL), lit(micros(settings.sessionGap()) - 1)),
            col(UNTIL));
    return open.withColumn(EVENT_AT, explode(instants))
        .withColumn(EVENT_AT, timestamp_micros(col(EVENT_AT)))
        .withColumn(EVENT_UTC_DATE, to_date(col(EVENT_AT)))
        .drop(STARTED_AT, UNTIL);
  }

  private static long micros(Duration duration) {
    return TimeUnit.MICROSECONDS.convert(duration);
  }
}
