package io.shoplens.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fields of one JSON object, read by the contract's rules; a JSON null is an absent field. */
final class Fields {
  private static final Pattern ISO_INSTANT =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)"
              + "(Z|[+-]\\d{2}(?::?\\d{2})?)?");
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Pattern DECIMAL = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d{1,3})?");

  private final JsonNode object;
  private final String path;

  Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  String name(String field) {
    return path + field;
  }

  /** The value of a field, or null where it is absent or a JSON null. */
  JsonNode value(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  String text(String field) throws Refused {
    JsonNode value = value(field);
    if (value != null && !value.isTextual()) {
      throw new Refused("wrong_type", name(field));
    }
    return value == null ? null : value.textValue();
  }

  /** An empty required string is a missing one. */
  String requiredText(String field) throws Refused {
    String text = text(field);
    if (text == null || text.isEmpty()) {
      throw new Refused("missing_field", name(field));
    }
    return text;
  }

  /**
   * An instant in microseconds: ISO-8601 with a zone, or epoch seconds, milli-, micro- or
   * nanoseconds.
   */
  Instant instant(String field) throws Refused {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    try {
      if (value.isNumber()) {
        return epoch(value.decimalValue());
      }
      if (!value.isTextual()) {
        throw new Refused("wrong_type", name(field));
      }
      String text = value.textValue();
      if (DIGITS.matcher(text).matches()) {
        return epoch(new BigDecimal(text));
      }
      Matcher iso = ISO_INSTANT.matcher(text);
      if (!iso.matches()) {
        throw new Refused("bad_timestamp", name(field));
      }
      LocalDateTime local = LocalDateTime.parse(iso.group(1) + "T" + iso.group(2));
      if (iso.group(3) == null) {
        throw new Refused("no_zone", name(field));
      }
      return local.toInstant(ZoneOffset.of(iso.group(3))).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException | ArithmeticException e) {
      throw new Refused("bad_timestamp", name(field));
    }
  }

  private static Instant epoch(BigDecimal number) {
    if (number.compareTo(new BigDecimal("1e17")) >= 0) {
      return Instant.ofEpochSecond(0, number.setScale(0, RoundingMode.FLOOR).longValueExact())
          .truncatedTo(ChronoUnit.MICROS);
    }
    BigDecimal micros =
        number.compareTo(new BigDecimal("1e11")) < 0
            ? number.movePointRight(6)
            : number.compareTo(new BigDecimal("1e14")) < 0 ? number.movePointRight(3) : number;
    return Instant.EPOCH.plus(
        micros.setScale(0, RoundingMode.FLOOR).longValueExact(), ChronoUnit.MICROS);
  }

  /** As {@link #signedAmount}, of at least 0. */
  BigDecimal amount(String field, int decimals) throws Refused {
    BigDecimal number = number(field);
    if (number != null && number.signum() < 0) {
      throw new Refused("out_of_range", name(field));
    }
    return signedAmount(field, decimals);
  }

  /**
   * An exact decimal with at most so many decimals, trailing zeros aside, and 18 digits before the
   * point; a JSON number or a string.
   */
  BigDecimal signedAmount(String field, int decimals) throws Refused {
    BigDecimal number = number(field);
    if (number == null) {
      return null;
    }
    number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    if (number.precision() - number.scale() > 18) {
      throw new Refused("out_of_range", name(field));
    }
    if (number.scale() > decimals) {
      throw new Refused("too_many_digits", name(field));
    }
    return number;
  }

  private BigDecimal number(String field) throws Refused {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isTextual() && DECIMAL.matcher(value.textValue()).matches()) {
      return new BigDecimal(value.textValue());
    }
    throw new Refused("wrong_type", name(field));
  }

  BigDecimal requiredAmount(String field, int decimals) throws Refused {
    BigDecimal amount = amount(field, decimals);
    if (amount == null) {
      throw new Refused("missing_field", name(field));
    }
    return amount;
  }

  /** A whole number of units above 0, of at most 15 digits. */
  long quantity(String field) throws Refused {
    BigDecimal number = number(field);
    if (number == null) {
      throw new Refused("missing_field", name(field));
    }
    if (number.signum() <= 0 || number.precision() - number.scale() > 15) {
      throw new Refused("out_of_range", name(field));
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw new Refused("wrong_type", name(field));
    }
    return number.longValueExact();
  }
}
