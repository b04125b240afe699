package io.shoplens.rawlog;

import java.io.Serializable;

/**
 * A file to read.
 *
 * @param path full Hadoop path
 * @param size length in bytes, as listed
 * @param rows of a Parquet file that is known to be damaged the rows before that; of any other file
 *     {@link #WHOLE}
 */
public record InputFile(String path, long size, long rows) implements Serializable {
  /** Nothing is known of damage. */
  public static final long WHOLE = -1;

  /** A file that is read to its end, or to the damage that is met. */
  public InputFile(String path, long size) {
    this(path, size, WHOLE);
  }
}
