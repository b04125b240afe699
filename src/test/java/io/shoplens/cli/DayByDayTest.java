package io.shoplens.cli;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.commerce.OrderFold;
import io.shoplens.config.ConfigFile;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Publication;
import io.shoplens.link.Links;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Orders;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The samples as they come in, a run a day; after the fourth day the lake goes back to the third
 * and on from there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DayByDayTest {
  private Path logs;
  private Path root;
  private Lake lake;
  private Map<String, List<String>> thirdDay;
  private Map<String, List<String>> restored;
  private List<Publication> publications;
  private Outcome restore;

  @BeforeAll
  void runSevenTimes(@TempDir Path folder) throws IOException {
    logs = folder.resolve("logs");
    root = folder.resolve("lake");
    lake = EndToEnd.lake(root);
    run(2);
    run(3);
    run(4);
    thirdDay = rows();
    run(5);
    String instant = Publication.of(lake).get(1).finishedAt().toString();
    restore = command("restore", "--to", instant);
    restored = rows();
    publications = Publication.of(lake);
    run(6);
    run(7);
    run(8);
  }

  @Test
  void sevenDaysOneByOneAndOneOfThemTwiceGiveTheSameAsAllAtOnce() throws IOException {
    EndToEnd.assertGold(lake, SamplesTest.expected());
  }

  /** A day rewrites the dates of the orders it touches, and carries the others over. */
  @Test
  void sevenDaysLeaveTheOrdersThatOneFoldOfAllTheirEventsMakes() {
    ShoplensConfig config =
        ConfigFile.load(EndToEnd.CONF.resolve("samples.yaml").toString(), Map.of(), Map.of());
    OrderFold.Result atOnce =
        OrderFold.of(
            lake.read(OrderEvents.TABLE)
                .where(col(RECORD_KIND).equalTo("accepted"))
                .withColumn(
                    MERCHANT_GROUP,
                    Links.merchantGroup(config.reference()).apply(col(MERCHANT_DOMAIN))),
            config.gmv(),
            config.reference());

    EndToEnd.assertSame(Orders.TABLE, lake.read(Orders.TABLE), atOnce.orders());
    EndToEnd.assertSame(OrderLines.TABLE, lake.read(OrderLines.TABLE), atOnce.lines());
    EndToEnd.assertSame(OrderHistory.TABLE, lake.read(OrderHistory.TABLE), atOnce.history());
  }

  @Test
  void aRestorePutsEveryTableBackToWhatWasPublished() {
    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(restored).isEqualTo(thirdDay);
  }

  @Test
  void aRestoreIsItselfAPublicationThatWentNoSequenceBack() {
    assertThat(publications)
        .extracting(Publication::command)
        .containsExactly("restore", "run", "run", "run", "run");
    assertThat(publications).extracting(Publication::sequence).containsExactly(4L, 4L, 3L, 2L, 1L);
    assertThat(restore.out())
        .matches(
            "restored what run %s published at %s \\(\\d+ tables changed\\)\n"
                .formatted(publications.get(2).runId(), publications.get(2).finishedAt()));
  }

  @Test
  void theRunAfterARestoreTakesInAgainWhatWasTakenBackAndWhatIsNew() {
    assertThat(
            Rows.json(
                lake.query(
                    "SELECT DISTINCT substr(regexp_extract(source_file, 'date=([^/]*)', 1), 6) AS"
                        + " folder, sequence FROM bronze.events WHERE record_kind = 'accepted'")))
        .containsExactly(
            "{'folder':'03-02','sequence':1}",
            "{'folder':'03-03','sequence':2}",
            "{'folder':'03-04','sequence':3}",
            "{'folder':'03-05','sequence':5}",
            "{'folder':'03-06','sequence':5}",
            "{'folder':'03-07','sequence':6}",
            "{'folder':'03-08','sequence':7}");
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

  /** A day's logs arrive and are run; of its few order lines a single damaged one is over 1%. */
  private void run(int day) throws IOException {
    for (String feed : List.of("events", "orders")) {
      copy(feed + "/date=2026-03-0" + day);
    }
    EndToEnd.run(
        logs.resolve("events"), logs.resolve("orders"), root, "-D", "ingest.run-reject-limit=0.05");
  }

  private Outcome command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--conf", EndToEnd.CONF.resolve("samples.yaml").toString(), "-D", "lake.root=" + root));
    return EndToEnd.shoplens(all.toArray(String[]::new));
  }

  private void copy(String folder) throws IOException {
    Path from = EndToEnd.SAMPLES.resolve(folder);
    Files.createDirectories(logs.resolve(folder));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, logs.resolve(folder).resolve(file.getFileName()));
      }
    }
  }
}
