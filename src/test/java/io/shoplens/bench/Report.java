package io.shoplens.bench;

import io.shoplens.bench.Contender.Name;
import io.shoplens.bench.Worker.Cost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What was measured, as a section of a Markdown file. */
final class Report {
  private final String heap;
  private final Map<Long, Map<Name, List<Cost>>> costs = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  Report(String heap) {
    this.heap = heap;
  }

  String heap() {
    return heap;
  }

  void add(long events, Name name, Cost cost) {
    costs
        .computeIfAbsent(events, size -> new EnumMap<>(Name.class))
        .computeIfAbsent(name, first -> new ArrayList<>())
        .add(cost);
    System.out.printf(
        Locale.ROOT,
        "%,d events, %s: %.1f CPU-s, %.1f s%n",
        events,
        name.label(),
        cost.cpu(),
        cost.wall());
  }

  void note(String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    notes.add(text);
    System.out.println(text);
  }

  /** CPU seconds of the ingest for each of another's, by their means. */
  OptionalDouble ratio(long events, Name other) {
    Map<Name, List<Cost>> those = costs.getOrDefault(events, Map.of());
    return those.containsKey(Name.SHOPLENS) && those.containsKey(other)
        ? OptionalDouble.of(
            mean(those.get(Name.SHOPLENS), Cost::cpu) / mean(those.get(other), Cost::cpu))
        : OptionalDouble.empty();
  }

  /** CPU seconds of a contender for so many events; empty where it was not measured. */
  OptionalDouble cpu(long events, Name name) {
    List<Cost> those = costs.getOrDefault(events, Map.of()).get(name);
    return those == null ? OptionalDouble.empty() : OptionalDouble.of(mean(those, Cost::cpu));
  }

  private static double mean(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    return costs.stream().mapToDouble(figure).average().orElseThrow();
  }

  /** Appends to a file, which is made where it is not there. */
  void appendTo(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    List<String> lines = lines();
    Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    lines.forEach(System.out::println);
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("## " + LocalDate.now(ZoneOffset.UTC));
    lines.add("");
    lines.add(
        "%d cores of %s, %s of memory, heap %s each; Java %s, Spark %s, Delta %s, DuckDB %s; %s."
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                Machine.processor(),
                Machine.memory(),
                heap,
                System.getProperty("java.version"),
                org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                io.delta.package$.MODULE$.VERSION(),
                duckDbVersion().orElse("none"),
                Contender.CODEC));
    lines.add("");
    lines.add(
        "| events | | rounds | CPU-s | min | max | s | us of CPU per event | bytes shuffled |"
            + " bytes written | Shoplens to it |");
    lines.add("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    costs.forEach(
        (events, byName) ->
            byName.forEach((name, measured) -> lines.add(line(events, name, measured))));
    lines.add("");
    lines.addAll(notes.stream().map(note -> "- " + note).toList());
    return lines;
  }

  private String line(long events, Name name, List<Cost> measured) {
    double cpu = mean(measured, Cost::cpu);
    return String.format(
        Locale.ROOT,
        "| %,d | %s | %d | %.1f | %.1f | %.1f | %.1f | %.1f | %s | %s | %s |",
        events,
        name.label(),
        measured.size(),
        cpu,
        measured.stream().mapToDouble(Cost::cpu).min().orElseThrow(),
        measured.stream().mapToDouble(Cost::cpu).max().orElseThrow(),
        mean(measured, Cost::wall),
        cpu / events * 1e6,
        perEvent(measured, cost -> cost.work().shuffled(), events),
        perEvent(measured, cost -> cost.work().written(), events),
        name == Name.SHOPLENS
            ? ""
            : ratio(events, name).stream()
                .mapToObj(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                .findFirst()
                .orElse(""));
  }

  private static String perEvent(List<Cost> measured, ToDoubleFunction<Cost> figure, long events) {
    double bytes = mean(measured, figure);
    return bytes < 0 ? "" : String.format(Locale.ROOT, "%.1f", bytes / events);
  }

  private static Optional<String> duckDbVersion() {
    try {
      return Optional.ofNullable(
          Class.forName("org.duckdb.DuckDBDriver").getPackage().getImplementationVersion());
    } catch (ClassNotFoundException absent) {
      return Optional.empty();
    }
  }

  /** The machine, without its name. */
  private static final class Machine {
    static String processor() {
      return fact("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
    }

    static String memory() {
      return fact("/proc/meminfo", "MemTotal")
          .map(text -> Long.parseLong(text.replaceAll("\\D", "")) / (1 << 20) + " GB")
          .orElse("?");
    }

    private static Optional<String> fact(String file, String name) {
      try {
        return Files.readAllLines(Path.of(file)).stream()
            .filter(line -> line.startsWith(name))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst();
      } catch (IOException unknown) {
        return Optional.empty();
      }
    }
  }
}
