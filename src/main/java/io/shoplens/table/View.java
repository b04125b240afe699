package io.shoplens.table;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table that is not stored: rows of other tables, as they stand when it is read.
 *
 * @param table its declaration, as a reader sees it
 * @param sources the tables whose rows it shows, one below the other
 * @param condition which of their rows, in SQL
 * @param expressions SQL of the columns that its sources do not have, by name
 */
public record View(
    Table table, List<Table> sources, String condition, Map<String, String> expressions) {
  public View {
    sources = List.copyOf(sources);
    expressions = Map.copyOf(expressions);
  }

  /** The query over some of its sources, named as in the catalog. */
  public String sql(List<Table> existing) {
    String columns =
        Arrays.stream(table.schema().fieldNames())
            .map(name -> expressions.getOrDefault(name, name) + " AS " + name)
            .collect(Collectors.joining(", "));
    return existing.stream()
        .map(source -> "SELECT %s FROM %s WHERE %s".formatted(columns, source.name(), condition))
        .collect(Collectors.joining(" UNION ALL "));
  }
}
