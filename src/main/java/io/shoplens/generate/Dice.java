package io.shoplens.generate;

/**
 * A small generator of random numbers whose sequence is fixed for all time by its seed, and a
 * bijective mixing function for identifiers.
 */
final class Dice {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private long state;

  Dice(long seed, long number) {
    state = mix(seed ^ mix(number + STEP));
  }

  /** A permutation of all 64-bit numbers: distinct inputs have distinct results. */
  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number in {@code [0, bound)} that follows from the value alone. */
  static int pick(long value, int bound) {
    return (int) ((mix(value + STEP) >>> 1) % bound);
  }

  long next() {
    state += STEP;
    return mix(state);
  }

  /** A number in {@code [0, 1)}. */
  double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** A number in {@code [0, bound)}. */
  int below(int bound) {
    return (int) ((next() >>> 1) % bound);
  }

  /** A number in {@code [0, bound)}. */
  long below(long bound) {
    return (next() >>> 1) % bound;
  }

  boolean chance(double probability) {
    return unit() < probability;
  }

  /** Exponentially distributed with the given mean. */
  double exponential(double mean) {
    return -mean * StrictMath.log(1 - unit());
  }

  int poisson(double mean) {
    double limit = StrictMath.exp(-mean);
    double product = unit();
    int count = 0;
    while (product > limit && count < 500) {
      product *= unit();
      count++;
    }
    return count;
  }

  /** A rank in {@code [0, count)}: low ranks are as frequent as Zipf's law with exponent 1 says. */
  int zipf(int count) {
    return Math.min(count - 1, (int) StrictMath.pow(count + 1.0, unit()) - 1);
  }

  /** An index with a frequency in proportion to its weight. */
  int weighted(double... weights) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double left = unit() * total;
    for (int i = 0; i < weights.length - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  String of(String... values) {
    return values[below(values.length)];
  }
}
