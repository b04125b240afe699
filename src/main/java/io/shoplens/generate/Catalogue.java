package io.shoplens.generate;

/** Products, creators, their content and the great live streams, each a pure function of seed. */
final class Catalogue {
  static final String[] CATEGORIES = {
    "beauty",
    "fashion",
    "electronics",
    "home",
    "toys",
    "food",
    "sports",
    "books",
    "pets",
    "baby",
    "garden",
    "stationery"
  };
  private static final String[] WORDS = {
    "lip",
    "tint",
    "linen",
    "dress",
    "wireless",
    "earbuds",
    "bamboo",
    "lamp",
    "puzzle",
    "matcha",
    "yoga",
    "mat",
    "novel",
    "cat",
    "tree",
    "rattle",
    "planter",
    "gel",
    "pen",
    "serum",
    "hoodie",
    "charger",
    "kettle",
    "kite"
  };
  private static final int LIVE_HOSTS = 3;

  final int products;
  final int creators;
  private final long seed;

  Catalogue(long seed, long events) {
    this.seed = Dice.mix(seed + 77);
    products = (int) Math.max(240, Math.min(2_000_000, events / 250));
    creators = (int) Math.max(48, Math.min(300_000, events / 2500)) / 6 * 6;
  }

  int product(Dice dice) {
    return dice.zipf(products);
  }

  /** A product of the same category. */
  int sibling(int product, Dice dice) {
    int other = dice.zipf(products) / CATEGORIES.length * CATEGORIES.length + categoryOf(product);
    return other < products ? other : product;
  }

  private static int categoryOf(int product) {
    return product % CATEGORIES.length;
  }

  String category(int product) {
    return CATEGORIES[categoryOf(product)];
  }

  String productId(int product) {
    return "p" + (100000 + product);
  }

  String sellerId(int product) {
    return "s" + (1000 + Dice.pick(seed ^ product, Math.max(20, products / 12)));
  }

  String slug(int product) {
    long key = Dice.mix(seed + product);
    return WORDS[Dice.pick(key + 1, WORDS.length)]
        + "-"
        + WORDS[Dice.pick(key, WORDS.length)]
        + "-"
        + product;
  }

  /** Price in minor units of the market's currency. */
  long price(int product, MarketProfile market) {
    double dollars = 2.5 + 4 / (0.02 + (Dice.mix(seed ^ product * 7L) >>> 11) * 0x1.0p-53);
    long minor = (long) (dollars * market.scale * market.minorUnits());
    long stepped = minor / market.priceStep * market.priceStep;
    boolean charming = market == MarketProfile.US || market == MarketProfile.GB;
    return Math.max(market.priceStep, charming ? stepped / 100 * 100 + 99 : stepped);
  }

  /** A creator of the market; a few have most of the views. */
  int creator(MarketProfile market, Dice dice) {
    return dice.zipf(creators / 6) * 6 + market.ordinal();
  }

  String creatorId(int creator) {
    return "c" + (10000 + creator);
  }

  /** How much more than others the creator links outside. */
  double linking(int creator) {
    int kind = Dice.pick(seed ^ creator * 13L, 10);
    return kind == 0 ? 4 : kind < 4 ? 0 : 0.9;
  }

  int content(int creator, Dice dice) {
    return creator * 64 + dice.zipf(64);
  }

  String contentId(int content) {
    return "v" + (1_000_000L + content);
  }

  /** The product that content shows. */
  int shown(int content) {
    double rank = (Dice.mix(seed ^ content * 29L) >>> 11) * 0x1.0p-53;
    return Math.min(products - 1, (int) StrictMath.pow(products + 1.0, rank) - 1);
  }

  /** Host of the day's great live stream in a market. */
  int liveHost(MarketProfile market, int day) {
    return Dice.pick(seed + day * 101L + market.ordinal(), LIVE_HOSTS) * 6 + market.ordinal();
  }

  /** Second of the local day at which it begins. */
  int liveStart(MarketProfile market, int day) {
    return 19 * 3600 + Dice.pick(seed + day * 211L + market.ordinal(), 5) * 1800;
  }
}
