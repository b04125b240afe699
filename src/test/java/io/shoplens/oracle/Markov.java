package io.shoplens.oracle;

import io.shoplens.oracle.Clicks.Touch;
import io.shoplens.oracle.Sales.Movement;
import io.shoplens.oracle.Sales.Order;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What channels weigh in the weeks that have orders, by the paths that ended in 28 days before. */
final class Markov {
  static final int PERIOD_DAYS = 28;
  static final int SILENT_DAYS = 30;
  static final int REACH_DAYS = 88;

  private static final MathContext DIGITS = new MathContext(50);
  private static final String START = "";
  private static final String CONVERTED = " converted";
  private static final String LOST = " lost";

  /** What weights are asked for by. */
  record Key(String market, LocalDate week, String salesChannel, String touchSet) {}

  /** Weights by channel, and the paths they are made of. */
  record Weights(Map<String, BigDecimal> byChannel, long paths, long converted) {}

  /** A touch, or an order that ends a path. */
  private record Step(Instant at, LocalDate date, Touch touch, Order order, String id) {}

  final Map<Key, Weights> weights = new HashMap<>();
  private final Conf conf;
  private final Map<List<String>, List<Step>> byPerson = new HashMap<>();
  private final Map<Order, LocalDate> basis = new HashMap<>();

  Markov(List<Touch> touches, List<Movement> movements, Conf conf) {
    this.conf = conf;
    TreeSet<LocalDate> weeks = new TreeSet<>();
    for (Movement movement : movements) {
      if (movement.isLinked()) {
        weeks.add(week(movement.order()));
        if (movement.entry().equals("sale")) {
          basis.put(movement.order(), movement.date());
        }
      }
    }
    for (Touch touch : touches) {
      String person =
          touch.event().userId() != null
              ? "u " + touch.event().userId()
              : "d " + touch.event().deviceId();
      add(
          touch.event().market(),
          person,
          new Step(touch.event().at(), touch.date(), touch, null, touch.event().eventId()));
    }
    for (Order order : basis.keySet()) {
      if (order.person() != null) {
        String person = order.userId() != null ? "u " + order.userId() : "d " + order.deviceId();
        LocalDate date = conf.businessDate(order.orderAt(), order.market(), order.region());
        add(order.market(), person, new Step(order.orderAt(), date, null, order, order.orderId()));
      }
    }
    byPerson
        .values()
        .forEach(
            steps ->
                steps.sort(
                    Comparator.comparing(Step::at)
                        .thenComparing(step -> step.order() != null)
                        .thenComparing(Step::id)));
    for (LocalDate week : weeks) {
      for (String salesChannel : List.of("in_app", "external")) {
        for (String touchSet : Credits.TOUCH_SETS) {
          solve(week, salesChannel, touchSet);
        }
      }
    }
  }

  private void add(String market, String person, Step step) {
    byPerson.computeIfAbsent(List.of(market, person), any -> new ArrayList<>()).add(step);
  }

  /** Monday of the week of an order's business date. */
  LocalDate week(Order order) {
    LocalDate date = conf.businessDate(order.orderAt(), order.market(), order.region());
    return date.minusDays(date.getDayOfWeek().getValue() - 1L);
  }

  BigDecimal weight(Order order, String touchSet, String channel) {
    Weights known =
        weights.get(new Key(order.market(), week(order), order.salesChannel(), touchSet));
    return known == null
        ? BigDecimal.ZERO
        : known.byChannel().getOrDefault(channel, BigDecimal.ZERO);
  }

  private void solve(LocalDate week, String salesChannel, String touchSet) {
    Map<String, List<List<String>>> byMarket = new TreeMap<>();
    byPerson.forEach(
        (marketAndPerson, steps) ->
            byMarket
                .computeIfAbsent(marketAndPerson.get(0), market -> new ArrayList<>())
                .addAll(paths(steps, week, salesChannel, touchSet)));
    byMarket.forEach(
        (market, paths) -> {
          if (!paths.isEmpty()) {
            weights.put(new Key(market, week, salesChannel, touchSet), weights(paths));
          }
        });
  }

