package io.shoplens.rawlog;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Uncompressed bytes of a file. Damage of the archive is told apart from faults of the storage: the
 * former is a fact about the file, the latter must fail the task.
 */
final class Archives {
  private Archives() {}

  /** The archive breaks off or is damaged here; what was read before it stands. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  /** Opens by the file's name: {@code .gz}, {@code .zst}, else as it is. */
  static InputStream open(InputStream file, String path) throws IOException {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz") || name.endsWith(".gzip")) {
      return new Gzip(file);
    }
    if (name.endsWith(".zst") || name.endsWith(".zstd")) {
      return new Zstd(file);
    }
    return file;
  }

  /**
   * Gzip of any number of members. The JDK's stream asks {@code available()} whether another member
   * follows, which a stream over the network may answer with 0: members would be lost in silence.
   */
  private static final class Gzip extends InputStream {
    private final InputStream file;
    private final byte[] in = new byte[1 << 16];
    private int at;
    private int limit;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] single = new byte[1];
    private boolean inMember;
    private boolean ended;

    Gzip(InputStream file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      int n = read(single, 0, 1);
      return n < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] out, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (!ended) {
        if (!inMember) {
          if (!startMember()) {
            ended = true;
            break;
          }
        }
        int n;
        try {
          n = inflater.inflate(out, from, length);
        } catch (DataFormatException e) {
          throw new Damaged("bad deflate data: " + e.getMessage());
        }
        if (n > 0) {
          crc.update(out, from, n);
          return n;
        }
        if (inflater.finished()) {
          endMember();
        } else if (inflater.needsDictionary()) {
          throw new Damaged("deflate data with a preset dictionary");
        } else if (inflater.needsInput()) {
          if (at == limit && !fill()) {
            throw new Damaged("ends inside a gzip member");
          }
          inflater.setInput(in, at, limit - at);
          at = limit;
        }
      }
      return -1;
    }

    private boolean fill() throws IOException {
      int n;
      do {
        n = file.read(in, 0, in.length);
      } while (n == 0);
      at = 0;
      limit = Math.max(n, 0);
      return n > 0;
    }

    private int next() throws IOException {
      if (at == limit && !fill()) {
        throw new Damaged("ends inside a gzip header or trailer");
      }
      return in[at++] & 0xFF;
    }

    private boolean startMember() throws IOException {
      // Zero bytes after a member are padding.
      do {
        if (at == limit && !fill()) {
          return false;
        }
      } while (started && in[at] == 0 && ++at >= 0);
      started = true;
      if (next() != 0x1f || next() != 0x8b || next() != 8) {
        throw new Damaged("not gzip");
      }
      int flags = next();
      skip(6);
      if ((flags & 4) != 0) {
        int extra = next();
        skip(extra | next() << 8);
      }
      if ((flags & 8) != 0) {
        skipText();
      }
      if ((flags & 16) != 0) {
        skipText();
      }
      if ((flags & 2) != 0) {
        skip(2);
      }
      inflater.reset();
      crc.reset();
      inMember = true;
      return true;
    }

    private boolean started;

    private void skip(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        next();
      }
    }

    private void skipText() throws IOException {
      while (next() != 0) {
        continue;
      }
    }

    private void endMember() throws IOException {
      at = limit - inflater.getRemaining();
      long expected = little();
      long length = little();
      if (expected != crc.getValue() || length != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
        throw new Damaged("checksum or length of a gzip member does not match");
      }
      inMember = false;
    }

    private long little() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        value |= (long) next() << shift;
      }
      return value;
    }

    @Override
    public void close() throws IOException {
      inflater.end();
      file.close();
    }
  }

  /** Zstandard of any number of frames. */
  private static final class Zstd extends InputStream {
    private final InputStream file;
    private final InputStream frames;
    private boolean any;

    Zstd(InputStream file) throws IOException {
      this.file = file;
      this.frames = new ZstdInputStreamNoFinalizer(new Seen(file));
    }

    /** Notes whether there was a byte at all: an empty file is empty, not damaged. */
    private final class Seen extends java.io.FilterInputStream {
      Seen(InputStream in) {
        super(in);
      }

      @Override
      public int read(byte[] out, int from, int length) throws IOException {
        int n = super.read(out, from, length);
        any |= n > 0;
        return n;
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] out, int from, int length) throws IOException {
      try {
        return frames.read(out, from, length);
      } catch (ZstdIOException | EOFException e) {
        if (!any) {
          return -1;
        }
        throw new Damaged(e.getMessage());
      }
    }

    @Override
    public void close() throws IOException {
      frames.close();
      file.close();
    }
  }
}
