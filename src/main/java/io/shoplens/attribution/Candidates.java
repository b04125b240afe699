package io.shoplens.attribution;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The touches that orders of one kind can draw on, collected as time goes by.
 *
 * <p>The look-back of an order opens before the touches of its first instant and closes after those
 * of the order's instant. Look-backs have the same length: they close as they opened.
 */
abstract class Candidates {
  private final Supplier<LatestTouches> noTouches;
  private final Deque<Lookback> withoutFirst = new ArrayDeque<>();
  private int open;

  /**
   * No candidates yet.
   *
   * @param noTouches an empty sequence that keeps as many touches as a path needs beside the first
   */
  Candidates(Supplier<LatestTouches> noTouches) {
    this.noTouches = noTouches;
  }

  /** An order's look-back while it is open. */
  static final class Lookback {
    private final long from;
    private final long orderAt;
    private Touch first;
    private long countUpToFirst;

    Lookback(long from, long orderAt) {
      this.from = from;
      this.orderAt = orderAt;
    }

    /** Its first instant, in microseconds. */
    long from() {
      return from;
    }

    /** The instant of the order, in microseconds. */
    long orderAt() {
      return orderAt;
    }
  }

  /** Whether orders of the kind can draw on this touch. */
  abstract boolean accept(Touch touch);

  /** Keeps an accepted touch. */
  abstract void keep(Touch touch);

  /** How many touches so far count that will be known at this instant. */
  abstract long countAsOf(long instant);

  /** The touches in reach at the end of a look-back, those before it included; or nothing. */
  abstract Optional<LatestTouches> reached(Lookback lookback);

  final Lookback open(long from, long orderAt) {
    Lookback lookback = new Lookback(from, orderAt);
    withoutFirst.addLast(lookback);
    open++;
    return lookback;
  }

  /** Takes a touch, in the order of (touch_at, event_id). */
  final void arrive(Touch touch) {
    if (!accept(touch)) {
      return;
    }
    keep(touch);
    // Orders wait in their own order, so those late enough to know the touch stand at the end.
    while (!withoutFirst.isEmpty() && withoutFirst.peekLast().orderAt >= touch.knownAt()) {
      Lookback lookback = withoutFirst.pollLast();
      lookback.first = touch;
      lookback.countUpToFirst = countAsOf(lookback.orderAt);
    }
  }

  /** Ends a look-back and gives its path: the first touch and the latest of the others. */
  final TouchPath close(Lookback lookback, TouchPath.Windows windows) {
    open--;
    if (lookback.first == null) {
      withoutFirst.removeFirstOccurrence(lookback);
    }
    SortedSet<Touch> path = new TreeSet<>(LatestTouches.IN_ORDER);
    long seen = 0;
    Optional<LatestTouches> reached = reached(lookback);
    if (lookback.first != null && reached.isPresent()) {
      path.addAll(reached.get().asOf(lookback.orderAt).tailSet(lookback.first));
      path.add(lookback.first);
      seen = reached.get().countAsOf(lookback.orderAt) - lookback.countUpToFirst + 1;
    }
    return new TouchPath(
        path.stream().toList(), Math.toIntExact(seen - path.size()), lookback.orderAt, windows);
  }

  final boolean isIdle() {
    return open == 0;
  }

  final LatestTouches noTouches() {
    return noTouches.get();
  }
}
