package io.shoplens.attribution;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Splits whole units by weight so that the parts always add up. */
final class Allocation {
  private Allocation() {}

  /**
   * The parts of an amount in proportion to weights, by largest remainder: each part is its exact
   * share rounded down, and the units left over go one each to the largest remainders, ties to the
   * earlier part. A negative amount is split by its absolute value.
   *
   * @param amount whole units, such as cents
   * @param weights none negative, at least one positive; a weight of zero gets nothing
   */
  static BigInteger[] split(BigInteger amount, long[] weights) {
    BigInteger total = total(weights);
    BigInteger[] parts = new BigInteger[weights.length];
    BigInteger[] remainders = new BigInteger[weights.length];
    BigInteger left = amount.abs();
    for (int i = 0; i < weights.length; i++) {
      BigInteger[] share =
          amount.abs().multiply(BigInteger.valueOf(weights[i])).divideAndRemainder(total);
      parts[i] = share[0];
      remainders[i] = share[1];
      left = left.subtract(share[0]);
    }
    for (int i : largestFirst(remainders, left.intValueExact())) {
      parts[i] = parts[i].add(BigInteger.ONE);
    }
    return amount.signum() < 0
        ? Arrays.stream(parts).map(BigInteger::negate).toArray(BigInteger[]::new)
        : parts;
  }

  private static BigInteger total(long[] weights) {
    BigInteger total = BigInteger.ZERO;
    for (long weight : weights) {
      if (weight < 0) {
        throw new IllegalArgumentException("a weight is negative: " + Arrays.toString(weights));
      }
      total = total.add(BigInteger.valueOf(weight));
    }
    if (total.signum() == 0) {
      throw new IllegalArgumentException("no weight is positive: " + Arrays.toString(weights));
    }
    return total;
  }

  private static int[] largestFirst(BigInteger[] remainders, int count) {
    return IntStream.range(0, remainders.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> remainders[i]).reversed())
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
