package io.shoplens.generate;

import java.time.Instant;
import java.util.List;

/** Orders of a household, from the purchase to the last refund, and the truth about each. */
final class Purchases {
  /** Whether the outside shop reports an order back. */
  enum Report {
    SENT,
    NONE
  }

  private static final long MINUTE = 60_000L;
  private static final long HOUR = 3_600_000L;

  /** What is rare comes at least once in so many orders of a block. */
  private static final int RARITIES = 130;

  private static final int UNIT = 1_000_000;

  private final Catalogue catalogue;
  private final BlockLog log;
  private final Dice dice;
  private final long seed;
  private final long household;
  private final long end;
  private final OrderEvent order;
  private final LeakTruth leaks;
  private long placedAt;
  private boolean isPaid;
  private Shop outside;
  private int count;
  private int turn;
  private long value;

  Purchases(
      Catalogue catalogue,
      Instants instants,
      BlockLog log,
      Dice dice,
      long seed,
      long household,
      long end,
      LeakTruth leaks) {
    this.catalogue = catalogue;
    this.log = log;
    this.dice = dice;
    this.seed = seed;
    this.household = household;
    this.end = end;
    this.leaks = leaks;
    order = new OrderEvent(instants, catalogue);
  }

  /** Value of the last order's lines in minor units, before discounts. */
  long lastValue() {
    return order.items.stream().mapToLong(item -> item.value).sum();
  }

  /** An order in the app; answers with its number. */
  long inApp(
      long at,
      String user,
      String device,
      MarketProfile market,
      String region,
      int product,
      String creator,
      Cause cause,
      String member) {
    begin(market, region);
    turn = (int) (log.orders() % RARITIES);
    boolean isNobody = dice.chance(0.01) || turn == 10;
    order.user = isNobody ? null : user;
    order.device = isNobody ? null : device;
    order.channel = dice.chance(0.8) ? "in_app" : null;
    order.merchantDomain = null;
    order.currency = market.currency;
    order.digits = market.digits;
    if (market != MarketProfile.US && (dice.chance(0.005) || turn == 30)) {
      order.currency = "USD";
      order.digits = 2;
    }
    boolean isForeign = !order.currency.equals(market.currency);
    MarketProfile prices = isForeign ? MarketProfile.US : market;
    int lines = 1 + dice.weighted(76, 16, 5, 3);
    for (int i = 0; i < lines; i++) {
      int bought =
          i == 0
              ? product
              : dice.chance(0.5) ? catalogue.sibling(product, dice) : catalogue.product(dice);
      item(i, bought, prices, i == 0 ? creator : null);
    }
    long net = value;
    order.shippingFee = dice.chance(0.45) ? 0 : nice(net / 12, prices);
    order.shippingCost = nice(net / 10 + prices.priceStep, prices);
    order.shippingSubsidy = dice.chance(0.4) ? order.shippingCost : 0;
    order.fulfilmentCost = nice(net / 20, prices);
    order.tax = dice.chance(0.1) ? 0 : net * 8 / 100;
    truth(at, cause, member);
    long number = order.orderNumber;
    if (dice.chance(0.003) || turn == 50) {
      say("paid", at, null);
      return number;
    }
    timeline(at);
    if (dice.chance(0.02) || turn == 40 || turn == 41) {
      strangers(at, market, user);
    }
    return number;
  }

  /** An order in another shop; whether it is reported is the caller's to say. */
  long external(
      long at,
      String user,
      String device,
      MarketProfile market,
      int product,
      Shop shop,
      Cause cause,
      String member,
      Report report) {
    begin(market, null);
    order.user = user;
    order.device = device;
    outside = shop;
    order.channel = "external";
    order.merchantDomain = shop.domain;
    order.currency = market.currency;
    order.digits = market.digits;
    item(0, product, market, null);
    OrderEvent.Item item = order.items.get(0);
    item.platformDiscount = 0;
    item.creatorCommission = 0;
    order.shippingFee = 0;
    order.tax = value * 8 / 100;
    if (report == Report.NONE) {
      return order.orderNumber;
    }
    truth(at, cause, member);
    long number = order.orderNumber;
    say("placed", at, null);
    long paid = at + (dice.chance(0.5) ? 0 : dice.below(10 * MINUTE));
    if (dice.chance(0.95)) {
      say("paid", paid, null);
    }
    if (dice.chance(0.06)) {
      say("refunded", paid + HOUR + (long) dice.exponential(40.0 * HOUR), null);
    }
    return number;
  }

