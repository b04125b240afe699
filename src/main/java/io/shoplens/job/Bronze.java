package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import io.shoplens.config.Feed;
import io.shoplens.rawlog.Repeats;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Table;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * A bronze table.
 *
 * @param kind the feeds whose records it holds
 * @param table its declaration
 * @param key what tells its records apart
 * @param id the field that a record is known by
 */
record Bronze(Feed.Kind kind, Table table, List<String> key, String id) {
  static final List<Bronze> ALL =
      List.of(
          new Bronze(Feed.Kind.EVENTS, Events.TABLE, Repeats.EVENT_KEY, EVENT_ID),
          new Bronze(Feed.Kind.ORDERS, OrderEvents.TABLE, Repeats.ORDER_EVENT_KEY, ORDER_EVENT_ID));

  /** Whether a row of a bronze table is a rejected record: those stand apart, without a date. */
  static Column isRejected() {
    return col(EVENT_UTC_DATE).isNull().and(col(RECORD_KIND).equalTo("rejected"));
  }
}
