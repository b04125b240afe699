package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.S3Relay;
import io.shoplens.testing.S3Relay.Fate;
import io.shoplens.testing.S3Relay.Rule;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Raw logs and lake on S3, and something of ours between it and the driver. */
@Tag("faults")
class NetworkTest {
  private static final List<Integer> PERCENT = List.of(1, 5, 20);
  private static final int COMMITS_WITHOUT_ANSWER = 100;

  /** A run under so many faults may end badly; it is to be completed by so many more at most. */
  private static final int RUNS = 5;

  private final World world = World.shared();

  @Test
  void theServerFails() {
    assertBorne(
        "S3 answers 500 to 1, 5, 20% of the requests of an ingest", Work.INGEST, Fate.ERROR);
  }

  @Test
  void theServerIsBusy() {
    assertBorne(
        "S3 answers 503 to 1, 5, 20% of the requests of an ingest", Work.INGEST, Fate.SLOW_DOWN);
  }

  @Test
  void connectionsAreReset() {
    assertBorne(
        "S3 resets 1, 5, 20% of the connections of an ingest before it hears",
        Work.INGEST, Fate.RESET);
  }

  @Test
  void answersAreLost() {
    assertBorne(
        "S3 does what it is asked and 1, 5, 20% of the answers to a run are lost",
        Work.RUN, Fate.ANSWER_LOST);
  }

  @Test
  void theServerStalls() {
    assertBorne(
        "S3 stalls for 2 s on 1, 5, 20% of the requests of an ingest, then cuts",
        Work.INGEST, Fate.STALL);
  }

  @Test
  void allOfItAtOnce() {
    assertBorne(
        "S3 does any of these to 1, 5, 20% of the requests of a run",
        Work.RUN, Fate.ERROR, Fate.SLOW_DOWN, Fate.RESET, Fate.STALL, Fate.ANSWER_LOST);
  }

  /** What is done on a bad line: the ingest has every kind of commit, and reads the logs. */
  private enum Work {
    INGEST,
    RUN
  }

  private void assertBorne(String fault, Work work, Fate... fates) {
    Tally tally = Tally.of(fault);
    for (int percent : PERCENT) {
      tally.happens(percent + "%", () -> borne(percent, work, fates));
    }
    tally.assertHarmless(PERCENT.size());
  }

  private Tally.Outcome borne(int percent, Work work, Fate... fates) throws Exception {
    Random random = new Random(percent);
    Rule rule =
        request -> {
          synchronized (random) {
            return random.nextInt(100) < percent ? fates[random.nextInt(fates.length)] : Fate.PASS;
          }
        };
    String name = "net-%s-%d".formatted(fates.length == 1 ? fates[0] : "MIXED", percent);
    try (Line line = new Line(name, rule)) {
      return line.works(work);
    }
  }

  @Test
  void noCommitIsAnswered() throws IOException {
    Tally tally = Tally.of("S3 writes a commit file and the answer is lost");
    int commits = 0;
    for (int run = 1; commits < COMMITS_WITHOUT_ANSWER && tally.goesOn(); run++) {
      Set<String> unanswered = ConcurrentHashMap.newKeySet();
      // Every other run the second try is answered: that the commit is there, which is its own.
      boolean isOnce = run % 2 == 0;
      Rule rule =
          request ->
              request.isCommit()
                      && request.isConditional()
                      && (unanswered.add(request.target()) || !isOnce)
                  ? Fate.ANSWER_LOST
                  : Fate.PASS;
      try (Line line = new Line("unanswered-" + run, rule)) {
        Tally.Outcome outcome = line.works(Work.RUN);
        tally.happened(unanswered.size(), outcome);
        commits += Math.max(1, unanswered.size());
      }
    }
    tally.assertHarmless(COMMITS_WITHOUT_ANSWER);
  }

  /** A lake and its logs in a bucket that is reached by a bad line only. */
  private final class Line implements AutoCloseable {
    private final S3Relay relay;
    private final Place place;
    private volatile boolean isBad;

    Line(String bucket, Rule rule) throws IOException {
      String name = bucket.toLowerCase(Locale.ROOT).replace('_', '-');
      world.makeBucket(name);
      relay = S3Relay.before(world.s3(), request -> isBad ? rule.fate(request) : Fate.PASS);
      Map<String, String> settings = new TreeMap<>(LoopbackS3.hadoopSettings(relay.endpoint()));
      // As a user's session has them.
      settings.put("fs.s3a.attempts.maximum", "3");
      settings.put("fs.s3a.retry.limit", "3");
      place = new Place(world, "s3a://" + name + "/lake", "s3a://" + name + "/raw", settings);
      place.upload();
    }

    /** Runs until the work is done; the last one on a line that is good again. */
    Tally.Outcome works(Work work) {
      int runs = 0;
      isBad = true;
      Outcome outcome;
      do {
        World.forget();
        isBad = ++runs < RUNS;
        outcome = place.command(Days.FIRST, work.name().toLowerCase(Locale.ROOT));
        assertThat(outcome.exit()).as(outcome.err()).isIn(0, 3);
      } while (outcome.exit() != 0 && runs <= RUNS);
      isBad = false;
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      System.out.printf("  %d runs, %d requests hurt%n", runs, relay.interfered());
      return Tally.Outcome.of(
          relay.interfered() > 0,
          work == Work.RUN ? place.judged(Days.FIRST) : place.ingested(Days.FIRST));
    }

    @Override
    public void close() throws IOException {
      relay.close();
    }
  }
}
