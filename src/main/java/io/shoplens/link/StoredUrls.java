package io.shoplens.link;

import java.util.Locale;
import java.util.Set;
import okhttp3.HttpUrl;

/** URLs as they may be stored: nothing in them that names a person. */
final class StoredUrls {
  /** Stored URLs are cut at this length. */
  static final int LONGEST = 2_048;

  static final String MASK = "***";

  /** Values stored apart are cut at this length. */
  static final int LONGEST_VALUE = 200;

  private StoredUrls() {}

  /**
   * Scheme, host, port and path, and of the query what is allow-listed; segments and values that
   * look like e-mail addresses are masked.
   *
   * @param parameters allowed parameters, in lower case
   */
  static String of(ParsedLink link, Set<String> parameters) {
    StringBuilder text = new StringBuilder(128).append(link.scheme()).append(':');
    HttpUrl url = link.url();
    if (link.host() == null) {
      return text.toString();
    }
    text.append("//");
    boolean address = link.host().indexOf(':') >= 0;
    text.append(address ? "[" + link.host() + "]" : link.host());
    if (url.port() != HttpUrl.defaultPort(url.scheme())) {
      text.append(':').append(url.port());
    }
    for (String segment : url.encodedPathSegments()) {
      text.append('/').append(isEmail(segment) ? MASK : segment);
    }
    appendQuery(text, url, parameters);
    return cut(text);
  }

  private static void appendQuery(StringBuilder text, HttpUrl url, Set<String> parameters) {
    char separator = '?';
    for (int i = 0; i < url.querySize(); i++) {
      String name = ParsedLink.plainName(url.queryParameterName(i)).toLowerCase(Locale.ROOT);
      String value = url.queryParameterValue(i);
      if (value != null && parameters.contains(name)) {
        text.append(separator).append(name).append('=').append(isEmail(value) ? MASK : safe(value));
        separator = '&';
      }
    }
  }

  /** A parameter's value that is stored apart: masked where it looks like an address, and cut. */
  static String value(String value) {
    if (isEmail(value)) {
      return MASK;
    }
    boolean isPair =
        value.length() > LONGEST_VALUE
            && Character.isHighSurrogate(value.charAt(LONGEST_VALUE - 1));
    return value.length() <= LONGEST_VALUE
        ? value
        : value.substring(0, isPair ? LONGEST_VALUE - 1 : LONGEST_VALUE);
  }

  /** Whether text, its escapes undone, holds {@code x@y.z} with something at each letter. */
  static boolean isEmail(String text) {
    String plain = text;
    for (int i = 0; i < 3 && plain.indexOf('%') >= 0; i++) {
      plain = Escapes.decoded(plain);
    }
    int at = plain.indexOf('@', 1);
    if (at < 0) {
      return false;
    }
    int dot = plain.indexOf('.', at + 2);
    return dot > 0 && dot < plain.length() - 1;
  }

  private static String safe(String value) {
    StringBuilder text = new StringBuilder(value.length());
    for (byte b : value.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (plain || "-._~:,;/!*".indexOf(c) >= 0) {
        text.append(c);
      } else {
        text.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        text.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return text.toString();
  }

  private static String cut(StringBuilder text) {
    if (text.length() <= LONGEST) {
      return text.toString();
    }
    int end = LONGEST;
    int escape = text.lastIndexOf("%", end - 1);
    if (escape > end - 3) {
      end = escape;
    }
    return text.substring(0, end);
  }
}
