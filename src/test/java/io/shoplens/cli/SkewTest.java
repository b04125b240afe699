package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one person with half of all events and orders costs, and what a long history does, in 1 GB
 * for driver and executor together. {@code -Dskew.events=N} tries fewer.
 */
@Tag("long")
class SkewTest {
  private static final long EVENTS = Long.getLong("skew.events", 20_000_000);
  private static final long ORDERS = EVENTS / 1000;
  private static final int DAYS = 28;

  @Test
  void onePersonWithHalfOfAllEventsCostsAtMostTwiceWhatManyDo(@TempDir Path folder)
      throws Exception {
    Map<String, Double> even =
        SkewRun.ofAllDates(new SkewWorld(EVENTS, ORDERS, DAYS, 0), folder.resolve("even"));
    System.out.println("even   " + even);
    Map<String, Double> skewed =
        SkewRun.ofAllDates(new SkewWorld(EVENTS, ORDERS, DAYS, 50), folder.resolve("skewed"));
    System.out.println("skewed " + skewed);

    assertThat(skewed.get("clickstream")).isLessThan(2 * even.get("clickstream"));
    assertThat(skewed.get("attribution")).isLessThan(2 * even.get("attribution"));
  }

  @Test
  void theCostOfADayOfOrdersDoesNotGrowWithHistory(@TempDir Path folder) throws Exception {
    // Markov looks back 88 days before an ISO week, the other models 30 before an order.
    SkewWorld shorter = new SkewWorld(EVENTS / 50, EVENTS / 5000, 120, 0);
    SkewWorld longer = new SkewWorld(EVENTS / 25, EVENTS / 2500, 240, 0);

    double before = SkewRun.ofLastDate(shorter, folder.resolve("shorter"));
    double after = SkewRun.ofLastDate(longer, folder.resolve("longer"));
    System.out.println("last of 120 days " + before + ", of 240 " + after);

    assertThat(after).isLessThan(1.2 * before);
  }
}
