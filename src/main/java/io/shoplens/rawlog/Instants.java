package io.shoplens.rawlog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Instants as the contract has them: an ISO-8601 date and time with {@code T} or a space between,
 * to the minute, or to the second with up to nine digits of fraction (cut to microseconds), with
 * {@code Z} or an offset {@code +hh:mm}, {@code +hhmm} or {@code +hh}, or in the feed's zone; or a
 * number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size: as
 * each of them, but nanoseconds, they reach the year 5138. A local time that a zone has twice is
 * the earlier one; one that it skips is moved on by the gap.
 */
final class Instants {
  /** Before the text of a JSON number that is no plain integer; no text in UTF-8 holds it. */
  static final byte NUMBER_MARK = (byte) 0xFF;

  /** A number as JSON and SQL write it. */
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");

  private static final int LONGEST_NUMBER = 60;

  /** Not an instant. */
  static final long BAD = Long.MIN_VALUE + 1;

  /** No zone in the text, and none in the feed. */
  static final long NO_ZONE = Long.MIN_VALUE + 2;

  /** An empty text. */
  static final long EMPTY = Long.MIN_VALUE + 3;

  /** The largest of the marks; instants are above it. */
  static final long LAST_MARK = EMPTY;

  /** NULL. */
  static final long ABSENT = Long.MIN_VALUE;

  /** Length of {@code 2026-01-01T10:00}. */
  private static final int TO_MINUTE = 16;

  /** Length of {@code 2026-01-01T10:00:00}. */
  private static final int TO_SECOND = 19;

  private static final long DAY_MICROS = 86_400_000_000L;
  private static final ConcurrentHashMap<UTF8String, ZoneId> ZONES = new ConcurrentHashMap<>();

  private Instants() {}

  /** Microseconds since 1970 of a text, or {@link #BAD}, {@link #NO_ZONE} or {@link #ABSENT}. */
  static long micros(UTF8String text, UTF8String zone) {
    if (text == null) {
      return ABSENT;
    }
    int n = text.numBytes();
    if (n == 0) {
      return EMPTY;
    }
    if (n < TO_MINUTE || text.getByte(4) != '-') {
      return number(text, n);
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 2);
    int day = digits(text, 8, 2);
    int hour = digits(text, 11, 2);
    int minute = digits(text, 14, 2);
    boolean hasSecond = n >= TO_SECOND && text.getByte(TO_MINUTE) == ':';
    int second = hasSecond ? digits(text, TO_MINUTE + 1, 2) : 0;
    byte separator = text.getByte(10);
    if ((year | month | day | hour | minute | second) < 0
        || text.getByte(7) != '-'
        || (separator != 'T' && separator != ' ')
        || text.getByte(13) != ':'
        || year < 1
        || month < 1
        || month > 12
        || day < 1
        || day > daysIn(year, month)
        || hour > 23
        || minute > 59
        || second > 59) {
      return BAD;
    }
    int p = hasSecond ? TO_SECOND : TO_MINUTE;
    int fraction = 0;
    if (hasSecond && p < n && text.getByte(p) == '.') {
      int from = ++p;
      while (p < n && text.getByte(p) >= '0' && text.getByte(p) <= '9') {
        if (p - from < 6) {
          fraction = fraction * 10 + text.getByte(p) - '0';
        }
        p++;
      }
      int count = p - from;
      if (count == 0 || count > 9) {
        return BAD;
      }
      for (int i = count; i < 6; i++) {
        fraction *= 10;
      }
    }
    long local =
        days(year, month, day) * DAY_MICROS
            + (hour * 3600L + minute * 60L + second) * 1_000_000L
            + fraction;
    if (p == n) {
      if (zone == null) {
        return NO_ZONE;
      }
      return inZone(zone, year, month, day, hour, minute, second, fraction);
    }
    byte sign = text.getByte(p);
    if (sign == 'Z' && p + 1 == n) {
      return local;
    }
    int length = n - p;
    boolean hasColon = length == 6 && text.getByte(p + 3) == ':';
    if ((sign != '+' && sign != '-') || (length != 3 && length != 5 && !hasColon)) {
      return BAD;
    }
    int offsetHours = digits(text, p + 1, 2);
    int offsetMinutes = length == 3 ? 0 : digits(text, n - 2, 2);
    if (offsetHours < 0
        || offsetMinutes < 0
        || offsetMinutes > 59
        || offsetHours * 60 + offsetMinutes > 18 * 60) {
      return BAD;
    }
    long offset = (offsetHours * 60L + offsetMinutes) * 60_000_000L;
    return sign == '+' ? local - offset : local + offset;
  }

  /** As {@link #micros}, and numbers of epoch units in text too: formats that have no numbers. */
  static long looseMicros(UTF8String text, UTF8String zone) {
    long micros = micros(text, zone);
    return micros == BAD
            && text.numBytes() <= LONGEST_NUMBER
            && NUMBER.matcher(text.toString()).matches()
        ? epoch(text.toString())
        : micros;
  }

  private static long inZone(
      UTF8String zone,
      int year,
      int month,
      int day,
      int hour,
      int minute,
      int second,
      int fraction) {
    ZoneId id = ZONES.get(zone);
    if (id == null) {
      id = ZoneId.of(zone.toString());
      ZONES.put(zone.copy(), id);
    }
    Instant instant =
        LocalDateTime.of(year, month, day, hour, minute, second).atZone(id).toInstant();
    return instant.getEpochSecond() * 1_000_000L + fraction;
  }

  private static long number(UTF8String text, int n) {
    if (n > 0 && n <= 19) {
      long value = 0;
      int p = 0;
      while (p < n && text.getByte(p) >= '0' && text.getByte(p) <= '9') {
        value = value * 10 + text.getByte(p) - '0';
        p++;
      }
      // What does not fit is negative here.
      if (p == n && value >= 0) {
        if (value < 100_000_000_000L) {
          return value * 1_000_000L;
        }
        if (value < 100_000_000_000_000L) {
          return value * 1_000L;
        }
        return value < 100_000_000_000_000_000L ? value : value / 1_000L;
      }
    }
    if (n > 1 && n <= LONGEST_NUMBER && text.getByte(0) == NUMBER_MARK) {
      return epoch(text.toString().substring(1));
    }
    return BAD;
  }

  private static long epoch(String number) {
    try {
      BigDecimal value = new BigDecimal(number);
      if (value.precision() - value.scale() > 19 || value.scale() > 60) {
        return BAD;
      }
      BigDecimal size = value.abs();
      if (size.compareTo(new BigDecimal("1e17")) >= 0) {
        return Math.floorDiv(value.setScale(0, RoundingMode.FLOOR).longValueExact(), 1_000L);
      }
      int shift =
          size.compareTo(new BigDecimal("1e11")) < 0
              ? 6
              : size.compareTo(new BigDecimal("1e14")) < 0 ? 3 : 0;
      return value.movePointRight(shift).setScale(0, RoundingMode.FLOOR).longValueExact();
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      return BAD;
    }
  }

  private static int digits(UTF8String text, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      int digit = text.getByte(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static int daysIn(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /** Days since 1970 of a date of the proleptic Gregorian calendar. */
  private static long days(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(y, 400);
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097L + dayOfEra - 719468;
  }
}
