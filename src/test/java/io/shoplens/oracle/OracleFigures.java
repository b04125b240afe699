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
 * data-samples/expected/*.csv}; with a third argument, the rows behind them go to that folder.
 */
public final class OracleFigures {
  private OracleFigures() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2 && arguments.length != 3) {
      System.err.println("Usage: OracleFigures SAMPLES CONF [DETAILS]");
      System.exit(2);
    }
    Path samples = Path.of(arguments[0]);
    Oracle oracle =
        Oracle.of(samples.resolve("events"), samples.resolve("orders"), Path.of(arguments[1]));
    write(oracle, samples.resolve("expected"));
    if (arguments.length == 3) {
      writeDetails(oracle, Path.of(arguments[2]));
    }
  }

  /** Writes one CSV a table, sorted by key, with a header. */
  public static void write(Oracle oracle, Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve("balance.csv"), oracle.balance());
    write(folder.resolve("rejected.csv"), oracle.rejections());
    write(folder.resolve("silver_counts.csv"), oracle.silverCounts());
    for (Map.Entry<String, List<Map<String, String>>> table : oracle.gold().entrySet()) {
      if (!table.getValue().isEmpty()) {
        write(folder.resolve(table.getKey() + ".csv"), table.getValue());
      }
    }
  }

  /** Writes the rows behind the figures, to find where a figure that differs comes from. */
  public static void writeDetails(Oracle oracle, Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve("outbound_links.csv"), oracle.outboundLinks());
    write(folder.resolve("leaks.csv"), oracle.silverLeaks());
    write(folder.resolve("touchpoints.csv"), oracle.touchpoints());
    write(folder.resolve("order_history.csv"), oracle.orderHistory());
    write(folder.resolve("attribution_credits.csv"), oracle.attributionCredits());
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
