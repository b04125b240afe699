package io.shoplens.generate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of one part: opened when first written to, written front to back. */
final class PartFiles implements AutoCloseable {
  /** A file and where writing stands in it. */
  static final class Part {
    final String name;
    private final OutputStream stream;
    long lines;

    private Part(String name, OutputStream stream) {
      this.name = name;
      this.stream = stream;
    }

    /** Writes a line; the end of the line before it comes first. */
    void line(byte[] bytes, int offset, int length) throws IOException {
      if (lines++ > 0) {
        stream.write('\n');
      }
      stream.write(bytes, offset, length);
    }
  }

  private static final int BUFFER = 1 << 14;

  private final FileSystem files;
  private final Path root;
  private final Map<String, Part> open = new TreeMap<>();
  private long bytes;

  PartFiles(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  Part part(String name) throws IOException {
    Part part = open.get(name);
    if (part == null) {
      OutputStream raw = files.create(new Path(root, name), true);
      OutputStream stream = name.endsWith(".gz") ? new GZIPOutputStream(raw, BUFFER) : raw;
      part = new Part(name, new BufferedOutputStream(new Counting(stream), BUFFER));
      open.put(name, part);
    }
    return part;
  }

  long count() {
    return open.size();
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    for (Part part : open.values()) {
      part.stream.write('\n');
      part.stream.close();
    }
  }

  private final class Counting extends OutputStream {
    private final OutputStream target;

    private Counting(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int one) throws IOException {
      bytes++;
      target.write(one);
    }

    @Override
    public void write(byte[] raw, int offset, int length) throws IOException {
      bytes += length;
      target.write(raw, offset, length);
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}
