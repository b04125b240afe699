package io.shoplens.attribution;

import java.util.Comparator;
import java.util.SortedSet;

/**
 * The latest touches of a growing sequence, at most as many as its bound, and the number of all, as
 * known at any later instant.
 */
abstract class LatestTouches {
  /** Touches of a person by (touch_at, event_id). */
  static final Comparator<Touch> IN_ORDER = Comparator.comparingLong(Touch::sequence);

  /** Adds a touch that is later than those before. */
  abstract void add(Touch touch);

  /**
   * Adds a sequence of the same kind whose touches are later than those before; no instant before
   * {@code now} is asked for from then on.
   */
  abstract void addAll(LatestTouches later, long now);

  /** How many touches count of which it is known by this instant whose they are. */
  abstract long countAsOf(long instant);

  /** The latest of those touches, at most as many as the bound, in their order. */
  abstract SortedSet<Touch> asOf(long instant);
}
