package io.shoplens.config;

import java.time.Duration;

/**
 * Who may work on the lake at once, and for how long its past is kept.
 *
 * @param drivers how many drivers may write at once
 * @param secondRun what a run does while another is at work
 * @param waitLimit how long it waits at most
 * @param leaseExpiry how long a run that gives no sign of life still counts as at work
 * @param keep how long files that no table holds any more are kept by maintenance
 */
public record LakeSettings(
    Drivers drivers, SecondRun secondRun, Duration waitLimit, Duration leaseExpiry, Duration keep) {

  /** How many drivers may write at once. */
  public enum Drivers {
    MANY,
    ONE
  }

  /** What a run does while another is at work. */
  public enum SecondRun {
    WAIT,
    REFUSE
  }
}
