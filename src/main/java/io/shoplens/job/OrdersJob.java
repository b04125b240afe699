package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.shoplens.commerce.OrderFold;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Lake.Replacement;
import io.shoplens.link.Links;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Orders;
import io.shoplens.table.Reach;
import io.shoplens.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Order events into orders, their lines and their history.
 *
 * <p>Every order that received an event is folded anew from all its events; the dates it had and
 * has are rewritten, the other orders of these dates carried over as they stand.
 */
final class OrdersJob {
  private static final Reach ZONES = new Reach(1, 1, "business and UTC dates differ by one");

  private final RunContext run;
  private final Lake lake;

  OrdersJob(RunContext run) {
    this.run = run;
    this.lake = run.lake();
  }

  /** Rewrites the tables; the dates are those of the history. */
  Written run(Scope scope) {
    Dataset<Row> events =
        lake.read(OrderEvents.TABLE)
            .where(col(RECORD_KIND).equalTo("accepted"))
            .withColumn(
                MERCHANT_GROUP,
                Links.merchantGroup(run.config().reference()).apply(col(MERCHANT_DOMAIN)));
    Dataset<Row> touched = touchedOrders(events, scope).persist(StorageLevel.MEMORY_AND_DISK());
    OrderFold.Result fold =
        OrderFold.of(
            isFirst() ? events : only(events, touched),
            run.config().gmv(),
            run.config().reference());
    fold.folded().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<Table, Dataset<Row>> folded =
          Map.of(
              Orders.TABLE, fold.orders(),
              OrderLines.TABLE, fold.lines(),
              OrderHistory.TABLE, fold.history());
      Map<Table, SortedSet<LocalDate>> dates = dates(folded, touched);
      Map<Table, Long> rows =
          lake.replaceDates(
              Stream.of(Orders.TABLE, OrderLines.TABLE, OrderHistory.TABLE)
                  .map(table -> replacement(table, folded.get(table), dates.get(table), touched))
                  .toList());
      return Written.of(rows, dates.get(OrderHistory.TABLE));
    } finally {
      fold.folded().unpersist();
      touched.unpersist();
    }
  }

  private boolean isFirst() {
    return !lake.exists(Orders.TABLE);
  }

  private Dataset<Row> touchedOrders(Dataset<Row> events, Scope scope) {
    Column isTouched =
        col(SEQUENCE)
            .gt(scope.publishedSequence())
            .or(Lake.in(col(EVENT_UTC_DATE), ZONES.of(scope.rebuiltDates())));
    return events.where(isTouched).select(ORDER_ID).distinct();
  }

  /** Dates that the touched orders have and had, by table, in one look at all of them. */
  private Map<Table, SortedSet<LocalDate>> dates(
      Map<Table, Dataset<Row>> folded, Dataset<Row> touched) {
    Map<String, Table> names = new HashMap<>();
    Map<Table, SortedSet<LocalDate>> dates = new HashMap<>();
    List<Dataset<Row>> named = new ArrayList<>();
    folded.forEach(
        (table, rows) -> {
          names.put(table.name(), table);
          dates.put(table, new TreeSet<>());
          named.add(named(table, rows));
          if (lake.exists(table)) {
            named.add(named(table, only(lake.read(table), touched)));
          }
        });
    for (Row row : named.stream().reduce(Dataset::union).orElseThrow().distinct().collectAsList()) {
      dates.get(names.get(row.getString(0))).add(row.getDate(1).toLocalDate());
    }
    return dates;
  }

  private static Dataset<Row> named(Table table, Dataset<Row> rows) {
    return rows.select(lit(table.name()), rows.col(table.partitionedBy().get(0)));
  }

  private Replacement replacement(
      Table table, Dataset<Row> folded, SortedSet<LocalDate> dates, Dataset<Row> touched) {
    Dataset<Row> rows =
        lake.exists(table)
            ? folded.unionByName(except(lake.readDates(table, dates), touched))
            : folded;
    return new Replacement(table, rows, dates);
  }

  private static Dataset<Row> only(Dataset<Row> rows, Dataset<Row> orders) {
    return rows.join(orders, rows.col(ORDER_ID).equalTo(orders.col(ORDER_ID)), "left_semi");
  }

  private static Dataset<Row> except(Dataset<Row> rows, Dataset<Row> orders) {
    return rows.join(orders, rows.col(ORDER_ID).equalTo(orders.col(ORDER_ID)), "left_anti");
  }
}
