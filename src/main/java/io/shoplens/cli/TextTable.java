package io.shoplens.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, aligned: numbers to the right, text to the left. */
final class TextTable {
  enum Align {
    LEFT,
    RIGHT
  }

  private final List<String> headings;
  private final List<Align> aligns;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(List<String> headings, List<Align> aligns) {
    this.headings = headings.stream().map(TextTable::printable).toList();
    this.aligns = aligns;
  }

  /** A table whose headings say how they align: {@code >rows} to the right. */
  static TextTable of(String... headings) {
    List<String> names = new ArrayList<>();
    List<Align> aligns = new ArrayList<>();
    for (String heading : headings) {
      boolean isRight = heading.startsWith(">");
      names.add(isRight ? heading.substring(1) : heading);
      aligns.add(isRight ? Align.RIGHT : Align.LEFT);
    }
    return new TextTable(names, aligns);
  }

  TextTable row(String... cells) {
    return row(List.of(cells));
  }

  TextTable row(List<String> cells) {
    rows.add(cells.stream().map(TextTable::printable).toList());
    return this;
  }

  /** The table, one line each, without blanks at line ends. */
  List<String> lines() {
    int[] widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = length(headings.get(i));
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(headings, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String blanks = " ".repeat(widths[i] - length(cells.get(i)));
      line.append(i == 0 ? "" : "  ");
      line.append(aligns.get(i) == Align.RIGHT ? blanks + cells.get(i) : cells.get(i) + blanks);
    }
    return line.toString().stripTrailing();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Logs hold what people send: nothing of it may steer the terminal. */
  static String printable(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (point == '\n') {
                result.append("\\n");
              } else if (Character.isISOControl(point)) {
                result.append(String.format("\\u%04x", point));
              } else {
                result.appendCodePoint(point);
              }
            });
    return result.toString();
  }
}
