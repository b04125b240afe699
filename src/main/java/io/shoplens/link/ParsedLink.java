package io.shoplens.link;

import okhttp3.HttpUrl;

/**
 * A link in parts.
 *
 * @param scheme its scheme, in lower case; http and https are the web's, any other an app's
 * @param url the parts, those of an app link read as if it were a web link; null for an app link
 *     without host
 * @param host ASCII host without a trailing dot; null where there is none
 */
record ParsedLink(String scheme, HttpUrl url, String host) {

  boolean isWeb() {
    return scheme.equals("https") || scheme.equals("http");
  }

  /** The key of an app scheme in the catalogues. */
  String schemeKey() {
    return scheme + ":";
  }

  /** Path with its escapes; {@code /} where there is none. */
  String path() {
    return url == null ? "/" : url.encodedPath();
  }

  /**
   * The first non-empty value of a query parameter, percent-decoded once, or null. Names are
   * compared without regard to case and to the {@code amp;} that pages leave behind.
   */
  String parameter(String name) {
    if (url == null) {
      return null;
    }
    for (int i = 0; i < url.querySize(); i++) {
      String value = url.queryParameterValue(i);
      if (value != null
          && !value.isEmpty()
          && plainName(url.queryParameterName(i)).equalsIgnoreCase(name)) {
        return value;
      }
    }
    return null;
  }

  /** A parameter's name without the {@code amp;} of an ampersand that was escaped for HTML. */
  static String plainName(String name) {
    String plain = name;
    while (plain.startsWith("amp;")) {
      plain = plain.substring("amp;".length());
    }
    return plain;
  }
}
