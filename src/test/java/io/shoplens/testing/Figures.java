package io.shoplens.testing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tables as text, one line a row, so that they can be compared with the oracle's cell by cell. */
public final class Figures {
  private Figures() {}

  /** Rows of a table; the columns in the order given. */
  public static TreeSet<String> of(Dataset<Row> table, List<String> columns) {
    return new TreeSet<>(list(table, columns));
  }

  /** Rows of a table, as often as they are there; the columns in the order given. */
  public static List<String> list(Dataset<Row> table, List<String> columns) {
    List<String> lines = new ArrayList<>();
    for (Row row : table.collectAsList()) {
      Map<String, String> cells = new LinkedHashMap<>();
      for (String column : columns) {
        cells.put(column, text(row.getAs(column)));
      }
      lines.add(cells.toString());
    }
    return lines;
  }

  /** The oracle's rows. */
  public static TreeSet<String> of(List<Map<String, String>> rows) {
    TreeSet<String> lines = new TreeSet<>();
    rows.forEach(row -> lines.add(new LinkedHashMap<>(row).toString()));
    return lines;
  }

  /** Rows of a CSV file with a header; the fields are quoted only where they need it. */
  public static List<Map<String, String>> csv(List<String> lines) {
    List<String> header = fields(lines.get(0));
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> fields = fields(line);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < header.size(); i++) {
        row.put(header.get(i), fields.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private static String text(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof BigDecimal amount) {
      return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
    return value.toString();
  }
}
