package io.shoplens.cli;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shoplens.config.GmvSettings;
import io.shoplens.config.LeakageSettings;
import io.shoplens.config.Reference;
import io.shoplens.generate.GenerateSettings;
import io.shoplens.generate.SyntheticLogs;
import io.shoplens.lake.Lake;
import io.shoplens.leakage.LeakDays;
import io.shoplens.link.Catalogues;
import io.shoplens.table.DailyConversion;
import io.shoplens.table.Leaks;
import io.shoplens.testing.LocalSpark;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * States and leaked GMV of a hundred generated worlds beside the truth.
 *
 * <p>Several worlds share a lake, each with markets of its own, so that none learns of another. A
 * figure of leaked GMV and its interval are of all leaks of a world, market and category: the
 * pipeline's leaks and conversions, read as if the leaks were all of the last date. The true value
 * is what competitors sold after these leaks, reported or not, in the reporting currency.
 */
@Tag("long")
class LeakIntervalsTest {
  private static final int WORLDS = Integer.getInteger("leaks.worlds", 100);
  private static final int WORLDS_OF_A_LAKE = 20;
  private static final long FIRST_SEED = Long.getLong("leaks.seed", 0);
  private static final long EVENTS = 20_000;
  private static final int DAYS = 14;
  private static final List<String> PROFILES = List.of("US", "GB", "ID", "SG");

  private final Map<String, List<Cell>> cells = new TreeMap<>();

  /** What leaked of a market, or of a category there: leaks to be estimated, interval, truth. */
  private record Cell(long leaks, double low, double leaked, double high, double truth) {
    boolean isHeld() {
      return low - 0.01 <= truth && truth <= high + 0.01;
    }

    double relativeWidth() {
      return (high - low) / leaked;
    }
  }

  @Test
  void intervalsOfLeakedGmvHoldTheTruthAsOftenAsTheySay(@TempDir Path folder) throws Exception {
    for (int from = 0; from < WORLDS; from += WORLDS_OF_A_LAKE) {
      lake(
          folder.resolve("lake-" + from),
          FIRST_SEED + from,
          Math.min(WORLDS_OF_A_LAKE, WORLDS - from));
    }
    cells.forEach(
        (name, list) -> {
          System.out.println(summary(name, list));
          for (long[] size : new long[][] {{1, 2}, {3, 5}, {6, 10}, {11, 20}, {21, 10_000}}) {
            List<Cell> some =
                list.stream().filter(c -> size[0] <= c.leaks() && c.leaks() <= size[1]).toList();
            if (!some.isEmpty()) {
              System.out.println(summary("  of " + size[0] + " to " + size[1] + " leaks", some));
            }
          }
        });

    for (String window : List.of("1", "7")) {
      assertThat(held(cells.get("category " + window + " days")))
          .as("window of %s days", window)
          .isBetween(0.70, 0.90);
    }
  }

  private static double held(List<Cell> list) {
    return (double) list.stream().filter(Cell::isHeld).count() / list.size();
  }

