package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
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
import java.util.TreeSet;
import java.util.stream.Stream;
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

  @TempDir private Path folder;
  private Lake lake;
  private Map<String, Long> versions;

  @BeforeAll
  void run() {
    EndToEnd.run(
        EndToEnd.SAMPLES.resolve("events"), EndToEnd.SAMPLES.resolve("orders"), folder);
    lake = EndToEnd.lake(folder);
    versions = lake.versions();
  }

  @Test
  void goldEqualsTheOracleCellByCell() throws IOException {
    EndToEnd.assertGold(lake, expected());
  }

  @Test
  void everyFileBalancesAsTheOracleCounts() throws IOException {
    Map<String, String> counted = new TreeMap<>();
    lake.query(
            "SELECT feed, sum(records) AS records, sum(accepted) AS accepted, sum(duplicate) AS"
                + " duplicate, sum(rejected) AS rejected, sum(blank) AS blank FROM ops.ledger WHERE"
                + " file_state <> 'planned' GROUP BY feed")
        .collectAsList()
        .forEach(row -> counted.put(row.getString(0), row.mkString(",")));

    assertThat(counted.values()).containsExactlyElementsOf(balances());
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

    EndToEnd.run(
        EndToEnd.SAMPLES.resolve("events"), EndToEnd.SAMPLES.resolve("orders"), folder);

    assertThat(lake.versions()).isEqualTo(before);
  }

  static Expected expected() throws IOException {
    return new Expected(
        csv("daily_gmv"), csv("daily_attribution"), csv("leaked_links"), csv("daily_leakage"));
  }

  private static List<Map<String, String>> csv(String table) throws IOException {
    return Figures.csv(Files.readAllLines(EndToEnd.SAMPLES.resolve("expected/" + table + ".csv")));
  }

  private static List<String> balances() throws IOException {
    TreeSet<String> balances = new TreeSet<>();
    csv("balance").forEach(row -> balances.add(String.join(",", row.values())));
    return new ArrayList<>(balances);
  }

  @Test
  void sevenDaysOneByOneGiveTheSameAsAllAtOnce(@TempDir Path days) throws IOException {
    Path logs = days.resolve("logs");
    Path stepwise = days.resolve("lake");
    for (int day = 2; day <= 8; day++) {
      for (String feed : List.of("events", "orders")) {
        copy(feed + "/date=2026-03-0" + day, logs);
      }
      EndToEnd.run(logs.resolve("events"), logs.resolve("orders"), stepwise);
    }

    EndToEnd.assertGold(EndToEnd.lake(stepwise), expected());
  }

  private static void copy(String folder, Path to) throws IOException {
    Path from = EndToEnd.SAMPLES.resolve(folder);
    Files.createDirectories(to.resolve(folder));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(folder).resolve(file.getFileName()));
      }
    }
  }
}
