package io.shoplens.generate;

/** A clickstream event, reused from one to the next. */
final class ClickEvent implements Line {
  private final Instants instants;

  long number;
  String type;
  long at;
  String user;
  String device;
  MarketProfile market;
  String region;
  String surface;
  String content;
  String creator;
  String product;
  String category;
  String ad;
  String link;
  String referrer;
  String utmSource;
  String utmMedium;
  String utmCampaign;
  String appVersion;
  String platform;
  String userAgent;

  private boolean isFlipped;

  /** Further fields as JSON, with the comma after each. */
  String extra;

  ClickEvent(Instants instants) {
    this.instants = instants;
  }

  /** Forgets what the last event was about, and keeps who and where. */
  ClickEvent fresh(String newType, long instant) {
    type = newType;
    at = instant;
    surface = null;
    content = null;
    creator = null;
    product = null;
    category = null;
    ad = null;
    link = null;
    referrer = null;
    utmSource = null;
    utmMedium = null;
    utmCampaign = null;
    extra = null;
    return this;
  }

  @Override
  public long at() {
    return at;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public void write(Text out, long receivedAt) {
    out.put('{').id("event_id", 'e', number).field("event_type", type).key("event_at");
    instants.put(out, at, Instants.form(number));
    out.put(',');
    if (receivedAt >= 0) {
      out.key("received_at").put('"');
      instants.plain(out, receivedAt);
      out.put("\",");
    }
    out.field("user_id", user).field("device_id", device).field("market", market.name());
    if (region == null && (number & 0x3F) == 0) {
      out.put("\"region\":null,");
    } else {
      out.field("region", region);
    }
    out.field("surface", surface)
        .field("content_id", content)
        .field("creator_id", creator)
        .field("product_id", product)
        .field("category", isFlipped ? "misfiled" : category)
        .field("ad_id", ad)
        .field("link_url", link)
        .field("referrer_url", referrer)
        .field("utm_source", utmSource)
        .field("utm_medium", utmMedium)
        .field("utm_campaign", utmCampaign)
        .field("app_version", appVersion)
        .field("platform", platform)
        .field("user_agent", userAgent);
    if (extra != null) {
      out.put(extra);
    }
    out.close();
  }

  @Override
  public void flip() {
    isFlipped = !isFlipped;
  }
}
