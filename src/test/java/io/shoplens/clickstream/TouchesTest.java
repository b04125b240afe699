package io.shoplens.clickstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Reference;
import io.shoplens.config.Reference.ChannelRule;
import io.shoplens.table.Touchpoints;
import io.shoplens.testing.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class TouchesTest {
  @Test
  void inTheAppTheSurfaceNamesTheChannelWhateverTheEvent() {
    List<String> surfaces =
        List.of("ad", "feed", "live", "profile", "search", "shop_tab", "showcase", "unheard_of");
    String[] events =
        surfaces.stream()
            .flatMap(
                surface ->
                    Stream.of("product_impression", "product_view", "product_click")
                        .map(type -> on(surface, type)))
            .toArray(String[]::new);
    assertThat(
            Rows.json(touches(events), "surface", "channel", "touch_class", "interaction").stream()
                .distinct())
        .containsExactly(
            "{'surface':'ad','channel':'shop_ads','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'ad','channel':'shop_ads','touch_class':'in_app_shop',"
                + "'interaction':'view'}",
            "{'surface':'feed','channel':'feed_video','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'feed','channel':'feed_video','touch_class':'in_app_shop',"
                + "'interaction':'view'}",
            "{'surface':'live','channel':'live','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'live','channel':'live','touch_class':'in_app_shop',"
                + "'interaction':'view'}",
            "{'surface':'profile','channel':'profile','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'profile','channel':'profile','touch_class':'in_app_shop',"
                + "'interaction':'view'}",
            "{'surface':'search','channel':'search','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'search','channel':'search','touch_class':'in_app_shop',"
                + "'interaction':'view'}",
            "{'surface':'shop_tab','channel':'shop_tab','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'shop_tab','channel':'shop_tab','touch_class':'in_app_shop',"
                + "'interaction':'view'}",
            "{'surface':'showcase','channel':'showcase','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'showcase','channel':'showcase','touch_class':'in_app_shop',"
                + "'interaction':'view'}",
            "{'surface':'unheard_of','channel':'shop_other','touch_class':'in_app_shop',"
                + "'interaction':'click'}",
            "{'surface':'unheard_of','channel':'shop_other','touch_class':'in_app_shop',"
                + "'interaction':'view'}");
  }

  @Test
  void onlyEventsThatARuleNamesAreTouchpoints() {
    String[] events =
        Stream.of(
                "content_view",
                "product_impression",
                "product_view",
                "product_click",
                "add_to_cart",
                "checkout_started",
                "outbound_click",
                "outbound_blocked",
                "inbound_visit",
                "ad_impression",
                "ad_click",
                "search",
                "app_open",
                "something_new")
            .map(
                type ->
                    String.format(
                        "{'event_id':'%s','event_type':'%s','device_id':'%s',"
                            + "'event_at':'@02T10:00'}",
                        type, type, type))
            .toArray(String[]::new);
    assertThat(Rows.json(touches(events), "event_type", "channel", "interaction"))
        .containsExactly(
            "{'event_type':'ad_click','channel':'shop_ads','interaction':'click'}",
            "{'event_type':'ad_impression','channel':'shop_ads','interaction':'view'}",
            "{'event_type':'inbound_visit','channel':'direct','interaction':'click'}",
            "{'event_type':'outbound_click','channel':'outbound_other','interaction':'click'}",
            "{'event_type':'product_click','channel':'shop_other','interaction':'click'}",
            "{'event_type':'product_impression','channel':'shop_other','interaction':'view'}",
            "{'event_type':'product_view','channel':'shop_other','interaction':'view'}");
  }

  @Test
  void aBotsEventsAreNone() {
    assertThat(
            Rows.json(
                touches(
                    "{'event_id':'a','event_type':'product_click','device_id':'d',"
                        + "'event_at':'@02T10:00','user_agent':'curl/8'}",
                    "{'event_id':'b','event_type':'product_click','device_id':'d',"
                        + "'event_at':'@02T10:01','user_agent':'Shop/9'}"),
                "event_id",
                "is_entry"))
        .containsExactly("{'event_id':'b','is_entry':true}");
  }

  @Test
  void aVisitIsExternalWithAReferrerOrACampaignAndDirectWithNeither() {
    assertThat(
            classes(
                visit("a", "'link':{'registrable_domain':'blog.example'}"),
                visit("b", "'utm_source':'spring'"),
                visit("c", "'utm_medium':'qr'"),
                visit("d", "'utm_campaign':'spring'"),
                visit("e", "'link':{'host':'10.0.0.1'}"),
                visit("f", "'surface':'feed'")))
        .containsExactly(
            "{'event_id':'a','touch_class':'external_link','channel':'referral_other'}",
            "{'event_id':'b','touch_class':'external_link','channel':'campaign_other'}",
            "{'event_id':'c','touch_class':'external_link','channel':'qr_code'}",
            "{'event_id':'d','touch_class':'external_link','channel':'campaign_other'}",
            "{'event_id':'e','touch_class':'external_link','channel':'referral_other'}",
            "{'event_id':'f','touch_class':'direct','channel':'direct'}");
  }

  @Test
  void ownDomainsAndPaymentProvidersAreNoReferrers() {
    assertThat(
            Rows.json(
                touches(
                    visit(
                        "a",
                        "'link':{'host':'www.shop.example','registrable_domain':'shop.example',"
                            + "'merchant_group':'Own'}"),
                    visit("b", "'link':{'registrable_domain':'paypal.com'}"),
                    visit("c", "'link':{'registrable_domain':'paypal.com'},'utm_medium':'email'"),
                    visit("d", "'link':{'registrable_domain':'notpaypal.com'}")),
                "event_id",
                "touch_class",
                "channel",
                "merchant_group"))
        .containsExactly(
            "{'event_id':'a','touch_class':'direct','channel':'direct'}",
            "{'event_id':'b','touch_class':'direct','channel':'direct'}",
            "{'event_id':'c','touch_class':'external_link','channel':'email'}",
            "{'event_id':'d','touch_class':'external_link','channel':'referral_other'}");
  }

  @Test
  void channelsOfVisitsFollowTheRulesInTheirOrder() {
    assertThat(
            classes(
                visit("01", "'utm_source':'Google','utm_medium':'CPC'"),
                visit("02", "'utm_source':'TikTok_Ads','utm_medium':'paid'"),
                visit("03", "'utm_source':'youtube','utm_medium':'cpv'"),
                visit("04", "'utm_source':'spring','utm_medium':'Affiliate'"),
                visit("05", "'utm_medium':'sms'"),
                visit("06", "'utm_medium':'push'"),
                visit("07", "'utm_source':'WhatsApp'"),
                visit("08", "'utm_medium':'influencer'"),
                visit("09", "'utm_medium':'banner'"),
                visit("10", "'link':{'registrable_domain':'google.co.uk'}"),
                visit("11", "'link':{'registrable_domain':'instagram.com'}"),
                visit("12", "'link':{'registrable_domain':'chatgpt.com'}"),
                visit("13", "'link':{'registrable_domain':'youtube.com'}"),
                visit("14", "'link':{'registrable_domain':'linktr.ee'}"),
                visit("15", "'link':{'registrable_domain':'am.example','merchant_group':'Am'}"),
                visit("16", "'link':{'registrable_domain':'google.com'},'utm_medium':'email'"),
                visit("17", "'utm_source':'spring','utm_medium':'cpc'")))
        .extracting(line -> line.replaceAll(".*'channel':'(.*)'}", "$1"))
        .containsExactly(
            "paid_search",
            "paid_social",
            "paid_video",
            "affiliate",
            "sms",
            "push",
            "messaging",
            "influencer",
            "display",
            "organic_search",
            "organic_social",
            "ai_assistant",
            "video",
            "link_hub",
            "referral_marketplace",
            "email",
            "paid_other");
  }

  @Test
  void everyTouchHasAChannelBecauseTheLastRuleHoldsAlways() {
    List<ChannelRule> rules = Clicks.REFERENCE.channelRules();
    assertThat(rules.get(rules.size() - 1)).isEqualTo(new ChannelRule("other", Map.of()));
    assertThat(rules.stream().map(ChannelRule::channel).distinct()).hasSizeGreaterThan(20);
  }

  @Test
  void aRuleMayAskForAnyFieldOfATouchThatTheTouchpointsDoNotKeep() {
    Reference reference =
        Clicks.referenceWith(
            List.of(
                new ChannelRule("new_app_ad", Map.of("ad_id", "A*", "app_version", "9.1|9.2")),
                new ChannelRule("desk", Map.of("platform", "*", "market", "gb")),
                new ChannelRule("seen", Map.of("interaction", "view")),
                new ChannelRule("other", Map.of())));

    assertThat(
            Rows.json(
                touches(
                    reference,
                    touch("a", "product_click", "'ad_id':'a7','app_version':'9.2'"),
                    touch("b", "product_click", "'ad_id':'a7','app_version':'9.3'"),
                    touch("c", "product_view", "'platform':'web'"),
                    touch("d", "product_view", "'platform':'web','market':'US'"),
                    touch("e", "product_click", "'ad_id':'b'")),
                "event_id",
                "channel"))
        .containsExactly(
            "{'event_id':'a','channel':'new_app_ad'}",
            "{'event_id':'b','channel':'other'}",
            "{'event_id':'c','channel':'desk'}",
            "{'event_id':'d','channel':'seen'}",
            "{'event_id':'e','channel':'other'}");
  }

  private static String touch(String id, String type, String rest) {
    return String.format(
        "{'event_id':'%s','event_type':'%s','device_id':'d','event_at':'@02T10:00',%s}",
        id, type, rest);
  }

  @Test
  void theFirstTouchOfASessionIsItsEntryOutboundClicksApart() {
    assertThat(
            Rows.json(
                touches(
                    typed("a", "search", "@02T10:00"),
                    typed("b", "outbound_click", "@02T10:01"),
                    typed("d", "product_click", "@02T10:02"),
                    typed("c", "product_view", "@02T10:02"),
                    typed("e", "outbound_click", "@02T10:03"),
                    typed("f", "inbound_visit", "@02T10:04"),
                    typed("g", "inbound_visit", "@02T12:00")),
                "event_id",
                "is_entry",
                "is_outbound"))
        .containsExactly(
            "{'event_id':'b','is_entry':true,'is_outbound':true}",
            "{'event_id':'c','is_entry':true,'is_outbound':false}",
            "{'event_id':'d','is_entry':false,'is_outbound':false}",
            "{'event_id':'e','is_entry':true,'is_outbound':true}",
            "{'event_id':'f','is_entry':false,'is_outbound':false}",
            "{'event_id':'g','is_entry':true,'is_outbound':false}");
  }

  @Test
  void anOutboundClickKnowsTheMerchantItLedTo() {
    assertThat(
            Rows.json(
                touches(
                    "{'event_id':'a','event_type':'outbound_click','device_id':'d',"
                        + "'event_at':'@02T10:00','link':{'registrable_domain':'am.example',"
                        + "'merchant_group':'Am'}}"),
                "touch_class",
                "channel",
                "merchant_group"))
        .containsExactly(
            "{'touch_class':'external_link','channel':'outbound_marketplace',"
                + "'merchant_group':'Am'}");
  }

  @Test
  void theColumnsAreTheTables() {
    Dataset<Row> touches = touches(typed("a", "product_click", "@02T10:00"));
    assertThat(Arrays.stream(touches.schema().fields()).map(f -> f.name() + " " + f.dataType()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Touchpoints.TABLE.schema().fields())
                .map(f -> f.name() + " " + f.dataType())
                .toList());
  }

  private static String on(String surface, String type) {
    return String.format(
        "{'event_id':'%s %s','event_type':'%s','surface':'%s','device_id':'d',"
            + "'event_at':'@02T10:00'}",
        surface, type, type, surface);
  }

  private static String typed(String id, String type, String at) {
    return String.format(
        "{'event_id':'%s','event_type':'%s','device_id':'d','event_at':'%s'}", id, type, at);
  }

  private static String visit(String id, String rest) {
    return String.format(
        "{'event_id':'%s','event_type':'inbound_visit','device_id':'d','event_at':'@02T10:00',%s}",
        id, rest);
  }

  private static List<String> classes(String... events) {
    return Rows.json(touches(events), "event_id", "touch_class", "channel");
  }

  private static Dataset<Row> touches(String... events) {
    return touches(Clicks.REFERENCE, events);
  }

  private static Dataset<Row> touches(Reference reference, String... events) {
    return Touches.of(
        SessionizedEvents.of(Clicks.events(events), Clicks.noneOpen(), Clicks.SETTINGS, reference),
        reference);
  }
}
