package io.shoplens.attribution;

import static io.shoplens.attribution.AttributionModel.INVERSE_J;
import static io.shoplens.attribution.AttributionModel.J_SHAPED;
import static io.shoplens.attribution.AttributionModel.LAST_NON_DIRECT;
import static io.shoplens.attribution.AttributionModel.MARKOV;
import static io.shoplens.attribution.AttributionModel.PLATFORM_WINDOW;
import static io.shoplens.attribution.AttributionModel.POSITION_BASED;
import static io.shoplens.attribution.AttributionModel.SHAPLEY;
import static io.shoplens.attribution.AttributionModel.TIME_DECAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.attribution.SlowModels.Touched;
import io.shoplens.attribution.TouchPath.Windows;
import io.shoplens.config.AttributionSettings.Model;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttributionModelTest {
  private static final int RANDOM_PATHS = 10_000;
  private static final long DAY = CreditRows.micros(Duration.ofDays(1));
  private static final long HOUR = CreditRows.micros(Duration.ofHours(1));
  private static final long ORDER_AT = 40 * DAY;
  private static final Windows WINDOWS = new Windows(30 * DAY, 7 * DAY, DAY);

  @ParameterizedTest
  @EnumSource
  void randomPathsGiveTheCreditsOfTheDefinitionToTheCent(AttributionModel model) {
    Random random = new Random(model.ordinal());
    for (int i = 0; i < RANDOM_PATHS; i++) {
      List<Touched> touched = randomPath(random);
      long amount = random.nextInt(4) == 0 ? random.nextInt(8) : random.nextLong(-90_000, 900_000);
      Map<String, BigDecimal> effects = randomEffects(random);

      assertThat(credits(model, touched, amount, effects))
          .as("%s of %d over %s with %s", model, amount, touched, effects)
          .containsExactly(SlowModels.credits(model.id(), touched, ORDER_AT, amount, effects));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPathWithoutTouchesGivesNoWeights(AttributionModel model) {
    assertThat(model.weights(path(List.of()), RemovalEffects.NONE)).isEmpty();
  }

  @Test
  void everyConfiguredModelHasItsArithmetic() {
    assertThat(Arrays.stream(Model.values()).map(AttributionModel::of))
        .containsExactly(AttributionModel.values());
  }

  /**
   * Adobe Analytics, Attribution models: "J-shaped" and "Time decay" of its example of $50 over
   * four channels.
   */
  @Test
  void adobesFiftyDollarsAreSplitAsPublished() {
    List<Touched> fourDays =
        List.of(click(30, "a"), click(31, "b"), click(36, "c"), click(39, "d"));
    assertThat(credits(J_SHAPED, fourDays, 50_00, Map.of())).containsExactly(1000, 500, 500, 3000);
    assertThat(credits(INVERSE_J, fourDays, 50_00, Map.of())).containsExactly(3000, 500, 500, 1000);

    List<Touched> wholeDayGaps =
        List.of(click(30, "a"), click(33, "b"), click(39, "c"), click(39, "d"));
    assertThat(credits(TIME_DECAY, wholeDayGaps, 50_00, Map.of()))
        .containsExactly(692, 932, 1688, 1688);
  }

  /**
   * Zhao, Mahboobi and Bagheri 2018, Shapley value methods for attribution modeling: where paths
   * within {A, B} convert 10 times and those within {A} twice, A is worth 7 and B 5.
   */
  @Test
  void shapleyValuesOfTwoChannelsAreThePublished() {
    long[] both = credits(SHAPLEY, List.of(click(30, "A"), click(31, "B")), 10, Map.of());
    long[] alone = credits(SHAPLEY, List.of(click(30, "A")), 2, Map.of());

    assertThat(both[0] + alone[0]).isEqualTo(7);
    assertThat(both[1]).isEqualTo(5);
  }

  @Test
  void ofTwoTouchesThePositionsShareAsPublished() {
    List<Touched> two = List.of(click(30, "a"), click(31, "b"));
    assertThat(credits(POSITION_BASED, two, 100, Map.of())).containsExactly(50, 50);
    assertThat(credits(J_SHAPED, two, 100, Map.of())).containsExactly(25, 75);
    assertThat(credits(INVERSE_J, two, 100, Map.of())).containsExactly(75, 25);
  }

  @Test
  void directEarnsTheLastNonDirectClickOnlyWhereAllAreDirect() {
    Touched direct = new Touched(39 * DAY, "direct", true, true);
    assertThat(credits(LAST_NON_DIRECT, List.of(click(30, "a"), direct), 100, Map.of()))
        .containsExactly(100, 0);
    assertThat(credits(LAST_NON_DIRECT, List.of(direct, direct), 100, Map.of()))
        .containsExactly(0, 100);
  }

  @Test
  void theEndsOfTheClaimWindowsClaimAndTheMomentBeforeDoesNot() {
    assertThat(credits(PLATFORM_WINDOW, List.of(at(7 * DAY, true), at(0, false)), 1, Map.of()))
        .containsExactly(1, 0);
    assertThat(
            credits(PLATFORM_WINDOW, List.of(at(7 * DAY + 1, true), at(DAY, false)), 1, Map.of()))
        .containsExactly(0, 1);
    assertThat(credits(PLATFORM_WINDOW, List.of(at(DAY + 1, false)), 1, Map.of()))
        .containsExactly(0);
  }

  @Test
  void markovIsLinearWhereNoChannelOfThePathHasAnEffect() {
    List<Touched> path = List.of(click(30, "a"), click(31, "b"), click(32, "a"));
    assertThat(credits(MARKOV, path, 90, Map.of("c", BigDecimal.ONE))).containsExactly(30, 30, 30);
    assertThat(credits(MARKOV, path, 90, Map.of("a", new BigDecimal("0.4"))))
        .containsExactly(45, 0, 45);
  }

  @Test
  void aPathOfAThousandTouchesKeepsItsProportions() {
    List<Touched> path = new ArrayList<>();
    for (int channel = 1; channel <= 44; channel++) {
      for (int touch = 0; touch < channel; touch++) {
        path.add(click(30, "c" + channel));
      }
    }
    long[] credits = credits(SHAPLEY, path, 44_000_000, Map.of());

    assertThat(credits[0]).isEqualTo(1_000_000);
    assertThat(Arrays.stream(credits).sum()).isEqualTo(44_000_000);
    assertThat(credits[credits.length - 1]).isBetween(22_727L, 22_728L);
  }

  private static long[] credits(
      AttributionModel model, List<Touched> touched, long amount, Map<String, BigDecimal> effects) {
    Map<String, BigInteger> known = new HashMap<>();
    effects.forEach((channel, effect) -> known.put(channel, effect.setScale(12).unscaledValue()));
    BigInteger[] weights = model.weights(path(touched), new RemovalEffects(known));
    return Weights.areZero(weights)
        ? new long[weights.length]
        : Arrays.stream(Allocation.split(BigInteger.valueOf(amount), weights))
            .mapToLong(BigInteger::longValueExact)
            .toArray();
  }

  private static List<Touched> randomPath(Random random) {
    int length = random.nextInt(40) == 0 ? 60 : 1 + random.nextInt(9);
    int channels = 1 + random.nextInt(6);
    boolean isCoarse = random.nextBoolean();
    return IntStream.range(0, length)
        .mapToLong(
            i ->
                isCoarse
                    ? ORDER_AT - 12 * HOUR * random.nextInt(61)
                    : ORDER_AT - random.nextLong(30 * DAY))
        .sorted()
        .mapToObj(
            at -> {
              int channel = random.nextInt(channels);
              return new Touched(at, "c" + channel, random.nextInt(3) == 0, channel == 0);
            })
        .toList();
  }

  private static Map<String, BigDecimal> randomEffects(Random random) {
    Map<String, BigDecimal> effects = new HashMap<>();
    for (int channel = 0; channel < 5; channel++) {
      long units = random.nextInt(3) == 0 ? 0 : random.nextLong(1_000_000_000_001L);
      effects.put("c" + channel, BigDecimal.valueOf(units, 12));
    }
    return effects;
  }

  private static TouchPath path(List<Touched> touched) {
    List<Touch> touches =
        IntStream.range(0, touched.size()).mapToObj(i -> touch(i, touched.get(i))).toList();
    return new TouchPath(touches, 0, ORDER_AT, WINDOWS);
  }

  private static Touch touch(int sequence, Touched touched) {
    return new Touch(
        sequence,
        touched.at(),
        touched.at(),
        "e" + sequence,
        true,
        false,
        touched.direct() ? "direct" : "in_app_shop",
        touched.channel(),
        touched.click() ? "click" : "view",
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static Touched click(int day, String channel) {
    return new Touched(day * DAY, channel, true, false);
  }

  private static Touched at(long before, boolean click) {
    return new Touched(ORDER_AT - before, "c", click, false);
  }
}
