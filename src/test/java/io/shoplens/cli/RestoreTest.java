package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Publication;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A lake of two days goes back to the first and goes on with a third. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreTest {
  private static final String CLICK =
      "{\"event_id\":\"e%1$d\",\"event_type\":\"product_click\",\"user_id\":\"u1\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT10:00:00Z\",\"surface\":\"live\",\"product_id\":\"p1\"}";
  private static final String LEAK =
      "{\"event_id\":\"l%1$d\",\"event_type\":\"outbound_click\",\"user_id\":\"u1\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT10:01:00Z\",\"link_url\":\"https://www.amazon.co.uk/dp/B0\"}";
  private static final String PLACED =
      "{\"order_event_id\":\"%1$d\",\"order_id\":\"o%1$d\",\"order_event\":\"placed\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT11:00:00Z\",\"user_id\":\"u1\",\"currency\":\"GBP\",\"lines\":"
          + "[{\"line_id\":\"1\",\"product_id\":\"p1\",\"quantity\":2,\"unit_price\":\"12.50\"}]}";
  private static final String PAID =
      "{\"order_event_id\":\"p%1$d\",\"order_id\":\"o%1$d\",\"order_event\":\"paid\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT11:01:00Z\",\"user_id\":\"u1\",\"currency\":\"GBP\"}";

  private Path folder;
  private Lake lake;
  private Map<String, List<String>> first;
  private Map<String, List<String>> restored;
  private List<Publication> publications;
  private Outcome restore;

  @BeforeAll
  void goBackAndOn(@TempDir Path temporary) throws IOException {
    folder = temporary;
    lake = EndToEnd.lake(folder.resolve("lake"));
    run(2);
    first = rows();
    run(3);
    String instant = Publication.of(lake).get(1).finishedAt().toString();
    restore = command("restore", "--to", instant);
    restored = rows();
    publications = Publication.of(lake);
    run(4);
  }

  @Test
  void everyTableIsAsItWasPublished() {
    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(restored).isEqualTo(first);
  }

  @Test
  void theRestoreIsItselfAPublicationThatWentNoSequenceBack() {
    assertThat(publications)
        .extracting(Publication::command)
        .containsExactly("restore", "run", "run");
    assertThat(publications).extracting(Publication::sequence).containsExactly(2L, 2L, 1L);
    assertThat(restore.out())
        .matches(
            "restored what run %s published at %s \\(\\d+ tables changed\\)\n"
                .formatted(publications.get(2).runId(), publications.get(2).finishedAt()));
  }

  @Test
  void theNextRunTakesInAgainWhatWasTakenBackAndWhatIsNew() {
    EndToEnd.assertGold(lake, Expected.of(folder.resolve("events"), folder.resolve("orders")));
    assertThat(
            Rows.json(
                lake.query(
                    "SELECT order_id FROM bronze.order_events WHERE record_kind = 'accepted'")))
        .containsExactly(
            "{'order_id':'o2'}", "{'order_id':'o2'}",
            "{'order_id':'o3'}", "{'order_id':'o3'}",
            "{'order_id':'o4'}", "{'order_id':'o4'}");
  }

  @Test
  void historyTellsTheVersionsOfATableAndWhoPublishedThem() {
    Outcome history = command("history", "gold.daily_gmv");

    assertThat(history.exit()).as(history.err()).isZero();
    assertThat(history.out().lines().findFirst().orElseThrow().split(" {2,}"))
        .containsExactly("version", "committed", "operation", "rows", "dates", "published by");
    assertThat(history.out())
        .contains("RESTORE")
        .contains(publications.get(0).runId())
        .contains(publications.get(2).runId());
    assertThat(command("history").out()).contains("restore").contains("run");
  }

  @Test
  void anInstantBeforeTheFirstPublicationIsRefused() {
    Outcome refused = command("restore", "--to", "2020-01-01T00:00:00Z");

    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err())
        .startsWith("Nothing was published yet at 2020-01-01T00:00:00Z.\n  Cause: The first");
    assertThat(command("restore", "--to", "2020-01-01 00:00").exit()).isEqualTo(2);
  }

  /** The rows of every table but what is kept of every run, without what a restore adds. */
  private Map<String, List<String>> rows() {
    Map<String, List<String>> rows = new TreeMap<>();
    for (Table table : Tables.ALL) {
      if (!List.of("ops.runs", "ops.checks").contains(table.name())) {
        rows.put(
            table.name(),
            Rows.json(
                table.name().equals("ops.ledger")
                    ? lake.read(table).where("file_state != 'restored'")
                    : lake.read(table)));
      }
    }
    return rows;
  }

  private void run(int day) throws IOException {
    Path events = Files.createDirectories(folder.resolve("events"));
    Path orders = Files.createDirectories(folder.resolve("orders"));
    Files.write(events.resolve(day + ".json"), List.of(CLICK.formatted(day), LEAK.formatted(day)));
    Files.write(orders.resolve(day + ".json"), List.of(PLACED.formatted(day), PAID.formatted(day)));
    EndToEnd.run(events, orders, folder.resolve("lake"));
  }

  private Outcome command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--conf",
            EndToEnd.CONF.resolve("samples.yaml").toString(),
            "-D",
            "lake.root=" + folder.resolve("lake")));
    return EndToEnd.shoplens(all.toArray(String[]::new));
  }
}
