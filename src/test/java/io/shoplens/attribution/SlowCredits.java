package io.shoplens.attribution;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Credits by going through everything for each movement, with nothing of the main tree. */
record SlowCredits(
    List<SlowTouch> touches,
    List<SlowIdentification> identifications,
    Map<String, SlowWindows> windows,
    int maximumTouches,
    Set<String> options) {

  private static final Comparator<SlowMovement> IN_TURN =
      Comparator.comparing(SlowMovement::at)
          .thenComparing(SlowMovement::event)
          .thenComparing(SlowMovement::entry);

  /** How far orders of a market look back, and how long a click and a view claim them. */
  record SlowWindows(Duration lookback, Duration click, Duration view) {}

  /** A touchpoint as observed. */
  record SlowTouch(
      String id,
      Instant at,
      String user,
      String device,
      boolean entry,
      boolean outbound,
      String touchClass,
      String channel,
      String interaction,
      String product,
      String category,
      String merchantGroup) {}

  /** A user seen on a device. */
  record SlowIdentification(String device, String user, Instant at, String source) {}

  /** A sale, or a reversal with a positive amount; whole minor units. */
  record SlowMovement(
      String order,
      String event,
      String line,
      String entry,
      Instant at,
      Instant orderAt,
      String market,
      String user,
      String device,
      boolean external,
      String merchantGroup,
      String product,
      String category,
      long local,
      Long reporting) {}

  /** What was reversed of a line in all; the reporting amounts that are known. */
  private record Reversed(long local, long reporting) {
    static Reversed of(List<SlowMovement> reversals) {
      return new Reversed(
          reversals.stream().mapToLong(SlowMovement::local).sum(),
          reversals.stream()
              .map(SlowMovement::reporting)
              .filter(Objects::nonNull)
              .mapToLong(Long::longValue)
              .sum());
    }
  }

  /**
   * Rows of all models and touch sets as text; a dash for NULL. A reversal gives the difference of
   * what was reversed of its line with it and before it.
   *
   * @param all every movement there is
   */
  List<String> of(SlowMovement movement, List<SlowMovement> all) {
    List<SlowMovement> earlier =
        all.stream()
            .filter(m -> !m.entry().equals("sale") && !movement.entry().equals("sale"))
            .filter(m -> m.order().equals(movement.order()) && m.line().equals(movement.line()))
            .filter(m -> IN_TURN.compare(m, movement) < 0)
            .toList();
    Reversed before = Reversed.of(earlier);
    List<String> rows = new ArrayList<>();
    for (String set : List.of("entry", "all")) {
      List<SlowTouch> seen = leftIn(candidates(movement, set));
      List<SlowTouch> path = new ArrayList<>(seen);
      if (path.size() > maximumTouches) {
        path.subList(1, seen.size() - maximumTouches + 1).clear();
      }
      int dropped = seen.size() - path.size();
      rows.addAll(rows(movement, before, "last_touch", set, path, last(path), dropped));
      rows.addAll(rows(movement, before, "linear", set, path, path, dropped));
      rows.addAll(
          rows(movement, before, "platform_window", set, path, claiming(movement, path), dropped));
    }
    return rows;
  }

  /** What the options leave of a path, option by option. */
  private List<SlowTouch> leftIn(List<SlowTouch> candidates) {
    List<SlowTouch> left = new ArrayList<>(candidates);
    if (options.contains("first_per_session")) {
      left.removeIf(touch -> !touch.entry());
    }
    if (options.contains("drop_direct")
        && !left.stream().allMatch(touch -> touch.touchClass().equals("direct"))) {
      left.removeIf(touch -> touch.touchClass().equals("direct"));
    }
    if (options.contains("collapse_repeats")) {
      List<SlowTouch> parted = new ArrayList<>();
      String before = null;
      for (SlowTouch touch : left) {
        if (!touch.channel().equals(before)) {
          parted.add(touch);
        }
        before = touch.channel();
      }
      return parted;
    }
    return left;
  }

  private List<SlowTouch> candidates(SlowMovement movement, String set) {
    Instant from = movement.orderAt().minus(windows.get(movement.market()).lookback());
    List<SlowTouch> inReach =
        touches.stream()
            .filter(t -> !t.at().isBefore(from) && !t.at().isAfter(movement.orderAt()))
            .filter(t -> isOfTheBuyer(t, movement))
            .filter(t -> set.equals("all") || t.entry())
            .sorted(Comparator.comparing(SlowTouch::at).thenComparing(SlowTouch::id))
            .toList();
    if (!movement.external()) {
      return inReach.stream().filter(t -> !t.outbound()).toList();
    }
    List<SlowTouch> clicks =
        inReach.stream()
            .filter(t -> t.outbound() && t.merchantGroup().equals(movement.merchantGroup()))
            .toList();
    if (clicks.isEmpty()) {
      return List.of();
    }
    Instant latest = clicks.get(clicks.size() - 1).at();
    return inReach.stream()
        .filter(
            t ->
                clicks.contains(t)
                    || !t.outbound()
                        && t.touchClass().equals("in_app_shop")
                        && !t.at().isAfter(latest))
        .toList();
  }

  private boolean isOfTheBuyer(SlowTouch touch, SlowMovement movement) {
    if (movement.user() == null) {
      return movement.device() != null
          && touch.user() == null
          && movement.device().equals(touch.device());
    }
    if (touch.user() != null) {
      return touch.user().equals(movement.user());
    }
    return identifications.stream()
        .filter(i -> i.device().equals(touch.device()) && !i.at().isBefore(touch.at()))
        .min(Comparator.comparing(SlowIdentification::at).thenComparing(SlowIdentification::source))
        .filter(i -> Duration.between(touch.at(), i.at()).compareTo(Duration.ofDays(30)) <= 0)
        .filter(i -> i.user().equals(movement.user()) && !i.at().isAfter(movement.orderAt()))
        .isPresent();
  }

  private static List<SlowTouch> last(List<SlowTouch> path) {
    return path.isEmpty() ? List.of() : List.of(path.get(path.size() - 1));
  }

  private List<SlowTouch> claiming(SlowMovement movement, List<SlowTouch> path) {
    SlowWindows own = windows.get(movement.market());
    List<SlowTouch> clicks =
        path.stream()
            .filter(t -> t.interaction().equals("click"))
            .filter(t -> !t.at().plus(own.click()).isBefore(movement.orderAt()))
            .toList();
    List<SlowTouch> views =
        path.stream()
            .filter(t -> t.interaction().equals("view"))
            .filter(t -> !t.at().plus(own.view()).isBefore(movement.orderAt()))
            .toList();
    return last(clicks.isEmpty() ? views : clicks);
  }

  private static List<String> rows(
      SlowMovement movement,
      Reversed before,
      String model,
      String set,
      List<SlowTouch> path,
      List<SlowTouch> earning,
      int dropped) {
    if (earning.isEmpty()) {
      return List.of(
          row(
              movement,
              model,
              set,
              0,
              null,
              path.size(),
              dropped,
              movement.local(),
              movement.reporting()));
    }
    boolean worthless =
        movement.local() == 0 && (movement.reporting() == null || movement.reporting() == 0);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < earning.size(); i++) {
      long local = part(before.local(), movement.local(), earning.size(), i);
      Long reporting =
          movement.reporting() == null
              ? null
              : part(before.reporting(), movement.reporting(), earning.size(), i);
      if (worthless || local != 0 || (reporting != null && reporting != 0)) {
        SlowTouch touch = earning.get(i);
        rows.add(
            row(
                movement,
                model,
                set,
                path.indexOf(touch) + 1,
                touch,
                path.size(),
                dropped,
                local,
                reporting));
      }
    }
    return rows;
  }

  private static long part(long before, long amount, int parts, int position) {
    return part(before + amount, parts, position) - part(before, parts, position);
  }

  private static long part(long amount, int parts, int position) {
    return amount / parts + (position < amount % parts ? 1 : 0);
  }

  private static String row(
      SlowMovement movement,
      String model,
      String set,
      int rank,
      SlowTouch touch,
      int length,
      int dropped,
      long local,
      Long reporting) {
    boolean sale = movement.entry().equals("sale");
    String match = null;
    if (touch != null) {
      match =
          Objects.equals(touch.product(), movement.product()) && touch.product() != null
              ? "same_product"
              : Objects.equals(touch.category(), movement.category()) && touch.category() != null
                  ? "same_category"
                  : "other";
    }
    return Stream.of(
            movement.order(),
            movement.event(),
            movement.line(),
            movement.entry(),
            model,
            set,
            rank,
            touch == null ? null : touch.id(),
            touch == null ? "unattributed" : touch.touchClass(),
            touch == null ? null : touch.interaction(),
            match,
            length,
            dropped,
            movement.external() ? "external" : "in_app",
            money(sale ? local : 0L),
            sale ? money(reporting) : money(0L),
            money(sale ? local : -local),
            reporting == null ? null : money(sale ? reporting : -reporting))
        .map(value -> value == null ? "-" : value.toString())
        .reduce((a, b) -> a + " " + b)
        .orElseThrow();
  }

  private static String money(Long cents) {
    return cents == null ? null : BigDecimal.valueOf(cents, 2).setScale(4).toPlainString();
  }
}
