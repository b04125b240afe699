package io.shoplens.generate;

import java.time.Instant;
import java.util.Arrays;

/** What became of an outbound click. */
final class ClickFate {
  static final String COMPETITOR = "competitor";

  final long number;
  final long at;
  final long micros;
  final String user;
  final String device;
  final String product;
  private final String market;
  private final String member;
  private final OutboundUrls.Link link;
  private final int shown;
  private final String creator;
  private final String content;
  private final String category;
  private String outcome = "nothing";
  private long order;
  private long settledAt;
  private String value;
  private String currency;
  private final ClickFate[] openings = new ClickFate[LeakTruth.WINDOWS.length];
  private final String[] states = new String[LeakTruth.WINDOWS.length];

  /** The event's fields are read now: the event is reused. */
  ClickFate(
      long number, long at, ClickEvent event, OutboundUrls.Link link, int shown, String member) {
    this.number = number;
    this.at = at;
    micros = Instants.micros(at, number);
    this.link = link;
    this.shown = shown;
    this.member = member;
    market = event.market.name();
    user = event.user;
    device = event.device;
    creator = event.creator;
    content = event.content;
    product = event.product;
    category = event.category;
  }

  /** Whether the product is the one that the link was about. */
  boolean isFor(int product) {
    return product == shown;
  }

  String id() {
    return Text.hexId('e', number);
  }

  /** Whether the link went to a competitor, may have, or did not. */
  String kind() {
    switch (link.form()) {
      case "shortener":
        return isShopsOwnShortener() ? COMPETITOR : "possible";
      case "link_hub":
        return "possible";
      default:
        return link.shop() != null && link.shop().isMarketplace ? COMPETITOR : "not_competitor";
    }
  }

  /** Short links on a shop's own host tell the shop. */
  private boolean isShopsOwnShortener() {
    return link.url().startsWith("https://amzn.to/") || link.url().startsWith("https://shope.ee/");
  }

  /** The shop's name, where it has one. */
  String group() {
    return link.shop() == null || link.shop().group.isEmpty() ? null : link.shop().group;
  }

  /** What the click was for: the product beside it, else the outside product, else the shop. */
  String key() {
    if (product != null) {
      return product;
    }
    boolean isPage =
        switch (link.form()) {
          case "direct", "wrapped", "wrapped_twice" -> true;
          case "app_scheme" -> link.url().startsWith("//") || link.url().startsWith("intent:");
          default -> false;
        };
    if (isPage && link.shop().tellsProduct(shown)) {
      return link.shop() + " " + shown;
    }
    if (link.url().startsWith("shopee")) {
      return "Shopee's app " + shown;
    }
    return link.form().equals("known_redirect") ? link.url() : group();
  }

  /** The leak that the click is in, for a window. */
  void isIn(int days, ClickFate opening, String state) {
    int window = Arrays.binarySearch(LeakTruth.WINDOWS, days);
    openings[window] = opening;
    states[window] = state;
  }

  ClickFate become(String what) {
    outcome = what;
    return this;
  }

  void settle(String what, long orderNumber, long instant) {
    outcome = what;
    order = orderNumber;
    settledAt = instant;
  }

  void value(long minor, MarketProfile profile) {
    value = OrderEvent.decimal(minor, profile.digits, -1);
    currency = profile.currency;
  }

  void tell(Text out) {
    out.put('{').id("event_id", 'e', number).field("event_at", Instant.ofEpochMilli(at).toString());
    out.field("market", market).field("user_id", user).field("device_id", device);
    out.field("member", member).field("creator_id", creator).field("content_id", content);
    out.field("product_id", product).field("category", category);
    out.field("link_form", link.form());
    if (link.shop() != null) {
      out.field("merchant_group", link.shop().group.isEmpty() ? null : link.shop().group);
      out.field("merchant_domain", link.shop().domain);
      out.key("is_marketplace").put(Boolean.toString(link.shop().isMarketplace)).put(',');
    }
    out.field("outcome", outcome);
    if (order != 0) {
      out.id("order_id", 'o', order);
    }
    if (settledAt != 0) {
      out.field("settled_at", Instant.ofEpochMilli(settledAt).toString());
    }
    out.field("value", value).field("currency", currency);
    for (int i = 0; i < LeakTruth.WINDOWS.length; i++) {
      if (openings[i] != null) {
        out.id("leak_event_id_" + LeakTruth.WINDOWS[i] + "d", 'e', openings[i].number);
        out.field("leak_state_" + LeakTruth.WINDOWS[i] + "d", states[i]);
      }
    }
    out.close().put('\n');
  }
}
