package io.shoplens.oracle;

import io.shoplens.oracle.Clicks.Touch;
import io.shoplens.oracle.EventContract.Event;
import io.shoplens.oracle.OrderContract.OrderEvent;
import io.shoplens.oracle.Sales.Movement;
import io.shoplens.oracle.Sales.Order;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Who earned each movement of an order line, by every model on two touch sets. */
final class Credits {
  static final Duration LOOKBACK = Duration.ofDays(30);
  static final Duration CLICK_WINDOW = Duration.ofHours(168);
  static final Duration VIEW_WINDOW = Duration.ofHours(24);
  static final Duration IDENTITY_WINDOW = Duration.ofDays(30);
  static final int MAXIMUM_TOUCHES = 200;
  static final List<String> MODELS =
      List.of(
          "first_touch",
          "last_touch",
          "last_non_direct",
          "linear",
          "position_based",
          "j_shaped",
          "inverse_j",
          "time_decay",
          "platform_window",
          "shapley",
          "markov");
  static final List<String> TOUCH_SETS = List.of("entry", "all");

  /** A part of a movement. The touch is null for what nobody earned; reporting null unrated. */
  record Credit(
      Movement movement,
      String model,
      String touchSet,
      Touch touch,
      BigDecimal local,
      BigDecimal reporting) {}

  /** The way to an order in the basis, with the order's sales. */
  record Way(Order order, String touchSet, List<Touch> path, List<Movement> sales) {}

  /** A record that names both a user and a device. */
  private record Identification(String userId, Instant at, String sourceId) {}

  final List<Credit> credits = new ArrayList<>();
  final List<Leaks.Identification> identifications = new ArrayList<>();
  final List<Way> ways = new ArrayList<>();
  private final Markov markov;
  private final Map<String, List<Identification>> byDevice = new HashMap<>();
  private final Map<String, List<Touch>> ofUser = new HashMap<>();
  private final Map<String, List<Touch>> unidentifiedOfDevice = new HashMap<>();

  /** Unidentified touches whose next identification is of the user. */
  private final Map<String, List<Touch>> identifiedAs = new HashMap<>();

  private final Map<Touch, Identification> next = new HashMap<>();

  Credits(
      List<Event> events,
      List<OrderEvent> orderEvents,
      List<Touch> touches,
      List<Movement> moves,
      Markov markov) {
    this.markov = markov;
    for (Event event : events) {
      identify(event.deviceId(), event.userId(), event.at(), event.eventId());
    }
    for (OrderEvent event : orderEvents) {
      identify(event.deviceId(), event.userId(), event.at(), event.orderEventId());
    }
    for (Touch touch : touches) {
      Event event = touch.event();
      if (event.userId() != null) {
        ofUser.computeIfAbsent(event.userId(), id -> new ArrayList<>()).add(touch);
        continue;
      }
      unidentifiedOfDevice.computeIfAbsent(event.deviceId(), id -> new ArrayList<>()).add(touch);
      Identification identification = nextIdentification(event);
      if (identification != null) {
        next.put(touch, identification);
        identifiedAs.computeIfAbsent(identification.userId(), id -> new ArrayList<>()).add(touch);
      }
    }
    Map<Order, List<Movement>> byOrder = new LinkedHashMap<>();
    for (Movement movement : moves) {
      if (movement.isLinked()) {
        byOrder.computeIfAbsent(movement.order(), order -> new ArrayList<>()).add(movement);
      }
    }
    byOrder.forEach(this::credit);
  }

  private void credit(Order order, List<Movement> movements) {
    List<Touch> eligible = eligible(order);
    List<Movement> sales = movements.stream().filter(move -> move.entry().equals("sale")).toList();
    for (String touchSet : TOUCH_SETS) {
      List<Touch> path = path(eligible, touchSet);
      ways.add(new Way(order, touchSet, path, sales));
      for (String model : MODELS) {
        List<BigDecimal> weights = weights(path, model, touchSet, order);
        Map<String, Reversed> before = new HashMap<>();
        for (Movement movement : movements) {
          credit(movement, before, model, touchSet, path, weights);
        }
      }
    }
  }

  private void identify(String deviceId, String userId, Instant at, String sourceId) {
    if (deviceId != null && userId != null) {
      identifications.add(new Leaks.Identification(deviceId, userId, at, sourceId));
      byDevice
          .computeIfAbsent(deviceId, id -> new ArrayList<>())
          .add(new Identification(userId, at, sourceId));
    }
  }

