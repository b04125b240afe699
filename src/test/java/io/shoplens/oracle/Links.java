package io.shoplens.oracle;

import crawlercommons.domains.EffectiveTldFinder;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    String url = withoutIntent(link.trim());
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

  /** The link's last stop: own domain, merchant, shortener or hub, redirector, other. */
  private Link landed(String url, String certainty) {
    String host = host(url);
    if (!isWeb(url)) {
      // An app's scheme is listed as a domain with a colon.
      Map<String, String> app = scheme(url).isEmpty() ? null : exactMerchant(scheme(url) + ":");
      return app == null ? unparsable(url) : atMerchant(url, null, null, app, certainty);
    }
    if (host == null) {
      return unparsable(url);
    }
    String domain = registrableDomain(host);
    if (hasRole(host, "own")) {
      return new Link(url, host, domain, null, null, "own", certainty, false);
    }
    Map<String, String> merchant = mostSpecific(conf.merchants, "domain", host);
    if (merchant != null && domain != null && !isAtOrBelow(merchant.get("domain"), domain)) {
      merchant = null; // A public suffix is shared by many who are not its owner.
    }
    Map<String, String> shortener = mostSpecific(conf.shorteners, "host", host);
    // The more specific line tells; a merchant's own short host is the merchant's.
    if (shortener != null
        && (merchant == null || shortener.get("host").length() > merchant.get("domain").length())) {
      return opaque(url, host, domain, shortener);
    }
    if (merchant != null) {
      return atMerchant(url, host, domain, merchant, certainty);
    }
    Map<String, String> redirector = mostSpecific(conf.redirectors, "host", host);
    return redirector != null
        ? opaque(url, host, domain, redirector)
        : new Link(url, host, domain, null, null, "other", certainty, false);
  }

  /** The longest listed domain that the host is, or lies below; of equal ones the first. */
  private static Map<String, String> mostSpecific(
      List<Map<String, String>> rows, String column, String host) {
    Map<String, String> best = null;
    for (Map<String, String> row : rows) {
      if (isAtOrBelow(host, row.get(column))
          && (best == null || row.get(column).length() > best.get(column).length())) {
        best = row;
      }
    }
    return best;
  }

  private static Link unparsable(String url) {
    return new Link(url, null, null, null, null, "unparsable", "unparsable", false);
  }

  private static Link opaque(String url, String host, String domain, Map<String, String> row) {
    return new Link(url, host, domain, null, null, row.get("link_kind"), "opaque", false);
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

  /**
   * The target of a link listed with its target. Scheme, {@code www.} and a last slash do not
   * matter; a line without a query stands for the link with any.
   */
  private String knownTarget(String url) {
    String host = host(url);
    if (host == null) {
      return null;
    }
    for (Map<String, String> row : conf.knownRedirects) {
      String query = matched(row.get("url")).group(4);
      if (withoutQuery(row.get("url")).equals(withoutQuery(url))
          && (query == null || query.equals(matched(url).group(4)))) {
        return row.get("target");
      }
    }
    return null;
  }

  private static String withoutQuery(String url) {
    return (host(url) + matched(url).group(3)).replaceFirst("^www\\.", "").replaceFirst("/$", "");
  }

  /** The web link an Android intent stands for, or the link itself. */
  private static String withoutIntent(String url) {
    Matcher intent =
        Pattern.compile("intent:(//[^#]*)#Intent;(?:.*;)?scheme=(https?);.*", Pattern.DOTALL)
            .matcher(url);
    return intent.matches() ? intent.group(2) + ":" + intent.group(1) : url;
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
          || !parts.group(3).startsWith(redirector.get("path_prefix"))) {
        continue;
      }
      // A parameter such as /dlg/ is a part of the path, and all that follows it is the target.
      int marker =
          redirector.get("parameter").startsWith("/")
              ? url.indexOf(redirector.get("parameter"))
              : -1;
      if (marker >= 0) {
        String target = url.substring(marker + redirector.get("parameter").length());
        if (isAbsolute(target)) {
          return target;
        }
      }
      if (parts.group(4) == null) {
        continue;
      }
      for (String pair : parts.group(4).split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0
            && percentDecoded(pair.substring(0, equals))
                .equalsIgnoreCase(redirector.get("parameter"))) {
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

  private static boolean isWeb(String url) {
    return scheme(url).equals("http") || scheme(url).equals("https");
  }

  /** The host of a web link in lower case, without userinfo, port and trailing dot, or null. */
  static String host(String url) {
    String authority = matched(url).group(2);
    if (!isWeb(url) || authority == null) {
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

  /**
   * A public suffix and one label more. Of a suffix that is not on the list, the last label is the
   * suffix; an address, a bare name or a suffix itself has none.
   */
  static String registrableDomain(String host) {
    if (host == null || host.matches("[0-9.]+")) {
      return null;
    }
    if (EffectiveTldFinder.getEffectiveTLD(host) != null) {
      return EffectiveTldFinder.getAssignedDomain(host, true);
    }
    String[] labels = host.split("\\.");
    return labels.length < 2 ? null : labels[labels.length - 2] + "." + labels[labels.length - 1];
  }

  /** Whether a host is a domain or lies below it. Never a matter of containing its name. */
  static boolean isAtOrBelow(String host, String domain) {
    return host != null && (host.equals(domain) || host.endsWith("." + domain));
  }

  private Map<String, String> exactMerchant(String domain) {
    return conf.merchants.stream()
        .filter(row -> row.get("domain").equals(domain))
        .findFirst()
        .orElse(null);
  }

  /** The shapes of product pages that logs of ours hold; what they capture is the product. */
  private static final List<String[]> PRODUCT_PAGES =
      List.of(
          new String[] {"Amazon", ".*/(?:dp|gp/product|gp/aw/d)/([A-Z0-9]{10})(?:[/?#].*)?"},
          new String[] {"Shopee", "[^?#]*(?:-i\\.|/product/)([0-9]+[./][0-9]+)(?:[/?#].*)?"},
          new String[] {"Lazada", ".*/products/[^?#]*-i([0-9]+)-s.*"},
          new String[] {"eBay", ".*/itm/([0-9]+).*"},
          new String[] {"Walmart", ".*/ip/[^?#]*/([0-9]+)(?:[?#].*)?"},
          new String[] {"Target", ".*/A-([0-9]+).*"},
          new String[] {"Temu", ".*[?&]goods_id=([0-9]+).*"},
          new String[] {"Shein", ".*-p-([0-9]+)\\.html.*"},
          new String[] {"Etsy", ".*/listing/([0-9]+).*"},
          new String[] {"AliExpress", ".*/item/([0-9]+)\\.html.*"},
          new String[] {"Tokopedia", "(?i)[^/]+//[^/]+/([^/?#]+/[^/?#]+)/?(?:[?#].*)?"},
          new String[] {"Bukalapak", ".*/p/[^?#]*/([a-z0-9]*[0-9][a-z0-9]*)-jual-.*"},
          new String[] {"Blibli", ".*/p/[^?#]*/ps--([^/?#]+).*"},
          new String[] {"Qoo10", ".*/item/[^?#]*/([0-9]+)(?:[?#].*)?"},
          new String[] {"Rakuten", "(?i)[^/]+//item\\.[^/]+/([^/?#]+/[^/?#]+)/?(?:[?#].*)?"});

  /** The product of a merchant's web page, or null; equal texts mean equal products of a group. */
  static String productKey(Link link) {
    if (link == null || link.merchantGroup() == null) {
      return null;
    }
    // Of the apps' links only Shopee's have the shape of its pages.
    if (!isWeb(absolute(link.url())) && !link.merchantGroup().equals("Shopee")) {
      return null;
    }
    for (String[] page : PRODUCT_PAGES) {
      Matcher matcher = Pattern.compile(page[1], Pattern.DOTALL).matcher(absolute(link.url()));
      if (page[0].equals(link.merchantGroup()) && matcher.matches()) {
        return page[0] + ":" + matcher.group(1).replace('/', '.').toLowerCase(Locale.ROOT);
      }
    }
    return null;
  }

  private static String absolute(String url) {
    return url.startsWith("//") ? "https:" + url : url;
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
