package io.shoplens.link;

/** Targets carried by wrappers: plain, percent-encoded up to three times, or base64. */
final class Targets {
  private static final int DECODINGS = 3;

  private Targets() {}

  /**
   * The link that a carried text stands for, or null.
   *
   * @param from the wrapper's link, whose host a target that begins with a slash is on
   */
  static ParsedLink of(String carried, ParsedLink from) {
    ParsedLink link = percentDecoded(carried, from);
    if (link == null) {
      link = base64Decoded(carried, from);
    }
    // Bing writes two characters before its base64.
    if (link == null && carried.startsWith("a1")) {
      link = base64Decoded(carried.substring(2), from);
    }
    return link == null ? bare(carried) : link;
  }

  private static ParsedLink base64Decoded(String carried, ParsedLink from) {
    String plain = Escapes.fromBase64(Escapes.decoded(carried));
    return plain == null ? null : percentDecoded(plain, from);
  }

  private static ParsedLink percentDecoded(String carried, ParsedLink from) {
    String text = carried;
    for (int i = 0; i <= DECODINGS; i++) {
      ParsedLink link = absolute(unbracketed(text), from);
      if (link != null) {
        return link;
      }
      String decoded = Escapes.decoded(text);
      if (decoded.equals(text)) {
        return null;
      }
      text = decoded;
    }
    return null;
  }

  private static ParsedLink bare(String carried) {
    String text = carried;
    for (int i = 0; i <= DECODINGS; i++) {
      ParsedLink link = LinkParser.bareHost(text);
      if (link != null) {
        return link;
      }
      text = Escapes.decoded(text);
    }
    return null;
  }

  private static ParsedLink absolute(String text, ParsedLink from) {
    if (text.startsWith("//")) {
      return LinkParser.parse(text);
    }
    if (text.startsWith("/") && text.length() > 1) {
      return from.host() == null
          ? null
          : LinkParser.parse(from.scheme() + "://" + from.host() + text);
    }
    int colon = text.indexOf(':');
    // "https:/shop.example" is what servers that tidy paths make of a target.
    boolean hasScheme = colon > 0 && colon + 1 < text.length() && text.charAt(colon + 1) == '/';
    return hasScheme ? LinkParser.parse(text) : null;
  }

  /** Without the double brackets that stand for the target in some networks' templates. */
  private static String unbracketed(String text) {
    String trimmed = text.strip();
    return trimmed.startsWith("[[") && trimmed.endsWith("]]")
        ? trimmed.substring(2, trimmed.length() - 2)
        : trimmed;
  }
}
