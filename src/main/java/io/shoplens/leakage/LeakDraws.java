package io.shoplens.leakage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * Draws of the total that leaks were worth: p from its Beta distribution once per category and
 * draw, a purchase or none per leak, and a value as they were sold.
 *
 * <p>Every leak and category has seeds of its own, so a leak is the same purchase in the same draw
 * at every level that it counts in, and the figures do not depend on the order of rows. All
 * arithmetic is Java's strict one: equal on every machine.
 */
final class LeakDraws {
  static final int DRAWS = 2_000;

  /** Four of five draws. */
  private static final int HELD = DRAWS * 4 / 5;

  /**
   * A leak that may have been a purchase.
   *
   * @param id what its seed is of
   * @param cell what its chance's seed is of
   */
  record Possible(
      String id, String cell, TrailingSales.Chance chance, TrailingSales.Values values) {}

  private final Map<String, double[]> chances = new HashMap<>();
  private final double[] totals = new double[DRAWS];

  /**
   * The shortest interval that holds four of five draws of the total over leaks; of several the
   * lowest.
   *
   * <p>Few leaks are most likely worth nothing. Between the 10th and the 90th percentile their
   * interval would begin at nothing and hold nine of ten draws or more, not the four it is said to.
   */
  double[] interval(List<Possible> leaks) {
    Arrays.fill(totals, 0);
    for (Possible leak : leaks) {
      double[] p = chances.computeIfAbsent(leak.cell(), cell -> chances(cell, leak.chance()));
      SplittableRandom random = new SplittableRandom(seed(leak.id()));
      for (int i = 0; i < DRAWS; i++) {
        if (random.nextDouble() < p[i]) {
          totals[i] += leak.values().draw(random);
        }
      }
    }
    Arrays.sort(totals);
    return shortest(totals);
  }

  private static double[] shortest(double[] sorted) {
    int from = 0;
    for (int i = 1; i + HELD <= sorted.length; i++) {
      if (sorted[i + HELD - 1] - sorted[i] < sorted[from + HELD - 1] - sorted[from]) {
        from = i;
      }
    }
    return new double[] {sorted[from], sorted[from + HELD - 1]};
  }

  private static double[] chances(String cell, TrailingSales.Chance chance) {
    SplittableRandom random = new SplittableRandom(seed(cell));
    double[] p = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      double one = gamma(chance.alpha(), random);
      double other = gamma(chance.beta(), random);
      p[i] = one + other > 0 ? one / (one + other) : 0;
    }
    return p;
  }

  private static long seed(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (crc.getValue() << 32) ^ Arrays.hashCode(bytes);
  }

  /** A Gamma draw of scale 1. Source: Marsaglia and Tsang 2000. */
  private static double gamma(double shape, SplittableRandom random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * StrictMath.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / (3 * Math.sqrt(d));
    while (true) {
      double x = normal(random);
      double v = 1 + c * x;
      if (v <= 0) {
        continue;
      }
      double cubed = v * v * v;
      double u = 1 - random.nextDouble();
      if (StrictMath.log(u) < 0.5 * x * x + d * (1 - cubed + StrictMath.log(cubed))) {
        return d * cubed;
      }
    }
  }

  /** A standard normal draw. Source: Box and Muller 1958. */
  private static double normal(SplittableRandom random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
