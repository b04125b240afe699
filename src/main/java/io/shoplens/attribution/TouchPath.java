package io.shoplens.attribution;

import io.shoplens.config.AttributionSettings;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the models see of the way to an order.
 *
 * @param touches by (touch_at, event_id); at most the configured number: the first and the latest
 * @param dropped how many touches in between were left out
 * @param orderAt instant of the order, in microseconds
 * @param windows how far the order looks back, and how long clicks and views claim it
 */
record TouchPath(List<Touch> touches, int dropped, long orderAt, Windows windows) {

  /** The windows of an order's market, in microseconds. */
  record Windows(long lookback, long click, long view) implements Serializable {
    static Windows of(AttributionSettings.Windows windows) {
      return new Windows(
          CreditRows.micros(windows.lookback()),
          CreditRows.micros(windows.click()),
          CreditRows.micros(windows.view()));
    }
  }

  int length() {
    return touches.size();
  }

  /** The position of the last touch, or -1. */
  int last() {
    return length() - 1;
  }

  /** The position of the latest click within its window, else of the latest view, or -1. */
  int claiming() {
    int click = latest(true, orderAt - windows.click());
    return click >= 0 ? click : latest(false, orderAt - windows.view());
  }

  /** The position of the latest touch that is not direct, else of the last, or -1. */
  int lastNonDirect() {
    return IntStream.iterate(last(), i -> i >= 0, i -> i - 1)
        .filter(i -> !touches.get(i).isDirect())
        .findFirst()
        .orElse(last());
  }

  private int latest(boolean click, long since) {
    return IntStream.iterate(last(), i -> i >= 0, i -> i - 1)
        .filter(i -> touches.get(i).isClick() == click && touches.get(i).at() >= since)
        .findFirst()
        .orElse(-1);
  }
}
