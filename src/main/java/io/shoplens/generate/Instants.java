package io.shoplens.generate;

import java.time.LocalDate;

/** Instants as text, in the forms that producers of logs use. */
final class Instants {
  static final long DAY = 86_400_000L;

  private final long start;
  private final String[] dates;

  Instants(LocalDate startDate, int days) {
    start = startDate.toEpochDay() * DAY;
    dates = new String[days + 2];
    for (int i = 0; i < dates.length; i++) {
      dates[i] = startDate.plusDays(i - 1L).toString();
    }
  }

  /** The UTC date of a day of the logs, from 0. */
  String date(int day) {
    return dates[day + 1];
  }

  /** A JSON value for the instant: mostly ISO-8601 in UTC, now and then another of its forms. */
  void put(Text out, long at, int form) {
    if (form < 3) {
      out.put(at);
      return;
    }
    out.put('"');
    if (form < 20) {
      int hours = form < 10 ? 7 : -5;
      wall(out, at + hours * 3_600_000L, 'T');
      out.put('.').padded(at % 1000, 3).put(hours > 0 ? "+07:00" : "-05:00");
    } else if (form < 23) {
      wall(out, at, 'T');
      out.put('.').padded(at % 1000, 3).put("123456Z");
    } else if (form < 26) {
      wall(out, at, ' ');
      out.put('.').padded(at % 1000, 3).put('Z');
    } else {
      plain(out, at);
    }
    out.put('"');
  }

  /** The instant that {@link #put} writes of a record of this number, in microseconds. */
  static long micros(long at, long number) {
    int form = form(number);
    return at * 1000 + (form >= 20 && form < 23 ? 123 : 0);
  }

  /** The form in which the instant of a record of this number is written. */
  static int form(long number) {
    return (int) (number >>> 40) % 1000;
  }

  /** ISO-8601 in UTC with milliseconds. */
  void plain(Text out, long at) {
    wall(out, at, 'T');
    out.put('.').padded(at % 1000, 3).put('Z');
  }

  private void wall(Text out, long at, char between) {
    long day = Math.floorDiv(at - start, DAY);
    int second = (int) (Math.floorMod(at - start, DAY) / 1000);
    if (day >= -1 && day + 1 < dates.length) {
      out.put(dates[(int) day + 1]);
    } else {
      out.put(LocalDate.ofEpochDay(Math.floorDiv(at, DAY)).toString());
    }
    out.put(between).padded(second / 3600, 2).put(':').padded(second / 60 % 60, 2).put(':');
    out.padded(second % 60, 2);
  }
}
