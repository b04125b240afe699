package io.shoplens.config;

import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A reference table: a header line with exactly the expected columns, and any of some more behind
 * them where a table allows that; then one line a row. Values may be quoted, a quote in them
 * doubled; a value does not span lines. Blank lines and lines that begin with {@code #} are
 * comments. Unquoted values are stripped.
 */
final class CsvTable {
  private final String file;
  private final List<String> expected;
  private final List<String> more;
  private final Map<String, Integer> positions = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  private CsvTable(String file, List<String> expected, List<String> more) {
    this.file = file;
    this.expected = expected;
    this.more = more;
  }

  /** The rows of a file. */
  static List<Row> read(Path file, String... columns) {
    return read(file, List.of(columns), List.of());
  }

  /**
   * The rows of a file with more columns than a table must have.
   *
   * @param more columns that may follow the others, in any order
   */
  static List<Row> read(Path file, List<String> columns, List<String> more) {
    return new CsvTable(file.toString(), columns, more).parse(YamlFile.text(file, file.toString()));
  }

  /** The columns a file's header names; one empty name where the file has no header. */
  static List<String> header(Path file) {
    CsvTable table = new CsvTable(file.toString(), List.of(), List.of());
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
        takeHeader(values, number);
        isHeaderSeen = true;
      } else if (values.size() != positions.size()) {
        throw bad(
            number,
            "The line has " + values.size() + " values",
            "the header has " + positions.size() + " columns",
            "Write one value for each of "
                + String.join(",", positions.keySet())
                + ", with quotes around values that hold a comma.");
      } else {
        rows.add(new Row(number, values));
      }
    }
    if (!isHeaderSeen) {
      takeHeader(List.of(), 1);
    }
    return rows;
  }

  private void takeHeader(List<String> header, int number) {
    int needed = expected.size();
    header.forEach(column -> positions.putIfAbsent(column, positions.size()));
    boolean isAllowed =
        header.size() >= needed
            && header.subList(0, needed).equals(expected)
            && more.containsAll(header.subList(needed, header.size()))
            && positions.size() == header.size();
    if (!isAllowed) {
      throw bad(
          number,
          header.isEmpty()
              ? "The file has no header line"
              : "The header is " + Secrets.shown(String.join(",", header)),
          "allowed is "
              + String.join(",", expected)
              + (more.isEmpty() ? "" : ", and behind them any of " + String.join(",", more)),
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

    /** The texts of all columns, in their order. */
    Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      positions.forEach((column, position) -> texts.put(column, values.get(position)));
      return texts;
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
