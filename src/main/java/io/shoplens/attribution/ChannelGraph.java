package io.shoplens.attribution;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The first-order graph of the transitions on paths, and its removal effects. Source: Anderl et al.
 * 2016, Mapping the customer journey.
 *
 * <p>The removal effect of a channel is the share of conversions that are lost when all that flows
 * into it is lost. Of the graph reduced to start and one channel it can be read off: the
 * conversions through the channel over all. A state is taken out by passing its inflow on in the
 * proportions of its outflow (Grassmann, Taylor and Heyman 1985), which adds, multiplies and
 * divides numbers that are not negative and never subtracts, so that no digit is lost and nothing
 * can turn out negative. Every single channel is reached by halving: one half of the states is
 * taken out for the other, which costs as much as a few solutions of the whole. Numbers are pairs
 * of doubles, 32 digits.
 */
final class ChannelGraph {
  static final String START = "(start)";
  static final String CONVERSION = "(conversion)";
  static final String LOSS = "(null)";

  private static final int CONVERSION_COLUMN = 0;
  private static final int LOSS_COLUMN = 1;
  private static final MathContext DIGITS = new MathContext(40);

  private final Map<String, Map<String, Long>> counts = new TreeMap<>();

  /** Adds transitions; from {@link #START}, to {@link #CONVERSION} or {@link #LOSS} at the ends. */
  void add(String from, String to, long count) {
    counts.computeIfAbsent(from, state -> new TreeMap<>()).merge(to, count, Long::sum);
  }

  /** How many paths ended in a state. */
  long ended(String end) {
    return counts.values().stream().mapToLong(to -> to.getOrDefault(end, 0L)).sum();
  }

  /** The removal effect of every channel, in units of 10^-12, rounded half even. */
  Map<String, BigInteger> removalEffects() {
    SortedSet<String> channels = new TreeSet<>(counts.keySet());
    counts.values().forEach(to -> channels.addAll(to.keySet()));
    channels.removeAll(List.of(START, CONVERSION, LOSS));
    List<String> states = new ArrayList<>(channels);
    Map<String, BigInteger> effects = new HashMap<>();
    if (!states.isEmpty()) {
      reduce(matrix(states), IntStream.range(0, states.size()).toArray(), states, effects);
    }
    return effects;
  }

  private Matrix matrix(List<String> states) {
    Map<String, Integer> columns = new HashMap<>();
    columns.put(CONVERSION, CONVERSION_COLUMN);
    columns.put(LOSS, LOSS_COLUMN);
    for (int i = 0; i < states.size(); i++) {
      columns.put(states.get(i), i + 2);
    }
    Matrix matrix = new Matrix(states.size());
    counts.forEach(
        (from, transitions) -> {
          int row = from.equals(START) ? 0 : columns.get(from) - 1;
          transitions.forEach((to, count) -> matrix.high[row][columns.get(to)] = count);
        });
    return matrix;
  }

  private static void reduce(
      Matrix matrix, int[] members, List<String> states, Map<String, BigInteger> effects) {
    if (members.length == 1) {
      effects.put(states.get(members[0]), matrix.effectOfTheOnlyState());
      return;
    }
    int half = members.length / 2;
    for (int[] range : new int[][] {{0, half}, {half, members.length}}) {
      int[] kept = IntStream.range(range[0], range[1]).toArray();
      int[] gone =
          IntStream.range(0, members.length).filter(i -> i < range[0] || i >= range[1]).toArray();
      Matrix reduced = matrix.ordered(kept, gone);
      for (int state = members.length - 1; state >= kept.length; state--) {
        reduced.takeOut(state);
      }
      reduce(
          reduced.first(kept.length),
          IntStream.of(kept).map(i -> members[i]).toArray(),
          states,
          effects);
    }
  }

  /**
   * Flows between states. Row 0 is the start, row s + 1 state s; column 0 is conversion, column 1
   * loss, column s + 2 state s. An entry is high + low, the low part below the high's last digit.
   */
  private static final class Matrix {
    private final double[][] high;
    private final double[][] low;

    Matrix(int states) {
      high = new double[states + 1][states + 2];
      low = new double[states + 1][states + 2];
    }

    /** A copy with the states in another order. */
    Matrix ordered(int[] kept, int[] gone) {
      int[] order = IntStream.concat(IntStream.of(kept), IntStream.of(gone)).toArray();
      Matrix copy = new Matrix(order.length);
      for (int row = 0; row <= order.length; row++) {
        int from = row == 0 ? 0 : order[row - 1] + 1;
        System.arraycopy(high[from], 0, copy.high[row], 0, 2);
        System.arraycopy(low[from], 0, copy.low[row], 0, 2);
        for (int state = 0; state < order.length; state++) {
          copy.high[row][state + 2] = high[from][order[state] + 2];
          copy.low[row][state + 2] = low[from][order[state] + 2];
        }
      }
      return copy;
    }

    Matrix first(int states) {
      Matrix part = new Matrix(states);
      for (int row = 0; row <= states; row++) {
        System.arraycopy(high[row], 0, part.high[row], 0, states + 2);
        System.arraycopy(low[row], 0, part.low[row], 0, states + 2);
      }
      return part;
    }

    /** Passes the inflow of the last state on; the flow to itself makes no difference. */
    void takeOut(int last) {
      int row = last + 1;
      int column = last + 2;
      double sum = 0;
      double rest = 0;
      for (int j = 0; j < column; j++) {
        double next = sum + high[row][j];
        double part = next - sum;
        rest += (sum - (next - part)) + (high[row][j] - part) + low[row][j];
        sum = next;
      }
      double outflow = sum + rest;
      if (outflow == 0) {
        return;
      }
      double outflowRest = rest - (outflow - sum);
      for (int i = 0; i < row; i++) {
        double inflow = high[i][column];
        if (inflow != 0) {
          double share = inflow / outflow;
          double left = Math.fma(-share, outflow, inflow) + low[i][column] - share * outflowRest;
          addTo(i, row, column, share, left / outflow);
        }
      }
    }

    private void addTo(int target, int source, int columns, double share, double shareRest) {
      double[] toHigh = high[target];
      double[] toLow = low[target];
      double[] fromHigh = high[source];
      double[] fromLow = low[source];
      for (int j = 0; j < columns; j++) {
        double product = share * fromHigh[j];
        double productRest =
            Math.fma(share, fromHigh[j], -product) + share * fromLow[j] + shareRest * fromHigh[j];
        double sum = toHigh[j] + product;
        double part = sum - toHigh[j];
        double rest = (toHigh[j] - (sum - part)) + (product - part) + (toLow[j] + productRest);
        double whole = sum + rest;
        toHigh[j] = whole;
        toLow[j] = rest - (whole - sum);
      }
    }

    /** Conversions through the one state over all conversions. */
    BigInteger effectOfTheOnlyState() {
      BigDecimal around = entry(0, CONVERSION_COLUMN);
      BigDecimal converting = entry(1, CONVERSION_COLUMN);
      BigDecimal leaving = converting.add(entry(1, LOSS_COLUMN));
      if (converting.signum() == 0) {
        return BigInteger.ZERO;
      }
      BigDecimal through = entry(0, 2).multiply(converting).divide(leaving, DIGITS);
      return through.signum() == 0
          ? BigInteger.ZERO
          : through
              .divide(through.add(around), DIGITS)
              .movePointRight(12)
              .setScale(0, RoundingMode.HALF_EVEN)
              .toBigIntegerExact();
    }

    private BigDecimal entry(int row, int column) {
      return new BigDecimal(high[row][column]).add(new BigDecimal(low[row][column]));
    }
  }
}
