package io.shoplens.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Models, windows and bounds of attribution.
 *
 * @param models the models that are computed, in the order of {@link Model}
 * @param windows the windows of markets without some of their own
 * @param marketWindows windows by market
 * @param maximumTouches touches a path keeps: the first, and the latest of the others
 * @param pathOptions what is left out of paths
 * @param claims who else claims orders
 */
public record AttributionSettings(
    List<Model> models,
    Windows windows,
    Map<String, Windows> marketWindows,
    int maximumTouches,
    List<PathOption> pathOptions,
    Claims claims) {

  /**
   * How far an order looks back: exact intervals, both ends included.
   *
   * @param lookback how long before an order a touch can earn credit
   * @param click how long a click claims an order, in platform_window and for the ad platform
   * @param view how long a view does
   */
  public record Windows(Duration lookback, Duration click, Duration view) implements Serializable {}

  /**
   * What can be left out of a path. Windows, entries and eligibility are as ever; the maximum
   * counts what is left.
   */
  public enum PathOption {
    /**
     * Touches of the same channel as the touch before them in the path: of a channel seen ten times
     * in a row the first counts.
     */
    COLLAPSE_REPEATS,
    /** All but the first touch of a session: the touch set all becomes like entry. */
    FIRST_PER_SESSION,
    /** Direct touches, unless all are: direct earns nothing where anything else is in the path. */
    DROP_DIRECT
  }

  /** The models there are; what they do is said in the definitions, section 5. */
  public enum Model {
    FIRST_TOUCH,
    LAST_TOUCH,
    LAST_NON_DIRECT,
    LINEAR,
    POSITION_BASED,
    J_SHAPED,
    INVERSE_J,
    TIME_DECAY,
    PLATFORM_WINDOW,
    SHAPLEY,
    MARKOV
  }

  /**
   * Whose windows claim an order, for orders claimed twice.
   *
   * @param adChannels channels whose clicks and views the ad platform claims by
   * @param affiliateChannels channels whose clicks affiliates claim by
   * @param affiliateWindow how long a click claims an order for an affiliate
   */
  public record Claims(
      List<String> adChannels, List<String> affiliateChannels, Duration affiliateWindow) {
    public Claims {
      adChannels = adChannels.stream().distinct().sorted().toList();
      affiliateChannels = affiliateChannels.stream().distinct().sorted().toList();
    }
  }

  public AttributionSettings {
    models = models.stream().distinct().sorted().toList();
    pathOptions = pathOptions.stream().distinct().sorted().toList();
  }

  /** The windows of a market's orders. */
  public Windows windowsOf(String market) {
    return marketWindows.getOrDefault(market, windows);
  }

  /** The longest look-back of any market. */
  public Duration longestLookback() {
    return marketWindows.values().stream()
        .map(Windows::lookback)
        .reduce(windows.lookback(), (one, other) -> one.compareTo(other) < 0 ? other : one);
  }
}
