package io.shoplens.attribution;

import io.shoplens.attribution.Candidates.Lookback;
import io.shoplens.attribution.TouchPath.ClaimWindows;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * The paths to the orders of one person, in one sweep over time.
 *
 * <p>Calls come in the order of time; at one instant look-backs open first, then touches arrive,
 * then look-backs close. Equal instants of order go by order_id both times. Touches are kept only
 * while a look-back is open that may need them: at most the maximum of a path for each kind of
 * order and touch set, and as many again for each device that waits for its identification.
 */
final class PersonPaths {
  private static final String IN_APP = "in_app";

  private final long lookback;
  private final int maximumTouches;
  private final ClaimWindows windows;
  private final Map<Kind, Candidates> candidates = new HashMap<>();
  private final Map<String, Map<TouchSet, Lookback>> open = new HashMap<>();

  /** What decides which touches an order can draw on. */
  private record Kind(String salesChannel, String merchantGroup, TouchSet touchSet) {}

  /**
   * An order as far as its path depends on it.
   *
   * @param at instant of the order, in microseconds
   * @param merchantGroup of an external order
   */
  record Order(String id, long at, String salesChannel, String merchantGroup) {
    private Kind kind(TouchSet touchSet) {
      return IN_APP.equals(salesChannel)
          ? new Kind(IN_APP, null, touchSet)
          : new Kind(salesChannel, merchantGroup, touchSet);
    }
  }

  PersonPaths(long lookback, int maximumTouches, ClaimWindows windows) {
    this.lookback = lookback;
    this.maximumTouches = maximumTouches;
    this.windows = windows;
  }

  /** Opens the look-back of an order, unless it is open. */
  void open(Order order) {
    open.computeIfAbsent(order.id(), id -> openLookbacks(order));
  }

  /** Takes the next touch. */
  void arrive(Touch touch) {
    candidates.forEach(
        (kind, kindCandidates) -> {
          if (kind.touchSet().holds(touch)) {
            kindCandidates.arrive(touch);
          }
        });
  }

  /** The paths to an order whose look-back is open; closes it. */
  Map<TouchSet, TouchPath> close(Order order) {
    Map<TouchSet, TouchPath> paths = new EnumMap<>(TouchSet.class);
    open.remove(order.id())
        .forEach((touchSet, opened) -> paths.put(touchSet, close(order.kind(touchSet), opened)));
    return paths;
  }

  private Map<TouchSet, Lookback> openLookbacks(Order order) {
    Map<TouchSet, Lookback> lookbacks = new EnumMap<>(TouchSet.class);
    for (TouchSet touchSet : TouchSet.values()) {
      lookbacks.put(
          touchSet,
          candidates
              .computeIfAbsent(order.kind(touchSet), this::candidatesOf)
              .open(order.at() - lookback, order.at()));
    }
    return lookbacks;
  }

  private Candidates candidatesOf(Kind kind) {
    return kind.salesChannel().equals(IN_APP)
        ? new InAppCandidates(maximumTouches)
        : new ExternalCandidates(maximumTouches, kind.merchantGroup());
  }

  private TouchPath close(Kind kind, Lookback opened) {
    Candidates kindCandidates = candidates.get(kind);
    TouchPath path = kindCandidates.close(opened, windows);
    if (kindCandidates.isIdle()) {
      candidates.remove(kind);
    }
    return path;
  }
}
