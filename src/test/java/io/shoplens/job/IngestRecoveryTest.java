package io.shoplens.job;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.error.ShoplensException;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.table.Ledger;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves that died while it took raw logs in, and what files do in the meantime. */
class IngestRecoveryTest {
  private static final Map<String, String> HALF = Map.of("ingest.file-reject-limit", "0.5");

  @TempDir Path folder;

  @Test
  void aPlannedFileThatChangedSinceIsReadAsItIsNow() throws IOException {
    Place place = planned();
    place.put("events/b.jsonl", click("e3", "other"));

    place.ingest();

    assertThat(place.settled())
        .containsExactly("a.jsonl 1 done", "b.jsonl 1 gone", "b.jsonl 2 done");
    assertThat(place.clicks()).containsExactly("e1 p1 1", "e3 other 2");
  }

  @Test
  void aPlannedFileThatWasAwayIsReadOnceItIsBack() throws IOException {
    Place place = planned();
    Path file = folder.resolve("place/events/b.jsonl");
    Path away = folder.resolve("b.jsonl");
    Files.move(file, away);

    place.ingest();
    assertThat(place.settled()).containsExactly("a.jsonl 1 done", "b.jsonl 1 gone");
    Files.move(away, file);
    place.ingest();

    assertThat(place.clicks()).containsExactly("e1 p1 1", "e2 p1 2");
  }

  @Test
  void whatIsGoneIsEnteredBeforeTheOthersAreAppendedSoThatASecondDeathDoesNotTakeItForRead()
      throws IOException {
    Place place = planned();
    Path file = folder.resolve("place/events/b.jsonl");
    Path away = folder.resolve("b.jsonl");
    Files.move(file, away);
    place.ingest();
    long settled = place.lake().version(Ledger.TABLE).orElseThrow();
    assertThat(
            Rows.json(
                place
                    .lake()
                    .readVersion(Ledger.TABLE, settled - 1)
                    .where("file_state <> 'planned'"),
                "file_state"))
        .containsExactly("{'file_state':'gone'}");
    place.lake().delete(Ledger.TABLE, col("file_state").equalTo("done"));
    Files.move(away, file);

    place.ingest();
    place.ingest();

    assertThat(place.settled())
        .containsExactly("a.jsonl 1 done", "b.jsonl 1 gone", "b.jsonl 2 done");
    assertThat(place.clicks()).containsExactly("e1 p1 1", "e2 p1 2");
  }

  @Test
  void anUnfinishedPlanOfAFeedThatWasRenamedIsTold() throws IOException {
    Place place = new Place(folder, "place");
    place.put("events/a.jsonl", click("e1", "p1"));
    place.plan();

    Place renamed = new Place(folder, "place", "web", Map.of());

    assertThatThrownBy(renamed::ingest)
        .isInstanceOf(ShoplensException.class)
        .hasMessageContaining("Ingest 1 can't be completed.")
        .hasMessageContaining("such as file:" + folder + "/place/events/a.jsonl")
        .hasMessageContaining("Configure feeds.clicks again, run once, then rename or remove it.");
    place.ingest();
    assertThat(place.clicks()).containsExactly("e1 p1 1");
  }

  @Test
  void aRunThatDiedBeforeItSettledLosesNoCorrectionOfAnOlderFile() throws IOException {
    Place place = new Place(folder, "place");
    // Of these two it is the first that loses.
    place.put("events/a.jsonl", click("e1", "p1"));
    place.ingest();
    place.put("events/b.jsonl", click("e1", "p2"), click("e1", "p2"));
    place.ingest();
    Map<String, String> balances = place.balances();

    place
        .lake()
        .delete(
            Ledger.TABLE,
            col("sequence")
                .equalTo(2)
                .and(col("path").endsWith("b.jsonl"))
                .and(col("file_state").notEqual("planned")));
    place.ingest();

    assertThat(place.balances()).isEqualTo(balances);
    assertThat(balances)
        .containsEntry("events/a", "1 = 0 + 0 + 1 + 0")
        .containsEntry("events/b", "2 = 1 + 1 + 0 + 0");
  }