  private static String summary(String name, List<Cell> list) {
    double[] widths = list.stream().mapToDouble(Cell::relativeWidth).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%s: %d cells, %.1f%% held, %.1f%% below, %.1f%% above, figures %.0f, truth %.0f,"
            + " median relative width %.2f",
        name,
        list.size(),
        100 * held(list),
        100.0 * list.stream().filter(c -> c.truth() < c.low() - 0.01).count() / list.size(),
        100.0 * list.stream().filter(c -> c.truth() > c.high() + 0.01).count() / list.size(),
        list.stream().mapToDouble(Cell::leaked).sum(),
        list.stream().mapToDouble(Cell::truth).sum(),
        widths[widths.length / 2]);
  }

  private void lake(Path folder, long firstSeed, int count) throws IOException {
    Path events = Files.createDirectories(folder.resolve("events"));
    Path orders = Files.createDirectories(folder.resolve("orders"));
    List<Path> worlds = new ArrayList<>();
    List<String> codes = codes();
    Map<String, String> profiles = new TreeMap<>();
    Map<Path, Map<String, String>> codesOf = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Path world = folder.resolve("seed-" + (firstSeed + i));
      SyntheticLogs.write(
          LocalSpark.session(),
          GenerateSettings.of(EVENTS, DAYS, firstSeed + i, world.toString()).withParts(1));
      Map<String, String> own = new TreeMap<>();
      for (String profile : PROFILES) {
        own.put(profile, codes.get(profiles.size()));
        profiles.put(own.get(profile), profile);
      }
      moveAs(world.resolve("events"), events.resolve("seed-" + i), own);
      moveAs(world.resolve("orders"), orders.resolve("seed-" + i), own);
      worlds.add(world);
      codesOf.put(world, own);
    }
    EndToEnd.Outcome outcome =
        EndToEnd.shoplens(
            "run",
            "--conf",
            configured(folder.resolve("conf"), profiles).toString(),
            "-D",
            "lake.root=" + folder.resolve("lake"),
            "-D",
            "feeds.clicks.path=" + events,
            "-D",
            "feeds.orders.path=" + orders,
            // No leak depends on who earned an order.
            "-D",
            "attribution.models=last_touch");
    assertThat(outcome.exit()).as(outcome.err() + outcome.out()).isZero();
    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    LeakTruth.assertStates(lake, worlds);
    compare(lake, codesOf);
  }

  /** Codes of markets, none of which a world's own logs know. */
  private static List<String> codes() {
    return Arrays.stream(Locale.getISOCountries()).filter(c -> !PROFILES.contains(c)).toList();
  }

  /** The logs of a world under its own codes of markets. */
  private static void moveAs(Path from, Path to, Map<String, String> codes) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path moved = to.resolve(from.relativize(file).toString());
        Files.createDirectories(moved.getParent());
        try (BufferedReader in =
                new BufferedReader(
                    new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)),
                        StandardCharsets.ISO_8859_1));
            Writer out =
                new OutputStreamWriter(
                    new GZIPOutputStream(Files.newOutputStream(moved)),
                    StandardCharsets.ISO_8859_1)) {
          for (String line = in.readLine(); line != null; line = in.readLine()) {
            String renamed = line;
            for (Map.Entry<String, String> code : codes.entrySet()) {
              renamed =
                  renamed.replace(
                      "\"market\":\"" + code.getKey() + '"',
                      "\"market\":\"" + code.getValue() + '"');
            }
            out.write(renamed + '\n');
          }
        }
      }
    }
  }

  /** The shipped configuration with a market for each code, like the one it stands for. */
  private static Path configured(Path conf, Map<String, String> profiles) throws IOException {
    Files.createDirectories(conf);
    try (Stream<Path> files = Files.list(EndToEnd.CONF)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, conf.resolve(file.getFileName()));
      }
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(conf.resolve("markets.csv")));
    List<String> known = lines.stream().filter(line -> line.matches("[A-Z]{2},.*")).toList();
    lines.removeAll(known);
    for (String line : known) {
      profiles.forEach(
          (code, profile) -> {
            if (line.startsWith(profile + ",")) {
              lines.add(code + line.substring(2));
            }
          });
    }
    Files.write(conf.resolve("markets.csv"), lines);
    return conf.resolve("samples.yaml");
  }

  private void compare(Lake lake, Map<Path, Map<String, String>> codesOf) {
    Dataset<Row> figures = figures(lake).persist();
    Map<String, Double> truths = unreported(lake, codesOf);
    for (Row row : figures.collectAsList()) {
      String level = row.getString(2);
      String days = row.getInt(4) + " days";
      String cell = row.getString(0) + " " + row.getString(3) + " " + days;
      double truth = row.getDecimal(5).doubleValue() + truths.getOrDefault(level + cell, 0.0);
      cells
          .computeIfAbsent(level + " " + days, name -> new ArrayList<>())
          .add(
              new Cell(
                  row.getLong(9),
                  row.getDecimal(6).doubleValue(),
                  row.getDecimal(7).doubleValue(),
                  row.getDecimal(8).doubleValue(),
                  truth));
    }
    figures.unpersist();
  }

  /** Of each market and category, with at least one leak to be estimated. */
  private static Dataset<Row> figures(Lake lake) {
    // Columns of two tables have different comments, which a cogroup does not take for one key.
    Dataset<Row> leaks = lake.read(Leaks.TABLE).withColumn(MARKET, concat(col(MARKET)));
    Date last = leaks.selectExpr("max(leak_date)").head().getDate(0);
    Reference reference =
        Catalogues.reference(List.of(), List.of(), List.of(), Map.of(), List.of());
    return LeakDays.of(
            leaks.withColumn(LEAK_DATE, lit(last)),
            lake.read(DailyConversion.TABLE).withColumn(MARKET, concat(col(MARKET))),
            new LeakageSettings(Map.of()),
            new GmvSettings(GmvSettings.Basis.PAID, Set.of(), "USD", 7, Optional.empty()),
            reference)
        .where(col(LEVEL).isin("market", "category"))
        .where("mature_leaks - confirmed_leaks - recaptured_leaks - unavoidable_leaks > 0")
        .select(
            col(MARKET),
            col(LEAK_DATE),
            col(LEVEL),
            col(LEVEL_VALUE),
            col(WINDOW_DAYS),
            col(CONFIRMED_GMV_REPORTING),
            col(LEAKED_GMV_LOW_REPORTING),
            col(LEAKED_GMV_REPORTING),
            col(LEAKED_GMV_HIGH_REPORTING),
            col(MATURE_LEAKS).minus(col(CONFIRMED_LEAKS)).minus(col(RECAPTURED_LEAKS)));
  }

  /** What was bought outside and not reported after a leak that is leaked, within its window. */
  private static Map<String, Double> unreported(Lake lake, Map<Path, Map<String, String>> codesOf) {
    Map<String, Row> leaks = new HashMap<>();
    for (Row leak :
        lake.read(Leaks.TABLE)
            .where(col(STATE).equalTo("leaked"))
            .select(col(EVENT_ID), col(WINDOW_DAYS), col(LEAK_AT), col(MARKET), col(CATEGORY))
            .collectAsList()) {
      leaks.put(leak.getString(0) + " " + leak.getInt(1), leak);
    }
    Map<String, Double> rates = new HashMap<>();
    for (Row rate :
        lake.query(
                "SELECT currency, sum(gmv_reporting) / sum(gmv_local) FROM silver.order_lines"
                    + " WHERE gmv_reporting IS NOT NULL GROUP BY currency")
            .collectAsList()) {
      rates.put(rate.getString(0), rate.getDecimal(1).doubleValue());
    }
    Map<String, Double> truths = new HashMap<>();
    for (Path world : codesOf.keySet()) {
      for (JsonNode click : LeakTruth.clicks(world)) {
        for (int days : new int[] {1, 7}) {
          Row leak = leaks.get(click.path("leak_event_id_" + days + "d").asText() + " " + days);
          if (leak == null || !click.get("outcome").asText().equals("unreported_purchase")) {
            continue;
          }
          Instant boughtAt = Instant.parse(click.get("settled_at").asText());
          Instant until = leak.getTimestamp(2).toInstant().plusSeconds(86_400L * days);
          if (!boughtAt.isAfter(until)) {
            double value =
                click.get("value").asDouble() * rates.get(click.get("currency").asText());
            String window = " " + days + " days";
            truths.merge("market" + leak.getString(3) + " " + window, value, Double::sum);
            if (!leak.isNullAt(4)) {
              truths.merge(
                  "category" + leak.getString(3) + " " + leak.getString(4) + window,
                  value,
                  Double::sum);
            }
          }
        }
      }
    }
    return truths;
  }
}
