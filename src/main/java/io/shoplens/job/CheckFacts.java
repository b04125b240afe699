package io.shoplens.job;

import io.shoplens.quality.Findings;
import java.util.Optional;

/**
 * An invariant, or a finding, as a run found it; a row of ops.checks.
 *
 * @param name the invariant or finding
 * @param expectation what must hold, or is expected
 * @param examined rows or groups looked at
 * @param violations how many broke it
 * @param example one violation, in words
 */
public record CheckFacts(
    String name, String expectation, long examined, long violations, Optional<String> example) {

  /** Whether it held. */
  public boolean isPassed() {
    return violations == 0;
  }

  /** Whether it is an invariant that did not hold, so that nothing may be published. */
  public boolean isFailed() {
    return !isPassed() && severity().equals("error");
  }

  /** Whether it is only told that it did not hold. */
  public boolean isWarning() {
    return !isPassed() && severity().equals("warning");
  }

  /** What it means where it does not hold: error or warning. */
  public String severity() {
    return Findings.NAMES.contains(name) ? "warning" : "error";
  }
}