  @Test
  void recordsOfAHeldFileTakeNoneFromOtherFiles() throws IOException {
    Map<String, String> limits = Map.of("ingest.file-reject-limit", "0.4");
    Place place = new Place(folder, "place", "clicks", limits);
    place.put("events/a.jsonl", click("e1", "p1"), "{}");
    place.put("events/b.jsonl", click("e1", "p1"));

    place.ingest();

    assertThat(place.settled()).containsExactly("a.jsonl 1 held", "b.jsonl 1 done");
    assertThat(place.balances())
        .containsEntry("events/a", "2 = 1 + 0 + 1 + 0")
        .containsEntry("events/b", "1 = 1 + 0 + 0 + 0");
    assertThat(place.clicks()).containsExactly("e1 p1 1");
  }

  @Test
  void aFileThatWasHeldIsHeldWhateverTheLimitsAreByNow() throws IOException {
    Place strict = new Place(folder, "place", "clicks", HALF);
    strict.put("events/a.jsonl", click("e1", "p1"), "{}", "{}");
    strict.ingest();
    Map<String, String> balances = strict.balances();
    strict.unsettle(1);

    Place lax = new Place(folder, "place");
    lax.ingest();

    assertThat(lax.settled()).containsExactly("a.jsonl 1 held", "a.jsonl 2 done");
    assertThat(balances).containsExactly(Map.entry("events/a", "3 = 1 + 0 + 2 + 0"));
    assertThat(lax.balances()).isEqualTo(balances);
    assertThat(lax.clicks()).containsExactly("e1 p1 2");
  }

  @Test
  void aFileThatIsAcceptedAsItIsIsSoInTheNextRunToo() throws IOException {
    Place place = new Place(folder, "place", "clicks", HALF);
    place.put("events/a.jsonl", click("e1", "p1"), "{}", "{}");
    place.ingest();
    place.accept("events/a");
    assertThat(place.settled()).containsExactly("a.jsonl 1 held", "a.jsonl 2 done");

    place.unsettle(2);
    place.ingest();

    assertThat(place.settled()).containsExactly("a.jsonl 1 held", "a.jsonl 2 done");
    assertThat(place.clicks()).containsExactly("e1 p1 2");

    place.put("events/b.jsonl", click("e2", "p1"), "{}", "{}");
    place.ingest();
    place.planAccepting("events/b");
    place.accept("events/b");

    assertThat(place.settled()).contains("b.jsonl 3 held", "b.jsonl 4 done");
    assertThat(place.clicks()).containsExactly("e1 p1 2", "e2 p1 4");
  }

  @Test
  void whatAFileThatIsGoneWasToTakeFromAnOlderOneIsTakenBack() throws IOException {
    Place place = new Place(folder, "place");
    // Of these two it is the first that loses.
    place.put("events/a.jsonl", click("e1", "p1"));
    place.ingest();
    place.put("events/b.jsonl", click("e1", "p2"));
    place.plan();
    Entry a = place.entry("events/a");
    place
        .ledger()
        .record(
            List.of(
                new Entry(
                    2,
                    a.file(),
                    a.state(),
                    a.balance().map(balance -> balance.afterRejecting(1)),
                    a.configDigest())),
            "died",
            Instant.parse("2026-03-08T00:00:00Z"));
    place.put("events/b.jsonl", click("e2", "p2"));

    place.ingest();

    assertThat(place.balances())
        .containsEntry("events/a", "1 = 1 + 0 + 0 + 0")
        .containsEntry("events/b", "1 = 1 + 0 + 0 + 0");
    assertThat(place.clicks()).containsExactly("e1 p1 1", "e2 p2 3");
  }

  @Test
  void nothingOfAHeldFileIsKeptThatWentWhileItsRedeliveryWasPlanned() throws IOException {
    Place place = new Place(folder, "place", "clicks", HALF);
    place.put("events/a.jsonl", "{}");
    place.ingest();
    place.put("events/a.jsonl", click("e1", "p1"));
    place.plan();
    Files.delete(folder.resolve("place/events/a.jsonl"));

    place.ingest();

    assertThat(place.settled()).containsExactly("a.jsonl 1 held", "a.jsonl 2 gone");
    assertThat(place.quarantine()).isEmpty();
  }

