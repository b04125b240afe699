package io.shoplens.cli;

import static io.shoplens.cli.ExplainCommand.literal;

import io.shoplens.config.AttributionSettings;
import io.shoplens.error.Errors;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;

/** An order, the touches around it with the reason each is in its path or not, and its credits. */
final class OrderExplanation {
  private static final Duration AROUND = Duration.ofDays(1);
  private static final String IN_APP = "in_app";

  /** A touch of the buyer, or of a device that was the buyer's at some time. */
  private record Touched(
      String id,
      Instant at,
      String userId,
      boolean isEntry,
      boolean isOutbound,
      String touchClass,
      String channel,
      String interaction,
      String merchantGroup,
      Optional<Identified> next) {}

  /** The next identification of a touch's device. */
  private record Identified(Instant at, String userId) {}

  private final Row order;
  private final List<Touched> touches;
  private final List<Row> credits;
  private final AttributionSettings settings;
  private final Duration identityWindow;
  private final List<Touched> all;
  private final List<Touched> entries;

  private OrderExplanation(
      Row order,
      List<Touched> touches,
      List<Row> credits,
      AttributionSettings settings,
      Duration identityWindow) {
    this.order = order;
    this.touches = touches;
    this.credits = credits;
    this.settings = settings;
    this.identityWindow = identityWindow;
    this.all = touches.stream().filter(touch -> obstacle(touch).isEmpty()).toList();
    this.entries = all.stream().filter(Touched::isEntry).toList();
  }

  /** What the tables say of an order. */
  static OrderExplanation of(
      String id, Engine engine, AttributionSettings settings, Duration identityWindow) {
    List<Row> orders =
        engine
            .query(
                """
                SELECT order_id, market, sales_channel, merchant_group, user_id, device_id, order_at,
                  order_state, basis_date, currency, gmv_local
                FROM silver.orders WHERE order_id = %s
                """
                    .formatted(literal(id)))
            .collectAsList();
    if (orders.isEmpty()) {
      throw Errors.input(
          "There is no order " + TextTable.printable(id) + ".",
          "silver.orders has no such order_id.",
          "shoplens sql \"SELECT order_id FROM silver.orders LIMIT 10\" shows some that there are.");
    }
    Row order = orders.get(0);
    List<Touched> touches =
        engine.query(touchesQuery(order, settings, identityWindow)).collectAsList().stream()
            .map(OrderExplanation::touched)
            .toList();
    List<Row> credits =
        engine
            .query(
                """
                SELECT touch_set, model, touch_rank, touch_event_id, touch_class, channel,
                  max(path_length) AS path_length, max(path_dropped) AS path_dropped,
                  sum(credit_local) AS credit_local
                FROM gold.attribution_credits WHERE order_id = %s AND entry = 'sale'
                GROUP BY ALL ORDER BY touch_set DESC, model, touch_rank
                """
                    .formatted(literal(id)))
            .collectAsList();
    return new OrderExplanation(order, touches, credits, settings, identityWindow);
  }

  private static Duration lookback(Row order, AttributionSettings settings) {
    return settings.windowsOf(order.getAs("market")).lookback();
  }

  private static String touchesQuery(
      Row order, AttributionSettings settings, Duration identityWindow) {
    Instant at = instant(order, "order_at");
    Instant from = at.minus(lookback(order, settings)).minus(AROUND);
    Instant until = at.plus(AROUND);
    String userId = order.getAs("user_id");
    String deviceId = order.getAs("device_id");
    String whose =
        userId != null
            ? "t.user_id = %1$s OR (t.user_id IS NULL AND t.device_id IN (SELECT device_id FROM silver.identities WHERE user_id = %1$s))"
                .formatted(literal(userId))
            : deviceId != null
                ? "t.user_id IS NULL AND t.device_id = " + literal(deviceId)
                : "false";
    return """
        WITH own AS (
          SELECT * FROM silver.touchpoints AS t
          WHERE t.touch_date BETWEEN DATE'%s' AND DATE'%s'
            AND t.touch_at BETWEEN timestamp_micros(%d) AND timestamp_micros(%d) AND (%s)
        )
        SELECT own.event_id, own.touch_at, own.user_id, own.is_entry, own.is_outbound,
          own.touch_class, own.channel, own.interaction, own.merchant_group,
          min(struct(seen.identified_at, seen.source_id, seen.user_id))
            FILTER (WHERE seen.user_id IS NOT NULL) AS next
        FROM own LEFT JOIN silver.identities AS seen
          ON own.user_id IS NULL AND seen.device_id = own.device_id
          AND seen.identified_at BETWEEN own.touch_at AND own.touch_at + INTERVAL %d SECONDS
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY own.touch_at, own.event_id
        """
        .formatted(
            utcDate(from).minusDays(1),
            utcDate(until).plusDays(1),
            micros(from),
            micros(until),
            whose,
            identityWindow.toSeconds());
  }

