package io.shoplens.attribution;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Map;

/**
 * What conversions would be lost without a channel, by channel, in units of 10^-12 of all.
 *
 * @param byChannel none negative; a channel that is not there has none
 */
record RemovalEffects(Map<String, BigInteger> byChannel) implements Serializable {
  /** Of channels of which nothing is known. */
  static final RemovalEffects NONE = new RemovalEffects(Map.of());

  RemovalEffects {
    byChannel = Map.copyOf(byChannel);
  }

  BigInteger of(String channel) {
    return channel == null ? BigInteger.ZERO : byChannel.getOrDefault(channel, BigInteger.ZERO);
  }
}
