package io.shoplens.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Locale;

/** Figures as people read them. */
final class Words {
  private static final int SHOWN = 60;

  private Words() {}

  /** {@code 1,234,567}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 1 file}, {@code 2 files}. */
  static String count(long value, String what) {
    return count(value) + " " + what + (value == 1 ? "" : "s");
  }

  /** {@code 4.2 s}, {@code 3 min 07 s}. */
  static String seconds(double value) {
    if (value < 60) {
      return String.format(Locale.ROOT, "%.1f s", value);
    }
    long whole = Math.round(value);
    return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
  }

  /** An amount with its currency's digits: {@code 1,234.50}. */
  static String amount(BigDecimal value, String currency) {
    int digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  /** A share of a whole: {@code 12.3%}; a dash where the whole is zero or unknown. */
  static String share(BigDecimal part, BigDecimal whole) {
    if (part == null || whole == null || whole.signum() == 0) {
      return "-";
    }
    return percent(part.divide(whole, 6, RoundingMode.HALF_UP));
  }

  /** {@code 12.3%} for 0.123. */
  static String percent(BigDecimal rate) {
    if (rate == null) {
      return "-";
    }
    return rate.movePointRight(2).setScale(1, RoundingMode.HALF_UP).toPlainString() + "%";
  }

  /** Text cut to what fits into a table. */
  static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN - 3)) + "...";
  }

  /** The name of a choice as configurations write it. */
  static String lower(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
