package io.shoplens.attribution;

import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every touch counts. One that waits for its identification is kept apart with those that become
 * known at the same instant; a device waits for one identification at a time. So memory is {@code
 * bound} touches for what is known and for each such device.
 */
final class EveryTouch extends LatestTouches {
  private final int bound;
  private final Tail known;
  private final NavigableMap<Long, Tail> pending = new TreeMap<>();

  EveryTouch(int bound) {
    this.bound = bound;
    this.known = new Tail(bound);
  }

  @Override
  void add(Touch touch) {
    settle(touch.at());
    if (touch.knownAt() <= touch.at()) {
      known.add(touch);
    } else {
      pending.computeIfAbsent(touch.knownAt(), at -> new Tail(bound)).add(touch);
    }
  }

  @Override
  void addAll(LatestTouches later, long now) {
    EveryTouch other = (EveryTouch) later;
    known.addAll(other.known);
    other.pending.forEach(
        (at, tail) -> pending.computeIfAbsent(at, ignored -> new Tail(bound)).addAll(tail));
    settle(now);
  }

  @Override
  long countAsOf(long instant) {
    long count = known.count;
    for (Tail tail : pending.headMap(instant, true).values()) {
      count += tail.count;
    }
    return count;
  }

  @Override
  SortedSet<Touch> asOf(long instant) {
    Tail all = new Tail(bound);
    all.addAll(known);
    pending.headMap(instant, true).values().forEach(all::addAll);
    return all.touches;
  }

  private void settle(long now) {
    while (!pending.isEmpty() && pending.firstKey() <= now) {
      known.addAll(pending.pollFirstEntry().getValue());
    }
  }

  private static final class Tail {
    private final int bound;
    private final TreeSet<Touch> touches = new TreeSet<>(IN_ORDER);
    private long count;

    Tail(int bound) {
      this.bound = bound;
    }

    void add(Touch touch) {
      keep(touch);
      count++;
    }

    void addAll(Tail other) {
      other.touches.forEach(this::keep);
      count += other.count;
    }

    private void keep(Touch touch) {
      touches.add(touch);
      if (touches.size() > bound) {
        touches.pollFirst();
      }
    }
  }
}
