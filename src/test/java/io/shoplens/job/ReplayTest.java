package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.error.ShoplensException;
import io.shoplens.lake.FeedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quarantined records that are read again, and published dates that are opened again by it. */
class ReplayTest {
  private static final String OLD = "1999-05-05T10:05:00Z";
  private static final String NEW = "2026-03-02T10:05:00Z";

  /** As they are, events of 1999 are refused; mended, they are not. */
  private static final Map<String, String> MENDED = Map.of("ingest.earliest-date", "1990-01-01");

  @TempDir Path folder;

  @Test
  void takesWhatIsAcceptedNowOnceAndLeavesTheRestAsItWas() throws IOException {
    Place place = written();
    place.ingest();
    assertThat(place.quarantine())
        .containsExactly(
            "clicks 2 out_of_range event_at 1",
            "clicks 3 out_of_range event_at 1",
            "clicks 4 missing_field event_id 1",
            "clicks 5 conflicting_duplicate event_id 1",
            "orders 2 out_of_range event_at 1");
    assertThat(place.balances())
        .isEqualTo(Map.of("events/a", "6 = 1 + 1 + 4 + 0", "orders/a", "2 = 1 + 0 + 1 + 0"));

    assertThat(place.replay(QuarantineFilter.any()).records()).isZero();
    Place mended = new Place(folder, "place", "clicks", MENDED);
    RunReport report = mended.replay(QuarantineFilter.any());

    assertThat(List.of(report.records(), report.accepted(), report.duplicate(), report.rejected()))
        .containsExactly(4L, 2L, 1L, 1L);
    assertThat(mended.clicks()).containsExactly("e1 p3 1", "e2 p1 2");
    List<String> left =
        List.of("clicks 4 missing_field event_id 2", "clicks 5 conflicting_duplicate event_id 1");
    assertThat(mended.quarantine()).isEqualTo(left);
    Map<String, String> balances =
        Map.of("events/a", "6 = 2 + 2 + 2 + 0", "orders/a", "2 = 2 + 0 + 0 + 0");
    assertThat(mended.balances()).isEqualTo(balances);
    assertThat(mended.entry("events/a").balance().orElseThrow().dates())
        .containsExactly(LocalDate.parse("1999-05-05"));

    assertThat(mended.replay(QuarantineFilter.any()).records()).isZero();
    assertThat(mended.ledger().lastSequence()).isEqualTo(2);
    QuarantineFilter named =
        new QuarantineFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("events/a.jsonl"));
    assertThat(mended.replay(named).rejected()).isEqualTo(1);
    assertThat(mended.clicks()).containsExactly("e1 p3 1", "e2 p1 2");
    assertThat(mended.balances()).isEqualTo(balances);

