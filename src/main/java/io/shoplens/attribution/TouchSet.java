package io.shoplens.attribution;

import java.util.Locale;

/** Which touches of a path share the credit. */
public enum TouchSet {
  /** The first touch of each session, and outbound clicks: what brought the buyer. */
  ENTRY,
  /** Every touch. */
  ALL;

  /** The name in the tables: {@code entry} or {@code all}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean holds(Touch touch) {
    return this == ALL || touch.isEntry();
  }
}
