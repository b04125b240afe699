package io.shoplens.leakage;

import java.util.concurrent.TimeUnit;

/** The windows in which a leak can come back, in days. */
final class LeakWindows {
  static final int[] DAYS = {1, 7};

  /** The longest of them, in microseconds. */
  static final long LONGEST = micros(7);

  private LeakWindows() {}

  static long micros(int days) {
    return TimeUnit.DAYS.toMicros(days);
  }
}
