package io.shoplens.attribution;

import java.util.Optional;
import java.util.function.Supplier;

/** What in-app orders draw on: every touch but outbound clicks. */
final class InAppCandidates extends Candidates {
  private final LatestTouches touches = noTouches();

  InAppCandidates(Supplier<LatestTouches> noTouches) {
    super(noTouches);
  }

  @Override
  boolean accept(Touch touch) {
    return !touch.isOutbound();
  }

  @Override
  void keep(Touch touch) {
    touches.add(touch);
  }

  @Override
  long countAsOf(long instant) {
    return touches.countAsOf(instant);
  }

  @Override
  Optional<LatestTouches> reached(Lookback lookback) {
    return Optional.of(touches);
  }
}
