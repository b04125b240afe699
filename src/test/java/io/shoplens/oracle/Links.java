package io.shoplens.oracle;

import crawlercommons.domains.EffectiveTldFinder;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a link leads, without asking the network: the reference tables, looked up one by one. */
final class Links {
  static final int DEPTH = 5;

  /** What a link resolves to; NULL where it has none. */
  record Link(
      String url,
      String host,
      String registrableDomain,
      String merchantGroup,
      String parentGroup,
      String kind,
      String certainty,
      boolean isCompetitor) {}

  /** scheme, authority, path, query: RFC 3986, appendix B, without the fragment. */
  private static final Pattern URL =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#\\\\]*))?([^?#]*)(?:\\?([^#]*))?.*",
          Pattern.DOTALL);

  private final Conf conf;

  Links(Conf conf) {
    this.conf = conf;
  }

  Link resolved(String link) {
    if (link == null) {
      return null;
    }
    String url = link.trim();
    String certainty = "direct";
    for (int depth = 0; depth < DEPTH; depth++) {
      String target = knownTarget(url);
      String step = "known";
      if (target == null) {
        target = wrappedTarget(url);
        step = "decoded";
      }
      if (target == null) {
        break;
      }
      url = target;
      certainty = certainty.equals("known") ? certainty : step;
    }
    return landed(url, certainty);
  }

  /** The link's last stop: shortener or hub, merchant, redirector without a target, own, other. */
  private Link landed(String url, String certainty) {
    String host = host(url);
    String scheme = scheme(url);
    boolean isWeb = scheme.equals("http") || scheme.equals("https");
    if (isWeb ? host == null : lookUp(conf.merchants, "domain", scheme + ":") == null) {
      return new Link(url, null, null, null, null, "unparsable", "unparsable", false);
    }
    if (!isWeb) {
      return atMerchant(url, null, null, lookUp(conf.merchants, "domain", scheme + ":"), certainty);
    }
    String domain = registrableDomain(host);
    for (Map<String, String> shortener : conf.shorteners) {
      if (isAtOrBelow(host, shortener.get("host"))) {
        return new Link(url, host, domain, null, null, shortener.get("link_kind"), "opaque", false);
      }
    }
    // The most specific listed domain that the host is, or lies below.
    Map<String, String> merchant = null;
    for (Map<String, String> row : conf.merchants) {
      if (isAtOrBelow(host, row.get("domain"))
          && (merchant == null || row.get("domain").length() > merchant.get("domain").length())) {
        merchant = row;
      }
    }
    if (merchant != null) {
      return atMerchant(url, host, domain, merchant, certainty);
    }
    for (Map<String, String> redirector : conf.redirectors) {
      if (isAtOrBelow(host, redirector.get("host"))) {
        return new Link(
            url, host, domain, null, null, redirector.get("link_kind"), "opaque", false);
      }
    }
    boolean isOwn = hasRole(host, "own");
    return new Link(url, host, domain, null, null, isOwn ? "own" : "other", certainty, false);
  }

  private static Link atMerchant(
      String url, String host, String domain, Map<String, String> row, String certainty) {
    return new Link(
        url,
        host,
        domain,
        row.get("merchant_group"),
        row.get("parent_group").isEmpty() ? null : row.get("parent_group"),
        row.get("link_kind"),
        certainty,
        Boolean.parseBoolean(row.get("is_competitor")));
  }

  /** The merchant group of a shop's domain, or null. */
  String merchantGroup(String domain) {
    return domain == null ? null : resolved("https://" + domain + "/").merchantGroup();
  }

  /** Whether a host is at or below an own domain or a payment provider's, which never refer. */
  boolean isOwnOrPayment(String host) {
    return hasRole(host, "own") || hasRole(host, "payment");
  }

  private boolean hasRole(String host, String role) {
    return conf.ownDomains.stream()
        .anyMatch(row -> row.get("role").equals(role) && isAtOrBelow(host, row.get("domain")));
  }

  /** The target of a link listed with its target; scheme and a last slash do not matter. */
  private String knownTarget(String url) {
    for (Map<String, String> row : conf.knownRedirects) {
      if (bare(row.get("url")).equals(bare(url))) {
        return row.get("target");
      }
    }
    return null;
  }

  private static String bare(String url) {
    String host = host(url);
    if (host == null) {
      return url;
    }
    Matcher parts = matched(url);
    String path = parts.group(3).replaceAll("/+$", "");
    return host + path + (parts.group(4) == null ? "" : "?" + parts.group(4));
  }

  /** The target in a redirector's parameter, or null. */
  private String wrappedTarget(String url) {
    String host = host(url);
    if (host == null) {
      return null;
    }
    Matcher parts = matched(url);
    for (Map<String, String> redirector : conf.redirectors) {
      if (!isAtOrBelow(host, redirector.get("host"))
          || !parts.group(3).startsWith(redirector.get("path_prefix"))
          || parts.group(4) == null) {
        continue;
      }
      for (String pair : parts.group(4).split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0
            && percentDecoded(pair.substring(0, equals)).equals(redirector.get("parameter"))) {
          String target = percentDecoded(pair.substring(equals + 1));
          for (int i = 0; i < 3 && !isAbsolute(target) && target.contains("%"); i++) {
            target = percentDecoded(target);
          }
          if (isAbsolute(target)) {
            return target;
          }
        }
      }
    }
    return null;
  }

  private static boolean isAbsolute(String url) {
    return url.startsWith("//") ? host(url) != null : url.matches("(?is)[a-z][a-z0-9+.-]*://.+");
  }

  private static Matcher matched(String url) {
    Matcher parts = URL.matcher(url.startsWith("//") ? "https:" + url : url);
    if (!parts.matches()) {
      throw new IllegalStateException("The pattern matches anything, but not: " + url);
    }
    return parts;
  }

  private static String scheme(String url) {
    String scheme = matched(url).group(1);
    return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
  }

  /** The host of a web link in lower case, without userinfo, port and trailing dot, or null. */
  static String host(String url) {
    String authority = matched(url).group(2);
    if (!scheme(url).startsWith("http") || authority == null) {
      return null;
    }
    String host = authority.substring(authority.lastIndexOf('@') + 1).replaceAll(":\\d*$", "");
    try {
      host = IDN.toASCII(percentDecoded(host)).toLowerCase(Locale.ROOT).replaceAll("\\.+$", "");
    } catch (IllegalArgumentException e) {
      return null;
    }
    return host.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)+") ? host : null;
  }

  static String registrableDomain(String host) {
    return host == null ? null : EffectiveTldFinder.getAssignedDomain(host, true);
  }

  /** Whether a host is a domain or lies below it. Never a matter of containing its name. */
  static boolean isAtOrBelow(String host, String domain) {
    return host != null && (host.equals(domain) || host.endsWith("." + domain));
  }

  private static Map<String, String> lookUp(
      Iterable<Map<String, String>> rows, String column, String value) {
    for (Map<String, String> row : rows) {
      if (row.get(column).equals(value)) {
        return row;
      }
    }
    return null;
  }

  /** Percent escapes decoded as UTF-8; what is no escape stays as it is. */
  static String percentDecoded(String text) {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < in.length; i++) {
      int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
      if (in[i] == '%' && high >= 0 && low >= 0) {
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(in[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
