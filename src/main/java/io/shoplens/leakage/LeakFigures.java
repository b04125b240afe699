package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.shoplens.leakage.LeakDraws.Possible;
import io.shoplens.leakage.TrailingSales.Chance;
import io.shoplens.leakage.TrailingSales.Day;
import io.shoplens.leakage.TrailingSales.Values;
import io.shoplens.table.Types;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What a market's leaks came to, date by date, at every level. Per-row Java because of medians and
 * of draws that are joint over a level's leaks. Instants are microseconds, dates days of the epoch.
 *
 * <p>Held at a time: the leaks of one date and window, and what {@link TrailingSales} holds.
 */
final class LeakFigures implements CoGroupFunction<String, Row, Row, Row> {
  private static final DataType MONEY = DataType.fromDDL(Types.MONEY);
  private static final String RECAPTURED_AFTER = "recaptured_after";

  /** A leak of a market that went to a competitor, or may have. */
  static final StructType LEAK =
      new StructType()
          .add(MARKET, StringType)
          .add(LEAK_DATE, IntegerType)
          .add(WINDOW_DAYS, IntegerType)
          .add(EVENT_ID, StringType)
          .add(STATE, StringType)
          .add(IS_MATURE, BooleanType)
          .add(MERCHANT_GROUP, StringType)
          .add(PARENT_GROUP, StringType)
          .add(CREATOR_ID, StringType)
          .add(CONTENT_ID, StringType)
          .add(CATEGORY, StringType)
          .add(PRODUCT_ID, StringType)
          .add(LINK_KIND, StringType)
          .add(RECAPTURED_AFTER, LongType)
          .add(CONFIRMED_GMV_REPORTING, MONEY);

  /** A row of {@code gold.daily_conversion}. */
  static final StructType CONVERSION =
      new StructType()
          .add(MARKET, StringType)
          .add(CONVERSION_DATE, IntegerType)
          .add(CATEGORY, StringType)
          .add(PRODUCT_ID, StringType)
          .add(PRODUCT_CLICKS, LongType)
          .add(LINES, LongType)
          .add(UNITS, LongType)
          .add(GMV_REPORTING, MONEY)
          .add(LINES_AFTER_CLICK_1D, LongType)
          .add(LINES_AFTER_CLICK_7D, LongType);

  private static final DataType RATE = DataType.fromDDL("decimal(18,6)");

  /** A row of {@code gold.daily_leaks}. */
  static final StructType FIGURE =
      new StructType()
          .add(MARKET, StringType)
          .add(LEAK_DATE, IntegerType)
          .add(LEVEL, StringType)
          .add(LEVEL_VALUE, StringType)
          .add(WINDOW_DAYS, IntegerType)
          .add(LEAKS, LongType)
          .add(MATURE_LEAKS, LongType)
          .add(CONFIRMED_LEAKS, LongType)
          .add(RECAPTURED_LEAKS, LongType)
          .add(NET_LEAKS, LongType)
          .add(RECAPTURE_RATE, RATE)
          .add(MEDIAN_RECAPTURE_SECONDS, LongType)
          .add(CONFIRMED_GMV_REPORTING, MONEY)
          .add(LEAKED_GMV_LOW_REPORTING, MONEY)
          .add(LEAKED_GMV_REPORTING, MONEY)
          .add(LEAKED_GMV_HIGH_REPORTING, MONEY)
          .add(COMMISSION_FOREGONE_REPORTING, MONEY)
          .add(POSSIBLE_LEAKS, LongType)
          .add(OPAQUE_GMV_REPORTING, MONEY)
          .add(OPAQUE_GMV_HIGH_REPORTING, MONEY)
          .add(UNAVOIDABLE_LEAKS, LongType)
          .add(UNAVOIDABLE_GMV_REPORTING, MONEY);

  /** Levels beside the market, and the field of a leak that holds each one's value. */
  private static final Map<String, Integer> LEVELS =
      Map.of(
          "destination", 6, "parent", 7, "creator", 8, "content", 9, "category", 10, "product", 11);

  private final Map<String, BigDecimal> opaqueCompetitor;
  private final Map<String, BigDecimal> takeRates;
  private final int digits;

