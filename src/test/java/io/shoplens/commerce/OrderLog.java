package io.shoplens.commerce;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random order lives as a log would tell them, amounts in whole minor units: regions with a zone of
 * their own, weeks with a day of 23 and of 25 hours, several lines, prices finer than the minor
 * unit, payments that come late, twice, never or in another currency, reversals of every form that
 * overlap, exceed, precede the payment or come in another currency, credit notes of unknown orders.
 */
public final class OrderLog {
  /** A record of the log. Amounts are in minor units of the currency; -1 stands for none. */
  public record Entry(
      String order,
      String id,
      String kind,
      Instant at,
      String user,
      String channel,
      String market,
      String region,
      String currency,
      int digits,
      List<Item> items,
      long shipping,
      long subsidy,
      long tax,
      List<Item> reversed,
      long amount) {}

  /** A line. The price is in millionths of a currency unit; -1 stands for none. */
  public record Item(
      String line, long quantity, long priceMillionths, long discount, long platform) {}

  private static final String[][] SHOPS = {
    {"US", "USD", "2", "40000000"},
    {"JP", "JPY", "0", "6000000000"},
    {"ID", "IDR", "2", "600000000000"},
    {"KW", "KWD", "3", "12000000"}
  };

  private static final String[] CATEGORIES = {"shoes", null, "hats"};
  private static final String[] CREATORS = {"k1", null, "k1", "k2", null};

  /** Regions by market, as often as orders are of them; an order may name none. */
  private static final Map<String, List<String>> REGIONS =
      Map.of("US", List.of("US-CA", "US-NY", ""), "ID", List.of("ID-PA", ""));

  /** In New York the first of these weeks has a day of 23 hours, the second one of 25. */
  private static final List<String> WEEKS = List.of("2026-03-03", "2026-10-27");

  private final Random random;
  private final List<Entry> entries = new ArrayList<>();

  /** That of the order in hand. */
  private String region;

  private OrderLog(long seed) {
    random = new Random(seed);
  }

  /** The records of a number of orders, in the order they were thought of. */
  public static List<Entry> random(long seed, int orders) {
    OrderLog log = new OrderLog(seed);
    for (int order = 0; order < orders; order++) {
      log.live(String.format("o%05d", order), SHOPS[order % SHOPS.length]);
    }
    return log.entries;
  }

