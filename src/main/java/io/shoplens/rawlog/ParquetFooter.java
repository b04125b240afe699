package io.shoplens.rawlog;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;

/** The end of a Parquet file, without which nothing in it can be found. */
final class ParquetFooter {
  /** What a file begins and ends with: PAR1. */
  private static final int MAGIC = 0x31524150;

  private static final int MAGIC_BYTES = Integer.BYTES;

  /** Length of the footer and the magic, behind it. */
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC_BYTES;

  private ParquetFooter() {}

  /**
   * A file's schema as text; empty where it has no footer that can be read.
   *
   * @throws IOException where the store fails, which tells nothing about the file
   */
  static Optional<String> schema(InputFile file, Configuration hadoop) throws IOException {
    Path path = new Path(file.path());
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return footer(in, file.size()).flatMap(footer -> parsed(footer, hadoop));
    }
  }

  private static Optional<byte[]> footer(FSDataInputStream in, long size) throws IOException {
    if (size < MAGIC_BYTES + TAIL_BYTES) {
      return Optional.empty();
    }
    ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    in.readFully(size - TAIL_BYTES, tail.array());
    int length = tail.getInt();
    boolean isWithin = length > 0 && length <= size - TAIL_BYTES - MAGIC_BYTES;
    if (tail.getInt() != MAGIC || !isWithin) {
      return Optional.empty();
    }
    byte[] footer = new byte[length];
    in.readFully(size - TAIL_BYTES - length, footer);
    return Optional.of(footer);
  }

  /** Of bytes at hand whatever fails is damage. */
  private static Optional<String> parsed(byte[] footer, Configuration hadoop) {
    try {
      return Optional.of(
          new ParquetMetadataConverter(HadoopReadOptions.builder(hadoop).build())
              .readParquetMetadata(
                  new ByteArrayInputStream(footer), ParquetMetadataConverter.NO_FILTER)
              .getFileMetaData()
              .getSchema()
              .toString());
    } catch (IOException | RuntimeException damage) {
      return Optional.empty();
    }
  }
}
