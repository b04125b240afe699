package io.shoplens.config;

import java.time.Duration;
import java.util.List;

/**
 * Models, windows and bounds of attribution. Windows are exact intervals, both ends included.
 *
 * @param models the models that are computed, in the order of {@link Model}
 * @param lookback how long before an order a touch can earn credit
 * @param clickWindow how long a click on an ad claims an order
 * @param viewWindow how long a view of an ad claims an order
 * @param maximumTouches touches a path keeps: the first, and the latest of the others
 * @param pathOptions what is left out of paths
 * @param claims who else claims orders
 */
public record AttributionSettings(
    List<Model> models,
    Duration lookback,
    Duration clickWindow,
    Duration viewWindow,
    int maximumTouches,
    List<PathOption> pathOptions,
    Claims claims) {

  /** What can be left out of a path. Windows, entries and eligibility are as ever. */
  public enum PathOption {
    /**
     * Touches of the same channel as the touch before them in the path: of a channel seen ten times
     * in a row the first counts. Looks at the touches that the maximum leaves, so that what is held
     * of a path stays bounded.
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
}
