package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.lake.Publication;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.Moment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lake is put back to its first publication; what came in since comes in again. */
@Tag("faults")
class RestoreTest {
  private static final int TIMES = 5;
  private static final int POINTS = 3;

  private final World world = World.shared();

  @AfterEach
  void disarm() {
    CommitFaults.disarm();
  }

  @Test
  void newDataComesAfterARestore() {
    Tally tally = Tally.of("a restore, then new data");
    Place place = world.undisturbed(Days.BOTH).copyTo(world.place("restored"));
    for (int time = 1; time <= TIMES; time++) {
      tally.happens(
          "time " + time,
          () -> {
            World.forget();
            Outcome restored = restore(place);
            assertThat(restored.exit()).as(restored.err()).isZero();
            Verdict back = place.judged(Days.FIRST);
            place.complete(Days.BOTH);
            return Tally.Outcome.of(
                restored.out().contains("restored"), back.plus(place.judged(Days.BOTH)));
          });
    }
    tally.assertHarmless(TIMES);
  }

  @Test
  void aRestoreThatWasCutShortIsCompletedByTheNextRun() {
    Tally tally = Tally.of("a restore cut short at a commit, then new data");
    int commits = commits();
    for (int point = 0; point < POINTS; point++) {
      // The first and the last one, and one between.
      int at = 1 + point * (commits - 1) / (POINTS - 1);
      tally.happens(
          "commit " + at,
          () -> {
            Place place = world.undisturbed(Days.BOTH).copyTo(world.place("cut-restore-" + at));
            World.forget();
            CommitFaults.arm(at % 2 == 0 ? Moment.BEFORE : Moment.AFTER, at);
            Outcome died = restore(place);
            CommitFaults.disarm();
            assertThat(died.exit()).as(died.err()).isEqualTo(70);
            // The next one completes the restore before it does anything else.
            World.forget();
            Outcome first = place.run(Days.FIRST);
            assertThat(first.exit()).as(first.err()).isZero();
            assertThat(first.err()).contains("completed a restore that was cut short");
            Verdict back = place.judged(Days.FIRST);
            place.complete(Days.BOTH);
            return Tally.Outcome.of(
                !CommitFaults.fired().isEmpty(), back.plus(place.judged(Days.BOTH)));
          });
    }
    tally.assertHarmless(POINTS);
  }

  private int commits() {
    Place place = world.undisturbed(Days.BOTH).copyTo(world.place("whole-restore"));
    World.forget();
    CommitFaults.arm(Moment.NEVER, 0);
    Outcome restored = restore(place);
    assertThat(restored.exit()).as(restored.err()).isZero();
    return CommitFaults.disarm();
  }

  private static Outcome restore(Place place) {
    List<Publication> all = Publication.of(place.lake());
    return place.command(
        Days.BOTH, "restore", "--to", all.get(all.size() - 1).finishedAt().toString());
  }
}
