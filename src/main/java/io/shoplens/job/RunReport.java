package io.shoplens.job;

import io.shoplens.quality.Invariants;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a run did. Counts are of this run's files: records = accepted + duplicate + rejected +
 * blank.
 *
 * @param runId the run
 * @param state published, held or failed, as in ops.runs
 * @param steps what each step did, in order
 * @param touchedDates business dates that received data
 * @param records records read
 * @param accepted records taken
 * @param duplicate exact repeats left out
 * @param rejected records kept in quarantine
 * @param blank blank lines
 * @param heldFiles files with too many rejected records, by path
 * @param heldFor why most of their records are rejected; empty where no file is held
 * @param damagedFiles files read that break off or are damaged, by path; what stands before the
 *     damage was read
 * @param unknownFields fields that this run read first and that the contract does not have
 * @param reopened published dates that are brought up to date again, and why
 * @param checks the invariants and findings, as found
 * @param seconds how long it took
 */
public record RunReport(
    String runId,
    String state,
    List<StepFacts> steps,
    SortedSet<LocalDate> touchedDates,
    long records,
    long accepted,
    long duplicate,
    long rejected,
    long blank,
    SortedSet<String> heldFiles,
    Optional<RejectFacts> heldFor,
    SortedSet<String> damagedFiles,
    List<UnknownField> unknownFields,
    List<Reopened> reopened,
    List<CheckFacts> checks,
    double seconds) {

  public RunReport {
    steps = List.copyOf(steps);
    touchedDates = Collections.unmodifiableSortedSet(new TreeSet<>(touchedDates));
    heldFiles = Collections.unmodifiableSortedSet(new TreeSet<>(heldFiles));
    damagedFiles = Collections.unmodifiableSortedSet(new TreeSet<>(damagedFiles));
    unknownFields = List.copyOf(unknownFields);
    reopened = List.copyOf(reopened);
    checks = List.copyOf(checks);
  }

  /** The invariants that did not hold. */
  public List<CheckFacts> failedChecks() {
    return checks.stream().filter(CheckFacts::isFailed).toList();
  }

  /** What is told of the data that came in, and kept nothing from being published. */
  public List<CheckFacts> warnings() {
    return checks.stream().filter(CheckFacts::isWarning).toList();
  }

  /** Orders that were never placed, of any date; 0 where this run has not checked them. */
  public long orphans() {
    return checks.stream()
        .filter(check -> check.name().equals(Invariants.ORPHANS_STAND_APART))
        .mapToLong(CheckFacts::examined)
        .sum();
  }
}
