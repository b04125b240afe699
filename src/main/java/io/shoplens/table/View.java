package io.shoplens.table;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A table that is not stored: a query over other tables, as they stand when it is read.
 *
 * @param table its declaration, as a reader sees it
 * @param sources the tables it is made from
 * @param needed how many of them must be there for it to be read
 * @param query the query over those of its sources that exist, named as in the catalog
 */
public record View(
    Table table, List<Table> sources, int needed, Function<List<Table>, String> query) {
  public View {
    sources = List.copyOf(sources);
  }

  /** A query over some tables, all of which it needs. */
  public static View of(Table table, List<Table> sources, String sql) {
    return new View(table, sources, sources.size(), existing -> sql);
  }

  /**
   * Rows of some tables, one below the other.
   *
   * @param condition which of their rows, in SQL
   * @param expressions SQL of the columns that its sources do not have, by name
   */
  public static View rows(
      Table table, List<Table> sources, String condition, Map<String, String> expressions) {
    String columns =
        Arrays.stream(table.schema().fieldNames())
            .map(name -> expressions.getOrDefault(name, name) + " AS " + name)
            .collect(Collectors.joining(", "));
    return new View(
        table,
        sources,
        1,
        existing ->
            existing.stream()
                .map(
                    source ->
                        "SELECT %s FROM %s WHERE %s".formatted(columns, source.name(), condition))
                .collect(Collectors.joining(" UNION ALL ")));
  }

  /** Whether it can be read where some of its sources exist. */
  public boolean isReadable(List<Table> existing) {
    return existing.size() >= needed;
  }

  /** The query over some of its sources, named as in the catalog. */
  public String sql(List<Table> existing) {
    return query.apply(existing);
  }
}