  /** Ends the last order: nothing more will be said of it. */
  void finish() {
    if (placedAt != 0 && isPaid) {
      for (OrderEvent.Item item : order.items) {
        leaks.sold(
            placedAt,
            Text.hexId('o', order.orderNumber) + ' ' + item.lineId,
            order.user,
            order.device,
            outside == null ? null : outside.group,
            catalogue.productId(item.product));
      }
    }
    placedAt = 0;
    isPaid = false;
    outside = null;
  }

  private void begin(MarketProfile market, String region) {
    finish();
    order.orderNumber = Dice.mix(Dice.mix(seed + 7) ^ (household << 16 | count++));
    order.event = 0;
    order.market = market;
    order.region = region;
    order.items.clear();
    value = 0;
  }

  private void item(int index, int product, MarketProfile prices, String creator) {
    OrderEvent.Item item = new OrderEvent.Item();
    item.lineId = Integer.toString(index + 1);
    item.product = product;
    item.creator = creator;
    item.quantity = quantity(dice);
    long minor = catalogue.price(product, prices);
    item.price = minor * (UNIT / prices.minorUnits());
    if (dice.chance(0.008) || turn == 20) {
      item.price += 1 + dice.below(UNIT / prices.minorUnits() - 1);
    }
    long millionths = item.price * item.quantity;
    long step = UNIT / prices.minorUnits();
    item.value = (millionths + step / 2) / step;
    if (dice.chance(0.25)) {
      item.sellerDiscount = nice(item.value * (5 + dice.below(35)) / 100, prices);
    }
    if (dice.chance(0.3)) {
      item.platformDiscount = nice(item.value * (3 + dice.below(25)) / 100, prices);
    }
    item.commission = 200 + 50 * dice.below(13);
    item.creatorCommission = creator == null ? 0 : 500 + 100 * dice.below(16);
    value += item.value - item.sellerDiscount;
    order.items.add(item);
  }

  /** How many of a product somebody buys. */
  static int quantity(Dice dice) {
    return dice.chance(0.84) ? 1 : 2 + dice.below(dice.chance(0.1) ? 11 : 3);
  }

  private static long nice(long minor, MarketProfile market) {
    return market.priceStep > 100 ? minor / 10_000 * 10_000 : minor;
  }

  private void truth(long at, Cause cause, String member) {
    Text out = log.orderTruth();
    out.put('{').id("order_id", 'o', order.orderNumber);
    out.field("order_at", Instant.ofEpochMilli(at).toString()).field("market", order.market.name());
    out.field("sales_channel", order.merchantDomain == null ? "in_app" : "external");
    out.field("merchant_domain", order.merchantDomain);
    out.field("user_id", order.user).field("device_id", order.device).field("member", member);
    out.field("cause_class", cause.kind()).field("cause_channel", cause.channel());
    if (cause.event() != 0) {
      out.id("cause_event_id", 'e', cause.event()).field("cause_event_type", cause.type());
      out.field("cause_surface", cause.surface());
      out.field("cause_at", Instant.ofEpochMilli(cause.at()).toString());
    }
    out.close().put('\n');
  }

  /** Logs an event of the order, unless the logs end before it. */
  private boolean say(String kind, long at, String reversal) {
    order.event++;
    if (at >= end) {
      return false;
    }
    order.kind = kind;
    order.at = at;
    order.hasItems = kind.equals("placed");
    order.reversal = reversal;
    log.orderEvent(order);
    leaks.said(order);
    if (kind.equals("placed")) {
      placedAt = Instants.micros(at, order.number());
    }
    isPaid |= kind.equals("paid");
    return true;
  }

