package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How often a fault was made to happen, and what came of it: a line of the results. */
public final class Tally {
  private static final Path RESULTS =
      Path.of(
          System.getProperty(
              "faults.results",
              "src/test/results/faults-" + LocalDate.now(ZoneOffset.UTC) + ".md"));

  /** For a short run: no fault happens more often. */
  private static final int MOST = Integer.getInteger("faults.times", Integer.MAX_VALUE);

  private static final String RED = " (*must be red*)";

  private static final String HEAD =
      """
      # Fault suite: %s

      `./mvnw test -Pfaults`: real Delta on a real S3 server on loopback, 2 cores, Java 17. Every line is a fault, how
      often it was made to happen, how often it was seen to happen, and what the re-run left: commits that were
      acknowledged or records that are gone, records that are there twice, and figures that differ from the oracle's.
      A case that ended otherwise than a user may expect is broken. Lines that say *must be red* are runs without a
      safeguard: they show that the suite can fail.

      | fault | times | fired | lost commits | doubled rows | changed figures | broken | seconds |
      |---|---|---|---|---|---|---|---|
      """;

  /** One time; gives whether the fault happened, and what came of it. */
  @FunctionalInterface
  interface Case {
    Outcome happen() throws Exception;
  }

  /** Whether a fault happened, and what came of it. */
  public record Outcome(boolean fired, long lost, long doubled, long changed) {
    static Outcome of(boolean fired, Verdict verdict) {
      return new Outcome(fired, verdict.lost(), verdict.doubled(), verdict.changed());
    }
  }

  private final String fault;
  private final long start = System.nanoTime();
  private final List<String> broken = new ArrayList<>();
  private Verdict verdict = Verdict.HARMLESS;
  private int times;
  private int fired;

  private Tally(String fault) {
    this.fault = fault;
  }

  /** Begins a fault. */
  public static Tally of(String fault) {
    return new Tally(fault);
  }

  /** Lets the fault happen once more. What ends a case is kept, and the others go on. */
  void happens(String what, Case once) {
    if (!goesOn()) {
      return;
    }
    times++;
    try {
      add(once.happen());
    } catch (Exception | AssertionError end) {
      broken.add(what + ": " + end);
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %s: %d times, %d fired, %s, %d broken, %d s%n",
        fault,
        what,
        times,
        fired,
        verdict,
        broken.size(),
        seconds());
    if (!broken.isEmpty() && broken.get(broken.size() - 1).startsWith(what + ": ")) {
      System.out.println(broken.get(broken.size() - 1));
    }
  }

  /** Whether it is to happen once more, for all that is said of a short run. */
  boolean goesOn() {
    return times < MOST;
  }

  /** Enters that a fault happened a number of times at once. */
  public void happened(int number, Outcome outcome) {
    if (goesOn()) {
      happens(number + " times", () -> outcome);
      times += number - 1;
      fired += outcome.fired() ? number - 1 : 0;
    }
  }

  private void add(Outcome outcome) {
    fired += outcome.fired() ? 1 : 0;
    verdict = verdict.plus(new Verdict(outcome.lost(), outcome.doubled(), outcome.changed()));
  }

  /** Writes the line, and requires that it happened as often as it was to, and did no harm. */
  public void assertHarmless(int atLeast) {
    write(fault);
    assertThat(broken).as(fault).isEmpty();
    assertThat(fired)
        .as(fault + ": fired")
        .isEqualTo(times)
        .isGreaterThanOrEqualTo(Math.min(MOST, atLeast));
    assertThat(verdict).as(fault).isEqualTo(Verdict.HARMLESS);
  }

  /** Writes the line, and requires that it did harm: so it would without the safeguard. */
  public void assertHarmful() {
    write(fault + RED);
    assertThat(fired).as(fault + ": fired").isPositive();
    assertThat(verdict).as(fault + " is seen").isNotEqualTo(Verdict.HARMLESS);
  }

  private long seconds() {
    return (System.nanoTime() - start) / 1_000_000_000L;
  }

  /** Writes the line; other forks write theirs to the same file. */
  private void write(String name) {
    String line =
        "| %s | %d | %d | %d | %d | %d | %d | %d |"
            .formatted(
                name,
                times,
                fired,
                verdict.lost(),
                verdict.doubled(),
                verdict.changed(),
                broken.size(),
                seconds());
    try (FileChannel file =
        FileChannel.open(
            RESULTS,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      file.lock();
      ByteBuffer content = ByteBuffer.allocate((int) file.size());
      while (content.hasRemaining() && file.read(content) >= 0) {}
      String before = new String(content.array(), StandardCharsets.UTF_8);
      if (before.isEmpty()) {
        before = HEAD.formatted(LocalDate.now(ZoneOffset.UTC));
      }
      String after =
          Stream.concat(before.lines().filter(each -> !isOwn(each)), Stream.of(line, ""))
              .collect(Collectors.joining("\n"));
      file.truncate(0);
      file.write(ByteBuffer.wrap(after.getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException("can't write " + RESULTS, failure);
    }
  }

  private boolean isOwn(String line) {
    return line.startsWith("| " + fault + " |") || line.startsWith("| " + fault + " (*");
  }
}
