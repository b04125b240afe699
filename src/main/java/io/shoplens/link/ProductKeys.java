package io.shoplens.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Product keys, {@code group:id}, from the shapes of merchants' product links. The id is the
 * merchant's own, so that links of one product by different routes have one key.
 */
final class ProductKeys {
  private static final int LONGEST_ID = 100;

  /** How each group writes the id of a product; null where a link carries none. */
  private static final Map<String, Function<ParsedLink, String>> BY_GROUP =
      Map.ofEntries(
          Map.entry("amazon", ProductKeys::amazon),
          Map.entry("shopee", ProductKeys::shopee),
          Map.entry("lazada", ProductKeys::lazada),
          Map.entry("aliexpress", ProductKeys::aliExpress),
          Map.entry(
              "ebay",
              link ->
                  first(
                      after(link, "itm"),
                      after(link, "i"),
                      after(link, "p"),
                      digits(link, "item"),
                      digits(link, "icep_item"),
                      link.isWeb() ? null : digits(link, "id"))),
          Map.entry("etsy", link -> after(link, "listing")),
          Map.entry("walmart", ProductKeys::walmart),
          Map.entry("target", ProductKeys::target),
          Map.entry("temu", link -> first(digits(link, "goods_id"), marked(link, "-g-"))),
          Map.entry("shein", link -> marked(link, "-p-")),
          Map.entry("tokopedia", ProductKeys::tokopedia),
          Map.entry("mercado libre", ProductKeys::mercadoLibre),
          Map.entry("rakuten", ProductKeys::rakuten),
          Map.entry("zalando", ProductKeys::zalando),
          Map.entry("allegro", ProductKeys::allegro),
          Map.entry("flipkart", ProductKeys::flipkart),
          Map.entry("coupang", link -> first(after(link, "products"), digits(link, "pagekey"))),
          Map.entry("qoo10", ProductKeys::qoo10),
          Map.entry("bukalapak", ProductKeys::bukalapak),
          Map.entry("blibli", ProductKeys::blibli),
          Map.entry("tiki", link -> marked(link, "-p")),
          Map.entry("taobao", link -> digits(link, "id")),
          Map.entry("tmall", link -> digits(link, "id")),
          Map.entry("jd.com", link -> leading(lastSegment(link))),
          Map.entry("pinduoduo", link -> digits(link, "goods_id")));

  private ProductKeys() {}

