package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The leaks of one observed person, from the person's clicks in the order of time. Per-row Java
 * because whether a click opens a leak depends on which click opened the last one, which no window
 * function can tell. Instants are microseconds, dates days of the epoch.
 *
 * <p>Held at a time: the leaks still open, at most those of 7 days of a human's clicks, and the
 * identifications of the person's device.
 */
final class LeakOpenings implements CoGroupFunction<String, Row, Row, Row> {
  static final String PERSON = "person";
  static final String AT = "at";
  static final String KNOWN_AT = "known_at";
  static final String LEAK_CLASS = "leak_class";
  static final String COMPETITOR = "competitor";
  static final String LEAK = "leak";

  /** A click of a person; {@link #LEAK_CLASS} is NULL for one on a product in the app. */
  static final StructType CLICK =
      new StructType()
          .add(PERSON, StringType)
          .add(AT, LongType)
          .add(EVENT_ID, StringType)
          .add(LEAK_CLASS, StringType)
          .add(LEAK_KEY, StringType)
          .add(PRODUCT_ID, StringType)
          .add(CATEGORY, StringType)
          .add(MERCHANT_GROUP, StringType)
          .add(PARENT_GROUP, StringType)
          .add(LINK_KIND, StringType)
          .add(CERTAINTY, StringType)
          .add(CREATOR_ID, StringType)
          .add(CONTENT_ID, StringType)
          .add(MARKET, StringType)
          .add(LEAK_DATE, IntegerType)
          .add(USER_ID, StringType)
          .add(DEVICE_ID, StringType);

  /** What else is known of a person: who was seen on the device, or that a click opened a leak. */
  static final StructType FACT =
      new StructType()
          .add(PERSON, StringType)
          .add(AT, LongType)
          .add(EVENT_ID, StringType)
          .add(USER_ID, StringType)
          .add(WINDOW_DAYS, IntegerType);

  /** A leak in full: its opening click, and all the clicks in it. */
  static final StructType WHOLE =
      CLICK.add(LAST_CLICK_AT, LongType).add(CLICK_IDS, createArrayType(StringType));

  /**
   * What an order of a person may follow: a leak for a window, or a product click (window 0). The
   * leak in full goes with the observed person's own; one that is there for the user who was seen
   * on the device next has none.
   */
  static final StructType CASE =
      new StructType()
          .add(PERSON, StringType)
          .add(AT, LongType)
          .add(KNOWN_AT, LongType)
          .add(EVENT_ID, StringType)
          .add(WINDOW_DAYS, IntegerType)
          .add(PRODUCT_ID, StringType)
          .add(CATEGORY, StringType)
          .add(MERCHANT_GROUP, StringType)
          .add("can_settle", BooleanType)
          .add(LEAK, WHOLE);

  private static final String DEVICE = "device ";

  private final long decidedBefore;
  private final long identityWindow;

  /**
   * The leaks of clicks.
   *
   * @param decidedBefore instant before which a click opens a leak if a fact says so, and else not
   * @param identityWindow how long before an identification a click without a user is its user's
   */
  LeakOpenings(long decidedBefore, Duration identityWindow) {
    this.decidedBefore = decidedBefore;
    this.identityWindow = TimeUnit.MICROSECONDS.convert(identityWindow);
  }

  @Override
  public Iterator<Row> call(String person, Iterator<Row> clicks, Iterator<Row> facts) {
    return new Sweep(person, clicks, facts);
  }

  /** Who was seen on a device, and when. */
  private record Identification(long at, String user) {}

  /** A leak that clicks can still join. */
  private static final class OpenLeak {
    final Row opening;
    final List<String> clicks = new ArrayList<>();
    long lastAt;

    OpenLeak(Row opening) {
      this.opening = opening;
    }

    long at() {
      return opening.getLong(1);
    }

    void take(Row click) {
      clicks.add(click.getString(2));
      lastAt = click.getLong(1);
    }
  }

  private final class Sweep implements Iterator<Row> {
    private final String person;
    private final Iterator<Row> clicks;
    private final List<Identification> identifications = new ArrayList<>();
    private final List<Set<String>> openers = new ArrayList<>();
    private final List<Map<List<String>, OpenLeak>> open = new ArrayList<>();
    private final Queue<Row> ready = new ArrayDeque<>();
    private boolean isOver;

