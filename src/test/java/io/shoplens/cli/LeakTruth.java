package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.lake.Lake;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Row;

/**
 * Leaks as the pipeline found them, beside what the simulation says really became of the clicks.
 */
final class LeakTruth {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LeakTruth() {}

  /**
   * Compares the state of every human click, for both windows, and the leak that it is in where
   * that leak went to a competitor; and how many were recaptured, and not. What is not mature is
   * pending, whatever the truth will be.
   *
   * @param worlds folders of simulations, each with its truth
   */
  static void assertStates(Lake lake, List<Path> worlds) {
    Map<String, String> found = new TreeMap<>();
    Map<String, Boolean> mature = new TreeMap<>();
    for (Row row :
        lake.query(
                "SELECT explode(click_ids), window_days, state, event_id, is_mature"
                    + " FROM silver.leaks")
            .collectAsList()) {
      String click = row.getString(0) + " " + row.getInt(1) + "d";
      found.put(click, told(row.getString(2), row.getString(3)));
      mature.put(click, row.getBoolean(4));
    }
    Map<String, String> expected = new TreeMap<>();
    for (JsonNode click : worlds.stream().flatMap(world -> clicks(world).stream()).toList()) {
      for (String window : List.of("1d", "7d")) {
        if (click.has("leak_state_" + window)) {
          String name = click.get("event_id").asText() + " " + window;
          String state = click.get("leak_state_" + window).asText();
          boolean isPending =
              !state.equals("possible")
                  && !state.equals("not_competitor")
                  && !mature.getOrDefault(name, false);
          expected.put(
              name,
              told(isPending ? "pending" : state, click.get("leak_event_id_" + window).asText()));
        }
      }
    }

    assertThat(expected).isNotEmpty();
    assertThat(found).isEqualTo(expected);
    assertThat(
            lake
                .query(
                    "SELECT concat_ws(' ', window_days || 'd', sum(mature_leaks),"
                        + " sum(recaptured_leaks), sum(net_leaks)) FROM gold.daily_leaks"
                        + " WHERE level = 'market' GROUP BY window_days ORDER BY window_days")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyElementsOf(figures(expected));
  }

  /** Mature leaks, recaptured and net, for each window. */
  private static List<String> figures(Map<String, String> states) {
    List<String> figures = new ArrayList<>();
    for (String window : List.of("1d", "7d")) {
      Set<String> mature = new TreeSet<>();
      Set<String> recaptured = new TreeSet<>();
      states.forEach(
          (click, told) -> {
            if (click.endsWith(window) && told.matches("(confirmed|recaptured|leaked) in .*")) {
              mature.add(told);
              if (told.startsWith("recaptured")) {
                recaptured.add(told);
              }
            }
          });
      int net = mature.size() - recaptured.size();
      figures.add(window + " " + mature.size() + " " + recaptured.size() + " " + net);
    }
    return figures;
  }

  private static String told(String state, String leak) {
    boolean isToNone = state.equals("possible") || state.equals("not_competitor");
    return isToNone ? state : state + " in " + leak;
  }

  /** The truth about every outbound click. */
  static List<JsonNode> clicks(Path logs) {
    List<JsonNode> clicks = new ArrayList<>();
    try (Stream<Path> files = Files.walk(logs.resolve("truth").resolve("outbound_clicks"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (BufferedReader lines = reader(file)) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            clicks.add(JSON.readTree(line));
          }
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return clicks;
  }

  private static BufferedReader reader(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    return new BufferedReader(
        new InputStreamReader(
            file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes,
            StandardCharsets.UTF_8));
  }
}
