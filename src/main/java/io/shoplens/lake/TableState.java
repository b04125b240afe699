package io.shoplens.lake;

import io.shoplens.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import scala.jdk.javaapi.CollectionConverters;

/** Whether a stored table is as its declaration says. */
public final class TableState {
  /** What Delta calls version 3 and 7: features are named one by one. */
  private static final int NAMED_FEATURES_READER = 3;

  private TableState() {}

  /**
   * What differs in properties and protocol, in words; nothing where they are as they should be.
   */
  public static List<String> differences(Lake lake, Table table) {
    Snapshot snapshot = snapshot(lake, table);
    List<String> differences = new ArrayList<>();
    Map<String, String> properties =
        new TreeMap<>(CollectionConverters.asJava(snapshot.metadata().configuration()));
    TableProperties.of(table)
        .forEach(
            (key, value) -> {
              if (!value.equals(properties.get(key))) {
                differences.add(
                    key + " is " + properties.getOrDefault(key, "not set") + ", not " + value);
              }
            });
    boolean isPlain = "false".equals(TableProperties.of(table).get("delta.enableDeletionVectors"));
    int reader = snapshot.protocol().minReaderVersion();
    if (isPlain && reader >= NAMED_FEATURES_READER) {
      differences.add("readers need protocol " + reader);
    }
    return differences;
  }

  /** Columns that were declared since it was last written: its next commit adds them. */
  public static SortedSet<String> columnsToCome(Lake lake, Table table) {
    SortedSet<String> columns = new TreeSet<>(Arrays.asList(table.schema().fieldNames()));
    columns.removeAll(Arrays.asList(snapshot(lake, table).schema().fieldNames()));
    return columns;
  }

  private static Snapshot snapshot(Lake lake, Table table) {
    return DeltaLog.forTableWithSnapshot(lake.session(), lake.path(table))._2();
  }
}