  /** The product of a merchant group's link. */
  static Optional<String> of(String group, ParsedLink link) {
    String name = group.toLowerCase(Locale.ROOT);
    Function<ParsedLink, String> rule = BY_GROUP.get(name);
    if (rule == null || link.url() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(rule.apply(link))
        .filter(id -> !id.isEmpty() && id.length() <= LONGEST_ID && !StoredUrls.isEmail(id))
        .map(id -> name + ":" + id);
  }

  /**
   * {@code /dp/ASIN}, {@code /gp/product/ASIN}, {@code /exec/obidos/tg/detail/-/ASIN} and kin,
   * {@code amzn.com/ASIN}, {@code ?path=ASIN/0764596330}, {@code ?asin=ASIN}.
   */
  private static String amazon(ParsedLink link) {
    List<String> path = link.url().pathSegments();
    boolean isShort = link.host() != null && link.host().endsWith("amzn.com");
    // Behind no mark a word of ten letters is not yet an ASIN.
    if (isShort && isAsin(path.get(0)) && hasDigit(path.get(0))) {
      return path.get(0).toUpperCase(Locale.ROOT);
    }
    String marked = markedAsin(path);
    if (marked == null && path.contains("obidos")) {
      String inner = link.parameter("path");
      marked = inner == null ? null : markedAsin(List.of(inner.split("/", -1)));
    }
    if (marked != null) {
      return marked;
    }
    String asin = link.parameter("asin");
    return asin != null && isAsin(asin) ? asin.toUpperCase(Locale.ROOT) : null;
  }

  private static String markedAsin(List<String> segments) {
    boolean marked = false;
    for (String segment : segments) {
      if (marked && isAsin(segment)) {
        return segment.toUpperCase(Locale.ROOT);
      }
      marked |= isAmazonMark(segment.toLowerCase(Locale.ROOT));
    }
    return null;
  }

  private static boolean isAmazonMark(String segment) {
    return switch (segment) {
      case "dp",
          "gp",
          "obidos",
          "o",
          "asin",
          "product",
          "products",
          "product-reviews",
          "offer-listing",
          "d",
          "review" ->
          true;
      default -> false;
    };
  }

  /** Ten letters and digits: {@code B} and nine more, or an ISBN-10. */
  private static boolean isAsin(String text) {
    if (text.length() != 10) {
      return false;
    }
    boolean isbn = true;
    for (int i = 0; i < 10; i++) {
      char c = text.charAt(i);
      boolean digit = isDigit(c);
      if (!digit && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
        return false;
      }
      isbn &= digit || i == 9 && (c == 'X' || c == 'x');
    }
    return isbn || text.charAt(0) == 'B' || text.charAt(0) == 'b';
  }

  /** {@code /slug-i.SHOP.ITEM}, {@code /product/SHOP/ITEM}, {@code /anything/SHOP/ITEM}. */
  private static String shopee(ParsedLink link) {
    List<String> segments = link.url().pathSegments();
    for (String segment : segments) {
      int mark = segment.lastIndexOf("-i.");
      String[] ids = mark < 0 ? new String[0] : segment.substring(mark + 3).split("\\.", -1);
      if (ids.length >= 2 && isNumber(ids[0]) && isNumber(ids[1])) {
        return ids[0] + "." + ids[1];
      }
    }
    // In the app's links the word before the numbers stands where a host would.
    for (int i = link.isWeb() ? 1 : 0; i + 1 < segments.size(); i++) {
      if (isNumber(segments.get(i)) && isNumber(segments.get(i + 1))) {
        return segments.get(i) + "." + segments.get(i + 1);
      }
    }
    String shop = digits(link, "shopid");
    String item = digits(link, "itemid");
    return shop == null || item == null ? null : shop + "." + item;
  }

  /**
   * {@code /products/slug-i123-s456.html}, {@code /products/i123-s456.html}, {@code
   * /slug-i123-s456.html}.
   */
  private static String lazada(ParsedLink link) {
    String name = segmentAfter(link, "products");
    if (name == null) {
      return first(lazadaPage(link), digits(link, "itemid"));
    }
    if (name.startsWith("i") && leading(name.substring(1)) != null) {
      return leading(name.substring(1));
    }
    return numberAfter(name, "-i");
  }

  /** The item that a page's name ends with, the seller's number behind it or not. */
  private static String lazadaPage(ParsedLink link) {
    String page = withoutSuffix(lastSegment(link), ".html");
    String item = page == null ? null : numberAfter(page, "-i");
    if (item == null) {
      return null;
    }
    String rest = page.substring(page.lastIndexOf("-i" + item) + 2 + item.length());
    return rest.isEmpty() || rest.startsWith("-s") && isNumber(rest.substring(2)) ? item : null;
  }

  /**
   * {@code /item/123.html}, {@code /item/slug/123.html}, {@code /i/123.html}, {@code ?productId}.
   */
  private static String aliExpress(ParsedLink link) {
    List<String> segments = link.url().pathSegments();
    String last = lastSegment(link);
    boolean item = segments.contains("item") || segments.contains("i");
    return first(
        item ? leading(last) : null,
        segments.contains("product") ? numberAfter(last, "_") : null,
        digits(link, "productid"),
        digits(link, "productids"));
  }

  /** {@code /ip/123}, {@code /ip/slug/123}; Canada's ids have letters. */
  private static String walmart(ParsedLink link) {
    return segmentAfter(link, "ip") == null ? null : wordId(lastSegment(link));
  }

  /** {@code /p/slug/-/A-123}. */
  private static String target(ParsedLink link) {
    for (String segment : link.url().pathSegments()) {
      if (segment.startsWith("A-") && leading(segment.substring(2)) != null) {
        return leading(segment.substring(2));
      }
    }
    return null;
  }

  /** {@code /MLA-123-slug}, {@code /slug/p/MLA123}: the site's three letters, then digits. */
  private static String mercadoLibre(ParsedLink link) {
    for (String segment : link.url().pathSegments()) {
      String text = segment.toUpperCase(Locale.ROOT);
      int start = text.length() > 3 && text.charAt(3) == '-' ? 4 : 3;
      boolean site = text.length() > start && text.charAt(0) == 'M' && isLetters(text, 3);
      // Products that several sellers may offer have a U behind the site.
      int number = site && text.charAt(start) == 'U' ? start + 1 : start;
      String digits = site ? leading(text.substring(number)) : null;
      if (digits != null) {
        return text.substring(0, 3) + (number > start ? "U" : "") + digits;
      }
    }
    return null;
  }

  /** {@code item.rakuten.co.jp/shop/item/}. */
  private static String rakuten(ParsedLink link) {
    boolean items = link.host() != null && link.host().startsWith("item.");
    return items ? twoSegments(link, page -> false) : null;
  }

  /** {@code slug-ab123c00d-q11.html}: the article at the end of the name. */
  private static String zalando(ParsedLink link) {
    String name = withoutSuffix(lastSegment(link), ".html");
    int color = name == null ? -1 : name.lastIndexOf('-');
    int article = color < 1 ? -1 : name.lastIndexOf('-', color - 1);
    if (article < 0 || name.length() - color != 4 || color - article != 10) {
      return null;
    }
    return name.substring(article + 1).toUpperCase(Locale.ROOT);
  }

  /** {@code /oferta/slug-123} in each language, {@code /produkt/slug?offerId=123}. */
  private static String allegro(ParsedLink link) {
    String name =
        first(
            segmentAfter(link, "oferta"),
            segmentAfter(link, "offer"),
            segmentAfter(link, "nabidka"),
            segmentAfter(link, "ponuka"),
            segmentAfter(link, "ajanlat"));
    return first(
        name == null ? null : number(name.substring(name.lastIndexOf('-') + 1)),
        digits(link, "offerid"));
  }

  /** {@code ?pid=ABC}, else {@code /slug/p/itm123}. */
  private static String flipkart(ParsedLink link) {
    String pid = link.parameter("pid");
    return pid == null ? wordId(segmentAfter(link, "p")) : wordId(pid);
  }

  /** {@code /item/slug/123}, {@code /g/123}, {@code ?goodscode=123}. */
  private static String qoo10(ParsedLink link) {
    return first(
        segmentAfter(link, "item") == null ? null : number(lastSegment(link)),
        after(link, "g"),
        digits(link, "goodscode"));
  }

  /** {@code /p/category/sub/4abc-jual-slug}. */
  private static String bukalapak(ParsedLink link) {
    String name = segmentAfter(link, "p") == null ? null : lastSegment(link);
    int end = name == null ? -1 : name.indexOf("-jual-");
    return end < 0 ? null : wordId(name.substring(0, end));
  }

  /** {@code /p/slug/ps--ABC-123-456}, {@code /p/slug/is--ABC-123-456-789}. */
  private static String blibli(ParsedLink link) {
    String name = segmentAfter(link, "p") == null ? null : lastSegment(link);
    int mark = name == null ? -1 : name.indexOf("s--");
    return mark == 1 ? name.substring(mark + 3).toUpperCase(Locale.ROOT) : null;
  }

  /** {@code /shop/item} on its own pages; {@code vt.tokopedia.com} and kin are short links. */
  private static String tokopedia(ParsedLink link) {
    boolean isShop =
        link.host() != null
            && switch (link.host()) {
              case "tokopedia.com", "www.tokopedia.com", "m.tokopedia.com" -> link.isWeb();
              default -> false;
            };
    return isShop ? twoSegments(link, ProductKeys::isTokopediaPage) : null;
  }

  private static boolean isTokopediaPage(String shop) {
    return switch (shop) {
      case "p",
          "discovery",
          "search",
          "find",
          "promo",
          "help",
          "blog",
          "cart",
          "now",
          "rekomendasi",
          "user",
          "official-store",
          "order-list",
          "product-detail" ->
          true;
      default -> false;
    };
  }

  /** {@code /shop/item}, exactly, unless the first is the name of a page. */
  private static String twoSegments(ParsedLink link, java.util.function.Predicate<String> isPage) {
    List<String> segments =
        link.url().pathSegments().stream().filter(segment -> !segment.isEmpty()).toList();
    if (segments.size() != 2 || isPage.test(segments.get(0))) {
      return null;
    }
    return segments.get(0).toLowerCase(Locale.ROOT)
        + "/"
        + segments.get(1).toLowerCase(Locale.ROOT);
  }

  /** The number in the segments behind a word: {@code /itm/slug/123}, {@code /itm/123}. */
  private static String after(ParsedLink link, String word) {
    List<String> segments = segments(link);
    int at = segments.indexOf(word);
    for (int i = at + 1; at >= 0 && i < segments.size() && i <= at + 2; i++) {
      String number = number(segments.get(i));
      if (number != null) {
        return number;
      }
    }
    return null;
  }

  /** The words of the path; an app's link has its first where a web link has the host. */
  private static List<String> segments(ParsedLink link) {
    List<String> path = link.url().pathSegments();
    if (link.isWeb() || link.host() == null) {
      return path;
    }
    List<String> segments = new ArrayList<>(path);
    segments.add(0, link.host());
    return segments;
  }

  private static String segmentAfter(ParsedLink link, String word) {
    List<String> segments = segments(link);
    int at = segments.indexOf(word);
    return at < 0 || at + 1 == segments.size() || segments.get(at + 1).isEmpty()
        ? null
        : segments.get(at + 1);
  }

  private static String lastSegment(ParsedLink link) {
    List<String> segments = link.url().pathSegments();
    String last = segments.get(segments.size() - 1);
    return last.isEmpty() && segments.size() > 1 ? segments.get(segments.size() - 2) : last;
  }

  /** The number behind the last mark in any segment. */
  private static String marked(ParsedLink link, String mark) {
    for (String segment : link.url().pathSegments()) {
      String number = numberAfter(segment, mark);
      if (number != null) {
        return number;
      }
    }
    return null;
  }

  /** The digits behind the last mark that digits follow. */
  private static String numberAfter(String text, String mark) {
    for (int at = text.lastIndexOf(mark); at >= 0; at = text.lastIndexOf(mark, at - 1)) {
      String number = leading(text.substring(at + mark.length(), Math.min(text.length(), at + 64)));
      if (number != null) {
        return number;
      }
    }
    return null;
  }

  private static String digits(ParsedLink link, String parameter) {
    return number(link.parameter(parameter));
  }

  private static String number(String text) {
    return text != null && isNumber(text) ? text : null;
  }

  /** The digits that a text begins with, or null. */
  private static String leading(String text) {
    int end = 0;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end == 0 ? null : text.substring(0, end);
  }

  /** The text if it is one word of letters and digits with a digit in it, or null. */
  private static String wordId(String text) {
    boolean digit = false;
    for (int i = 0; text != null && i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
        return null;
      }
      digit |= isDigit(c);
    }
    return digit ? text.toUpperCase(Locale.ROOT) : null;
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : null;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.equals(leading(text));
  }

  private static boolean isLetters(String text, int count) {
    for (int i = 0; i < count; i++) {
      if (text.charAt(i) < 'A' || text.charAt(i) > 'Z') {
        return false;
      }
    }
    return true;
  }

  private static boolean hasDigit(String text) {
    return text.chars().anyMatch(c -> isDigit((char) c));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static String first(String... candidates) {
    for (String candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return null;
  }
}
