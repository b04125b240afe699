package io.shoplens.quality;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.shoplens.table.Events;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a run tells of the data that came in, and publishes all the same: the contract takes it as
 * it comes. Each yields one row as the {@link Invariants} do.
 */
public final class Findings {
  public static final String EVENT_TYPES_ARE_KNOWN = "event_types_are_known";
  public static final String EVENT_IDS_HAVE_ONE_DATE = "event_ids_have_one_date";

  /** All of them. */
  public static final Set<String> NAMES = Set.of(EVENT_TYPES_ARE_KNOWN, EVENT_IDS_HAVE_ONE_DATE);

  private Findings() {}

  /**
   * Events of types that neither the contract nor a rule knows are kept, and no touch is made of
   * them. Its example has the number of each feed and the most frequent type.
   *
   * @param events accepted events that came in
   * @param used types that are used beside those of the contract
   */
  public static Dataset<Row> eventTypesAreKnown(Dataset<Row> events, Set<String> used) {
    Set<String> known = new TreeSet<>(Events.TYPES);
    known.addAll(used);
    Column isUnknown = col(EVENT_TYPE).isin(known.toArray()).unary_$bang();
    Dataset<Row> feeds =
        events
            .groupBy(FEED, EVENT_TYPE)
            .agg(count(lit(1)).as(EXAMINED))
            .groupBy(FEED)
            .agg(
                sum(EXAMINED).as(EXAMINED),
                sum(when(isUnknown, col(EXAMINED)).otherwise(lit(0L))).as(VIOLATIONS),
                max_by(col(EVENT_TYPE), when(isUnknown, struct(col(EXAMINED), col(EVENT_TYPE))))
                    .as(EVENT_TYPE));
    Column told =
        when(
            col(VIOLATIONS).gt(lit(0L)),
            concat(col(FEED), lit(" "), col(VIOLATIONS), lit(", most of all "), col(EVENT_TYPE)));
    return feeds
        .agg(
            coalesce(sum(EXAMINED), lit(0L)).as(EXAMINED),
            coalesce(sum(VIOLATIONS), lit(0L)).as(VIOLATIONS),
            // As many as feeds are configured.
            nullif(array_join(sort_array(collect_list(told)), "; "), lit("")).as(EXAMPLE))
        .select(
            lit(EVENT_TYPES_ARE_KNOWN).as(CHECK_NAME),
            lit("every event that came in: a type that the contract or a touch rule knows")
                .as(EXPECTATION),
            col(EXAMINED),
            col(VIOLATIONS),
            col(EXAMPLE));
  }

  /**
   * An event that is sent again with an instant on another UTC date is another event, and counts
   * twice. What came in is compared with the dates given alone: all of history would be read for it
   * each time. Ids are compared by a hash, so that numbers are shuffled and no texts; that two ids
   * of ten million share one is not to be expected.
   *
   * @param events accepted events of the dates that received some, and of a day around each
   * @param publishedSequence last ingest that does not count as coming in
   */
  public static Dataset<Row> eventIdsHaveOneDate(Dataset<Row> events, long publishedSequence) {
    return Invariants.verdict(
        EVENT_IDS_HAVE_ONE_DATE,
        "every event id that came in: one UTC date, among those that received records and the day"
            + " on either side",
        events
            .groupBy(xxhash64(col(EVENT_ID)))
            .agg(
                min(EVENT_UTC_DATE).as("first"),
                max(EVENT_UTC_DATE).as("last"),
                max(SEQUENCE).as(SEQUENCE))
            .where(col(SEQUENCE).gt(lit(publishedSequence)))
            .select(
                col("first").notEqual(col("last")).as(Invariants.BROKEN),
                concat_ws(" and ", col("first"), col("last")).as(Invariants.WHERE)));
  }
}
