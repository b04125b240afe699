package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ConfFolder;
import io.shoplens.config.ConfigFile;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.Lake;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** Of another date in its market. */
  private static final String OTHER_PAID =
      PAID.replace("2026-03-02T11", "2026-03-04T11").replace("}", ", 'tax': 1.50 }");

  @TempDir Path folder;

  @Test
  void endTheSameWhicheverCameFirstAndKeepTheLosersBytes() throws IOException {
    Place together = new Place("together");
    together.put("events/a.jsonl", CLICK, OTHER_CLICK, CLICK);
    together.put("orders/a.jsonl", PAID, OTHER_PAID, PAID);
    together.ingest();
    Place forth = new Place("forth");
    forth.put("events/a.jsonl", CLICK);
    forth.put("orders/a.jsonl", PAID);
    forth.ingest();
    forth.put("events/b.jsonl", OTHER_CLICK);
    forth.put("orders/b.jsonl", OTHER_PAID);
    forth.ingest();
    Place back = new Place("back");
    back.put("events/b.jsonl", OTHER_CLICK);
    back.put("orders/b.jsonl", OTHER_PAID);
    back.ingest();
    back.put("events/a.jsonl", CLICK);
    back.put("orders/a.jsonl", PAID);
    back.ingest();

    List<String> records = forth.records();
    assertThat(records)
        .containsExactlyInAnyOrder(
            "accepted clicks " + standing(records, "clicks", CLICK, OTHER_CLICK),
            "accepted orders " + standing(records, "orders", PAID, OTHER_PAID),
            "rejected clicks conflicting_duplicate event_id "
                + losing(records, "clicks", CLICK, OTHER_CLICK),
            "rejected orders conflicting_duplicate order_event_id "
                + losing(records, "orders", PAID, OTHER_PAID));
    assertThat(back.records()).isEqualTo(records);
    assertThat(together.records()).isEqualTo(records);

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

  @Test
  void ofAFileThatIsGoneTheFieldsStandForTheRecord() throws IOException {
    Place place = new Place("gone");
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

  /** Logs, a configuration and a lake. */
  private final class Place {
    private final Path home;
    private final ShoplensConfig config;

    Place(String name) throws IOException {
      home = Files.createDirectories(folder.resolve(name));
      Files.createDirectories(home.resolve("events"));
      Files.createDirectories(home.resolve("orders"));
      ConfFolder conf =
          ConfFolder.in(home)
              .write(
                  "a.yaml",
                  """
                  lake.root: %1$s/lake
                  ingest.file-reject-limit: 1
                  ingest.run-reject-limit: 1
                  feeds:
                    clicks: {kind: events, path: %1$s/events}
                    orders: {kind: orders, path: %1$s/orders}
                  """
                      .formatted(home));
      config = ConfigFile.load(conf.path("a.yaml"), Map.of(), Map.of());
    }

    void put(String file, String... lines) throws IOException {
      Files.writeString(home.resolve(file), (String.join("\n", lines) + "\n").replace('\'', '"'));
    }

    void ingest() {
      Clock clock = Clock.fixed(Instant.parse("2026-03-09T00:00:00Z"), ZoneOffset.UTC);
      new Pipeline(lake(), config, clock, "test")
          .run(RunRequest.of("ingest", EnumSet.of(Step.INGEST)), Progress.silent());
    }

    Lake lake() {
      return new Lake(LocalSpark.session(), config.lakeRoot());
    }

    FileLedger ledger() {
      return FileLedger.of(lake());
    }

    Entry entry(String file) {
      return ledger().latest().values().stream()
          .filter(entry -> entry.file().path().endsWith(file + ".jsonl"))
          .findFirst()
          .orElseThrow();
    }

    Map<String, String> balances() {
      Map<String, String> balances = new TreeMap<>();
      for (Entry entry : ledger().latest().values()) {
        FileLedger.Balance balance = entry.balance().orElseThrow();
        String path = entry.file().path().replace(".jsonl", "");
        balances.put(
            path.substring(
                path.indexOf(home.getFileName() + "/")
                    + home.getFileName().toString().length()
                    + 1),
            balance.records()
                + " = "
                + balance.accepted()
                + " + "
                + balance.duplicate()
                + " + "
                + balance.rejected()
                + " + "
                + balance.blank());
      }
      return balances;
    }

    /** Kind and feed of every record; of accepted ones what was sent, of others why and raw. */
    List<String> records() {
      List<String> records = new ArrayList<>();
      records.addAll(
          texts(
              "SELECT concat_ws(' ', 'accepted', feed, product_id) FROM bronze.events"
                  + " WHERE record_kind = 'accepted'"));
      records.addAll(
          texts(
              "SELECT concat_ws(' ', 'accepted', feed, tax) FROM bronze.order_events"
                  + " WHERE record_kind = 'accepted'"));
      records.addAll(
          texts(
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

    private List<String> texts(String sql) {
      return lake().query(sql).collectAsList().stream()
          .map(row -> row.getString(0).replace('"', '\''))
          .toList();
    }
  }
}
