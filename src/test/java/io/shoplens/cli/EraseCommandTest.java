package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.BinaryType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A person is taken out of a lake, and the raw logs that hold them are read once more. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EraseCommandTest {
  private static final String KEY = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  /** On a device of her own, on one that others use too, and in somebody else's record. */
  private static final List<String> EVENTS =
      List.of(
          event(
              "e1",
              "product_click",
              "user-1",
              "device-1",
              10,
              "'surface':'live','product_id':'p1'"),
          event("e2", "product_click", "", "device-1", 9, "'surface':'live','product_id':'p1'"),
          event(
              "e3",
              "outbound_click",
              "user-1",
              "device-3",
              11,
              "'link_url':'https://www.amazon.co.uk/dp/B0?by=user-1&utm_content=user-1','mail':'x@y.example'"),
          event(
              "e4",
              "product_click",
              "user-2",
              "device-3",
              12,
              "'surface':'live','product_id':'p2'"),
          event(
              "e5",
              "product_click",
              "user-2",
              "device-2",
              13,
              "'surface':'live','product_id':'p1','friend':'user-1'"),
          "not json of user-1");

  /** Those of the first of March are refused at first. */
  private static final List<String> ORDERS =
      List.of(
          placed("o0", "user-1").replace("03-02", "03-01"),
          paid("o0", "user-1").replace("03-02", "03-01"),
          placed("o1", "user-1"),
          paid("o1", "user-1"),
          placed("o2", "user-2"),
          paid("o2", "user-2"));

  private Path folder;
  private Lake lake;
  private Map<String, List<String>> before;
  private List<String> sketchesBefore;
  private List<String> sketches;
  private Outcome proofBefore;
  private Outcome erased;
  private Outcome proof;

  @BeforeAll
  void erase(@TempDir Path temporary) throws IOException {
    folder = temporary;
    lake = EndToEnd.lake(folder.resolve("lake"));
    Files.writeString(folder.resolve("a.keys"), KEY);
    Files.writeString(folder.resolve("ids"), "user-1\n");
    write("events", EVENTS);
    write("orders", ORDERS);
    run("-D", "ingest.earliest-date=2026-03-02");
    // Read again, their rejected rows are hidden in files that hold nobody else's.
    Outcome replayed =
        command(
            "quarantine",
            "replay",
            "-D",
            "feeds.clicks.path=" + folder.resolve("events"),
            "-D",
            "feeds.orders.path=" + folder.resolve("orders"));
    assertThat(replayed.exit()).as(replayed.err()).isZero();
    run();
    before = gold();
    sketchesBefore = sketches();
    proofBefore =
        command(
            "erase", "--prove", "--file", folder.resolve("ids").toString(), "--device", "device-1");
    erased = command("erase", "--json", "--purge-now", "--file", folder.resolve("ids").toString());
    sketches = sketches();
    proof = command("erase", "--prove", "--user", "user-1", "--device", "device-1");
  }

  @Test
  void theIdIsFoundBeforeAndInNoObjectAfterwards() {
    assertThat(proofBefore.exit()).as(proofBefore.err()).isEqualTo(1);
    assertThat(proofBefore.out()).contains("/bronze/events/");
    // No statistics stand on persons.
    assertThat(proofBefore.out()).doesNotContain("/_delta_log/");
    assertThat(erased.exit()).as(erased.err()).isZero();
    assertThat(erased.err()).contains("no state before this can be read or restored any more");
    assertThat(erased.out())
        .startsWith("{\"users\":1,\"devices\":1,\"tables\":[")
        .contains("silver.identities")
        .contains("events.json")
        .contains("orders.json");
    assertThat(proof.exit()).as(proof.out()).isZero();
    assertThat(proof.out()).startsWith("found in 0 of ");
  }

  @Test
  void itSaysWhichRawFilesTheTablesTellNothingOf() {
    assertThat(erased.err()).contains("not read yet are not listed; --raw reads all");
  }

  @Test
  void noHashOfTheIdIsLeftInTheSketches() {
    assertThat(sketches).hasSameSizeAs(sketchesBefore).doesNotContainAnyElementsOf(sketchesBefore);
  }

  @Test
  void whatOthersDidIsAsItWasAndADeviceTheyUseTooIsTheirs() {
    assertThat(
            Rows.json(
                lake.query(
                    "SELECT event_id, user_id, device_id, extra FROM bronze.events WHERE event_id"
                        + " IN ('e4', 'e5')")))
        .containsExactly(
            "{'event_id':'e4','user_id':'user-2','device_id':'device-3'}",
            "{'event_id':'e5','user_id':'user-2','device_id':'device-2','extra':'{\\'friend\\':\\'erased\\'}'}");
    assertThat(
            Rows.json(
                lake.query(
                    "SELECT device_id, extra FROM bronze.events WHERE event_id = 'e3' AND user_id"
                        + " LIKE 'erased:%'")))
        .containsExactly("{'device_id':'device-3'}");
  }

  @Test
  void noFigureIsAnotherNorWhenTheLogsAreReadAgainAndEveryDateIsBuiltAnew() throws IOException {
    assertThat(gold()).isEqualTo(before);

    // The same files with other content: all of it is read again, and a refund comes late.
    List<String> more = new ArrayList<>(EVENTS);
    more.add(event("e9", "product_click", "user-1", "device-1", 14, "'surface':'live'"));
    write("events", more);
    List<String> orders = new ArrayList<>(ORDERS);
    orders.add("");
    write("orders", orders);
    run("--from", "2026-03-02", "--to", "2026-03-02");

    assertThat(gold()).isEqualTo(before);
    Outcome again = command("erase", "--prove", "--user", "user-1", "--device", "device-1");
    assertThat(again.out()).startsWith("found in 0 of ");
    assertThat(
            Rows.json(
                lake.query(
                    "SELECT path, records, accepted, duplicate, rejected, blank FROM (SELECT"
                        + " element_at(split(path, '/'), -1) path, * EXCEPT (path) FROM ops.ledger"
                        + " WHERE sequence = 3 AND file_state = 'done')")))
        .containsExactly(
            "{'path':'events.json','records':7,'accepted':0,'duplicate':2,'rejected':1,'blank':4}",
            "{'path':'orders.json','records':7,'accepted':0,'duplicate':6,'rejected':0,'blank':1}");
  }

  @Test
  void noStateFromBeforeComesBack() {
    Outcome restore = command("restore", "--to", "2999-01-01T00:00:00Z");

    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(command("restore", "--to", published(1)).err())
        .contains("is not to come back.")
        .contains("Persons were erased since");
  }

  private String published(int index) {
    return lake.query(
            "SELECT string(finished_at) FROM ops.runs WHERE command = 'run' ORDER BY finished_at")
        .head()
        .getString(0)
        .replace(' ', 'T')
        .concat("Z");
  }

  private List<String> sketches() {
    return Rows.json(lake.query("SELECT hex(buyers_sketch) AS sketch FROM gold.daily_gmv"));
  }

  /** Sketches hold hashes of ids, which are others now; what they count is the same. */
  private Map<String, List<String>> gold() {
    Map<String, List<String>> rows = new TreeMap<>();
    for (Table table : Tables.ALL) {
      if (table.layer().equals("gold")) {
        String[] columns =
            Arrays.stream(table.schema().fields())
                .filter(field -> !(field.dataType() instanceof BinaryType))
                .map(field -> field.name())
                .toArray(String[]::new);
        rows.put(table.name(), Rows.json(lake.read(table), columns));
      }
    }
    return rows;
  }

  private void write(String feed, List<String> lines) throws IOException {
    Path path = Files.createDirectories(folder.resolve(feed)).resolve(feed + ".json");
    Files.write(path, lines.stream().map(line -> line.replace('\'', '"')).toList());
  }

  private void run(String... more) {
    List<String> all = new ArrayList<>(settings());
    all.addAll(List.of(more));
    EndToEnd.run(
        folder.resolve("events"),
        folder.resolve("orders"),
        folder.resolve("lake"),
        all.toArray(String[]::new));
  }

  private Outcome command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--conf",
            EndToEnd.CONF.resolve("samples.yaml").toString(),
            "-D",
            "lake.root=" + folder.resolve("lake")));
    all.addAll(settings());
    return EndToEnd.shoplens(all.toArray(String[]::new));
  }

  private List<String> settings() {
    return List.of(
        "-D",
        "privacy.key-file=" + folder.resolve("a.keys"),
        "-D",
        "ingest.file-reject-limit=1",
        "-D",
        "ingest.run-reject-limit=1");
  }

  private static String event(
      String id, String type, String user, String device, int hour, String more) {
    return "{'event_id':'%s','event_type':'%s','user_id':'%s','device_id':'%s','market':'GB',"
            .formatted(id, type, user, device)
        + "'event_at':'2026-03-02T%02d:00:00Z',%s}".formatted(hour, more);
  }

  private static String placed(String id, String user) {
    return "{'order_event_id':'%1$s','order_id':'%1$s','order_event':'placed','user_id':'%2$s',"
            .formatted(id, user)
        + "'market':'GB','event_at':'2026-03-02T15:00:00Z','currency':'GBP','lines':[{'line_id':'1',"
        + "'product_id':'p1','quantity':2,'unit_price':'12.50'}]}";
  }

  private static String paid(String id, String user) {
    return "{'order_event_id':'p%1$s','order_id':'%1$s','order_event':'paid','user_id':'%2$s',"
            .formatted(id, user)
        + "'market':'GB','event_at':'2026-03-02T15:01:00Z','currency':'GBP'}";
  }
}
