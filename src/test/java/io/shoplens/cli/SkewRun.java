package io.shoplens.cli;

import com.sun.management.OperatingSystemMXBean;
import io.shoplens.lake.Lake;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Steps of a run over a {@link SkewWorld}, in a JVM of its own with 1 GB of heap. */
final class SkewRun {
  private static final String ANSWER = "answer\t";

  private SkewRun() {}

  /** What is made of a world, each by a JVM of its own. */
  private enum Work {
    ALL_DATES,
    LAST_DATE
  }

  /** CPU seconds of the JVM that each step took over all dates. */
  static Map<String, Double> ofAllDates(SkewWorld world, Path lake)
      throws IOException, InterruptedException {
    return of(world, Work.ALL_DATES, lake);
  }

  /**
   * CPU seconds of the JVM that attribution of the last date took, once warm, after all dates were
   * published.
   */
  static double ofLastDate(SkewWorld world, Path lake) throws IOException, InterruptedException {
    return of(world, Work.LAST_DATE, lake).get("last date");
  }

  private static Map<String, Double> of(SkewWorld world, Work work, Path lake)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC"));
    command.add("-Djava.io.tmpdir=" + lake.toAbsolutePath().getParent());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-") || option.startsWith("-Djdk."))
        .forEach(command::add);
    command.add("-Dlog4j2.configurationFile=" + Path.of("conf", "log4j2.properties").toUri());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), SkewRun.class.getName()));
    command.addAll(
        List.of(
            String.valueOf(world.events()),
            String.valueOf(world.orders()),
            String.valueOf(world.days()),
            String.valueOf(world.hotShare()),
            work.name(),
            lake.toAbsolutePath().toString()));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    Map<String, Double> cpu = new TreeMap<>();
    try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(ANSWER)) {
          String[] parts = line.split("\t");
          cpu.put(parts[1], Double.parseDouble(parts[2]));
        }
      }
    }
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(world + " ended with " + exit + " after " + cpu);
    }
    return cpu;
  }

  /** The side of the JVM. */
  public static void main(String[] arguments) {
    SkewWorld world =
        new SkewWorld(
            Long.parseLong(arguments[0]),
            Long.parseLong(arguments[1]),
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]));
    Work work = Work.valueOf(arguments[4]);
    String lake = arguments[5];
    try (SparkSessions.Opened spark =
        SparkSessions.open(Map.of(), Path.of("conf", "spark-defaults.conf"))) {
      measured("world", () -> world.write(new Lake(spark.session(), lake)));
      for (String step : List.of("clickstream", "orders", "attribution")) {
        measured(step, () -> take(step, world.first(), lake));
      }
      if (work == Work.LAST_DATE) {
        // Before the first publication a step takes all that there is, whatever dates are named.
        for (String step : List.of("gmv", "leakage", "checks")) {
          take(step, world.first(), lake);
        }
        take("attribution", SkewWorld.LAST, lake);
        measured("last date", () -> take("attribution", SkewWorld.LAST, lake));
      }
    }
  }

  private static void take(String step, LocalDate from, String lake) {
    Terminal terminal =
        new Terminal(
            new PrintWriter(System.err, true),
            new PrintWriter(System.err, true),
            Terminal.Kind.PIPED);
    int exit =
        Main.execute(
            terminal,
            Map.of(),
            JobEngine::new,
            step,
            "--conf",
            "conf" + File.separator + "local.yaml",
            "-D",
            "lake.root=" + lake,
            "-D",
            "bot.events-per-hour=0",
            "-D",
            "bot.events-per-day=0",
            "--from",
            from.toString(),
            "--to",
            SkewWorld.LAST.toString());
    if (exit != 0) {
      throw new IllegalStateException(step + " ended with " + exit);
    }
  }

  private static void measured(String what, Runnable work) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = system.getProcessCpuTime();
    work.run();
    System.out.println(ANSWER + what + "\t" + (system.getProcessCpuTime() - before) / 1e9);
  }
}
