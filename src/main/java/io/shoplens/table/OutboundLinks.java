package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Outbound clicks, blocked ones included, with what their link resolves to. */
public final class OutboundLinks {
  public static final Table TABLE =
      Table.named("silver.outbound_links")
          .saying("Outbound clicks, blocked ones included, with what their link resolves to.")
          .grain("one row per outbound_click or outbound_blocked event")
          .key(EVENT_ID)
          .partitionedBy(EVENT_DATE)
          .reach(1, 1, "the bot rule looks at the whole UTC day")
          .column(EVENT_ID, STRING, "The click")
          .column(EVENT_TYPE, STRING, "outbound_click or outbound_blocked")
          .column(EVENT_AT, TIMESTAMP, "Instant of the click")
          .column(EVENT_DATE, DATE, "Business date of the click")
          .column(MARKET, STRING, "Market of the click")
          .column(REGION, STRING, "Region of the click")
          .column(USER_ID, STRING, "User, as observed")
          .column(DEVICE_ID, STRING, "Device, as observed")
          .column(SURFACE, STRING, "Part of the app")
          .column(CONTENT_ID, STRING, "Content that carried the link")
          .column(CREATOR_ID, STRING, "Creator of that content")
          .column(PRODUCT_ID, STRING, "In-app product the link stood beside")
          .column(CATEGORY, STRING, "Category of that product")
          .column(
              FINAL_URL,
              STRING,
              "Where the link leads, without fragment, userinfo and parameters that do not name the"
                  + " destination")
          .column(HOST, STRING, "Host of final_url")
          .column(
              REGISTRABLE_DOMAIN, STRING, "Registrable domain of host, by the Public Suffix List")
          .column(MERCHANT, STRING, "Merchant, as in the catalogue")
          .column(MERCHANT_GROUP, STRING, "Group of the merchant")
          .column(PARENT_GROUP, STRING, "Company that owns the group")
          .column(
              LINK_KIND,
              STRING,
              "marketplace, shop, affiliate_network, link_hub, shortener, social, own, other or unparsable")
          .column(CERTAINTY, STRING, "direct, decoded, known, opaque or unparsable")
          .column(IS_COMPETITOR, BOOLEAN, "Whether the merchant group is marked as a competitor")
          .column(PRODUCT_KEY, STRING, "Destination's product where the URL carries one")
          .column(
              AFFILIATE_NETWORK,
              STRING,
              "Network of the outermost wrapper, else the one that an affiliate parameter tells of")
          .column(
              TRACKING_PARAMETERS,
              STRING,
              "JSON object of the parameters that name a campaign, *** for values not stored")
          .column(
              AFFILIATE_PARAMETERS,
              STRING,
              "JSON object of the parameters that name a partner, *** for values not stored")
          .column(IS_BOT, BOOLEAN, "Whether a bot clicked")
          .declared();

  private OutboundLinks() {}
}
