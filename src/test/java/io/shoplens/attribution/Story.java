package io.shoplens.attribution;

import io.shoplens.config.AttributionSettings;
import io.shoplens.config.AttributionSettings.Claims;
import io.shoplens.config.AttributionSettings.Model;
import io.shoplens.config.AttributionSettings.PathOption;
import io.shoplens.config.AttributionSettings.Windows;
import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.Identities;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Touchpoints;
import io.shoplens.testing.Rows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Touches, identifications and order movements in a few words; March 2026, user {@code u}. */
final class Story {
  static final Reference REFERENCE =
      new Reference(
          Map.of("US", market("US", "America/New_York"), "GB", market("GB", "Europe/London")),
          Map.of("US-CA", ZoneId.of("America/Los_Angeles")),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of());

  private static Reference.Market market(String code, String zone) {
    return new Reference.Market(
        code,
        ZoneId.of(zone),
        "USD",
        BigDecimal.ZERO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private final List<String> touches = new ArrayList<>();
  private final List<String> identifications = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final List<String> otherReversals = new ArrayList<>();
  private AttributionSettings settings =
      new AttributionSettings(
          List.of(Model.LAST_TOUCH, Model.LINEAR, Model.PLATFORM_WINDOW),
          new Windows(Duration.ofDays(30), Duration.ofDays(7), Duration.ofDays(1)),
          Map.of(),
          200,
          List.of(),
          new Claims(List.of("shop_ads"), List.of("affiliate"), Duration.ofDays(14)));

  private Duration identityWindow = Duration.ofDays(30);

  private Story() {}

  static Story story() {
    return new Story();
  }

  Story by(Model... models) {
    return settings(
        List.of(models),
        settings.marketWindows(),
        settings.maximumTouches(),
        settings.pathOptions());
  }

  Story keeping(int maximumTouches) {
    return settings(
        settings.models(), settings.marketWindows(), maximumTouches, settings.pathOptions());
  }

  Story leavingOut(List<PathOption> options) {
    return settings(
        settings.models(), settings.marketWindows(), settings.maximumTouches(), options);
  }

  /** A market has windows of its own. */
  Story within(String market, Windows own) {
    Map<String, Windows> windows = new HashMap<>(settings.marketWindows());
    windows.put(market, own);
    return settings(settings.models(), windows, settings.maximumTouches(), settings.pathOptions());
  }

  private Story settings(
      List<Model> models,
      Map<String, Windows> marketWindows,
      int maximumTouches,
      List<PathOption> pathOptions) {
    settings =
        new AttributionSettings(
            models,
            settings.windows(),
            marketWindows,
            maximumTouches,
            pathOptions,
            settings.claims());
    return this;
  }

  /** The US, of which orders are unless that is said, have a look-back of their own. */
  Story lookingBack(int days) {
    return within(
        "US",
        new Windows(Duration.ofDays(days), settings.windows().click(), settings.windows().view()));
  }

  /** An identification is of the touches up to so many days before it. */
  Story identifying(int days) {
    identityWindow = Duration.ofDays(days);
    return this;
  }

  /** An entry click in the shop; {@code more} as in {@code "interaction=view"}, or to set NULL. */
  Story touch(String id, String at, String... more) {
    touches.add(
        row(
            "event_id="
                + id
                + " touch_at="
                + instant(at)
                + " user_id=u is_entry=true"
                + " is_outbound=false touch_class=in_app_shop channel=shop interaction=click",
            more));
    return this;
  }

  /** An outbound click to a merchant group. */
  Story outbound(String id, String at, String merchantGroup, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("is_outbound=true");
    all.add("touch_class=external_link");
    all.add("channel=outbound");
    all.add("merchant_group=" + merchantGroup);
    return touch(id, at, all.toArray(String[]::new));
  }

  Story identification(String device, String user, String at, String source) {
    identifications.add(
        row(
            "device_id="
                + device
                + " user_id="
                + user
                + " identified_at="
                + instant(at)
                + " source_id="
                + source));
    return this;
  }

  /** A sale of one line. */
  Story sale(String order, String at, String gmv, String... more) {
    history.add(movement("sale", order, at, "gmv_local=" + gmv + " gmv_reporting=" + gmv, more));
    return this;
  }

  /** A reversal of one line of an order. */
  Story reversal(String entry, String order, String at, String amount, String... more) {
    history.add(
        movement(
            entry, order, at, "reversed_local=" + amount + " reversed_reporting=" + amount, more));
    return this;
  }

  /** As {@link #reversal}, of a date whose credits are not asked for. */
  Story otherReversal(String entry, String order, String at, String amount, String... more) {
    otherReversals.add(
        movement(
            entry, order, at, "reversed_local=" + amount + " reversed_reporting=" + amount, more));
    return this;
  }

  Dataset<Row> credits() {
    return OrderCredits.of(
        Rows.of(OrderHistory.TABLE, history.toArray(String[]::new)),
        Rows.of(OrderHistory.TABLE, otherReversals.toArray(String[]::new)),
        Rows.of(Touchpoints.TABLE, touches.toArray(String[]::new)),
        Rows.of(Identities.TABLE, identifications.toArray(String[]::new)),
        identityWindow,
        REFERENCE,
        settings,
        new GmvSettings(GmvSettings.Basis.PAID, Set.of(), "USD", 7, Optional.empty()),
        ChannelEffects.NONE);
  }

  AttributionSettings settings() {
    return settings;
  }

  private static String movement(
      String entry, String order, String at, String amounts, String... more) {
    return row(
        "order_id="
            + order
            + " order_event_id="
            + order
            + "-"
            + entry
            + " line_id=1 entry="
            + entry
            + " entry_date=2026-03-31 entry_at="
            + instant(at)
            + " order_at="
            + instant(at)
            + " user_id=u is_linked=true"
            + " market=US currency=USD sales_channel=in_app "
            + amounts,
        more);
  }

  /** {@code "05 10:00"} is 10:00 UTC on 5 March 2026. */
  private static String instant(String at) {
    return "2026-03-" + at.replace(' ', 'T') + (at.length() == 8 ? ":00Z" : "Z");
  }

  private static String row(String fields, String... more) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String field : (fields + " " + String.join(" ", more)).strip().split(" ")) {
      values.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
    }
    return values.entrySet().stream()
        .filter(value -> !value.getValue().isEmpty())
        .map(value -> "'" + value.getKey() + "':" + json(value.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String json(String value) {
    boolean plain = value.equals("true") || value.equals("false") || value.matches("-?\\d+\\.\\d+");
    return plain ? value : "'" + value + "'";
  }
}
