package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.Moment;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Maintenance, or a change of keys, dies at one of its commits. */
@Tag("faults")
class UpkeepTest {
  private static final int POINTS = 3;

  private final World world = World.shared();

  @AfterEach
  void disarm() {
    CommitFaults.disarm();
  }

  @Test
  void maintenanceThatWasCutShortIsOfNoConsequence() {
    assertHarmless(
        "maintenance cut short at a commit, then new data",
        List.of("maintain"),
        place -> place.complete(Days.BOTH));
  }

  @Test
  void aRekeyThatWasCutShortGoesOnWhenItIsRepeated() {
    List<String> keys =
        List.of("-D", "privacy.pseudonyms=on", "-D", "privacy.key-file=" + world.keys());
    List<String> rekey = Stream.concat(Stream.of("rekey"), keys.stream()).toList();
    List<String> run = Stream.concat(Stream.of("run"), keys.stream()).toList();
    assertHarmless(
        "a rekey cut short at a commit, then repeated",
        rekey,
        place -> {
          Outcome refused = command(place, run);
          assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
          for (List<String> next : List.of(rekey, run)) {
            Outcome done = command(place, next);
            assertThat(done.exit()).as(done.err()).isZero();
          }
        });
  }

  /** Whatever commit of a command its driver dies at, once the rest is done nothing is amiss. */
  private void assertHarmless(String fault, List<String> command, Consumer<Place> rest) {
    Tally tally = Tally.of(fault);
    int commits = commits(command);
    for (int point = 0; point < POINTS; point++) {
      int at = 1 + point * (commits - 1) / (POINTS - 1);
      String lake = "cut-" + command.get(0) + "-" + point;
      tally.happens(
          "commit " + at,
          () -> {
            Place place = dies(lake, command, at);
            rest.accept(place);
            return Tally.Outcome.of(!CommitFaults.fired().isEmpty(), place.judged(Days.BOTH));
          });
    }
    tally.assertHarmless(POINTS);
  }

  /** Dies before the commit at odd ones, after it at even ones. */
  private Place dies(String lake, List<String> command, int at) {
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place(lake));
    World.forget();
    CommitFaults.arm(at % 2 == 1 ? Moment.BEFORE : Moment.AFTER, at);
    Outcome died = place.command(Days.BOTH, command.toArray(String[]::new));
    CommitFaults.disarm();
    assertThat(died.exit()).as(died.err()).isEqualTo(70);
    return place;
  }

  private static Outcome command(Place place, List<String> command) {
    World.forget();
    return place.command(Days.BOTH, command.toArray(String[]::new));
  }

  private int commits(List<String> command) {
    Place place = world.undisturbed(Days.FIRST).copyTo(world.place("whole-" + command.get(0)));
    World.forget();
    CommitFaults.arm(Moment.NEVER, 0);
    Outcome whole = place.command(Days.BOTH, command.toArray(String[]::new));
    assertThat(whole.exit()).as(whole.err()).isZero();
    return CommitFaults.disarm();
  }
}
