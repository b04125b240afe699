package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.Main;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.testing.StandaloneCluster;
import io.shoplens.testing.StandaloneCluster.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The executor of a run on a real cluster is killed; the run goes on with another. */
@Tag("faults")
class ExecutorsTest {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  /** What is there when the executor is killed: nothing but itself, bronze, silver. */
  private static final List<String> SIGNS =
      List.of("_shoplens", "ops/ledger/_delta_log", "silver/sessions/_delta_log");

  private final World world = World.shared();

  @Test
  void executorsAreKilled() throws Exception {
    Tally tally = Tally.of("executor killed in a real standalone cluster");
    try (StandaloneCluster cluster =
        StandaloneCluster.start(
            Path.of("target", "faults-cluster"), System.getProperty("java.class.path"))) {
      for (String sign : SIGNS) {
        tally.happens("once there is " + sign, () -> killed(cluster, sign));
      }
    }
    tally.assertHarmless(SIGNS.size());
  }

  private Tally.Outcome killed(StandaloneCluster cluster, String sign) throws InterruptedException {
    Place place = world.place("executor-" + sign.replace('/', '-'));
    CompletableFuture<Finished> run =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return cluster.submit(
                    LIMIT, List.of("--class", Main.class.getName()), application(place));
              } catch (Exception failure) {
                throw new CompletionException(failure);
              }
            });
    await(() -> !cluster.executors().isEmpty() && Files.exists(place.folder().resolve(sign)), run);
    Optional<ProcessHandle> executor = cluster.executors().stream().findFirst();
    boolean isKilled = executor.map(ProcessHandle::destroyForcibly).orElse(false) && !run.isDone();
    await(
        () -> cluster.executors().stream().anyMatch(other -> !other.equals(executor.orElse(null))),
        run);
    Finished finished = run.join();
    assertThat(finished.exit()).as(finished.err()).isZero();
    return Tally.Outcome.of(isKilled, place.judged(Days.FIRST));
  }

  private static void await(BooleanSupplier sign, CompletableFuture<Finished> run)
      throws InterruptedException {
    while (!sign.getAsBoolean() && !run.isDone()) {
      Thread.sleep(50);
    }
  }

  private List<String> application(Place place) throws IOException {
    return Stream.concat(Stream.of(jar().toString()), Stream.of(place.arguments(Days.FIRST, "run")))
        .toList();
  }

  /** The job as it was compiled, which may not have been packaged yet. */
  private Path jar() throws IOException {
    Path jar = world.folder("executors").resolve("shoplens.jar");
    if (!Files.exists(jar)) {
      int exit =
          ToolProvider.findFirst("jar")
              .orElseThrow()
              .run(
                  System.out,
                  System.err,
                  "--create",
                  "--file=" + jar,
                  "-C",
                  Path.of("target", "classes").toString(),
                  ".");
      assertThat(exit).isZero();
    }
    return jar;
  }
}
