package io.shoplens.lake;

import io.delta.tables.DeltaTable;
import io.shoplens.table.Table;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;

/**
 * One version of a table.
 *
 * @param version its number
 * @param committedAt when it was committed, by the committing machine's clock
 * @param operation what Delta did
 * @param rows rows written, where the operation counts them
 * @param dates the dates it rewrote, as the commit says them; empty where it does not
 */
public record TableVersion(
    long version, Instant committedAt, String operation, OptionalLong rows, String dates) {

  /** All versions of a table that its log still holds, the latest first. */
  public static List<TableVersion> of(Lake lake, Table table) {
    if (!lake.exists(table)) {
      return List.of();
    }
    return DeltaTable.forPath(lake.session(), lake.path(table))
        .history()
        .select("version", "timestamp", "operation", "operationMetrics", "userMetadata")
        .collectAsList()
        .stream()
        .map(TableVersion::of)
        .toList();
  }

  private static TableVersion of(Row row) {
    Map<String, String> metrics =
        row.isNullAt(3) ? Map.of() : new HashMap<>(row.<String, String>getJavaMap(3));
    String rows = metrics.get("numOutputRows");
    return new TableVersion(
        row.getLong(0),
        row.<Timestamp>getAs(1).toInstant(),
        row.getString(2),
        rows == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(rows)),
        Optional.ofNullable(row.getString(4)).orElse(""));
  }
}