    mended.unsettle(3);
    mended.ingest();
    assertThat(mended.balances()).isEqualTo(balances);
    assertThat(mended.quarantine())
        .containsExactly("clicks 4 missing_field event_id 3", left.get(1));
  }

  @Test
  void isTakenUpWhereverItsRunDied() throws IOException {
    Place place = written();
    place.ingest();
    Place mended = new Place(folder, "place", "clicks", MENDED);
    List<FeedFile> files = new ArrayList<>();
    TreeMap<String, Long> replays = new TreeMap<>();
    for (String name : List.of("events/a", "orders/a")) {
      FeedFile file = mended.entry(name).file();
      files.add(file);
      replays.put(file.path(), name.startsWith("events") ? 3L : 1L);
    }
    mended.plan(files, replays);

    mended.ingest();

    assertThat(mended.clicks()).containsExactly("e1 p3 1", "e2 p1 2");
    Map<String, String> balances = mended.balances();
    assertThat(balances).containsEntry("events/a", "6 = 2 + 2 + 2 + 0");
    List<String> quarantine = mended.quarantine();

    mended.unsettle(2);
    mended.ingest();

    assertThat(mended.clicks()).containsExactly("e1 p3 1", "e2 p1 2");
    assertThat(mended.balances()).isEqualTo(balances);
    assertThat(mended.quarantine()).isEqualTo(quarantine);
  }

  @Test
  void isRefusedWhereTheRecordsAreNotFoundAgainAndNothingIsLost() throws IOException {
    Place place = written();
    place.ingest();
    FeedFile file = place.entry("events/a").file();
    place.plan(List.of(file), new TreeMap<>(Map.of(file.path(), 4L)));

    assertThatThrownBy(place::ingest)
        .isInstanceOf(ShoplensException.class)
        .hasMessageContaining("Can't replay " + file.path() + ".")
        .hasMessageContaining("Not all of its 4 quarantined records are found where they were");

    place.ingest();
    assertThat(place.quarantine()).hasSize(5);
    assertThat(place.balances()).containsEntry("events/a", "6 = 1 + 1 + 4 + 0");
  }

  @Test
  void isRefusedWhereALineThatWasRejectedAsAWholeHoldsSeveralRecordsNow() throws IOException {
    Map<String, String> sessions =
        Map.of(
            "feeds.clicks.explode", "$.events",
            "feeds.clicks.fields.id", "@.id",
            "feeds.clicks.fields.at", "@.at",
            "feeds.clicks.mapping.event_id", "id",
            "feeds.clicks.mapping.event_type", "'search'",
            "feeds.clicks.mapping.event_at", "at",
            "feeds.clicks.mapping.user_id", "id",
            "feeds.clicks.mapping.market", "'US'",
            "ingest.earliest-date", "1990-01-01");
    String padded = " ".repeat(1100) + "}";
    String one = "{'events':[{'id':'a','at':'%1$s'}]".formatted(NEW) + padded;
    String two =
        "{'events':[{'id':'b','at':'%1$s'},{'id':'c','at':'%1$s'}]".formatted(NEW) + padded;
    Place narrow = new Place(folder, "place", "clicks", limited(sessions, "1KiB"));
    narrow.put("events/one.jsonl", one);
    narrow.put("events/two.jsonl", two);
    narrow.ingest();
    assertThat(narrow.quarantine()).containsExactly("clicks 1 not_json 1", "clicks 1 not_json 1");

    Place wide = new Place(folder, "place", "clicks", limited(sessions, "1MiB"));
    assertThatThrownBy(() -> wide.replay(QuarantineFilter.any()))
        .isInstanceOf(ShoplensException.class)
        .hasMessageContaining("/events/two.jsonl.")
        .hasMessageContaining("lines that were rejected as a whole hold several now");

    assertThat(wide.quarantine()).hasSize(2);
    wide.ingest();
    assertThat(wide.clicks()).containsExactly("a 2");
    assertThat(wide.quarantine()).containsExactly("clicks 1 not_json 1");
  }

  private static Map<String, String> limited(Map<String, String> settings, String bytes) {
    Map<String, String> limited = new HashMap<>(settings);
    limited.put("ingest.record-limit", bytes);
    return limited;
  }

  @Test
  void aPathThatHasItsFirstContentAgainIsReplayedFromItsLastReading() throws IOException {
    Place place = new Place(folder, "place");
    for (String id : List.of("e1", "e2", "e1")) {
      place.put("events/a.jsonl", click(id, OLD, "p1"));
      Files.setLastModifiedTime(
          folder.resolve("place/events/a.jsonl"),
          FileTime.from(Instant.parse(id.equals("e1") ? NEW : OLD)));
      place.ingest();
    }

    Place mended = new Place(folder, "place", "clicks", MENDED);
    mended.replay(QuarantineFilter.any());

    assertThat(mended.clicks()).containsExactly("e1 p1 4");
    assertThat(mended.balances()).containsEntry("events/a", "1 = 1 + 0 + 0 + 0");
  }

  @Test
  void datesThatWerePublishedAreReopenedForAReason() throws IOException {
    Place place = written();
    place.ingest();
    place.put(
        "events/late.jsonl", click("e7", NEW, "p1"), click("e8", "2026-03-04T10:05:00Z", "p"));
    place.put("orders/a.jsonl", order("o1", NEW), order("o2", OLD), order("o3", NEW));
    Files.delete(folder.resolve("place/events/a.jsonl"));
    place.ingest();
    place.put("events/z.jsonl", click("e7", NEW, "p0"), click("e7", NEW, "p9"));
    place.ingest();

    LocalDate date = LocalDate.parse("2026-03-02");
    TreeSet<LocalDate> dates = new TreeSet<>(List.of(date));
    assertThat(Reopened.since(1, place.ledger(), new TreeSet<>(List.of(date, date.plusDays(9)))))
        .containsExactly(
            new Reopened(Reopened.Reason.LATE_DATA, "clicks", 2, dates),
            new Reopened(Reopened.Reason.NEW_CONTENT, "orders", 1, dates),
            // Of the three e7 one of those read last stands.
            new Reopened(Reopened.Reason.CONFLICT, "clicks", 1, dates),
            new Reopened(Reopened.Reason.ASKED, "", 0, dates));
    assertThat(Reopened.since(0, place.ledger(), dates)).isEmpty();
  }

  private Place written() throws IOException {
    Place place = new Place(folder, "place");
    place.put(
        "events/a.jsonl",
        click("e1", NEW, "p3"),
        click("e2", OLD, "p1"),
        click("e2", OLD, "p1"),
        "{}",
        // Of these two it is the second that loses.
        click("e1", NEW, "p1"),
        click("e1", NEW, "p3"));
    place.put("orders/a.jsonl", order("o1", NEW), order("o2", OLD));
    return place;
  }

  private static String click(String id, String at, String product) {
    return "{'event_id':'%s','event_type':'product_click','event_at':'%s',".formatted(id, at)
        + "'user_id':'u1','market':'US','product_id':'%s'}".formatted(product);
  }

  private static String order(String id, String at) {
    return "{'order_event_id':'%s-1','order_id':'%s','order_event':'paid',".formatted(id, id)
        + "'event_at':'%s','market':'US','currency':'USD'}".formatted(at);
  }
}
