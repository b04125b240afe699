package io.shoplens.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;

/** The contract of an order event: fields in the contract's order, the first fault counts. */
final class OrderContract implements RawLogs.Contract<OrderContract.OrderEvent> {
  /** Every order event there is, in the order in which an order goes through them. */
  static final List<String> KINDS =
      List.of("placed", "paid", "shipped", "delivered", "cancelled", "refunded", "adjusted");

  /** A line as ordered. Discounts are 0 where absent. */
  record Line(
      String lineId,
      String productId,
      String category,
      String creatorId,
      long quantity,
      BigDecimal unitPrice,
      BigDecimal sellerDiscount,
      BigDecimal platformDiscount,
      BigDecimal commissionRate,
      BigDecimal creatorCommissionRate) {}

  /** A line to be reversed; an unlinked refund's own line has a price. */
  record ReversalLine(
      String lineId,
      String productId,
      String category,
      long quantity,
      BigDecimal unitPrice,
      BigDecimal sellerDiscount) {}

  /** What is taken back: lines, or an amount, or with neither all that remains. */
  record Reversal(List<ReversalLine> lines, BigDecimal amount) {
    static final Reversal OF_ALL = new Reversal(List.of(), null);
  }

  /** An accepted order event; what the platform bears of it is null where absent, fee and tax 0. */
  record OrderEvent(
      String orderEventId,
      String orderId,
      String kind,
      Instant at,
      Instant receivedAt,
      String userId,
      String deviceId,
      String market,
      String region,
      String currency,
      String salesChannel,
      String merchantDomain,
      List<Line> lines,
      BigDecimal shippingFee,
      BigDecimal shippingCost,
      BigDecimal shippingSubsidy,
      BigDecimal fulfilmentCost,
      BigDecimal tax,
      Reversal reversal,
      JsonNode content) {}

  private final Conf conf;

  OrderContract(Conf conf) {
    this.conf = conf;
  }

  @Override
  public OrderEvent judged(JsonNode object) throws Refused {
    Fields fields = new Fields(object, "");
    String orderEventId = fields.requiredText("order_event_id");
    String orderId = fields.requiredText("order_id");
    String kind = fields.requiredText("order_event");
    if (!KINDS.contains(kind)) {
      throw new Refused("unknown_value", "order_event");
    }
    Instant at = EventContract.eventInstant(fields);
    Instant receivedAt = fields.instant("received_at");
    String userId = fields.text("user_id");
    String deviceId = fields.text("device_id");
    String market = fields.requiredText("market");
    if (!conf.markets.containsKey(market)) {
      throw new Refused("unknown_value", "market");
    }
    String region = fields.text("region");
    String currency = fields.requiredText("currency");
    int digits = minorDigits(currency);
    String salesChannel = fields.text("sales_channel");
    if (salesChannel == null) {
      salesChannel = "in_app";
    }
    if (!salesChannel.equals("in_app") && !salesChannel.equals("external")) {
      throw new Refused("unknown_value", "sales_channel");
    }
    String merchantDomain =
        salesChannel.equals("external")
            ? fields.requiredText("merchant_domain")
            : fields.text("merchant_domain");
    List<Line> lines = lines(fields, kind, digits);
    BigDecimal shippingFee = orZero(fields.amount("shipping_fee", digits));
    BigDecimal shippingCost = fields.amount("shipping_cost", digits);
    BigDecimal shippingSubsidy = fields.amount("shipping_subsidy", digits);
    BigDecimal fulfilmentCost = fields.amount("fulfilment_cost", digits);
    BigDecimal tax = orZero(fields.amount("tax", digits));
    Reversal reversal = reversal(fields, kind, digits);
    return new OrderEvent(
        orderEventId,
        orderId,
        kind,
        at,
        receivedAt,
        userId,
        deviceId,
        market,
        region,
        currency,
        salesChannel,
        merchantDomain,
        lines,
        shippingFee,
        shippingCost,
        shippingSubsidy,
        fulfilmentCost,
        tax,
        reversal,
        RawLogs.contentOf(object));
  }

  /** Digits of the minor unit of an ISO 4217 currency that has one. */
  private static int minorDigits(String currency) throws Refused {
    try {
      int digits = Currency.getInstance(currency).getDefaultFractionDigits();
      if (digits >= 0) {
        return digits;
      }
    } catch (IllegalArgumentException notACurrency) {
      // Said below.
    }
    throw new Refused("unknown_currency", "currency");
  }

