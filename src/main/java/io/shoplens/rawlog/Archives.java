package io.shoplens.rawlog;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
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
    private Damaged fault;

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
      if (fault != null) {
        throw fault;
      }
      while (!ended) {
        if (!inMember) {
          if (!startMember()) {
            ended = true;
            break;
          }
        }
        int n;
        long before = inflater.getBytesWritten();
        try {
          n = inflater.inflate(out, from, length);
        } catch (DataFormatException e) {
          fault = new Damaged("bad deflate data: " + e.getMessage());
          // What came out in front of the damage stands in the array already.
          n = (int) (inflater.getBytesWritten() - before);
          if (n == 0) {
            throw fault;
          }
          return n;
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

  /**
   * Zstandard of any number of frames. The decoder takes a block, up to 128 KiB of text, as a whole
   * or not at all: of a damaged file every block in front of the damaged one is read.
   */
  private static final class Zstd extends InputStream {
    /**
     * The largest window there is, 2 GB: {@code zstd --long} is content up to it, the decoder by
     * itself only up to 27, 128 MB. A frame takes as much memory as its own window while it is
     * read, outside of the heap, and most ask for 8 MB or less.
     */
    private static final int LARGEST_WINDOW_LOG = 31;

    private final InputStream frames;
    private final FrameParts parts;

    Zstd(InputStream file) throws IOException {
      this.parts = new FrameParts(file);
      this.frames = new ZstdInputStreamNoFinalizer(parts).setLongMax(LARGEST_WINDOW_LOG);
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
        if (parts.isEmpty()) {
          return -1;
        }
        if (isOutOfMemory(e)) {
          throw e;
        }
        throw new Damaged(e.getMessage());
      }
    }

    /** Whether there is no room for a frame's window, which is no fault of the file. */
    private static boolean isOutOfMemory(IOException e) {
      return e instanceof ZstdIOException fault
          && fault.getErrorCode() == com.github.luben.zstd.Zstd.errMemoryAllocation();
    }

    @Override
    public void close() throws IOException {
      frames.close();
    }
  }

  /**
   * Hands out a Zstandard file (RFC 8878) part by part, a part being a frame's header, one block or
   * its checksum. Where the decoder finds a fault it tells nothing of what it has put out in the
   * same call; given one part in a call, there is nothing.
   */
  private static final class FrameParts extends InputStream {
    private static final int FRAME = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A50;

    /** Magic number, descriptor, window, dictionary and content size. */
    private static final int LONGEST_HEADER = 18;

    private static final int[] DICTIONARY_ID_SIZES = {0, 1, 2, 4};
    private static final int[] CONTENT_SIZES = {0, 2, 4, 8};

    private enum Part {
      HEADER,
      BLOCK,
      CHECKSUM,
      UNKNOWN
    }

    private final InputStream file;
    private Part next = Part.HEADER;
    private boolean hasChecksum;
    private boolean isEmpty = true;

    /** What was read of a part to learn its length, of which {@link #at} bytes are handed out. */
    private final byte[] head = new byte[LONGEST_HEADER];

    private int at;
    private int limit;

    /** Bytes of a part behind its head that are still to be handed out. */
    private long rest;

    FrameParts(InputStream file) {
      this.file = new BufferedInputStream(file, 1 << 16);
    }

    /** Whether there was no byte at all: an empty file is empty, not damaged. */
    boolean isEmpty() {
      return isEmpty;
    }

    /** Nothing without waiting: the decoder asks for the next part in its next call only. */
    @Override
    public int available() {
      return 0;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] out, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at == limit && rest == 0) {
        startPart();
      }
      int begun = Math.min(limit - at, length);
      System.arraycopy(head, at, out, from, begun);
      at += begun;
      int more = file.readNBytes(out, from + begun, (int) Math.min(rest, length - begun));
      rest -= more;
      int n = begun + more;
      isEmpty &= n == 0;
      return n == 0 ? -1 : n;
    }

    private void startPart() throws IOException {
      at = 0;
      limit = 0;
      switch (next) {
        case HEADER -> startFrame();
        case BLOCK -> startBlock();
        case CHECKSUM -> {
          next = Part.HEADER;
          rest = 4;
        }
        case UNKNOWN -> rest = Long.MAX_VALUE;
      }
    }

    private void startFrame() throws IOException {
      int magic = look(5) ? little(head, 0, 4) : 0;
      if ((magic & ~0xF) == SKIPPABLE) {
        rest = look(3) ? little(head, 4, 4) & 0xFFFFFFFFL : 0;
      } else if (magic != FRAME) {
        next = Part.UNKNOWN;
      } else {
        int descriptor = head[4];
        boolean isSingle = (descriptor & 0x20) != 0;
        int contentSize = CONTENT_SIZES[descriptor >> 6 & 3];
        hasChecksum = (descriptor & 4) != 0;
        next = Part.BLOCK;
        look(
            DICTIONARY_ID_SIZES[descriptor & 3]
                + (isSingle ? Math.max(contentSize, 1) : contentSize + 1));
      }
    }

    private void startBlock() throws IOException {
      if (!look(3)) {
        return;
      }
      int header = little(head, 0, 3);
      boolean isLast = (header & 1) != 0;
      int type = header >> 1 & 3;
      // A run is one byte, however long; the last type is none.
      rest = type == 1 ? 1 : type == 3 ? 0 : header >> 3;
      next = !isLast ? Part.BLOCK : hasChecksum ? Part.CHECKSUM : Part.HEADER;
    }

    /** Reads on into the head; whether there were as many bytes. */
    private boolean look(int count) throws IOException {
      int n = file.readNBytes(head, limit, count);
      limit += n;
      return n == count;
    }

    private static int little(byte[] bytes, int from, int count) {
      int value = 0;
      for (int i = 0; i < count; i++) {
        value |= (bytes[from + i] & 0xFF) << 8 * i;
      }
      return value;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
