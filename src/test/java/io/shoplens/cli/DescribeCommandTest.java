package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ConfFolder;
import io.shoplens.job.TableFacts;
import io.shoplens.table.Identities;
import io.shoplens.table.Quarantine;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribeCommandTest {
  private static final TestEngine ENGINE =
      TestEngine.describing(
          new TableFacts(
              Watermarks.TABLE, 1234, 3, Optional.of(Instant.parse("2026-03-09T00:00:00Z"))),
          new TableFacts(Identities.TABLE, 0, -1, Optional.empty()),
          new TableFacts(
              Quarantine.TABLE, 12, -1, Optional.of(Instant.parse("2026-03-08T00:00:00Z"))));

  @TempDir private Path folder;

  @BeforeEach
  void session() {
    LocalSpark.session();
    ConfFolder.in(folder).write("a.yaml", "lake.root: lake\n");
  }

  @Test
  void withoutANameItListsTheTablesAndHowTheyStand() {
    assertThat(describe().out())
        .isEqualTo(
            """
            table               rows  version  updated               what it holds
            ops.watermarks     1,234        3  2026-03-09T00:00:00Z  How far each market's data reaches.
            silver.identities      -        -  not yet               %s
            ops.quarantine        12        -  2026-03-08T00:00:00Z  %s
            """
                .formatted(Identities.TABLE.comment(), Quarantine.TABLE.comment()));
  }

  @Test
  void ofOneTableItTellsColumnsKeyAndReach() {
    assertThat(describe("ops.watermarks").out().lines().limit(10))
        .containsExactly(
            "ops.watermarks: How far each market's data reaches.",
            "grain      one row per market",
            "key        market",
            "partitions none",
            "reach      0 days back, 0 forward: nothing",
            "stands     1,234 rows, version 3, updated 2026-03-09T00:00:00Z",
            "",
            "column          type       what it says",
            "market          string     The market",
            "clicks_until    timestamp  Largest event_at of the click feed, of events not later than"
                + " their received_at");
  }

  @Test
  void ofOneTableNoOtherIsReadWhichNotEveryoneMay() throws IOException {
    Path log = Files.createDirectories(folder.resolve("lake/silver/orders/_delta_log"));
    Files.writeString(log.resolve("00000000000000000000.json"), "closed");

    CommandLineRun run =
        CommandLineRun.of(
            JobEngine::new,
            Map.of(),
            "describe",
            "ops.watermarks",
            "--conf",
            folder.resolve("a.yaml").toString());

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("stands     not written yet");
  }

  @Test
  void aViewHasRowsAndNoVersion() {
    assertThat(describe("ops.quarantine").out().lines().toList())
        .contains("stands     12 rows, a view, updated 2026-03-08T00:00:00Z")
        .contains("feed           string  Feed the record came from");
  }

  @Test
  void asJsonItIsAListOfTables() {
    assertThat(describe("ops.watermarks", "--json").out())
        .startsWith(
            "[{\"table\":\"ops.watermarks\",\"comment\":\"How far each market's data reaches.\","
                + "\"grain\":\"one row per market\",\"key\":[\"market\"],\"partitioned_by\":[],"
                + "\"reach_back_days\":0,\"reach_forward_days\":0,\"rows\":1234,\"version\":3,"
                + "\"updated_at\":\"2026-03-09T00:00:00Z\",\"columns\":[{\"column\":\"market\","
                + "\"type\":\"string\",\"comment\":\"The market\"},");
  }

  private CommandLineRun describe(String... arguments) {
    List<String> all = new ArrayList<>(List.of("describe"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--conf", folder.resolve("a.yaml").toString()));
    return CommandLineRun.of((session, config) -> ENGINE, Map.of(), all.toArray(String[]::new));
  }
}
