package io.shoplens.generate;

import java.util.ArrayList;
import java.util.List;

/** An order, and whichever of its events is being written. */
final class OrderEvent implements Line {
  /** A line of an order; amounts in minor units, the price in millionths of a unit. */
  static final class Item {
    String lineId;
    int product;
    String creator;
    long quantity;
    long price;
    long value;
    long sellerDiscount;
    long platformDiscount;
    int commission;
    int creatorCommission;
  }

  private final Instants instants;
  private final Catalogue catalogue;

  long orderNumber;
  int event;
  String kind;
  long at;
  String user;
  String device;
  MarketProfile market;
  String region;
  String currency;
  int digits;
  String channel;
  String merchantDomain;
  final List<Item> items = new ArrayList<>();
  boolean hasItems;
  long shippingFee;
  long shippingCost;
  long shippingSubsidy;
  long fulfilmentCost;
  long tax;

  private boolean isFlipped;

  /** The reversal as JSON, or NULL. */
  String reversal;

  OrderEvent(Instants instants, Catalogue catalogue) {
    this.instants = instants;
    this.catalogue = catalogue;
  }

  @Override
  public long at() {
    return at;
  }

  @Override
  public long number() {
    return Dice.mix(orderNumber + event);
  }

  @Override
  public void write(Text out, long receivedAt) {
    out.put('{').put("\"order_event_id\":\"o").hex(orderNumber).put('-').put(event).put("\",");
    out.id("order_id", 'o', orderNumber).field("order_event", kind).key("event_at");
    instants.put(out, at, Instants.form(number()));
    out.put(',');
    if (receivedAt >= 0) {
      out.key("received_at").put('"');
      instants.plain(out, receivedAt);
      out.put("\",");
    }
    out.field("user_id", user).field("device_id", device).field("market", market.name());
    out.field("region", isFlipped ? market.name() + "-99" : region)
        .field("currency", currency)
        .field("sales_channel", channel);
    out.field("merchant_domain", merchantDomain);
    if (hasItems) {
      out.put("\"lines\":[");
      for (int i = 0; i < items.size(); i++) {
        out.put(i == 0 ? "" : ",");
        line(out, items.get(i));
      }
      out.put("],");
      amount(out, "shipping_fee", shippingFee, 1);
      if (merchantDomain == null) {
        amount(out, "shipping_cost", shippingCost, 2);
        amount(out, "shipping_subsidy", shippingSubsidy, 3);
        amount(out, "fulfilment_cost", fulfilmentCost, 4);
      }
      amount(out, "tax", tax, 5);
    }
    if (reversal != null) {
      out.put("\"reversal\":").put(reversal).put(',');
    }
    if (number() % 97 == 0) {
      out.put("\"payment_provider\":\"stripe\",\"risk\":{\"score\":0.07,\"flags\":[]},");
    }
    out.close();
  }

  private void line(Text out, Item item) {
    out.put('{').field("line_id", item.lineId);
    out.field("product_id", catalogue.productId(item.product));
    out.field("category", catalogue.category(item.product));
    if (merchantDomain == null) {
      out.field("seller_id", catalogue.sellerId(item.product)).field("creator_id", item.creator);
    }
    out.key("quantity").put(item.quantity).put(',').key("unit_price");
    price(out, item.price, (int) (number() >>> 8) % 20);
    out.put(',');
    if (item.sellerDiscount > 0) {
      amount(out, "seller_discount", item.sellerDiscount, 6);
    }
    if (item.platformDiscount > 0) {
      amount(out, "platform_discount", item.platformDiscount, 7);
    }
    if (item.commission > 0) {
      out.put("\"commission_rate\":0.").padded(item.commission, 4).put(',');
    }
    if (item.creatorCommission > 0) {
      out.put("\"creator_commission_rate\":0.").padded(item.creatorCommission, 4).put(',');
    }
    out.close();
  }

  private void amount(Text out, String name, long minor, int salt) {
    int form = (int) (Dice.mix(number() + salt) >>> 1) % 40;
    out.key(name).put(decimal(minor, digits, form)).put(',');
  }

  private static void price(Text out, long millionths, int form) {
    long scaled = millionths;
    int scale = 6;
    while (scale > 2 && scaled % 10 == 0) {
      scaled /= 10;
      scale--;
    }
    out.put(decimal(scaled, scale, form));
  }

  /** A JSON value for a decimal: a number, a string, or a number with an exponent. */
  static String decimal(long unscaled, int scale, int form) {
    String digits = Long.toString(unscaled);
    if (form == 7) {
      return digits + "e-" + scale;
    }
    if (form == 8 && unscaled > 9) {
      return digits.charAt(0) + "." + digits.substring(1) + "E" + (digits.length() - 1 - scale);
    }
    String text = digits;
    if (scale > 0) {
      String padded = "0".repeat(Math.max(0, scale + 1 - digits.length())) + digits;
      text =
          padded.substring(0, padded.length() - scale)
              + "."
              + padded.substring(padded.length() - scale);
    }
    return form >= 0 && form < 4 ? '"' + text + '"' : text;
  }

  @Override
  public void flip() {
    isFlipped = !isFlipped;
  }
}