  private static List<Line> lines(Fields fields, String kind, int digits) throws Refused {
    List<Line> lines = new ArrayList<>();
    for (Fields line : objects(fields, "lines")) {
      String lineId = line.requiredText("line_id");
      if (lines.stream().anyMatch(before -> before.lineId().equals(lineId))) {
        throw new Refused("out_of_range", line.name("line_id"));
      }
      String productId = line.text("product_id");
      String category = line.text("category");
      line.text("seller_id");
      String creatorId = line.text("creator_id");
      long quantity = line.quantity("quantity");
      BigDecimal unitPrice =
          kind.equals("placed")
              ? line.requiredAmount("unit_price", 6)
              : line.amount("unit_price", 6);
      BigDecimal value = unitPrice == null ? null : lineValue(unitPrice, quantity, digits);
      BigDecimal sellerDiscount = orZero(line.amount("seller_discount", digits));
      if (value != null && sellerDiscount.compareTo(value) > 0) {
        throw new Refused("out_of_range", line.name("seller_discount"));
      }
      BigDecimal platformDiscount = orZero(line.amount("platform_discount", digits));
      if (value != null && platformDiscount.compareTo(value) > 0) {
        throw new Refused("out_of_range", line.name("platform_discount"));
      }
      BigDecimal commissionRate = rate(line, "commission_rate");
      BigDecimal creatorCommissionRate = orZero(rate(line, "creator_commission_rate"));
      lines.add(
          new Line(
              lineId,
              productId,
              category,
              creatorId,
              quantity,
              unitPrice,
              sellerDiscount,
              platformDiscount,
              commissionRate,
              creatorCommissionRate));
    }
    if (kind.equals("placed") && lines.isEmpty()) {
      throw new Refused("missing_field", "lines");
    }
    return lines;
  }

  private static BigDecimal lineValue(BigDecimal unitPrice, long quantity, int digits) {
    return Money.rounded(unitPrice.multiply(BigDecimal.valueOf(quantity)), digits);
  }

  /** A share of 1; null where absent. */
  private static BigDecimal rate(Fields line, String field) throws Refused {
    BigDecimal rate = line.amount(field, 6);
    if (rate != null && rate.compareTo(BigDecimal.ONE) > 0) {
      throw new Refused("out_of_range", line.name(field));
    }
    return rate;
  }

  private static Reversal reversal(Fields fields, String kind, int digits) throws Refused {
    JsonNode value = fields.value("reversal");
    if (value == null) {
      return Reversal.OF_ALL;
    }
    if (!value.isObject()) {
      throw new Refused("wrong_type", "reversal");
    }
    Fields reversal = new Fields(value, "reversal.");
    List<ReversalLine> lines = new ArrayList<>();
    for (Fields line : objects(reversal, "lines")) {
      ReversalLine own =
          new ReversalLine(
              line.requiredText("line_id"),
              line.text("product_id"),
              line.text("category"),
              line.quantity("quantity"),
              line.amount("unit_price", 6),
              orZero(line.amount("seller_discount", digits)));
      if (own.unitPrice() != null
          && own.sellerDiscount().compareTo(lineValue(own.unitPrice(), own.quantity(), digits))
              > 0) {
        throw new Refused("out_of_range", line.name("seller_discount"));
      }
      if (lines.stream().anyMatch(before -> before.lineId().equals(own.lineId()))) {
        throw new Refused("out_of_range", line.name("line_id"));
      }
      lines.add(own);
    }
    return new Reversal(
        lines,
        kind.equals("adjusted")
            ? reversal.signedAmount("amount", digits)
            : reversal.amount("amount", digits));
  }

  /** The objects of an array field; none where it is absent. */
  private static List<Fields> objects(Fields fields, String field) throws Refused {
    JsonNode array = fields.value(field);
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      throw new Refused("wrong_type", fields.name(field));
    }
    List<Fields> objects = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isObject()) {
        throw new Refused("wrong_type", fields.name(field));
      }
      objects.add(new Fields(element, fields.name(field) + "."));
    }
    return objects;
  }

  static BigDecimal orZero(BigDecimal amount) {
    return amount == null ? BigDecimal.ZERO : amount;
  }

  /** Within an order, the id and kind of an order event are one order event. */
  @Override
  public List<Object> key(OrderEvent event) {
    return List.of(event.orderId(), event.orderEventId(), event.kind());
  }

  @Override
  public JsonNode content(OrderEvent event) {
    return event.content();
  }
}
