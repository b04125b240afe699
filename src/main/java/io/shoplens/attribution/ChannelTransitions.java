package io.shoplens.attribution;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Counts the transitions on the paths of one person in one market, from touches and orders in the
 * order of time. Per-row Java because where a path ends depends on the touch before and on the
 * order after; what is held is counts, not touches. Dates are days of the epoch, instants
 * microseconds.
 */
final class ChannelTransitions implements FlatMapGroupsFunction<String, Row, Row> {
  static final String IN_APP = "in_app";
  static final String EXTERNAL = "external";
  static final String WALKER = "walker";
  static final String AT = "at";
  static final String DATE = "date";
  static final String IS_ORDER = "is_order";
  static final String ID = "id";
  static final String KNOWN_DATE = "known_date";
  static final String WEEK = "week";
  static final String FROM = "from_state";
  static final String TO = "to_state";
  static final String COUNT = "transitions";

  /** A touch, or an order of a sales channel that is known to be in the basis from a date on. */
  static final StructType STEP =
      new StructType()
          .add(WALKER, StringType)
          .add(MARKET, StringType)
          .add(AT, LongType)
          .add(DATE, IntegerType)
          .add(IS_ORDER, BooleanType)
          .add(ID, StringType)
          .add(KNOWN_DATE, IntegerType)
          .add(SALES_CHANNEL, StringType)
          .add(CHANNEL, StringType)
          .add(TOUCH_CLASS, StringType)
          .add(IS_ENTRY, BooleanType)
          .add(IS_OUTBOUND, BooleanType);

  /** How often the paths used for a week went from one state to another. */
  static final StructType TRANSITIONS =
      new StructType()
          .add(MARKET, StringType)
          .add(WEEK, IntegerType)
          .add(SALES_CHANNEL, StringType)
          .add(TOUCH_SET, StringType)
          .add(FROM, StringType)
          .add(TO, StringType)
          .add(COUNT, LongType);

  private static final long serialVersionUID = 1L;

  private final int[] weeks;

  /**
   * Counts for some weeks.
   *
   * @param weeks their Mondays
   */
  ChannelTransitions(int... weeks) {
    this.weeks = weeks.clone();
  }

  @Override
  public Iterator<Row> call(String walker, Iterator<Row> steps) {
    List<Walk> walks = new ArrayList<>();
    for (int week : weeks) {
      for (TouchSet touchSet : TouchSet.values()) {
        walks.add(new Walk(week, IN_APP, touchSet));
        walks.add(new Walk(week, EXTERNAL, touchSet));
      }
    }
    String market = null;
    while (steps.hasNext()) {
      Row step = steps.next();
      market = step.getString(1);
      for (Walk walk : walks) {
        walk.take(step);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (Walk walk : walks) {
      walk.stop();
      walk.addTo(rows, market);
    }
    return rows.iterator();
  }

  /** A transition between two states. */
  private record Move(String from, String to) {}

  /** The paths of one week, kind of order and touch set; the last may be open. */
  private static final class Walk {
    private final int week;
    private final String salesChannel;
    private final TouchSet touchSet;
    private final Map<Move, Long> counted = new HashMap<>();
    private final Map<Move, Long> open = new HashMap<>();
    private String state;
    private long lastAt;
    private int lastDate;

    Walk(int week, String salesChannel, TouchSet touchSet) {
      this.week = week;
      this.salesChannel = salesChannel;
      this.touchSet = touchSet;
    }

    void take(Row step) {
      int date = step.getInt(3);
      if (date < week - ChannelPaths.REACH_DAYS || date >= week) {
        return;
      }
      if (step.getBoolean(4)) {
        if (salesChannel.equals(step.getString(7)) && step.getInt(6) < week) {
          order(step.getLong(2), date);
        }
      } else if (isOurs(step)) {
        touch(step.getLong(2), date, String.valueOf(step.getString(8)));
      }
    }

    private boolean isOurs(Row step) {
      boolean isOutbound = step.getBoolean(11);
      boolean isEligible =
          salesChannel.equals(IN_APP)
              ? !isOutbound
              : isOutbound || Touch.IN_APP_SHOP.equals(step.getString(9));
      return isEligible && (touchSet == TouchSet.ALL || step.getBoolean(10));
    }

    private void touch(long at, int date, String channel) {
      endIfSilentUntil(at);
      open.merge(new Move(state == null ? ChannelGraph.START : state, channel), 1L, Long::sum);
      state = channel;
      lastAt = at;
      lastDate = date;
    }

    private void order(long at, int date) {
      endIfSilentUntil(at);
      if (state != null) {
        end(ChannelGraph.CONVERSION, date);
      }
    }

    private void endIfSilentUntil(long at) {
      if (state != null && at - lastAt > ChannelPaths.SILENCE) {
        end(ChannelGraph.LOSS, lastDate + ChannelPaths.SILENT_DAYS);
      }
    }

    void stop() {
      if (state != null && lastDate + ChannelPaths.SILENT_DAYS < week) {
        end(ChannelGraph.LOSS, lastDate + ChannelPaths.SILENT_DAYS);
      }
    }

    private void end(String how, int date) {
      open.merge(new Move(state, how), 1L, Long::sum);
      if (date >= week - ChannelPaths.PERIOD_DAYS && date < week) {
        open.forEach((move, count) -> counted.merge(move, count, Long::sum));
      }
      open.clear();
      state = null;
    }

    void addTo(List<Row> rows, String market) {
      counted.forEach(
          (move, count) ->
              rows.add(
                  RowFactory.create(
                      market, week, salesChannel, touchSet.id(), move.from(), move.to(), count)));
    }
  }
}
