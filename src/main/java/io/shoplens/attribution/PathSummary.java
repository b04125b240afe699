package io.shoplens.attribution;

import io.shoplens.config.AttributionSettings;
import io.shoplens.config.AttributionSettings.Claims;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What is told of a path as a whole.
 *
 * @param channels its channels in order, one step for touches of one channel in a row, as in {@code
 *     live > search}; of more than {@value #MAXIMUM_STEPS} steps the first and the last {@value
 *     #LAST_STEPS} around an ellipsis; NULL without touches
 * @param lag whole seconds from the first touch to the order; NULL without touches
 * @param isExternal whether an external link is among the touches
 * @param claims how many of ad platform and affiliates claim the order by their windows
 */
record PathSummary(String channels, Long lag, boolean isExternal, int claims) {
  static final int MAXIMUM_STEPS = 20;
  static final int LAST_STEPS = 19;

  private static final String EXTERNAL_LINK = "external_link";
  private static final long SECOND = 1_000_000;

  /**
   * Who claims what, the ad platform by the path's windows.
   *
   * @param affiliateClick how long a click claims for an affiliate, in microseconds
   */
  record Claimants(List<String> adChannels, List<String> affiliateChannels, long affiliateClick)
      implements Serializable {

    static Claimants of(AttributionSettings settings) {
      Claims claims = settings.claims();
      return new Claimants(
          new ArrayList<>(claims.adChannels()),
          new ArrayList<>(claims.affiliateChannels()),
          CreditRows.micros(claims.affiliateWindow()));
    }

    private int of(TouchPath path) {
      boolean byAd =
          path.touches().stream()
              .filter(touch -> adChannels.contains(touch.channel()))
              .anyMatch(
                  touch ->
                      path.orderAt() - touch.at()
                          <= (touch.isClick() ? path.windows().click() : path.windows().view()));
      boolean byAffiliate =
          path.touches().stream()
              .filter(touch -> affiliateChannels.contains(touch.channel()) && touch.isClick())
              .anyMatch(touch -> path.orderAt() - touch.at() <= affiliateClick);
      return (byAd ? 1 : 0) + (byAffiliate ? 1 : 0);
    }
  }

  static PathSummary of(TouchPath path, Claimants claimants) {
    if (path.length() == 0) {
      return new PathSummary(null, null, false, 0);
    }
    return new PathSummary(
        channels(path.touches()),
        (path.orderAt() - path.touches().get(0).at()) / SECOND,
        path.touches().stream().anyMatch(touch -> EXTERNAL_LINK.equals(touch.touchClass())),
        claimants.of(path));
  }

  private static String channels(List<Touch> touches) {
    List<String> steps = new ArrayList<>();
    for (Touch touch : touches) {
      String channel = String.valueOf(touch.channel());
      if (steps.isEmpty() || !steps.get(steps.size() - 1).equals(channel)) {
        steps.add(channel);
      }
    }
    int count = steps.size();
    if (count > MAXIMUM_STEPS) {
      List<String> last = steps.subList(count - LAST_STEPS, count);
      return steps.get(0) + " > ... > " + String.join(" > ", last);
    }
    return String.join(" > ", steps);
  }
}
