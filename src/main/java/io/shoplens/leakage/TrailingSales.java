package io.shoplens.leakage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/**
 * What a market's in-app shop sold, and what clicks led to, in the {@value #DAYS} days up to a
 * date: the probability that a leaked click would have been a purchase, and its value. Source:
 * definitions, section 6, Leaked GMV.
 *
 * <p>Held at a time: a market's products that were clicked or sold, by day, of {@value #DAYS} days.
 */
final class TrailingSales {
  static final int DAYS = 28;

  /** Clicks that the market's rate weighs in a category's. */
  private static final long PRIOR_CLICKS = 100;

  private static final int DIGITS_OF_P = 12;
  private static final int DIGITS_OF_VALUE = 6;
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** What one product came to on one date; the days of the epoch. */
  record Day(
      int date,
      String category,
      String product,
      long clicks,
      long lines,
      long units,
      BigDecimal gmv,
      long linesAfterClick1,
      long linesAfterClick7) {}

  /** Sums over days, and the days themselves, which values are drawn from. */
  private static final class Sums {
    private final Deque<Day> days = new ArrayDeque<>();
    private long clicks;
    private long lines;
    private long units;
    private long after1;
    private long after7;
    private BigDecimal gmv = BigDecimal.ZERO;
    private Values values;

    void add(Day day) {
      days.addLast(day);
      count(day, 1);
      gmv = gmv.add(day.gmv());
    }

    void removeOldest() {
      Day day = days.removeFirst();
      count(day, -1);
      gmv = gmv.subtract(day.gmv());
    }

    private void count(Day day, int sign) {
      clicks += sign * day.clicks();
      lines += sign * day.lines();
      units += sign * day.units();
      after1 += sign * day.linesAfterClick1();
      after7 += sign * day.linesAfterClick7();
      values = null;
    }

    /** c: at most n, for several lines may follow one click. */
    long converted(int window) {
      return Math.min(clicks, window == 1 ? after1 : after7);
    }

    Values valuesBy(ToLongFunction<Day> weight, long total) {
      if (values == null) {
        values = Values.of(days, weight, gmv, total);
      }
      return values;
    }
  }

  /** The mean of what was paid, and the means of each day and product to draw from. */
  static final class Values {
    private static final Values NONE = new Values(BigDecimal.ZERO, new long[0], new double[0]);

    private final BigDecimal mean;
    private final long[] upTo;
    private final double[] each;

    private Values(BigDecimal mean, long[] upTo, double[] each) {
      this.mean = mean;
      this.upTo = upTo;
      this.each = each;
    }

    private static Values of(
        Deque<Day> days, ToLongFunction<Day> weight, BigDecimal gmv, long total) {
      long[] upTo = new long[days.size()];
      double[] each = new double[days.size()];
      int size = 0;
      long sum = 0;
      for (Day day : days) {
        long weighs = weight.applyAsLong(day);
        if (weighs > 0) {
          sum += weighs;
          upTo[size] = sum;
          each[size++] = day.gmv().doubleValue() / weighs;
        }
      }
      BigDecimal mean =
          gmv.divide(BigDecimal.valueOf(total), DIGITS_OF_VALUE, RoundingMode.HALF_UP);
      return new Values(mean, Arrays.copyOf(upTo, size), Arrays.copyOf(each, size));
    }

    /** To 6 digits. */
    BigDecimal mean() {
      return mean;
    }

    /** One day's and product's mean, as often as it was sold. */
    double draw(SplittableRandom random) {
      if (upTo.length == 0) {
        return 0;
      }
      long at = random.nextLong(upTo[upTo.length - 1]) + 1;
      int found = Arrays.binarySearch(upTo, at);
      return each[found < 0 ? -found - 1 : found];
    }
  }

  /**
   * The chance that a click would have been a purchase.
   *
   * @param p to 12 digits
   * @param alpha first parameter of p's Beta distribution
   * @param beta its second parameter
   */
  record Chance(BigDecimal p, double alpha, double beta) {}

  private final Map<String, Sums> categories = new HashMap<>();
  private final Map<String, Sums> products = new HashMap<>();
  private final Sums market = new Sums();

  /** Takes in what a product came to on a date; dates come in order. */
  void add(Day day) {
    market.add(day);
    if (day.category() != null) {
      categories.computeIfAbsent(day.category(), key -> new Sums()).add(day);
    }
    if (day.product() != null) {
      products.computeIfAbsent(day.product(), key -> new Sums()).add(day);
    }
  }

  /** Forgets what is out of reach of a date. */
  void forgetFor(int date) {
    while (!market.days.isEmpty() && market.days.peekFirst().date() <= date - DAYS) {
      Day day = market.days.peekFirst();
      market.removeOldest();
      removeOldest(categories, day.category());
      removeOldest(products, day.product());
    }
  }

  private static void removeOldest(Map<String, Sums> sums, String key) {
    if (key != null) {
      Sums of = sums.get(key);
      of.removeOldest();
      if (of.days.isEmpty()) {
        sums.remove(key);
      }
    }
  }

  /** Whether the shop had a click on, or a sale of, the product or the category. */
  boolean offers(String product, String category) {
    return product != null && products.containsKey(product)
        || category != null && categories.containsKey(category);
  }

  /** p_m, or for a category p; of a window of so many days. */
  Chance chance(String category, int window) {
    long n = market.clicks;
    long c = market.converted(window);
    BigDecimal marketP =
        BigDecimal.valueOf(c)
            .add(HALF)
            .divide(BigDecimal.valueOf(n + 1), DIGITS_OF_P, RoundingMode.HALF_UP);
    if (category == null) {
      return new Chance(marketP, c + 0.5, n - c + 0.5);
    }
    Sums of = categories.get(category);
    long clicks = of == null ? 0 : of.clicks;
    BigDecimal alpha =
        BigDecimal.valueOf(of == null ? 0 : of.converted(window))
            .add(BigDecimal.valueOf(PRIOR_CLICKS).multiply(marketP));
    BigDecimal all = BigDecimal.valueOf(clicks + PRIOR_CLICKS);
    return new Chance(
        alpha.divide(all, DIGITS_OF_P, RoundingMode.HALF_UP),
        alpha.doubleValue(),
        all.subtract(alpha).doubleValue());
  }

  /** The product's price, else the category's line, else the market's. */
  Values values(String product, String category) {
    Sums ofProduct = product == null ? null : products.get(product);
    if (ofProduct != null && ofProduct.units > 0) {
      return ofProduct.valuesBy(Day::units, ofProduct.units);
    }
    Sums ofCategory = category == null ? null : categories.get(category);
    if (ofCategory != null && ofCategory.lines > 0) {
      return ofCategory.valuesBy(Day::lines, ofCategory.lines);
    }
    return market.lines > 0 ? market.valuesBy(Day::lines, market.lines) : Values.NONE;
  }
}
