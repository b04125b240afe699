package io.shoplens.lake;

import io.shoplens.table.Table;
import java.util.Map;

/** Delta properties a table is created with. */
final class TableProperties {
  private TableProperties() {}

  /**
   * Bronze gets deletion vectors, because repeats are taken out of files just written; the others
   * stay readable for every Delta reader. Statistics stand on the leading columns only: they cost
   * as much as the Parquet write where they cover every column.
   */
  static Map<String, String> of(Table table) {
    return table.layer().equals("bronze")
        ? Map.of(
            "delta.enableDeletionVectors", "true",
            "delta.dataSkippingStatsColumns", "event_at,sequence")
        : Map.of("delta.enableDeletionVectors", "false");
  }
}
