package io.shoplens.generate;

/** How generated files are written. */
public enum LogFormat {
  /** JSON lines. */
  PLAIN,
  /** JSON lines, gzip. */
  GZ,
  /** Mostly gzip, one file in seven plain. */
  MIXED;

  boolean isCompressed(int day, int part) {
    return this == GZ || (this == MIXED && (day + part) % 7 != 0);
  }
}
