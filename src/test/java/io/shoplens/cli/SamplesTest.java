package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.testing.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole pipeline over the samples, through the real command line, against the figures that the
 * plain-Java oracle computed from the raw files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplesTest {
  private static final double COMMITS_A_TABLE = 1.2;

  private Path folder;
  private Lake lake;
  private Map<String, Long> versions;

  @BeforeAll
  void run(@TempDir Path temporary) {
    folder = temporary;
    EndToEnd.run(EndToEnd.SAMPLES.resolve("events"), EndToEnd.SAMPLES.resolve("orders"), folder);
    lake = EndToEnd.lake(folder);
    versions = lake.versions();
  }

  @Test
  void goldEqualsTheOracleCellByCell() throws IOException {
    EndToEnd.assertGold(lake, expected());
  }

  @Test
  void everyFeedBalancesAsTheOracleCounts() throws IOException {
    List<String> counted =
        lake
            .query(
                "SELECT sum(records), sum(accepted), sum(duplicate), sum(rejected), sum(blank) FROM"
                    + " ops.ledger WHERE file_state <> 'planned' GROUP BY feed ORDER BY feed")
            .collectAsList()
            .stream()
            .map(row -> row.mkString(","))
            .toList();

    assertThat(counted)
        .isEqualTo(
            csv("balance").stream()
                .filter(row -> row.get("file").isEmpty())
                .map(row -> String.join(",", List.copyOf(row.values()).subList(2, 7)))
                .toList());
  }

  @Test
  void aFirstRunCommitsAtMostOnePointTwoTimesATable() {
    long commits = versions.values().stream().mapToLong(version -> version + 1).sum();

    assertThat(versions.keySet())
        .containsExactlyInAnyOrderElementsOf(Tables.ALL.stream().map(Table::name).toList());
    assertThat((double) commits / Tables.ALL.size()).isLessThanOrEqualTo(COMMITS_A_TABLE);
  }

  @Test
  void aSecondRunFindsNothingNewAndChangesNothing() {
    Map<String, Long> before = lake.versions();

    EndToEnd.run(EndToEnd.SAMPLES.resolve("events"), EndToEnd.SAMPLES.resolve("orders"), folder);

    assertThat(lake.versions()).isEqualTo(before);
  }

  @Test
  void explainTellsThePathToEveryKindOfOrderAsItsCreditsHaveIt() {
    for (String salesChannel : List.of("in_app", "external")) {
      Row longest =
          lake.query(
                  "SELECT order_id, max(path_length), count(DISTINCT touch_event_id) FROM"
                      + " gold.attribution_credits WHERE entry = 'sale' AND touch_set = 'all' AND"
                      + " model = 'linear' AND sales_channel = '"
                      + salesChannel
                      + "' GROUP BY order_id ORDER BY 2 DESC, 1 LIMIT 1")
              .head();

      String out = explain("order", longest.getString(0));

      assertThat(out).startsWith("Order " + longest.getString(0) + ": ");
      assertThat(out.lines().filter(line -> line.matches(".* in: \\d+ of all.*")))
          .hasSize(longest.getInt(1));
      assertThat(out.lines().filter(line -> line.startsWith("all ") && line.contains(" linear ")))
          .hasSize((int) longest.getLong(2));
    }
  }

  @Test
  void explainTellsWhatATouchIsByWhichRuleAndWhatItEarned() {
    Row best =
        lake.query(
                "SELECT touch_event_id, order_id FROM gold.attribution_credits WHERE entry ="
                    + " 'sale' AND channel = 'organic_search' AND model = 'last_touch' AND"
                    + " touch_set = 'entry' ORDER BY 1 LIMIT 1")
            .head();

    String out = explain("touch", best.getString(0));

    assertThat(out)
        .startsWith("Touch " + best.getString(0))
        .containsPattern("channel +organic_search")
        .containsPattern("rule \\d+ of channel_rules.csv: touch_class = external_link, ")
        .containsPattern(best.getString(1) + " +entry +last_touch");
  }

  private String explain(String... arguments) {
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(arguments));
    all.addAll(
        List.of(
            "--conf",
            EndToEnd.CONF.resolve("samples.yaml").toString(),
            "-D",
            "lake.root=" + folder));
    Outcome outcome = EndToEnd.shoplens(all.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome.out();
  }

  static Expected expected() throws IOException {
    Map<String, List<Map<String, String>>> tables = new TreeMap<>();
    for (Table table : Tables.readable()) {
      String name = table.name().substring(table.layer().length() + 1);
      if (Files.exists(EndToEnd.SAMPLES.resolve("expected/" + name + ".csv"))) {
        tables.put(name, csv(name));
      }
    }
    assertThat(tables).hasSize(17).values().noneMatch(List::isEmpty);
    // No path ended before the week of the samples.
    tables.put("channel_weights", List.of());
    return new Expected(tables);
  }

  private static List<Map<String, String>> csv(String table) throws IOException {
    return Figures.csv(Files.readAllLines(EndToEnd.SAMPLES.resolve("expected/" + table + ".csv")));
  }
}
