package io.shoplens.job;

import java.util.Optional;

/**
 * An invariant as a run found it; a row of ops.checks.
 *
 * @param name the invariant
 * @param expectation what must hold
 * @param examined rows or groups looked at
 * @param violations how many broke it
 * @param example one violation, in words
 */
public record CheckFacts(
    String name, String expectation, long examined, long violations, Optional<String> example) {

  /** Whether the invariant held. */
  public boolean isPassed() {
    return violations == 0;
  }
}
