package io.shoplens.generate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Links as creators post them: to shops, through wrappers, behind shorteners, and broken ones. */
final class OutboundUrls {
  /**
   * A link.
   *
   * @param url as clicked
   * @param form how it was made
   * @param shop where it really leads, or NULL where not to a shop
   */
  record Link(String url, String form, Shop shop) {}

  private static final String[] HUBS = {"linktr.ee", "beacons.ai", "lnk.bio"};
  private static final String[] SOCIAL = {
    "https://www.instagram.com/",
    "https://www.youtube.com/@",
    "https://wa.me/62812",
    "https://x.com/",
    "https://t.me/"
  };
  private static final String[] UNPARSABLE = {
    "http://", "not a link", "https://", "http://[::1", "https://exa mple .com:port/x", "%%%"
  };

  private OutboundUrls() {}

  static Link link(MarketProfile market, int product, String slug, int creator, Dice dice) {
    Shop favourite = market.shops[Dice.pick(creator * 17L, market.shops.length)];
    Shop shop = dice.chance(0.5) ? favourite : market.shops[dice.below(market.shops.length)];
    String page = shop.page(product, slug, dice);
    switch (dice.weighted(36, 17, 6, 9, 7, 6, 5, 4, 3, 2.5, 2, 4)) {
      case 0:
        return new Link(tagged(page, shop, creator, dice), "direct", shop);
      case 1:
        return new Link(wrapped(tagged(page, shop, creator, dice), dice), "wrapped", shop);
      case 2:
        return new Link(social(wrapped(page, dice), dice), "wrapped_twice", shop);
      case 3:
        return shortened(shop, product, dice);
      case 4:
        return new Link(
            "https://" + dice.of(HUBS) + "/creator" + creator,
            "link_hub",
            dice.chance(0.6) ? shop : null);
      case 5:
        Shop own = Shop.INDEPENDENT[dice.below(Shop.INDEPENDENT.length)];
        return new Link(own.page(product, slug, dice), "independent", own);
      case 6:
        return new Link(dice.of(SOCIAL) + "creator" + creator, "social", null);
      case 7:
        return new Link(
            "https://www.shop.example/p/" + slug + "?utm_source=bio#reviews", "own", null);
      case 8:
        return new Link(lookAlike(slug, dice), "look_alike", null);
      case 9:
        return new Link(dice.of(UNPARSABLE), "unparsable", null);
      case 10:
        return known(dice);
      default:
        return appScheme(shop, page, product, dice);
    }
  }

  private static String tagged(String page, Shop shop, int creator, Dice dice) {
    String mark = page.indexOf('?') < 0 ? "?" : "&";
    return switch (dice.below(7)) {
      case 0 -> page;
      case 1 ->
          page
              + mark
              + (shop.group.equals("Amazon") ? "tag=" : "aff_id=")
              + "creator"
              + creator
              + "-20";
      case 2 -> page + mark + "utm_source=shortvideo&utm_medium=bio&utm_campaign=spring%20sale";
      case 3 -> page + mark + "email=someone%40mail.example&sessionid=" + dice.below(1_000_000);
      case 4 -> page + mark + "clickid={clickid}&sub=a|b";
      case 5 ->
          page.replace("https://", "HTTPS://").replace(shop.host, shop.host + ":443") + "#top";
      default -> page + mark + "deal=50%off&q=été";
    };
  }

  private static String encoded(String url) {
    return URLEncoder.encode(url, StandardCharsets.UTF_8);
  }

