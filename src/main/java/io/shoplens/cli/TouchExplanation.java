package io.shoplens.cli;

import static io.shoplens.cli.ExplainCommand.literal;

import io.shoplens.config.Reference;
import io.shoplens.config.Reference.ChannelRule;
import io.shoplens.error.Errors;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** A touch: what it is, which channel rule says so, and what it earned. */
final class TouchExplanation {
  private static final List<String> FIELDS =
      List.of(
          "event_type",
          "surface",
          "touch_at",
          "market",
          "region",
          "user_id",
          "device_id",
          "platform",
          "app_version",
          "product_id",
          "category",
          "content_id",
          "creator_id",
          "ad_id",
          "utm_source",
          "utm_medium",
          "utm_campaign",
          "referrer_url",
          "merchant_group",
          "touch_class",
          "interaction",
          "channel",
          "is_entry",
          "session_id");

  private final String id;
  private final Row touch;
  private final String rule;
  private final List<Row> earned;

  private TouchExplanation(String id, Row touch, String rule, List<Row> earned) {
    this.id = id;
    this.touch = touch;
    this.rule = rule;
    this.earned = earned;
  }

  /** What the tables say of a touch. */
  static TouchExplanation of(String id, Engine engine, Reference reference) {
    List<Row> touches =
        engine
            .query(
                """
                SELECT t.*, e.region, e.platform, e.app_version, e.ad_id, e.utm_source,
                  e.utm_medium, e.utm_campaign, e.referrer_url
                FROM silver.touchpoints AS t JOIN bronze.events AS e
                  ON e.event_id = t.event_id AND e.record_kind = 'accepted'
                  AND e.event_utc_date = to_date(t.touch_at)
                WHERE t.event_id = %s AND e.event_id = %s ORDER BY t.touch_at
                """
                    .formatted(literal(id), literal(id)))
            .collectAsList();
    if (touches.isEmpty()) {
      throw notATouch(id, engine, reference);
    }
    Row touch = touches.get(0);
    List<Row> earned =
        engine
            .query(
                """
                SELECT order_id, touch_set, model, max(touch_rank) AS touch_rank,
                  max(path_length) AS path_length, currency, sum(credit_local) AS credit_local
                FROM gold.attribution_credits WHERE touch_event_id = %s AND entry = 'sale'
                GROUP BY order_id, touch_set, model, currency
                ORDER BY order_id, touch_set DESC, model
                """
                    .formatted(literal(id)))
            .collectAsList();
    return new TouchExplanation(id, touch, rule(touch, reference.channelRules()), earned);
  }

  /** Why an event is no touchpoint, or that there is no such event. */
  private static RuntimeException notATouch(String id, Engine engine, Reference reference) {
    List<Row> events =
        engine
            .query(
                """
                SELECT event_type, surface FROM bronze.events
                WHERE event_id = %s AND record_kind = 'accepted'
                """
                    .formatted(literal(id)))
            .collectAsList();
    if (events.isEmpty()) {
      return Errors.input(
          "There is no touch " + TextTable.printable(id) + ".",
          "Neither silver.touchpoints nor the accepted records of bronze.events have such an"
              + " event_id.",
          "shoplens sql \"SELECT event_id FROM silver.touchpoints LIMIT 10\" shows some that there"
              + " are.");
    }
    String type = events.get(0).getString(0);
    String surface = events.get(0).getString(1);
    boolean isNamed =
        reference.touchRules().stream()
            .anyMatch(
                each ->
                    each.eventType().equals(type)
                        && (each.surface().isEmpty() || each.surface().get().equals(surface)));
    return Errors.input(
        "The event " + TextTable.printable(id) + " is no touch.",
        isNamed
            ? "It is a bot's: the user agent is a crawler's, or there are too many events."
            : "No line of touch_rules.csv names event type " + TextTable.printable(type) + ".",
        isNamed
            ? "The settings bot.* and crawlers.csv say what a bot is."
            : "Add a line for it if it should earn credit.");
  }

