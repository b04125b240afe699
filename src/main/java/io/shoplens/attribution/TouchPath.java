package io.shoplens.attribution;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the models see of the way to an order.
 *
 * @param touches by (touch_at, event_id); at most the configured number: the first and the latest
 * @param dropped how many touches in between were left out
 * @param orderAt instant of the order, in microseconds
 * @param windows how long clicks and views claim an order
 */
record TouchPath(List<Touch> touches, int dropped, long orderAt, ClaimWindows windows) {

  /** How long a platform lets a click and a view claim an order, in microseconds. */
  record ClaimWindows(long click, long view) {}

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

  /** All credit to one touch; to none where the position is negative. */
  long[] only(int position) {
    long[] weights = new long[length()];
    if (position >= 0) {
      weights[position] = 1;
    }
    return weights;
  }

  /** The same credit to each touch. */
  long[] equally() {
    long[] weights = new long[length()];
    Arrays.fill(weights, 1);
    return weights;
  }

  private int latest(boolean click, long since) {
    return IntStream.iterate(last(), i -> i >= 0, i -> i - 1)
        .filter(i -> touches.get(i).isClick() == click && touches.get(i).at() >= since)
        .findFirst()
        .orElse(-1);
  }
}
