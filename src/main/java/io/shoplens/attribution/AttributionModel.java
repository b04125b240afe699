package io.shoplens.attribution;

import static java.math.BigInteger.ONE;

import io.shoplens.config.AttributionSettings.Model;
import java.math.BigInteger;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The models. Each turns a path into whole-number weights, one per touch; credit is split in
 * proportion to them. No positive weight at all means that nobody earned the order. Sources are
 * those of the definitions, section 5.
 */
public enum AttributionModel {
  /** The first touch earns everything. */
  FIRST_TOUCH(path -> Weights.only(Math.min(0, path.last()), path.length())),
  /** The last touch earns everything. */
  LAST_TOUCH(path -> Weights.only(path.last(), path.length())),
  /** The latest touch that is not direct, or the last where all are: Google Analytics 4. */
  LAST_NON_DIRECT(path -> Weights.only(path.lastNonDirect(), path.length())),
  /** Every touch earns the same, repeats too. */
  LINEAR(path -> Weights.equally(path.length())),
  /** 40% to the first, 40% to the last, 20% to those between: Adobe's U-shaped. */
  POSITION_BASED(path -> Weights.fifths(2, 2, path.length())),
  /** 20% to the first, 60% to the last, 20% to those between; of two 25% and 75%: Adobe. */
  J_SHAPED(path -> Weights.fifths(1, 3, path.length())),
  /** 60% to the first, 20% to the last, 20% to those between; of two 75% and 25%: Adobe. */
  INVERSE_J(path -> Weights.fifths(3, 1, path.length())),
  /** Half as much for every 7 days before the last touch: Google Ads, Adobe. */
  TIME_DECAY(
      path ->
          path.touches().stream()
              .map(touch -> Decay.weight(path.touches().get(path.last()).at() - touch.at()))
              .toArray(BigInteger[]::new)),
  /** The latest click within 7 days, else the latest view within 1 day: TikTok Shop ads. */
  PLATFORM_WINDOW(path -> Weights.only(path.claiming(), path.length())),
  /**
   * The same to each channel of the path, shared equally by its touches: the exact Shapley value
   * where a set of channels is worth the conversions of the paths within it. Zhao et al. 2018.
   */
  SHAPLEY(path -> Weights.ofChannels(path.touches(), channel -> ONE)),
  /**
   * To each channel its removal effect, shared equally by its touches; the same to each touch where
   * no channel of the path has any. Anderl et al. 2016.
   */
  MARKOV(
      (path, effects) -> {
        BigInteger[] weights = Weights.ofChannels(path.touches(), effects::of);
        return Weights.areZero(weights) ? Weights.equally(path.length()) : weights;
      });

  private final BiFunction<TouchPath, RemovalEffects, BigInteger[]> weights;

  AttributionModel(Function<TouchPath, BigInteger[]> weights) {
    this((path, effects) -> weights.apply(path));
  }

  AttributionModel(BiFunction<TouchPath, RemovalEffects, BigInteger[]> weights) {
    this.weights = weights;
  }

  /** The arithmetic of a configured model. */
  static AttributionModel of(Model model) {
    return valueOf(model.name());
  }

  /** The name in the tables, such as {@code last_touch}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  BigInteger[] weights(TouchPath path, RemovalEffects effects) {
    return weights.apply(path, effects);
  }
}
