package io.shoplens.generate;

import java.util.Locale;

/** Marketplaces, brands and independent shops outside the app that creators link. */
enum Shop {
  AMAZON_US("Amazon", "amazon.com", "www.amazon.com", true),
  AMAZON_GB("Amazon", "amazon.co.uk", "www.amazon.co.uk", true),
  AMAZON_SG("Amazon", "amazon.sg", "www.amazon.sg", true),
  AMAZON_JP("Amazon", "amazon.co.jp", "www.amazon.co.jp", true),
  AMAZON_AE("Amazon", "amazon.ae", "www.amazon.ae", true),
  WALMART("Walmart", "walmart.com", "www.walmart.com", true),
  TARGET("Target", "target.com", "www.target.com", true),
  EBAY_US("eBay", "ebay.com", "www.ebay.com", true),
  EBAY_GB("eBay", "ebay.co.uk", "www.ebay.co.uk", true),
  TEMU("Temu", "temu.com", "www.temu.com", true),
  SHEIN("Shein", "shein.com", "us.shein.com", true),
  ETSY("Etsy", "etsy.com", "www.etsy.com", true),
  ALIEXPRESS("AliExpress", "aliexpress.com", "www.aliexpress.com", true),
  SHOPEE_ID("Shopee", "shopee.co.id", "shopee.co.id", true),
  SHOPEE_SG("Shopee", "shopee.sg", "shopee.sg", true),
  LAZADA_ID("Lazada", "lazada.co.id", "www.lazada.co.id", true),
  LAZADA_SG("Lazada", "lazada.sg", "www.lazada.sg", true),
  TOKOPEDIA("Tokopedia", "tokopedia.com", "www.tokopedia.com", true),
  BUKALAPAK("Bukalapak", "bukalapak.com", "www.bukalapak.com", true),
  BLIBLI("Blibli", "blibli.com", "www.blibli.com", true),
  QOO10("Qoo10", "qoo10.sg", "www.qoo10.sg", true),
  RAKUTEN("Rakuten", "rakuten.co.jp", "item.rakuten.co.jp", true),
  NIKE("Nike", "nike.com", "www.nike.com", false),
  SEPHORA("Sephora", "sephora.com", "www.sephora.com", false),
  POTTERY("", "willow-pottery.example", "www.willow-pottery.example", false),
  TEES("", "tiny-tees.myshopify.com", "tiny-tees.myshopify.com", false);

  static final Shop[] INDEPENDENT = {NIKE, SEPHORA, POTTERY, TEES};

  /** Name of the group of merchants; empty where no catalogue would know it. */
  final String group;

  final String domain;
  final String host;
  final boolean isMarketplace;

  Shop(String group, String domain, String host, boolean isMarketplace) {
    this.group = group;
    this.domain = domain;
    this.host = host;
    this.isMarketplace = isMarketplace;
  }

  /** A product page; the same product always has the same key in it. */
  String page(int product, String slug, Dice dice) {
    long key = Dice.mix(product * 31L + ordinal()) >>> 1;
    return "https://" + host + path(key, slug, dice);
  }

  /** Whether the page's address names the product, as its shop's pages do. */
  boolean tellsProduct(int product) {
    // An id of letters alone is not told from a word.
    return this != BUKALAPAK
        || letters(Dice.mix(product * 31L + ordinal()) >>> 1, 6)
            .chars()
            .anyMatch(Character::isDigit);
  }

  private String path(long key, String slug, Dice dice) {
    switch (group) {
      case "Amazon":
        String asin = "B0" + letters(key, 8);
        return switch (dice.below(4)) {
          case 0 -> "/dp/" + asin;
          case 1 -> "/gp/product/" + asin;
          case 2 -> "/" + slug + "/dp/" + asin + "/ref=sr_1_" + (1 + dice.below(20));
          default -> "/gp/aw/d/" + asin;
        };
      case "Shopee":
        long shop = 10_000_000 + key % 80_000_000;
        long item = 1_000_000_000 + key / 97 % 8_000_000_000L;
        return dice.chance(0.5)
            ? "/" + slug + "-i." + shop + "." + item
            : "/product/" + shop + "/" + item;
      case "Lazada":
        return "/products/"
            + slug
            + "-i"
            + key % 1_000_000_000
            + "-s"
            + key / 7 % 1_000_000
            + ".html";
      case "eBay":
        return "/itm/" + (100_000_000_000L + key % 300_000_000_000L);
      case "Walmart":
        return "/ip/" + slug + "/" + (10_000_000 + key % 900_000_000);
      case "Target":
        return "/p/" + slug + "/-/A-" + (10_000_000 + key % 80_000_000);
      case "Temu":
        return "/goods.html?goods_id=" + (601_099_500_000_000L + key % 900_000_000);
      case "Shein":
        return "/" + slug + "-p-" + (1_000_000 + key % 90_000_000) + ".html";
      case "Etsy":
        return "/listing/" + (100_000_000 + key % 1_700_000_000) + "/" + slug;
      case "AliExpress":
        return "/item/" + (1_005_000_000_000_000L + key % 9_000_000_000_000L) + ".html";
      case "Tokopedia":
        return "/toko-" + key % 5000 + "/" + slug;
      case "Bukalapak":
        return "/p/rumah-tangga/" + letters(key, 6).toLowerCase(Locale.ROOT) + "-jual-" + slug;
      case "Blibli":
        return "/p/" + slug + "/ps--" + letters(key, 3) + "-" + key % 70_000 + "-00001";
      case "Qoo10":
        return "/item/" + slug + "/" + (100_000_000 + key % 900_000_000);
      case "Rakuten":
        return "/shop-" + key % 5000 + "/" + key % 10_000_000 + "/";
      default:
        return "/products/" + slug;
    }
  }

  private static String letters(long key, int length) {
    StringBuilder text = new StringBuilder(length);
    long rest = key;
    for (int i = 0; i < length; i++) {
      text.append("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ".charAt((int) (rest % 34)));
      rest /= 34;
    }
    return text.toString();
  }
}
