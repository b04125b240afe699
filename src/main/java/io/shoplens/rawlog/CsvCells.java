package io.shoplens.rawlog;

import io.shoplens.config.Feed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Cells of the CSV records of one file, by the columns that a feed names. */
final class CsvCells {
  private static final String MARK = "\uFEFF";

  private final char delimiter;
  private final Set<String> names;
  private final Set<Integer> columns = new HashSet<>();
  private boolean needsHeader;

  /**
   * Cells of a file.
   *
   * @param names names of columns: of its header, else {@code _c0} and so on
   */
  CsvCells(Feed feed, Set<String> names) {
    this.delimiter = feed.delimiter();
    this.names = names;
    this.needsHeader = feed.header();
    if (!needsHeader) {
      names.stream()
          .filter(name -> name.matches("_c\\d{1,4}"))
          .forEach(name -> columns.add(Integer.valueOf(name.substring(2))));
    }
  }

  /** Whether the header is still to come. */
  boolean needsHeader() {
    return needsHeader;
  }

  /** Takes a line for the header, unless it is blank. */
  void learn(String line) {
    if (line.isBlank()) {
      return;
    }
    List<String> header =
        split(line.replace(MARK, "").replaceFirst("\r+$", "")).stream()
            .map(CsvCells::value)
            .map(String::strip)
            .toList();
    names.stream().map(header::indexOf).filter(column -> column >= 0).forEach(columns::add);
    needsHeader = false;
  }

  /** A record in which cells of these columns that have one of the values are empty. */
  String without(String record, Set<String> values) {
    List<String> left = new ArrayList<>();
    for (String cell : split(record)) {
      boolean isBlanked = columns.contains(left.size()) && values.contains(value(cell));
      left.add(isBlanked ? "" : cell);
    }
    return String.join(String.valueOf(delimiter), left);
  }

  private List<String> split(String record) {
    List<String> cells = new ArrayList<>();
    int from = 0;
    while (true) {
      int to = record.indexOf(delimiter, behindQuotes(record, from));
      if (to < 0) {
        cells.add(record.substring(from));
        return cells;
      }
      cells.add(record.substring(from, to));
      from = to + 1;
    }
  }

  /** Where a cell's quotes are closed, or its beginning where it has none. */
  private static int behindQuotes(String record, int from) {
    if (!record.startsWith("\"", from)) {
      return from;
    }
    int at = from + 1;
    while (at < record.length() && (record.charAt(at) != '"' || record.startsWith("\"\"", at))) {
      at += record.charAt(at) == '"' ? 2 : 1;
    }
    return at;
  }

  private static String value(String cell) {
    boolean isQuoted = cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"");
    return isQuoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
  }
}
