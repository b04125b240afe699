package io.shoplens.generate;

import java.time.Instant;

/** What became of an outbound click. */
final class ClickFate {
  final long number;
  final long at;
  private final String market;
  private final String user;
  private final String device;
  private final String member;
  private final OutboundUrls.Link link;
  private final int shown;
  private final String creator;
  private final String content;
  private final String product;
  private final String category;
  private String outcome = "nothing";
  private long order;
  private long settledAt;
  private String value;
  private String currency;

  /** The event's fields are read now: the event is reused. */
  ClickFate(
      long number, long at, ClickEvent event, OutboundUrls.Link link, int shown, String member) {
    this.number = number;
    this.at = at;
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
      out.field("settled_at", Instant.ofEpochMilli(settledAt).toString());
    }
    out.field("value", value).field("currency", currency);
    out.close().put('\n');
  }
}
