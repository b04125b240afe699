package io.shoplens.testing;

import io.shoplens.table.Table;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Rows written as short JSON: columns left out are NULL, single quotes stand for double ones. */
public final class Rows {
  private Rows() {}

  /** Rows of a declared table. */
  public static Dataset<Row> of(Table table, String... json) {
    return of(table.schema(), json);
  }

  /** Rows of a schema. */
  public static Dataset<Row> of(StructType schema, String... json) {
    List<String> lines = List.of(json).stream().map(line -> line.replace('\'', '"')).toList();
    Dataset<String> text = LocalSpark.session().createDataset(lines, Encoders.STRING());
    return LocalSpark.session().read().schema(schema).option("mode", "FAILFAST").json(text);
  }

  /** The rows as JSON with the given columns, in the order of their text, NULLs left out. */
  public static List<String> json(Dataset<Row> rows, String... columns) {
    Dataset<Row> narrow =
        columns.length == 0
            ? rows
            : rows.select(
                List.of(columns).stream()
                    .map(functions::col)
                    .toArray(n -> new org.apache.spark.sql.Column[n]));
    return narrow.toJSON().collectAsList().stream()
        .map(line -> line.replace('"', '\''))
        .sorted()
        .toList();
  }
}
