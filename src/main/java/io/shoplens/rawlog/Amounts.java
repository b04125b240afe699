package io.shoplens.rawlog;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** Amounts as exact decimals: read from text, never through a double, never rounded. */
final class Amounts {
  static final DataType CHECKED_DECIMAL = DataType.fromDDL("struct<fault:int,value:decimal(24,6)>");

  /** Digits before the point at most. */
  private static final int WHOLE_DIGITS = 18;

  /** A longer number is out of range unread: reading one takes the square of its digits. */
  private static final int MOST_CHARACTERS = 1000;

  private static final ConcurrentHashMap<String, Integer> DIGITS = new ConcurrentHashMap<>();

  private Amounts() {}

  /** Digits of a currency's minor unit, or -1 where it is not in ISO 4217 or has none. */
  static int minorDigits(String currency) {
    Integer known = DIGITS.get(currency);
    if (known != null) {
      return known;
    }
    int digits;
    try {
      digits = Currency.getInstance(currency).getDefaultFractionDigits();
    } catch (IllegalArgumentException e) {
      return -1;
    }
    DIGITS.put(currency, digits);
    return digits;
  }

  /** The value of a JSON number, or of a string that holds one; NULL where it is neither. */
  static BigDecimal parsed(String text) {
    int n = text.length();
    int p = 0;
    if (p < n && text.charAt(p) == '-') {
      p++;
    }
    int from = p;
    p = digits(text, p);
    if (p == from) {
      return null;
    }
    if (p < n && text.charAt(p) == '.') {
      from = ++p;
      p = digits(text, p);
      if (p == from) {
        return null;
      }
    }
    if (p < n && (text.charAt(p) == 'e' || text.charAt(p) == 'E')) {
      p++;
      if (p < n && (text.charAt(p) == '+' || text.charAt(p) == '-')) {
        p++;
      }
      from = p;
      p = digits(text, p);
      if (p == from) {
        return null;
      }
      if (p - from > 6) {
        // Zero, or far past any limit in either direction; the digits decide as ever.
        return text.charAt(from - 1) == '-'
            ? BigDecimal.ONE.scaleByPowerOfTen(-999_999)
            : BigDecimal.ONE.scaleByPowerOfTen(999_999);
      }
    }
    if (p < n) {
      return null;
    }
    return n > MOST_CHARACTERS ? BigDecimal.ONE.scaleByPowerOfTen(999_999) : new BigDecimal(text);
  }

  private static int digits(String text, int from) {
    int p = from;
    while (p < text.length() && text.charAt(p) >= '0' && text.charAt(p) <= '9') {
      p++;
    }
    return p;
  }

  /**
   * What is wrong with an amount: its code, or -1.
   *
   * @param decimals digits behind the point at most, trailing zeros aside
   */
  static int fault(BigDecimal value, int decimals) {
    if (value.signum() < 0) {
      return Codes.OUT_OF_RANGE;
    }
    return sizeFault(value, decimals);
  }

  /** As {@link #fault}, for amounts that may be negative. */
  static int sizeFault(BigDecimal value, int decimals) {
    if (value.signum() == 0) {
      return -1;
    }
    if ((long) value.precision() - value.scale() > WHOLE_DIGITS) {
      return Codes.OUT_OF_RANGE;
    }
    if (value.scale() > decimals) {
      int scale = value.scale();
      if (scale > 1000 || value.stripTrailingZeros().scale() > decimals) {
        return Codes.TOO_MANY_DIGITS;
      }
    }
    return -1;
  }

  /** As a value of Spark, with this many decimals; the value must fit. */
  static Decimal decimal(BigDecimal value, int precision, int scale) {
    return Decimal.apply(
        value.signum() == 0 ? BigDecimal.ZERO.setScale(scale) : value.setScale(scale),
        precision,
        scale);
  }

  static InternalRow checked(UTF8String text, int decimals) {
    if (text == null) {
      return new GenericInternalRow(new Object[] {null, null});
    }
    BigDecimal value = parsed(text.toString());
    int fault = value == null ? Codes.WRONG_TYPE : fault(value, decimals);
    return fault >= 0
        ? new GenericInternalRow(new Object[] {fault, null})
        : new GenericInternalRow(new Object[] {null, decimal(value, 24, 6)});
  }
}
