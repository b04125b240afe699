package io.shoplens.attribution;

import java.util.Locale;
import java.util.function.Function;

/**
 * The models that are computed. Each turns a path into integer weights, one per touch; credit is
 * split in proportion to them. No positive weight at all means that nobody earned the order.
 */
public enum AttributionModel {
  /** The last touch earns everything. */
  LAST_TOUCH(path -> path.only(path.last())),
  /** Every touch earns the same, repeats too. */
  LINEAR(TouchPath::equally),
  /** The latest click within 7 days, else the latest view within 1 day: TikTok Shop ads. */
  PLATFORM_WINDOW(path -> path.only(path.claiming()));

  private final Function<TouchPath, long[]> weights;

  AttributionModel(Function<TouchPath, long[]> weights) {
    this.weights = weights;
  }

  /** The name in the tables, such as {@code last_touch}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  long[] weights(TouchPath path) {
    return weights.apply(path);
  }
}
