package io.shoplens.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.testing.CommitFaults.Missing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;

/** A driver in a process of its own, which waits for commands. */
final class Driver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final PrintWriter orders;
  private final BufferedReader answers;

  private Driver(Process process) {
    this.process = process;
    this.orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one; it is ready some while later, which {@link #ready} awaits. */
  static Driver start(String name) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx700m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:ReservedCodeCacheSize=240m", "-Xshare:auto"));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DriverMain.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    Path log = World.shared().folder("drivers").resolve(name + ".log");
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new Driver(process);
  }

  /** Waits until it can be told something. */
  Driver ready() throws IOException {
    if (answers.readLine() == null) {
      throw new IOException("the driver did not start");
    }
    return this;
  }

  /** What comes of a command; of a driver that ends in the middle of it, its exit code. */
  CompletableFuture<Outcome> runs(String... arguments) {
    return obeys(new DriverMain.Order(List.of(arguments), 0, 0, Missing.NOTHING));
  }

  CompletableFuture<Outcome> obeys(DriverMain.Order order) {
    try {
      orders.println(JSON.writeValueAsString(order));
    } catch (IOException failure) {
      return CompletableFuture.failedFuture(failure);
    }
    return CompletableFuture.supplyAsync(this::answer);
  }

  private Outcome answer() {
    try {
      String line = answers.readLine();
      if (line == null) {
        return new Outcome(process.waitFor(), "", "");
      }
      JsonNode answer = JSON.readTree(line);
      return new Outcome(
          answer.path("exit").asInt(), answer.path("out").asText(), answer.path("err").asText());
    } catch (IOException gone) {
      return new Outcome(process.exitValue(), "", gone.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Stops it where it is, as a machine does that is put to sleep. */
  void sleep() throws IOException, InterruptedException {
    signal("STOP");
  }

  void wakeUp() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    orders.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
