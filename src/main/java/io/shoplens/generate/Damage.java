package io.shoplens.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ways in which a line can be damaged. Each makes, of a good line, one that the contract
 * rejects for a single reason; a line that has not what a kind damages is left to another kind.
 */
enum Damage {
  NO_LINES("orders", "missing_field", "lines", replacing("\"lines\":\\[.*?\\],", "")),
  NO_MERCHANT(
      "orders",
      "missing_field",
      "merchant_domain",
      replacing("\"merchant_domain\":\"[^\"]*\",", "")),
  QUANTITY_ZERO(
      "orders",
      "out_of_range",
      "lines.quantity",
      replacing("\"lines\":(.*?)\"quantity\":\\d+", "\"lines\":$1\"quantity\":0")),
  QUANTITY_NEGATIVE(
      "orders",
      "out_of_range",
      "lines.quantity",
      replacing("\"lines\":(.*?)\"quantity\":(\\d+)", "\"lines\":$1\"quantity\":-$2")),
  TOO_MANY_DIGITS(
      "orders", "too_many_digits", "tax", replacing("\"tax\":[^,}]*", "\"tax\":1.00001")),
  CURRENCY(
      "orders",
      "unknown_currency",
      "currency",
      replacing("\"currency\":\"[A-Z]*\"", "\"currency\":\"ZZZ\"")),
  ORDER_EVENT(
      "orders",
      "unknown_value",
      "order_event",
      replacing("\"order_event\":\"[a-z]*\"", "\"order_event\":\"teleported\"")),
  AMOUNT_TYPE(
      "orders",
      "wrong_type",
      "shipping_fee",
      replacing("\"shipping_fee\":[^,}]*", "\"shipping_fee\":true")),
  DISCOUNT(
      "orders",
      "out_of_range",
      "lines.seller_discount",
      replacing("\"seller_discount\":[^,}]*", "\"seller_discount\":99999999999")),
  PRICE_NEGATIVE(
      "orders",
      "out_of_range",
      "lines.unit_price",
      replacing("\"lines\":(.*?)\"unit_price\":[^,}]*", "\"lines\":$1\"unit_price\":-1.5")),
  SALES_CHANNEL(
      "orders",
      "unknown_value",
      "sales_channel",
      replacing("\"sales_channel\":\"[a-z_]*\"", "\"sales_channel\":\"pigeon\"")),
  ORDER_ID("orders", "missing_field", "order_id", replacing("\"order_id\":\"[^\"]*\",", "")),

  BROKEN("", "not_json", null, replacing("\":\"", "\"=\"")),
  TRUNCATED("", "not_json", null, line -> line.substring(0, line.length() * 3 / 5)),
  TRAILING("", "not_json", null, line -> line + " and more"),
  TWO_OBJECTS("", "not_json", null, line -> line + line),
  ARRAY("", "not_json", null, line -> "[" + line + "]"),
  DUPLICATE_KEY(
      "", "duplicate_key", "market", replacing("\"market\":\"", "\"market\":\"US\",\"market\":\"")),
  BAD_UTF8(
      "", "bad_encoding", null, replacing("\"market\":\"", "\"note\":\"caf\uE000\",\"market\":\"")),
  EVENT_ID("events", "missing_field", "event_id", replacing("\"event_id\":\"[^\"]*\",", "")),
  EVENT_TYPE("events", "missing_field", "event_type", replacing("\"event_type\":\"[^\"]*\",", "")),
  NO_INSTANT("", "missing_field", "event_at", replacing("\"event_at\":(\"[^\"]*\"|\\d+),", "")),
  NO_PERSON(
      "events",
      "missing_field",
      "user_id",
      replacing("(\"user_id\":\"[^\"]*\",)?(\"device_id\":\"[^\"]*\",)?\"market\"", "\"market\"")),
  NO_MARKET("", "missing_field", "market", replacing("\"market\":\"[A-Z]*\"", "\"market\":\"\"")),
  UNKNOWN_MARKET(
      "", "unknown_value", "market", replacing("\"market\":\"[A-Z]*\"", "\"market\":\"ZZ\"")),
  MARKET_TYPE("", "wrong_type", "market", replacing("\"market\":\"[A-Z]*\"", "\"market\":true")),
  DEVICE_TYPE(
      "events",
      "wrong_type",
      "device_id",
      replacing("\"device_id\":\"[^\"]*\"", "\"device_id\":{\"id\":7}")),
  SURFACE_TYPE(
      "events",
      "wrong_type",
      "surface",
      replacing("\"surface\":\"[a-z_]*\"", "\"surface\":[\"feed\"]")),
  NO_SUCH_DAY("", "bad_timestamp", "event_at", instant("\"2026-02-30T10:00:00Z\"")),
  WORDS("", "bad_timestamp", "event_at", instant("\"yesterday\"")),
  HOUR_25("", "bad_timestamp", "event_at", instant("\"2026-03-02T25:10:00Z\"")),
  NO_ZONE("", "no_zone", "event_at", instant("\"2026-03-02T10:10:00\"")),
  FUTURE("", "from_future", "event_at", future()),
  TOO_EARLY("", "out_of_range", "event_at", instant("\"1971-01-01T00:00:00Z\""));

