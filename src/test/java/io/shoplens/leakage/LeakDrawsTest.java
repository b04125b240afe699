package io.shoplens.leakage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shoplens.leakage.LeakDraws.Possible;
import io.shoplens.leakage.TrailingSales.Chance;
import io.shoplens.leakage.TrailingSales.Day;
import io.shoplens.leakage.TrailingSales.Values;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeakDrawsTest {
  private static Day day(int date, String category, String product, long clicks, long lines) {
    return new Day(
        date,
        category,
        product,
        clicks,
        lines,
        lines,
        BigDecimal.valueOf(20 * lines),
        lines,
        lines);
  }

  private static List<Possible> leaks(int count, Chance chance, Values values) {
    List<Possible> leaks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaks.add(new Possible("leak " + i, "cell", chance, values));
    }
    return leaks;
  }

  @Test
  void withAKnownChanceAndPriceTheIntervalIsTheBinomials() {
    TrailingSales sales = new TrailingSales();
    sales.add(day(1, "c", "p", 1_000_000, 100_000));
    Chance chance = sales.chance("c", 7);

    double[] interval = new LeakDraws().interval(leaks(200, chance, sales.values("p", "c")));

    // Binomial(200, 0.1): 15 to 25 in 80.6%, no eleven others in more; 14 to 24 in 79.5%.
    assertThat(chance.p().doubleValue()).isCloseTo(0.1, within(1e-6));
    assertThat(interval).containsExactly(new double[] {15 * 20, 25 * 20}, within(20.0));
  }

  @Test
  void whereNothingIsLikelyTheIntervalBeginsThereAndStillHoldsFourOfFive() {
    TrailingSales sales = new TrailingSales();
    sales.add(day(1, "c", "p", 1_000_000, 100_000));
    Chance chance = sales.chance("c", 7);

    double[] interval = new LeakDraws().interval(leaks(15, chance, sales.values("p", "c")));

    // Binomial(15, 0.1): none in 20.6%, 2 or fewer in 81.6%. The 90th percentile would be 3.
    assertThat(interval).containsExactly(0, 2 * 20);
  }

  @Test
  void theOrderOfLeaksDoesNotMatter() {
    TrailingSales sales = new TrailingSales();
    sales.add(day(1, "c", "p", 100, 10));
    sales.add(day(1, "c", "q", 50, 3));
    List<Possible> leaks = leaks(50, sales.chance("c", 1), sales.values("x", "c"));
    List<Possible> shuffled = new ArrayList<>(leaks);
    Collections.shuffle(shuffled, new Random(1));

    assertThat(new LeakDraws().interval(shuffled)).containsExactly(new LeakDraws().interval(leaks));
  }

  @Test
  void chancesAndValuesAreThoseOfTheLast28Days() {
    TrailingSales sales = new TrailingSales();
    sales.add(day(1, "c", "p", 1000, 500));
    sales.add(day(2, "c", "p", 99, 9));
    sales.add(day(2, "d", "q", 100, 0));
    sales.forgetFor(29);

    // p_m = (9 + 1/2) / (199 + 1); p = (9 + 100 p_m) / (99 + 100).
    assertThat(sales.chance(null, 7).p()).isEqualByComparingTo("0.0475");
    assertThat(sales.chance("c", 7).p()).isEqualByComparingTo("0.069095477387");
    assertThat(sales.values("q", "c").mean()).isEqualByComparingTo("20");
    assertThat(sales.offers("q", null)).isTrue();
    sales.forgetFor(30);
    assertThat(sales.offers("q", null)).isFalse();
    assertThat(sales.values("p", "c").mean()).isEqualByComparingTo("0");
    assertThat(sales.chance("c", 7).p()).isEqualByComparingTo("0.5");
  }

  /** Worlds whose chances differ, with prices as they are sold: how often the interval is right. */
  @Test
  void theIntervalHoldsTheTotalOfASimulatedWorldInFourOfFiveCases() {
    Random random = new Random(7);
    int held = 0;
    int worlds = 400;
    double[] widths = new double[worlds];
    for (int world = 0; world < worlds; world++) {
      double p = 0.04 + 0.08 * random.nextDouble();
      TrailingSales sales = new TrailingSales();
      double[] prices = new double[30];
      for (int product = 0; product < prices.length; product++) {
        prices[product] = Math.round(Math.exp(2 + random.nextGaussian()) * 100) / 100.0;
        int lines = 0;
        for (int click = 0; click < 40; click++) {
          lines += random.nextDouble() < p ? 1 : 0;
        }
        BigDecimal gmv = BigDecimal.valueOf(prices[product]).multiply(BigDecimal.valueOf(lines));
        sales.add(new Day(1, "c", "p" + product, 40, lines, lines, gmv, lines, lines));
      }
      List<Possible> leaks = new ArrayList<>();
      double truth = 0;
      for (int leak = 0; leak < 150; leak++) {
        int product = random.nextInt(prices.length);
        truth += random.nextDouble() < p ? prices[product] : 0;
        leaks.add(
            new Possible(
                world + " " + leak,
                world + " c",
                sales.chance("c", 7),
                sales.values("p" + product, "c")));
      }
      double[] interval = new LeakDraws().interval(leaks);
      held += interval[0] <= truth + 1e-9 && truth <= interval[1] + 1e-9 ? 1 : 0;
      widths[world] = (interval[1] - interval[0]) / Math.max(1, truth);
    }
    Arrays.sort(widths);

    assertThat(held / (double) worlds)
        .as("median width of an interval is %.2f of the truth", widths[worlds / 2])
        .isBetween(0.70, 0.90);
  }
}
