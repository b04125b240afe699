package io.shoplens.config;

import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/**
 * A feed of raw records and how they become contract records.
 *
 * @param name its name in the configuration
 * @param kind what its records are
 * @param path a {@link FeedPath}; any Hadoop file system
 * @param format how its files are written
 * @param grain order feeds: what a record stands for
 * @param zone zone of instants that carry none; empty: such records are rejected
 * @param delimiter CSV: field separator
 * @param header CSV: whether the first record of a file names the columns
 * @param encoding CSV: name of the character set its text is in
 * @param explode array field whose elements are the records; empty: the record itself
 * @param fields field name to JSON path ({@code $.user.id}; {@code $.} of the exploded element
 *     starts with {@code @.}) or CSV/Parquet column; empty: native, every contract field under its
 *     own name
 * @param mapping contract field to a Spark SQL expression over the fields, and over {@code _file},
 *     {@code _line}, {@code _offset} and {@code _part}; a contract field that is not mapped is
 *     NULL; empty: native
 */
public record Feed(
    String name,
    Kind kind,
    String path,
    Format format,
    Grain grain,
    Optional<ZoneId> zone,
    char delimiter,
    boolean header,
    String encoding,
    Optional<String> explode,
    Map<String, String> fields,
    Map<String, String> mapping) {

  /** What a feed's records are. */
  public enum Kind {
    EVENTS,
    ORDERS
  }

  /** How a feed's files are written; compression follows from the file's name. */
  public enum Format {
    JSON,
    CSV,
    PARQUET
  }

  /** What a record of an order feed stands for. */
  public enum Grain {
    ORDER,
    LINE
  }

  /** Whether what a record holds beside the contract's fields is kept in {@code extra}. */
  public boolean keepsUnknown() {
    return mapping.isEmpty() && fields.isEmpty();
  }

  /** Whether records are in the contract's own form. */
  public boolean isNative() {
    return mapping.isEmpty();
  }
}