  /**
   * Figures of leaks.
   *
   * @param opaqueCompetitor probability that an opaque link leads to a competitor, by its kind
   * @param takeRates commission of each market
   * @param digits of the reporting currency's minor unit
   */
  LeakFigures(
      Map<String, BigDecimal> opaqueCompetitor, Map<String, BigDecimal> takeRates, int digits) {
    this.opaqueCompetitor = Map.copyOf(opaqueCompetitor);
    this.takeRates = Map.copyOf(takeRates);
    this.digits = digits;
  }

  @Override
  public Iterator<Row> call(String market, Iterator<Row> leaks, Iterator<Row> conversions) {
    return new Sweep(market, leaks, conversions);
  }

  /** A leak with what it would have been worth. */
  private record Valued(Row leak, Chance chance, Values values, boolean isUnavoidable) {
    boolean isIn(String state) {
      return leak.getString(4).equals(state);
    }

    BigDecimal worth() {
      return chance.p().multiply(values.mean());
    }

    BigDecimal confirmed() {
      return leak.isNullAt(14) ? BigDecimal.ZERO : leak.getDecimal(14);
    }
  }

  /** Yields the figures of one date and window after the other. */
  private final class Sweep implements Iterator<Row> {
    private final String market;
    private final Iterator<Row> leaks;
    private final Iterator<Row> conversions;
    private final TrailingSales sales = new TrailingSales();
    private final Queue<Row> ready = new ArrayDeque<>();
    private Row nextLeak;
    private Row nextConversion;

    Sweep(String market, Iterator<Row> leaks, Iterator<Row> conversions) {
      this.market = market;
      this.leaks = leaks;
      this.conversions = conversions;
    }

    @Override
    public boolean hasNext() {
      fill();
      return !ready.isEmpty();
    }

    private void fill() {
      while (ready.isEmpty() && (nextLeak != null || leaks.hasNext())) {
        takeDate();
      }
    }

    @Override
    public Row next() {
      fill();
      return ready.remove();
    }

    private void takeDate() {
      nextLeak = nextLeak == null ? leaks.next() : nextLeak;
      int date = nextLeak.getInt(1);
      int days = nextLeak.getInt(2);
      takeSalesUpTo(date);
      List<Valued> ofDate = new ArrayList<>();
      while (nextLeak != null && nextLeak.getInt(1) == date && nextLeak.getInt(2) == days) {
        ofDate.add(valued(nextLeak, days));
        nextLeak = leaks.hasNext() ? leaks.next() : null;
      }
      LeakDraws draws = new LeakDraws();
      ready.add(figure(date, days, "market", "", ofDate, draws));
      for (Map.Entry<String, Integer> level : new TreeMap<>(LEVELS).entrySet()) {
        Map<String, List<Valued>> byValue = new TreeMap<>();
        for (Valued leak : ofDate) {
          String value = leak.leak().getString(level.getValue());
          if (value != null) {
            byValue.computeIfAbsent(value, key -> new ArrayList<>()).add(leak);
          }
        }
        byValue.forEach(
            (value, of) -> ready.add(figure(date, days, level.getKey(), value, of, draws)));
      }
    }

    private void takeSalesUpTo(int date) {
      while (nextConversion != null || conversions.hasNext()) {
        nextConversion = nextConversion == null ? conversions.next() : nextConversion;
        if (nextConversion.getInt(1) > date) {
          break;
        }
        sales.add(day(nextConversion));
        nextConversion = null;
      }
      sales.forgetFor(date);
    }

    private Valued valued(Row leak, int days) {
      String category = leak.getString(10);
      String product = leak.getString(11);
      boolean isUnavoidable =
          (product != null || category != null) && !sales.offers(product, category);
      return new Valued(
          leak,
          sales.chance(isUnavoidable ? null : category, days),
          sales.values(product, category),
          isUnavoidable);
    }

    private Row figure(
        int date, int days, String level, String value, List<Valued> leaks, LeakDraws draws) {
      Totals totals = new Totals(draws);
      leaks.forEach(leak -> totals.take(leak, days));
      return totals.row(market, date, days, level, value);
    }
  }

