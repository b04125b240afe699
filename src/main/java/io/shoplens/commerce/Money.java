package io.shoplens.commerce;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.stream.IntStream;

/** Exact amounts in the minor units of ISO 4217 currencies. Rounding is half up, once. */
public final class Money {
  private Money() {}

  /** Decimal digits of the currency's minor unit: USD 2, JPY 0, KWD 3. */
  public static int digits(String currency) {
    return Currency.getInstance(currency).getDefaultFractionDigits();
  }

  /** The amount at the currency's minor unit, rounded half up. */
  public static BigDecimal rounded(BigDecimal amount, String currency) {
    return amount.setScale(digits(currency), RoundingMode.HALF_UP);
  }

  /** The amount at the currency's minor unit, and zero for one that is absent. */
  static BigDecimal orZero(BigDecimal amount, String currency) {
    return rounded(amount == null ? BigDecimal.ZERO : amount, currency);
  }

  /** {@code quantity * unitPrice}, rounded once, half up, to the currency's minor unit. */
  public static BigDecimal lineValue(long quantity, BigDecimal unitPrice, String currency) {
    return rounded(unitPrice.multiply(BigDecimal.valueOf(quantity)), currency);
  }

  /**
   * Splits an amount by weights in minor units, by largest remainder, ties to the earlier part. The
   * parts add up to the amount. Weights that are all zero split it equally.
   *
   * @param amount not negative, at the currency's minor unit
   * @param weights not negative, one per part
   */
  public static List<BigDecimal> split(BigDecimal amount, List<BigDecimal> weights, int digits) {
    BigInteger total = amount.setScale(digits, RoundingMode.UNNECESSARY).unscaledValue();
    int scale = weights.stream().mapToInt(BigDecimal::scale).max().orElse(0);
    List<BigInteger> shares =
        weights.stream().map(weight -> weight.setScale(scale).unscaledValue()).toList();
    BigInteger sum = shares.stream().reduce(BigInteger.ZERO, BigInteger::add);
    if (sum.signum() == 0) {
      shares = weights.stream().map(weight -> BigInteger.ONE).toList();
      sum = BigInteger.valueOf(weights.size());
    }
    List<BigInteger> parts = new ArrayList<>(shares.size());
    List<BigInteger> remainders = new ArrayList<>(shares.size());
    BigInteger left = total;
    for (BigInteger share : shares) {
      BigInteger[] division = total.multiply(share).divideAndRemainder(sum);
      parts.add(division[0]);
      remainders.add(division[1]);
      left = left.subtract(division[0]);
    }
    IntStream.range(0, parts.size())
        .boxed()
        .sorted(Comparator.comparing(remainders::get).reversed())
        .limit(left.longValueExact())
        .forEach(part -> parts.set(part, parts.get(part).add(BigInteger.ONE)));
    return parts.stream().map(part -> new BigDecimal(part, digits)).toList();
  }
}
