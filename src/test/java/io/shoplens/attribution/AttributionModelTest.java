package io.shoplens.attribution;

import static io.shoplens.attribution.AttributionModel.LAST_TOUCH;
import static io.shoplens.attribution.AttributionModel.LINEAR;
import static io.shoplens.attribution.AttributionModel.PLATFORM_WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.attribution.TouchPath.ClaimWindows;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AttributionModelTest {
  private static final long ORDER_AT = 1_000;
  private static final ClaimWindows WINDOWS = new ClaimWindows(168, 24);

  @Test
  void lastTouchGivesEverythingToTheLast() {
    assertThat(LAST_TOUCH.weights(path(click(1), view(2), click(3)))).containsExactly(0, 0, 1);
  }

  @Test
  void linearCountsEveryTouchTheSame() {
    assertThat(LINEAR.weights(path(click(1), click(1), view(2)))).containsExactly(1, 1, 1);
  }

  @Test
  void platformWindowPrefersTheLatestClickToLaterViews() {
    assertThat(PLATFORM_WINDOW.weights(path(click(900), click(950), view(999))))
        .containsExactly(0, 1, 0);
  }

  @Test
  void platformWindowCountsAClickAtExactlySevenDays() {
    assertThat(PLATFORM_WINDOW.weights(path(click(832), view(990)))).containsExactly(1, 0);
    assertThat(PLATFORM_WINDOW.weights(path(click(831), view(990)))).containsExactly(0, 1);
  }

  @Test
  void platformWindowCountsAViewAtExactlyOneDay() {
    assertThat(PLATFORM_WINDOW.weights(path(view(975), view(976)))).containsExactly(0, 1);
    assertThat(PLATFORM_WINDOW.weights(path(view(970), view(975)))).containsExactly(0, 0);
  }

  @Test
  void aPathWithoutTouchesGivesNoWeights() {
    assertThat(Stream.of(AttributionModel.values()).map(model -> model.weights(path()).length))
        .containsOnly(0);
  }

  @Test
  void modelsEqualTheirDefinitionsOnRandomPaths() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      long[] instants = random.longs(1 + i % 12, 780, ORDER_AT + 1).sorted().toArray();
      Touch[] touches =
          IntStream.range(0, instants.length)
              .mapToObj(n -> random.nextBoolean() ? click(instants[n]) : view(instants[n]))
              .toArray(Touch[]::new);
      TouchPath path = path(touches);

      long[] last = new long[touches.length];
      last[touches.length - 1] = 1;
      assertThat(LAST_TOUCH.weights(path)).containsExactly(last);
      assertThat(LINEAR.weights(path)).hasSize(touches.length).containsOnly(1);
      assertThat(PLATFORM_WINDOW.weights(path)).containsExactly(platformWindow(touches));
    }
  }

  private static long[] platformWindow(Touch... touches) {
    int chosen = -1;
    for (int i = 0; i < touches.length; i++) {
      if (!touches[i].isClick() && ORDER_AT - touches[i].at() <= 24) {
        chosen = i;
      }
    }
    for (int i = 0; i < touches.length; i++) {
      if (touches[i].isClick() && ORDER_AT - touches[i].at() <= 168) {
        chosen = i;
      }
    }
    long[] weights = new long[touches.length];
    if (chosen >= 0) {
      weights[chosen] = 1;
    }
    return weights;
  }

  private static TouchPath path(Touch... touches) {
    return new TouchPath(List.of(touches), 0, ORDER_AT, WINDOWS);
  }

  private static Touch click(long at) {
    return touch(at, "click");
  }

  private static Touch view(long at) {
    return touch(at, "view");
  }

  private static Touch touch(long at, String interaction) {
    return new Touch(
        at,
        at,
        at,
        "e" + at,
        true,
        false,
        "in_app_shop",
        "c",
        interaction,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