  /** The earliest identification on the device, ties by id, at the event or up to 30 d after. */
  private Identification nextIdentification(Event event) {
    return byDevice.getOrDefault(event.deviceId(), List.of()).stream()
        .filter(identification -> isWithin(event.at(), identification.at(), IDENTITY_WINDOW))
        .min(Comparator.comparing(Identification::at).thenComparing(Identification::sourceId))
        .orElse(null);
  }

  /** {@code end - window <= at <= end}. */
  private static boolean isWithin(Instant at, Instant end, Duration window) {
    return !at.isAfter(end) && !at.isBefore(end.minus(window));
  }

  /** The order's person's touches in the look-back that can earn this order, by time and id. */
  private List<Touch> eligible(Order order) {
    List<Touch> persons = new ArrayList<>();
    if (order.userId() != null) {
      persons.addAll(ofUser.getOrDefault(order.userId(), List.of()));
      for (Touch touch : identifiedAs.getOrDefault(order.userId(), List.of())) {
        if (!next.get(touch).at().isAfter(order.orderAt())) {
          persons.add(touch);
        }
      }
    } else if (order.deviceId() != null) {
      persons.addAll(unidentifiedOfDevice.getOrDefault(order.deviceId(), List.of()));
    }
    List<Touch> inWindow =
        persons.stream()
            .filter(touch -> isWithin(touch.event().at(), order.orderAt(), LOOKBACK))
            .sorted(Comparator.comparing(Touch::event, Clicks.BY_TIME_AND_ID))
            .toList();
    if (order.salesChannel().equals("in_app")) {
      return inWindow.stream().filter(touch -> !touch.isOutbound()).toList();
    }
    // External: clicks out to the shop that sold, and in-app touches until the last of them.
    List<Touch> out =
        inWindow.stream()
            .filter(touch -> touch.isOutbound())
            .filter(touch -> touch.merchantGroup() != null)
            .filter(touch -> touch.merchantGroup().equals(order.merchantGroup()))
            .toList();
    if (out.isEmpty()) {
      return List.of();
    }
    Instant lastOut = out.get(out.size() - 1).event().at();
    return inWindow.stream()
        .filter(
            touch ->
                out.contains(touch)
                    || (!touch.isOutbound()
                        && touch.touchClass().equals("in_app_shop")
                        && !touch.event().at().isAfter(lastOut)))
        .toList();
  }

  /** The touches of a touch set: at most 200, the first and the last 199. */
  private static List<Touch> path(List<Touch> eligible, String touchSet) {
    List<Touch> all =
        eligible.stream().filter(touch -> touchSet.equals("all") || touch.isEntry()).toList();
    if (all.size() <= MAXIMUM_TOUCHES) {
      return all;
    }
    List<Touch> kept = new ArrayList<>();
    kept.add(all.get(0));
    kept.addAll(all.subList(all.size() - (MAXIMUM_TOUCHES - 1), all.size()));
    return kept;
  }

  /** What each touch's part is proportional to; all 0: nobody earned the order. */
  private List<BigDecimal> weights(List<Touch> path, String model, String touchSet, Order order) {
    Instant orderAt = order.orderAt();
    int n = path.size();
    if (n == 0) {
      return List.of();
    }
    switch (model) {
      case "first_touch":
        return only(0, n);
      case "last_touch":
        return only(n - 1, n);
      case "last_non_direct":
        return only(last(path, touch -> !touch.touchClass().equals("direct"), n - 1), n);
      case "linear":
        return Collections.nCopies(n, BigDecimal.ONE);
      case "position_based":
        return ends(2, 2, n);
      case "j_shaped":
        return ends(1, 3, n);
      case "inverse_j":
        return ends(3, 1, n);
      case "time_decay":
        Instant end = path.get(n - 1).event().at();
        return path.stream().map(touch -> halved(touch.event().at(), end)).toList();
      case "shapley":
        return sharedByChannel(path, channel -> BigDecimal.ONE);
      case "markov":
        List<BigDecimal> effects =
            sharedByChannel(path, channel -> markov.weight(order, touchSet, channel));
        return Money.sum(effects).signum() == 0 ? Collections.nCopies(n, BigDecimal.ONE) : effects;
      default:
        int click =
            last(
                path,
                touch ->
                    touch.interaction().equals("click")
                        && isWithin(touch.event().at(), orderAt, CLICK_WINDOW),
                -1);
        int view =
            last(
                path,
                touch ->
                    touch.interaction().equals("view")
                        && isWithin(touch.event().at(), orderAt, VIEW_WINDOW),
                -1);
        return only(click >= 0 ? click : view, n);
    }
  }

  private static List<BigDecimal> only(int winner, int n) {
    List<BigDecimal> weights = new ArrayList<>(Collections.nCopies(n, BigDecimal.ZERO));
    if (winner >= 0) {
      weights.set(winner, BigDecimal.ONE);
    }
    return weights;
  }

