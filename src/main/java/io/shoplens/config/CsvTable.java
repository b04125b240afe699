package io.shoplens.config;

import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A reference table: a header line with exactly the expected columns, then one line a row. Values
 * may be quoted, a quote in them doubled; a value does not span lines. Blank lines and lines that
 * begin with {@code #} are comments. Unquoted values are stripped.
 */
final class CsvTable {
  private final String file;
  private final List<String> columns;
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();

  private CsvTable(String file, List<String> columns) {
    this.file = file;
    this.columns = columns;
    for (int i = 0; i < columns.size(); i++) {
      positions.putIfAbsent(columns.get(i), i);
    }
  }

  /** The rows of a file. */
  static List<Row> read(Path file, String... columns) {
    return new CsvTable(file.toString(), List.of(columns))
        .parse(YamlFile.text(file, file.toString()));
  }

  /** The columns a file's header names; one empty name where the file has no header. */
  static List<String> header(Path file) {
    CsvTable table = new CsvTable(file.toString(), List.of());
    String[] lines = YamlFile.text(file, file.toString()).split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank() && !lines[i].startsWith("#")) {
        return table.values(lines[i], i + 1);
      }
    }
    return List.of("");
  }

  private List<Row> parse(String text) {
    boolean isHeaderSeen = false;
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> values = values(line, number);
      if (!isHeaderSeen) {
        requireHeader(values, number);
        isHeaderSeen = true;
      } else if (values.size() != columns.size()) {
        throw bad(
            number,
            "The line has " + values.size() + " values",
            "the header has " + columns.size() + " columns",
            "Write one value for each of "
                + String.join(",", columns)
                + ", with quotes around values that hold a comma.");
      } else {
        rows.add(new Row(number, values));
      }
    }
    if (!isHeaderSeen) {
      requireHeader(List.of(), 1);
    }
    return rows;
  }

  private void requireHeader(List<String> header, int number) {
    if (!header.equals(columns)) {
      throw bad(
          number,
          header.isEmpty()
              ? "The file has no header line"
              : "The header is " + Secrets.shown(String.join(",", header)),
          "allowed is " + String.join(",", columns),
          "Write that header.");
    }
  }

  private List<String> values(String line, int number) {
    List<String> values = new ArrayList<>();
    int at = 0;
    while (true) {
      int start = at;
      while (start < line.length() && line.charAt(start) == ' ') {
        start++;
      }
      if (start < line.length() && line.charAt(start) == '"') {
        StringBuilder value = new StringBuilder();
        at = quoted(line, start + 1, value, number);
        values.add(value.toString());
      } else {
        int end = line.indexOf(',', at);
        values.add(line.substring(at, end < 0 ? line.length() : end).strip());
        at = end < 0 ? line.length() : end;
      }
      if (at == line.length()) {
        return values;
      }
      at++;
    }
  }

  /** Reads to after the closing quote and the blanks behind it: a comma, or the line's end. */
  private int quoted(String line, int from, StringBuilder value, int number) {
    int at = from;
    while (true) {
      int quote = line.indexOf('"', at);
      if (quote < 0) {
        throw bad(
            number, "A quote is not closed", "a value does not span lines", "Close the quote.");
      }
      value.append(line, at, quote);
      at = quote + 1;
      if (at < line.length() && line.charAt(at) == '"') {
        value.append('"');
        at++;
      } else {
        break;
      }
    }
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    if (at < line.length() && line.charAt(at) != ',') {
      throw bad(
          number,
          "Text follows a closing quote",
          "a quoted value ends at its quote",
          "Write a quote inside a value twice.");
    }
    return at;
  }

  private ShoplensException bad(int line, String fault, String rule, String cure) {
    return Errors.configuration(
        "The reference table " + file + " can't be used.",
        file + ":" + line + ": " + fault + "; " + rule + ".",
        cure);
  }

  /** A line of the table; its values by column. */
  final class Row {
    private final int line;
    private final List<String> values;

    private Row(int line, List<String> values) {
      this.line = line;
      this.values = values;
    }

    /** The text of a column, empty where it has none. */
    String text(String column) {
      return values.get(positions.get(column));
    }

    /** The value of a column that must have one. */
    <T> T value(String column, Function<String, T> parser, String allowed) {
      try {
        if (!text(column).isEmpty()) {
          return parser.apply(text(column));
        }
      } catch (IllegalArgumentException | DateTimeException | ArithmeticException notAllowed) {
        throw refused(column, allowed);
      }
      throw refused(column, allowed);
    }

    /** The value of a column that may be empty. */
    <T> Optional<T> optional(String column, Function<String, T> parser, String allowed) {
      return text(column).isEmpty()
          ? Optional.empty()
          : Optional.of(value(column, parser, allowed + ", or nothing"));
    }

    /** What a column's value being wrong is reported as. */
    ShoplensException refused(String column, String allowed) {
      return bad(
          line,
          "Column " + column + " is " + Secrets.shown(text(column)),
          "allowed is " + allowed,
          "Correct that line.");
    }

    /** What a second line for the same thing is reported as. */
    ShoplensException repeated(String what) {
      return bad(
          line, "A second line for " + Secrets.shown(what), "allowed is one", "Keep one of them.");
    }
  }
}
