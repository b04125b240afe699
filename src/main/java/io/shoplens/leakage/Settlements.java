package io.shoplens.leakage;

import static io.shoplens.leakage.LeakOpenings.AT;
import static io.shoplens.leakage.LeakOpenings.LEAK;
import static io.shoplens.leakage.LeakOpenings.PERSON;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.shoplens.table.Types;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Which order line settles which leak of one person, and which line follows a click on its product.
 * Per-row Java because a line settles the latest leak that it can: that depends on all the person's
 * open leaks at once. Instants are microseconds, dates days of the epoch.
 *
 * <p>Held at a time: leaks and product clicks of the last 7 days.
 */
final class Settlements implements CoGroupFunction<String, Row, Row, Row> {
  static final String IS_IN_APP = "is_in_app";
  static final String CONFIRMED = "confirmed";
  static final String RECAPTURED = "recaptured";
  static final String LINE = "line";

  private static final DataType MONEY = DataType.fromDDL(Types.MONEY);

  /** A line in the basis of GMV, of a person. */
  static final StructType SOLD =
      new StructType()
          .add(PERSON, StringType)
          .add(AT, LongType)
          .add(ORDER_ID, StringType)
          .add(LINE_ID, StringType)
          .add(IS_IN_APP, BooleanType)
          .add(MERCHANT_GROUP, StringType)
          .add(PRODUCT_ID, StringType)
          .add(CATEGORY, StringType)
          .add(MARKET, StringType)
          .add(CONVERSION_DATE, IntegerType)
          .add(UNITS, LongType)
          .add(GMV_REPORTING, MONEY);

  private static final StructType EVIDENCE =
      new StructType().add(AT, LongType).add(ORDER_ID, StringType).add(LINE_ID, StringType);

  private static final StructType FOLLOWED =
      new StructType()
          .add(MARKET, StringType)
          .add(CONVERSION_DATE, IntegerType)
          .add(CATEGORY, StringType)
          .add(PRODUCT_ID, StringType)
          .add(UNITS, LongType)
          .add(GMV_REPORTING, MONEY)
          .add(LINES_AFTER_CLICK_1D, LongType)
          .add(LINES_AFTER_CLICK_7D, LongType);

  /** A leak with what settles it, as far as one person's lines go; or an in-app line. */
  static final StructType SETTLED =
      new StructType()
          .add(EVENT_ID, StringType)
          .add(AT, LongType)
          .add(WINDOW_DAYS, IntegerType)
          .add(LEAK, LeakOpenings.WHOLE)
          .add(CONFIRMED, EVIDENCE)
          .add(CONFIRMED_LINES, LongType)
          .add(CONFIRMED_GMV_REPORTING, MONEY)
          .add(RECAPTURED, EVIDENCE)
          .add(RECAPTURED_LINES, LongType)
          .add(RECAPTURED_GMV_REPORTING, MONEY)
          .add(LINE, FOLLOWED);

  @Override
  public Iterator<Row> call(String person, Iterator<Row> cases, Iterator<Row> lines) {
    return new Sweep(cases, lines);
  }

  /** One way in which lines settle a leak: the first that did, how many did, and their value. */
  private static final class Settling {
    private Row first;
    private long lines;
    private BigDecimal value;

    void take(Row line) {
      if (first == null) {
        first = RowFactory.create(line.getLong(1), line.getString(2), line.getString(3));
      }
      lines++;
      BigDecimal more = line.getDecimal(11);
      if (more != null) {
        value = value == null ? more : value.add(more);
      }
    }
  }

  /** A leak that lines can still settle. */
  private static final class Open {
    final Row leak;
    final int days;
    final Settling confirmed = new Settling();
    final Settling recaptured = new Settling();

    Open(Row leak) {
      this.leak = leak;
      this.days = leak.getInt(4);
    }

    long at() {
      return leak.getLong(1);
    }

    String group() {
      return leak.getString(7);
    }

