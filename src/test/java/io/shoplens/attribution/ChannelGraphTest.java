package io.shoplens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChannelGraphTest {
  private static final String CONVERSION = ChannelGraph.CONVERSION;
  private static final String LOSS = ChannelGraph.LOSS;

  /**
   * S. Bryl', Marketing multi-channel attribution model with R (2016), after Anderl et al.: of the
   * paths C1 C2 C3 to a conversion, C1 and C2 C3 to none, half of the conversions are lost without
   * C1 and all without C2 or C3, so that they share .2, .4 and .4.
   */
  @Test
  void theThreePathsHaveThePublishedRemovalEffects() {
    ChannelGraph graph = new ChannelGraph();
    add(graph, CONVERSION, "C1", "C2", "C3");
    add(graph, LOSS, "C1");
    add(graph, LOSS, "C2", "C3");

    assertThat(graph.removalEffects())
        .isEqualTo(
            Map.of(
                "C1", units("500000000000"),
                "C2", units("1000000000000"),
                "C3", units("1000000000000")));
    assertThat(graph.ended(CONVERSION)).isEqualTo(1);
    assertThat(graph.ended(LOSS)).isEqualTo(2);
  }

  @Test
  void aChannelThatLeadsToNoConversionHasNoEffect() {
    ChannelGraph graph = new ChannelGraph();
    add(graph, CONVERSION, "a");
    add(graph, LOSS, "b", "b");
    graph.add("unreached", CONVERSION, 3);
    graph.add("stuck", "stuck", 3);

    assertThat(graph.removalEffects())
        .isEqualTo(
            Map.of(
                "a", units("1000000000000"),
                "b", BigInteger.ZERO,
                "unreached", BigInteger.ZERO,
                "stuck", BigInteger.ZERO));
  }

  @Test
  void withoutConversionsNoChannelHasAnEffect() {
    ChannelGraph graph = new ChannelGraph();
    add(graph, LOSS, "a", "b");

    assertThat(graph.removalEffects())
        .isEqualTo(Map.of("a", BigInteger.ZERO, "b", BigInteger.ZERO));
    assertThat(new ChannelGraph().removalEffects()).isEmpty();
  }

  @Test
  void randomPathsHaveTheEffectsOfRemovingChannelAfterChannelInFractions() {
    for (int seed = 0; seed < 10_000; seed++) {
      Random random = new Random(seed);
      int channelCount = seed % 10 == 0 ? 4 : 1 + random.nextInt(3);
      ChannelGraph graph = new ChannelGraph();
      Map<String, Map<String, Long>> counts = new TreeMap<>();
      for (int path = random.nextInt(8); path >= 0; path--) {
        String[] channels =
            IntStream.range(0, 1 + random.nextInt(5))
                .mapToObj(i -> "c" + random.nextInt(channelCount))
                .toArray(String[]::new);
        String end = random.nextInt(3) == 0 ? CONVERSION : LOSS;
        long times = random.nextInt(20) == 0 ? 1_000_000_000_000L : 1 + random.nextInt(3);
        transitions(end, channels)
            .forEach(
                move -> {
                  graph.add(move[0], move[1], times);
                  counts
                      .computeIfAbsent(move[0], from -> new TreeMap<>())
                      .merge(move[1], times, Long::sum);
                });
      }

      assertThat(graph.removalEffects()).as("seed %d", seed).isEqualTo(effects(counts));
    }
  }

  @Test
  @Timeout(120)
  void twoThousandChannelsAreSolved() {
    Random random = new Random(1);
    ChannelGraph graph = new ChannelGraph();
    for (int path = 0; path < 5_000; path++) {
      String[] channels =
          IntStream.range(0, 1 + random.nextInt(4))
              .mapToObj(i -> "c" + random.nextInt(1 + random.nextInt(2000)))
              .toArray(String[]::new);
      add(graph, random.nextInt(5) == 0 ? CONVERSION : LOSS, channels);
    }
    for (int channel = 0; channel < 2_000; channel++) {
      add(graph, LOSS, "c" + channel);
    }

    Map<String, BigInteger> effects = graph.removalEffects();

    assertThat(effects).hasSize(2_000);
    assertThat(effects.values()).allMatch(effect -> effect.signum() >= 0);
    assertThat(effects.get("c0")).isGreaterThan(BigInteger.ZERO);
  }

  private static void add(ChannelGraph graph, String end, String... channels) {
    transitions(end, channels).forEach(move -> graph.add(move[0], move[1], 1));
  }

  private static List<String[]> transitions(String end, String... channels) {
    List<String[]> moves = new ArrayList<>();
    String state = ChannelGraph.START;
    for (String channel : channels) {
      moves.add(new String[] {state, channel});
      state = channel;
    }
    moves.add(new String[] {state, end});
    return moves;
  }

  /** 1 - p(conversion without the channel) / p(conversion), each by its own linear equations. */
  private static Map<String, BigInteger> effects(Map<String, Map<String, Long>> counts) {
    List<String> channels = new ArrayList<>(new TreeSet<>(counts.keySet()));
    channels.remove(ChannelGraph.START);
    BigInteger[] all = conversion(counts, channels, null);
    Map<String, BigInteger> effects = new HashMap<>();
    for (String removed : channels) {
      BigInteger[] without = conversion(counts, channels, removed);
      // 1 - (w0 / w1) / (a0 / a1) = 1 - w0 a1 / (w1 a0)
      effects.put(
          removed,
          all[0].signum() == 0
              ? BigInteger.ZERO
              : BigDecimal.ONE
                  .subtract(
                      new BigDecimal(without[0].multiply(all[1]))
                          .divide(
                              new BigDecimal(without[1].multiply(all[0])),
                              60,
                              RoundingMode.HALF_EVEN))
                  .movePointRight(12)
                  .setScale(0, RoundingMode.HALF_EVEN)
                  .toBigIntegerExact());
    }
    return effects;
  }

  /** Numerator and denominator of p(conversion) by Cramer's rule, from whole-number equations. */
  private static BigInteger[] conversion(
      Map<String, Map<String, Long>> counts, List<String> channels, String removed) {
    List<String> states = new ArrayList<>(channels);
    states.add(0, ChannelGraph.START);
    int n = states.size();
    // n_i x_i - sum over j of n_ij x_j = n_i,conversion; x of the removed is 0.
    BigInteger[][] equations = new BigInteger[n][n + 1];
    for (int i = 0; i < n; i++) {
      Arrays.fill(equations[i], BigInteger.ZERO);
      Map<String, Long> to = counts.getOrDefault(states.get(i), Map.of());
      long total = to.values().stream().mapToLong(Long::longValue).sum();
      equations[i][i] = BigInteger.valueOf(states.get(i).equals(removed) ? 1 : total);
      if (!states.get(i).equals(removed)) {
        for (int j = 0; j < n; j++) {
          equations[i][j] =
              equations[i][j].subtract(BigInteger.valueOf(to.getOrDefault(states.get(j), 0L)));
        }
        equations[i][n] = BigInteger.valueOf(to.getOrDefault(CONVERSION, 0L));
      }
    }
    BigInteger[][] first = new BigInteger[n][];
    BigInteger[][] square = new BigInteger[n][];
    for (int i = 0; i < n; i++) {
      square[i] = Arrays.copyOf(equations[i], n);
      first[i] = Arrays.copyOf(equations[i], n);
      first[i][0] = equations[i][n];
    }
    return new BigInteger[] {determinant(first), determinant(square)};
  }

  private static BigInteger determinant(BigInteger[][] matrix) {
    int n = matrix.length;
    if (n == 1) {
      return matrix[0][0];
    }
    BigInteger sum = BigInteger.ZERO;
    for (int column = 0; column < n; column++) {
      if (matrix[0][column].signum() != 0) {
        int without = column;
        BigInteger[][] minor =
            IntStream.range(1, n)
                .mapToObj(
                    row ->
                        IntStream.range(0, n)
                            .filter(j -> j != without)
                            .mapToObj(j -> matrix[row][j])
                            .toArray(BigInteger[]::new))
                .toArray(BigInteger[][]::new);
        BigInteger part = matrix[0][column].multiply(determinant(minor));
        sum = column % 2 == 0 ? sum.add(part) : sum.subtract(part);
      }
    }
    return sum;
  }

  private static BigInteger units(String text) {
    return new BigInteger(text);
  }
}
