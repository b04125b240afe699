package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.error.ShoplensException;
import io.shoplens.lake.FeedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
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
    assertThat(mended.clicks()).containsExactly("e1 p1 1", "e2 p1 2");
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
    assertThat(mended.clicks()).containsExactly("e1 p1 1", "e2 p1 2");
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

    assertThat(mended.clicks()).containsExactly("e1 p1 1", "e2 p1 2");
    Map<String, String> balances = mended.balances();
    assertThat(balances).containsEntry("events/a", "6 = 2 + 2 + 2 + 0");
    List<String> quarantine = mended.quarantine();

    mended.unsettle(2);
    mended.ingest();

    assertThat(mended.clicks()).containsExactly("e1 p1 1", "e2 p1 2");
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
        click("e1", NEW, "p1"),
        click("e2", OLD, "p1"),
        click("e2", OLD, "p1"),
        "{}",
        // Of these two it is the second that loses.
        click("e1", NEW, "p3"),
        click("e1", NEW, "p1"));
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