  private void live(String order, String[] shop) {
    int digits = Integer.parseInt(shop[2]);
    long dearest = Long.parseLong(shop[3]);
    String user = random.nextInt(8) == 0 ? null : "u" + random.nextInt(40);
    String channel = random.nextInt(10) == 0 ? "external" : "in_app";
    List<String> regions = REGIONS.getOrDefault(shop[0], List.of(""));
    region = regions.get(random.nextInt(regions.size()));
    Instant start =
        Instant.parse(WEEKS.get(random.nextInt(5) / 4) + "T00:00:00Z")
            .plus(random.nextInt(600_000), ChronoUnit.SECONDS);
    List<Item> items = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      long quantity = 1 + random.nextInt(5);
      long price = Math.floorMod(random.nextLong(), dearest);
      price = random.nextInt(3) == 0 ? price : price / 1_000_000 * 1_000_000;
      price = random.nextInt(15) == 0 ? 0 : price;
      long value = PlainLedger.halfUp(quantity * price, PlainLedger.power(6 - digits));
      long discount = random.nextInt(3) == 0 ? Math.floorMod(random.nextLong(), value + 1) : 0;
      long platform = random.nextInt(4) == 0 ? random.nextInt(300) : 0;
      items.add(new Item("L" + (i * 4 + 1), quantity, price, discount, platform));
    }
    boolean isPlaced = random.nextInt(12) != 0;
    if (isPlaced) {
      add(order, "placed", start, user, channel, shop, items, List.of(), -1);
    }
    int payments = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(8) / 7;
    for (int i = 0; i < payments; i++) {
      Instant at = start.plus(random.nextInt(90_000) - 600, ChronoUnit.SECONDS);
      add(order, "paid", at, user, channel, inSome(shop), List.of(), List.of(), -1);
    }
    if (random.nextBoolean()) {
      Instant at = start.plus(random.nextInt(200_000), ChronoUnit.SECONDS);
      add(order, "shipped", at, user, channel, inSome(shop), List.of(), List.of(), -1);
    }
    int reversals = isPlaced ? random.nextInt(5) : 1 + random.nextInt(3);
    for (int i = 0; i < reversals; i++) {
      Instant at = start.plus(random.nextInt(400_000) - 300, ChronoUnit.SECONDS);
      reverse(order, at, user, channel, shop, items, isPlaced);
    }
  }

  /** The shop, now and then with the currency of another. */
  private String[] inSome(String[] shop) {
    String[] other = random.nextInt(12) == 0 ? SHOPS[random.nextInt(SHOPS.length)] : shop;
    return new String[] {shop[0], other[1], other[2], other[3]};
  }

  private void reverse(
      String order,
      Instant at,
      String user,
      String channel,
      String[] shop,
      List<Item> items,
      boolean isPlaced) {
    String kind = random.nextInt(3) == 0 ? "cancelled" : "refunded";
    String[] in = inSome(shop);
    long worth = 0;
    for (Item item : items) {
      worth +=
          PlainLedger.halfUp(
              item.quantity() * item.priceMillionths(),
              PlainLedger.power(6 - Integer.parseInt(shop[2])));
    }
    int form = random.nextInt(10);
    if (form == 0) {
      add(order, "adjusted", at, user, channel, in, List.of(), List.of(), random.nextInt(900));
    } else if (form <= 2 && isPlaced) {
      add(order, kind, at, user, channel, in, List.of(), List.of(), -1);
    } else if (form <= 5) {
      long amount = Math.floorMod(random.nextLong(), worth * 2 / 3 + 10);
      add(order, kind, at, user, channel, in, List.of(), List.of(), amount);
    } else {
      List<Item> named = new ArrayList<>();
      for (Item item : items) {
        if (random.nextBoolean() || named.isEmpty()) {
          long price = isPlaced ? -1 : item.priceMillionths();
          String line = random.nextInt(20) == 0 ? "X" + item.line() : item.line();
          long discount = isPlaced || !in[1].equals(shop[1]) ? 0 : item.discount();
          long quantity = isPlaced ? 1 + random.nextInt(3) : item.quantity();
          named.add(new Item(line, quantity, price, discount, 0));
        }
      }
      add(order, kind, at, user, channel, in, List.of(), named, -1);
    }
  }

  private void add(
      String order,
      String kind,
      Instant at,
      String user,
      String channel,
      String[] shop,
      List<Item> items,
      List<Item> reversed,
      long amount) {
    boolean isPlaced = kind.equals("placed");
    entries.add(
        new Entry(
            order,
            String.format("e%05d", random.nextInt(100_000)) + "-" + entries.size(),
            kind,
            at.truncatedTo(random.nextInt(4) == 0 ? ChronoUnit.HOURS : ChronoUnit.MILLIS),
            user,
            channel,
            shop[0],
            region.isEmpty() ? null : region,
            shop[1],
            Integer.parseInt(shop[2]),
            List.copyOf(items),
            isPlaced ? random.nextInt(700) : -1,
            isPlaced == (random.nextInt(5) > 0) ? random.nextInt(200) : -1,
            isPlaced && random.nextBoolean() ? random.nextInt(999) : -1,
            List.copyOf(reversed),
            amount));
  }

  /** A record as JSON, in the shape of bronze.order_events. */
  public static String json(Entry entry) {
    StringBuilder json = new StringBuilder("{");
    text(json, "order_id", entry.order());
    text(json, "record_id", entry.id() + ":" + entry.kind());
    text(json, "order_event_id", entry.id());
    text(json, "order_event", entry.kind());
    text(json, "event_at", entry.at().toString());
    text(json, "user_id", entry.user());
    text(json, "market", entry.market());
    text(json, "region", entry.region());
    text(json, "currency", entry.currency());
    text(json, "sales_channel", entry.channel());
    money(json, "shipping_fee", entry.shipping(), entry.digits());
    money(json, "shipping_subsidy", entry.subsidy(), entry.digits());
    money(json, "tax", entry.tax(), entry.digits());
    if (!entry.items().isEmpty()) {
      json.append("'lines':").append(items(entry.items(), entry.digits())).append(",");
    }
    if (!entry.reversed().isEmpty()) {
      json.append("'reversal':{'lines':")
          .append(items(entry.reversed(), entry.digits()))
          .append("},");
    } else if (entry.amount() >= 0) {
      json.append("'reversal':{");
      money(json, "amount", entry.amount(), entry.digits());
      json.append("'lines':null},");
    }
    return json.append("'content_hash':").append(entry.hashCode()).append("}").toString();
  }

  private static String items(List<Item> items, int digits) {
    List<String> parts = new ArrayList<>();
    for (Item item : items) {
      StringBuilder json = new StringBuilder("{");
      text(json, "line_id", item.line());
      int hash = item.line().hashCode();
      text(json, "category", CATEGORIES[hash % CATEGORIES.length]);
      text(json, "creator_id", CREATORS[hash % CREATORS.length]);
      money(json, "unit_price", item.priceMillionths(), 6);
      money(json, "seller_discount", item.discount(), digits);
      money(json, "platform_discount", item.platform(), digits);
      parts.add(json.append("'quantity':").append(item.quantity()).append("}").toString());
    }
    return parts.toString();
  }

  private static void text(StringBuilder json, String field, String value) {
    if (value != null) {
      json.append("'").append(field).append("':'").append(value).append("',");
    }
  }

  private static void money(StringBuilder json, String field, long minor, int digits) {
    if (minor >= 0) {
      json.append("'")
          .append(field)
          .append("':")
          .append(BigDecimal.valueOf(minor, digits).toPlainString())
          .append(",");
    }
  }
}
