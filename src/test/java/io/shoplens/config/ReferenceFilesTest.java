package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ReferenceFilesTest {
  private static final String LAKE = "lake.root: /lake\n";
  private static final String CHANNEL_HEADER =
      "channel,touch_class,event_type,surface,utm_source,utm_medium,utm_campaign,referrer_domain,"
          + "merchant_group";

  @TempDir private Path folder;
  private ConfFolder conf;

  @BeforeEach
  void folder() {
    conf = ConfFolder.in(folder);
  }

  @Test
  void everyTableIsReadAsItStands() {
    assertThat(ReferenceFiles.load(folder))
        .isEqualTo(
            new Reference(
                Map.of(
                    "US",
                    new Reference.Market(
                        "US",
                        ZoneId.of("America/New_York"),
                        "USD",
                        new BigDecimal("0.06"),
                        Optional.of(new BigDecimal("10000000")),
                        Optional.of(new BigDecimal("500000000")),
                        Optional.of(new BigDecimal("350000"))),
                    "ID",
                    new Reference.Market(
                        "ID",
                        ZoneId.of("Asia/Jakarta"),
                        "IDR",
                        new BigDecimal("0.065"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Map.of("US-CA", ZoneId.of("America/Los_Angeles")),
                Map.of(
                    "USD",
                    new TreeMap<>(
                        Map.of(
                            LocalDate.parse("2026-03-02"), new BigDecimal("1.1767"),
                            LocalDate.parse("2026-03-03"), new BigDecimal("1.18")))),
                List.of(
                    new Reference.Merchant(
                        "Shopee",
                        Optional.of("Sea"),
                        "Shopee, Indonesia",
                        "shopee.co.id",
                        "marketplace",
                        true,
                        "says \"so\""),
                    new Reference.Merchant(
                        "Tinyco", Optional.empty(), "Tinyco", "tinyco:", "shop", false, "")),
                List.of(
                    new Reference.Redirector(
                        "click.example", "/go", "url", "Net", "affiliate_network")),
                List.of(new Reference.Shortener("bit.ly", "shortener")),
                Map.of("https://a.example/1", "https://b.example/"),
                List.of(
                    new Reference.OwnDomain("shop.example", "own"),
                    new Reference.OwnDomain("paypal.com", "payment")),
                List.of(
                    new Reference.TouchRule(
                        "product_click", Optional.empty(), "in_app_shop", "click"),
                    new Reference.TouchRule(
                        "inbound_visit", Optional.of("feed"), "by_source", "click")),
                List.of(
                    new Reference.ChannelRule(
                        "live", Map.of("touch_class", "in_app_shop", "surface", "live"))),
                List.of("googlebot"),
                List.of(
                    new Reference.QueryParameter(
                        "id", "destination", "value", Optional.empty(), Optional.empty()),
                    new Reference.QueryParameter(
                        "tag", "affiliate", "name", Optional.of("Net"), Optional.of("Shopee"))),
                List.of(
                    new Reference.Restriction(
                        "US-MT",
                        "Ban",
                        "halted",
                        LocalDate.parse("2023-11-30"),
                        Optional.empty(),
                        "court"))));
  }

  @Test
  void theTablesOfTheSoftwareThatAreThereAreAllowed() throws Exception {
    try (var files = Files.list(Path.of("conf"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).toList()) {
        conf.write(file.getFileName().toString(), Files.readString(file));
      }
    }
    assertThat(ReferenceFiles.load(folder).markets()).containsKey("US");
  }

  @Test
  void channelRulesMayAskForFurtherFieldsOfATouch() {
    conf.write(
        "channel_rules.csv",
        CHANNEL_HEADER + ",ad_id,market\nlive_ads,,,live,,,,,,a*|b,US\nlive,,,live,,,,,,,\n");

    assertThat(ReferenceFiles.load(folder).channelRules())
        .containsExactly(
            new Reference.ChannelRule(
                "live_ads", Map.of("surface", "live", "ad_id", "a*|b", "market", "US")),
            new Reference.ChannelRule("live", Map.of("surface", "live")));
  }

  @Test
  void aColumnOfChannelRulesThatIsNoFieldOfATouchIsRefused() {
    for (String more : List.of(",colour", ",market,market", ",surface")) {
      conf.write("channel_rules.csv", CHANNEL_HEADER + more + "\n");

      assertThatThrownBy(() -> ReferenceFiles.load(folder))
          .hasMessageContaining("channel_rules.csv:1: The header is ")
          .hasMessageContaining(
              "allowed is "
                  + CHANNEL_HEADER
                  + ", and behind them any of market,region,interaction,product_id,category,"
                  + "content_id,creator_id,ad_id,platform,app_version.");
    }
  }

  @Test
  void windowsLineEndsAByteOrderMarkAndBlankLinesAreNoFault() {
    conf.write(
        "shorteners.csv", "\uFEFFhost,link_kind\r\n\r\n bit.ly , shortener\r\n\"t.co\" ,shortener");
    assertThat(ReferenceFiles.load(folder).shorteners())
        .containsExactly(
            new Reference.Shortener("bit.ly", "shortener"),
            new Reference.Shortener("t.co", "shortener"));
  }

  @Test
  void theEuroReferenceFileIsReadAsItIs() {
    conf.write(
        "fx_rates.csv",
        "Date,USD,JPY,CYP,\n2026-04-13,1.1684,186.75,N/A,\n2026-04-10,1.1711,N/A,N/A,\n");
    assertThat(ReferenceFiles.load(folder).rates())
        .isEqualTo(
            Map.of(
                "USD",
                new TreeMap<>(
                    Map.of(
                        LocalDate.parse("2026-04-13"), new BigDecimal("1.1684"),
                        LocalDate.parse("2026-04-10"), new BigDecimal("1.1711"))),
                "JPY",
                new TreeMap<>(Map.of(LocalDate.parse("2026-04-13"), new BigDecimal("186.75")))));
  }

  record Refused(String file, String text, String cause, String cure) {}

  private static final String MARKETS =
      "market,zone,currency,take_rate,daily_goal,yearly_loss_budget,daily_fixed_cost\n";
  private static final String MERCHANTS =
      "merchant_group,parent_group,merchant,domain,link_kind,is_competitor,source\n";
  private static final String LINE = "Correct that line.";

  static final List<Refused> REFUSED =
      List.of(
          new Refused(
              "markets.csv",
              "market,zone\nUS,UTC\n",
              "1: The header is \"market,zone\"; allowed is market,zone,currency,take_rate,"
                  + "daily_goal,yearly_loss_budget,daily_fixed_cost.",
              "Write that header."),
          new Refused(
              "crawlers.csv",
              "# nothing\n",
              "1: The file has no header line; allowed is pattern.",
              "Write that header."),
          new Refused(
              "markets.csv",
              MARKETS + "us,America/New_York,USD,0.06,,,\n",
              "2: Column market is \"us\"; allowed is an ISO 3166-1 alpha-2 code in capitals.",
              LINE),
          new Refused(
              "markets.csv",
              MARKETS + "US,America/Nowhere,USD,0.06,,,\n",
              "2: Column zone is \"America/Nowhere\"; allowed is a zone of the IANA database, such"
                  + " as Asia/Jakarta.",
              LINE),
          new Refused(
              "markets.csv",
              MARKETS + "US,America/New_York,XAU,0.06,,,\n",
              "2: Column currency is \"XAU\"; allowed is an ISO 4217 code in capitals, such as IDR.",
              LINE),
          new Refused(
              "markets.csv",
              MARKETS + "US,America/New_York,USD,6,,,\n",
              "2: Column take_rate is \"6\"; allowed is a decimal from 0 to 1.",
              LINE),
          new Refused(
              "markets.csv",
              MARKETS + "US,America/New_York,USD,0.06,1e6,,\n",
              "2: Column daily_goal is \"1e6\"; allowed is a decimal of 0 or more, or nothing.",
              LINE),
          new Refused(
              "markets.csv",
              MARKETS + "US,UTC,USD,0.06,,,\n# again\nUS,UTC,USD,0.06,,,\n",
              "4: A second line for \"US\"; allowed is one.",
              "Keep one of them."),
          new Refused(
              "region_zones.csv",
              "region,zone\nCA,America/Los_Angeles\n",
              "2: Column region is \"CA\"; allowed is an ISO 3166-2 code in capitals, such as US-CA.",
              LINE),
          new Refused(
              "fx_rates.csv",
              "rate_date,currency,rate\n2026-03-02,USD,N/A\n",
              "2: Column rate is \"N/A\"; allowed is a decimal over 0: units per unit of base.",
              LINE),
          new Refused(
              "fx_rates.csv",
              "rate_date,currency,rate\n2026-03-02,USD,0\n",
              "2: Column rate is \"0\"; allowed is a decimal over 0: units per unit of base.",
              LINE),
          new Refused(
              "fx_rates.csv",
              "rate_date,currency,rate\n2.3.2026,USD,1\n",
              "2: Column rate_date is \"2.3.2026\"; allowed is a date, such as 2026-03-02.",
              LINE),
          new Refused(
              "fx_rates.csv",
              "rate_date,currency,rate\n2026-03-02,USD,1.1\n2026-03-02,USD,1.2\n",
              "3: A second line for \"2026-03-02 USD\"; allowed is one.",
              "Keep one of them."),
          new Refused(
              "fx_rates.csv",
              "rate_date,currency,rate\n2026-03-02,USD,1.1,\n",
              "2: The line has 4 values; the header has 3 columns.",
              "Write one value for each of rate_date,currency,rate, with quotes around values that"
                  + " hold a comma."),
          new Refused(
              "merchants.csv",
              MERCHANTS + "Shopee,,,shopee.sg,marketplace,true,\n",
              "2: Column merchant is \"\"; allowed is a name.",
              LINE),
          new Refused(
              "merchants.csv",
              MERCHANTS + "Shopee,,Shopee,https://shopee.sg/,marketplace,true,\n",
              "2: Column domain is \"https://shopee.sg/\"; allowed is a host or domain in lower case,"
                  + " or an app scheme such as amzn:.",
              LINE),
          new Refused(
              "merchants.csv",
              MERCHANTS + "Shopee,,Shopee,shopee.sg,market,true,\n",
              "2: Column link_kind is \"market\"; allowed is marketplace, shop, affiliate_network,"
                  + " link_hub, shortener, social, own or other.",
              LINE),
          new Refused(
              "merchants.csv",
              MERCHANTS + "Shopee,,Shopee,shopee.sg,marketplace,yes,\n",
              "2: Column is_competitor is \"yes\"; allowed is true or false.",
              LINE),
          new Refused(
              "merchants.csv",
              MERCHANTS + "\"Shopee,,Shopee,shopee.sg,marketplace,yes,\n",
              "2: A quote is not closed; a value does not span lines.",
              "Close the quote."),
          new Refused(
              "merchants.csv",
              MERCHANTS + "\"Shopee\"x,,Shopee,shopee.sg,marketplace,yes,\n",
              "2: Text follows a closing quote; a quoted value ends at its quote.",
              "Write a quote inside a value twice."),
          new Refused(
              "shorteners.csv",
              "host,link_kind\nbit.ly,shop\n",
              "2: Column link_kind is \"shop\"; allowed is shortener or link_hub.",
              LINE),
          new Refused(
              "query_parameters.csv",
              "parameter,parameter_role,stored,network,merchant_group\ntag,partner,value,,\n",
              "2: Column parameter_role is \"partner\"; allowed is destination, tracking or"
                  + " affiliate.",
              LINE),
          new Refused(
              "query_parameters.csv",
              "parameter,parameter_role,stored,network,merchant_group\n"
                  + "tag,affiliate,value,,Amazon\nTAG,destination,value,,\n",
              "3: Column parameter_role is \"destination\"; allowed is that of the lines above for"
                  + " the same parameter.",
              LINE),
          new Refused(
              "query_parameters.csv",
              "parameter,parameter_role,stored,network,merchant_group\n"
                  + "tag,affiliate,value,,\ntag,affiliate,name,,\n",
              "3: A second line for \"tag\"; allowed is one.",
              "Keep one of them."),
          new Refused(
              "own_domains.csv",
              "domain,role\nshop.example,mine\n",
              "2: Column role is \"mine\"; allowed is own or payment.",
              LINE),
          new Refused(
              "known_redirects.csv",
              "url,target\nhttps://a.example,\n",
              "2: Column target is \"\"; allowed is a URL.",
              LINE),
          new Refused(
              "touch_rules.csv",
              "event_type,surface,touch_class,interaction\nproduct_click,,shop,click\n",
              "2: Column touch_class is \"shop\"; allowed is in_app_shop, external_link, direct or"
                  + " by_source.",
              LINE),
          new Refused(
              "touch_rules.csv",
              "event_type,surface,touch_class,interaction\nproduct_click,,direct,tap\n",
              "2: Column interaction is \"tap\"; allowed is view or click.",
              LINE));

  @ParameterizedTest
  @FieldSource("REFUSED")
  void whatIsNotAllowedIsToldWithFileLineColumnAndValue(Refused refused) {
    conf.write(refused.file(), refused.text());
    assertThat(conf.failure(LAKE))
        .isEqualTo(
            "The reference table CONF/"
                + refused.file()
                + " can't be used.\n  Cause: CONF/"
                + refused.file()
                + ":"
                + refused.cause()
                + "\n  Cure:  "
                + refused.cure());
  }

  @Test
  void aTableWithoutAMarketIsRefused() {
    conf.write("markets.csv", MARKETS);
    assertThat(conf.failure(LAKE))
        .isEqualTo(
            """
            The reference table CONF/markets.csv has no market.
              Cause: Every record belongs to a market, and a market must be configured.
              Cure:  Add a line for each market.""");
  }
}
