package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.shoplens.config.LakeSettings;
import io.shoplens.config.LakeSettings.Drivers;
import io.shoplens.config.LakeSettings.SecondRun;
import io.shoplens.error.ExitStatus;
import io.shoplens.error.ShoplensException;
import io.shoplens.testing.LoopbackS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir private Path lake;
  private final List<String> notices = new ArrayList<>();

  @Test
  void theSecondRunWaitsUntilTheFirstHasEndedAndSaysForWhom() throws Exception {
    Lease first = take(SecondRun.WAIT, LONG, LONG);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Lease> second = other.submit(() -> take(SecondRun.WAIT, LONG, LONG));
      while (notices.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(second.isDone()).isFalse();
      first.close();
      second.get(1, TimeUnit.MINUTES).close();
    } finally {
      other.shutdownNow();
    }
    assertThat(notices).singleElement().asString().startsWith("waiting for `shoplens run` on ");
  }

  @Test
  void theSecondRunIsRefusedWhereItIsToBe() {
    try (Lease first = take(SecondRun.WAIT, LONG, LONG)) {
      assertThatThrownBy(() -> take(SecondRun.REFUSE, LONG, LONG))
          .isInstanceOfSatisfying(
              ShoplensException.class,
              refusal -> assertThat(refusal.status()).isEqualTo(ExitStatus.INPUT))
          .hasMessageStartingWith(
              "Another run is at work on this lake.\n  Cause: It is `shoplens run` on ")
          .hasMessageContaining(", process " + ProcessHandle.current().pid() + ", since ")
          .hasMessageContaining("and lake.second-run is refuse.\n  Cure:  Run again when it has");
      first.require();
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void waitingHasALimit() {
    try (Lease first = take(SecondRun.WAIT, LONG, LONG)) {
      assertThatThrownBy(() -> take(SecondRun.WAIT, Duration.ZERO, LONG))
          .hasMessageContaining("was still at work after 0 s.");
      first.require();
    }
  }

  @Test
  void aKilledRunOfThisMachineKeepsNobodyOut() throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holding.class.getName(),
                lake.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat((char) run.getInputStream().read()).isEqualTo('H');
    assertThatThrownBy(() -> take(SecondRun.REFUSE, LONG, LONG))
        .hasMessageContaining("process " + run.pid());

    run.destroyForcibly().waitFor();

    take(SecondRun.REFUSE, LONG, LONG).close();
  }

  /** Takes the lease of a lake and never gives it back. */
  static final class Holding {
    public static void main(String[] lake) throws InterruptedException {
      Lease.take(
          lake[0], settings(SecondRun.WAIT, LONG, LONG), "run", new Configuration(), text -> {});
      System.out.print('H');
      System.out.flush();
      TimeUnit.HOURS.sleep(1);
    }
  }

  @Test
  void aSilentRunOfAnotherMachineCountsAsDeadAfterTheExpiry() throws IOException {
    take(SecondRun.WAIT, LONG, LONG).close();
    elsewhere();
    Duration expiry = Duration.ofMillis(500);
    long start = System.nanoTime();

    take(SecondRun.REFUSE, LONG, expiry).close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(expiry);
  }

  @Test
  void aLivingRunOfAnotherMachineIsKnownByItsBeat() throws Exception {
    take(SecondRun.WAIT, LONG, LONG).close();
    elsewhere();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      other.submit(this::beatForever);
      assertThatThrownBy(() -> take(SecondRun.REFUSE, LONG, Duration.ofSeconds(2)))
          .hasMessageStartingWith("Another run is at work on this lake.");
    } finally {
      other.shutdownNow();
    }
  }

  private Void beatForever() throws Exception {
    String text = Files.readString(latest());
    for (int beat = 1; ; beat++) {
      TimeUnit.MILLISECONDS.sleep(100);
      Files.writeString(latest(), text.replace("\"beat\":0", "\"beat\":" + beat));
    }
  }

  @Test
  void aRunThatWasTakenForDeadStops() throws Exception {
    // It knows nothing of its silence: its next sign of life is minutes off.
    Lease first = take(SecondRun.WAIT, LONG, LONG);
    first.require();
    Lease second = take(SecondRun.WAIT, LONG, Duration.ofMillis(300));

    assertThatThrownBy(first::require)
        .isInstanceOf(ShoplensException.class)
        .hasMessageStartingWith("This run has lost its place to another.");
    first.close();
    assertThat(Files.readString(latest())).contains("\"state\":\"held\"");
    second.close();
  }

  @Test
  void whatAStoreListsWhileItWritesIsNobodysLease() throws Exception {
    try (Lease first = take(SecondRun.WAIT, LONG, LONG)) {
      Files.writeString(latest().resolveSibling(latest().getFileName() + "-7f3a"), "{");
      first.require();
      assertThat(held()).isPresent();
    }
  }

  @Test
  void aProcessIsKnownByWhatNoStepOfTheClockMoves() throws IOException {
    assumeThat(Path.of("/proc/self/stat")).exists();
    try (Lease lease = take(SecondRun.WAIT, LONG, LONG)) {
      lease.require();
      String started = "\"pidStartedAt\":\"ticks ";
      assertThat(Files.readString(latest())).contains(started);
      assertThat(held()).isPresent();

      Files.writeString(latest(), Files.readString(latest()).replace(started, started + "1"));
      assertThat(held()).as("the number was given to another process").isEmpty();
    }
  }

  @Test
  void theFileOfAnEarlierVersionIsUnderstood() throws IOException {
    try (Lease lease = take(SecondRun.WAIT, LONG, LONG)) {
      lease.require();
      String start = ProcessHandle.current().info().startInstant().orElseThrow().toString();
      startedAt(start);
      assertThat(held()).isPresent();

      startedAt("2026-03-01T00:00:00Z");
      assertThat(held()).isEmpty();
    }
  }

  private void startedAt(String text) throws IOException {
    Files.writeString(
        latest(),
        Files.readString(latest())
            .replaceAll("\"pidStartedAt\":\"[^\"]*\"", "\"pidStartedAt\":\"" + text + "\""));
  }

  private Optional<String> held() {
    return Lease.heldBy(lake.toString(), new Configuration());
  }

  @Test
  void ofManyWhoWantItOneAtATimeHasIt() throws Exception {
    assertOneAtATime(lake.toString(), new Configuration());
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "s3"})
  void theSameHoldsOnS3UnderEitherScheme(String scheme, @TempDir Path folder) throws Exception {
    try (LoopbackS3 s3 = LoopbackS3.start(folder, "leased")) {
      Configuration hadoop = new Configuration();
      s3.hadoopSettings().forEach(hadoop::set);
      hadoop.set("fs.s3a.input.stream.type", "classic");
      hadoop.set(ConditionalWrites.S3_FILE_SYSTEM, ConditionalWrites.S3A);
      assertOneAtATime(scheme + "://leased/lake", hadoop);
    }
  }

  private void assertOneAtATime(String root, Configuration hadoop) throws Exception {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Callable<Void>> runs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      runs.add(
          () -> {
            LakeSettings settings = settings(SecondRun.WAIT, LONG, Duration.ofSeconds(10));
            try (Lease lease = Lease.take(root, settings, "run", hadoop, text -> {})) {
              most.accumulateAndGet(holders.incrementAndGet(), Math::max);
              TimeUnit.MILLISECONDS.sleep(50);
              assertThatCode(lease::require).doesNotThrowAnyException();
              holders.decrementAndGet();
            }
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(runs.size());
    try {
      for (Future<Void> run : threads.invokeAll(runs)) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(most).hasValue(1);
  }

  private Lease take(SecondRun second, Duration wait, Duration expiry) {
    return Lease.take(
        lake.toString(), settings(second, wait, expiry), "run", new Configuration(), notices::add);
  }

  private static LakeSettings settings(SecondRun second, Duration wait, Duration expiry) {
    return new LakeSettings(Drivers.MANY, second, wait, expiry, Duration.ofDays(7));
  }

  /** Makes the latest lease one of another machine that holds it. */
  private void elsewhere() throws IOException {
    Path file = latest();
    Files.writeString(
        file,
        Files.readString(file)
            .replaceAll("\"machine\":\"[^\"]*\"", "\"machine\":\"another\"")
            .replace("released", "held"));
  }

  private Path latest() throws IOException {
    try (Stream<Path> files = Files.list(lake.resolve("_shoplens/lease"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }
}
