package io.shoplens.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A real Spark cluster on this machine: a standalone master and one worker, each a process of its
 * own on a free port of the loopback address, and executors that the worker starts. Closing it ends
 * all of them; so does the end of this JVM.
 *
 * <p>Spark comes from jars that are linked into a folder which it takes for its home.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration END = Duration.ofSeconds(10);
  private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";

  /** No second compilation: none of the processes lives long enough to earn it back. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m");

  /** As the launcher logs. Master and worker keep Spark's own level, which tells their state. */
  private static final String QUIET =
      "-Dlog4j2.configurationFile=" + Path.of("conf", "log4j2.properties").toUri();

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final Path home;
  private final List<Process> started = new ArrayList<>();
  private final Thread hook = new Thread(this::endAll);
  private String master;
  private Process worker;

  /** What became of a submitted application: its exit code and all it wrote. */
  public record Finished(int exit, String out, String err) {}

  private StandaloneCluster(Path home) {
    this.home = home;
  }

  /** The jars that Spark brings and an application finds there. */
  public static String packagedClassPath() throws IOException {
    return Files.readString(Path.of("target", "classpath.txt")).strip();
  }

  /**
   * Starts master and worker and waits until they know each other.
   *
   * @param home a folder to become Spark's home; what an earlier cluster left there is removed
   * @param classPath Spark's jars, and those that an application is to find there
   */
  public static StandaloneCluster start(Path home, String classPath)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(home.toAbsolutePath());
    Runtime.getRuntime().addShutdownHook(cluster.hook);
    try {
      cluster.furnish(classPath);
      cluster.open();
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      cluster.close();
      throw failure;
    }
  }

  /** The master's address, as in {@code spark://127.0.0.1:7077}. */
  public String master() {
    return master;
  }

  /**
   * Submits an application in client mode and waits for its end; past the limit it is ended.
   *
   * @param options options of spark-submit, master apart
   * @param application the jar, and the arguments of its main class
   */
  public Finished submit(Duration limit, List<String> options, List<String> application)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--master",
                master,
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--conf",
                "spark.driver.bindAddress=127.0.0.1",
                "--conf",
                "spark.sql.shuffle.partitions=2",
                "--conf",
                "spark.sql.adaptive.enabled=false",
                "--conf",
                "spark.executor.memory=768m",
                "--conf",
                "spark.executor.extraJavaOptions=" + String.join(" ", SHORT_LIVED)));
    arguments.addAll(options);
    arguments.addAll(application);
    Path out = Files.createTempFile(home, "submit", ".out");
    Path err = Files.createTempFile(home, "submit", ".err");
    Process process = java(SUBMIT, "1g", arguments, out, err);
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      end(process);
      throw new IllegalStateException("Not done after " + limit + ":\n" + Files.readString(err));
    }
    return new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** The processes of the cluster that are alive, executors included. */
  public List<ProcessHandle> processes() {
    return started.stream()
        .map(Process::toHandle)
        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  /** The executors that are alive; the worker starts another where one ends too early. */
  public List<ProcessHandle> executors() {
    return worker.descendants().filter(ProcessHandle::isAlive).toList();
  }

  @Override
  public void close() {
    endAll();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  /** A folder that Spark takes for a distribution of itself. */
  private void furnish(String classPath) throws IOException {
    if (Files.exists(home)) {
      try (Stream<Path> left = Files.walk(home)) {
        for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Path jars = Files.createDirectories(home.resolve("jars"));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("RELEASE"), "");
    for (String entry : classPath.split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (!entry.endsWith(".jar")) {
        continue;
      }
      try {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      } catch (FileAlreadyExistsException linkedBefore) {
        // The same version of the same jar: its name says both.
      }
    }
  }

  private void open() throws IOException, InterruptedException {
    Path masterLog = home.resolve("master.log");
    Process masterProcess =
        java(
            "org.apache.spark.deploy.master.Master",
            "512m",
            List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"),
            masterLog,
            masterLog);
    master = awaited(masterProcess, masterLog, MASTER).group(1);
    Path workerLog = home.resolve("worker.log");
    worker =
        java(
            "org.apache.spark.deploy.worker.Worker",
            "512m",
            List.of(
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0",
                "--cores",
                "2",
                "--memory",
                "1g",
                "--work-dir",
                home.resolve("work").toString(),
                master),
            workerLog,
            workerLog);
    awaited(worker, workerLog, REGISTERED);
  }

  private Process java(String mainClass, String memory, List<String> arguments, Path out, Path err)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + memory);
    command.add("-XX:+UseSerialGC");
    command.addAll(SHORT_LIVED);
    if (mainClass.equals(SUBMIT)) {
      command.add(QUIET);
    }
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+")));
    command.addAll(List.of("-cp", home.resolve("jars") + File.separator + "*", mainClass));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME", home.toString(),
                "SPARK_SCALA_VERSION", "2.13",
                "SPARK_LOCAL_IP", "127.0.0.1"));
    Process process =
        (out.equals(err) ? builder.redirectErrorStream(true) : builder.redirectError(err.toFile()))
            .start();
    started.add(process);
    return process;
  }

  private static Matcher awaited(Process process, Path log, Pattern line)
      throws IOException, InterruptedException {
    Instant limit = Instant.now().plus(START);
    while (Instant.now().isBefore(limit) && process.isAlive()) {
      Matcher found = line.matcher(Files.readString(log, StandardCharsets.UTF_8));
      if (found.find()) {
        return found;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("No '" + line + "' in\n" + Files.readString(log));
  }

  private void endAll() {
    started.forEach(StandaloneCluster::end);
  }

  /** Ends a process and all it started: asked first, then by force. */
  private static void end(Process process) {
    List<ProcessHandle> handles =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    handles.forEach(ProcessHandle::destroy);
    Instant limit = Instant.now().plus(END);
    for (ProcessHandle handle : handles) {
      try {
        long left = Math.max(1, Duration.between(Instant.now(), limit).toMillis());
        handle.onExit().get(left, TimeUnit.MILLISECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        handle.destroyForcibly();
      } catch (ExecutionException | TimeoutException late) {
        handle.destroyForcibly();
      }
    }
  }
}
