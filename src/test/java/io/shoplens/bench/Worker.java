package io.shoplens.bench;

import com.sun.management.OperatingSystemMXBean;
import io.shoplens.bench.Contender.Name;
import io.shoplens.bench.Contender.Work;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A contender in a JVM of its own, which works when told to and measures itself. */
final class Worker implements AutoCloseable {
  private static final String ANSWER = "answer\t";

  /** What one call cost: CPU seconds of the process, seconds by the clock, and what it did. */
  record Cost(double cpu, double wall, Work work) {}

  private final Name name;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private Worker(Name name, Process process) {
    this.name = name;
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a contender with this JVM's class path and module options.
   *
   * @param heap as in 2g
   */
  static Worker start(Name name, String heap) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseParallelGC"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-") || option.startsWith("-Djdk."))
        .forEach(command::add);
    String more = System.getProperty("bench.options", "");
    if (!more.isBlank()) {
      command.addAll(List.of(more.replace("%n", name.name().toLowerCase()).split(" ")));
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName(), name.name()));
    return new Worker(name, new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  Name name() {
    return name;
  }

  /** Has the contender write once. */
  Cost write(Path logs, Path out) throws IOException {
    commands.write(logs.toAbsolutePath() + "\t" + out.toAbsolutePath() + "\n");
    commands.flush();
    String line;
    while ((line = answers.readLine()) != null) {
      if (line.startsWith(ANSWER)) {
        String[] parts = line.split("\t");
        return new Cost(
            Double.parseDouble(parts[1]),
            Double.parseDouble(parts[2]),
            new Work(Long.parseLong(parts[3]), Long.parseLong(parts[4]), Long.parseLong(parts[5])));
      }
    }
    throw new IOException(name.label() + " ended without an answer");
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      process.waitFor();
    } catch (InterruptedException stopped) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }

  /** The contender's side. */
  public static void main(String[] arguments) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    PrintStream out = System.out;
    System.setOut(System.err);
    try (Contender contender = Name.valueOf(arguments[0]).start();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line;
      while ((line = in.readLine()) != null) {
        String[] paths = line.split("\t");
        // What earlier calls left is none of this one's.
        System.gc();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        Work work = contender.write(Path.of(paths[0]), Path.of(paths[1]));
        double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
        double wallSeconds = (System.nanoTime() - wall) / 1e9;
        out.println(
            ANSWER
                + String.join(
                    "\t",
                    String.valueOf(cpuSeconds),
                    String.valueOf(wallSeconds),
                    String.valueOf(work.shuffled()),
                    String.valueOf(work.written()),
                    String.valueOf(work.rejected())));
        out.flush();
      }
    }
  }
}
