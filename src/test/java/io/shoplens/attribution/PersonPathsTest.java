package io.shoplens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.attribution.PersonPaths.Order;
import io.shoplens.attribution.TouchPath.Windows;
import io.shoplens.config.AttributionSettings.PathOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PersonPathsTest {
  private static final String SHOP = "Shopee";
  private static final Windows MILLION = new Windows(1_000_000, 7, 1);

  @Test
  void pathsEqualThoseOfFilteringAllTouchesForEachOrder() {
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      List<Touch> touches = touches(random, random.nextInt(60));
      List<Order> orders = orders(random, 1 + random.nextInt(8));
      List<Windows> markets =
          List.of(new Windows(random.nextInt(40), 7, 1), new Windows(random.nextInt(40), 3, 2));
      int maximum = 1 + random.nextInt(6);

      Set<PathOption> options = EnumSet.noneOf(PathOption.class);
      for (PathOption option : PathOption.values()) {
        if (seed % 2 == 1 && random.nextBoolean()) {
          options.add(option);
        }
      }

      assertThat(swept(touches, orders, markets, maximum, options))
          .as(
              "seed %d, look-back %s, at most %d, %s of %s",
              seed, markets, maximum, options, touches)
          .isEqualTo(filtered(touches, orders, markets, maximum, options));
    }
  }

  @Test
  void aLongPathKeepsItsFirstAndItsLatestTouchesAndCountsTheRest() {
    PersonPaths paths = new PersonPaths(200, Set.of());
    Order order = new Order("o", 1_000_000, "in_app", null);
    paths.open(order, MILLION);
    IntStream.range(0, 500_000).forEach(n -> paths.arrive(touch(n, n, n, false, "in_app_shop")));

    TouchPath path = paths.close(order).get(TouchSet.ALL);

    assertThat(path.dropped()).isEqualTo(499_800);
    assertThat(path.touches())
        .extracting(Touch::at)
        .containsExactlyElementsOf(
            IntStream.concat(IntStream.of(0), IntStream.range(499_801, 500_000))
                .mapToObj(Long::valueOf)
                .toList());
  }

  @Test
  void aChannelInARowTakesOnePlaceOfAPathHoweverLongItIs() {
    PersonPaths paths = new PersonPaths(200, Set.of(PathOption.COLLAPSE_REPEATS));
    Order order = new Order("o", 1_000_000, "in_app", null);
    paths.open(order, MILLION);
    IntStream.range(0, 500_000)
        .forEach(n -> paths.arrive(touch(n / 2_000, n, n, false, "in_app_shop")));

    TouchPath path = paths.close(order).get(TouchSet.ALL);

    assertThat(path.dropped()).isEqualTo(50);
    assertThat(path.touches())
        .extracting(Touch::at)
        .containsExactlyElementsOf(
            IntStream.concat(IntStream.of(0), IntStream.range(51, 250))
                .mapToObj(n -> n * 2_000L)
                .toList());
  }

  @Test
  @Timeout(120)
  void theCostOfAnOrderDoesNotGrowWithTheTouchesAndIdentificationsInItsLookBack() {
    int count = 10_000;
    PersonPaths paths = new PersonPaths(200, Set.of());
    List<Order> orders =
        IntStream.range(0, count)
            .mapToObj(
                n -> new Order("o" + n, 1_000_000 + n, n % 2 == 0 ? "in_app" : "external", SHOP))
            .toList();
    for (int n = 0; n < count; n++) {
      paths.open(orders.get(n), MILLION);
      paths.arrive(touch(5L * n, n, n, false, "in_app_shop"));
      paths.arrive(touch(5L * n + 1, n, n + 1, false, "in_app_shop"));
      paths.arrive(touch(5L * n + 2, n, n + 1, false, "in_app_shop"));
      paths.arrive(to(touch(5L * n + 3, n, n + 1, true, null), SHOP));
      paths.arrive(to(touch(5L * n + 4, n, n, true, null), SHOP));
    }

    assertThat(orders.stream().map(o -> paths.close(o).get(TouchSet.ALL).dropped()))
        .containsExactlyElementsOf(
            IntStream.range(0, count)
                .mapToObj(n -> Math.max(0, (count - n) * (n % 2 == 0 ? 3 : 5) - 200))
                .toList());
  }

  /** Every second order is of a market with windows of its own. */
  private static Windows windows(Order order, List<Windows> markets) {
    return markets.get(Math.floorMod(order.id().hashCode(), 2));
  }

  private static Map<String, Map<TouchSet, TouchPath>> swept(
      List<Touch> touches,
      List<Order> orders,
      List<Windows> markets,
      int maximum,
      Set<PathOption> options) {
    PersonPaths paths = new PersonPaths(maximum, options);
    Map<String, Map<TouchSet, TouchPath>> found = new HashMap<>();
    for (long now = -50; now <= 110; now++) {
      long instant = now;
      orders.stream()
          .filter(o -> o.at() - windows(o, markets).lookback() == instant)
          .forEach(o -> paths.open(o, windows(o, markets)));
      touches.stream().filter(t -> t.at() == instant).forEach(paths::arrive);
      orders.stream()
          .filter(o -> o.at() == instant)
          .forEach(o -> found.put(o.id(), paths.close(o)));
    }
    return found;
  }

  private static Map<String, Map<TouchSet, TouchPath>> filtered(
      List<Touch> touches,
      List<Order> orders,
      List<Windows> markets,
      int maximum,
      Set<PathOption> options) {
    Map<String, Map<TouchSet, TouchPath>> found = new HashMap<>();
    for (Order order : orders) {
      Map<TouchSet, TouchPath> paths = new HashMap<>();
      for (TouchSet set : TouchSet.values()) {
        List<Touch> all =
            new ArrayList<>(eligible(touches, order, set, windows(order, markets).lookback()));
        if (options.contains(PathOption.FIRST_PER_SESSION)) {
          all.removeIf(t -> !t.isEntry());
        }
        if (options.contains(PathOption.DROP_DIRECT)
            && all.stream().anyMatch(t -> !t.touchClass().equals("direct"))) {
          all.removeIf(t -> t.touchClass().equals("direct"));
        }
        for (int i = all.size() - 1; i > 0; i--) {
          if (options.contains(PathOption.COLLAPSE_REPEATS)
              && all.get(i).channel().equals(all.get(i - 1).channel())) {
            all.remove(i);
          }
        }
        List<Touch> path = new ArrayList<>(all);
        while (path.size() > maximum) {
          path.remove(1 < path.size() ? 1 : 0);
        }
        int dropped = all.size() - path.size();
        paths.put(set, new TouchPath(path, dropped, order.at(), windows(order, markets)));
      }
      found.put(order.id(), paths);
    }
    return found;
  }

  private static List<Touch> eligible(
      List<Touch> touches, Order order, TouchSet set, long lookback) {
    List<Touch> inReach =
        touches.stream()
            .filter(t -> t.at() >= order.at() - lookback && t.at() <= order.at())
            .filter(t -> t.knownAt() <= order.at())
            .filter(t -> set == TouchSet.ALL || t.isEntry())
            .toList();
    if (order.salesChannel().equals("in_app")) {
      return inReach.stream().filter(t -> !t.isOutbound()).toList();
    }
    long latestClick =
        inReach.stream()
            .filter(t -> t.isOutbound() && t.merchantGroup().equals(order.merchantGroup()))
            .mapToLong(Touch::at)
            .max()
            .orElse(Long.MIN_VALUE);
    return inReach.stream()
        .filter(t -> t.at() <= latestClick)
        .filter(
            t ->
                t.isOutbound()
                    ? t.merchantGroup().equals(order.merchantGroup())
                    : t.touchClass().equals("in_app_shop"))
        .toList();
  }

  private static List<Touch> touches(Random random, int count) {
    long[] instants = random.longs(count, 0, 101).sorted().toArray();
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              long wait = random.nextInt(3) == 0 ? random.nextInt(30) : 0;
              String shop = random.nextInt(3) == 0 ? "direct" : "in_app_shop";
              return touch(n, instants[n], instants[n] + wait, random.nextInt(4) == 0, shop);
            })
        .map(t -> t.isOutbound() ? to(t, random.nextBoolean() ? SHOP : "Lazada") : t)
        .toList();
  }

  private static Touch to(Touch t, String merchantGroup) {
    return new Touch(
        t.sequence(),
        t.at(),
        t.knownAt(),
        t.eventId(),
        true,
        true,
        "external_link",
        "outbound",
        "click",
        null,
        null,
        null,
        null,
        null,
        merchantGroup);
  }

  private static Touch touch(long n, long at, long knownAt, boolean outbound, String touchClass) {
    return new Touch(
        n,
        at,
        knownAt,
        "e" + n,
        n % 3 == 0,
        outbound,
        touchClass,
        "c" + n % 2,
        "view",
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static List<Order> orders(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            n ->
                switch (random.nextInt(4)) {
                  case 0 -> new Order("o" + n, random.nextInt(101), "external", SHOP);
                  case 1 -> new Order("o" + n, random.nextInt(101), "external", null);
                  default -> new Order("o" + n, random.nextInt(101), "in_app", null);
                })
        .sorted(Comparator.comparing(Order::at).thenComparing(Order::id))
        .toList();
  }
}
