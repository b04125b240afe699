package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.generate.GenerateSettings;
import io.shoplens.generate.SyntheticLogs;
import io.shoplens.lake.Lake;
import io.shoplens.oracle.Oracle;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.GmvMovements;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ninety days of generated logs, a run for each day that something came in, beside one run over the
 * first thirty, sixty and all of them. Orders of every tenth day come a day late, so that what
 * follows them comes first. What each run cost and left behind is kept below target/, to be copied
 * beside the sources. {@code -Dshoplens.days=N} tries fewer days.
 */
@Tag("long")
class NinetyDaysTest {
  private static final int DAYS = Integer.getInteger("shoplens.days", 90);
  private static final int EVENTS_A_DAY = 40;
  private static final int COMPARED_EVERY = 30;

  /** So few events a day fill a log's first weeks only: many short ones follow each other. */
  private static final int DAYS_OF_A_WORLD = 10;

  /** Of the seeds that were tried the first with orders of other shops in most worlds. */
  private static final int FIRST_SEED = 490;

  /** Days after which the shipped rates, of forty days, are said again. */
  private static final int RATE_DAYS = 40;

  @Test
  void ninetyDaysRunDayByDayEqualOneRunOverAllCellByCell(@TempDir Path folder) throws IOException {
    Path logs = folder.resolve("logs");
    for (int day = 0; day < DAYS; day += DAYS_OF_A_WORLD) {
      generate(folder.resolve("world-" + day), day, logs);
    }
    Path conf = confWithRatesForAllDays(folder.resolve("conf"));
    Path daily = folder.resolve("daily");
    Lake byDay = EndToEnd.lake(daily);
    Path measured =
        Path.of("target", "ninety-days-" + LocalDate.now(ZoneOffset.UTC) + ".csv").toAbsolutePath();
    Files.deleteIfExists(measured);
    note(measured, "run,delivered,cpu_seconds,commits,table,live_files,log_files,bytes");

    List<String> dates = List.copyOf(dates(logs));
    Path arrived = folder.resolve("arrived");
    for (int day = 0; day <= dates.size(); day++) {
      if (!deliver(logs, arrived, dates, day)) {
        continue;
      }
      long before = cpu();
      run(conf, arrived, daily);
      double seconds = (cpu() - before) / 1e9;
      note(measured, sizes(byDay, "%d,%s,%.1f".formatted(day + 1, arrived(dates, day), seconds)));
      if ((day + 1) % COMPARED_EVERY == 0 && day + 1 < DAYS) {
        assertAsOneRun(conf, arrived, byDay, folder.resolve("first-" + (day + 1)));
        note(measured, (day + 1) + ",the same as one run over all,,,,,,");
      }
    }
    assertAsOneRun(conf, logs, byDay, folder.resolve("whole"));
    assertMovementsEndInTheFigures(byDay);
    note(measured, DAYS + ",the same as one run over all,,,,,,");
  }

