package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.Lake;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A lake that the steps of a run make one by one; then dates of it rebuilt, and a run whose check
 * fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StepsTest {
  private static final List<String> EVENTS =
      List.of(
          "{'event_id':'e1','event_type':'product_click','event_at':'2026-03-02T10:00:00Z',"
              + "'user_id':'u1','market':'GB','surface':'live','product_id':'p1'}",
          "{'event_id':'e1','event_type':'share','event_at':'2026-03-03T10:00:00Z',"
              + "'user_id':'u1','market':'GB'}");
  private static final List<String> ORDERS =
      List.of(
          "{'order_event_id':'1','order_id':'o1','order_event':'placed','market':'GB',"
              + "'event_at':'2026-03-02T11:00:00Z','user_id':'u1','currency':'GBP',"
              + "'shipping_fee':'4.00','lines':"
              + "[{'line_id':'1','product_id':'p1','quantity':2,'unit_price':'12.50'}]}",
          "{'order_event_id':'2','order_id':'o1','order_event':'paid','market':'GB',"
              + "'event_at':'2026-03-02T11:01:00Z','user_id':'u1','currency':'GBP'}",
          "{'order_event_id':'3','order_id':'o2','order_event':'placed','market':'GB',"
              + "'event_at':'2026-03-04T11:00:00Z','user_id':'u1','currency':'GBP','lines':"
              + "[{'line_id':'1','product_id':'p1','quantity':1,'unit_price':'8.00'}]}",
          "{'order_event_id':'4','order_id':'o2','order_event':'paid','market':'GB',"
              + "'event_at':'2026-03-04T11:01:00Z','user_id':'u1','currency':'GBP'}");

  private Path folder;
  private Path events;
  private Path orders;
  private Lake lake;

  @BeforeAll
  void logs(@TempDir Path temporary) throws IOException {
    folder = temporary;
    events = lines("events/1.json", EVENTS);
    orders = lines("orders/1.json", ORDERS);
    lake = EndToEnd.lake(folder.resolve("lake"));
  }

  @Test
  @Order(1)
  void oneByOneTheyPublishWhatARunWouldAndNothingBefore() {
    assertThat(command("ingest").exit()).isZero();
    Outcome early = command("checks");
    assertThat(early.exit()).isEqualTo(3);
    assertThat(early.err())
        .contains(
            "Ingest 1 is not ready to be published.\n"
                + "  Cause: Step clickstream has not run over it, or a step it builds on has run"
                + " since.\n"
                + "  Cure:  Run shoplens clickstream and the steps after it, or shoplens run.");
    for (String step : List.of("clickstream", "orders", "attribution", "gmv", "leakage")) {
      assertThat(command(step).exit()).as(step).isZero();
    }
    Outcome checks = command("checks");

    assertThat(checks.exit()).as(checks.err()).isZero();
    assertThat(checks.out())
        .contains("warning event_types_are_known: 1 of 2 break ", ": clicks 1, most of all share\n")
        .contains(
            "warning event_ids_have_one_date: 1 of 1 break ", ": 2026-03-02 and 2026-03-03\n");
    assertThat(dailyGmv()).containsExactly("2026-03-02 1 25.0000", "2026-03-04 1 8.0000");
    assertThat(published()).containsExactly("checks");
  }

  @Test
  @Order(2)
  void aRunOverDatesRebuildsThemUnderTodaysSettingsAndNoOthers() {
    Outcome rebuilt =
        command("run", "--from", "2026-03-02", "--to", "2026-03-02", "-D", "gmv.include=shipping");

    assertThat(rebuilt.exit()).as(rebuilt.err()).isZero();
    assertThat(rebuilt.out())
        .contains("reopened 2026-03-02: asked for\n")
        .doesNotContain("warning");
    assertThat(dailyGmv()).containsExactly("2026-03-02 1 29.0000", "2026-03-04 1 8.0000");
    assertThat(published()).containsExactly("checks", "run");
  }

  @Test
  @Order(3)
  void aCheckThatFailsLeavesGoldAsItWas() throws IOException {
    Map<String, Long> before = gold();
    // No exchange rate of the franc is known.
    lines(
        "orders/2.json",
        ORDERS.subList(0, 2).stream()
            .map(
                line -> line.replace("GBP", "CHF").replace("o1", "o9").replace("_id':'", "_id':'x"))
            .toList());

    Outcome failed = command("run");

    assertThat(failed.exit()).as(failed.out()).isEqualTo(1);
    assertThat(failed.out() + failed.err()).contains("rates_are_known").contains("CHF 2026-03-02");
    assertThat(gold()).isEqualTo(before);
    assertThat(published()).containsExactly("checks", "run");
    assertThat(
            Rows.json(
                lake.query(
                    "SELECT violations FROM ops.checks WHERE NOT is_passed AND severity = 'error'"),
                "violations"))
        .containsExactly("{'violations':2}");
  }

  private List<String> dailyGmv() {
    return lake
        .query("SELECT concat_ws(' ', gmv_date, orders, gmv_local) FROM gold.daily_gmv ORDER BY 1")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private List<String> published() {
    return lake
        .query("SELECT command FROM ops.runs WHERE run_state = 'published' ORDER BY finished_at")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private Map<String, Long> gold() {
    Map<String, Long> versions = new TreeMap<>(lake.versions());
    versions.keySet().removeIf(name -> !name.startsWith("gold."));
    return versions;
  }

  private Path lines(String file, List<String> lines) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, lines.stream().map(line -> line.replace('\'', '"')).toList());
    return path.getParent();
  }

  private Outcome command(String name, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(name, "--conf", EndToEnd.CONF.resolve("samples.yaml").toString()));
    for (String setting :
        List.of(
            "lake.root=" + folder.resolve("lake"),
            "feeds.clicks.path=" + events,
            "feeds.orders.path=" + orders)) {
      arguments.add("-D");
      arguments.add(setting);
    }
    arguments.addAll(List.of(more));
    return EndToEnd.shoplens(arguments.toArray(String[]::new));
  }
}
