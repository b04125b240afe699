package io.shoplens.link;

import java.util.Locale;
import okhttp3.HttpUrl;

/**
 * Reads what is found in the wild the way browsers do: spaces, template macros, bars and bad
 * percent signs are kept, backslashes are slashes, hosts are mapped to ASCII. Null means: not a
 * link.
 */
final class LinkParser {
  /** Longer input is not a link: servers and browsers stop well before. */
  static final int LONGEST = 16_384;

  /** No host is as long; mapping one to ASCII need not be linear. */
  private static final int LONGEST_HOST = 1_024;

  private static final String SPECIAL = "/\\?#";

  private LinkParser() {}

  static ParsedLink parse(String text) {
    String link = trimmed(text);
    if (link.isEmpty() || link.length() > LONGEST) {
      return null;
    }
    int colon = schemeEnd(link);
    if (colon < 0) {
      return withoutScheme(link);
    }
    String scheme = link.substring(0, colon).toLowerCase(Locale.ROOT);
    if (scheme.equals("http") || scheme.equals("https")) {
      return web(scheme, link, colon + 1);
    }
    return app(scheme, link.substring(colon + 1));
  }

  /** A bare {@code host/path}, or null: only what ends in a listed public suffix is one. */
  static ParsedLink bareHost(String text) {
    String link = trimmed(text);
    if (link.length() > LONGEST) {
      return null;
    }
    int end = indexOfAny(link, SPECIAL, 0);
    String authority = link.substring(0, end);
    if (authority.indexOf('.') <= 0 || authority.indexOf('@') >= 0) {
      return null;
    }
    ParsedLink parsed = web("https", "https://" + link, "https:".length());
    return parsed != null && RegistrableDomains.isListed(parsed.host()) ? parsed : null;
  }

  private static ParsedLink withoutScheme(String link) {
    if (isSlash(link, 0)) {
      return isSlash(link, 1) ? web("https", "https:" + link, "https:".length()) : null;
    }
    return bareHost(link);
  }

  private static ParsedLink web(String scheme, String link, int from) {
    int start = from;
    while (isSlash(link, start)) {
      start++;
    }
    HttpUrl url = parts(scheme, link, start);
    if (url == null) {
      return null;
    }
    String host = Hosts.canonical(url.host());
    return host == null ? null : new ParsedLink(scheme, url, host);
  }

  private static ParsedLink app(String scheme, String rest) {
    int start = 0;
    while (start < 2 && isSlash(rest, start)) {
      start++;
    }
    if (start < 2 || indexOfAny(rest, SPECIAL, start) == start) {
      // No host: the query may still carry a target.
      return new ParsedLink(
          scheme, parts("http", "none.invalid/" + rest.substring(start), 0), null);
    }
    HttpUrl url = parts("http", rest, start);
    return new ParsedLink(scheme, url, url == null ? null : Hosts.canonical(url.host()));
  }

  /** The parts of {@code userinfo@host/path}, which begins at a position; userinfo is dropped. */
  private static HttpUrl parts(String scheme, String link, int start) {
    int end = indexOfAny(link, SPECIAL, start);
    int host = end == 0 ? start : Math.max(start, link.lastIndexOf('@', end - 1) + 1);
    if (end == host || end - host > LONGEST_HOST) {
      return null;
    }
    try {
      return HttpUrl.parse(scheme + "://" + link.substring(host));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // The parser answers null for what it refuses; a fault of its own is no reason to stop a run.
      return null;
    }
  }

  /** Position of the colon after the scheme, or -1; {@code host:443} has none. */
  private static int schemeEnd(String link) {
    boolean dotted = false;
    for (int i = 0; i < link.length(); i++) {
      char c = link.charAt(i);
      if (c == ':') {
        boolean port = i + 1 < link.length() && isDigit(link.charAt(i + 1));
        return i == 0 || dotted && port ? -1 : i;
      }
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && (i == 0 || !isDigit(c) && c != '+' && c != '-' && c != '.')) {
        return -1;
      }
      dotted |= c == '.';
    }
    return -1;
  }

  /** Without the blanks and control characters around it, and the tabs and line ends inside. */
  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder kept = null;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      boolean dropped = c == '\t' || c == '\n' || c == '\r';
      if (dropped && kept == null) {
        kept = new StringBuilder(end - start).append(text, start, i);
      } else if (!dropped && kept != null) {
        kept.append(c);
      }
    }
    return kept == null ? text.substring(start, end) : kept.toString();
  }

  private static boolean isBlank(char c) {
    return c <= ' ' || c == '\u00A0' || c == '\u200B' || c == '\uFEFF';
  }

  private static boolean isSlash(String text, int at) {
    return at < text.length() && (text.charAt(at) == '/' || text.charAt(at) == '\\');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int indexOfAny(String text, String characters, int from) {
    for (int i = from; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }
}
