package io.shoplens.link;

import java.util.Locale;

/** How sure it is where a link leads. */
public enum Certainty {
  /** The URL's own host is where it leads. */
  DIRECT,
  /** A wrapper's target was decoded. */
  DECODED,
  /** The target stands in the table of known redirects. */
  KNOWN,
  /** A shortener, hub or wrapper whose target can't be told here. */
  OPAQUE,
  /** Not a link. */
  UNPARSABLE;

  /** The word that tables use. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
