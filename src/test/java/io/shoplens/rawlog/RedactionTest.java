package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.shoplens.config.ErasedPersons;
import io.shoplens.config.ErasedPersons.Mark;
import io.shoplens.config.Feed;
import io.shoplens.config.KeyRing;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedactionTest {
  private static final KeyRing KEYS =
      KeyRing.parse(
          "k1:"
              + Base64.getEncoder()
                  .encodeToString(
                      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8)),
          "test");

  /** A user with a long id, one with a short one, and a device. */
  private static final ErasedPersons ERASED = erased("user-17", "u9", "device-1");

  private static final String EVENT =
      "{'event_id':'%s','event_type':'x','event_at':'2026-03-02T10:00:00Z','market':'US',%s}";
  private static final String ORDER =
      "{'order_event_id':'%s','order_id':'o%s','order_event':'paid','market':'US',"
          + "'event_at':'2026-03-02T10:00:00Z','currency':'USD',%s}";

  private static final byte[] EVENTS =
      Raw.text(
          EVENT.formatted("e1", "'user_id':'user-17','device_id':'device-2'"),
          EVENT.formatted("e2", "'user_id':'other','friend':'user-17','note':'user-171'"),
          "",
          EVENT.formatted("e3", "'device_id':'device-1'"),
          EVENT.formatted("e4", "'user_id':'u9'") + "\r",
          EVENT.formatted("e5", "'user_id':'other','device_id':'device-1','n':1"),
          "not json by=user-17 ü",
          EVENT.formatted("e6", "'user_id':'u99','link_url':'https://a.example/?u=user-17'"));

  private static final byte[] ORDERS =
      Raw.text(
          ORDER.formatted("1", "1", "'user_id':'user-17','device_id':'device-1'"),
          ORDER.formatted("2", "2", "'user_id': 'u9'"),
          ORDER.formatted("3", "3", "'user_id':'other'"));

  private static final byte[] CSV_EVENTS =
      Raw.text(
          "event_id,event_type,event_at,market,user_id,device_id,referrer_url,note",
          "e1,x,2026-03-02T10:00:00Z,US,user-17,,'https://a.example/\n?x',a",
          "e2,x,2026-03-02T10:00:00Z,US,other,device-1,https://a.example/?by=user-17,user-17",
          "e3,x,2026-03-02T10:00:00Z,US,'u9',,,b",
          "e4,x,2026-03-02T10:00:00Z,US,u99,,,'c, ''user-17'''");

  private static final byte[] CSV_ORDERS =
      Raw.text(
          "order_event_id,order_id,order_event,market,event_at,currency,user_id",
          "1,o1,paid,US,2026-03-02T10:00:00Z,USD,user-17",
          "2,o2,paid,US,2026-03-02T10:00:00Z,USD,'u9'",
          "3,o3,paid,US,2026-03-02T10:00:00Z,USD,other");

  @TempDir Path folder;

  @Test
  void jsonIsReadAsBeforeRecordForRecordAndByteForByteInPlace() throws IOException {
    assertReadAsBefore(Raw.events(), "events.json", EVENTS);
    assertReadAsBefore(Raw.orders(), "orders.json", ORDERS);

    assertThat(redacted("events.json"))
        .hasSameSizeAs(new String(EVENTS, StandardCharsets.UTF_8))
        .contains("\"friend\":\"erased\",\"note\":\"user-171\"")
        .contains("not json by=erased ü")
        .contains("\"u99\"")
        .doesNotContain("user-17\"", "\"u9\"", "\"device-1\"", "e1", "e3", "e4");
    assertThat(redacted("orders.json"))
        .contains("\"user_id\":\"\",\"device_id\":\"\"}")
        .contains("\"user_id\": \"\"}")
        .contains("\"other\"");
  }

  @Test
  void csvIsReadAsBeforeRecordForRecord() throws IOException {
    assertReadAsBefore(Raw.feed(Feed.Kind.EVENTS, Feed.Format.CSV), "events.csv", CSV_EVENTS);
    assertReadAsBefore(Raw.feed(Feed.Kind.ORDERS, Feed.Format.CSV), "orders.csv", CSV_ORDERS);

    assertThat(redacted("events.csv")).doesNotContain("user-17", "u9,", "device-1").contains("u99");
    assertThat(redacted("orders.csv")).doesNotContain("user-17", "u9").contains("USD,other");
  }

  @Test
  void aShortIdGoesWhereIdsAreReadAndNowhereElse() throws IOException {
    String lines = "'lines':[{'line_id':'u9','product_id':'u9','quantity':1,'unit_price':'1'}]";
    assertReadAsBefore(
        Raw.orders(),
        "lines.json",
        Raw.text(
            ORDER.formatted("1", "1", "'user_id':'\\u00759','note':'u9'," + lines),
            ORDER.formatted("2", "2", "'user_id':'other','device_id':'u9'," + lines)));
    assertReadAsBefore(
        paid(
            Raw.feed(Feed.Kind.ORDERS, Feed.Format.CSV),
            List.of("customer", "Customer", "stock", "Stock", "id", "Id", "at", "At"),
            "nullif(customer, '')",
            "concat(id, stock)"),
        "stock.csv",
        Raw.text(
            "Stock,Id,At,'Customer'",
            "u9,1,2026-03-02T10:00:00Z,u9",
            "'u9',2,2026-03-02T10:00:00Z,'u9'",
            "'u9',3,2026-03-02T10:00:00Z,'other'"));

    assertThat(redacted("lines.json"))
        .contains("\"user_id\":\"\",\"note\":\"u9\",\"lines\":[{\"line_id\":\"u9\"")
        .contains("\"user_id\":\"other\",\"device_id\":\"\"");
    assertThat(redacted("stock.csv"))
        .contains("\nu9,1,2026-03-02T10:00:00Z,\n")
        .contains("\n\"u9\",2,2026-03-02T10:00:00Z,\n");
  }

  /** A feed of paid orders by its fields, among them id and at. */
  private static Feed paid(Feed feed, List<String> fields, String user, String event) {
    return Raw.mapped(
        feed,
        fields,
        List.of(
            "user_id",
            user,
            "order_event_id",
            event,
            "order_id",
            "id",
            "order_event",
            "'paid'",
            "market",
            "'US'",
            "event_at",
            "at",
            "currency",
            "'USD'"));
  }

  @Test
  void aFileThatWouldNameThemStillOrBeOtherRecordsIsLeft() throws IOException {
    Feed derived =
        paid(
            Raw.orders(),
            List.of("customer", "$.customer", "id", "$.id", "at", "$.at"),
            "split_part(customer, '.', 1)",
            "id");
    String record = "{'id':'%s','at':'2026-03-02T10:00:00Z','customer':'%s'}";
    assertThatThrownBy(() -> cut(derived, "short.json", Raw.text(record.formatted("1", "u9.0"))))
        .isInstanceOf(Redaction.Left.class)
        .hasMessage("it would name them still");
    assertThatThrownBy(
            () -> cut(derived, "long.json", Raw.text(record.formatted("1", "user-17.0"))))
        .isInstanceOf(Redaction.Left.class)
        .hasMessage("it would be other records");
    assertThatThrownBy(
            () ->
                cut(
                    Raw.orders(),
                    "keys.json",
                    Raw.text(ORDER.formatted("user-17:1", "1", "'user_id':'user-17'"))))
        .isInstanceOf(Redaction.Left.class)
        .hasMessage("it would be other records");
  }

  @Test
  void compressedFilesStayCompressed() throws IOException {
    assertReadAsBefore(Raw.events(), "events.json.gz", Raw.gzip(EVENTS));
    assertReadAsBefore(Raw.events(), "events.json.zst", Zstd.compress(EVENTS));

    assertThat(Files.readAllBytes(folder.resolve("redacted/events.json.gz")))
        .startsWith(0x1f, 0x8b);
    assertThat(Files.readAllBytes(folder.resolve("redacted/events.json.zst")))
        .startsWith(0x28, 0xb5, 0x2f, 0xfd);
  }

  @Test
  void filesThatNameNobodyAreNotAmongThem() throws IOException {
    InputFile file =
        Raw.file(folder, "a.json", EVENT.formatted("e1", "'user_id':'user-171','d':'device-12'"));

    assertThat(redaction(Raw.events(), file).paths()).isEmpty();
  }

  @Test
  void whatCantBeCutIsLeft() throws IOException {
    byte[] damaged = Raw.gzip(EVENTS);
    Feed sessions =
        Raw.mapped(
            Raw.exploded(Raw.events(), "$.events"),
            List.of("u", "$.u", "id", "@.id"),
            List.of("user_id", "u", "event_id", "id", "market", "'US'"));
    assertLeft(
        Raw.events(),
        "a.json.gz",
        Arrays.copyOf(damaged, damaged.length - 6),
        "the archive is damaged");
    assertLeft(
        sessions,
        "b.json",
        Raw.text("{'u':'user-17','events':[{'id':'a'},{'id':'b'}]}"),
        "one line holds records of several persons");
    assertLeft(
        Raw.mapped(
            Raw.feed(Feed.Kind.EVENTS, Feed.Format.CSV),
            List.of("user", "user_id"),
            List.of("user_id", "user", "event_id", "concat(_file, _offset)")),
        "c.csv",
        CSV_EVENTS,
        "the feed's mapping is made of offsets");
  }

  private void assertLeft(Feed feed, String name, byte[] content, String reason) {
    InputFile file = Raw.file(folder, name, content);
    Redaction redaction = redaction(feed, file);
    assertThat(redaction.paths()).containsExactly(file.path());
    assertThatThrownBy(
            () ->
                redaction.copy(
                    file.path(), new ByteArrayInputStream(content), new ByteArrayOutputStream()))
        .isInstanceOf(Redaction.Left.class)
        .hasMessage(reason);
  }

  /** As an ingest reads it that knows who was erased. */
  private void assertReadAsBefore(Feed feed, String name, byte[] content) throws IOException {
    InputFile redacted = cut(feed, name, content);
    InputFile file = Raw.file(folder, name, content);

    List<String> before = rows(feed, file);
    assertThat(before).hasSizeGreaterThan(1);
    assertThat(rows(feed, redacted)).isEqualTo(before);
    assertThat(redaction(feed, redacted).paths()).isEmpty();
  }

  /** A file without them, which may take the place of the one with them. */
  private InputFile cut(Feed feed, String name, byte[] content) throws IOException {
    InputFile file = Raw.file(folder, name, content);
    Redaction redaction = redaction(feed, file);
    assertThat(redaction.paths()).containsExactly(file.path());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    redaction.copy(file.path(), new ByteArrayInputStream(content), out);
    Files.createDirectories(folder.resolve("redacted"));
    InputFile redacted = Raw.file(folder.resolve("redacted"), name, out.toByteArray());
    redaction.requireSame(file, redacted, Raw.REFERENCE);
    return redacted;
  }

  /**
   * All that is stored of a file but its name and totals; of a rejected record, whose bytes are not
   * stored where they name somebody, not the bytes, and of CSV not the offsets.
   */
  private static List<String> rows(Feed feed, InputFile file) {
    Dataset<Row> rows =
        Raw.read(PersonalData.under(Optional.empty(), ERASED), feed, file)
            .where("record_kind <> 'file'");
    List<String> columns = new ArrayList<>(List.of(rows.columns()));
    columns.removeAll(List.of("source_file", "reject_raw"));
    if (feed.format() == Feed.Format.CSV) {
      columns.remove("source_offset");
    }
    return Rows.json(rows, columns.toArray(String[]::new));
  }

  private String redacted(String name) throws IOException {
    return Files.readString(folder.resolve("redacted").resolve(name));
  }

  private static Redaction redaction(Feed feed, InputFile... files) {
    return Redaction.of(LocalSpark.session(), feed, List.of(files), Raw.SETTINGS, ERASED);
  }

  private static ErasedPersons erased(String... ids) {
    return ErasedPersons.of(
        List.of(ids).stream()
            .map(id -> new Mark("k1", KEYS.erasureMark("k1", id), Optional.of(id.length())))
            .toList(),
        KEYS);
  }
}