  private static int last(List<Touch> path, Predicate<Touch> condition, int otherwise) {
    for (int i = path.size() - 1; i >= 0; i--) {
      if (condition.test(path.get(i))) {
        return i;
      }
    }
    return otherwise;
  }

  /** Fifths of the ends; one fifth is the middle's. */
  private static List<BigDecimal> ends(int first, int last, int n) {
    if (n < 3) {
      return n == 1
          ? List.of(BigDecimal.ONE)
          : List.of(BigDecimal.valueOf(first), BigDecimal.valueOf(last));
    }
    List<BigDecimal> weights = new ArrayList<>(Collections.nCopies(n, BigDecimal.ONE));
    weights.set(0, BigDecimal.valueOf((long) first * (n - 2)));
    weights.set(n - 1, BigDecimal.valueOf((long) last * (n - 2)));
    return weights;
  }

  /** 2^(-age / 7 days), half even to 12 decimals. */
  private static BigDecimal halved(Instant at, Instant end) {
    double weeks = ChronoUnit.MICROS.between(at, end) / (7 * 86_400e6);
    return BigDecimal.valueOf((long) Math.rint(Math.pow(0.5, weeks) * 1e12), 12);
  }

  /** A channel's weight in equal parts to its touches; times all counts, to stay whole. */
  private static List<BigDecimal> sharedByChannel(
      List<Touch> path, Function<String, BigDecimal> weight) {
    Map<String, Long> counts =
        path.stream().collect(Collectors.groupingBy(Touch::channel, Collectors.counting()));
    BigDecimal all =
        counts.values().stream()
            .map(BigDecimal::valueOf)
            .reduce(BigDecimal.ONE, BigDecimal::multiply);
    return path.stream()
        .map(
            touch ->
                weight
                    .apply(touch.channel())
                    .multiply(all.divide(BigDecimal.valueOf(counts.get(touch.channel())))))
        .toList();
  }

  private static List<BigDecimal> split(
      BigDecimal before, BigDecimal amount, List<BigDecimal> weights, int digits) {
    List<BigDecimal> earlier = Money.split(before, weights, digits);
    List<BigDecimal> parts = new ArrayList<>(Money.split(before.add(amount), weights, digits));
    for (int i = 0; i < parts.size(); i++) {
      parts.set(i, parts.get(i).subtract(earlier.get(i)));
    }
    return parts;
  }

  /** What was reversed of a line in all; in the reporting currency as far as rates are known. */
  private record Reversed(BigDecimal local, BigDecimal reporting) {
    static final Reversed NOTHING = new Reversed(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  /**
   * Splits a sale's V by the weights, in both currencies. Of a reversal the parts are those of all
   * that is reversed of its line by then, less those of what was reversed before.
   */
  private void credit(
      Movement movement,
      Map<String, Reversed> reversed,
      String model,
      String touchSet,
      List<Touch> path,
      List<BigDecimal> weights) {
    boolean isSale = movement.entry().equals("sale");
    BigDecimal local = isSale ? movement.local().gmv() : movement.local().reversed();
    BigDecimal reporting =
        movement.reporting() == null
            ? null
            : isSale ? movement.reporting().gmv() : movement.reporting().reversed();
    Reversed before =
        isSale ? Reversed.NOTHING : reversed.getOrDefault(movement.lineId(), Reversed.NOTHING);
    if (!isSale) {
      reversed.put(
          movement.lineId(),
          new Reversed(
              before.local().add(local),
              reporting == null ? before.reporting() : before.reporting().add(reporting)));
    }
    if (Money.sum(weights).signum() == 0) {
      credits.add(new Credit(movement, model, touchSet, null, local, reporting));
      return;
    }
    List<BigDecimal> locals =
        split(before.local(), local, weights, Money.digits(movement.order().currency()));
    List<BigDecimal> reportings =
        reporting == null
            ? Collections.nCopies(path.size(), null)
            : split(before.reporting(), reporting, weights, Money.digits(Conf.REPORTING_CURRENCY));
    boolean isNothing = local.signum() == 0 && (reporting == null || reporting.signum() == 0);
    for (int i = 0; i < path.size(); i++) {
      boolean getsNothing =
          locals.get(i).signum() == 0
              && (reportings.get(i) == null || reportings.get(i).signum() == 0);
      if (weights.get(i).signum() > 0 && (!getsNothing || isNothing)) {
        credits.add(
            new Credit(movement, model, touchSet, path.get(i), locals.get(i), reportings.get(i)));
      }
    }
  }
}
