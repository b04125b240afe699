package io.shoplens.link;

import java.util.List;
import java.util.Locale;

/**
 * Android's own forms of a link: {@code intent://host/path#Intent;scheme=https;...;end} and {@code
 * android-app://package/scheme/host/path}.
 */
final class IntentLinks {
  private static final String MARK = "Intent;";

  private IntentLinks() {}

  /** The link that an intent stands for, or null. */
  static ParsedLink target(ParsedLink link) {
    if (link.host() == null) {
      return null;
    }
    if (link.scheme().equals("intent")) {
      String scheme = extra(link, "scheme=");
      return scheme == null
          ? null
          : LinkParser.parse(scheme + "://" + link.host() + behindHost(link, link.path()));
    }
    if (link.scheme().equals("android-app")) {
      List<String> segments = link.url().encodedPathSegments();
      String scheme = segments.get(0);
      if (segments.size() < 2 || scheme.isEmpty()) {
        return null;
      }
      String rest = link.path().substring(scheme.length() + 2);
      return LinkParser.parse(scheme + "://" + behindHost(link, rest));
    }
    return null;
  }

  /** Where an intent leads when no app takes it, or null. */
  static ParsedLink fallback(ParsedLink link) {
    String carried = extra(link, "S.browser_fallback_url=");
    return carried == null ? null : Targets.of(carried, link);
  }

  /** The scheme key {@code package:} of the app that an intent names, or null. */
  static String packageKey(ParsedLink link) {
    if (link.scheme().equals("android-app") && link.host() != null) {
      return link.host() + ":";
    }
    String name = extra(link, "package=");
    return name == null ? null : name.toLowerCase(Locale.ROOT) + ":";
  }

  private static String behindHost(ParsedLink link, String path) {
    String query = link.url().encodedQuery();
    return query == null ? path : path + "?" + query;
  }

  private static String extra(ParsedLink link, String name) {
    if (!link.scheme().equals("intent") || link.url() == null) {
      return null;
    }
    String text = link.url().encodedFragment();
    int start = text == null || !text.startsWith(MARK) ? -1 : text.indexOf(";" + name);
    if (start < 0) {
      return null;
    }
    int from = start + 1 + name.length();
    int end = text.indexOf(';', from);
    String value = text.substring(from, end < 0 ? text.length() : end);
    return value.isEmpty() ? null : value;
  }
}