    /** What an in-app line has to be of. */
    String wanted() {
      return leak.isNullAt(5) ? "category " + leak.getString(6) : "product " + leak.getString(5);
    }

    boolean isBefore(Open other) {
      return at() != other.at()
          ? at() < other.at()
          : leak.getString(3).compareTo(other.leak.getString(3)) < 0;
    }

    /** Whether a line at an instant can settle it. */
    boolean covers(long instant) {
      return at() < instant
          && instant <= at() + LeakWindows.micros(days)
          && leak.getLong(2) <= instant;
    }

    boolean isOverAt(long instant) {
      return at() + LeakWindows.micros(days) < instant;
    }

    boolean isSettled() {
      return confirmed.lines + recaptured.lines > 0;
    }

    Row row() {
      return RowFactory.create(
          leak.getString(3),
          at(),
          days,
          leak.get(9),
          confirmed.first,
          confirmed.lines,
          confirmed.value,
          recaptured.first,
          recaptured.lines,
          recaptured.value,
          null);
    }
  }

  /** The open leaks of one window, in the order of time, and the same by what settles them. */
  private static final class Window {
    private final Deque<Open> all = new ArrayDeque<>();
    private final Map<String, Deque<Open>> byGroup = new HashMap<>();
    private final Map<String, Deque<Open>> byWanted = new HashMap<>();

    void add(Open leak) {
      all.addLast(leak);
      byGroup.computeIfAbsent(leak.group(), key -> new ArrayDeque<>()).addLast(leak);
      byWanted.computeIfAbsent(leak.wanted(), key -> new ArrayDeque<>()).addLast(leak);
    }

    /** Takes out the oldest leak if its window is over, or yields null. */
    Open pollOver(long instant) {
      if (all.isEmpty() || !all.peekFirst().isOverAt(instant)) {
        return null;
      }
      return pollOldest();
    }

    Open pollOldest() {
      Open oldest = all.pollFirst();
      if (oldest != null) {
        removeFirst(byGroup, oldest.group());
        removeFirst(byWanted, oldest.wanted());
      }
      return oldest;
    }

    private static void removeFirst(Map<String, Deque<Open>> leaks, String key) {
      Deque<Open> deque = leaks.get(key);
      deque.pollFirst();
      if (deque.isEmpty()) {
        leaks.remove(key);
      }
    }

    void settle(Row line) {
      long instant = line.getLong(1);
      if (!line.getBoolean(4)) {
        Open leak = line.isNullAt(5) ? null : latest(byGroup.get(line.getString(5)), instant);
        if (leak != null) {
          leak.confirmed.take(line);
        }
        return;
      }
      Open ofProduct =
          line.isNullAt(6) ? null : latest(byWanted.get("product " + line.getString(6)), instant);
      Open ofCategory =
          line.isNullAt(7) ? null : latest(byWanted.get("category " + line.getString(7)), instant);
      Open leak =
          ofProduct == null || ofCategory != null && ofProduct.isBefore(ofCategory)
              ? ofCategory
              : ofProduct;
      if (leak != null) {
        leak.recaptured.take(line);
      }
    }

    private static Open latest(Deque<Open> leaks, long instant) {
      if (leaks != null) {
        Iterator<Open> latestFirst = leaks.descendingIterator();
        while (latestFirst.hasNext()) {
          Open leak = latestFirst.next();
          if (leak.covers(instant)) {
            return leak;
          }
        }
      }
      return null;
    }
  }

  /** A click on a product in the app. */
  private record Click(long at, long knownAt, String product) {}

  private static final class Sweep implements Iterator<Row> {
    private final Iterator<Row> cases;
    private final Iterator<Row> lines;
    private final List<Window> windows = new ArrayList<>();
    private final Deque<Click> clicks = new ArrayDeque<>();
    private final Map<String, Deque<Click>> clicksOn = new HashMap<>();
    private final Queue<Row> ready = new ArrayDeque<>();
    private Row nextCase;
    private boolean isOver;

