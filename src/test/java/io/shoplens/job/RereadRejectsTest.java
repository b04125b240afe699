package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in quarantine of a path that comes with new content. */
class RereadRejectsTest {
  private static final String NEW = "2026-03-02T10:05:00Z";
  private static final String OLD = "1999-05-05T10:05:00Z";

  @TempDir Path folder;

  @Test
  void aBadLineOfALogThatGrowsStandsOnceAndOneThatWasHalfWrittenNotAtAll() throws IOException {
    Place place = new Place(folder, "place");
    write("{}", click("e1", NEW), "{'event_id':'e2',");
    place.ingest();
    assertThat(place.quarantine())
        .containsExactly("clicks 1 missing_field event_id 1", "clicks 3 not_json 1");
    List<Row> before = place.lake().read(Events.TABLE).where(Bronze.isRejected()).collectAsList();

    write("{}", click("e1", NEW), "{'event_id':'e2'," + click("e2", NEW).substring(17), "{}");
    place.ingest();

    List<String> once =
        List.of("clicks 1 missing_field event_id 2", "clicks 4 missing_field event_id 2");
    assertThat(place.quarantine()).isEqualTo(once);
    assertThat(place.clicks()).containsExactly("e1 p1 1", "e2 p1 2");
    Map<String, String> balances = place.balances();
    assertThat(balances).containsExactly(Map.entry("events/a", "4 = 1 + 1 + 2 + 0"));

    place
        .lake()
        .append(Events.TABLE, LocalSpark.session().createDataFrame(before, Events.TABLE.schema()));
    place.unsettle(2);
    place.ingest();

    assertThat(place.quarantine()).isEqualTo(once);
    assertThat(place.balances()).isEqualTo(balances);
  }

  @Test
  void whatIsAcceptedOnceItsFileIsReadAnewLeavesIt() throws IOException {
    Place place = new Place(folder, "place");
    write(click("e1", OLD), "{}");
    place.ingest();
    Place mended =
        new Place(folder, "place", "clicks", Map.of("ingest.earliest-date", "1990-01-01"));
    write(click("e1", OLD), "{}", click("e2", NEW));

    mended.ingest();

    assertThat(mended.clicks()).containsExactly("e1 p1 2", "e2 p1 2");
    assertThat(mended.quarantine()).containsExactly("clicks 2 missing_field event_id 2");
  }

  @Test
  void whatTheNewContentDoesNotHoldIsKept() throws IOException {
    Place place = new Place(folder, "place");
    write("{'x':1}", click("e1", NEW));
    place.ingest();
    write("{'y':22}", click("e2", NEW));

    place.ingest();

    assertThat(place.quarantine())
        .containsExactly("clicks 1 missing_field event_id 1", "clicks 1 missing_field event_id 2");
  }

  @Test
  void whereTheNewContentIsHeldWhatStoodBeforeIsKept() throws IOException {
    Place place = new Place(folder, "place", "clicks", Map.of("ingest.file-reject-limit", "0.5"));
    write("{}", click("e1", NEW));
    place.ingest();
    write("{}", click("e1", NEW), "{}");
    place.ingest();
    assertThat(place.quarantine()).hasSize(3);

    Files.delete(folder.resolve("place/events/a.jsonl"));
    place.ingest();

    assertThat(place.quarantine()).containsExactly("clicks 1 missing_field event_id 1");
  }

  @Test
  void ofRecordsWhoseBytesAreNotKeptOneStandsForTheSamePlaceAndReason() throws IOException {
    Path keys =
        Files.writeString(
            folder.resolve("keys"), "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    Place place =
        new Place(
            folder,
            "place",
            "clicks",
            Map.of("privacy.pseudonyms", "on", "privacy.key-file", keys.toString()));
    write("{}", click("e1", NEW));
    place.ingest();
    write("{}", click("e1", NEW), "[");

    place.ingest();

    assertThat(place.texts("SELECT 'bytes' FROM ops.quarantine WHERE reject_raw IS NOT NULL"))
        .isEmpty();
    assertThat(place.quarantine())
        .containsExactly("clicks 1 missing_field event_id 2", "clicks 3 not_json 2");
  }

  /** Lines of which the last has no end yet. */
  private void write(String... lines) throws IOException {
    Files.writeString(
        folder.resolve("place/events/a.jsonl"), String.join("\n", lines).replace('\'', '"'));
  }

  private static String click(String id, String at) {
    return "{'event_id':'%s','event_type':'product_click','event_at':'%s',".formatted(id, at)
        + "'user_id':'u1','market':'US','product_id':'p1'}";
  }
}
