package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.Missing;
import io.shoplens.testing.CommitFaults.Moment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A driver dies right before or right after each commit of a run, and the next one goes on. */
@Tag("faults")
class CrashPointsTest {
  private static final int EVERY_POINT = 20;

  /** A first run creates the tables; else it commits as a daily one does. */
  private static final int EVERY_EIGHTH = 8;

  private final World world = World.shared();

  @AfterEach
  void disarm() {
    CommitFaults.disarm();
    CommitFaults.without(Missing.NOTHING);
  }

  @Test
  void afterCommitsOfAFirstRun() {
    Tally tally = Tally.of("fatal error after every eighth commit of a first run");
    int commits = world.commits(Days.FIRST);
    for (int commit = 1; commit <= commits; commit += EVERY_EIGHTH) {
      int at = commit;
      tally.happens(
          "commit " + at, () -> died(world.place("first-" + at), Days.FIRST, Moment.AFTER, at));
    }
    tally.assertHarmless(EVERY_POINT / EVERY_EIGHTH);
  }

  @Test
  void beforeEveryCommitOfADailyRun() {
    assertHarmlessAtEveryCommit(
        Moment.BEFORE, "fatal error before each commit of a second day's run");
  }

  @Test
  void afterEveryCommitOfADailyRun() {
    assertHarmlessAtEveryCommit(
        Moment.AFTER, "fatal error after each commit of a second day's run");
  }

  private void assertHarmlessAtEveryCommit(Moment moment, String fault) {
    Tally tally = Tally.of(fault);
    Place first = world.undisturbed(Days.FIRST);
    int commits = world.commits(Days.BOTH);
    for (int commit = 1; commit <= commits; commit++) {
      int at = commit;
      String lake = "daily-" + moment + "-" + at;
      tally.happens(
          "commit " + at, () -> died(first.copyTo(world.place(lake)), Days.BOTH, moment, at));
    }
    tally.assertHarmless(EVERY_POINT);
  }

  /** Without them a run that died after its append appends once more. */
  @Test
  void withoutTransactionIdsRowsAreDoubled() {
    Tally tally = Tally.of("the same without transaction ids, at the first three commits");
    for (int commit = 1; commit <= 3; commit++) {
      int at = commit;
      tally.happens(
          "commit " + at,
          () -> {
            CommitFaults.without(Missing.TRANSACTION_IDS);
            try {
              Place place = world.place("no-txn-" + at);
              boolean hasFired = dies(place, Days.FIRST, Moment.AFTER, at);
              // It may well be refused: the run's own checks see what happened.
              World.forget();
              place.run(Days.FIRST);
              return Tally.Outcome.of(hasFired, place.judged(Days.FIRST));
            } finally {
              CommitFaults.without(Missing.NOTHING);
            }
          });
    }
    tally.assertHarmful();
  }

  private static Tally.Outcome died(Place place, Days days, Moment moment, int commit) {
    boolean hasFired = dies(place, days, moment, commit);
    place.complete(days);
    return Tally.Outcome.of(hasFired, place.judged(days));
  }

  private static boolean dies(Place place, Days days, Moment moment, int commit) {
    World.forget();
    CommitFaults.arm(moment, commit);
    Outcome died = place.run(days);
    CommitFaults.disarm();
    boolean hasFired = !CommitFaults.fired().isEmpty();
    if (hasFired) {
      assertThat(died.exit()).as(died.err()).isEqualTo(70);
    }
    return hasFired;
  }
}