  /** The line of the rules that gives the touch its channel. */
  private static String rule(Row touch, List<ChannelRule> rules) {
    return IntStream.range(0, rules.size())
        .filter(i -> rules.get(i).channel().equals(touch.getAs("channel")))
        .filter(i -> mayHold(rules.get(i), touch))
        .mapToObj(i -> "rule " + (i + 1) + " of channel_rules.csv: " + conditions(rules.get(i)))
        .findFirst()
        .orElse("a rule that is no longer there: rebuild its date with run --from --to");
  }

  private static String conditions(ChannelRule rule) {
    return rule.conditions().isEmpty()
        ? "anything"
        : String.join(
            ", ",
            rule.conditions().entrySet().stream()
                .map(each -> each.getKey() + " = " + Words.shortened(each.getValue()))
                .toList());
  }

  private static boolean mayHold(ChannelRule rule, Row touch) {
    return rule.conditions().entrySet().stream()
        .allMatch(each -> mayHold(each.getKey(), each.getValue(), touch));
  }

  private static boolean mayHold(String field, String values, Row touch) {
    if (!field.equals("referrer_domain")) {
      return matches(values, touch.getAs(field));
    }
    String referrer = touch.getAs("referrer_url");
    return referrer != null && isFrom(values, referrer);
  }

  private static boolean matches(String values, String value) {
    if (value == null) {
      return false;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    return Arrays.stream(values.toLowerCase(Locale.ROOT).split("\\|"))
        .anyMatch(
            each ->
                each.endsWith("*")
                    ? lower.startsWith(each.substring(0, each.length() - 1))
                    : lower.equals(each));
  }

  /** Whether the host is, or is below, one of the domains. */
  private static boolean isFrom(String domains, String referrer) {
    String host =
        referrer
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^[^:]*:?//", "")
            .replaceFirst("[/?#:].*", "");
    return Arrays.stream(domains.toLowerCase(Locale.ROOT).split("\\|"))
        .anyMatch(
            each ->
                each.endsWith("*")
                    ? ("." + host).contains("." + each.substring(0, each.length() - 1))
                    : ("." + host).endsWith("." + each));
  }

  /** Lines for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Touch " + TextTable.printable(id));
    TextTable fields = TextTable.of("field", "value");
    facts().forEach((field, value) -> fields.row(field, Objects.requireNonNullElse(value, "-")));
    lines.addAll(fields.lines());
    lines.add("");
    lines.add("Its channel is by " + TextTable.printable(rule));
    lines.add("");
    if (earned.isEmpty()) {
      lines.add("It earned no order.");
      return lines;
    }
    TextTable table =
        TextTable.of("order", "touches", "model", ">rank", ">of", ">credit", "currency");
    for (Row row : earned) {
      table.row(
          row.getAs("order_id"),
          row.getAs("touch_set"),
          row.getAs("model"),
          String.valueOf(row.<Integer>getAs("touch_rank")),
          String.valueOf(row.<Integer>getAs("path_length")),
          Words.amount(row.getAs("credit_local"), row.getAs("currency")),
          row.getAs("currency"));
    }
    lines.addAll(table.lines());
    return lines;
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    for (String field : FIELDS) {
      Object value = touch.getAs(field);
      facts.put(
          field,
          Optional.ofNullable(value)
              .map(any -> any instanceof Timestamp at ? at.toInstant().toString() : any.toString())
              .orElse(null));
    }
    return facts;
  }

  /** The same for machines. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("touch_event_id", id);
    json.putAll(facts());
    json.put("channel_rule", rule);
    List<Map<String, Object>> orders = new ArrayList<>();
    for (Row row : earned) {
      Map<String, Object> one = new LinkedHashMap<>();
      for (String column : row.schema().fieldNames()) {
        one.put(column, row.getAs(column));
      }
      orders.add(one);
    }
    json.put("earned", orders);
    return json;
  }
}
