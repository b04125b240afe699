package io.shoplens.attribution;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Whole-number weights of the touches of a path: credit is split in proportion to them. */
final class Weights {
  private Weights() {}

  /** All to one touch; to none where the position is negative. */
  static BigInteger[] only(int position, int length) {
    BigInteger[] weights = none(length);
    if (position >= 0) {
      weights[position] = BigInteger.ONE;
    }
    return weights;
  }

  /** The same to each touch. */
  static BigInteger[] equally(int length) {
    BigInteger[] weights = new BigInteger[length];
    Arrays.fill(weights, BigInteger.ONE);
    return weights;
  }

  /**
   * Fifths to the first touch, to all between together and to the last, the middle's shared
   * equally. The middle gets one fifth however long it is. Two touches share as {@code first} and
   * {@code last} to each other, where the middle's fifth goes half to each.
   */
  static BigInteger[] fifths(int first, int last, int length) {
    if (length <= 1) {
      return equally(length);
    }
    if (length == 2) {
      return new BigInteger[] {BigInteger.valueOf(first), BigInteger.valueOf(last)};
    }
    int middle = length - 2;
    BigInteger[] weights = equally(length);
    weights[0] = BigInteger.valueOf((long) first * middle);
    weights[length - 1] = BigInteger.valueOf((long) last * middle);
    return weights;
  }

  /**
   * Each channel's weight shared equally by its touches, scaled to whole numbers by the least
   * common multiple of the channels' numbers of touches.
   */
  static BigInteger[] ofChannels(List<Touch> touches, Function<String, BigInteger> channelWeight) {
    Map<String, Integer> counts = new HashMap<>();
    touches.forEach(touch -> counts.merge(touch.channel(), 1, Integer::sum));
    BigInteger scale =
        counts.values().stream()
            .distinct()
            .map(BigInteger::valueOf)
            .reduce(BigInteger.ONE, (a, b) -> a.multiply(b).divide(a.gcd(b)));
    Map<String, BigInteger> ofATouch = new HashMap<>();
    counts.forEach(
        (channel, count) ->
            ofATouch.put(
                channel,
                channelWeight.apply(channel).multiply(scale.divide(BigInteger.valueOf(count)))));
    return touches.stream().map(touch -> ofATouch.get(touch.channel())).toArray(BigInteger[]::new);
  }

  /** Whether nobody earns anything. */
  static boolean areZero(BigInteger[] weights) {
    return Arrays.stream(weights).allMatch(weight -> weight.signum() == 0);
  }

  private static BigInteger[] none(int length) {
    BigInteger[] weights = new BigInteger[length];
    Arrays.fill(weights, BigInteger.ZERO);
    return weights;
  }
}