  /** Adds the logs of ten days, of people of their own; one line of twenty comes days late. */
  private static void generate(Path world, int day, Path logs) throws IOException {
    int days = Math.min(DAYS_OF_A_WORLD, DAYS - day);
    SyntheticLogs.write(
        LocalSpark.session(),
        GenerateSettings.of((long) days * EVENTS_A_DAY, days, FIRST_SEED + day, world.toString())
            .withStart(GenerateSettings.DEFAULT_START.plusDays(day))
            .withParts(1)
            .withLateRate(0.05));
    for (String feed : List.of("events", "orders")) {
      try (Stream<Path> files = Files.walk(world.resolve(feed))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path date = logs.resolve(world.relativize(file.getParent()));
          Files.createDirectories(date);
          Files.move(file, date.resolve(day + "-" + file.getFileName()));
        }
      }
    }
  }

  /** Gold as the oracle has it, and every table of silver and gold as one run makes it. */
  private static void assertAsOneRun(Path conf, Path logs, Lake byDay, Path whole)
      throws IOException {
    run(conf, logs, whole);
    EndToEnd.assertGold(
        byDay,
        new Expected(Oracle.of(logs.resolve("events"), logs.resolve("orders"), conf).gold()));
    Lake atOnce = EndToEnd.lake(whole);
    List<String> compared = new ArrayList<>();
    for (Table table : Tables.ALL) {
      // Movements tell what later runs changed; of one run there are none.
      if (List.of("silver", "gold").contains(table.layer()) && table != GmvMovements.TABLE) {
        EndToEnd.assertSame(table, byDay.read(table), atOnce.read(table));
        compared.add(table.name());
      }
    }
    assertThat(compared).hasSize(25).contains("silver.order_history", "gold.daily_gmv");
    assertThat(atOnce.read(GmvMovements.TABLE).count()).isZero();
  }

  private static void run(Path conf, Path logs, Path lake) {
    Outcome outcome =
        EndToEnd.shoplens(
            "run",
            "--conf",
            conf.resolve("samples.yaml").toString(),
            "-D",
            "lake.root=" + lake,
            "-D",
            "feeds.clicks.path=" + logs.resolve("events"),
            "-D",
            "feeds.orders.path=" + logs.resolve("orders"),
            // So few lines a file that one damaged is more than any limit.
            "-D",
            "ingest.run-reject-limit=0.9",
            "-D",
            "ingest.file-reject-limit=0.9");
    assertThat(outcome.exit()).as(outcome.err() + outcome.out()).isZero();
  }

  /** The shipped configuration; its rates go on, over and over, past the last day. */
  private static Path confWithRatesForAllDays(Path conf) throws IOException {
    Files.createDirectories(conf);
    try (Stream<Path> files = Files.list(EndToEnd.CONF)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, conf.resolve(file.getFileName()));
      }
    }
    Path rates = conf.resolve("fx_rates.csv");
    List<String> shipped =
        Files.readAllLines(rates).stream().filter(line -> line.matches("\\d{4}-.*")).toList();
    List<String> more = new ArrayList<>();
    for (int shift = RATE_DAYS; shift <= DAYS + RATE_DAYS; shift += RATE_DAYS) {
      for (String line : shipped) {
        more.add(LocalDate.parse(line.substring(0, 10)).plusDays(shift) + line.substring(10));
      }
    }
    Files.write(rates, more, StandardOpenOption.APPEND);
    return conf;
  }

  /** Whether anything arrived: the date's events, and its orders or those held back of the last. */
  private static boolean deliver(Path logs, Path arrived, List<String> dates, int day)
      throws IOException {
    boolean any = false;
    if (day < dates.size()) {
      any = copy(logs, arrived, "events/" + dates.get(day));
      if (!isHeldBack(day)) {
        any |= copy(logs, arrived, "orders/" + dates.get(day));
      }
    }
    if (day > 0 && isHeldBack(day - 1)) {
      any |= copy(logs, arrived, "orders/" + dates.get(day - 1));
    }
    return any;
  }

  private static boolean isHeldBack(int day) {
    return day % 10 == 9;
  }

  private static String arrived(List<String> dates, int day) {
    return day < dates.size() ? dates.get(day) : "late";
  }

  /** The dates of receipt: the days of the logs, and those after them that late lines come on. */
  private static SortedSet<String> dates(Path logs) throws IOException {
    SortedSet<String> dates = new TreeSet<>();
    for (String feed : List.of("events", "orders")) {
      try (Stream<Path> folders = Files.list(logs.resolve(feed))) {
        folders.forEach(date -> dates.add(date.getFileName().toString()));
      }
    }
    return dates;
  }

  private static boolean copy(Path logs, Path arrived, String name) throws IOException {
    Path from = logs.resolve(name);
    Files.createDirectories(arrived.resolve("events"));
    Files.createDirectories(arrived.resolve("orders"));
    if (!Files.exists(from)) {
      return false;
    }
    Files.createDirectories(arrived.resolve(name));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, arrived.resolve(name).resolve(file.getFileName()));
      }
    }
    return true;
  }

  /** A figure's changes follow from each other, and the last is what is published. */
  private static void assertMovementsEndInTheFigures(Lake lake) {
    String figures =
        "SELECT market, gmv_date, currency, stack(3, 'gmv_local', gmv_local, 'net_gmv_local',"
            + " net_gmv_local, 'refunded_local', refunded_local) AS (figure, value) FROM "
            + DailyGmv.TABLE.name();
    String moves =
        "SELECT *, lag(to_value) OVER (PARTITION BY market, gmv_date, currency, figure"
            + " ORDER BY moved_at) AS last_value, row_number() OVER (PARTITION BY market,"
            + " gmv_date, currency, figure ORDER BY moved_at) AS nth, row_number() OVER"
            + " (PARTITION BY market, gmv_date, currency, figure ORDER BY moved_at DESC) AS"
            + " nth_last FROM "
            + GmvMovements.TABLE.name();
    String explained =
        "SELECT m.market, m.gmv_date, m.figure, m.from_value, m.to_value, m.last_value, f.value"
            + " FROM (%s) m JOIN (%s) f USING (market, gmv_date, currency, figure) WHERE "
                .formatted(moves, figures);
    assertThat(
            Rows.json(
                lake.query(explained + "nth > 1 AND NOT m.from_value <=> m.last_value LIMIT 4")))
        .as("changes that do not start where the last one ended")
        .isEmpty();
    assertThat(
            Rows.json(
                lake.query(explained + "nth_last = 1 AND NOT m.to_value <=> f.value LIMIT 4")))
        .as("last changes that do not end in the published figure")
        .isEmpty();
    assertThat(lake.query(explained + "nth = 1").count()).as("figures that moved").isPositive();
  }

  /** One line a table that is there: live files, files of its log, bytes of both that lie there. */
  private static String sizes(Lake lake, String run) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Table table : Tables.ALL) {
      if (!lake.exists(table)) {
        continue;
      }
      DeltaLog log = DeltaLog.forTable(LocalSpark.session(), lake.path(table));
      Path directory = Path.of(lake.path(table));
      List<Path> files;
      try (Stream<Path> tree = Files.walk(directory)) {
        files = tree.filter(Files::isRegularFile).toList();
      }
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      lines.add(
          "%s,%d,%s,%d,%d,%d"
              .formatted(
                  run,
                  lake.version(table).orElse(-1) + 1,
                  table.name(),
                  log.update(false, scala.Option.empty(), scala.Option.empty()).numOfFiles(),
                  files.stream().filter(file -> file.toString().contains("_delta_log")).count(),
                  bytes));
    }
    return String.join("\n", lines);
  }

  private static void note(Path file, String text) throws IOException {
    Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
