package io.shoplens.quality;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.table.Events;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a run tells of the data that came in, and publishes all the same: the contract takes it as
 * it comes. Each yields one row as the {@link Invariants} do.
 */
public final class Findings {
  public static final String EVENT_TYPES_ARE_KNOWN = "event_types_are_known";

  /** All of them. */
  public static final Set<String> NAMES = Set.of(EVENT_TYPES_ARE_KNOWN);

  private Findings() {}

  /**
   * Events of types that the contract does not know are kept, but nothing is made of them. Its
   * example has the number of each feed and the most frequent type.
   *
   * @param events accepted events that came in
   */
  public static Dataset<Row> eventTypesAreKnown(Dataset<Row> events) {
    Column isUnknown = col(EVENT_TYPE).isin(Events.TYPES.toArray()).unary_$bang();
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
            lit("every event that came in: a type that the contract knows").as(EXPECTATION),
            col(EXAMINED),
            col(VIOLATIONS),
            col(EXAMPLE));
  }
}
