package io.shoplens.attribution;

import io.shoplens.attribution.Candidates.Lookback;
import io.shoplens.attribution.TouchPath.Windows;
import io.shoplens.config.AttributionSettings.PathOption;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The paths to the orders of one person, in one sweep over time.
 *
 * <p>Calls come in the order of time; at one instant look-backs open first, then touches arrive,
 * then look-backs close. Equal instants of order go by order_id both times. Touches are kept only
 * while a look-back is open that may need them: at most the maximum of a path for each kind of
 * order and touch set, and as many again for each device that waits for its identification. What
 * path options leave out is left out before.
 */
final class PersonPaths {
  private static final String IN_APP = "in_app";

  private final int maximumTouches;
  private final Map<Kind, Candidates> candidates = new HashMap<>();
  private final Map<String, Opened> open = new HashMap<>();
  private final Set<PathOption> pathOptions;

  /** What decides which touches an order can draw on, and how far back. */
  private record Kind(
      long lookback, String salesChannel, String merchantGroup, TouchSet touchSet, Direct direct) {

    boolean holds(Touch touch) {
      return touchSet.holds(touch) && (direct == Direct.KEPT || !touch.isDirect());
    }
  }

  /** Whether direct touches are among those drawn on. */
  private enum Direct {
    KEPT,
    DROPPED
  }

  /** The open look-backs of an order. */
  private record Opened(Windows windows, Map<TouchSet, Open> lookbacks) {}

  /** An open look-back, and the same without direct touches where those may be dropped. */
  private record Open(Lookback kept, Optional<Lookback> dropped) {}

  /**
   * An order as far as its path depends on it.
   *
   * @param at instant of the order, in microseconds
   * @param merchantGroup of an external order
   */
  record Order(String id, long at, String salesChannel, String merchantGroup) {
    private Kind kind(long lookback, TouchSet touchSet, Direct direct) {
      return IN_APP.equals(salesChannel)
          ? new Kind(lookback, IN_APP, null, touchSet, direct)
          : new Kind(lookback, salesChannel, merchantGroup, touchSet, direct);
    }
  }

  PersonPaths(int maximumTouches, Set<PathOption> pathOptions) {
    this.pathOptions = pathOptions;
    this.maximumTouches = maximumTouches;
  }

  /** Opens the look-back of an order, unless it is open. */
  void open(Order order, Windows windows) {
    open.computeIfAbsent(
        order.id(), id -> new Opened(windows, openLookbacks(order, windows.lookback())));
  }

  /** Takes the next touch. */
  void arrive(Touch touch) {
    if (pathOptions.contains(PathOption.FIRST_PER_SESSION) && !touch.isEntry()) {
      return;
    }
    candidates.forEach(
        (kind, kindCandidates) -> {
          if (kind.holds(touch)) {
            kindCandidates.arrive(touch);
          }
        });
  }

  /** The paths to an order whose look-back is open; closes it. */
  Map<TouchSet, TouchPath> close(Order order) {
    Map<TouchSet, TouchPath> paths = new EnumMap<>(TouchSet.class);
    Opened opened = open.remove(order.id());
    opened
        .lookbacks()
        .forEach(
            (touchSet, lookbacks) ->
                paths.put(touchSet, close(order, opened.windows(), touchSet, lookbacks)));
    return paths;
  }

  private Map<TouchSet, Open> openLookbacks(Order order, long lookback) {
    Map<TouchSet, Open> lookbacks = new EnumMap<>(TouchSet.class);
    for (TouchSet touchSet : TouchSet.values()) {
      Lookback kept = openLookback(order, lookback, touchSet, Direct.KEPT);
      lookbacks.put(
          touchSet,
          new Open(
              kept,
              pathOptions.contains(PathOption.DROP_DIRECT)
                  ? Optional.of(openLookback(order, lookback, touchSet, Direct.DROPPED))
                  : Optional.empty()));
    }
    return lookbacks;
  }

  private Lookback openLookback(Order order, long lookback, TouchSet touchSet, Direct direct) {
    return candidates
        .computeIfAbsent(order.kind(lookback, touchSet, direct), this::candidatesOf)
        .open(order.at() - lookback, order.at());
  }

  private Candidates candidatesOf(Kind kind) {
    return kind.salesChannel().equals(IN_APP)
        ? new InAppCandidates(this::noTouches)
        : new ExternalCandidates(this::noTouches, kind.merchantGroup());
  }

  private LatestTouches noTouches() {
    return pathOptions.contains(PathOption.COLLAPSE_REPEATS)
        ? new ChannelRuns(maximumTouches - 1)
        : new EveryTouch(maximumTouches - 1);
  }

  /** The path without direct touches where it has any and they are dropped, else with them. */
  private TouchPath close(Order order, Windows windows, TouchSet touchSet, Open opened) {
    long lookback = windows.lookback();
    TouchPath kept = close(order.kind(lookback, touchSet, Direct.KEPT), opened.kept(), windows);
    return opened
        .dropped()
        .map(without -> close(order.kind(lookback, touchSet, Direct.DROPPED), without, windows))
        .filter(without -> without.length() > 0)
        .orElse(kept);
  }

  private TouchPath close(Kind kind, Lookback opened, Windows windows) {
    Candidates kindCandidates = candidates.get(kind);
    TouchPath path = kindCandidates.close(opened, windows);
    if (kindCandidates.isIdle()) {
      candidates.remove(kind);
    }
    return path;
  }
}
