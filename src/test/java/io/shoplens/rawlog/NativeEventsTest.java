package io.shoplens.rawlog;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeEventsTest {
  private static final String GOOD =
      "{'event_id':'e1','event_type':'search','event_at':'2026-03-01T10:05:00Z','user_id':'u',"
          + "'market':'US'}";

  @TempDir Path folder;

  private Dataset<Row> events(String... lines) {
    return Raw.read(Raw.events(), Raw.file(folder, "e.json", lines));
  }

  private static String with(String field, String value) {
    return GOOD.replaceFirst("'" + field + "':'[^']*'", "'" + field + "':" + value);
  }

  private static String and(String more) {
    return GOOD.replace("}", "," + more + "}");
  }

  @Test
  void aRowHasTheColumnsOfTheTableInTheirTypes() {
    Dataset<Row> rows = events(GOOD);
    assertThat(
            Arrays.stream(rows.schema().fields())
                .map(field -> field.name() + " " + field.dataType().sql()))
        .containsExactlyElementsOf(
            Arrays.stream(Events.TABLE.schema().fields())
                .filter(field -> !Provenance.OF_INGEST.contains(field.name()))
                .map(field -> field.name() + " " + field.dataType().sql())
                .toList());
  }

  @Test
  void anEventIsKeptWithItsPlaceAndTheFileWithItsTotals() {
    Dataset<Row> rows =
        events(
            GOOD,
            " \t\r",
            and(
                "'received_at':1772359500123,'device_id':'d\\u00e9\\n"
                    + "','region':'US-CA','x':{'b':[1,2.50],'a':null},'surface':null,'y':'\\u0041'"));
    assertThat(
            Raw.accepted(
                rows,
                "event_id",
                "event_at",
                "received_at",
                "user_id",
                "device_id",
                "region",
                "surface",
                "extra",
                "event_utc_date",
                "source_line",
                "source_offset",
                "source_part"))
        .containsExactly(
            "{'event_id':'e1','event_at':'2026-03-01T10:05:00.000Z','received_at':'2026-03-01T10:05:00.123Z','user_id':'u','device_id':'dé\\n"
                + "','region':'US-CA','extra':'{\\'x\\':{\\'b\\':[1,2.50],\\'a\\':null},\\'y\\':\\'\\\\u0041\\'}',"
                + "'event_utc_date':'2026-03-01','source_line':3,'source_offset':106,'source_part':0}",
            "{'event_id':'e1','event_at':'2026-03-01T10:05:00.000Z','user_id':'u',"
                + "'event_utc_date':'2026-03-01','source_line':1,'source_offset':0,'source_part':0}");
    assertThat(Raw.totals(rows)).isEqualTo("3 1 -");
    assertThat(Raw.unbalanced(Raw.events(), rows)).isEmpty();
  }

  @Test
  void anInstantMayBeANumberOfAnyUnitSince1970() {
    Dataset<Row> rows =
        events(
            with("event_at", "1772359500"),
            with("event_at", "1772359500.25"),
            with("event_at", "1772359500123"),
            with("event_at", "1772359500123456"),
            with("event_at", "1772359500123456789"),
            with("event_at", "1772359500123456789.5"),
            with("event_at", "'1772359500123456789'"),
            with("event_at", "9999999999999999999"),
            with("event_at", "1e19"));

    assertThat(
            Raw.accepted(
                rows.withColumn("event_at", unix_micros(col("event_at"))),
                "source_line",
                "event_at"))
        .containsExactlyInAnyOrder(
            "{'source_line':1,'event_at':1772359500000000}",
            "{'source_line':2,'event_at':1772359500250000}",
            "{'source_line':3,'event_at':1772359500123000}",
            "{'source_line':4,'event_at':1772359500123456}",
            "{'source_line':5,'event_at':1772359500123456}",
            "{'source_line':6,'event_at':1772359500123456}",
            "{'source_line':7,'event_at':1772359500123456}");
    assertThat(Raw.rejected(rows))
        .containsExactly("8 bad_timestamp event_at", "9 bad_timestamp event_at");
  }

  @Test
  void anInstantMayLackSecondsAndAnOffsetItsColonOrMinutes() {
    Dataset<Row> rows =
        events(
            with("event_at", "'2026-03-01T10:05Z'"),
            with("event_at", "'2026-03-01 10:05+05:30'"),
            with("event_at", "'2026-03-01T10:05-0330'"),
            with("event_at", "'2026-03-01T10:05+01'"),
            with("event_at", "'2026-03-01T10:05:00+0000'"),
            with("event_at", "'2026-03-01T10:05:07.25-08'"),
            with("event_at", "'2026-03-01T10:05:07.123456789+0100'"),
            with("event_at", "'2026-03-01T10:05:00-18:00'"));

    assertThat(Raw.accepted(rows, "source_line", "event_at"))
        .containsExactlyInAnyOrder(
            "{'source_line':1,'event_at':'2026-03-01T10:05:00.000Z'}",
            "{'source_line':2,'event_at':'2026-03-01T04:35:00.000Z'}",
            "{'source_line':3,'event_at':'2026-03-01T13:35:00.000Z'}",
            "{'source_line':4,'event_at':'2026-03-01T09:05:00.000Z'}",
            "{'source_line':5,'event_at':'2026-03-01T10:05:00.000Z'}",
            "{'source_line':6,'event_at':'2026-03-01T18:05:07.250Z'}",
            "{'source_line':7,'event_at':'2026-03-01T09:05:07.123Z'}",
            "{'source_line':8,'event_at':'2026-03-02T04:05:00.000Z'}");
    assertThat(Raw.rejected(rows)).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeAnInstantIsRejected() {
    List<String> texts =
        List.of(
            "2026-03-01",
            "2026-03-01T10Z",
            "2026-03-01T1005Z",
            "2026-03-01T10:05:Z",
            "2026-03-01T10:05:0Z",
            "2026-03-01T10:05.5Z",
            "2026-03-01T10:05:00.Z",
            "2026-03-01T10:60Z",
            "2026-03-01T24:00Z",
            "2026-03-01T10:05z",
            "2026-03-01T10:05Z0",
            "2026-03-01T10:05 +00",
            "2026-03-01T10:05+0",
            "2026-03-01T10:05+0:00",
            "2026-03-01T10:05+000",
            "2026-03-01T10:05+00:0",
            "2026-03-01T10:05+00:000",
            "2026-03-01T10:05+00000",
            "2026-03-01T10:05+00-00",
            "2026-03-01T10:05+0060",
            "2026-03-01T10:05+19",
            "2026-03-01T10:05:00+18:01",
            "2026-03-01T10:05:00+99:99",
            "2026-03-01T10:05:00+-1:00",
            "2026-03-01T10:05:00+");

    assertThat(
            Raw.rejected(
                events(
                    texts.stream()
                        .map(text -> with("event_at", "'" + text + "'"))
                        .toArray(String[]::new))))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, texts.size())
                .mapToObj(line -> line + " bad_timestamp event_at")
                .toList());
    assertThat(Raw.rejected(events(with("event_at", "'2026-03-01T10:05'"))))
        .containsExactly("1 no_zone event_at");
  }

  @Test
  void theFirstFaultInTheOrderOfTheContractIsTheOneTold() {
    assertThat(
            Raw.rejected(
                events(
                    with("event_id", "''"),
                    with("event_id", "null"),
                    with("event_id", "7"),
                    with("event_type", "{}"),
                    with("event_at", "'2026-03-01T10:05:00'"),
                    with("event_at", "'2026-02-29T10:05:00Z'"),
                    with("event_at", "'1 March'"),
                    with("event_at", "true"),
                    with("event_at", "''"),
                    with("event_at", "12"),
                    with("event_at", "'12.5'"),
                    with("user_id", "''"),
                    with("user_id", "3"),
                    with("market", "'us'"),
                    with("market", "null"),
                    and("'received_at':'2026-02-28T10:04:59.999999Z'"),
                    and("'received_at':'soon'"),
                    and("'utm_source':1,'region':[]"),
                    with("market", "1").replace("'u'", "''"),
                    with("event_at", "true")
                        .replace("}", ",'received_at':'2026-03-01T10:05:00Z'}"))))
        .containsExactly(
            "1 missing_field event_id",
            "2 missing_field event_id",
            "3 wrong_type event_id",
            "4 wrong_type event_type",
            "5 no_zone event_at",
            "6 bad_timestamp event_at",
            "7 bad_timestamp event_at",
            "8 wrong_type event_at",
            "9 missing_field event_at",
            "10 out_of_range event_at",
            "11 bad_timestamp event_at",
            "12 missing_field user_id",
            "13 wrong_type user_id",
            "14 unknown_value market",
            "15 missing_field market",
            "16 from_future event_at",
            "17 bad_timestamp received_at",
            "18 wrong_type region",
            "19 missing_field user_id",
            "20 wrong_type event_at");
  }

  @Test
  void whatIsNotOneObjectIsRejectedAsItCame() {
    Dataset<Row> rows =
        events(
            "{'a':1}x",
            "[]",
            "{'a':1,'b':{'c':1,'c':2}}",
            "{'a':1,'\\u0061':2}",
            "{'a':'\\ud800'}",
            "{'a':01}",
            "{\u00a0}",
            "{'a':'\t'}\r");
    assertThat(Raw.rejected(rows))
        .containsExactly(
            "1 not_json",
            "2 not_json",
            "3 duplicate_key c",
            "4 duplicate_key a",
            "5 bad_encoding",
            "6 not_json",
            "7 not_json",
            "8 not_json");
    List<String> raw =
        rows
            .where("record_kind = 'rejected'")
            .orderBy("source_line")
            .select("reject_raw")
            .collectAsList()
            .stream()
            .map(row -> new String(row.<byte[]>getAs(0), StandardCharsets.UTF_8))
            .toList();
    assertThat(raw).element(0).isEqualTo("{\"a\":1}x");
    assertThat(raw).element(7).isEqualTo("{\"a\":\"\t\"}\r");
  }
}
