package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import io.shoplens.oracle.Oracle;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.testing.Figures;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** What end-to-end tests share: the real command line, and gold beside the oracle's figures. */
public final class EndToEnd {
  public static final Path SAMPLES = Path.of("data-samples").toAbsolutePath();
  public static final Path CONF = Path.of("conf").toAbsolutePath();

  /** What a command wrote and ended with. */
  public record Outcome(int exit, String out, String err) {}

  private EndToEnd() {}

  public static Outcome shoplens(String... arguments) {
    return shoplens(Clock.systemUTC(), arguments);
  }

  /** A command on a machine whose clock is another. */
  public static Outcome shoplens(Clock clock, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    LocalSpark.session();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), Terminal.Kind.PIPED);
    Engine.Factory engines = (session, config) -> new JobEngine(session, config, clock);
    int exit = Main.execute(new Context(terminal, Map.of(), engines, clock), arguments);
    return new Outcome(exit, out.toString(), err.toString());
  }

  /** A run over the given logs into the given lake; it must end well. */
  public static Outcome run(Path events, Path orders, Path lake, String... more) {
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

  public static Lake lake(Path root) {
    return new Lake(LocalSpark.session(), root.toString());
  }

  /** Rows of gold that are not as expected: missing, unexpected, or there more than once. */
  public static long differences(Lake lake, Map<String, List<Map<String, String>>> expected) {
    long differences = 0;
    for (Map.Entry<String, List<Map<String, String>>> each : expected.entrySet()) {
      Table table = Tables.named("gold." + each.getKey()).orElseThrow();
      List<String> unexpected = Figures.list(rows(lake, table), compared(table));
      for (String row : Figures.of(each.getValue())) {
        differences += unexpected.remove(row) ? 0 : 1;
      }
      differences += unexpected.size();
    }
    return differences;
  }

  private static Dataset<Row> rows(Lake lake, Table table) {
    return Tables.VIEWS.stream()
        .filter(view -> view.table().equals(table))
        .findFirst()
        .map(lake::read)
        .orElseGet(() -> lake.read(table));
  }

  /** The oracle counts people exactly; sketches have a test of their own. */
  private static List<String> compared(Table table) {
    return Stream.of(table.schema().fields())
        .filter(field -> !field.dataType().equals(DataTypes.BinaryType))
        .map(StructField::name)
        .filter(name -> !DRAWN.contains(name))
        .toList();
  }

  /** Compares all gold figures with the expected ones, cell by cell. */
  static void assertGold(Lake lake, Expected expected) {
    expected
        .tables()
        .forEach(
            (name, rows) -> assertTable(lake, Tables.named("gold." + name).orElseThrow(), rows));
  }

  /** Ends of an interval that is drawn: of them the oracle says nothing. */
  private static final Set<String> DRAWN =
      Set.of("leaked_gmv_low_reporting", "leaked_gmv_high_reporting");

  /** Expected rows by gold table, without its schema's name; every row names the same columns. */
  record Expected(Map<String, List<Map<String, String>>> tables) {

    /** What the oracle makes of folders of raw logs. */
    static Expected of(Path events, Path orders) {
      return new Expected(Oracle.of(events, orders, CONF).gold());
    }

    List<Map<String, String>> dailyGmv() {
      return tables.get("daily_gmv");
    }
  }

  /** The same rows as often, whole. */
  static void assertSame(Table table, Dataset<Row> byDay, Dataset<Row> atOnce) {
    assertThat(byDay.isEmpty()).as("%s has no rows to compare", table.name()).isFalse();
    String[] columns = table.schema().fieldNames();
    Dataset<Row> daily = byDay.select(columns[0], tail(columns));
    Dataset<Row> whole = atOnce.select(columns[0], tail(columns));
    assertThat(Rows.json(daily.exceptAll(whole).limit(4)))
        .as("%s: rows of the daily runs that one run has not", table.name())
        .isEqualTo(Rows.json(whole.exceptAll(daily).limit(4)))
        .isEmpty();
  }

  private static String[] tail(String[] columns) {
    return List.of(columns).subList(1, columns.length).toArray(String[]::new);
  }

  private static void assertTable(Lake lake, Table table, List<Map<String, String>> expected) {
    if (expected.isEmpty()) {
      assertThat(Rows.json(lake.read(table))).as(table.name()).isEmpty();
      return;
    }
    List<String> columns = compared(table);
    assertThat(expected.get(0).keySet())
        .as("columns of " + table.name())
        .containsExactlyElementsOf(columns);
    TreeSet<String> missing = Figures.of(expected);
    TreeSet<String> unexpected = Figures.of(lake.query("SELECT * FROM " + table.name()), columns);
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
