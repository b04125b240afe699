package io.shoplens.attribution;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Splits whole units by weight so that the parts always add up. */
final class Allocation {
  /** Products of factors this long together fit a long, with room for the sign. */
  private static final int BITS = 62;

  private Allocation() {}

  /**
   * The parts of an amount in proportion to weights, by largest remainder: each part is its exact
   * share rounded down, and the units left over go one each to the largest remainders, ties to the
   * earlier part. A negative amount is split by its absolute value.
   *
   * @param amount whole units, such as cents
   * @param weights none negative, at least one positive; a weight of zero gets nothing
   */
  static BigInteger[] split(BigInteger amount, BigInteger[] weights) {
    BigInteger total = total(weights);
    BigInteger[] parts =
        total.bitLength() + amount.bitLength() <= BITS
            ? narrow(Math.abs(amount.longValueExact()), weights, total.longValueExact())
            : wide(amount.abs(), weights, total);
    return amount.signum() < 0
        ? Arrays.stream(parts).map(BigInteger::negate).toArray(BigInteger[]::new)
        : parts;
  }

  /**
   * The parts of an amount that follows others of its sign, split by the same weights: the parts of
   * all of them less those of the ones before. They add up to the amount, and whoever splits a
   * whole at once or bit by bit gives each weight the same. A part is less than two units off its
   * exact share; of three parts or more one may have the other sign, by one unit, as a larger
   * amount can leave a share a smaller remainder among the others'.
   *
   * @param before the sum of the amounts before, 0 for none
   */
  static BigInteger[] next(BigInteger before, BigInteger amount, BigInteger[] weights) {
    if (before.signum() == 0) {
      return split(amount, weights);
    }
    BigInteger[] earlier = split(before, weights);
    BigInteger[] parts = split(before.add(amount), weights);
    Arrays.setAll(parts, i -> parts[i].subtract(earlier[i]));
    return parts;
  }

  /** As {@link #wide}, where all products fit a long: nearly always, and many times faster. */
  private static BigInteger[] narrow(long amount, BigInteger[] weights, long total) {
    long[] parts = new long[weights.length];
    long[] remainders = new long[weights.length];
    long left = amount;
    for (int i = 0; i < weights.length; i++) {
      long product = amount * weights[i].longValue();
      parts[i] = product / total;
      remainders[i] = product % total;
      left -= parts[i];
    }
    if (left > 0) {
      for (int i : largestFirst(i -> remainders[i], weights.length, left)) {
        parts[i]++;
      }
    }
    return Arrays.stream(parts).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new);
  }

  private static BigInteger[] wide(BigInteger amount, BigInteger[] weights, BigInteger total) {
    BigInteger[] parts = new BigInteger[weights.length];
    BigInteger[] remainders = new BigInteger[weights.length];
    BigInteger left = amount;
    for (int i = 0; i < weights.length; i++) {
      BigInteger[] share = amount.multiply(weights[i]).divideAndRemainder(total);
      parts[i] = share[0];
      remainders[i] = share[1];
      left = left.subtract(share[0]);
    }
    Comparator<Integer> byRemainder = Comparator.comparing(i -> remainders[i]);
    for (int i : first(byRemainder, weights.length, left.longValueExact())) {
      parts[i] = parts[i].add(BigInteger.ONE);
    }
    return parts;
  }

  private static BigInteger total(BigInteger[] weights) {
    BigInteger total = BigInteger.ZERO;
    for (BigInteger weight : weights) {
      if (weight.signum() < 0) {
        throw new IllegalArgumentException("a weight is negative: " + Arrays.toString(weights));
      }
      total = total.add(weight);
    }
    if (total.signum() == 0) {
      throw new IllegalArgumentException("no weight is positive: " + Arrays.toString(weights));
    }
    return total;
  }

  private static int[] largestFirst(ToLongFunction<Integer> remainder, int length, long count) {
    return first(Comparator.comparingLong(remainder), length, count);
  }

  private static int[] first(Comparator<Integer> largestLast, int length, long count) {
    return IntStream.range(0, length)
        .boxed()
        .sorted(largestLast.reversed())
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
