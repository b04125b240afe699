package io.shoplens.cli;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Writes the rows of a query. CSV and JSON are written as they come, without holding them. */
final class RowWriter {
  private static final Map<String, String> WITH_NULLS = Map.of("ignoreNullFields", "false");

  private RowWriter() {}

  /**
   * Writes rows to standard output.
   *
   * @param most rows written at most; 0 for all
   */
  static void write(Dataset<Row> rows, RowFormat format, long most, Terminal terminal) {
    PrintWriter out = terminal.out();
    switch (format) {
      case TABLE -> table(rows, most, terminal);
      case CSV -> csv(rows, most, out);
      case JSON -> json(rows, most, out);
    }
    out.flush();
  }

  private static void table(Dataset<Row> rows, long most, Terminal terminal) {
    StructField[] fields = rows.schema().fields();
    TextTable table =
        new TextTable(
            List.of(rows.columns()),
            Arrays.stream(fields)
                .map(
                    field ->
                        field.dataType() instanceof NumericType
                            ? TextTable.Align.RIGHT
                            : TextTable.Align.LEFT)
                .toList());
    long written = 0;
    boolean isMore = false;
    Iterator<Row> iterator = text(bounded(rows, most == 0 ? 0 : most + 1)).toLocalIterator();
    while (iterator.hasNext()) {
      Row row = iterator.next();
      if (most != 0 && written == most) {
        isMore = true;
        break;
      }
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < fields.length; i++) {
        cells.add(row.isNullAt(i) ? "NULL" : row.getString(i));
      }
      table.row(cells);
      written++;
    }
    table.lines().forEach(terminal.out()::println);
    terminal.out().flush();
    if (isMore) {
      terminal.err().println("The first " + most + " rows; --limit 0 shows all.");
      terminal.err().flush();
    }
  }

  private static void csv(Dataset<Row> rows, long most, PrintWriter out) {
    out.println(String.join(",", Arrays.stream(rows.columns()).map(RowWriter::quoted).toList()));
    Iterator<Row> iterator = text(bounded(rows, most)).toLocalIterator();
    while (iterator.hasNext()) {
      Row row = iterator.next();
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        cells.add(row.isNullAt(i) ? "" : quoted(row.getString(i)));
      }
      out.println(String.join(",", cells));
    }
  }

  private static void json(Dataset<Row> rows, long most, PrintWriter out) {
    Iterator<String> lines =
        bounded(rows, most)
            .select(to_json(struct(rows.col("*")), WITH_NULLS))
            .as(Encoders.STRING())
            .toLocalIterator();
    while (lines.hasNext()) {
      out.println(lines.next());
    }
  }

  private static Dataset<Row> bounded(Dataset<Row> rows, long most) {
    return most == 0 ? rows : rows.limit(Math.toIntExact(Math.min(most, Integer.MAX_VALUE)));
  }

  /** Every column as text: nested ones as JSON, the others as Spark casts them. */
  private static Dataset<Row> text(Dataset<Row> rows) {
    String[] positions = new String[rows.columns().length];
    Arrays.setAll(positions, i -> "_" + i);
    Dataset<Row> renamed = rows.toDF(positions);
    return renamed.select(
        Arrays.stream(positions)
            .map(position -> text(renamed.col(position), renamed.schema().apply(position)))
            .toArray(Column[]::new));
  }

  private static Column text(Column column, StructField field) {
    DataType type = field.dataType();
    boolean isNested =
        type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
    return (isNested ? to_json(column, WITH_NULLS) : column.cast(DataTypes.StringType))
        .as(field.name());
  }

  private static String quoted(String text) {
    boolean isPlain =
        !text.isEmpty()
            && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
