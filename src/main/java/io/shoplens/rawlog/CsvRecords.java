package io.shoplens.rawlog;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Records of a CSV file. A record ends at a line end outside quotes; a value in quotes may hold
 * delimiters, doubled quotes and line ends. An empty value is NULL, an empty value in quotes is an
 * empty string. Where a record can't be read, or an opened quote is not closed within the size
 * limit or before the file ends or breaks off, its first line alone is rejected and reading goes on
 * behind that: one stray quote does not swallow the file. Of a damaged archive the last line, which
 * has no end, is what the damage cut off.
 */
final class CsvRecords implements Records {
  private static final UTF8String NOT_CSV = UTF8String.fromString(Codes.NOT_CSV);
  private static final UTF8String BAD_ENCODING = UTF8String.fromString(Codes.BAD_ENCODING);
  private static final UTF8String BAD_ARCHIVE = UTF8String.fromString(Codes.BAD_ARCHIVE);

  private final RecordBuffer buffer;
  private final LexicalRow row;
  private final LexicalPlan plan;
  private final byte delimiter;
  private final boolean fillsExtra;
  private final Charset charset;

  /** Of a character set with a byte a character, each byte's UTF-8, or NULL where it has none. */
  private final byte[][] utf8Of;

  private long line = 1;
  private long records;
  private long blank;
  private long damagedAt = -1;
  private boolean isHeaderRead;

  /** The column of each field, or -1; the field of each column, or -1. */
  private int[] columnOf;

  private int[] fieldOf = new int[0];
  private String[] names = new String[0];

  /** The columns that are no fields, in the order of their names. */
  private int[] unknown = new int[0];

  /** Columns a record must have, or -1 before the first. */
  private int expected = -1;

  /** The record in hand: values by start and length, relative to its start. */
  private int[] valueFrom = new int[64];

  private int[] valueTo = new int[64];
  private byte[] quoting = new byte[64];
  private int values;

  /** Where the record in hand ends, the lines it takes up, and where its first line ends. */
  private int recordEnd;

  private int recordLines;
  private int firstLineEnd;
  private int current = -1;
  private int currentLines;
  private byte[] scratch = new byte[1 << 12];
  private int scratchUsed;

  private static final byte PLAIN = 0;
  private static final byte QUOTED = 1;
  private static final byte DOUBLED = 2;

  CsvRecords(RecordBuffer buffer, LexicalRow row, LexicalPlan plan) {
    this.buffer = buffer;
    this.row = row;
    this.plan = plan;
    this.delimiter = (byte) plan.delimiter();
    this.fillsExtra = row.fillsExtra();
    this.charset = Charset.forName(plan.encoding());
    this.utf8Of = charset.equals(StandardCharsets.UTF_8) ? null : utf8Of(charset);
    this.columnOf = new int[plan.fields().size()];
    Arrays.fill(columnOf, -1);
    if (!plan.header()) {
      List<LexicalField> fields = plan.fields();
      for (int i = 0; i < fields.size(); i++) {
        String column = fields.get(i).path();
        if (column.matches("_c\\d{1,4}")) {
          columnOf[i] = Integer.parseInt(column.substring(2));
        }
      }
    }
  }

  private static byte[][] utf8Of(Charset charset) {
    byte[][] utf8 = new byte[256][];
    for (int i = 0; i < utf8.length; i++) {
      String character = new String(new byte[] {(byte) i}, charset);
      utf8[i] = character.equals("\uFFFD") ? null : character.getBytes(StandardCharsets.UTF_8);
    }
    return utf8;
  }

  private enum Read {
    RECORD,
    MALFORMED,
    OVER,
    CUT_OFF,
    ENDED
  }

