package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.config.Feed;
import io.shoplens.error.ShoplensException;
import io.shoplens.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTest {
  @TempDir Path folder;

  private static final List<String> FIELDS =
      List.of("id", "$.id", "when_", "$.meta.at[1]", "v", "$.v", "kind", "$.kind");

  /** A mapping of events, the given entries instead of its own. */
  private static Feed events(String... entries) {
    List<String> mapping =
        new ArrayList<>(
            List.of(
                "event_id",
                "concat(id, '-', _line)",
                "event_type",
                "'search'",
                "event_at",
                "when_",
                "user_id",
                "id",
                "market",
                "'US'"));
    for (int i = 0; i < entries.length; i += 2) {
      int at = mapping.indexOf(entries[i]);
      if (at >= 0) {
        mapping.set(at + 1, entries[i + 1]);
      } else {
        mapping.addAll(List.of(entries[i], entries[i + 1]));
      }
    }
    return Raw.mapped(Raw.events(), FIELDS, mapping);
  }

  private static String record(String id, String at, String v) {
    return "{'id':" + id + ",'meta':{'at':[0," + at + "]},'v':" + v + ",'kind':'k'}";
  }

  @Test
  void fieldsAreFoundByPathAndNestedValuesAreTheirText() {
    Dataset<Row> rows =
        Raw.read(
            events(
                "content_id",
                "v",
                "link_url",
                "substring_index(_file, '/', -1)",
                "extra",
                "to_json(named_struct('o', _offset))"),
            Raw.file(
                folder,
                "m.json",
                record("7", "1772359500.5", "{'a': [1.10]}"),
                record("'x'", "'2026-03-01T10:05:00Z'", "true")));
    assertThat(
            Raw.accepted(
                rows, "event_id", "event_at", "user_id", "content_id", "link_url", "extra"))
        .containsExactly(
            "{'event_id':'7-1','event_at':'2026-03-01T10:05:00.500Z','user_id':'7',"
                + "'content_id':'{\\'a\\': [1.10]}','link_url':'m.json','extra':'{\\'o\\':0}'}",
            "{'event_id':'x-2','event_at':'2026-03-01T10:05:00.000Z','user_id':'x',"
                + "'content_id':'true','link_url':'m.json','extra':'{\\'o\\':69}'}");
  }

  @Test
  void aCastThatFailsIsNullAndTheSessionStaysStrict() {
    Dataset<Row> rows =
        Raw.read(
            events(
                "event_at",
                "timestamp_seconds(cast(when_ as double))",
                "region",
                "string(cast(v as int))"),
            Raw.file(
                folder, "m.json", record("1", "1772359500", "'a'"), record("2", "'soon'", "5")));
    assertThat(Raw.accepted(rows, "event_id", "event_at", "region"))
        .containsExactly("{'event_id':'1-1','event_at':'2026-03-01T10:05:00.000Z'}");
    assertThat(Raw.rejected(rows)).containsExactly("2 missing_field event_at");
    assertThat(LocalSpark.session().conf().get("spark.sql.ansi.enabled")).isEqualTo("true");
  }

  /** Interpreted as in all tests, and compiled as elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"NO_CODEGEN", "CODEGEN_ONLY"})
  void whatAnExpressionThrowsIsNullToo(String mode) {
    String key = "spark.sql.codegen.factoryMode";
    String before = LocalSpark.session().conf().get(key);
    LocalSpark.session().conf().set(key, mode);
    try {
      Dataset<Row> rows =
          Raw.read(
              events("event_at", "timestamp_millis(cast(when_ as bigint))"),
              Raw.file(
                  folder,
                  "m.json",
                  record("1", "1772359500123000000", "1"),
                  record("2", "1772359500000", "1")));
      assertThat(Raw.accepted(rows, "event_id", "event_at"))
          .containsExactly("{'event_id':'2-2','event_at':'2026-03-01T10:05:00.000Z'}");
      assertThat(Raw.rejected(rows)).containsExactly("1 missing_field event_at");
    } finally {
      LocalSpark.session().conf().set(key, before);
    }
  }

  @Test
  void anEpochIsANumberHoweverItIsWritten() {
    Dataset<Row> rows =
        Raw.read(
            events(),
            Raw.file(
                folder,
                "m.json",
                record("1", "1.772359500123E12", "1"),
                record("2", "'1772359500.25'", "1"),
                record("3", "'=1772359500'", "1"),
                record("4", "'1772359500.'", "1")));
    assertThat(Raw.accepted(rows, "event_id", "event_at"))
        .containsExactly(
            "{'event_id':'1-1','event_at':'2026-03-01T10:05:00.123Z'}",
            "{'event_id':'2-2','event_at':'2026-03-01T10:05:00.250Z'}");
    assertThat(Raw.rejected(rows))
        .containsExactly("3 bad_timestamp event_at", "4 bad_timestamp event_at");
  }

  @Test
  void aMappedValueOfAnotherTypeIsAFaultAndNeverBentToFit() {
    assertThat(
            Raw.rejected(
                Raw.read(
                    events("region", "v = '1'", "category", "cast(v as double)"),
                    Raw.file(
                        folder,
                        "m.json",
                        record("1", "5", "'1'"),
                        record("2", "1772359500", "1"),
                        record("3", "1772359500", "null")))))
        .containsExactly("1 out_of_range event_at", "2 wrong_type region");
    assertThat(
            Raw.rejected(
                Raw.read(
                    events("event_at", "v = '1'"),
                    Raw.file(folder, "m.json", record("1", "5", "'1'")))))
        .containsExactly("1 wrong_type event_at");
  }

  @Test
  void localTimesAreOfTheFeedsZoneOrRefused() {
    InputFile file =
        Raw.file(
            folder,
            "m.json",
            record("1", "'2026-07-01 10:05:00'", "'2026-07-01'"),
            record("2", "'2026-10-25 01:30:00'", "'2026-01-01'"),
            record("3", "'2026-03-29T01:30:00.25'", "'2026-01-01'"));
    Feed feed = events("received_at", "date(v)");
    assertThat(Raw.rejected(Raw.read(feed, file)))
        .containsExactly("1 no_zone event_at", "2 no_zone event_at", "3 no_zone event_at");
    assertThat(
            Raw.accepted(
                Raw.read(
                    Raw.inZone(events("received_at", "date_add(date(v), 900)"), "Europe/London"),
                    file),
                "event_at"))
        .containsExactly(
            "{'event_at':'2026-03-29T01:30:00.250Z'}",
            "{'event_at':'2026-07-01T09:05:00.000Z'}",
            "{'event_at':'2026-10-25T00:30:00.000Z'}");
  }

  @Test
  void explodedElementsAreRecordsOfTheirOwn() {
    Feed feed =
        Raw.exploded(
            Raw.mapped(
                Raw.events(),
                List.of("session", "$.session", "at", "@.ts", "type", "@.type", "all", "@"),
                List.of(
                    "event_id",
                    "concat(session, '-', _part)",
                    "event_type",
                    "type",
                    "event_at",
                    "at",
                    "device_id",
                    "session",
                    "market",
                    "'US'",
                    "content_id",
                    "all")),
            "$.deep.events");
    Dataset<Row> rows =
        Raw.read(
            feed,
            Raw.file(
                folder,
                "x.json",
                "{'session':1,'deep':{'events':[{'ts':1772359500123,'type':'a'},{'ts':1,'type':'b\\u0041'},{'type':'c'},"
                    + " 5 ]}}",
                "{'session':2,'deep':{'events':[]}}",
                "{'session':3,'deep':{}}",
                "{'session':4,'deep':{'events':{}}}",
                "{'deep':{'events':[{'ts':1772359500,'type':'z'}]},'session':5}"));
    assertThat(
            Raw.accepted(rows, "event_id", "event_type", "event_at", "source_part", "content_id"))
        .containsExactly(
            "{'event_id':'1-0','event_type':'a','event_at':'2026-03-01T10:05:00.123Z','source_part':0,'content_id':'{\\'ts\\':1772359500123,\\'type\\':\\'a\\'}'}",
            "{'event_id':'5-0','event_type':'z','event_at':'2026-03-01T10:05:00.000Z','source_part':0,'content_id':'{\\'ts\\':1772359500,\\'type\\':\\'z\\'}'}");
    assertThat(Raw.rejected(rows))
        .containsExactly(
            "1 out_of_range event_at",
            "1 missing_field event_at",
            "1 missing_field event_type",
            "3 missing_field $.deep.events",
            "4 wrong_type $.deep.events");
    assertThat(Raw.totals(rows)).isEqualTo("8 1 -");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
  }

  @Test
  void aTextThatHoldsAnArrayOrAnObjectAsJsonIsExplodedToo() {
    Feed feed =
        Raw.exploded(
            Raw.mapped(
                Raw.events(),
                List.of("request", "$.rid", "at", "@.ts", "type", "@['a\"b']", "all", "@"),
                List.of(
                    "event_id",
                    "concat(request, '-', _part)",
                    "event_type",
                    "type",
                    "event_at",
                    "at",
                    "device_id",
                    "request",
                    "market",
                    "'US'",
                    "content_id",
                    "all")),
            "$.data");
    Dataset<Row> rows =
        Raw.read(
            feed,
            Raw.file(
                folder,
                "t.json",
                "{'data':' [{\\'ts\\':1772359500123,\\'a\\\\\\'b\\':\\'\\\\u0041\\\\n\\'},\\n"
                    + "{\\'ts\\':1772359500,\\'a\\\\\\'b\\':\\'\\u00e9\\'}]','rid':'r\\u00311'}",
                "{'rid':'2','data':'\\n\\t{\\'ts\\':1772359500,\\'a\\\\\\'b\\':\\'z\\'} '}",
                "{'rid':'3','data':'[]'}",
                "{'rid':'4','data':''}",
                "{'rid':'5','data':'word'}",
                "{'rid':'6','data':'[{}] and more'}",
                "{'rid':'7','data':'[\\'key\\':1]'}",
                "{'rid':'8','data':'{\\'ts\\':1,\\'ts\\':2}'}",
                "{'rid':'9','data':'{\\'ts\\':\\'\\\\ud800\\'}'}"));
    assertThat(Raw.accepted(rows, "event_id", "event_type", "source_part", "content_id"))
        .containsExactly(
            "{'event_id':'2-0','event_type':'z','source_part':0,'content_id':'{\\'ts\\':1772359500,\\'a\\\\\\'b\\':\\'z\\'}'}",
            "{'event_id':'r11-0','event_type':'A\\n','source_part':0,'content_id':'{\\'ts\\':1772359500123,\\'a\\\\\\'b\\':\\'\\\\u0041\\\\n\\'}'}",
            "{'event_id':'r11-1','event_type':'é','source_part':1,'content_id':'{\\'ts\\':1772359500,\\'a\\\\\\'b\\':\\'é\\'}'}");
    assertThat(Raw.rejected(rows))
        .containsExactly(
            "4 not_json $.data",
            "5 not_json $.data",
            "6 not_json $.data",
            "7 not_json $.data",
            "8 duplicate_key ts",
            "9 bad_encoding");
    assertThat(Raw.totals(rows)).isEqualTo("10 1 -");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
  }

  @Test
  void recordsThatTheFeedLeavesOutCountAsBlank() {
    Feed feed = events("_keep", "v = '1'");
    Dataset<Row> rows =
        Raw.read(
            feed,
            Raw.file(
                folder,
                "k.json",
                record("1", "1772359500", "'1'"),
                record("2", "'bad'", "'2'"),
                record("3", "'bad'", "'1'"),
                "[",
                record("5", "1772359500", "null")));
    assertThat(Raw.accepted(rows, "event_id"))
        .containsExactly("{'event_id':'1-1'}", "{'event_id':'5-5'}");
    assertThat(Raw.rejected(rows)).containsExactly("3 bad_timestamp event_at", "4 not_json");
    assertThat(Raw.totals(rows)).isEqualTo("5 1 -");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
    assertThat(
            rows.where("record_kind = 'file'")
                .where(
                    "market is not null or event_type is not null or reject_code is not null"
                        + " or source_line is not null or content_hash is not null")
                .count())
        .isZero();
  }

  private static Feed orders(String... mapping) {
    return Raw.mapped(
        Raw.orders(),
        List.of("id", "$.id", "state", "$.state", "amount", "$.amount", "items", "$.items"),
        List.of(mapping));
  }

  @Test
  void oneRecordMayStandForSeveralOrderEvents() {
    Feed feed =
        orders(
            "order_id",
            "id",
            "order_event_id",
            "id",
            "order_event",
            "from_json(state, 'array<string>')",
            "event_at",
            "timestamp'2026-03-01 10:05:00Z'",
            "market",
            "'US'",
            "currency",
            "'USD'",
            "lines",
            "from_json(items,"
                + " 'array<struct<line_id:string,quantity:int,unit_price:decimal(12,4)>>')");
    Dataset<Row> rows =
        Raw.read(
            feed,
            Raw.file(
                folder,
                "o.json",
                "{'id':1,'state':['placed','paid'],'items':[{'line_id':'a','quantity':2,'unit_price':1.2500}]}",
                "{'id':2,'state':['paid','gone']}",
                "{'id':3,'state':[]}",
                "{'id':4,'state':['placed'],'items':[]}",
                "{'id':5,'state':null}"));
    assertThat(Raw.accepted(rows, "order_id", "order_event", "source_part", "lines"))
        .containsExactly(
            "{'order_id':'1','order_event':'paid','source_part':1,'lines':[{'line_id':'a','quantity':2,'unit_price':1.250000}]}",
            "{'order_id':'1','order_event':'placed','source_part':0,'lines':[{'line_id':'a','quantity':2,'unit_price':1.250000}]}");
    assertThat(Raw.rejected(rows))
        .containsExactly(
            "2 unknown_value order_event",
            "3 missing_field order_event",
            "4 missing_field lines",
            "5 missing_field order_event");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
  }

  @Test
  void linesAsJsonTextAreJudgedAsStrictlyAsNativeOnes() {
    Feed feed =
        orders(
            "order_id",
            "id",
            "order_event_id",
            "id",
            "order_event",
            "'placed'",
            "event_at",
            "'2026-03-01T10:05:00Z'",
            "market",
            "'US'",
            "currency",
            "'USD'",
            "lines",
            "items",
            "tax",
            "amount");
    String line = "'line_id':'a','quantity':1,'unit_price':1";
    assertThat(
            Raw.rejected(
                Raw.read(
                    feed,
                    Raw.file(
                        folder,
                        "o.json",
                        "{'id':1,'items':'[{]'}",
                        "{'id':2,'items':'x'}",
                        "{'id':3,'items':[{" + line + ",'quantity':2}]}",
                        "{'id':4,'items':'[{\\'line_id\\':\\'a\\',\\'line_id\\':\\'b\\'}]'}",
                        "{'id':5,'items':[{" + line + "}],'amount':'0.005'}",
                        "{'id':6,'items':[{" + line.replace("1,'unit", "'0x1','unit") + "}]}"))))
        .containsExactly(
            "1 wrong_type lines",
            "2 wrong_type lines",
            "3 duplicate_key quantity",
            "4 duplicate_key lines",
            "5 too_many_digits tax",
            "6 wrong_type lines.quantity");
  }

  @Test
  void aMappingThatCannotWorkIsToldBeforeAnythingIsRead() {
    assertThatThrownBy(() -> Raw.read(events("region", "upper(nothing)")))
        .isInstanceOf(ShoplensException.class)
        .hasMessageStartingWith(
            "Feed f: the mapping of region does not compile: upper(nothing)\n"
                + "  Cause: [UNRESOLVED_COLUMN")
        .hasMessageContaining("Cure:  It can use the fields id, when_, v, kind and _file");
    assertThatThrownBy(() -> Raw.read(events("region", "upper(v")))
        .hasMessageStartingWith(
            "Feed f: the mapping of region does not compile: upper(v\n"
                + "  Cause: [PARSE_SYNTAX_ERROR]");
    assertThatThrownBy(() -> Raw.read(events("region", "explode(array(v, v))")))
        .hasMessageStartingWith("Feed f: the mapping of region does not compile: explode");
    assertThatThrownBy(() -> Raw.read(events("region", "max(v)")))
        .hasMessageStartingWith("Feed f: the mapping of region does not compile: max(v)");
    assertThatThrownBy(() -> Raw.read(events("regions", "v")))
        .hasMessageStartingWith(
            "feeds.f.mapping.regions is no field of the contract.\n  Cause: Allowed are event_id, ");
    assertThatThrownBy(() -> Raw.read(events("_keep", "v")))
        .hasMessageStartingWith("Feed f: the mapping of _keep, v, gives no boolean");
    assertThatThrownBy(
            () ->
                Raw.read(
                    Raw.mapped(Raw.events(), List.of("a", "$.b[x]"), List.of("event_id", "a"))))
        .hasMessageStartingWith("Feed f: the path '$.b[x]' can't be read");
    assertThatThrownBy(
            () -> Raw.read(Raw.mapped(Raw.events(), List.of("a", "@.b"), List.of("event_id", "a"))))
        .hasMessageStartingWith("Feed f: a field's path starts with @");
  }
}
