package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.Rows;
import io.shoplens.testing.S3Relay;
import io.shoplens.testing.S3Relay.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that say something else under an id that is known. */
class ConflictsTest {
  private static final String CLICK =
      "{'event_id':'e1','event_type':'product_click','event_at':'2026-03-02T10:05:00Z',"
          + "'user_id':'u1','market':'US','product_id':'p1'}";
  private static final String OTHER_CLICK = CLICK.replace("p1", "p2");
  private static final String PAID =
      "{'order_event_id':'o1-2','order_id':'o1','order_event':'paid',"
          + "'event_at':'2026-03-02T11:00:00Z','market':'US','currency':'USD'}";
  private static final String ELSEWHERE = PAID.replace("'US'", "'ID'");

  /** Of another date in its market. */
  private static final String OTHER_PAID =
      PAID.replace("2026-03-02T11", "2026-03-04T11").replace("}", ", 'tax': 1.50 }");

  @TempDir Path folder;

  @Test
  void endTheSameWhicheverCameFirstAndKeepTheLosersBytes() throws IOException {
    Place together = new Place(folder, "together");
    together.put("events/a.jsonl", CLICK, OTHER_CLICK, CLICK);
    together.put("orders/a.jsonl", PAID, OTHER_PAID, PAID);
    together.ingest();
    Place forth = new Place(folder, "forth");
    forth.put("events/a.jsonl", CLICK);
    forth.put("orders/a.jsonl", PAID);
    forth.ingest();
    forth.put("events/b.jsonl", OTHER_CLICK);
    forth.put("orders/b.jsonl", OTHER_PAID);
    forth.ingest();
    Place back = new Place(folder, "back");
    back.put("events/b.jsonl", OTHER_CLICK);
    back.put("orders/b.jsonl", OTHER_PAID);
    back.ingest();
    back.put("events/a.jsonl", CLICK);
    back.put("orders/a.jsonl", PAID);
    back.ingest();

    List<String> records = records(forth);
    assertThat(records)
        .containsExactlyInAnyOrder(
            "accepted clicks " + standing(records, "clicks", CLICK, OTHER_CLICK),
            "accepted orders " + standing(records, "orders", PAID, OTHER_PAID),
            "rejected clicks conflicting_duplicate event_id "
                + losing(records, "clicks", CLICK, OTHER_CLICK),
            "rejected orders conflicting_duplicate order_event_id "
                + losing(records, "orders", PAID, OTHER_PAID));
    assertThat(records(back)).isEqualTo(records);
    assertThat(records(together)).isEqualTo(records);

    String clicks = losing(records, "clicks", CLICK, OTHER_CLICK).equals(CLICK) ? "a" : "b";
    String orders = losing(records, "orders", PAID, OTHER_PAID).equals(PAID) ? "a" : "b";
    for (Place place : List.of(forth, back)) {
      assertThat(place.balances())
          .containsEntry("events/" + clicks, "1 = 0 + 0 + 1 + 0")
          .containsEntry("events/" + (clicks.equals("a") ? "b" : "a"), "1 = 1 + 0 + 0 + 0")
          .containsEntry("orders/" + orders, "1 = 0 + 0 + 1 + 0")
          .containsEntry("orders/" + (orders.equals("a") ? "b" : "a"), "1 = 1 + 0 + 0 + 0");
    }
    assertThat(together.balances()).hasSize(2);
    assertThat(together.ledger().latest().values())
        .allSatisfy(entry -> assertThat(entry.balance().orElseThrow().isBalanced()).isTrue())
        .allSatisfy(entry -> assertThat(entry.balance().orElseThrow().accepted()).isEqualTo(1));
    // The run in which an older file loses brings up to date what the loser stood on.
    Place losesLater = orders.equals("a") ? forth : back;
    Entry corrected = losesLater.entry("orders/" + orders);
    assertThat(corrected.sequence()).isEqualTo(2);
    assertThat(corrected.balance().orElseThrow().dates())
        .extracting(String::valueOf)
        .containsExactly(orders.equals("a") ? "2026-03-02" : "2026-03-04");
  }

