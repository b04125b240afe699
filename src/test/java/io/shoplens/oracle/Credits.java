package io.shoplens.oracle;

import io.shoplens.oracle.Clicks.Touch;
import io.shoplens.oracle.EventContract.Event;
import io.shoplens.oracle.OrderContract.OrderEvent;
import io.shoplens.oracle.Sales.Movement;
import io.shoplens.oracle.Sales.Order;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who earned each movement of an order line: three models on two touch sets. */
final class Credits {
  static final Duration LOOKBACK = Duration.ofDays(30);
  static final Duration CLICK_WINDOW = Duration.ofHours(168);
  static final Duration VIEW_WINDOW = Duration.ofHours(24);
  static final Duration IDENTITY_WINDOW = Duration.ofDays(30);
  static final int MAXIMUM_TOUCHES = 200;
  static final List<String> MODELS = List.of("last_touch", "linear", "platform_window");
  static final List<String> TOUCH_SETS = List.of("entry", "all");

  /** A part of a movement. The touch is null for what nobody earned; reporting null unrated. */
  record Credit(
      Movement movement,
      String model,
      String touchSet,
      Touch touch,
      BigDecimal local,
      BigDecimal reporting) {}

  /** A record that names both a user and a device. */
  private record Identification(String userId, Instant at, String sourceId) {}

  final List<Credit> credits = new ArrayList<>();
  final List<Leaks.Identification> identifications = new ArrayList<>();
  private final Map<String, List<Identification>> byDevice = new HashMap<>();
  private final Map<String, List<Touch>> ofUser = new HashMap<>();
  private final Map<String, List<Touch>> unidentifiedOfDevice = new HashMap<>();

  /** Unidentified touches whose next identification is of the user. */
  private final Map<String, List<Touch>> identifiedAs = new HashMap<>();

  private final Map<Touch, Identification> next = new HashMap<>();

  Credits(
      List<Event> events, List<OrderEvent> orderEvents, List<Touch> touches, List<Movement> moves) {
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
    Map<Order, List<Touch>> candidates = new HashMap<>();
    for (Movement movement : moves) {
      if (movement.isLinked()) {
        Order order = movement.order();
        List<Touch> eligible = candidates.computeIfAbsent(order, this::eligible);
        for (String touchSet : TOUCH_SETS) {
          List<Touch> path = path(eligible, touchSet);
          for (String model : MODELS) {
            credit(movement, model, touchSet, winners(path, model, order.orderAt()));
          }
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

  /** The touches among which a model splits the amount, equally; none: unattributed. */
  private static List<Touch> winners(List<Touch> path, String model, Instant orderAt) {
    if (path.isEmpty()) {
      return List.of();
    }
    switch (model) {
      case "last_touch":
        return List.of(path.get(path.size() - 1));
      case "linear":
        return path;
      default:
        List<Touch> latestFirst = new ArrayList<>(path);
        Collections.reverse(latestFirst);
        for (Touch touch : latestFirst) {
          if (touch.interaction().equals("click")
              && isWithin(touch.event().at(), orderAt, CLICK_WINDOW)) {
            return List.of(touch);
          }
        }
        for (Touch touch : latestFirst) {
          if (touch.interaction().equals("view")
              && isWithin(touch.event().at(), orderAt, VIEW_WINDOW)) {
            return List.of(touch);
          }
        }
        return List.of();
    }
  }

  /** Splits a sale's V, or a reversal's amount, equally among the winners, in both currencies. */
  private void credit(Movement movement, String model, String touchSet, List<Touch> winners) {
    boolean isSale = movement.entry().equals("sale");
    BigDecimal local = isSale ? movement.local().gmv() : movement.local().reversed();
    BigDecimal reporting =
        movement.reporting() == null
            ? null
            : isSale ? movement.reporting().gmv() : movement.reporting().reversed();
    if (winners.isEmpty()) {
      credits.add(new Credit(movement, model, touchSet, null, local, reporting));
      return;
    }
    List<BigDecimal> equal = winners.stream().map(touch -> BigDecimal.ONE).toList();
    List<BigDecimal> locals = Money.split(local, equal, Money.digits(movement.order().currency()));
    List<BigDecimal> reportings =
        reporting == null
            ? Collections.nCopies(winners.size(), null)
            : Money.split(reporting, equal, Money.digits(Conf.REPORTING_CURRENCY));
    for (int i = 0; i < winners.size(); i++) {
      boolean isNothing =
          locals.get(i).signum() == 0
              && (reportings.get(i) == null || reportings.get(i).signum() == 0);
      if (!isNothing || local.signum() == 0) {
        credits.add(
            new Credit(
                movement, model, touchSet, winners.get(i), locals.get(i), reportings.get(i)));
      }
    }
  }
}
