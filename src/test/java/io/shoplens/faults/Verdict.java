package io.shoplens.faults;

/**
 * What a lake lost or gained by a fault.
 *
 * @param lost commits that were acknowledged and are gone, and records that are not in bronze
 * @param doubled records that are in bronze more than once, or that nobody delivered
 * @param changed rows of gold that the oracle has otherwise, and files that do not balance
 */
record Verdict(long lost, long doubled, long changed) {
  static final Verdict HARMLESS = new Verdict(0, 0, 0);

  Verdict plus(Verdict other) {
    return new Verdict(lost + other.lost, doubled + other.doubled, changed + other.changed);
  }
}