  private static String wrapped(String target, Dice dice) {
    String once = encoded(target);
    String value = dice.chance(0.2) ? encoded(once) : once;
    int number = 1000 + dice.below(9000);
    return switch (dice.below(10)) {
      case 0 -> "https://www.awin1.com/cread.php?awinmid=" + number + "&awinaffid=88&ued=" + value;
      case 1 -> "https://click.linksynergy.com/deeplink?id=k" + number + "&mid=1237&murl=" + value;
      case 2 -> "https://www.shareasale.com/r.cfm?b=" + number + "&u=2&m=3&urllink=" + value;
      case 3 -> "https://go.skimresources.com/?id=" + number + "X1&xs=1&url=" + value;
      case 4 -> "https://redirect.viglink.com/?key=" + number + "&u=" + value;
      case 5 -> "https://invol.co/aff_m?offer_id=" + number + "&aff_id=9&url=" + value;
      case 6 ->
          "https://rover.ebay.com/rover/1/711-53200-19255-0/1?campid=" + number + "&mpre=" + value;
      case 7 -> "https://ad.admitad.com/g/" + number + "abc/?ulp=" + value;
      case 8 -> "https://www.anrdoezrs.net/links/" + number + "/type/dlg/" + target;
      default -> "https://click.accesstrade.co.id/adv.php?rk=" + number + "&url=" + value;
    };
  }

  private static String social(String target, Dice dice) {
    String value = encoded(target);
    return switch (dice.below(4)) {
      case 0 -> "https://l.facebook.com/l.php?u=" + value + "&h=AT" + dice.below(100_000);
      case 1 -> "https://l.instagram.com/?u=" + value + "&e=AT" + dice.below(100_000);
      case 2 -> "https://www.youtube.com/redirect?event=video_description&q=" + value;
      default -> "https://www.google.com/url?sa=D&q=" + value;
    };
  }

  private static Link shortened(Shop shop, int product, Dice dice) {
    String code = Long.toString(Dice.mix(product + 9L) >>> 28, 36);
    boolean ownShortener = dice.chance(0.6);
    if (ownShortener && shop.group.equals("Amazon")) {
      return new Link("https://amzn.to/" + code, "shortener", shop);
    }
    if (ownShortener && shop.group.equals("Shopee")) {
      return new Link("https://shope.ee/" + code, "shortener", shop);
    }
    return new Link(
        "https://" + dice.of("bit.ly", "tinyurl.com") + "/" + code,
        "shortener",
        dice.chance(0.7) ? shop : null);
  }

  /** Short links whose targets stand in the project's table of known redirects. */
  private static Link known(Dice dice) {
    return switch (dice.below(3)) {
      case 0 -> new Link("https://go.example/deal-1", "known_redirect", Shop.AMAZON_US);
      case 1 -> new Link("https://go.example/deal-2", "known_redirect", Shop.SHOPEE_SG);
      default -> new Link("https://go.example/deal-3", "known_redirect", Shop.NIKE);
    };
  }

  private static String lookAlike(String slug, Dice dice) {
    return switch (dice.below(5)) {
      case 0 -> "https://amazon.com.evil.example/dp/B0" + slug.length() + "FAKE000";
      case 1 -> "https://amazon.ece.utexas.edu/" + slug;
      case 2 -> "https://www.amazon.com@evil.example/gp/product/" + slug;
      case 3 -> "https://shopee-sg.deals.example/" + slug;
      default -> "https://evil.example/?u=amazon.com&t=" + slug;
    };
  }

  private static Link appScheme(Shop shop, String page, int product, Dice dice) {
    if (shop.group.equals("Amazon")) {
      return dice.chance(0.5)
          ? new Link("amzn://apps/android?asin=B0" + product, "app_scheme", shop)
          : new Link(
              "intent://"
                  + page.substring("https://".length())
                  + "#Intent;scheme=https;package=com.amazon.mShop.android.shopping;end",
              "app_scheme",
              shop);
    }
    if (shop.group.equals("Shopee")) {
      String country = shop == Shop.SHOPEE_ID ? "id" : "sg";
      return new Link("shopee" + country + "://product/" + product + "/77", "app_scheme", shop);
    }
    if (shop.group.equals("Lazada")) {
      return new Link(
          "lazada://" + shop.domain.substring(7) + "/d?p=" + product, "app_scheme", shop);
    }
    return new Link("//" + page.substring("https://".length()), "app_scheme", shop);
  }
}
