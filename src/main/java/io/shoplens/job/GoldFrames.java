package io.shoplens.job;

import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /**
   * What is told anew of stored rows, in closed periods too.
   *
   * @param dates dates on which it is another
   * @param column a column that is no figure
   * @param value its value
   */
  record Amendment(SortedSet<LocalDate> dates, String column, Column value) {}

  private final Lake lake;
  private final Optional<LocalDate> closedUntil;
  private final Set<String> published;
  private final List<Dataset<Row>> kept = new ArrayList<>();
  private final Map<Table, Frame> frames = new LinkedHashMap<>();

  /**
   * No frames yet.
   *
   * @param closedUntil last closed date: what is published up to it stands
   * @param published names of the tables that were published; what a run that died left in others
   *     nobody has been told
   */
  GoldFrames(Lake lake, Optional<LocalDate> closedUntil, Set<String> published) {
    this.lake = lake;
    this.closedUntil = closedUntil;
    this.published = Set.copyOf(published);
  }

  /** Keeps rows that several frames are made from until the frames are closed. */
  Dataset<Row> keep(Dataset<Row> rows) {
    Dataset<Row> persisted = rows.persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(persisted);
    return persisted;
  }

  /** The dates of a table that may be written: open ones, or all where none is published yet. */
  SortedSet<LocalDate> open(Table table, SortedSet<LocalDate> dates) {
    return closedUntil.isEmpty() || !published.contains(table.name())
        ? dates
        : new TreeSet<>(dates.tailSet(closedUntil.get().plusDays(1)));
  }

  /** The dates of a table whose rows stand. */
  SortedSet<LocalDate> closed(Table table, SortedSet<LocalDate> dates) {
    SortedSet<LocalDate> closed = new TreeSet<>(dates);
    closed.removeAll(open(table, dates));
    return closed;
  }

  /**
   * Takes a table's rows for some dates, of which those in a closed period are left out; columns
   * beyond the table's are not committed.
   */
  Dataset<Row> put(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {
    SortedSet<LocalDate> open = open(table, dates);
    return frame(table, on(table, rows, open), open);
  }

  /** Takes a table's rows as {@link #put} does, and those of closed dates as stored but amended. */
  void put(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates, Amendment amendment) {
    SortedSet<LocalDate> closed = closed(table, amendment.dates());
    if (closed.isEmpty()) {
      put(table, rows, dates);
      return;
    }
    SortedSet<LocalDate> open = open(table, dates);
    Dataset<Row> amended =
        lake.readDates(table, closed).withColumn(amendment.column(), amendment.value());
    SortedSet<LocalDate> written = new TreeSet<>(open);
    written.addAll(closed);
    frame(table, on(table, rows, open).unionByName(amended), written);
  }

  private static Dataset<Row> on(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {
    return rows.where(Lake.in(rows.col(table.partitionedBy().get(0)), dates));
  }

  private Dataset<Row> frame(Table table, Dataset<Row> rows, SortedSet<LocalDate> dates) {
    Dataset<Row> frame = rows.persist(StorageLevel.MEMORY_AND_DISK());
    frames.put(table, new Frame(frame, dates));
    return frame;
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
    Dataset<Row> computed =
        declared(table, frame.rows())
            .where(Lake.in(functions.col(table.partitionedBy().get(0)), dates));
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
    kept.forEach(Dataset::unpersist);
  }
}