  /** Whichever of the two loses, in one of these places it came first and was published. */
  @Test
  void aRecordThatLosesLaterLeavesNoMarketAheadOfItsData() throws IOException {
    assertThat(knownAfter(Place::publishAsItIs, PAID, ELSEWHERE))
        .isEqualTo(knownAfter(Place::publishAsItIs, ELSEWHERE, PAID));
  }

  /** The same where nothing but the click was published: the runs that took them in died. */
  @Test
  void aRecordThatOnlyARunWhichDiedHasKnownLeavesNoMarketAheadOfItsData() throws IOException {
    assertThat(knownAfter(died -> {}, PAID, ELSEWHERE))
        .isEqualTo(knownAfter(died -> {}, ELSEWHERE, PAID));
  }

  /** The watermarks after a click was published and orders came, each with an end of its own. */
  private List<String> knownAfter(Consumer<Place> end, String... orders) throws IOException {
    Place place = new Place(Files.createTempDirectory(folder, "known"), "place");
    place.put("events/a.jsonl", CLICK);
    place.followWatermarks();
    place.publishAsItIs();
    for (String order : orders) {
      place.put("orders/" + List.of(orders).indexOf(order) + ".jsonl", order);
      place.followWatermarks();
      end.accept(place);
    }
    return Rows.json(place.lake().read(Watermarks.TABLE));
  }

  /** Of some of the ids it is the new version that loses, of others the one that was there. */
  @Test
  void ofAFileThatIsHeldForThemChangeNothingThatWasThere() throws IOException {
    Place place = new Place(folder, "held", "clicks", Map.of("ingest.file-reject-limit", "0.05"));
    String[] known = clicks("p1");
    place.put("events/a.jsonl", known);
    place.ingest();
    List<String> before = place.clicks();

    place.put("events/b.jsonl", clicks("p2"));
    place.put("events/b2.jsonl", clicks("p2"));
    place.put("events/c.jsonl", CLICK.replace("e1", "e9"));
    place.ingest();

    assertThat(place.settled())
        .containsExactly("a.jsonl 1 done", "b.jsonl 2 held", "b2.jsonl 2 held", "c.jsonl 2 done");
    assertThat(place.clicks()).containsAll(before).contains("e9 p1 2").hasSize(9);
    assertThat(place.quarantine())
        .isNotEmpty()
        .allMatch(row -> row.endsWith("conflicting_duplicate event_id 2"));
    assertThat(place.balances()).containsEntry("events/a", "8 = 8 + 0 + 0 + 0");

    place.put("events/b.jsonl", known[0]);
    place.put("events/b2.jsonl", known[1]);
    place.ingest();
    assertThat(place.balances()).containsEntry("events/b", "1 = 0 + 1 + 0 + 0");
    assertThat(place.quarantine()).isEmpty();
  }

  @Test
  void endWellThoughTheLosersFileIsArchivedAndRefused() throws Exception {
    AtomicBoolean isArchived = new AtomicBoolean();
    Path buckets = folder.resolve("buckets");
    try (LoopbackS3 s3 = LoopbackS3.start(buckets, "cold");
        S3Relay relay =
            S3Relay.before(
                s3,
                request ->
                    isArchived.get()
                            && request.method().equals("GET")
                            && request.target().contains("/a.jsonl")
                        ? Fate.DENIED
                        : Fate.PASS)) {
      Map<String, String> settings = new TreeMap<>();
      LoopbackS3.hadoopSettings(relay.endpoint())
          .forEach(
              (key, value) -> settings.put(key.replace("fs.s3a.", "fs.s3a.bucket.cold."), value));
      settings.forEach(LocalSpark.session().conf()::set);
      Place place = new Place(folder, "cold", "clicks", Map.of("feeds.clicks.path", "s3a://cold/"));
      put(buckets.resolve("cold/a.jsonl"), clicks("p1"));
      place.ingest();
      put(buckets.resolve("cold/b.jsonl"), clicks("p2"));
      isArchived.set(true);
      place.ingest();
      settings.keySet().forEach(LocalSpark.session().conf()::unset);

      assertThat(place.clicks()).hasSize(8).anyMatch(click -> click.endsWith(" p2 2"));
      assertThat(place.quarantine()).hasSize(8);
    }
  }

