package io.shoplens.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.stream.IntStream;

/** Rounding and splitting of amounts. */
final class Money {
  private Money() {}

  static int digits(String currency) {
    return Currency.getInstance(currency).getDefaultFractionDigits();
  }

  /** Half up. */
  static BigDecimal rounded(BigDecimal amount, int digits) {
    return amount.setScale(digits, RoundingMode.HALF_UP);
  }

  /**
   * Splits an amount in the proportions of the weights, in minor units, by largest remainder; ties
   * go to the earlier part. With no weight above 0 all weigh the same.
   */
  static List<BigDecimal> split(BigDecimal amount, List<BigDecimal> weights, int digits) {
    BigDecimal total = sum(weights);
    if (total.signum() == 0) {
      return split(amount, weights.stream().map(w -> BigDecimal.ONE).toList(), digits);
    }
    // Weights as whole numbers, so that quotients and remainders are exact.
    int scale = weights.stream().mapToInt(BigDecimal::scale).max().orElse(0);
    BigInteger whole = total.setScale(scale).unscaledValue();
    BigInteger units = amount.setScale(digits).unscaledValue();
    List<BigInteger> parts = new ArrayList<>();
    List<BigInteger> remainders = new ArrayList<>();
    BigInteger left = units;
    for (BigDecimal weight : weights) {
      BigInteger[] quotient =
          units.multiply(weight.setScale(scale).unscaledValue()).divideAndRemainder(whole);
      parts.add(quotient[0]);
      remainders.add(quotient[1]);
      left = left.subtract(quotient[0]);
    }
    List<Integer> byRemainder =
        IntStream.range(0, weights.size())
            .boxed()
            .sorted(Comparator.comparing(remainders::get, Comparator.reverseOrder()))
            .toList();
    for (int i = 0; i < left.intValueExact(); i++) {
      int part = byRemainder.get(i);
      parts.set(part, parts.get(part).add(BigInteger.ONE));
    }
    return parts.stream().map(part -> new BigDecimal(part, digits)).toList();
  }

  static BigDecimal sum(List<BigDecimal> amounts) {
    return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
