package io.shoplens.generate;

import io.shoplens.error.Errors;
import java.time.ZoneId;
import java.util.Arrays;

/** What the simulation knows of a market: zone, money, regions and the shops its creators link. */
enum MarketProfile {
  US(
      "America/New_York",
      "USD",
      2,
      1.0,
      1,
      new String[] {"US-CA", "US-CA", "US-TX", "US-NY", "US-FL", "US-IL", "US-MT", "US-HI", null},
      new Shop[] {
        Shop.AMAZON_US,
        Shop.AMAZON_US,
        Shop.AMAZON_US,
        Shop.WALMART,
        Shop.EBAY_US,
        Shop.TARGET,
        Shop.TEMU,
        Shop.SHEIN,
        Shop.ETSY,
        Shop.ALIEXPRESS
      }),
  GB(
      "Europe/London",
      "GBP",
      2,
      0.8,
      1,
      new String[] {"GB-ENG", "GB-ENG", "GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR", null},
      new Shop[] {Shop.AMAZON_GB, Shop.AMAZON_GB, Shop.EBAY_GB, Shop.TEMU, Shop.SHEIN, Shop.ETSY}),
  ID(
      "Asia/Jakarta",
      "IDR",
      2,
      16000,
      50_000,
      new String[] {"ID-JK", "ID-JB", "ID-JI", "ID-BA", "ID-PA", null},
      new Shop[] {
        Shop.SHOPEE_ID,
        Shop.SHOPEE_ID,
        Shop.SHOPEE_ID,
        Shop.TOKOPEDIA,
        Shop.LAZADA_ID,
        Shop.BUKALAPAK,
        Shop.BLIBLI
      }),
  SG(
      "Asia/Singapore",
      "SGD",
      2,
      1.35,
      1,
      new String[] {null, null, "SG-01", "SG-03"},
      new Shop[] {
        Shop.SHOPEE_SG, Shop.SHOPEE_SG, Shop.LAZADA_SG, Shop.LAZADA_SG, Shop.AMAZON_SG, Shop.QOO10
      }),
  JP(
      "Asia/Tokyo",
      "JPY",
      0,
      150,
      10,
      new String[] {"JP-13", "JP-27", "JP-01", null},
      new Shop[] {Shop.AMAZON_JP, Shop.AMAZON_JP, Shop.RAKUTEN, Shop.TEMU}),
  KW(
      "Asia/Kuwait",
      "KWD",
      3,
      0.307,
      5,
      new String[] {"KW-KU", "KW-HA", null},
      new Shop[] {Shop.AMAZON_AE, Shop.SHEIN, Shop.ALIEXPRESS});

  final ZoneId zone;
  final String currency;

  /** Digits of the currency's minor unit. */
  final int digits;

  /** Units of the currency for a US dollar, roughly. */
  final double scale;

  /** Prices are multiples of this many minor units. */
  final long priceStep;

  /** Regions, as often as their share; NULL where none is told. */
  final String[] regions;

  /** Shops that creators link, as often as their share. */
  final Shop[] shops;

  MarketProfile(
      String zone,
      String currency,
      int digits,
      double scale,
      long priceStep,
      String[] regions,
      Shop[] shops) {
    this.zone = ZoneId.of(zone);
    this.currency = currency;
    this.digits = digits;
    this.scale = scale;
    this.priceStep = priceStep;
    this.regions = regions;
    this.shops = shops;
  }

  static MarketProfile of(String code) {
    return Arrays.stream(values())
        .filter(market -> market.name().equals(code))
        .findFirst()
        .orElseThrow(
            () ->
                Errors.configuration(
                    "Market " + code + " can't be generated",
                    "synthetic logs know " + Arrays.toString(values()),
                    "weigh one of these"));
  }

  /** Minor units in a unit of the currency. */
  long minorUnits() {
    return digits == 0 ? 1 : digits == 2 ? 100 : 1000;
  }
}