  private static void put(Path file, String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines).replace('\'', '"') + "\n");
  }

  private static String[] clicks(String product) {
    return IntStream.rangeClosed(1, 8)
        .mapToObj(i -> CLICK.replace("e1", "e" + i).replace("p1", product))
        .toArray(String[]::new);
  }

  @Test
  void thatWereLostOnceAreRepeatsWhenTheyComeAgain() throws IOException {
    Place place = new Place(folder, "again");
    place.put("events/a.jsonl", CLICK);
    place.put("orders/a.jsonl", PAID);
    place.ingest();
    place.put("events/b.jsonl", OTHER_CLICK);
    place.put("orders/b.jsonl", OTHER_PAID);
    place.ingest();
    List<String> quarantine = place.quarantine();

    place.put("events/c.jsonl", CLICK, OTHER_CLICK, CLICK.replace("p1", "p3"));
    place.put("orders/c.jsonl", OTHER_PAID, PAID);
    place.ingest();

    assertThat(quarantine).hasSize(2);
    assertThat(place.balances())
        .containsEntry("orders/c", "2 = 0 + 2 + 0 + 0")
        .hasEntrySatisfying("events/c", balance -> assertThat(balance).contains(" + 2 + "));
    assertThat(place.quarantine()).hasSize(3).containsAll(quarantine);
  }

  @Test
  void ofAFileThatIsGoneTheFieldsStandForTheRecord() throws IOException {
    Place place = new Place(folder, "gone");
    // Of these two it is the first that loses.
    place.put("events/a.jsonl", CLICK);
    place.ingest();
    Files.delete(folder.resolve("gone/events/a.jsonl"));
    place.put("events/b.jsonl", OTHER_CLICK);
    place.ingest();

    assertThat(Rows.json(place.lake().query("SELECT reject_text FROM ops.quarantine")))
        .containsExactly(
            "{'reject_text':'{\\'event_id\\':\\'e1\\',\\'event_type\\':\\'product_click\\',"
                + "\\'event_at\\':\\'2026-03-02T10:05:00.000Z\\',\\'user_id\\':\\'u1\\',"
                + "\\'market\\':\\'US\\',\\'product_id\\':\\'p1\\'}'}");
  }

  private static String standing(List<String> records, String feed, String one, String other) {
    return losing(records, feed, one, other).equals(one) ? other : one;
  }

  private static String losing(List<String> records, String feed, String one, String other) {
    return records.stream().anyMatch(row -> row.startsWith("rejected " + feed) && row.endsWith(one))
        ? one
        : other;
  }

  /** Kind and feed of every record; of accepted ones what was sent, of others why and raw. */
  private static List<String> records(Place place) {
    List<String> records = new ArrayList<>();
    records.addAll(
        place.texts(
            "SELECT concat_ws(' ', 'accepted', feed, product_id) FROM bronze.events"
                + " WHERE record_kind = 'accepted'"));
    records.addAll(
        place.texts(
            "SELECT concat_ws(' ', 'accepted', feed, tax) FROM bronze.order_events"
                + " WHERE record_kind = 'accepted'"));
    records.addAll(
        place.texts(
            "SELECT concat_ws(' ', 'rejected', feed, reject_code, reject_field, reject_text) FROM"
                + " ops.quarantine"));
    return records.stream()
        .map(
            row ->
                row.replace("accepted clicks p1", "accepted clicks " + CLICK)
                    .replace("accepted clicks p2", "accepted clicks " + OTHER_CLICK)
                    .replaceAll("^accepted orders$", "accepted orders " + PAID)
                    .replaceAll("^accepted orders 1\\.5.*", "accepted orders " + OTHER_PAID))
        .sorted()
        .toList();
  }
}
