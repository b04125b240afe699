package io.shoplens.rawlog;

import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.config.Reference;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Feeds, files and rows for the tests of this package. */
final class Raw {
  static final IngestSettings SETTINGS =
      new IngestSettings(
          LocalDate.parse("2000-01-01"),
          Duration.ofHours(24),
          new BigDecimal("0.05"),
          new BigDecimal("0.01"),
          20_000,
          64,
          7);

  static final Reference REFERENCE =
      new Reference(
          Map.of(
              "US",
              market("US", "America/New_York", "USD"),
              "GB",
              market("GB", "Europe/London", "GBP"),
              "DE",
              market("DE", "Europe/Berlin", "EUR")),
          Map.of(),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of());

  private Raw() {}

  private static Reference.Market market(String code, String zone, String currency) {
    return new Reference.Market(
        code,
        ZoneId.of(zone),
        currency,
        BigDecimal.ZERO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Feed events() {
    return feed(Feed.Kind.EVENTS, Feed.Format.JSON);
  }

  static Feed orders() {
    return feed(Feed.Kind.ORDERS, Feed.Format.JSON);
  }

  static Feed feed(Feed.Kind kind, Feed.Format format) {
    return new Feed(
        "f",
        kind,
        "",
        format,
        Feed.Grain.ORDER,
        Optional.empty(),
        ',',
        true,
        "UTF-8",
        Optional.empty(),
        Map.of(),
        Map.of());
  }

  /** A feed with fields and a mapping, each given as name and value in turn. */
  static Feed mapped(Feed feed, List<String> fields, List<String> mapping) {
    return new Feed(
        feed.name(),
        feed.kind(),
        feed.path(),
        feed.format(),
        feed.grain(),
        feed.zone(),
        feed.delimiter(),
        feed.header(),
        feed.encoding(),
        feed.explode(),
        pairs(fields),
        pairs(mapping));
  }

  static Feed exploded(Feed feed, String path) {
    return new Feed(
        feed.name(),
        feed.kind(),
        feed.path(),
        feed.format(),
        feed.grain(),
        feed.zone(),
        feed.delimiter(),
        feed.header(),
        feed.encoding(),
        Optional.of(path),
        feed.fields(),
        feed.mapping());
  }

  static Feed inZone(Feed feed, String zone) {
    return new Feed(
        feed.name(),
        feed.kind(),
        feed.path(),
        feed.format(),
        feed.grain(),
        Optional.of(ZoneId.of(zone)),
        feed.delimiter(),
        feed.header(),
        feed.encoding(),
        feed.explode(),
        feed.fields(),
        feed.mapping());
  }

  static Feed byLine(Feed feed) {
    return new Feed(
        feed.name(),
        feed.kind(),
        feed.path(),
        feed.format(),
        Feed.Grain.LINE,
        feed.zone(),
        feed.delimiter(),
        feed.header(),
        feed.encoding(),
        feed.explode(),
        feed.fields(),
        feed.mapping());
  }

  private static Map<String, String> pairs(List<String> flat) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < flat.size(); i += 2) {
      map.put(flat.get(i), flat.get(i + 1));
    }
    return map;
  }

  static InputFile file(Path folder, String name, byte[] bytes) {
    try {
      Path path = folder.resolve(name);
      Files.write(path, bytes);
      return new InputFile(path.toUri().toString(), bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of lines in which single quotes stand for double ones. */
  static InputFile file(Path folder, String name, String... lines) {
    return file(folder, name, text(lines));
  }

  static byte[] text(String... lines) {
    return (String.join("\n", lines) + "\n").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }

  static Dataset<Row> read(Feed feed, InputFile... files) {
    return read(PersonalData.asObserved(), feed, files);
  }

  static Dataset<Row> read(PersonalData persons, Feed feed, InputFile... files) {
    return RawLog.read(LocalSpark.session(), feed, List.of(files), SETTINGS, REFERENCE, persons);
  }

  /** Line, code, field and raw text of the rejected records, in the order of the lines. */
  static List<String> rejected(Dataset<Row> rows) {
    return rows
        .where("record_kind = 'rejected'")
        .orderBy("source_file", "source_line", "source_part")
        .select(
            functions.concat_ws(
                " ",
                functions.col("source_line").cast("string"),
                functions.col("reject_code"),
                functions.col("reject_field")))
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  static List<String> accepted(Dataset<Row> rows, String... columns) {
    return Rows.json(rows.where("record_kind = 'accepted'"), columns);
  }

  /** records, blank and damage of all files together. */
  static String totals(Dataset<Row> rows) {
    return rows.where("record_kind = 'file'")
        .selectExpr(
            "concat_ws(' ', sum(file_records), sum(file_blank), coalesce(cast(max(file_damaged_at)"
                + " as string), '-'))")
        .head()
        .getString(0);
  }

  /** Files whose records are not accepted, rejected or blank. */
  static List<Row> unbalanced(Feed feed, Dataset<Row> rows) {
    return rows.withColumn(
            "counts",
            functions
                .when(
                    functions
                        .col("record_kind")
                        .notEqual("file")
                        .and(RawLog.countsAsRecord(feed.kind())),
                    functions.lit(1))
                .otherwise(functions.lit(0)))
        .groupBy("source_file")
        .agg(
            functions.sum("counts").as("rows"),
            functions.sum("file_records").as("records"),
            functions.sum("file_blank").as("blank"))
        .where("rows + blank <> records or records is null")
        .collectAsList();
  }
}
