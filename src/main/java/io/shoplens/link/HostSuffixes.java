package io.shoplens.link;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;

/**
 * Values by host suffix, cut at label borders: {@code shopee.sg} covers {@code m.shopee.sg} and not
 * {@code myshopee.sg}.
 */
final class HostSuffixes<V extends Serializable> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, V> values = new HashMap<>();

  /** Adds a value unless the suffix has one: the first line of a catalogue stands. */
  void add(String suffix, V value) {
    values.putIfAbsent(suffix, value);
  }

  /** The value of exactly this suffix, or null. */
  V exactly(String suffix) {
    return values.get(suffix);
  }

  /** The longest suffix of the host that has a value, or null. */
  Match<V> longest(String host) {
    for (String suffix = host; suffix != null; suffix = shortened(suffix)) {
      V value = values.get(suffix);
      if (value != null) {
        return new Match<>(suffix, value);
      }
    }
    return null;
  }

  /** The values of all suffixes of the host, the longest first. */
  List<V> along(String host) {
    List<V> found = List.of();
    for (String suffix = host; suffix != null; suffix = shortened(suffix)) {
      V value = values.get(suffix);
      if (value != null) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(value);
      }
    }
    return found;
  }

  Collection<V> all() {
    return values.values();
  }

  private static String shortened(String suffix) {
    int dot = suffix.indexOf('.');
    return dot < 0 ? null : suffix.substring(dot + 1);
  }

  /** A suffix and its value. */
  record Match<V>(String suffix, V value) {}
}
