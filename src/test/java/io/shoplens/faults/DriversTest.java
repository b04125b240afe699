package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.testing.CommitFaults.Missing;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Several drivers, each a process of its own, at work on one lake or one table at once. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriversTest {
  private static final int ROUNDS = 10;
  private static final int SLEEPS = 5;
  private static final int APPENDS = 10;

  private static final List<List<String>> SAME_AND_DIFFERENT =
      List.of(
          List.of("run", "run"),
          List.of("run", "run", "run"),
          List.of("run", "ingest", "maintain", "run"),
          List.of("ingest", "run"),
          List.of("maintain", "run", "ingest"));

  private final World world = World.shared();
  private final List<Driver> drivers = new ArrayList<>();

  @AfterAll
  void end() {
    drivers.forEach(Driver::close);
  }

  /** The first so many; they stay, warm, for the rounds that follow. */
  private List<Driver> drivers(int number) throws IOException {
    int known = drivers.size();
    for (int i = known; i < number; i++) {
      drivers.add(Driver.start("driver-" + i));
    }
    for (Driver started : drivers.subList(known, drivers.size())) {
      started.ready();
    }
    return drivers.subList(0, number);
  }

  @Test
  void sameAndDifferentJobsAtOnce() {
    Tally tally = Tally.of("2 to 4 drivers at once, same and different jobs");
    for (int round = 0; round < ROUNDS; round++) {
      int number = round;
      List<String> commands = SAME_AND_DIFFERENT.get(round % SAME_AND_DIFFERENT.size());
      tally.happens("round " + round + " " + commands, () -> atOnce(number, commands));
    }
    tally.assertHarmless(ROUNDS);
  }

  /** In the second half of the rounds a second driver is refused, not kept waiting. */
  private Tally.Outcome atOnce(int round, List<String> commands) throws Exception {
    boolean isRefused = round >= ROUNDS / 2;
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place("drivers-" + round));
    List<Outcome> outcomes =
        outcomes(
            place,
            commands.stream()
                .map(
                    command ->
                        List.of(
                            command, "-D", "lake.second-run=" + (isRefused ? "refuse" : "wait")))
                .toList());
    boolean hasMet = false;
    for (Outcome outcome : outcomes) {
      boolean isTurnedAway =
          outcome.exit() == 3 && outcome.err().contains("Another run is at work on this lake.");
      assertThat(outcome.exit() == 0 || (isRefused && isTurnedAway)).as(outcome.err()).isTrue();
      hasMet |= isTurnedAway || outcome.err().contains("waiting for `shoplens ");
    }
    assertThat(outcomes).as("one works").anyMatch(outcome -> outcome.exit() == 0);
    boolean hasRun = false;
    for (int i = 0; i < commands.size(); i++) {
      hasRun |= commands.get(i).equals("run") && outcomes.get(i).exit() == 0;
    }
    if (!hasRun) {
      place.complete(Days.BOTH);
    }
    return Tally.Outcome.of(hasMet, place.judged(Days.BOTH));
  }

  @Test
  void runMaintenanceAndErasureAtOnce() {
    Tally tally = Tally.of("maintenance, erasure and run at once");
    for (int round = 0; round < ROUNDS; round++) {
      int number = round;
      tally.happens("round " + round, () -> withUpkeep(number));
    }
    tally.assertHarmless(ROUNDS);
  }

  private Tally.Outcome withUpkeep(int round) throws Exception {
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place("upkeep-" + round));
    List<List<String>> commands = new ArrayList<>();
    String setting = "privacy.key-file=" + world.keys();
    commands.add(List.of("run", "-D", setting));
    commands.add(List.of("maintain", "-D", setting));
    commands.add(List.of("erase", "--user=" + World.PASSING_USER, "-D", setting));
    // Who comes first is another each round.
    Collections.rotate(commands, round);
    List<Outcome> outcomes = outcomes(place, commands);
    assertThat(outcomes).allMatch(outcome -> outcome.exit() == 0, "ended well");
    boolean hasMet =
        outcomes.stream().anyMatch(outcome -> outcome.err().contains("waiting for `shoplens "));
    Outcome proof =
        place.command(
            Days.BOTH,
            "sql",
            "SELECT count(*) FROM bronze.events WHERE user_id = '" + World.PASSING_USER + "'");
    assertThat(proof.out().lines().toList()).as(proof.err()).last().asString().contains("0");
    return Tally.Outcome.of(hasMet, place.judged(Days.BOTH));
  }

  @Test
  void aDriverThatSleepsUntilAnotherHasDoneItsWork() {
    Tally tally = Tally.of("a driver asleep for longer than its lease, and overtaken");
    for (int round = 0; round < SLEEPS; round++) {
      int number = round;
      tally.happens("round " + round, () -> asleep(number));
    }
    tally.assertHarmless(SLEEPS);
  }

  /** It falls asleep some commits later each round, and says when it wakes up that it was late. */
  private Tally.Outcome asleep(int round) throws Exception {
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place("asleep-" + round));
    long before = commits(place);
    long awake = 1 + round * (world.commits(Days.BOTH) - 5L) / SLEEPS;
    List<Driver> own = drivers(2);
    String[] run = place.arguments(Days.BOTH, "run", "-D", "lake.lease-expiry=3s");
    CompletableFuture<Outcome> late = own.get(0).runs(run);
    while (commits(place) < before + awake && !late.isDone()) {
      Thread.sleep(10);
    }
    own.get(0).sleep();
    Outcome inTime;
    try {
      inTime = own.get(1).runs(run).get();
    } finally {
      own.get(0).wakeUp();
    }
    assertThat(inTime.exit()).as(inTime.err()).isZero();
    assertThat(late.get().exit()).as(late.get().out() + late.get().err()).isIn(0, 3);
    return Tally.Outcome.of(late.get().exit() == 3, place.judged(Days.BOTH));
  }

  private static long commits(Place place) throws IOException {
    try (Stream<Path> files = Files.walk(place.folder())) {
      return files.filter(file -> file.toString().matches(".*/_delta_log/\\d{20}\\.json")).count();
    } catch (UncheckedIOException moving) {
      // Files come and go meanwhile.
      return 0;
    }
  }

  private List<Outcome> outcomes(Place place, List<List<String>> commands) throws Exception {
    List<Driver> own = drivers(commands.size());
    List<CompletableFuture<Outcome>> begun = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      begun.add(
          own.get(i).runs(place.arguments(Days.BOTH, commands.get(i).toArray(String[]::new))));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (CompletableFuture<Outcome> each : begun) {
      outcomes.add(each.get());
    }
    return outcomes;
  }

  @Test
  void appendsOfFourDriversWithoutALease() throws Exception {
    Tally tally = Tally.of("4 drivers append to one table by Delta, 10 times each");
    tally.happened(4 * APPENDS, appended("appends", Missing.NOTHING));
    tally.assertHarmless(4 * APPENDS);
  }

  /** The lease keeps runs apart even then; what it can't keep apart are other writers. */
  @Test
  void withDeltasOwnLogStoreAppendsAreLost() throws Exception {
    Tally tally = Tally.of("4 drivers append to one table by Delta's own log store");
    tally.happened(4 * APPENDS, appended("stock", Missing.CONDITIONAL_WRITES));
    tally.assertHarmful();
  }

  private Tally.Outcome appended(String table, Missing missing) throws Exception {
    String path = world.place(table).root();
    SparkSession session = LocalSpark.session().newSession();
    world.s3().hadoopSettings().forEach(session.conf()::set);
    session.range(0).write().format("delta").save(path);
    List<String> arguments = new ArrayList<>(List.of("append", path, String.valueOf(APPENDS)));
    world.s3().hadoopSettings().forEach((key, value) -> arguments.add(key + "=" + value));
    List<CompletableFuture<Outcome>> begun = new ArrayList<>();
    for (Driver driver : drivers(4)) {
      begun.add(driver.obeys(new DriverMain.Order(arguments, 0, 0, missing)));
    }
    long acknowledged = 0;
    for (CompletableFuture<Outcome> each : begun) {
      acknowledged += Long.parseLong(each.get().out());
    }
    World.forget();
    long rows = session.read().format("delta").load(path).count();
    return new Tally.Outcome(
        acknowledged > 0, Math.max(0, acknowledged - rows), Math.max(0, rows - acknowledged), 0);
  }
}
