package io.shoplens.attribution;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Of touches of one channel in a row the first counts.
 *
 * <p>What stands before a touch depends on what is known by then: a touch that waits for its
 * identification may part a run, or begin one, once it is known. So the sequence is kept as it is
 * now and as it will be at each instant at which touches become known. Memory is {@code bound}
 * touches for now and for each such instant: one for each device that waits for its identification.
 */
final class ChannelRuns extends LatestTouches {
  private Runs now;
  private final NavigableMap<Long, Runs> upcoming = new TreeMap<>();

  ChannelRuns(int bound) {
    this.now = new Runs(bound);
  }

  @Override
  void add(Touch touch) {
    settle(touch.at());
    if (touch.knownAt() <= touch.at()) {
      now.add(touch);
    } else {
      foresee(touch.knownAt());
    }
    upcoming.tailMap(touch.knownAt(), true).values().forEach(runs -> runs.add(touch));
  }

  @Override
  void addAll(LatestTouches later, long instant) {
    ChannelRuns other = (ChannelRuns) later;
    other.upcoming.keySet().forEach(this::foresee);
    upcoming.forEach((at, runs) -> runs.addAll(other.runsAsOf(at)));
    now.addAll(other.now);
    settle(instant);
  }

  @Override
  long countAsOf(long instant) {
    return runsAsOf(instant).count;
  }

  @Override
  SortedSet<Touch> asOf(long instant) {
    SortedSet<Touch> touches = new TreeSet<>(IN_ORDER);
    touches.addAll(runsAsOf(instant).first);
    return touches;
  }

  private Runs runsAsOf(long instant) {
    var latest = upcoming.floorEntry(instant);
    return latest == null ? now : latest.getValue();
  }

  /** Keeps the sequence as it will be at an instant: so far as it is at the one before. */
  private void foresee(long instant) {
    if (!upcoming.containsKey(instant)) {
      upcoming.put(instant, new Runs(runsAsOf(instant)));
    }
  }

  private void settle(long instant) {
    while (!upcoming.isEmpty() && upcoming.firstKey() <= instant) {
      now = upcoming.pollFirstEntry().getValue();
    }
  }

  /** The first touches of the latest runs, the number of all runs, and what they join by. */
  private static final class Runs {
    private final int bound;
    private final Deque<Touch> first;
    private long count;
    private String firstChannel;
    private String lastChannel;

    Runs(int bound) {
      this.bound = bound;
      this.first = new ArrayDeque<>();
    }

    Runs(Runs other) {
      this.bound = other.bound;
      this.first = new ArrayDeque<>(other.first);
      this.count = other.count;
      this.firstChannel = other.firstChannel;
      this.lastChannel = other.lastChannel;
    }

    void add(Touch touch) {
      if (count == 0) {
        firstChannel = touch.channel();
      }
      if (count == 0 || !Objects.equals(lastChannel, touch.channel())) {
        keep(touch);
        count++;
      }
      lastChannel = touch.channel();
    }

    void addAll(Runs later) {
      if (later.count == 0) {
        return;
      }
      boolean joins = count > 0 && Objects.equals(lastChannel, later.firstChannel);
      Iterator<Touch> touches = later.first.iterator();
      if (joins && later.first.size() == later.count) {
        touches.next();
      }
      touches.forEachRemaining(this::keep);
      firstChannel = count == 0 ? later.firstChannel : firstChannel;
      lastChannel = later.lastChannel;
      count += later.count - (joins ? 1 : 0);
    }

    private void keep(Touch touch) {
      first.addLast(touch);
      if (first.size() > bound) {
        first.removeFirst();
      }
    }
  }
}
