package io.shoplens.attribution;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * Weights that halve every 7 days: 2^(-age / 7 days), rounded half even to 12 decimals. The digits
 * are those of the exact power: floating point only finds them where it leaves no doubt.
 */
final class Decay {
  private static final long HALF_LIFE = CreditRows.micros(Duration.ofDays(7));
  private static final double UNIT = 1e12;

  /** Far more than the error of a power in units of the last digit, far less than a digit. */
  private static final double DOUBT = 1e-2;

  private static final MathContext DIGITS = new MathContext(40);

  /** The last is below 10^-50 of the first, as x is below ln 2. */
  private static final int TERMS = 40;

  private static final BigDecimal LN_2 =
      new BigDecimal("0.6931471805599453094172321214581765680755");

  private Decay() {}

  /**
   * The weight in units of 10^-12.
   *
   * @param age microseconds before the last touch, not negative
   */
  static BigInteger weight(long age) {
    double estimate = StrictMath.pow(2, -(double) age / HALF_LIFE) * UNIT;
    double fraction = estimate - Math.floor(estimate);
    return Math.abs(fraction - 0.5) > DOUBT
        ? BigInteger.valueOf(Math.round(estimate))
        : exactly(age);
  }

  /** By whole half-lives and the series of e^-x for the rest. */
  static BigInteger exactly(long age) {
    BigDecimal x =
        BigDecimal.valueOf(age % HALF_LIFE)
            .multiply(LN_2)
            .divide(BigDecimal.valueOf(HALF_LIFE), DIGITS)
            .negate();
    BigDecimal power = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int n = 1; n <= TERMS; n++) {
      term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
      power = power.add(term, DIGITS);
    }
    BigDecimal halved = new BigDecimal(BigInteger.TWO.pow(Math.toIntExact(age / HALF_LIFE)));
    return power
        .divide(halved, DIGITS)
        .movePointRight(12)
        .setScale(0, RoundingMode.HALF_EVEN)
        .toBigIntegerExact();
  }
}