  private static LocalDate utcDate(Instant at) {
    return at.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static long micros(Instant at) {
    return Duration.between(Instant.EPOCH, at).toNanos() / 1000;
  }

  private static Instant instant(Row row, String column) {
    return row.<Timestamp>getAs(column).toInstant();
  }

  private static Touched touched(Row row) {
    Row next = row.getAs("next");
    return new Touched(
        row.getAs("event_id"),
        instant(row, "touch_at"),
        row.getAs("user_id"),
        row.getAs("is_entry"),
        row.getAs("is_outbound"),
        row.getAs("touch_class"),
        row.getAs("channel"),
        row.getAs("interaction"),
        row.getAs("merchant_group"),
        next == null
            ? Optional.empty()
            : Optional.of(new Identified(next.getTimestamp(0).toInstant(), next.getString(2))));
  }

  /** Why a touch can't be in any path to the order. */
  private Optional<String> obstacle(Touched touch) {
    return outOfReach(touch)
        .or(
            () ->
                IN_APP.equals(order.getAs("sales_channel"))
                    ? Optional.of("out: an outbound click earns no in-app order")
                        .filter(reason -> touch.isOutbound())
                    : obstacleToExternal(touch));
  }

  /** Why a touch is none of the buyer's in the look-back. */
  private Optional<String> outOfReach(Touched touch) {
    Instant orderAt = instant(order, "order_at");
    String buyer = order.getAs("user_id");
    if (touch.at().isAfter(orderAt)) {
      return Optional.of("out: after the order");
    }
    if (touch.at().isBefore(orderAt.minus(lookback(order, settings)))) {
      return Optional.of("out: before the look-back of " + words(lookback(order, settings)));
    }
    if (buyer != null && touch.userId() == null) {
      if (touch.next().isEmpty()) {
        return Optional.of(
            "out: nobody was seen on its device in the " + words(identityWindow) + " after it");
      }
      if (!touch.next().get().userId().equals(buyer)) {
        return Optional.of("out: the next user seen on its device is another");
      }
      if (touch.next().get().at().isAfter(orderAt)) {
        return Optional.of("out: the buyer was seen on its device only after the order");
      }
    }
    return Optional.empty();
  }

  private Optional<String> obstacleToExternal(Touched touch) {
    Optional<Instant> latestClick = latestClick();
    if (touch.isOutbound()) {
      return Optional.of("out: a click to another merchant group")
          .filter(reason -> !isToSeller(touch));
    }
    if (!touch.touchClass().equals("in_app_shop")) {
      return Optional.of("out: only the shop and clicks out of it earn an external order");
    }
    if (latestClick.isEmpty()) {
      return Optional.of("out: no click led to the merchant group");
    }
    return Optional.of("out: after the latest click to the merchant group")
        .filter(reason -> touch.at().isAfter(latestClick.get()));
  }

  private Optional<Instant> latestClick() {
    Predicate<Touched> isClick = touch -> touch.isOutbound() && isToSeller(touch);
    return touches.stream()
        .filter(isClick.and(touch -> outOfReach(touch).isEmpty()))
        .map(Touched::at)
        .max(Instant::compareTo);
  }

  private boolean isToSeller(Touched touch) {
    return touch.merchantGroup() != null
        && Objects.equals(touch.merchantGroup(), order.getAs("merchant_group"));
  }

  private String reason(Touched touch) {
    return obstacle(touch).orElseGet(() -> places(touch));
  }

  /** Its places in both paths, or why it has none. */
  private String places(Touched touch) {
    Optional<String> ofAll = place(touch, all).map(place -> place + " of all");
    Optional<String> ofEntry = place(touch, entries).map(place -> place + " of entry");
    String inAll = ofAll.orElse("left out of all, which keeps its first and latest touches");
    if (!touch.isEntry()) {
      return (ofAll.isPresent() ? "in: " : "out: ") + inAll + "; not the first of its session";
    }
    String inEntry = ofEntry.orElse("left out of entry, which keeps its first and latest touches");
    return (ofAll.isPresent() || ofEntry.isPresent() ? "in: " : "out: ") + inAll + ", " + inEntry;
  }

  /** The place of a touch in a path, from 1; none where the path is too long for it. */
  private Optional<Integer> place(Touched touch, List<Touched> path) {
    int position = path.indexOf(touch);
    int dropped = Math.max(0, path.size() - settings.maximumTouches());
    if (position == 0 || dropped == 0) {
      return Optional.of(position + 1);
    }
    return Optional.of(position + 1 - dropped).filter(place -> place > 1);
  }

  private static String words(Duration duration) {
    return duration.toHours() % 24 == 0 ? duration.toDays() + " days" : duration.toHours() + " h";
  }

  /** Lines for people. */
  List<String> lines() {
    String currency = order.getAs("currency");
    List<String> lines = new ArrayList<>();
    lines.add(
        "Order %s: %s, %s, %s at %s"
            .formatted(
                TextTable.printable(order.getAs("order_id")),
                order.<String>getAs("market"),
                order.<String>getAs("sales_channel"),
                order.<String>getAs("order_state"),
                instant(order, "order_at")));
    lines.add("buyer    " + buyer());
    lines.add(
        order.getAs("basis_date") == null
            ? "GMV      none: it is not in the basis"
            : "GMV      %s %s on %s"
                .formatted(
                    Words.amount(order.getAs("gmv_local"), currency),
                    currency,
                    order.getAs("basis_date")));
    lines.add("");
    if (touches.isEmpty()) {
      lines.add("No touch of the buyer is known around it.");
    } else {
      TextTable table =
          TextTable.of("touch", "at", "class", "channel", "interaction", "in its path?");
      for (Touched touch : touches) {
        table.row(
            touch.id(),
            touch.at().toString(),
            touch.touchClass(),
            String.valueOf(touch.channel()),
            touch.interaction(),
            reason(touch));
      }
      lines.addAll(table.lines());
    }
    if (!settings.pathOptions().isEmpty()) {
      lines.add("attribution.path-options leaves some of these out of what the models see.");
    }
    lines.add("");
    TextTable table = TextTable.of("touches", "model", ">rank", "touch", "channel", ">credit");
    for (Row credit : credits) {
      table.row(
          credit.getAs("touch_set"),
          credit.getAs("model"),
          String.valueOf(credit.<Integer>getAs("touch_rank")),
          Objects.requireNonNullElse(credit.getAs("touch_event_id"), "-"),
          Objects.requireNonNullElse(credit.getAs("channel"), credit.getAs("touch_class")),
          Words.amount(credit.getAs("credit_local"), currency));
    }
    lines.addAll(table.lines());
    return lines;
  }

  private String buyer() {
    String userId = order.getAs("user_id");
    String deviceId = order.getAs("device_id");
    return userId != null
        ? "user " + TextTable.printable(userId)
        : deviceId != null ? "device " + TextTable.printable(deviceId) : "unknown";
  }

  /** The same for machines. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    for (String column : order.schema().fieldNames()) {
      Object value = order.getAs(column);
      json.put(column, value instanceof BigDecimal ? value : text(value));
    }
    List<Map<String, Object>> told = new ArrayList<>();
    for (Touched touch : touches) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("touch_event_id", touch.id());
      one.put("touch_at", touch.at().toString());
      one.put("touch_class", touch.touchClass());
      one.put("channel", touch.channel());
      one.put("interaction", touch.interaction());
      one.put("is_entry", touch.isEntry());
      one.put("reason", reason(touch));
      told.add(one);
    }
    json.put("touches", told);
    List<Map<String, Object>> given = new ArrayList<>();
    for (Row credit : credits) {
      Map<String, Object> one = new LinkedHashMap<>();
      for (String column : credit.schema().fieldNames()) {
        one.put(column, credit.getAs(column));
      }
      given.add(one);
    }
    json.put("credits", given);
    return json;
  }

  private static String text(Object value) {
    return value == null
        ? null
        : value instanceof Timestamp at ? at.toInstant().toString() : value.toString();
  }
}
