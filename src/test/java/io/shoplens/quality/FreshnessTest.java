package io.shoplens.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Feed;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.Rows;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private static final String CLICK = "{'market':'US','event_at':'2026-03-02T%s:00Z'%s}";

  @Test
  void aMarketReachesAsFarAsTheSlowerOfItsFeedsLessTheGrace() {
    assertThat(
            watermarks(
                List.of(CLICK.formatted("10:00", ""), CLICK.formatted("09:00", "")),
                List.of(CLICK.formatted("08:00", "")),
                List.of(),
                Duration.ofMinutes(5)))
        .containsExactly("{'market':'US','watermark_at':'2026-03-02T07:55:00.000Z'}");
  }

  @Test
  void anEventLaterThanItsReceiptMovesNothing() {
    String early = ",'received_at':'2026-03-02T11:59:59Z'";
    assertThat(
            watermarks(
                List.of(CLICK.formatted("12:00", early), CLICK.formatted("10:00", early)),
                List.of(CLICK.formatted("12:00", "")),
                List.of(),
                Duration.ZERO))
        .containsExactly("{'market':'US','watermark_at':'2026-03-02T10:00:00.000Z'}");
  }

  @Test
  void lateRecordsDoNotMoveAWatermarkBack() {
    assertThat(
            watermarks(
                List.of(CLICK.formatted("01:00", "")),
                List.of(),
                List.of(
                    "{'market':'US','clicks_until':'2026-03-02T10:00:00Z',"
                        + "'orders_until':'2026-03-02T11:00:00Z'}"),
                Duration.ZERO))
        .containsExactly("{'market':'US','watermark_at':'2026-03-02T10:00:00.000Z'}");
  }

  @Test
  void aMarketWithoutOneOfItsFeedsHasNone() {
    assertThat(
            watermarks(List.of(CLICK.formatted("10:00", "")), List.of(), List.of(), Duration.ZERO))
        .containsExactly("{'market':'US'}");
  }

  @Test
  void whereNoFeedBringsClicksOrdersAloneDecide() {
    String orders = CLICK.formatted("08:00", "");
    assertThat(
            watermarks(
                Set.of(Feed.Kind.ORDERS), List.of(), List.of(orders), List.of(), Duration.ZERO))
        .containsExactly("{'market':'US','watermark_at':'2026-03-02T08:00:00.000Z'}");
    assertThat(
            watermarks(
                Set.of(Feed.Kind.EVENTS), List.of(), List.of(orders), List.of(), Duration.ZERO))
        .containsExactly("{'market':'US'}");
    // Clicks of a feed that is no longer configured hold it where they ended.
    assertThat(
            watermarks(
                Set.of(Feed.Kind.ORDERS),
                List.of(),
                List.of(orders),
                List.of("{'market':'US','clicks_until':'2026-03-02T07:00:00Z'}"),
                Duration.ZERO))
        .containsExactly("{'market':'US','watermark_at':'2026-03-02T07:00:00.000Z'}");
  }

  private static List<String> watermarks(
      List<String> events, List<String> orderEvents, List<String> before, Duration grace) {
    return watermarks(EnumSet.allOf(Feed.Kind.class), events, orderEvents, before, grace);
  }

  private static List<String> watermarks(
      Set<Feed.Kind> kinds,
      List<String> events,
      List<String> orderEvents,
      List<String> before,
      Duration grace) {
    return Rows.json(
        Freshness.watermarks(
            Rows.of(Events.TABLE, events.toArray(String[]::new)),
            Rows.of(OrderEvents.TABLE, orderEvents.toArray(String[]::new)),
            Rows.of(Watermarks.TABLE, before.toArray(String[]::new)),
            kinds,
            grace),
        "market",
        "watermark_at");
  }
}
