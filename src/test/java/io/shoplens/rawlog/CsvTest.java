package io.shoplens.rawlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Feed;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  private static final String HEADER = "event_id,event_type,event_at,user_id,market,user_agent,x";
  private static final String REST = ",search,2026-03-01T10:05:00Z,u,US,";

  @TempDir Path folder;

  private static final Feed NATIVE = Raw.feed(Feed.Kind.EVENTS, Feed.Format.CSV);

  private Dataset<Row> read(String text) {
    Dataset<Row> rows =
        Raw.read(NATIVE, Raw.file(folder, "c.csv", text.getBytes(StandardCharsets.UTF_8)));
    assertThat(Raw.unbalanced(NATIVE, rows)).isEmpty();
    return rows;
  }

  @Test
  void valuesInQuotesMayHoldDelimitersQuotesAndLineEnds() {
    Dataset<Row> rows =
        read(
            "\ufeff\"event_id\""
                + HEADER.substring(8)
                + "\r\n"
                + "1"
                + REST
                + "\"a, \"\"b\"\"\r\nc\",\"\"\r\n"
                + " \n"
                + "\"2\""
                + REST
                + ",\"y\n\"\n"
                + "3"
                + REST
                + "5\" nail,");
    assertThat(
            rows
                .where("record_kind = 'accepted'")
                .orderBy("source_line")
                .selectExpr(
                    "concat_ws('|', event_id, source_line, source_offset, coalesce(user_agent,"
                        + " 'NULL'), coalesce(extra, 'NULL'))")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactly(
            "1|2|" + (3 + 2 + HEADER.length() + 2) + "|a, \"b\"\r\nc|{\"x\":\"\"}",
            "2|5|"
                + (3 + 2 + HEADER.length() + 2 + 1 + REST.length() + 18 + 2)
                + "|NULL|{\"x\":\"y\\n\"}",
            "3|7|"
                + (3 + 2 + HEADER.length() + 2 + 1 + REST.length() + 18 + 2 + 3 + REST.length() + 6)
                + "|5\" nail|NULL");
    assertThat(Raw.totals(rows)).isEqualTo("4 1 -");
  }

  @Test
  void raggedRecordsAndStrayQuotesAreRejectedAloneAsTheyCame() {
    Dataset<Row> rows =
        read(
            HEADER
                + "\n"
                + "1"
                + REST
                + "a\n"
                + "2"
                + REST
                + "a,b,c\n"
                + "3"
                + REST
                + "\"a\"b,c\n"
                + "4"
                + REST
                + "a,b\n"
                + "5"
                + REST
                + "\"open,b\n"
                + "6"
                + REST
                + "a,b\n"
                + "7"
                + REST
                + "a,\"open");
    assertThat(Raw.rejected(rows))
        .containsExactly("2 not_csv", "3 not_csv", "4 not_csv", "6 not_csv", "8 not_csv");
    assertThat(Raw.accepted(rows, "event_id"))
        .containsExactly("{'event_id':'4'}", "{'event_id':'6'}");
    assertThat(
            rows.where("source_line = 6")
                .selectExpr("cast(reject_raw as string)")
                .head()
                .getString(0))
        .isEqualTo("5" + REST + "\"open,b");
  }

  @Test
  void filesInAnotherCharacterSetAreReadAsSuchWhereTheFeedSaysSo() {
    Feed feed = in("windows-1252");
    byte[] text =
        (HEADER
                + "\u00e9\n1"
                + REST
                + "\"Caf\u00e9 \"\"\u20ac5\"\"\",\u00a3\n2"
                + REST
                + "caf\u00e9,\n3")
            .getBytes(Charset.forName("windows-1252"));
    // 0x81 is no character of it.
    byte[] undefined =
        Raw.concat(text, (REST + "b").getBytes(UTF_8), new byte[] {(byte) 0x81, ','});
    Dataset<Row> rows = Raw.read(feed, Raw.file(folder, "w.csv", undefined));
    assertThat(Raw.accepted(rows, "event_id", "user_agent", "extra", "source_offset"))
        .containsExactly(
            "{'event_id':'1','user_agent':'Café \\'€5\\'','extra':'{\\'xé\\':\\'£\\'}','source_offset':58}",
            "{'event_id':'2','user_agent':'café','source_offset':%d}"
                .formatted(58 + 1 + REST.length() + 16));
    assertThat(Raw.rejected(rows)).containsExactly("4 bad_encoding");
    assertThat(Raw.rejected(Raw.read(NATIVE, Raw.file(folder, "u.csv", text))))
        .contains("2 bad_encoding", "3 bad_encoding");
    assertThat(
            Raw.accepted(
                Raw.read(in("ISO-8859-1"), Raw.file(folder, "i.csv", undefined)), "event_id"))
        .hasSize(3);
  }

  private static Feed in(String encoding) {
    return new Feed(
        "f",
        Feed.Kind.EVENTS,
        "",
        Feed.Format.CSV,
        Feed.Grain.ORDER,
        NATIVE.zone(),
        ',',
        true,
        encoding,
        NATIVE.explode(),
        Map.of(),
        Map.of());
  }

  @Test
  void anOpenQuoteDoesNotSwallowMoreThanARecordMayHold() {
    StringBuilder text = new StringBuilder(HEADER + "\n0" + REST + "\"open,b\n");
    for (int i = 1; i <= 600; i++) {
      text.append(i).append(REST).append("a,b\n");
    }
    Dataset<Row> rows = read(text.toString());
    assertThat(Raw.rejected(rows)).containsExactly("2 not_csv");
    assertThat(rows.where("record_kind = 'accepted'").count()).isEqualTo(600);
  }

  @Test
  void aRecordWhoseFirstLineIsOverTheLimitIsRejectedWithItsBeginningAndReadingGoesOn() {
    String over = "1" + REST + "x".repeat(3_000_000) + ",b";
    String last = "3" + REST + "y".repeat(20_000) + ",b";
    Dataset<Row> rows = read(HEADER + "\n" + over + "\n2" + REST + "a,b\n" + last);
    assertThat(Raw.rejected(rows)).containsExactly("2 not_csv", "4 not_csv");
    assertThat(rows.where("source_line = 2").head().<byte[]>getAs("reject_raw"))
        .isEqualTo(over.substring(0, LexicalPlan.PREFIX).getBytes(UTF_8));
    assertThat(Raw.accepted(rows, "event_id", "source_line", "source_offset"))
        .containsExactly(
            "{'event_id':'2','source_line':3,'source_offset':%d}"
                .formatted(HEADER.length() + 1 + over.length() + 1));
    assertThat(Raw.totals(rows)).isEqualTo("3 0 -");
  }

  @Test
  void columnsThatAreNotThereAreNullAndWithoutAHeaderTheyHaveNumbers() {
    assertThat(Raw.rejected(read("event_id,market\n1,US\n")))
        .containsExactly("2 missing_field event_type");
    assertThat(Raw.totals(read("event_id,market\n"))).isEqualTo("0 0 -");
    Dataset<Row> rows =
        Raw.read(bare(), Raw.file(folder, "b.csv", "1772359500;a", "1772359501.25;b", "c"));
    assertThat(Raw.accepted(rows, "event_id", "event_at"))
        .containsExactly(
            "{'event_id':'a','event_at':'2026-03-01T10:05:00.000Z'}",
            "{'event_id':'b','event_at':'2026-03-01T10:05:01.250Z'}");
    assertThat(Raw.rejected(rows)).isEqualTo(List.of("3 not_csv"));
  }

  /** Without a header. */
  private static Feed bare() {
    return new Feed(
        "f",
        Feed.Kind.EVENTS,
        "",
        Feed.Format.CSV,
        Feed.Grain.ORDER,
        NATIVE.zone(),
        ';',
        false,
        "UTF-8",
        NATIVE.explode(),
        Map.of("id", "_c1", "at", "_c0"),
        Map.of(
            "event_id",
            "id",
            "event_type",
            "'search'",
            "event_at",
            "at",
            "user_id",
            "id",
            "market",
            "'US'"));
  }

  @Test
  void aRecordInThePlaceOfTheHeaderIsNotLost() {
    assertThat(Raw.rejected(read("1" + REST + ",\n"))).containsExactly("1 not_csv");
    assertThat(Raw.rejected(read("1" + REST + ",\n2" + REST + ",\n")))
        .containsExactly("1 not_csv", "2 not_csv");
  }

  @Test
  void neitherAreTheRecordsOfAFileWhoseLinesEndInCarriageReturns() {
    Dataset<Row> rows = read(HEADER + "\r1" + REST + ",\r2" + REST + ",\r");

    assertThat(Raw.rejected(rows)).containsExactly("1 not_csv");
    assertThat(Raw.totals(rows)).isEqualTo("1 0 -");
    assertThat(
            Raw.rejected(
                Raw.read(bare(), Raw.file(folder, "r.csv", "1772359500;a\r1772359501;b\r"))))
        .containsExactly("1 not_csv");
  }

  @Test
  void aCutOffArchiveKeepsItsWholeRecords() {
    StringBuilder text = new StringBuilder(HEADER + "\n");
    java.util.Random random = new java.util.Random(1);
    for (int i = 0; i < 300; i++) {
      text.append(i).append(REST).append("\"a\n").append(random.nextLong()).append("\",b\n");
    }
    byte[] gzip = Raw.gzip(text.toString().getBytes(StandardCharsets.UTF_8));
    Dataset<Row> rows =
        Raw.read(
                NATIVE,
                Raw.file(folder, "t.csv.gz", java.util.Arrays.copyOf(gzip, gzip.length / 2)))
            .cache();
    assertThat(Raw.unbalanced(NATIVE, rows)).isEmpty();
    long damagedAt = rows.where("record_kind = 'file'").head().<Long>getAs("file_damaged_at");
    long whole = text.substring(0, (int) damagedAt).split(",b\n", -1).length - 1;
    assertThat(rows.where("record_kind = 'accepted'").count()).isEqualTo(whole);
    assertThat(Raw.rejected(rows)).containsExactly(2 * whole + 2 + " bad_archive");
  }

  @Test
  void aStrayQuoteInADamagedArchiveCostsItsOwnLineOnly() {
    StringBuilder text = new StringBuilder(HEADER + "\n1" + REST + "a,b\n2" + REST + "\"x,b\n");
    java.util.Random random = new java.util.Random(1);
    for (int i = 3; i < 300; i++) {
      text.append(i).append(REST).append(random.nextLong()).append(",b\n");
    }
    byte[] gzip = Raw.gzip(text.toString().getBytes(StandardCharsets.UTF_8));
    Dataset<Row> rows =
        Raw.read(
                NATIVE,
                Raw.file(folder, "q.csv.gz", java.util.Arrays.copyOf(gzip, gzip.length / 2)))
            .cache();
    assertThat(Raw.unbalanced(NATIVE, rows)).isEmpty();
    long damagedAt = rows.where("record_kind = 'file'").head().<Long>getAs("file_damaged_at");
    int lines = text.substring(0, (int) damagedAt).split("\n", -1).length - 1;
    assertThat(lines).isGreaterThan(100);
    assertThat(rows.where("record_kind = 'accepted'").count()).isEqualTo(lines - 2);
    assertThat(Raw.rejected(rows)).containsExactly("3 not_csv", lines + 1 + " bad_archive");
  }
}