  /** What some leaks of one date and window come to. */
  private final class Totals {
    private final LeakDraws draws;
    private final List<Possible> estimated = new ArrayList<>();
    private final List<Long> recapturedAfter = new ArrayList<>();
    private long all;
    private long mature;
    private long confirmed;
    private long possible;
    private long unavoidable;
    private BigDecimal confirmedGmv = BigDecimal.ZERO;
    private BigDecimal estimate = BigDecimal.ZERO;
    private BigDecimal opaque = BigDecimal.ZERO;
    private BigDecimal opaqueHigh = BigDecimal.ZERO;
    private BigDecimal unavoidableGmv = BigDecimal.ZERO;

    Totals(LeakDraws draws) {
      this.draws = draws;
    }

    void take(Valued leak, int days) {
      boolean isMature = leak.leak().getBoolean(5);
      if (leak.isIn(LeakStates.POSSIBLE)) {
        if (isMature) {
          takePossible(leak);
        }
        return;
      }
      all++;
      if (!isMature) {
        return;
      }
      mature++;
      if (leak.isIn(Settlements.RECAPTURED)) {
        recapturedAfter.add(leak.leak().getLong(13));
      }
      boolean isConfirmed = leak.isIn(Settlements.CONFIRMED);
      confirmed += isConfirmed ? 1 : 0;
      BigDecimal worth =
          isConfirmed
              ? leak.confirmed()
              : leak.isIn(LeakStates.LEAKED) ? leak.worth() : BigDecimal.ZERO;
      if (leak.isUnavoidable()) {
        unavoidable++;
        unavoidableGmv = unavoidableGmv.add(worth);
      } else if (isConfirmed) {
        confirmedGmv = confirmedGmv.add(worth);
      } else if (leak.isIn(LeakStates.LEAKED)) {
        estimate = estimate.add(worth);
        estimated.add(possible(leak, days));
      }
    }

    private void takePossible(Valued leak) {
      possible++;
      if (!leak.isUnavoidable()) {
        BigDecimal chance =
            opaqueCompetitor.getOrDefault(leak.leak().getString(12), BigDecimal.ZERO);
        opaque = opaque.add(leak.worth().multiply(chance));
        opaqueHigh = opaqueHigh.add(leak.worth());
      }
    }

    private Possible possible(Valued leak, int days) {
      Row row = leak.leak();
      String cell = row.getString(0) + '|' + row.getInt(1) + '|' + days + '|' + row.getString(10);
      return new Possible(days + "|" + row.getString(3), cell, leak.chance(), leak.values());
    }

    Row row(String market, int date, int days, String level, String value) {
      BigDecimal leaked = rounded(confirmedGmv.add(estimate));
      BigDecimal[] interval = interval();
      return RowFactory.create(
          market,
          date,
          level,
          value,
          days,
          all,
          mature,
          confirmed,
          (long) recapturedAfter.size(),
          mature - recapturedAfter.size(),
          mature == 0
              ? null
              : BigDecimal.valueOf(recapturedAfter.size())
                  .divide(BigDecimal.valueOf(mature), 6, RoundingMode.HALF_UP),
          median(),
          rounded(confirmedGmv),
          rounded(confirmedGmv.add(interval[0])),
          leaked,
          rounded(confirmedGmv.add(interval[1])),
          rounded(leaked.multiply(takeRates.getOrDefault(market, BigDecimal.ZERO))),
          possible,
          rounded(opaque),
          rounded(opaqueHigh),
          unavoidable,
          rounded(unavoidableGmv));
    }

    /** Of the estimate; always around it, though what is most likely may be nothing. */
    private BigDecimal[] interval() {
      double[] drawn = estimated.isEmpty() ? new double[2] : draws.interval(estimated);
      return new BigDecimal[] {
        new BigDecimal(drawn[0]).min(estimate), new BigDecimal(drawn[1]).max(estimate)
      };
    }

    private Long median() {
      if (recapturedAfter.isEmpty()) {
        return null;
      }
      long[] sorted = recapturedAfter.stream().mapToLong(Long::longValue).sorted().toArray();
      int middle = sorted.length / 2;
      long micros =
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      return TimeUnit.MICROSECONDS.toSeconds(micros);
    }

    private BigDecimal rounded(BigDecimal amount) {
      return amount.setScale(digits, RoundingMode.HALF_UP);
    }
  }

  private static Day day(Row row) {
    return new Day(
        row.getInt(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.isNullAt(7) ? BigDecimal.ZERO : row.getDecimal(7),
        row.getLong(8),
        row.getLong(9));
  }
}