  /** The paths of one person that ended in time: channels, and how each ended. */
  private List<List<String>> paths(
      List<Step> steps, LocalDate week, String salesChannel, String touchSet) {
    List<List<String>> paths = new ArrayList<>();
    List<String> path = new ArrayList<>();
    Step latest = null;
    for (Step step : steps) {
      if (step.date().isBefore(week.minusDays(REACH_DAYS)) || !step.date().isBefore(week)) {
        continue;
      }
      boolean isOrder = step.order() != null;
      if (isOrder
          ? !step.order().salesChannel().equals(salesChannel)
              || !basis.get(step.order()).isBefore(week)
          : !isOnTheWay(step.touch(), salesChannel, touchSet)) {
        continue;
      }
      if (!path.isEmpty()
          && Duration.between(latest.at(), step.at()).compareTo(Duration.ofDays(SILENT_DAYS)) > 0) {
        end(paths, path, LOST, latest.date().plusDays(SILENT_DAYS), week);
      }
      if (!isOrder) {
        path.add(step.touch().channel());
        latest = step;
      } else if (!path.isEmpty()) {
        end(paths, path, CONVERTED, step.date(), week);
      }
    }
    if (!path.isEmpty()) {
      end(paths, path, LOST, latest.date().plusDays(SILENT_DAYS), week);
    }
    return paths;
  }

  private static boolean isOnTheWay(Touch touch, String salesChannel, String touchSet) {
    if (touchSet.equals("entry") && !touch.isEntry()) {
      return false;
    }
    return salesChannel.equals("in_app")
        ? !touch.isOutbound()
        : touch.isOutbound() || touch.touchClass().equals("in_app_shop");
  }

  private static void end(
      List<List<String>> paths, List<String> path, String how, LocalDate date, LocalDate week) {
    if (!date.isBefore(week.minusDays(PERIOD_DAYS)) && date.isBefore(week)) {
      path.add(how);
      paths.add(List.copyOf(path));
    }
    path.clear();
  }

  private static Weights weights(List<List<String>> paths) {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    for (List<String> path : paths) {
      String from = START;
      for (String to : path) {
        counts.computeIfAbsent(from, any -> new TreeMap<>()).merge(to, 1L, Long::sum);
        from = to;
      }
    }
    long converted = paths.stream().filter(path -> path.contains(CONVERTED)).count();
    BigDecimal all = conversion(counts, null);
    Map<String, BigDecimal> byChannel = new TreeMap<>();
    for (String channel : counts.keySet()) {
      if (!channel.equals(START)) {
        byChannel.put(
            channel,
            all.signum() == 0
                ? BigDecimal.ZERO.setScale(12)
                : all.subtract(conversion(counts, channel))
                    .divide(all, DIGITS)
                    .setScale(12, RoundingMode.HALF_EVEN));
      }
    }
    return new Weights(byChannel, paths.size(), converted);
  }

  /** The probability to convert from the start, by elimination; what enters the removed is lost. */
  private static BigDecimal conversion(Map<String, Map<String, Long>> counts, String removed) {
    List<String> states = new ArrayList<>(counts.keySet());
    states.remove(removed);
    int n = states.size();
    BigDecimal[][] rows = new BigDecimal[n][n + 1];
    for (int i = 0; i < n; i++) {
      Arrays.fill(rows[i], BigDecimal.ZERO);
      Map<String, Long> to = counts.get(states.get(i));
      BigDecimal total = BigDecimal.valueOf(to.values().stream().mapToLong(c -> c).sum());
      for (int j = 0; j < n; j++) {
        rows[i][j] = BigDecimal.valueOf(-to.getOrDefault(states.get(j), 0L)).divide(total, DIGITS);
      }
      rows[i][i] = rows[i][i].add(BigDecimal.ONE);
      rows[i][n] = BigDecimal.valueOf(to.getOrDefault(CONVERTED, 0L)).divide(total, DIGITS);
    }
    // The start is the first state; eliminating from the last leaves it.
    for (int k = n - 1; k >= 0; k--) {
      for (int i = 0; i < k; i++) {
        if (rows[i][k].signum() != 0) {
          BigDecimal factor = rows[i][k].divide(rows[k][k], DIGITS);
          for (int j = 0; j <= n; j++) {
            rows[i][j] = rows[i][j].subtract(factor.multiply(rows[k][j], DIGITS), DIGITS);
          }
        }
      }
    }
    return rows[0][n].divide(rows[0][0], DIGITS);
  }
}