    Sweep(Iterator<Row> cases, Iterator<Row> lines) {
      this.cases = cases;
      this.lines = lines;
      for (int i = 0; i < LeakWindows.DAYS.length; i++) {
        windows.add(new Window());
      }
    }

    @Override
    public boolean hasNext() {
      fill();
      return !ready.isEmpty();
    }

    private void fill() {
      while (ready.isEmpty() && !isOver) {
        if (lines.hasNext()) {
          take(lines.next());
        } else if (!takeNextCase(Long.MAX_VALUE)) {
          isOver = true;
          for (Window window : windows) {
            for (Open leak = window.pollOldest(); leak != null; leak = window.pollOldest()) {
              give(leak);
            }
          }
        }
      }
    }

    @Override
    public Row next() {
      fill();
      return ready.remove();
    }

    private void take(Row line) {
      long at = line.getLong(1);
      while (takeNextCase(at)) {
        // All that happened up to the line.
      }
      forgetBefore(at);
      windows.forEach(window -> window.settle(line));
      if (line.getBoolean(4)) {
        ready.add(followed(line));
      }
    }

    /** Takes a leak or product click not later than an instant; false where there is none. */
    private boolean takeNextCase(long instant) {
      if (nextCase == null) {
        if (!cases.hasNext()) {
          return false;
        }
        nextCase = cases.next();
      }
      if (nextCase.getLong(1) > instant) {
        return false;
      }
      forgetBefore(nextCase.getLong(1));
      int days = nextCase.getInt(4);
      if (days == 0) {
        if (!nextCase.isNullAt(5)) {
          Click click = new Click(nextCase.getLong(1), nextCase.getLong(2), nextCase.getString(5));
          clicks.addLast(click);
          clicksOn.computeIfAbsent(click.product(), key -> new ArrayDeque<>()).addLast(click);
        }
      } else if (nextCase.getBoolean(8)) {
        windows.get(Arrays.binarySearch(LeakWindows.DAYS, days)).add(new Open(nextCase));
      } else {
        give(new Open(nextCase));
      }
      nextCase = null;
      return true;
    }

    private void forgetBefore(long instant) {
      for (Window window : windows) {
        for (Open leak = window.pollOver(instant); leak != null; leak = window.pollOver(instant)) {
          give(leak);
        }
      }
      while (!clicks.isEmpty() && clicks.peekFirst().at() + LeakWindows.LONGEST < instant) {
        Click oldest = clicks.pollFirst();
        Deque<Click> onProduct = clicksOn.get(oldest.product());
        onProduct.pollFirst();
        if (onProduct.isEmpty()) {
          clicksOn.remove(oldest.product());
        }
      }
    }

    /** A leak of another observed person is of no interest here unless it was settled here. */
    private void give(Open leak) {
      if (!leak.leak.isNullAt(9) || leak.isSettled()) {
        ready.add(leak.row());
      }
    }

    private Row followed(Row line) {
      long since = sinceClick(line);
      return RowFactory.create(
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          RowFactory.create(
              line.getString(8),
              line.getInt(9),
              line.getString(7),
              line.getString(6),
              line.getLong(10),
              line.getDecimal(11),
              since <= LeakWindows.micros(1) ? 1L : 0L,
              since <= LeakWindows.micros(7) ? 1L : 0L));
    }

    /** Time since the latest click on the line's product that is known to be the person's. */
    private long sinceClick(Row line) {
      Deque<Click> onProduct = line.isNullAt(6) ? null : clicksOn.get(line.getString(6));
      if (onProduct != null) {
        Iterator<Click> latestFirst = onProduct.descendingIterator();
        while (latestFirst.hasNext()) {
          Click click = latestFirst.next();
          if (click.knownAt() <= line.getLong(1)) {
            return line.getLong(1) - click.at();
          }
        }
      }
      return Long.MAX_VALUE;
    }
  }
}
