package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.lake.Publication;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Drivers whose clocks are an hour apart, and drivers in a zone that puts its clocks forward or
 * back between two runs. It is the clock that Shoplens asks; the instants of Delta's commits, of
 * the lease and of signatures are the machine's.
 */
@Tag("faults")
class ClockTest {
  private static final int TIMES = 10;

  private final World world = World.shared();
  private final AtomicBoolean wasLookedAt = new AtomicBoolean();

  /**
   * Two drivers on one lake.
   *
   * @param zone the machine's
   * @param ingest when the first takes the logs in, by its own clock
   * @param run when the second completes the work, by its own clock
   */
  private record Apart(String zone, Instant ingest, Instant run) {
    static Apart of(String zone, Instant ingest, Duration later) {
      return new Apart(zone, ingest, ingest.plus(later));
    }
  }

  /** After the runs of today: half a minute before clocks are put forward, and back. */
  private static final Instant SPRING = Instant.parse("2027-03-28T00:59:30Z");

  private static final Instant AUTUMN = Instant.parse("2027-10-31T00:59:30Z");

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static List<Apart> cases() {
    Instant now = Instant.now();
    return List.of(
        Apart.of("UTC", now, HOUR.negated()),
        Apart.of("UTC", now.minus(HOUR), HOUR),
        Apart.of("UTC", now.minus(HOUR), Duration.ZERO),
        Apart.of("UTC", now.plus(HOUR), HOUR.negated()),
        Apart.of("Europe/London", SPRING, MINUTE),
        Apart.of("Europe/London", AUTUMN, MINUTE),
        Apart.of("Europe/London", AUTUMN, MINUTE.minus(HOUR)),
        Apart.of("America/New_York", Instant.parse("2027-03-14T06:59:30Z"), HOUR),
        Apart.of("America/New_York", Instant.parse("2027-11-07T05:59:30Z"), HOUR.negated()),
        Apart.of("Australia/Lord_Howe", Instant.parse("2027-04-03T14:59:30Z"), HOUR.negated()));
  }

  @Test
  void clocksAreApart() {
    Tally tally = Tally.of("the clock off by an hour, across a DST change");
    List<Apart> cases = cases();
    for (int time = 0; time < cases.size(); time++) {
      Apart apart = cases.get(time);
      int number = time;
      tally.happens(apart.toString(), () -> work(world.place("clock-" + number), apart));
    }
    tally.assertHarmless(TIMES);
  }

  /** What the last run published is the last publication, and what a restore goes back to. */
  private Tally.Outcome work(Place place, Apart apart) {
    world.undisturbed(Days.FIRST).copyTo(place);
    TimeZone zone = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(apart.zone()));
    wasLookedAt.set(false);
    try {
      command(place, apart.ingest(), "ingest");
      command(place, apart.run(), "run");
      Verdict verdict = place.judged(Days.BOTH);
      List<Publication> all = Publication.of(place.lake());
      assertThat(all).extracting(Publication::sequence).containsExactly(2L, 1L);
      assertThat(all.get(0).finishedAt()).isAfter(all.get(1).finishedAt());
      Outcome restored =
          command(place, apart.run(), "restore", "--to", all.get(1).finishedAt().toString());
      assertThat(restored.out()).contains(all.get(1).runId());
      return Tally.Outcome.of(wasLookedAt.get(), verdict.plus(place.judged(Days.FIRST)));
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  private Outcome command(Place place, Instant at, String... command) {
    World.forget();
    Outcome outcome = place.commandAt(at(at), Days.BOTH, command);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome;
  }

  /** A clock that ticks from an instant on. */
  private Clock at(Instant instant) {
    Duration ahead = Duration.between(Instant.now(), instant);
    return new Clock() {
      @Override
      public Instant instant() {
        wasLookedAt.set(true);
        return Instant.now().plus(ahead);
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
