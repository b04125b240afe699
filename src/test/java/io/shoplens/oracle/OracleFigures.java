package io.shoplens.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the expected figures beside the samples: {@code OracleFigures data-samples conf} reads
 * {@code data-samples/events} and {@code data-samples/orders} and writes {@code
 * data-samples/expected/*.csv}.
 */
public final class OracleFigures {
  private OracleFigures() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("Usage: OracleFigures SAMPLES CONF");
      System.exit(2);
    }
    Path samples = Path.of(arguments[0]);
    write(
        Oracle.of(samples.resolve("events"), samples.resolve("orders"), Path.of(arguments[1])),
        samples.resolve("expected"));
  }

  /** Writes one CSV a table, sorted by key, with a header. */
  public static void write(Oracle oracle, Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve("balance.csv"), oracle.balance());
    write(folder.resolve("rejected.csv"), oracle.rejections());
    write(folder.resolve("silver_counts.csv"), oracle.silverCounts());
    write(folder.resolve("daily_gmv.csv"), oracle.dailyGmv());
    write(folder.resolve("daily_attribution.csv"), oracle.dailyAttribution());
    write(folder.resolve("leaked_links.csv"), oracle.leakedLinks());
    write(folder.resolve("daily_leakage.csv"), oracle.dailyLeakage());
  }

  private static void write(Path file, List<Map<String, String>> rows) throws IOException {
    List<String> lines = new ArrayList<>();
    if (!rows.isEmpty()) {
      lines.add(line(rows.get(0).keySet()));
    }
    rows.forEach(row -> lines.add(line(row.values())));
    Files.write(file, lines);
  }

  private static String line(Collection<String> cells) {
    return cells.stream().map(OracleFigures::quoted).collect(Collectors.joining(","));
  }

  private static String quoted(String cell) {
    return cell.matches("(?s).*[,\"\n\r].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}
