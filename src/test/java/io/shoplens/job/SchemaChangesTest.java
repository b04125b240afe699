package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds whose fields change, and tables that were written before a field was declared. */
class SchemaChangesTest {
  private static final String CLICK =
      "{'event_id':'e1','event_type':'search','event_at':'2026-03-02T10:05:00Z','user_id':'u1',"
          + "'market':'US','region':'US-CA'}";

  @TempDir Path folder;

  @Test
  void fieldsThatTheContractDoesNotHaveAreToldOnceAndCounted() throws IOException {
    Place place = new Place(folder, "place");
    place.put("events/a.jsonl", CLICK.replace("}", ",'screen':null,'build':7}"));
    place.put(
        "events/b.jsonl",
        CLICK.replace("e1", "e2").replace("}", ",'screen':'home'}"),
        CLICK.replace("e1", "e2").replace("}", ",'screen':'home'}"),
        CLICK.replace("e1", "").replace("}", ",'screen':{'x':1}}"));
    place.put(
        "orders/a.jsonl",
        "{'order_event_id':'1','order_id':'o1','order_event':'placed','market':'US',"
            + "'event_at':'2026-03-02T11:00:00Z','currency':'USD','gift':true,"
            + "'lines':[{'line_id':'1','quantity':1,'unit_price':1,'size':'L'},"
            + "{'line_id':'2','quantity':1,'unit_price':1,'size':'M'}]}");

    assertThat(place.ingest().unknownFields())
        .containsExactly(
            new UnknownField("clicks", "build", 1, "number", true),
            new UnknownField("clicks", "screen", 4, "string", true),
            new UnknownField("orders", "gift", 1, "boolean", true),
            new UnknownField("orders", "lines.size", 1, "string", true));

    place.put("events/c.jsonl", CLICK.replace("e1", "e4").replace("}", ",'build':8,'tab':[1]}"));
    assertThat(place.ingest().unknownFields())
        .containsExactly(new UnknownField("clicks", "tab", 1, "array", true));
    assertThat(
            Rows.json(place.lake().query("SELECT * FROM ops.schema_drift WHERE feed = 'clicks'")))
        .containsExactly(
            drift("build", "a.jsonl", 2, "number"),
            drift("screen", "a.jsonl", 4, "string"),
            drift("tab", "c.jsonl", 1, "array"));
    assertThat(place.ingest().unknownFields()).isEmpty();
  }

  @Test
  void aMappedFeedTellsWhatItsMappingDoesNotRead() throws IOException {
    Place place =
        new Place(
            folder,
            "mapped",
            "clicks",
            Map.of(
                "feeds.clicks.fields.id", "$.event_id",
                "feeds.clicks.fields.at", "$.time.at",
                "feeds.clicks.mapping.event_id", "id",
                "feeds.clicks.mapping.event_type", "'search'",
                "feeds.clicks.mapping.event_at", "at",
                "feeds.clicks.mapping.user_id", "'u1'",
                "feeds.clicks.mapping.market", "'US'"));
    place.put(
        "events/a.jsonl",
        "{'event_id':'e1','time':{'at':'2026-03-02T10:05:00Z','zone':'x'},'lines':'7','tab':1}",
        "{'event_id':'e2','time':{'at':'2026-03-02T10:05:00Z'},'lines':null,'tab':2}");

    assertThat(place.ingest().unknownFields())
        .containsExactly(
            new UnknownField("clicks", "lines", 2, "string", false),
            new UnknownField("clicks", "tab", 2, "number", false));
    assertThat(place.texts("SELECT DISTINCT string(extra IS NULL) FROM bronze.events"))
        .containsExactly("true");
    assertThat(place.ingest().unknownFields()).isEmpty();
  }

  private String drift(String field, String file, long records, String type) {
    return "{'feed':'clicks','field':'%s','first_seen_at':'2026-03-09T00:00:00.000Z',"
            .formatted(field)
        + "'first_file':'file:%s/place/events/%s','records':%d,'example_type':'%s'}"
            .formatted(folder, file, records, type);
  }

  @Test
  void aFieldDeclaredLaterAppearsInATableThatIsNotRewritten() throws IOException {
    Place place = new Place(folder, "place");
    String without = CLICK.replace(",'region':'US-CA'", "");
    place.put("events/a.jsonl", without);
    place.ingest();
    // As an older version left it: a table without some of the columns.
    Path table = folder.resolve("place/lake/bronze/events");
    List<String> newer = List.of("region", "file_unknown_fields");
    LocalSpark.session()
        .read()
        .format("delta")
        .load(table.toString())
        .drop(newer.toArray(String[]::new))
        .write()
        .format("delta")
        .partitionBy("event_utc_date")
        .save(folder.resolve("older").toString());
    Files.move(table, folder.resolve("away"));
    Files.move(folder.resolve("older"), table);
    List<String> files = List.of(place.lake().read(Events.TABLE).inputFiles());
    assertThat(place.lake().read(Events.TABLE).columns()).contains("region");

    place.put("events/b.jsonl", without, CLICK.replace("e1", "e2").replace("}", ",'tab':1}"));
    place.ingest();

    assertThat(
            place.texts(
                "SELECT concat_ws(' ', event_id, region, sequence) FROM bronze.events WHERE"
                    + " record_kind = 'accepted' ORDER BY 1"))
        .containsExactly("e1 1", "e2 US-CA 2");
    assertThat(place.balances())
        .isEqualTo(Map.of("events/a", "1 = 1 + 0 + 0 + 0", "events/b", "2 = 1 + 1 + 0 + 0"));
    assertThat(place.lake().read(Events.TABLE).inputFiles()).contains(files.toArray(String[]::new));
  }
}