  @Override
  public boolean next() throws IOException {
    if (line == 1 && current < 0) {
      buffer.ensure(3);
      if (buffer.held() >= 3
          && buffer.offset() == 0
          && JsonRecords.startsWithMark(buffer.bytes(), buffer.start(), buffer.start() + 3)) {
        buffer.skip(3);
      }
    }
    while (true) {
      if (current >= 0) {
        buffer.advance(current);
        line += currentLines;
        current = -1;
      }
      Read read = read();
      if (read == Read.ENDED) {
        if (buffer.isDamaged() && damagedAt < 0) {
          damagedAt = buffer.offset();
        }
        return false;
      }
      row.clear();
      row.line = line;
      row.offset = buffer.offset();
      row.part = 0;
      if (read == Read.OVER) {
        records++;
        byte[] prefix = buffer.copy(0, Math.min(buffer.held(), LexicalPlan.PREFIX));
        row.raw(prefix, 0, prefix.length);
        row.reject(NOT_CSV, null);
        buffer.skipLine();
        line++;
        return true;
      }
      byte[] bytes = buffer.bytes();
      int start = buffer.start();
      if (read == Read.CUT_OFF) {
        current = buffer.held();
        currentLines = 1;
        damagedAt = buffer.offset() + current;
        if (RecordBuffer.isBlank(bytes, start, start + current)) {
          continue;
        }
        records++;
        row.raw(bytes, start, current);
        row.reject(BAD_ARCHIVE, null);
        return true;
      }
      boolean isWhole = read == Read.RECORD;
      current = isWhole ? recordEnd : firstLineEnd;
      currentLines = isWhole ? recordLines : 1;
      if (currentLines == 1 && RecordBuffer.isBlank(bytes, start, start + current)) {
        records++;
        blank++;
        continue;
      }
      boolean isText = isText(bytes, start, start + current);
      if (plan.header() && !isHeaderRead) {
        isHeaderRead = true;
        if (isWhole && isText && readHeader()) {
          continue;
        }
      }
      records++;
      row.raw(bytes, start, current);
      if (!isText) {
        row.reject(BAD_ENCODING, null);
        return true;
      }
      if (isWhole && expected < 0 && !plan.header()) {
        expectColumns(null);
      }
      if (!isWhole || values != expected) {
        row.reject(NOT_CSV, null);
        return true;
      }
      fill();
      return true;
    }
  }

  private boolean isText(byte[] bytes, int from, int to) {
    if (utf8Of == null) {
      return RecordBuffer.isUtf8(bytes, from, to);
    }
    for (int p = from; p < to; p++) {
      if (utf8Of[bytes[p] & 0xFF] == null) {
        return false;
      }
    }
    return true;
  }

  /** Finds the values of the record at the buffer's start. */
  private Read read() throws IOException {
    int end = buffer.lineEnd(0);
    if (end == RecordBuffer.ENDED) {
      return Read.ENDED;
    }
    if (end == RecordBuffer.OVER) {
      return Read.OVER;
    }
    if (buffer.isDamaged() && buffer.endsWithStream(end)) {
      return Read.CUT_OFF;
    }
    firstLineEnd = end;
    recordLines = 1;
    values = 0;
    int p = 0;
    while (true) {
      // At the start of a value.
      byte[] bytes = buffer.bytes();
      int start = buffer.start();
      if (p < end && bytes[start + p] == '"') {
        int from = ++p;
        byte kind = QUOTED;
        while (true) {
          while (p < end && bytes[start + p] != '"') {
            p++;
          }
          if (p < end) {
            if (p + 1 < end && bytes[start + p + 1] == '"') {
              kind = DOUBLED;
              p += 2;
              continue;
            }
            break;
          }
          // The line ends inside the quotes: the record goes on.
          if (buffer.endsWithStream(end)) {
            return Read.MALFORMED;
          }
          int more = buffer.lineEnd(end + 1);
          if (more == RecordBuffer.OVER) {
            return Read.MALFORMED;
          }
          if (buffer.endsWithStream(more) && (more == end + 1 || buffer.isDamaged())) {
            return Read.MALFORMED;
          }
          end = more;
          recordLines++;
          bytes = buffer.bytes();
          start = buffer.start();
        }
        add(from, p, kind);
        p++;
        int rest = p;
        while (rest < end && bytes[start + rest] == '\r') {
          rest++;
        }
        if (rest == end) {
          recordEnd = end;
          return Read.RECORD;
        }
        if (bytes[start + p] != delimiter) {
          return Read.MALFORMED;
        }
        p++;
      } else {
        int from = p;
        while (p < end && bytes[start + p] != delimiter) {
          if (bytes[start + p] == '\r' && p + 1 < end) {
            // All lines of a file whose lines end so would be one record, and the rest of them
            // columns that nobody reads.
            return Read.MALFORMED;
          }
          p++;
        }
        if (p == end) {
          int to = end > from && bytes[start + end - 1] == '\r' ? end - 1 : end;
          add(from, to, PLAIN);
          recordEnd = end;
          return Read.RECORD;
        }
        add(from, p, PLAIN);
        p++;
      }
    }
  }

  private void add(int from, int to, byte kind) {
    if (values == valueFrom.length) {
      valueFrom = Arrays.copyOf(valueFrom, values * 2);
      valueTo = Arrays.copyOf(valueTo, values * 2);
      quoting = Arrays.copyOf(quoting, values * 2);
    }
    valueFrom[values] = from;
    valueTo[values] = to;
    quoting[values] = kind;
    values++;
  }

