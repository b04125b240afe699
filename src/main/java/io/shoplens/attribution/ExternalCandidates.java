package io.shoplens.attribution;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What orders of another shop draw on: outbound clicks to its merchant group, and touches of the
 * in-app shop not later than the latest such click.
 *
 * <p>Which click is the latest depends on when an order is: a click on an unidentified device
 * counts from its identification. So touches are kept in stretches, each ending at a click. Where
 * every order to come that knows a click knows a later one too, their stretches join: because the
 * later becomes known no later, or is known by now. What remains is ordered both by the instant of
 * the click and by when it becomes known: one stretch, and at most one for each device that waits
 * for its identification.
 */
final class ExternalCandidates extends Candidates {
  private final String merchantGroup;
  private final Deque<Stretch> stretches = new ArrayDeque<>();
  private LatestTouches sinceClick = noTouches();

  /** Touches up to a click, from the click before. */
  private record Stretch(long clickAt, long clickKnownAt, LatestTouches touches) {}

  ExternalCandidates(Supplier<LatestTouches> noTouches, String merchantGroup) {
    super(noTouches);
    this.merchantGroup = merchantGroup;
  }

  @Override
  boolean accept(Touch touch) {
    return touch.isOutbound()
        ? touch.merchantGroup() != null && touch.merchantGroup().equals(merchantGroup)
        : Touch.IN_APP_SHOP.equals(touch.touchClass());
  }

  @Override
  void keep(Touch touch) {
    if (isAtLatestClick(touch) && !endsSooner(touch)) {
      stretches.getLast().touches().add(touch);
    } else {
      sinceClick.add(touch);
      if (touch.isOutbound()) {
        endStretch(touch);
      }
    }
  }

  private boolean isAtLatestClick(Touch touch) {
    return !stretches.isEmpty() && stretches.getLast().clickAt() == touch.at();
  }

  private boolean endsSooner(Touch touch) {
    return touch.isOutbound() && touch.knownAt() < stretches.getLast().clickKnownAt();
  }

  private void endStretch(Touch click) {
    LatestTouches touches = sinceClick;
    while (!stretches.isEmpty() && stretches.getLast().clickKnownAt() >= click.knownAt()) {
      LatestTouches earlier = stretches.removeLast().touches();
      earlier.addAll(touches, click.at());
      touches = earlier;
    }
    stretches.addLast(new Stretch(click.at(), click.knownAt(), touches));
    sinceClick = noTouches();
    joinKnown(click.at());
  }

  private void joinKnown(long now) {
    Stretch first = stretches.removeFirst();
    while (!stretches.isEmpty() && stretches.getFirst().clickKnownAt() <= now) {
      Stretch second = stretches.removeFirst();
      first.touches().addAll(second.touches(), now);
      first = new Stretch(second.clickAt(), second.clickKnownAt(), first.touches());
    }
    stretches.addFirst(first);
  }

  @Override
  long countAsOf(long instant) {
    LatestTouches all = noTouches();
    stretches.forEach(stretch -> all.addAll(stretch.touches(), instant));
    all.addAll(sinceClick, instant);
    return all.countAsOf(instant);
  }

  @Override
  Optional<LatestTouches> reached(Lookback lookback) {
    List<Stretch> known =
        stretches.stream().takeWhile(s -> s.clickKnownAt() <= lookback.orderAt()).toList();
    if (known.isEmpty() || known.get(known.size() - 1).clickAt() < lookback.from()) {
      return Optional.empty();
    }
    LatestTouches reached = noTouches();
    known.forEach(stretch -> reached.addAll(stretch.touches(), lookback.orderAt()));
    return Optional.of(reached);
  }
}
