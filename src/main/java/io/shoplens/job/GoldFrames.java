package io.shoplens.job;

import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
  private final List<Dataset<Row>> shared = new ArrayList<>();

  GoldFrames(Lake lake) {
    this.lake = lake;
  }

  /** Takes a table's rows for some dates. */
  Dataset<Row> put(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {
    Dataset<Row> kept =
        rows.where(Lake.in(rows.col(table.partitionedBy().get(0)), dates))
            .persist(StorageLevel.MEMORY_AND_DISK());
    frames.put(table, new Frame(kept, dates));
    return kept;
  }

  /** Keeps rows that several tables are made of until the gold of the run is committed. */
  Dataset<Row> keep(Dataset<Row> rows) {
    Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
    shared.add(kept);
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
    return stored.isEmpty() || !lake.exists(table)
        ? frame.rows()
        : frame.rows().unionByName(lake.readDates(table, stored));
  }

  /** The dates computed of a table. */
  SortedSet<LocalDate> datesOf(Table table) {
    Frame frame = frames.get(table);
    return frame == null ? new TreeSet<>() : frame.dates();
  }

  /** Commits every table; the rows written to each are in the result. */
  Map<Table, Long> commit() {
    return frames.isEmpty()
        ? Map.of()
        : lake.replaceDates(
            frames.entrySet().stream()
                .map(
                    frame ->
                        new Lake.Replacement(
                            frame.getKey(), frame.getValue().rows(), frame.getValue().dates()))
                .toList());
  }

  /** The tables computed so far. */
  Set<Table> tables() {
    return Set.copyOf(frames.keySet());
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
    shared.forEach(Dataset::unpersist);
  }
}
