package io.shoplens.attribution;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** Removal effects by the orders they are for. */
public final class ChannelEffects implements Serializable {
  /** Where no weights are known. */
  public static final ChannelEffects NONE = new ChannelEffects(Map.of());

  private static final long serialVersionUID = 1L;

  private final HashMap<Key, RemovalEffects> byKey;

  /**
   * Whose weights they are.
   *
   * @param week its Monday, in days of the epoch
   */
  record Key(String market, String salesChannel, TouchSet touchSet, int week)
      implements Serializable {}

  ChannelEffects(Map<Key, RemovalEffects> byKey) {
    this.byKey = new HashMap<>(byKey);
  }

  RemovalEffects of(String market, String salesChannel, TouchSet touchSet, int week) {
    return byKey.getOrDefault(new Key(market, salesChannel, touchSet, week), RemovalEffects.NONE);
  }
}