  /** The usual life of an order, and what now and then goes otherwise. */
  private void timeline(long placed) {
    say("placed", placed, null);
    if (dice.chance(0.05) || turn == 60) {
      long given = placed + HOUR + dice.below(20 * HOUR);
      if (dice.chance(0.7) || turn == 60) {
        say("cancelled", given, null);
      }
      if (dice.chance(0.1)) {
        say("paid", given + MINUTE, null);
      }
      return;
    }
    long paid = placed;
    switch (dice.weighted(80, 10, 8, 2)) {
      case 0 -> paid += 1000 + (long) dice.exponential(60_000);
      case 1 -> paid += 0;
      case 2 -> paid += dice.below(30 * HOUR);
      default -> paid -= 1 + dice.below(1500);
    }
    say("paid", Math.max(paid, placed / Instants.DAY * Instants.DAY), null);
    if (dice.chance(0.004)) {
      say("paid", paid + MINUTE, null);
    }
    if (turn >= 70 && turn < 75) {
      say("refunded", paid + 5 * MINUTE, reversal(turn - 70));
    }
    if (turn == 80) {
      foreign(paid + 5 * MINUTE);
    }
    if (turn == 90) {
      say("adjusted", paid + 5 * MINUTE, amount(1 + dice.below(900)));
    }
    long at = paid + HOUR + (long) dice.exponential(10.0 * HOUR);
    if (dice.chance(0.04) || turn == 100) {
      say("cancelled", at, dice.chance(0.6) ? null : reversal(2));
      return;
    }
    say("shipped", at, null);
    at += 6 * HOUR + (long) dice.exponential(24.0 * HOUR);
    say("delivered", at, null);
    if (dice.chance(0.18)) {
      long refunded = (dice.chance(0.4) ? paid : at) + HOUR + (long) dice.exponential(20.0 * HOUR);
      say("refunded", refunded, reversal(dice.weighted(20, 30, 25, 12, 13)));
      if (dice.chance(0.25)) {
        say("refunded", refunded + HOUR, reversal(1 + dice.below(3)));
      }
    }
    if (dice.chance(0.003)) {
      foreign(at + 2 * HOUR);
    }
    if (dice.chance(0.01)) {
      say("adjusted", at + 3 * HOUR, amount(1 + dice.below(900)));
    }
  }

  /** A refund in another currency than the order's. */
  private void foreign(long at) {
    String currency = order.currency;
    order.currency = currency.equals("USD") ? "SGD" : "USD";
    say("refunded", at, "{\"amount\":1.5}");
    order.currency = currency;
  }

  /** What a cancellation or refund takes back; NULL: all that remains. */
  private String reversal(int kind) {
    OrderEvent.Item item = order.items.get(dice.below(order.items.size()));
    long net = item.value - item.sellerDiscount;
    switch (kind) {
      case 0:
        return null;
      case 1:
        return lines(item, 1 + dice.below((int) item.quantity));
      case 2:
        return amount(Math.max(1, net * (10 + dice.below(70)) / 100));
      case 3:
        return dice.chance(0.5) ? amount(value * 3 + 100) : lines(item, item.quantity + 2);
      default:
        StringBuilder all = new StringBuilder("{\"lines\":[");
        for (OrderEvent.Item each : order.items) {
          all.append(all.length() > 10 ? "," : "")
              .append("{\"line_id\":\"" + each.lineId + "\",\"quantity\":" + each.quantity + "}");
        }
        return all.append("]}").toString();
    }
  }

  private static String lines(OrderEvent.Item item, long quantity) {
    return "{\"lines\":[{\"line_id\":\"" + item.lineId + "\",\"quantity\":" + quantity + "}]}";
  }

  private String amount(long minor) {
    return "{\"amount\":" + OrderEvent.decimal(minor, order.digits, dice.below(40)) + "}";
  }

  /** Orders that nothing on record explains, and refunds of orders that nobody has seen. */
  private void strangers(long at, MarketProfile market, String user) {
    List<OrderEvent.Item> sold = List.copyOf(order.items);
    begin(market, null);
    order.channel = "in_app";
    order.currency = market.currency;
    order.digits = market.digits;
    order.user = dice.chance(0.6) ? user : null;
    order.device = null;
    if (turn == 40 || (turn != 41 && dice.chance(0.5))) {
      OrderEvent.Item item = sold.get(0);
      String price = OrderEvent.decimal(catalogue.price(item.product, market), market.digits, -1);
      StringBuilder note = new StringBuilder("{\"lines\":[{\"line_id\":\"1\",\"product_id\":\"");
      note.append(catalogue.productId(item.product)).append("\",\"category\":\"");
      note.append(catalogue.category(item.product)).append("\",\"quantity\":");
      note.append(1 + dice.below(3)).append(",\"unit_price\":").append(price).append("}]}");
      truth(at, Cause.NONE, null);
      say("refunded", at, note.toString());
      return;
    }
    item(0, catalogue.product(dice), market, null);
    order.shippingFee = 0;
    order.shippingCost = 0;
    order.shippingSubsidy = 0;
    order.fulfilmentCost = 0;
    order.tax = 0;
    truth(at, Cause.NONE, null);
    say("placed", at, null);
    say("paid", at, null);
  }
}
