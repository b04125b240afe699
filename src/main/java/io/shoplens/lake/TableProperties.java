package io.shoplens.lake;

import io.shoplens.table.Columns;
import io.shoplens.table.Table;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Delta properties a table is created with. */
final class TableProperties {
  private TableProperties() {}

  private static final String DELETION_VECTORS = "delta.enableDeletionVectors";
  private static final Set<String> PERSONS = Set.of(Columns.USER_ID, Columns.DEVICE_ID);
  private static final String STATISTICS = "delta.dataSkippingStatsColumns";

  /**
   * Bronze gets deletion vectors, because repeats are taken out of files just written; the others
   * stay readable for every Delta reader. Statistics stand on what queries narrow a date down by,
   * the key and the market: they cost as much as the Parquet write where they cover every column.
   * None stand on persons, whose ids would be in the log.
   */
  static Map<String, String> of(Table table) {
    return table.layer().equals("bronze")
        ? Map.of(DELETION_VECTORS, "true", STATISTICS, "event_at,sequence")
        : Map.of(DELETION_VECTORS, "false", STATISTICS, String.join(",", narrowing(table)));
  }

  /** What a partition holds apart. Delta knows the values of partitions without statistics. */
  private static Set<String> narrowing(Table table) {
    Set<String> columns = new LinkedHashSet<>(table.key());
    if (table.schema().getFieldIndex(Columns.MARKET).isDefined()) {
      columns.add(Columns.MARKET);
    }
    columns.removeAll(table.partitionedBy());
    columns.removeAll(PERSONS);
    return columns;
  }
}