  @Test
  void aHeldFileOfAFeedThatIsNotConfiguredStaysHeldAndHoldsNoRunUp() throws IOException {
    Place place = new Place(folder, "place", "clicks", HALF);
    place.put("events/a.jsonl", "{}");
    place.ingest();
    List<String> quarantine = place.quarantine();
    Place other =
        new Place(folder, "place", "web", Map.of("feeds.web.path", folder + "/place/web"));
    other.put("web/b.jsonl", click("e1", "p1"));

    RunReport report = other.ingest();

    assertThat(report.state()).isNotEqualTo("held");
    assertThat(report.heldFor()).isEmpty();
    assertThat(place.settled()).containsExactly("a.jsonl 1 held", "b.jsonl 2 done");
    assertThat(place.quarantine()).isEqualTo(quarantine).hasSize(1);
    assertThatThrownBy(() -> other.accept("events/a"))
        .isInstanceOf(ShoplensException.class)
        .hasMessageContaining("Its feed clicks is not configured.");
  }

  @Test
  void whyAFileIsHeldIsCountedOfWhatItHoldsNow() throws IOException {
    Place place = new Place(folder, "place", "clicks", HALF);
    place.put("events/a.jsonl", "{}", "{}", click("e1", "p1"), click("e2", "p1"));
    assertThat(place.ingest().heldFor()).isEmpty();
    place.put("events/a.jsonl", "{}", "{}", "{}", click("e1", "p1"));

    RunReport report = place.ingest();

    assertThat(report.heldFor())
        .contains(new RejectFacts("clicks", "missing_field", "event_id", 3, 4, "{}"));
  }

  @Test
  void noStepGoesOnWhereAnIngestWasLeftUnfinished() throws IOException {
    Place place = new Place(folder, "place");
    place.put("events/a.jsonl", click("e1", "p1"));
    place.ingest();
    place.put("events/b.jsonl", click("e2", "p1"));
    place.plan();

    assertThatThrownBy(() -> place.step(Step.CLICKSTREAM))
        .isInstanceOf(ShoplensException.class)
        .hasMessageContaining("Ingest 2 was left unfinished.")
        .hasMessageContaining("had taken in 1 planned files, such as file:")
        .hasMessageContaining("Run shoplens ingest first");
    place.ingest();
    place.step(Step.CLICKSTREAM);
  }

  @Test
  void whatWasLeftOutIsHeldEvenWhereWithoutItNoLimitIsPassed() throws IOException {
    Map<String, String> limits =
        Map.of("ingest.file-reject-limit", "0.6", "ingest.run-reject-limit", "0.25");
    Place place = new Place(folder, "place", "clicks", limits);
    // 2 of 7 are rejected, one of them as it loses a conflict; without that, 1.
    place.put("events/a.jsonl", "{}", click("e1", "p2"), click("e2", "p1"), click("e3", "p1"));
    place.put("events/b.jsonl", click("e1", "p1"), click("e4", "p1"), click("e5", "p1"));

    place.ingest();

    assertThat(place.settled()).containsExactly("a.jsonl 1 held", "b.jsonl 1 held");
    assertThat(place.balances())
        .containsEntry("events/a", "4 = 3 + 0 + 1 + 0")
        .containsEntry("events/b", "3 = 2 + 0 + 1 + 0");
    assertThat(place.clicks()).isEmpty();
  }

  @Test
  void whatIsRejectedOfAnAcceptedFileHoldsNoOther() throws IOException {
    Map<String, String> limits =
        Map.of("ingest.file-reject-limit", "0.5", "ingest.run-reject-limit", "0.25");
    Place place = new Place(folder, "place", "clicks", limits);
    place.put("events/a.jsonl", "{}", "{}", click("e1", "p1"));
    place.ingest();
    // With those of the other file, 3 of 7 are rejected.
    place.put("events/b.jsonl", "{}", click("e2", "p1"), click("e3", "p1"), click("e4", "p1"));

    place.accept("events/a");

    assertThat(place.settled())
        .containsExactly("a.jsonl 1 held", "a.jsonl 2 done", "b.jsonl 2 done");
  }

  /** Two files that were planned by a run which died. */
  private Place planned() throws IOException {
    Place place = new Place(folder, "place");
    place.put("events/a.jsonl", click("e1", "p1"));
    place.put("events/b.jsonl", click("e2", "p1"));
    place.plan();
    return place;
  }

  private static String click(String id, String product) {
    return "{'event_id':'%s','event_type':'product_click','event_at':'2026-03-02T10:05:00Z',"
            .formatted(id)
        + "'user_id':'u1','market':'US','product_id':'%s'}".formatted(product);
  }
}