    Sweep(String person, Iterator<Row> clicks, Iterator<Row> facts) {
      this.person = person;
      this.clicks = clicks;
      for (int i = 0; i < LeakWindows.DAYS.length; i++) {
        openers.add(new HashSet<>());
        open.add(new LinkedHashMap<>());
      }
      facts.forEachRemaining(this::learn);
    }

    private void learn(Row fact) {
      if (fact.isNullAt(4)) {
        identifications.add(new Identification(fact.getLong(1), fact.getString(3)));
      } else {
        openers.get(windowOf(fact.getInt(4))).add(opener(fact));
      }
    }

    @Override
    public boolean hasNext() {
      fill();
      return !ready.isEmpty();
    }

    private void fill() {
      while (ready.isEmpty() && !isOver) {
        if (clicks.hasNext()) {
          take(clicks.next());
        } else {
          isOver = true;
          for (int i = 0; i < LeakWindows.DAYS.length; i++) {
            close(i, Long.MAX_VALUE);
          }
        }
      }
    }

    @Override
    public Row next() {
      fill();
      return ready.remove();
    }

    private void take(Row click) {
      long at = click.getLong(1);
      if (click.isNullAt(3)) {
        give(click, 0, null);
        return;
      }
      // Clicks of different classes have different states, so they are never in one leak.
      List<String> key = Arrays.asList(click.getString(3), click.getString(4));
      for (int i = 0; i < LeakWindows.DAYS.length; i++) {
        close(i, at);
        OpenLeak leak = open.get(i).get(key);
        if (at < decidedBefore ? openers.get(i).contains(opener(click)) : leak == null) {
          leak = new OpenLeak(click);
          open.get(i).put(key, leak);
        }
        if (leak != null) {
          leak.take(click);
        }
      }
    }

    /** Yields the leaks that no click from an instant on can join; the oldest come first. */
    private void close(int window, long now) {
      long length = LeakWindows.micros(LeakWindows.DAYS[window]);
      Iterator<OpenLeak> oldest = open.get(window).values().iterator();
      while (oldest.hasNext()) {
        OpenLeak leak = oldest.next();
        if (now != Long.MAX_VALUE && leak.at() + length > now) {
          return;
        }
        oldest.remove();
        give(leak.opening, LeakWindows.DAYS[window], whole(leak));
      }
    }

    private void give(Row click, int days, Row whole) {
      ready.add(asCase(person, click.getLong(1), click, days, whole));
      Identification next = person.startsWith(DEVICE) ? next(click.getLong(1)) : null;
      // Only what an order can settle is the user's too.
      if (next != null && (days == 0 || isToCompetitor(click))) {
        ready.add(asCase("user " + next.user(), next.at(), click, days, null));
      }
    }

    private Identification next(long at) {
      int low = 0;
      int high = identifications.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (identifications.get(middle).at() < at) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      boolean isNear =
          low < identifications.size() && identifications.get(low).at() - at <= identityWindow;
      return isNear ? identifications.get(low) : null;
    }
  }

  /** An id may be there again on another date: that is another click. */
  private static String opener(Row click) {
    return click.getLong(1) + " " + click.getString(2);
  }

  private static int windowOf(int days) {
    return Arrays.binarySearch(LeakWindows.DAYS, days);
  }

  private static boolean isToCompetitor(Row click) {
    return COMPETITOR.equals(click.getString(3));
  }

  private static Row asCase(String person, long knownAt, Row click, int days, Row whole) {
    return RowFactory.create(
        person,
        click.getLong(1),
        knownAt,
        click.getString(2),
        days,
        click.getString(5),
        click.getString(6),
        click.getString(7),
        isToCompetitor(click),
        whole);
  }

  private static Row whole(OpenLeak leak) {
    Object[] cells = new Object[WHOLE.size()];
    for (int i = 0; i < CLICK.size(); i++) {
      cells[i] = leak.opening.get(i);
    }
    cells[CLICK.size()] = leak.lastAt;
    cells[CLICK.size() + 1] = leak.clicks.toArray(String[]::new);
    return RowFactory.create(cells);
  }
}