  /**
   * Reads the names of the columns. What names none that the feed reads is a record in the place of
   * a header.
   */
  private boolean readHeader() {
    String[] header = new String[values];
    for (int i = 0; i < values; i++) {
      String name =
          new String(
              buffer.bytes(), buffer.start() + valueFrom[i], valueTo[i] - valueFrom[i], charset);
      header[i] = (quoting[i] == DOUBLED ? name.replace("\"\"", "\"") : name).strip();
    }
    List<LexicalField> fields = plan.fields();
    if (!fields.isEmpty()
        && fields.stream().noneMatch(field -> List.of(header).contains(field.path()))) {
      return false;
    }
    for (int i = 0; i < fields.size(); i++) {
      columnOf[i] = List.of(header).indexOf(fields.get(i).path());
    }
    expectColumns(header);
    return true;
  }

  private void expectColumns(String[] header) {
    expected = values;
    fieldOf = new int[values];
    names = new String[values];
    Arrays.fill(fieldOf, -1);
    for (int i = 0; i < columnOf.length; i++) {
      if (columnOf[i] >= values) {
        columnOf[i] = -1;
      }
      if (columnOf[i] >= 0) {
        fieldOf[columnOf[i]] = i;
      }
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < values; i++) {
      String name = header == null ? "_c" + i : header[i];
      // The second of two columns of a name must not become a repeated key.
      while (!seen.add(name)) {
        name = name + "_" + i;
      }
      names[i] = name;
    }
    unknown =
        IntStream.range(0, values)
            .filter(column -> fieldOf[column] < 0)
            .boxed()
            .sorted(Comparator.comparing(column -> names[column]))
            .mapToInt(column -> column)
            .toArray();
  }

  private void fill() {
    byte[] bytes = buffer.bytes();
    int start = buffer.start();
    scratchUsed = 0;
    for (int i = 0; i < columnOf.length; i++) {
      int column = columnOf[i];
      if (column < 0) {
        continue;
      }
      int from = start + valueFrom[column];
      int size = valueTo[column] - valueFrom[column];
      if (size == 0 && quoting[column] == PLAIN) {
        continue;
      }
      if (quoting[column] == DOUBLED || (utf8Of != null && !isAscii(bytes, from, from + size))) {
        rewrite(i, bytes, from, from + size, quoting[column] == DOUBLED);
      } else {
        row.base[i] = bytes;
        row.from[i] = from;
        row.length[i] = size;
      }
    }
    if (fillsExtra) {
      fillExtra(bytes, start);
    }
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    for (int p = from; p < to; p++) {
      if (bytes[p] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Writes a value to the scratch space in UTF-8, with one quote for two. */
  private void rewrite(int field, byte[] bytes, int from, int to, boolean isDoubled) {
    // A byte is one character of the first plane: three bytes at most.
    reserve(utf8Of == null ? to - from : 3 * (to - from));
    row.base[field] = scratch;
    row.from[field] = scratchUsed;
    for (int p = from; p < to; p++) {
      byte c = bytes[p];
      if (c < 0 && utf8Of != null) {
        for (byte part : utf8Of[c & 0xFF]) {
          scratch[scratchUsed++] = part;
        }
      } else {
        scratch[scratchUsed++] = c;
      }
      if (c == '"' && isDoubled) {
        p++;
      }
    }
    row.length[field] = scratchUsed - row.from[field];
  }

  private void fillExtra(byte[] bytes, int start) {
    StringBuilder extra = new StringBuilder();
    for (int column : unknown) {
      int size = valueTo[column] - valueFrom[column];
      if (size == 0 && quoting[column] == PLAIN) {
        continue;
      }
      String value = new String(bytes, start + valueFrom[column], size, charset);
      extra.append(extra.isEmpty() ? '{' : ',');
      JsonText.append(extra, names[column]);
      extra.append(':');
      JsonText.append(extra, quoting[column] == DOUBLED ? value.replace("\"\"", "\"") : value);
    }
    if (!extra.isEmpty()) {
      byte[] text = extra.append('}').toString().getBytes(StandardCharsets.UTF_8);
      row.base[row.extra()] = text;
      row.from[row.extra()] = 0;
      row.length[row.extra()] = text.length;
    }
  }

  private void reserve(int count) {
    if (scratch.length - scratchUsed < count) {
      scratch = new byte[Math.max(scratch.length * 2, count)];
      scratchUsed = 0;
    }
  }

  @Override
  public long records() {
    return records;
  }

  @Override
  public long blank() {
    return blank;
  }

  @Override
  public long damagedAt() {
    return damagedAt;
  }

  @Override
  public void close() throws IOException {
    buffer.close();
  }
}