  /** The feed it applies to; empty: both. */
  private final String feed;

  /** The contract's code. */
  final String code;

  /** The field at fault, or NULL where the whole line is. */
  final String field;

  private final UnaryOperator<String> change;

  Damage(String feed, String code, String field, UnaryOperator<String> change) {
    this.feed = feed;
    this.code = code;
    this.field = field;
    this.change = change;
  }

  /** The damaged line, or empty where this kind has nothing to damage in it. */
  Optional<byte[]> of(String target, String line) {
    if (!feed.isEmpty() && !feed.equals(target)) {
      return Optional.empty();
    }
    boolean needsItems = field != null && field.startsWith("lines");
    if (needsItems && !line.contains("\"order_event\":\"placed\"")) {
      return Optional.empty();
    }
    String renamed =
        line.replaceFirst("\"event_id\":\"e", "\"event_id\":\"x")
            .replaceFirst("\"order_event_id\":\"o", "\"order_event_id\":\"x")
            .replaceFirst("\"order_id\":\"o", "\"order_id\":\"x");
    String damaged = change.apply(renamed);
    if (damaged.equals(renamed)) {
      return Optional.empty();
    }
    byte[] bytes = damaged.getBytes(UTF_8);
    if (this == BAD_UTF8) {
      int at = damaged.substring(0, damaged.indexOf('\uE000')).getBytes(UTF_8).length;
      byte[] shorter = new byte[bytes.length - 2];
      System.arraycopy(bytes, 0, shorter, 0, at);
      shorter[at] = (byte) 0xE9;
      System.arraycopy(bytes, at + 3, shorter, at + 1, bytes.length - at - 3);
      return Optional.of(shorter);
    }
    return Optional.of(bytes);
  }

  private static UnaryOperator<String> replacing(String expression, String replacement) {
    Pattern pattern = Pattern.compile(expression);
    return line -> pattern.matcher(line).replaceFirst(replacement);
  }

  private static UnaryOperator<String> instant(String value) {
    return replacing("\"event_at\":(\"[^\"]*\"|\\d+)", "\"event_at\":" + value);
  }

  private static UnaryOperator<String> future() {
    Pattern received = Pattern.compile("\"received_at\":\"(\\d{4})");
    return line -> {
      Matcher matcher = received.matcher(line);
      if (!matcher.find()) {
        return line;
      }
      int year = Integer.parseInt(matcher.group(1)) + 1;
      return instant("\"" + year + "-12-31T10:00:00Z\"").apply(line);
    };
  }
}
