package io.shoplens.attribution;

import static io.shoplens.attribution.OrderCreditsTest.lines;
import static io.shoplens.table.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.attribution.SlowCredits.SlowIdentification;
import io.shoplens.attribution.SlowCredits.SlowMovement;
import io.shoplens.attribution.SlowCredits.SlowTouch;
import io.shoplens.attribution.SlowCredits.SlowWindows;
import io.shoplens.config.AttributionSettings.PathOption;
import io.shoplens.config.AttributionSettings.Windows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderCreditsRandomTest {
  @ParameterizedTest
  @CsvSource({
    "1, 30, 200, ''",
    "2, 10, 5, ''",
    "3, 3, 2, first_per_session",
    "4, 30, 1, drop_direct",
    "5, 30, 4, collapse_repeats",
    "6, 20, 3, collapse_repeats drop_direct",
    "7, 30, 3, collapse_repeats drop_direct first_per_session"
  })
  void creditsEqualThoseOfGoingThroughEverything(
      int seed, int lookbackDays, int maximumTouches, String options) {
    Set<String> left = Set.of(options.split(" "));
    Map<String, SlowWindows> windows =
        Map.of(
            "US",
            new SlowWindows(Duration.ofDays(lookbackDays), Duration.ofDays(7), Duration.ofDays(1)),
            "GB",
            new SlowWindows(
                Duration.ofHours(18L * lookbackDays), Duration.ofHours(54), Duration.ofHours(18)));
    Random random = new Random(seed);
    SlowCredits reference =
        new SlowCredits(
            IntStream.range(0, 700).mapToObj(n -> touch(random, n)).toList(),
            IntStream.range(0, 80).mapToObj(n -> identification(random, n)).toList(),
            windows,
            maximumTouches,
            left);
    List<SlowMovement> movements =
        IntStream.range(0, 120).boxed().flatMap(n -> movements(random, n)).toList();

    Story story =
        Story.story()
            .keeping(maximumTouches)
            .leavingOut(
                Stream.of(PathOption.values())
                    .filter(option -> left.contains(option.name().toLowerCase(Locale.ROOT)))
                    .toList());
    windows.forEach(
        (market, own) ->
            story.within(market, new Windows(own.lookback(), own.click(), own.view())));
    reference.touches().forEach(touch -> tell(story, touch));
    reference.identifications().forEach(i -> tell(story, i));
    // Some reversals are of dates that are not credited.
    List<SlowMovement> wanted =
        movements.stream()
            .filter(movement -> movement.entry().equals("sale") || random.nextInt(4) > 0)
            .toList();
    movements.forEach(movement -> tell(story, movement, wanted.contains(movement)));

    assertThat(
            lines(
                story.credits(),
                ORDER_ID,
                ORDER_EVENT_ID,
                LINE_ID,
                ENTRY,
                MODEL,
                TOUCH_SET,
                TOUCH_RANK,
                TOUCH_EVENT_ID,
                TOUCH_CLASS,
                INTERACTION,
                MATCH_LEVEL,
                PATH_LENGTH,
                PATH_DROPPED,
                SALES_CHANNEL,
                CREDIT_LOCAL,
                CREDIT_REPORTING,
                NET_CREDIT_LOCAL,
                NET_CREDIT_REPORTING))
        .containsExactlyElementsOf(
            wanted.stream().flatMap(m -> reference.of(m, movements).stream()).sorted().toList());
  }

  private static SlowTouch touch(Random random, int n) {
    int observed = random.nextInt(3);
    boolean outbound = random.nextInt(6) == 0;
    String touchClass =
        outbound ? "external_link" : one(random, "in_app_shop", "external_link", "direct");
    return new SlowTouch(
        "e" + random.nextInt(10_000) + "-" + n,
        instant(random),
        observed == 0 ? null : "u" + random.nextInt(6),
        observed == 1 ? null : "d" + random.nextInt(5),
        outbound || random.nextInt(3) == 0,
        outbound,
        touchClass,
        outbound ? "outbound" : touchClass + random.nextInt(2),
        outbound ? "click" : one(random, "click", "view", "view"),
        one(random, "p1", "p2", "p3", null),
        one(random, "c1", "c2", null),
        outbound ? one(random, "Shopee", "Lazada") : null);
  }

  private static SlowIdentification identification(Random random, int n) {
    return new SlowIdentification(
        "d" + random.nextInt(5), "u" + random.nextInt(6), instant(random), "i" + n);
  }

  private static Stream<SlowMovement> movements(Random random, int n) {
    int observed = random.nextInt(8);
    String user = observed < 2 ? null : "u" + random.nextInt(6);
    String device = observed % 2 == 0 ? null : "d" + random.nextInt(5);
    boolean external = random.nextInt(3) == 0;
    String merchantGroup = external ? one(random, "Shopee", "Lazada") : null;
    Instant orderAt = instant(random);
    String market = one(random, "US", "GB");
    List<SlowMovement> movements = new ArrayList<>();
    for (int line = 0; line <= random.nextInt(3); line++) {
      String product = one(random, "p1", "p2", null);
      String category = one(random, "c1", "c2", null);
      for (String event : List.of("sale", "2-cancelled", "1-refunded", "0-refunded")) {
        String entry = event.substring(event.indexOf('-') + 1);
        long local = random.nextInt(4) == 0 ? random.nextInt(4) : random.nextInt(100_000);
        Long reporting =
            random.nextInt(5) == 0 ? null : local == 0 ? 0L : Long.valueOf(random.nextInt(50_000));
        if (entry.equals("sale") || random.nextInt(3) == 0) {
          movements.add(
              new SlowMovement(
                  "o" + n,
                  "o" + n + "-" + event,
                  "l" + line,
                  entry,
                  entry.equals("sale") ? orderAt : instant(random),
                  orderAt,
                  market,
                  user,
                  device,
                  external,
                  merchantGroup,
                  product,
                  category,
                  local,
                  reporting));
        }
      }
    }
    return movements.stream();
  }

  /** Few enough instants that touches, identifications, orders and window ends often coincide. */
  private static Instant instant(Random random) {
    return Instant.parse("2026-03-01T00:00:00Z")
        .plus(random.nextInt(31), ChronoUnit.DAYS)
        .plus(random.nextInt(4) * 6L, ChronoUnit.HOURS);
  }

  private static String one(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static void tell(Story story, SlowTouch touch) {
    story.touch(
        touch.id(),
        at(touch.at()),
        "user_id=" + orNull(touch.user()),
        "device_id=" + orNull(touch.device()),
        "is_entry=" + touch.entry(),
        "is_outbound=" + touch.outbound(),
        "touch_class=" + touch.touchClass(),
        "channel=" + touch.channel(),
        "interaction=" + touch.interaction(),
        "product_id=" + orNull(touch.product()),
        "category=" + orNull(touch.category()),
        "merchant_group=" + orNull(touch.merchantGroup()));
  }

  private static void tell(Story story, SlowIdentification i) {
    story.identification(i.device(), i.user(), at(i.at()), i.source());
  }

  private static void tell(Story story, SlowMovement movement, boolean wanted) {
    String[] more = {
      "order_event_id=" + movement.event(),
      "entry_at=" + movement.at(),
      "line_id=" + movement.line(),
      "market=" + movement.market(),
      "user_id=" + orNull(movement.user()),
      "device_id=" + orNull(movement.device()),
      "sales_channel=" + (movement.external() ? "external" : "in_app"),
      "merchant_group=" + orNull(movement.merchantGroup()),
      "product_id=" + orNull(movement.product()),
      "category=" + orNull(movement.category()),
      movement.entry().equals("sale")
          ? "gmv_reporting=" + money(movement.reporting())
          : "reversed_reporting=" + money(movement.reporting())
    };
    if (movement.entry().equals("sale")) {
      story.sale(movement.order(), at(movement.orderAt()), money(movement.local()), more);
    } else if (wanted) {
      story.reversal(
          movement.entry(),
          movement.order(),
          at(movement.orderAt()),
          money(movement.local()),
          more);
    } else {
      story.otherReversal(
          movement.entry(),
          movement.order(),
          at(movement.orderAt()),
          money(movement.local()),
          more);
    }
  }

  private static String money(Long cents) {
    return cents == null ? "" : BigDecimal.valueOf(cents, 2).toPlainString();
  }

  private static String orNull(String value) {
    return value == null ? "" : value;
  }

  /** As a story tells it: {@code "05 10:00"}. */
  private static String at(Instant instant) {
    return instant.toString().substring(8, 16).replace('T', ' ');
  }
}
