package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import io.shoplens.oracle.Oracle;
import io.shoplens.table.ChannelWeights;
import io.shoplens.table.DailyAttribution;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.DailyLeakage;
import io.shoplens.table.LeakedLinks;
import io.shoplens.table.ModelComparison;
import io.shoplens.table.Paths;
import io.shoplens.table.Table;
import io.shoplens.testing.Figures;
import io.shoplens.testing.LocalSpark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What end-to-end tests share: the real command line, and gold beside the oracle's figures. */
final class EndToEnd {
  static final Path SAMPLES = Path.of("data-samples").toAbsolutePath();
  static final Path CONF = Path.of("conf").toAbsolutePath();

  /** What a command wrote and ended with. */
  record Outcome(int exit, String out, String err) {}

  private EndToEnd() {}

  static Outcome shoplens(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    LocalSpark.session();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), Terminal.Kind.PIPED);
    int exit = Main.execute(terminal, Map.of(), JobEngine::new, arguments);
    return new Outcome(exit, out.toString(), err.toString());
  }

  /** A run over the given logs into the given lake; it must end well. */
  static Outcome run(Path events, Path orders, Path lake, String... more) {
    Outcome outcome = attempt(events.toString(), orders.toString(), lake.toString(), more);
    assertThat(outcome.exit()).as(outcome.err() + outcome.out()).isZero();
    return outcome;
  }

  /** A run over the given logs into the given lake, however it ends. */
  static Outcome attempt(String events, String orders, String lake, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--conf",
                CONF.resolve("samples.yaml").toString(),
                "-D",
                "lake.root=" + lake,
                "-D",
                "feeds.clicks.path=" + events,
                "-D",
                "feeds.orders.path=" + orders));
    arguments.addAll(List.of(more));
    return shoplens(arguments.toArray(String[]::new));
  }

  static Lake lake(Path root) {
    return new Lake(LocalSpark.session(), root.toString());
  }

  /** Compares all gold figures with the expected ones, cell by cell. */
  static void assertGold(Lake lake, Expected expected) {
    assertTable(lake, DailyGmv.TABLE, expected.dailyGmv());
    assertTable(lake, DailyAttribution.TABLE, expected.dailyAttribution());
    assertTable(lake, ModelComparison.TABLE, expected.modelComparison());
    if (expected.channelWeights().isEmpty()) {
      assertThat(lake.read(ChannelWeights.TABLE).isEmpty()).as("no channel weights").isTrue();
    } else {
      assertTable(lake, ChannelWeights.TABLE, expected.channelWeights());
    }
    assertTable(lake, Paths.TABLE, expected.paths());
    assertTable(lake, LeakedLinks.TABLE, expected.leakedLinks());
    assertTable(lake, DailyLeakage.TABLE, expected.dailyLeakage());
  }

  /** Expected rows by gold table; every row names the same columns. */
  record Expected(
      List<Map<String, String>> dailyGmv,
      List<Map<String, String>> dailyAttribution,
      List<Map<String, String>> channelWeights,
      List<Map<String, String>> modelComparison,
      List<Map<String, String>> paths,
      List<Map<String, String>> leakedLinks,
      List<Map<String, String>> dailyLeakage) {

    /** What the oracle makes of folders of raw logs. */
    static Expected of(Path events, Path orders) {
      return of(Oracle.of(events, orders, CONF));
    }

    static Expected of(Oracle oracle) {
      return new Expected(
          oracle.dailyGmv(),
          oracle.dailyAttribution(),
          oracle.channelWeights(),
          oracle.modelComparison(),
          oracle.paths(),
          oracle.leakedLinks(),
          oracle.dailyLeakage());
    }
  }

  private static void assertTable(Lake lake, Table table, List<Map<String, String>> expected) {
    assertThat(expected).as("expected rows of " + table.name()).isNotEmpty();
    List<String> columns = List.of(table.schema().fieldNames());
    assertThat(expected.get(0).keySet())
        .as("columns of " + table.name())
        .containsExactlyElementsOf(columns);
    TreeSet<String> missing = Figures.of(expected);
    TreeSet<String> unexpected = Figures.of(lake.read(table), columns);
    TreeSet<String> same = new TreeSet<>(missing);
    same.retainAll(unexpected);
    missing.removeAll(same);
    unexpected.removeAll(same);
    assertThat(first(unexpected))
        .as("%s: %d rows differ, %d agree", table.name(), unexpected.size(), same.size())
        .isEqualTo(first(missing));
  }

  private static String first(TreeSet<String> rows) {
    return String.join("\n", rows.stream().limit(4).toList());
  }
}
