package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An erasure dies at one of its commits and is made once more. */
@Tag("faults")
class ErasureTest {
  private static final int POINTS = 3;

  private final World world = World.shared();

  @AfterEach
  void disarm() {
    CommitFaults.disarm();
  }

  @Test
  void anErasureThatWasCutShortGoesOnWhenItIsRepeated() {
    Tally tally = Tally.of("an erasure cut short at a commit, then repeated");
    int commits = commits();
    for (int point = 0; point < POINTS; point++) {
      int commit = 1 + point * (commits - 1) / (POINTS - 1);
      String lake = "cut-erasure-" + point;
      tally.happens("after commit " + commit, () -> erasedTwice(lake, commit));
    }
    tally.assertHarmless(POINTS);
  }

  private int commits() {
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place("whole-erasure"));
    World.forget();
    CommitFaults.arm(Moment.NEVER, 0);
    Outcome erased = command(place, "erase", "--user=" + World.PASSING_USER);
    assertThat(erased.exit()).as(erased.err()).isZero();
    return CommitFaults.disarm();
  }

  private Tally.Outcome erasedTwice(String lake, int commit) {
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place(lake));
    World.forget();
    CommitFaults.arm(Moment.AFTER, commit);
    Outcome died = command(place, "erase", "--user=" + World.PASSING_USER);
    CommitFaults.disarm();
    assertThat(died.exit()).as(died.err()).isEqualTo(70);
    World.forget();
    assertRefused(place);
    erase(place);
    assertProven(place);
    Verdict erased = figures(place, Days.FIRST);
    World.forget();
    Outcome run = command(place, "run");
    assertThat(run.exit()).as(run.err()).isZero();
    assertProven(place);
    return Tally.Outcome.of(
        !CommitFaults.fired().isEmpty(), erased.plus(figures(place, Days.BOTH)));
  }

  /** The log is cleaned up by it: of commits that are gone nothing is told. */
  private static Verdict figures(Place place, Days days) {
    Verdict verdict = place.judged(days);
    return new Verdict(
        Math.max(0, verdict.lost() - place.lostCommits()), verdict.doubled(), verdict.changed());
  }

  @Test
  void rawFilesThatWereWrittenAnewButNotEnteredAreReadWithoutHarm() {
    Tally tally = Tally.of("raw files written anew, and the ledger's commit cut short");
    tally.happens("before", () -> rawErased(Moment.BEFORE));
    tally.happens("after", () -> rawErased(Moment.AFTER));
    tally.assertHarmless(2);
  }

  /** In a bucket of its own, because its raw files are changed. */
  private Tally.Outcome rawErased(Moment moment) throws IOException {
    String bucket = "raw-" + moment.name().toLowerCase(Locale.ROOT);
    world.makeBucket(bucket);
    Map<String, String> settings = new TreeMap<>(world.s3().hadoopSettings());
    Place place =
        new Place(world, "s3a://" + bucket + "/lake", "s3a://" + bucket + "/raw", settings);
    place.upload();
    place.complete(Days.FIRST);
    Place rehearsal = new Place(world, "s3a://" + bucket + "/other", place.raw(), settings);
    place.copyTo(rehearsal);
    World.forget();
    CommitFaults.arm(Moment.NEVER, 0);
    command(rehearsal, "erase", "--user=" + World.PASSING_USER);
    // With raw files the ledger's comes after the one that publishes.
    int commits = CommitFaults.disarm();
    World.forget();
    CommitFaults.arm(moment, commits + 1);
    Outcome died = command(place, "erase", "--user=" + World.PASSING_USER, "--raw");
    CommitFaults.disarm();
    assertThat(died.exit()).as(died.err()).isEqualTo(70);
    assertThat(CommitFaults.fired()).startsWith("ledger/");
    World.forget();
    assertRefused(place);
    Outcome again = command(place, "erase", "--user=" + World.PASSING_USER, "--raw", "--purge-now");
    assertThat(again.exit()).as(again.err()).isZero();
    Outcome run = command(place, "run");
    assertThat(run.exit()).as(run.err()).isZero();
    assertProven(place);
    try (Stream<Path> raw = Files.walk(place.folder().resolveSibling("raw"))) {
      for (Path file : raw.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain(World.PASSING_USER);
      }
    }
    return Tally.Outcome.of(true, figures(place, Days.BOTH));
  }

  /** A run on ids of which some are replaced would publish what is wrong for good. */
  private void assertRefused(Place place) {
    Outcome refused = command(place, "run");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err()).contains("An erasure was cut short.");
  }

  private void erase(Place place) {
    Outcome erased = command(place, "erase", "--user=" + World.PASSING_USER, "--purge-now");
    assertThat(erased.exit()).as(erased.err()).isZero();
  }

  private void assertProven(Place place) {
    Outcome proof = command(place, "erase", "--prove", "--user=" + World.PASSING_USER);
    assertThat(proof.exit()).as(proof.out() + proof.err()).isZero();
    assertThat(proof.out()).startsWith("found in 0 of ");
  }

  private Outcome command(Place place, String... command) {
    return place.command(
        Days.BOTH,
        Stream.concat(Stream.of(command), Stream.of("-D", "privacy.key-file=" + world.keys()))
            .toArray(String[]::new));
  }
}
