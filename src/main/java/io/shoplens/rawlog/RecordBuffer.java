package io.shoplens.rawlog;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A window over an uncompressed stream that starts at the current record and holds as much of what
 * follows as has been asked for. The byte behind a line is always {@code \n}, even where the stream
 * ends without one, so that scanners need no bounds checks. Positions handed out are relative to
 * {@link #start()}, because a refill moves the bytes.
 */
final class RecordBuffer implements Closeable {
  /** Result of {@link #lineEnd}: no line end within the limit. */
  static final int OVER = -1;

  /** Result of {@link #lineEnd}: the stream ended at the record's start. */
  static final int ENDED = -2;

  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long NEWLINES = 0x0a0a0a0a0a0a0a0aL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  /** Room behind the last byte: a line end, and what reads of eight bytes may touch. */
  static final int SLACK = 16;

  private final InputStream in;
  private final int recordLimit;
  private byte[] bytes = new byte[(1 << 18) + SLACK];
  private int start;
  private int limit;
  private long startOffset;
  private boolean ended;
  private boolean damaged;

  RecordBuffer(InputStream in, int recordLimit) {
    this.in = in;
    this.recordLimit = recordLimit;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Index of the current record's first byte in {@link #bytes()}. */
  int start() {
    return start;
  }

  /** Offset of the current record in the uncompressed stream. */
  long offset() {
    return startOffset;
  }

  /** Whether the archive broke off; the stream then ends there. */
  boolean isDamaged() {
    return damaged;
  }

  /** Bytes held from the record's start on. */
  int held() {
    return limit - start;
  }

  /** Whether a line that ends here ends with the stream instead of a line end. */
  boolean endsWithStream(int lineEnd) {
    return ended && start + lineEnd == limit;
  }

  /**
   * The position of the next line end.
   *
   * @param from where to search from
   * @return its position, {@link #OVER} or {@link #ENDED}
   */
  int lineEnd(int from) throws IOException {
    int position = from;
    while (true) {
      int found = newline(start + position, limit);
      if (found >= 0) {
        return found - start > recordLimit ? OVER : found - start;
      }
      position = limit - start;
      if (position > recordLimit) {
        return OVER;
      }
      if (ended) {
        if (position == 0) {
          return ENDED;
        }
        bytes[limit] = '\n';
        return position;
      }
      fill();
    }
  }

  /** Moves to the byte after the line end at this position. */
  void advance(int lineEnd) {
    int step = endsWithStream(lineEnd) ? lineEnd : lineEnd + 1;
    start += step;
    startOffset += step;
  }

  /** Skips the rest of a line of any length. */
  void skipLine() throws IOException {
    while (true) {
      int found = newline(start, limit);
      if (found >= 0) {
        advance(found - start);
        return;
      }
      startOffset += limit - start;
      start = limit;
      if (ended) {
        return;
      }
      fill();
    }
  }

  /** Skips bytes that are held. */
  void skip(int count) {
    start += count;
    startOffset += count;
  }

  /** Makes at least this many bytes available if the stream has them. */
  void ensure(int count) throws IOException {
    while (!ended && limit - start < count) {
      fill();
    }
  }

  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, start + from, start + to);
  }

  private int newline(int from, int to) {
    int p = from;
    for (; p + 8 <= to; p += 8) {
      long x = (long) LONGS.get(bytes, p) ^ NEWLINES;
      long hit = (x - ONES) & ~x & HIGHS;
      if (hit != 0) {
        return p + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    for (; p < to; p++) {
      if (bytes[p] == '\n') {
        return p;
      }
    }
    return -1;
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, limit - start);
      limit -= start;
      start = 0;
    }
    if (limit + SLACK >= bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length, bytes.length / 2 * 3) + SLACK);
    }
    try {
      int n = in.read(bytes, limit, bytes.length - SLACK - limit);
      if (n < 0) {
        ended = true;
      } else {
        limit += n;
      }
    } catch (Archives.Damaged e) {
      damaged = true;
      ended = true;
    }
  }

  /** Whether the bytes are UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF. */
  static boolean isUtf8(byte[] bytes, int from, int to) {
    int p = from;
    while (true) {
      while (p + 8 <= to && ((long) LONGS.get(bytes, p) & HIGHS) == 0) {
        p += 8;
      }
      while (p < to && bytes[p] >= 0) {
        p++;
      }
      if (p == to) {
        return true;
      }
      int c = bytes[p] & 0xFF;
      int more = c < 0xC2 ? -1 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : -1;
      if (more < 0 || p + more >= to) {
        return false;
      }
      for (int i = 1; i <= more; i++) {
        if ((bytes[p + i] & 0xC0) != 0x80) {
          return false;
        }
      }
      int second = bytes[p + 1] & 0xFF;
      if ((c == 0xE0 && second < 0xA0)
          || (c == 0xED && second > 0x9F)
          || (c == 0xF0 && second < 0x90)
          || (c == 0xF4 && second > 0x8F)) {
        return false;
      }
      p += more + 1;
    }
  }

  /** Whether there is nothing but spaces, tabs and carriage returns. */
  static boolean isBlank(byte[] bytes, int from, int to) {
    for (int p = from; p < to; p++) {
      if (bytes[p] != ' ' && bytes[p] != '\t' && bytes[p] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
