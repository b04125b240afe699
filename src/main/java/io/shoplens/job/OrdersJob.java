package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import io.shoplens.commerce.OrderFold;
import io.shoplens.lake.Lake;
import io.shoplens.link.Links;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Orders;
import io.shoplens.table.Reach;
import io.shoplens.table.Table;
import java.time.LocalDate;
import java.util.SortedSet;
import java.util.TreeSet;
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
      long rows = rewrite(Orders.TABLE, fold.orders(), touched).rows();
      rows += rewrite(OrderLines.TABLE, fold.lines(), touched).rows();
      Written history = rewrite(OrderHistory.TABLE, fold.history(), touched);
      return new Written(rows + history.rows(), history.dates());
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

  private Written rewrite(Table table, Dataset<Row> folded, Dataset<Row> touched) {
    String date = table.partitionedBy().get(0);
    SortedSet<LocalDate> dates = dates(folded, date);
    Dataset<Row> rows = folded;
    if (lake.exists(table)) {
      dates.addAll(dates(only(lake.read(table), touched), date));
      rows = rows.unionByName(except(lake.readDates(table, dates), touched));
    }
    lake.replaceDates(table, rows, dates);
    return new Written(lake.rowsWritten(table), dates);
  }

  private static Dataset<Row> only(Dataset<Row> rows, Dataset<Row> orders) {
    return rows.join(orders, rows.col(ORDER_ID).equalTo(orders.col(ORDER_ID)), "left_semi");
  }

  private static Dataset<Row> except(Dataset<Row> rows, Dataset<Row> orders) {
    return rows.join(orders, rows.col(ORDER_ID).equalTo(orders.col(ORDER_ID)), "left_anti");
  }

  private static SortedSet<LocalDate> dates(Dataset<Row> rows, String column) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (Row row : rows.select(column).distinct().collectAsList()) {
      dates.add(row.getDate(0).toLocalDate());
    }
    return dates;
  }
}
