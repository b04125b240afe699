package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.Missing;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Drivers in processes of their own die, and the next one goes on. */
@Tag("faults")
class DeathsTest {
  private static final int HALTS = 10;
  private static final int KILLS = 15;

  /** Times a run may be over before it is killed; they are not counted. */
  private static final int TOO_LATE = 10;

  private final World world = World.shared();

  @Test
  void driversAreHaltedAtACommit() {
    Tally tally = Tally.of("a real halt of the driver before or after a commit");
    int commits = world.commits(Days.BOTH);
    for (int time = 0; time < HALTS; time++) {
      // Odd ones before, even ones after; the first and the last commit are among them.
      int commit = 1 + time * (commits - 1) / (HALTS - 1);
      boolean isBefore = time % 2 == 1;
      String lake = "halt-" + time;
      tally.happens(
          (isBefore ? "before " : "after ") + commit, () -> halted(lake, commit, isBefore));
    }
    tally.assertHarmless(HALTS);
  }

  private Tally.Outcome halted(String lake, int commit, boolean isBefore) throws Exception {
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place(lake));
    try (Driver driver = Driver.start("halted").ready()) {
      Outcome end =
          driver
              .obeys(
                  new DriverMain.Order(
                      List.of(place.arguments(Days.BOTH, "run")),
                      isBefore ? commit : 0,
                      isBefore ? 0 : commit,
                      Missing.NOTHING))
              .get();
      place.complete(Days.BOTH);
      return Tally.Outcome.of(
          end.exit() == CommitFaults.HALTED && !driver.isAlive(), place.judged(Days.BOTH));
    }
  }

  @Test
  void driversAreKilledAtARandomTime() {
    long seed = Long.getLong("faults.seed", LocalDate.now(ZoneOffset.UTC).toEpochDay());
    Tally tally = Tally.of("kill -9 of the driver at a random time (seed " + seed + ")");
    Random random = new Random(seed);
    for (int time = 0; time < KILLS; time++) {
      String lake = "kill-" + time;
      tally.happens("time " + time, () -> killed(lake, random));
    }
    tally.assertHarmless(KILLS);
  }

  /** How long a run takes in a driver just started: what is killed later than that never dies. */
  private long longest = 15_000;

  private Tally.Outcome killed(String lake, Random random) throws Exception {
    for (int attempt = 0; attempt < TOO_LATE; attempt++) {
      Place place = world.undisturbed(Days.FIRST).copyTo(world.place(lake + "-" + attempt));
      try (Driver driver = Driver.start("killed").ready()) {
        CompletableFuture<Outcome> run = driver.runs(place.arguments(Days.BOTH, "run"));
        long start = System.nanoTime();
        long after = 1 + (long) (random.nextDouble() * longest);
        try {
          assertThat(run.get(after, TimeUnit.MILLISECONDS).exit()).isZero();
          longest = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        } catch (TimeoutException stillAtWork) {
          driver.kill();
          assertThat(run.get().exit()).as("killed").isEqualTo(137);
          System.out.printf("  killed after %d ms%n", after);
          place.complete(Days.BOTH);
          return Tally.Outcome.of(!driver.isAlive(), place.judged(Days.BOTH));
        }
      }
    }
    return new Tally.Outcome(false, 0, 0, 0);
  }
}
