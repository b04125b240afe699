package io.shoplens.rawlog;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Feed;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.ParquetFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {
  @TempDir Path folder;

  /** A file below the test's folder with the rows of a query, known as a listing knows it. */
  private InputFile write(String name, String query) throws IOException {
    Path written = Files.createTempDirectory(folder, "written").resolve("rows");
    LocalSpark.session().sql(query).coalesce(1).write().parquet(written.toString());
    try (Stream<Path> files = Files.list(written)) {
      Path rows =
          files.filter(file -> file.toString().endsWith(".parquet")).findAny().orElseThrow();
      return put(name, Files.readAllBytes(rows));
    }
  }

  private InputFile put(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    return new InputFile(new org.apache.hadoop.fs.Path(file.toUri()).toString(), bytes.length);
  }

  /** Searches of a user, one for each id. */
  private static String searches(String... ids) {
    return "select id event_id, 'search' event_type, timestamp'2026-03-01 10:05:00Z' event_at,"
        + " 'u' user_id, 'US' market from values ('"
        + String.join("'), ('", ids)
        + "') ids(id)";
  }

  private byte[] bytesOf(String query) throws IOException {
    InputFile file = write("bytes.parquet", query);
    return Files.readAllBytes(Path.of(new org.apache.hadoop.fs.Path(file.path()).toUri()));
  }

  /** Name, records and place of damage of every file that the rows tell of. */
  private List<String> files(Dataset<Row> rows) {
    return rows
        .where("record_kind = 'file'")
        .selectExpr(
            "concat_ws(' ', source_file, file_records, coalesce(string(file_damaged_at), '-'))")
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .map(text -> text.replace("file:" + folder + "/", ""))
        .sorted()
        .toList();
  }

  private static List<String> accepted(Dataset<Row> rows) {
    return rows
        .where("record_kind = 'accepted'")
        .select("event_id")
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  @Test
  void typedColumnsAreTakenAsTheyAreAndRowsCounted() throws IOException {
    InputFile some =
        write(
            "a.parquet",
            "select concat('e', id) event_id, 'search' event_type, timestamp'2026-03-01 10:05:00Z'"
                + " event_at, if(id = 1, null, 'u') user_id, 'US' market, id other from range(3)");
    InputFile none =
        write("b.parquet", "select 'x' event_id, 'search' event_type from range(1) where id > 5");
    Feed feed = Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET);
    Dataset<Row> rows = Raw.read(feed, some, none);
    assertThat(Raw.accepted(rows, "event_id", "event_at", "extra", "source_line"))
        .containsExactly(
            "{'event_id':'e0','event_at':'2026-03-01T10:05:00.000Z','extra':'{\\'other\\':0}','source_line':1}",
            "{'event_id':'e2','event_at':'2026-03-01T10:05:00.000Z','extra':'{\\'other\\':2}','source_line':3}");
    assertThat(Raw.rejected(rows)).containsExactly("2 missing_field user_id");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
    assertThat(
            rows
                .where("record_kind = 'file'")
                .orderBy("file_records")
                .select("source_file", "file_records")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0) + " " + row.getLong(1)))
        .containsExactly(none.path() + " 0", some.path() + " 3");
  }

  @Test
  void mappedColumnsMayBeNestedAndExploded() throws IOException {
    InputFile file =
        write(
            "c.parquet",
            "select 's' session, array(named_struct('t', 1772359500123L, 'k', 'a'),"
                + " named_struct('t', 5L, 'k', 'b')) events, named_struct('shop', 'US') geo");
    Feed feed =
        Raw.exploded(
            Raw.mapped(
                Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET),
                List.of("s", "session", "t", "@.t", "k", "@.k", "m", "$.geo.shop"),
                List.of(
                    "event_id",
                    "concat(s, _part)",
                    "event_type",
                    "k",
                    "event_at",
                    "t",
                    "device_id",
                    "s",
                    "market",
                    "m")),
            "events");
    Dataset<Row> rows = Raw.read(feed, file);
    assertThat(Raw.accepted(rows, "event_id", "event_at", "source_part"))
        .containsExactly("{'event_id':'s0','event_at':'2026-03-01T10:05:00.123Z','source_part':0}");
    assertThat(Raw.rejected(rows)).containsExactly("1 out_of_range event_at");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
    assertThat(Raw.totals(Raw.read(feed, new InputFile("file:/none.parquet", 0))))
        .isEqualTo("0 0 -");
  }

  @Test
  void aMappedColumnThatAFileDoesNotHaveIsNull() throws IOException {
    Feed feed =
        Raw.mapped(
            Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET),
            List.of("s", "id", "t", "t", "c", "$.utm.campaign", "m", "geo"),
            List.of(
                "event_id",
                "s",
                "event_type",
                "'search'",
                "event_at",
                "t",
                "device_id",
                "s",
                "market",
                "coalesce(m, 'US')",
                "utm_campaign",
                "c"));
    InputFile file = write("f.parquet", "select 'a' id, 1772359500123L t");
    assertThat(Raw.accepted(Raw.read(feed, file), "event_id", "utm_campaign"))
        .containsExactly("{'event_id':'a'}");
    assertThat(Raw.rejected(Raw.read(Raw.exploded(feed, "events"), file)))
        .containsExactly("1 missing_field events");
  }

  @Test
  void aRowWithoutElementsIsBlankAndOneWithoutAnArrayIsRejected() throws IOException {
    InputFile file =
        write(
            "e.parquet",
            "select * from values (array(named_struct('t', 1772359500123L))), (array()), (null)"
                + " rows(events)");
    Feed feed =
        Raw.exploded(
            Raw.mapped(
                Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET),
                List.of("t", "@.t"),
                List.of(
                    "event_id",
                    "string(t)",
                    "event_type",
                    "'search'",
                    "event_at",
                    "t",
                    "user_id",
                    "'u'",
                    "market",
                    "'US'")),
            "$.events");

    Dataset<Row> rows = Raw.read(feed, file);

    assertThat(Raw.accepted(rows, "event_id")).containsExactly("{'event_id':'1772359500123'}");
    assertThat(Raw.rejected(rows)).containsExactly("3 missing_field $.events");
    assertThat(Raw.totals(rows)).isEqualTo("3 1 -");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
  }

  @Test
  void recordsWithATextThatIsNotUtf8AreRejected() throws IOException {
    String text = "cast(if(id = 'a', X'E941', X'C3A9') as string)";
    for (String value : List.of("%s", "array(named_struct('k', %s))", "map('k', %s)")) {
      String column = ", " + value.formatted(text) + " x";
      InputFile file =
          write(
              column.length() + ".parquet",
              searches("a", "b").replace("'US' market", "'US' market" + column));

      Dataset<Row> rows = Raw.read(Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET), file);

      assertThat(accepted(rows)).as(column).containsExactly("b");
      assertThat(Raw.rejected(rows)).as(column).containsExactly("1 bad_encoding");
    }
  }

  @Test
  void whateverAPathIsSpelledLikeItsRecordsAreFoundUnderIt() throws IOException {
    List<String> names =
        List.of(
            "#1?.parquet",
            "%20.parquet",
            "a+b&c.parquet",
            "h=10%3A00/a.parquet",
            "my events/a.parquet",
            "{x}[1]*.parquet",
            "\u00fc \u20ac.parquet");
    List<InputFile> files = new ArrayList<>();
    for (String name : names) {
      files.add(write(name, searches(name)));
    }
    Feed feed = Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET);
    Dataset<Row> rows = Raw.read(feed, files.toArray(InputFile[]::new)).cache();
    assertThat(files(rows)).containsExactlyElementsOf(names.stream().map(n -> n + " 1 -").toList());
    assertThat(accepted(rows)).containsExactlyElementsOf(names);
    assertThat(
            rows.where(
                    "record_kind = 'accepted' and source_file <> 'file:"
                        + folder
                        + "/' || event_id")
                .count())
        .isZero();
    assertThat(rows.select("source_file").distinct().as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(files.stream().map(InputFile::path).toList());
  }

  @Test
  void aFileWithoutAFooterThatCanBeReadIsDamagedAndTheOthersAreRead() throws IOException {
    byte[] whole = bytesOf(searches("cut"));
    byte[] wrongLength = whole.clone();
    wrongLength[whole.length - 5] = 0x7f;
    byte[] wrongFooter = whole.clone();
    Arrays.fill(wrongFooter, whole.length - 200, whole.length - 8, (byte) 0x99);
    InputFile[] files = {
      write("a.parquet", searches("a1", "a2")),
      put("cut.parquet", Arrays.copyOf(whole, whole.length / 2)),
      put("empty.parquet", new byte[0]),
      put("footer.parquet", wrongFooter),
      put("length.parquet", wrongLength),
      put("magic.parquet", "PAR1PAR1".getBytes(StandardCharsets.UTF_8)),
      put("text.parquet", "event_id\ne1\n".getBytes(StandardCharsets.UTF_8)),
      write("z.parquet", searches("z"))
    };
    Feed feed = Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET);
    Dataset<Row> rows = Raw.read(feed, files).cache();
    assertThat(files(rows))
        .containsExactly(
            "a.parquet 2 -",
            "cut.parquet 0 0",
            "empty.parquet 0 -",
            "footer.parquet 0 0",
            "length.parquet 0 0",
            "magic.parquet 0 0",
            "text.parquet 0 0",
            "z.parquet 1 -");
    assertThat(accepted(rows)).containsExactly("a1", "a2", "z");
    assertThat(Raw.rejected(rows)).isEmpty();
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
  }

  /** As pandas and Arrow write them. */
  @Test
  void nanosecondsAreInstantsToo() throws IOException {
    Path file = folder.resolve("nanos.parquet");
    ParquetFile.write(
        file,
        "required binary event_id (STRING); required binary event_type (STRING);"
            + " required int64 event_at (TIMESTAMP(NANOS,true)); required binary user_id (STRING);"
            + " required binary market (STRING);",
        row ->
            row.append("event_id", "n")
                .append("event_type", "search")
                .append("event_at", 1772359500123456789L)
                .append("user_id", "u")
                .append("market", "US"));
    InputFile nanos = new InputFile("file:" + file, Files.size(file));

    Dataset<Row> rows =
        Raw.read(
            Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET),
            nanos,
            write("micros.parquet", searches("m")));

    assertThat(
            Raw.accepted(
                rows.withColumn("event_at", unix_micros(col("event_at"))), "event_id", "event_at"))
        .containsExactlyInAnyOrder(
            "{'event_id':'n','event_at':1772359500123456}",
            "{'event_id':'m','event_at':1772359500000000}");
  }

  @Test
  void aMappingNeedsNoColumnsWhereNoFileHasAny() throws IOException {
    Feed feed =
        Raw.mapped(
            Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET),
            List.of("geo", "geo"),
            List.of("market", "geo.shop", "event_at", "timestamp_micros(geo.at)"));
    InputFile cut = put("cut.parquet", "PAR1".getBytes(StandardCharsets.UTF_8));
    assertThat(files(Raw.read(feed, cut, new InputFile("file:" + folder + "/none.parquet", 0))))
        .containsExactly("cut.parquet 0 0", "none.parquet 0 -");
  }

  @Test
  void filesWhoseTypesDisagreeAreEachReadByTheirOwn() throws IOException {
    InputFile[] files = {
      write("a.parquet", searches("a").replace("'u'", "17")),
      write(
          "b.parquet", searches("b").replace(" from", ", 'x' note, struct('home' page) seen from")),
      write("c.parquet", searches("c").replace("timestamp'2026-03-01 10:05:00Z'", "true")),
      put("cut.parquet", "PAR1".getBytes(StandardCharsets.UTF_8)),
      write("d.parquet", searches("d").replace("'u'", "18"))
    };
    Feed feed = Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET);
    Dataset<Row> rows = Raw.read(feed, files).cache();
    assertThat(files(rows))
        .containsExactly(
            "a.parquet 1 -", "b.parquet 1 -", "c.parquet 1 -", "cut.parquet 0 0", "d.parquet 1 -");
    assertThat(Raw.accepted(rows, "event_id", "user_id", "extra"))
        .containsExactlyInAnyOrder(
            "{'event_id':'a','user_id':'17'}",
            "{'event_id':'b','user_id':'u','extra':'{\\'note\\':\\'x\\',\\'seen\\':{\\'page\\':\\'home\\'}}'}",
            "{'event_id':'d','user_id':'18'}");
    assertThat(Raw.rejected(rows)).containsExactly("1 wrong_type event_at");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();

    Feed mapped =
        Raw.mapped(
            feed,
            List.of("id", "event_id", "user", "user_id", "page", "$.seen.page"),
            List.of("event_id", "id", "user_id", "user", "content_id", "page"));
    assertThat(Raw.read(mapped, files).where("record_kind = 'rejected'").count()).isEqualTo(4);
    assertThat(Raw.unbalanced(mapped, Raw.read(mapped, files))).isEmpty();
  }
}
