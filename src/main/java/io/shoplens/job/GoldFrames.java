package io.shoplens.job;

import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Gold as computed by a run and not yet committed: the checks look at it first.
 *
 * <p>A frame is kept on the executors between its check and its commit, so that it is computed
 * once.
 */
final class GoldFrames implements AutoCloseable {
  private record Frame(Dataset<Row> rows, SortedSet<LocalDate> dates) {}

  private final Lake lake;
  private final Map<Table, Frame> frames = new LinkedHashMap<>();

  GoldFrames(Lake lake) {
    this.lake = lake;
  }

  /** Takes a table's rows for some dates; columns beyond the table's are not committed. */
  Dataset<Row> put(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {
    Dataset<Row> kept =
        rows.where(Lake.in(rows.col(table.partitionedBy().get(0)), dates))
            .persist(StorageLevel.MEMORY_AND_DISK());
    frames.put(table, new Frame(kept, dates));
    return kept;
  }

  /**
   * The table as it will be on the given dates: computed rows where there are, else stored ones.
   */
  Dataset<Row> rows(Table table, SortedSet<LocalDate> dates) {
    Frame frame = frames.get(table);
    if (frame == null) {
      return lake.readDates(table, dates);
    }
    SortedSet<LocalDate> stored = new TreeSet<>(dates);
    stored.removeAll(frame.dates());
    Dataset<Row> computed = declared(table, frame.rows());
    return stored.isEmpty() || !lake.exists(table)
        ? computed
        : computed.unionByName(lake.readDates(table, stored));
  }

  /** A frame may hold more than its table, for another to be made from. */
  private static Dataset<Row> declared(Table table, Dataset<Row> rows) {
    return rows.select(
        Arrays.stream(table.schema().fieldNames()).map(functions::col).toArray(Column[]::new));
  }

  /** The dates computed of a table. */
  SortedSet<LocalDate> datesOf(Table table) {
    Frame frame = frames.get(table);
    return frame == null ? new TreeSet<>() : frame.dates();
  }

  /** Commits every table. */
  void commit() {
    frames.forEach((table, frame) -> lake.replaceDates(table, frame.rows(), frame.dates()));
  }

  /** Dates per table name. */
  Map<String, SortedSet<LocalDate>> dates() {
    Map<String, SortedSet<LocalDate>> dates = new TreeMap<>();
    frames.forEach((table, frame) -> dates.put(table.name(), frame.dates()));
    return dates;
  }

  @Override
  public void close() {
    frames.values().forEach(frame -> frame.rows().unpersist());
  }
}
