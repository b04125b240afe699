package io.shoplens.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small stories with figures worked out by hand, so that the oracle itself can be trusted. */
class OracleTest {
  @TempDir Path folder;
  private final List<String> events = new ArrayList<>();
  private final List<String> orders = new ArrayList<>();

  @BeforeEach
  void referenceTables() throws IOException {
    conf(
        "markets",
        "market,zone,currency,take_rate",
        "US,America/New_York,USD,0.06",
        "JP,Asia/Tokyo,JPY,0.06");
    conf("restrictions", "region,restriction,restriction_state,from_date,until_date,source");
    conf("region_zones", "region,zone", "US-HI,Pacific/Honolulu");
    conf("fx_rates", "rate_date,currency,rate", "2026-03-02,USD,1.25", "2026-03-02,JPY,160");
    conf(
        "merchants",
        "merchant_group,parent_group,merchant,domain,link_kind,is_competitor,source",
        "Amazon,Amazon.com Inc,Amazon US,amazon.com,marketplace,true,x",
        "Amazon,Amazon.com Inc,Amazon app,amzn:,marketplace,true,x",
        "Corner,,Corner shop,corner.example,shop,false,x");
    conf(
        "redirectors",
        "host,path_prefix,parameter,network,link_kind",
        "go.network.example,/out,url,Network,affiliate_network");
    conf("shorteners", "host,link_kind", "bit.ly,shortener", "linktr.ee,link_hub");
    conf("known_redirects", "url,target", "https://bit.ly/known,https://www.amazon.com/dp/B1");
    conf("own_domains", "domain,role", "shop.example,own", "paypal.com,payment");
    conf(
        "touch_rules",
        "event_type,surface,touch_class,interaction",
        "product_view,,in_app_shop,view",
        "product_click,,in_app_shop,click",
        "inbound_visit,,by_source,click");
    conf(
        "channel_rules",
        "# first match wins",
        "channel,touch_class,event_type,surface,utm_source,utm_medium,utm_campaign,"
            + "referrer_domain,merchant_group",
        "search,in_app_shop,,search,,,,,",
        "shop,in_app_shop,,,,,,,",
        "newsletter,external_link,,,,e*|mail,,,",
        "referral,external_link,,,,,,*,",
        "other,,,,,,,,");
    conf("crawlers", "pattern", "bot/");
  }

  @Test
  void balancesAndNamesTheFirstFaultOfEveryLine() throws IOException {
    String good = event("e1", "app_open", "2026-03-02T10:00:00Z", "'device_id':'d'");
    events.add(good);
    events.add("");
    events.add(good.replace("}", ",\"received_at\":\"2026-03-02T10:00:01Z\"}")); // a repeat
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("{\"event_id\":\"x\"", "not_json ");
    codes.put("[1]", "not_json ");
    codes.put(good + "x", "not_json ");
    codes.put(good.replace("\"d\"}", "\"d\",\"device_id\":\"d\"}"), "duplicate_key device_id");
    codes.put(good.replace("e1", ""), "missing_field event_id");
    codes.put(good.replace("\"e1\"", "7"), "wrong_type event_id");
    codes.put(good.replace("device_id", "device"), "missing_field user_id");
    codes.put(good.replace("00Z", "00"), "no_zone event_at");
    codes.put(good.replace("10:00:00Z", "25:00:00Z"), "bad_timestamp event_at");
    codes.put(good.replace("2026", "1999"), "out_of_range event_at");
    codes.put(good.replace("US", "XX"), "unknown_value market");
    codes.put(
        good.replace("}", ",\"received_at\":\"2026-03-01T09:59:59.999999Z\"}"),
        "from_future event_at");
    events.addAll(codes.keySet());
    Map<String, String> orderCodes = new LinkedHashMap<>();
    String placed =
        order("p", "o", "placed", "1772445600", "'lines':[" + line("a", 2, "3.50") + "]");
    orderCodes.put(placed.replace("placed", "sold"), "unknown_value order_event");
    orderCodes.put(placed.replace("USD", "XXX"), "unknown_currency currency");
    orderCodes.put(placed.replace("\"lines\"", "\"line\""), "missing_field lines");
    orderCodes.put(placed.replace(":2,", ":0,"), "out_of_range lines.quantity");
    orderCodes.put(placed.replace("3.50", "0.1234567"), "too_many_digits lines.unit_price");
    orderCodes.put(
        placed.replace("}]", ",\"seller_discount\":7.01}]"), "out_of_range lines.seller_discount");
    orderCodes.put(
        placed.replace("}]", ",\"platform_discount\":7.01}]"),
        "out_of_range lines.platform_discount");
    orderCodes.put(placed.replace("}]", "}],\"tax\":1234567890123456789"), "out_of_range tax");
    orderCodes.put(placed.replace(":2,", ":1234567890123456,"), "out_of_range lines.quantity");
    orderCodes.put(placed.replace("}]", "}],\"tax\":1.005"), "too_many_digits tax");
    orderCodes.put(
        placed.replace("US\"", "US\",\"sales_channel\":\"external\""),
        "missing_field merchant_domain");
    orderCodes.put(
        placed.replace("}]", "}," + json(line("a", 1, "1")) + "]"), "out_of_range lines.line_id");
    orders.add(placed.replace("3.50", "3.5"));
    orders.addAll(orderCodes.keySet());

    Oracle oracle = oracle();

    assertThat(csv(oracle.rejections(), "code", "field"))
        .containsExactlyElementsOf(
            java.util.stream.Stream.concat(codes.values().stream(), orderCodes.values().stream())
                .map(code -> code.replace(' ', ','))
                .toList());
    assertThat(
            csv(
                oracle.balance(),
                "feed",
                "file",
                "records",
                "accepted",
                "duplicate",
                "rejected",
                "blank"))
        .containsExactly(
            "events,,15,1,1,12,1",
            "events,2026-03-02/a.json.gz,15,1,1,12,1",
            "orders,,13,1,0,12,0",
            "orders,a.json,13,1,0,12,0");
  }

  @Test
  void keepsTheWholeLinesOfADamagedArchive() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      events.add(
          event("e" + random.nextLong(), "app_open", "2026-03-02T10:00:00Z", "'device_id':'d'"));
    }
    write();
    Path gz = folder.resolve("events/2026-03-02/a.json.gz");
    byte[] whole = Files.readAllBytes(gz);
    Files.write(gz, Arrays.copyOf(whole, whole.length / 2));
    Oracle oracle = computed();
    Map<String, String> total = oracle.balance().get(0);
    assertThat(Long.parseLong(total.get("accepted"))).isBetween(500L, 1500L);
    assertThat(total.get("rejected")).isEqualTo("1");
    assertThat(csv(oracle.rejections(), "line", "code"))
        .containsExactly(total.get("records") + ",bad_archive");
  }

  @Test
  void refusesToDecideAConflict() {
    events.add(event("e1", "app_open", "2026-03-02T10:00:00Z", "'device_id':'d'"));
    events.add(event("e1", "app_open", "2026-03-02T10:00:00Z", "'device_id':'other'"));
    assertThatThrownBy(this::oracle).hasMessageContaining("Conflict");
  }

  /**
   * Order o1 has two lines: a, 3 at 3.335 = 10.005, so 10.01, less 1.00 = 9.01; b, 1 at 5.00. It is
   * paid at 23:30 of 2 March in New York. Refunds of one a each: 9.01 / 3 = 3.00 (3.0033), then
   * 6.01 / 2 = 3.01 (3.005). An amount of 4.00 over what remains, 3.00 and 5.00: 1.50 and 2.50. At
   * last all that remains: 1.50 + 2.50 = 4.00.
   */
  private void sellO1() {
    orders.add(
        order(
            "o1-placed",
            "o1",
            "placed",
            "2026-03-02T10:00:00Z",
            "'user_id':'u1','shipping_fee':2,'tax':'1.10','lines':["
                + line("a", 3, "3.335").replace("}", ",'seller_discount':1.00}")
                + ","
                + line("b", 1, "5.00").replace("}", ",'platform_discount':0.5}")
                + "]"));
    orders.add(order("o1-paid", "o1", "paid", "2026-03-03T04:30:00Z", "'user_id':'u1'"));
    String oneOfA = "'reversal':{'lines':[{'line_id':'a','quantity':1}]}";
    orders.add(order("o1-r1", "o1", "refunded", "2026-03-05T05:00:00Z", oneOfA));
    orders.add(order("o1-r2", "o1", "refunded", "2026-03-05T05:00:00.000001Z", oneOfA));
    orders.add(order("o1-c", "o1", "cancelled", "2026-03-06T12:00:00Z", "'reversal':{'amount':4}"));
    orders.add(order("o1-all", "o1", "refunded", "2026-03-07T12:00:00Z", ""));
    orders.add(order("o1-more", "o1", "refunded", "2026-03-08T12:00:00Z", "")); // excess
  }

  @Test
  void countsSalesAndReversalsOnTheirOwnDates() throws IOException {
    sellO1();
    // 1000 JPY at 1.25 / 160 = 0.0078125: 7.8125, so 7.81 USD; a credit note of 300 JPY: 2.34375.
    orders.add(
        order(
                "j-placed",
                "j",
                "placed",
                "2026-03-02T10:00:00Z",
                "'lines':[" + line("x", 1, "1000") + "]")
            .replace("US\"", "JP\"")
            .replace("USD", "JPY"));
    orders.add(
        order("j-paid", "j", "paid", "2026-03-02T10:00:00Z", "")
            .replace("US\"", "JP\"")
            .replace("USD", "JPY"));
    orders.add(
        order(
                "note",
                "unknown",
                "refunded",
                "2026-03-02T10:00:00Z",
                "'reversal':{'lines':[" + line("x", 2, "150") + "]}")
            .replace("US\"", "JP\"")
            .replace("USD", "JPY"));
    // 12 March is 10 days after the last rate.
    orders.add(
        order(
                "note2",
                "unknown2",
                "refunded",
                "2026-03-12T10:00:00Z",
                "'reversal':{'lines':[" + line("x", 2, "150") + "]}")
            .replace("US\"", "JP\"")
            .replace("USD", "JPY"));
    // Placed only: not in the basis, so its cancellation is in no figure either.
    orders.add(
        order(
            "n-placed",
            "n",
            "placed",
            "2026-03-02T10:00:00Z",
            "'lines':[" + line("x", 1, "9") + "]"));
    orders.add(order("n-cancelled", "n", "cancelled", "2026-03-02T11:00:00Z", ""));
    // Midnight of 3 March in Honolulu: the watermark of US, and exactly the end of 2 March.
    events.add(event("e", "app_open", "2026-03-03T10:00:00Z", "'device_id':'d'"));

    assertThat(
            csv(
                oracle().dailyGmv(),
                "market",
                "gmv_date",
                "currency",
                "is_complete",
                "orders",
                "buyers",
                "units",
                "gmv_local",
                "seller_discount_local",
                "platform_discount_local",
                "shipping_fee_local",
                "tax_local",
                "cancelled_local",
                "refunded_local",
                "net_gmv_local",
                "average_order_value_local",
                "gmv_reporting",
                "refunded_reporting",
                "net_gmv_reporting",
                "average_order_value_reporting",
                "missing_rates"))
        .containsExactly(
            "JP,2026-03-02,JPY,false,1,0,1,1000,0,0,0,0,0,300,700,1000,7.81,2.34,5.47,7.81,0",
            "JP,2026-03-12,JPY,false,0,0,0,0,0,0,0,0,0,300,-300,,,,,,1",
            "US,2026-03-02,USD,true,1,1,4,15.01,1,0.5,2,1.1,0,0,14.01,15.01,15.01,0,14.01,15.01,0",
            "US,2026-03-05,USD,false,0,0,0,0,0,0,0,0,0,6.01,-6.01,,0,6.01,-6.01,,0",
            "US,2026-03-06,USD,false,0,0,0,0,0,0,0,0,4,0,-4,,0,0,-4,,0",
            "US,2026-03-07,USD,false,0,0,0,0,0,0,0,0,0,4,-4,,0,4,-4,,0");
  }

  /**
   * Before o1: a view without a user at 09:00 on device d1, which the visit at 09:40 identifies as
   * u1's; the visit, by newsletter, opens a session (40 minutes of silence) and the click at 09:50
   * belongs to it. The click out at 09:55 earns nothing of o1, but all of the external order's last
   * touch. Another device's view is nobody's, and a bot's is no touch.
   */
  private void browseBeforeO1() {
    events.add(
        event(
            "t1",
            "product_view",
            "2026-03-02T09:00:00Z",
            "'device_id':'d1','surface':'feed','creator_id':'c1'"));
    events.add(
        event(
            "t2",
            "inbound_visit",
            "2026-03-02T09:40:00Z",
            "'device_id':'d1','user_id':'u1','utm_medium':'Email',"
                + "'referrer_url':'https://www.paypal.com/x'"));
    events.add(
        event(
            "t3",
            "product_click",
            "2026-03-02T09:50:00Z",
            "'device_id':'d1','user_id':'u1','surface':'search'"));
    events.add(
        event(
            "t4",
            "outbound_click",
            "2026-03-02T09:55:00Z",
            "'device_id':'d1','user_id':'u1','creator_id':'c1','content_id':'v1',"
                + "'link_url':'https://go.network.example/out?url="
                + "https%3A%2F%2Fwww.amazon.com%2Fdp%2FB1'"));
    events.add(event("t5", "product_view", "2026-03-02T09:56:00Z", "'device_id':'d2'"));
    events.add(
        event(
            "t6",
            "product_click",
            "2026-03-02T09:57:00Z",
            "'device_id':'d1','user_id':'u1','user_agent':'SomeBot/1.0'"));
  }

  @Test
  void creditsEveryMovementByEveryModel() throws IOException {
    browseBeforeO1();
    sellO1();
    orders.add(
        order(
            "x-placed",
            "x",
            "placed",
            "2026-03-02T10:30:00Z",
            "'user_id':'u1','sales_channel':'external','merchant_domain':'smile.amazon.com',"
                + "'lines':["
                + line("a", 1, "0.05")
                + "]"));
    orders.add(order("x-paid", "x", "paid", "2026-03-02T10:31:00Z", "'user_id':'u1'"));

    // 10.01 in three: 3.34, 3.34, 3.33; 5.00 in three: 1.67, 1.67, 1.66. In two: 5.01, 5.00; 2.50.
    // The first refunds, 3.00 and 3.01, in three: 1.00 each; 1.01, 1.00, 1.00.
    // External, 0.05: t1 and t3 are in the shop before the click out, t2 is not; in three 2, 2, 1.
    assertThat(
            csv(
                    oracle().dailyAttribution(),
                    "credit_date",
                    "sales_channel",
                    "model",
                    "touch_set",
                    "touch_class",
                    "channel",
                    "surface",
                    "creator_id",
                    "orders",
                    "credit_local",
                    "net_credit_reporting")
                .stream()
                .filter(row -> row.compareTo("2026-03-06") < 0)
                .filter(row -> row.matches(".*,(last_touch|linear|platform_window),.*")))
        .containsExactlyInAnyOrder(
            "2026-03-02,external,last_touch,all,external_link,other,,c1,1,0.05,0.05",
            "2026-03-02,external,last_touch,entry,external_link,other,,c1,1,0.05,0.05",
            "2026-03-02,external,linear,all,in_app_shop,shop,feed,c1,1,0.02,0.02",
            "2026-03-02,external,linear,all,in_app_shop,search,search,,1,0.02,0.02",
            "2026-03-02,external,linear,all,external_link,other,,c1,1,0.01,0.01",
            "2026-03-02,external,linear,entry,in_app_shop,shop,feed,c1,1,0.03,0.03",
            "2026-03-02,external,linear,entry,external_link,other,,c1,1,0.02,0.02",
            "2026-03-02,external,platform_window,all,external_link,other,,c1,1,0.05,0.05",
            "2026-03-02,external,platform_window,entry,external_link,other,,c1,1,0.05,0.05",
            "2026-03-02,in_app,last_touch,all,in_app_shop,search,search,,1,15.01,15.01",
            "2026-03-02,in_app,last_touch,entry,external_link,newsletter,,,1,15.01,15.01",
            "2026-03-02,in_app,linear,all,in_app_shop,shop,feed,c1,1,5.01,5.01",
            "2026-03-02,in_app,linear,all,external_link,newsletter,,,1,5.01,5.01",
            "2026-03-02,in_app,linear,all,in_app_shop,search,search,,1,4.99,4.99",
            "2026-03-02,in_app,linear,entry,in_app_shop,shop,feed,c1,1,7.51,7.51",
            "2026-03-02,in_app,linear,entry,external_link,newsletter,,,1,7.5,7.5",
            "2026-03-02,in_app,platform_window,all,in_app_shop,search,search,,1,15.01,15.01",
            "2026-03-02,in_app,platform_window,entry,external_link,newsletter,,,1,15.01,15.01",
            "2026-03-05,in_app,last_touch,all,in_app_shop,search,search,,0,0,-6.01",
            "2026-03-05,in_app,last_touch,entry,external_link,newsletter,,,0,0,-6.01",
            "2026-03-05,in_app,linear,all,in_app_shop,shop,feed,c1,0,0,-2.01",
            "2026-03-05,in_app,linear,all,external_link,newsletter,,,0,0,-2",
            "2026-03-05,in_app,linear,all,in_app_shop,search,search,,0,0,-2",
            "2026-03-05,in_app,linear,entry,in_app_shop,shop,feed,c1,0,0,-3.01",
            "2026-03-05,in_app,linear,entry,external_link,newsletter,,,0,0,-3",
            "2026-03-05,in_app,platform_window,all,in_app_shop,search,search,,0,0,-6.01",
            "2026-03-05,in_app,platform_window,entry,external_link,newsletter,,,0,0,-6.01");
  }

  @Test
  void givesAnOrderNothingThatWasLearnedAfterIt() throws IOException {
    // The device's next identification is of u1, but after the order; and 9 days back is too far
    // for a click's window, though not for the look-back.
    events.add(event("t1", "product_click", "2026-03-02T09:00:00Z", "'device_id':'d1'"));
    events.add(
        event("t0", "product_click", "2026-02-21T09:00:00Z", "'device_id':'d3','user_id':'u1'"));
    orders.add(
        order(
            "p",
            "o",
            "placed",
            "2026-03-02T10:00:00Z",
            "'user_id':'u1','lines':[" + line("a", 1, "4") + "]"));
    orders.add(order("q", "o", "paid", "2026-03-02T10:01:00Z", "'user_id':'u1','device_id':'d1'"));
    assertThat(
            csv(oracle().dailyAttribution(), "model", "touch_set", "touch_class", "credit_local")
                .stream()
                .filter(row -> row.matches("(last_touch|linear|platform_window),.*")))
        .containsExactly(
            "last_touch,all,in_app_shop,4",
            "last_touch,entry,in_app_shop,4",
            "linear,all,in_app_shop,4",
            "linear,entry,in_app_shop,4",
            "platform_window,all,unattributed,4",
            "platform_window,entry,unattributed,4");
  }

  @Test
  void measuresWhatLeaks() throws IOException {
    browseBeforeO1();
    events.add(
        event(
            "s1",
            "outbound_click",
            "2026-03-03T04:59:59Z",
            "'device_id':'d2','creator_id':'c1','link_url':'https://bit.ly/abc'"));
    events.add(
        event(
            "s2",
            "outbound_click",
            "2026-03-02T20:00:00Z",
            "'device_id':'d2','creator_id':'c1','link_url':'http://bit.ly/known/'"));
    events.add(
        event(
            "s3",
            "outbound_click",
            "2026-03-02T20:00:00Z",
            "'device_id':'d2','link_url':'https://amazon.com.evil.example/dp/B1'"));
    events.add(
        event(
            "s4",
            "outbound_blocked",
            "2026-03-02T20:00:00Z",
            "'device_id':'d2','link_url':'https://amazon.com/dp/B1'"));
    // 05:00 UTC is 3 March in New York, but still 2 March in Hawaii.
    events.add(
        event(
            "s5",
            "outbound_click",
            "2026-03-03T05:00:00Z",
            "'device_id':'d4','region':'US-HI','link_url':'amzn://apps/B1'"));

    Oracle oracle = oracle();

    assertThat(csv(oracle.outboundLinks(), "event_id", "registrable_domain", "certainty"))
        .containsExactly(
            "s1,bit.ly,opaque",
            "s2,amazon.com,known",
            "s3,evil.example,direct",
            "s4,amazon.com,direct",
            "s5,,direct",
            "t4,amazon.com,decoded");
    assertThat(csv(oracle.leakedLinks()))
        .containsExactly(
            "US,2026-03-02,,Amazon,Amazon.com Inc,direct,,,,1,1",
            "US,2026-03-02,amazon.com,Amazon,Amazon.com Inc,decoded,c1,v1,,1,1",
            "US,2026-03-02,amazon.com,Amazon,Amazon.com Inc,known,c1,,,1,1",
            "US,2026-03-02,bit.ly,,,opaque,c1,,,1,1");
    // K is 3 of 5 human clicks out, I is 1 (t3; t6 is a bot's): 3/4; high 3.3/4.3 = 0.76744.
    assertThat(csv(oracle.dailyLeakage()))
        .containsExactly(
            "US,2026-03-02,content,v1,0,1,1,0,1,1,1,1",
            "US,2026-03-02,creator,c1,0,3,2,1,2.3,1,1,2",
            "US,2026-03-02,destination,Amazon,1,3,3,0,3,0.75,0.75,3",
            "US,2026-03-02,market,,1,5,3,1,3.3,0.75,0.767442,3",
            "US,2026-03-02,parent,Amazon.com Inc,1,3,3,0,3,0.75,0.75,3");
    // Sessions: d1 at 09:00 and 09:40; d2 at 09:56, 20:00 and 04:59; d4. Touchpoints: t1 to t5 and
    // s1, s2, s3, s5.
    assertThat(csv(oracle.silverCounts()))
        .containsExactly(
            "orders,0",
            "outbound_links decoded,1",
            "outbound_links direct,3",
            "outbound_links known,1",
            "outbound_links opaque,1",
            "sessions,6",
            "touchpoints,9");
  }

  @Test
  void splitsToTheMinorUnitAndNeverFarFromTheExactShare() {
    Random random = new Random(42);
    for (int round = 0; round < 500; round++) {
      List<BigDecimal> weights =
          random.ints(1 + random.nextInt(6), 0, 50).mapToObj(BigDecimal::valueOf).toList();
      BigDecimal amount = BigDecimal.valueOf(random.nextInt(1000), 2);
      List<BigDecimal> parts = Money.split(amount, weights, 2);
      assertThat(Money.sum(parts)).isEqualByComparingTo(amount);
      double total = Money.sum(weights).doubleValue();
      for (int i = 0; i < parts.size() && total > 0; i++) {
        double exact = amount.doubleValue() * weights.get(i).doubleValue() / total;
        assertThat(Math.abs(parts.get(i).doubleValue() - exact)).isLessThan(0.01);
      }
    }
    assertThat(
            Money.split(
                new BigDecimal("0.05"),
                Arrays.asList(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE),
                2))
        .containsExactly(new BigDecimal("0.02"), new BigDecimal("0.02"), new BigDecimal("0.01"));
  }

  private static String event(String id, String type, String at, String more) {
    return ("{'event_id':'%s','event_type':'%s','event_at':'%s','market':'US',%s}")
        .formatted(id, type, at, more)
        .replace('\'', '"');
  }

  private static String order(String id, String orderId, String kind, String at, String more) {
    return ("{'order_event_id':'%s','order_id':'%s','order_event':'%s','event_at':'%s',"
            + "'market':'US','currency':'USD'%s}")
        .formatted(id, orderId, kind, at, more.isEmpty() ? "" : "," + more)
        .replace('\'', '"');
  }

  private static String line(String id, int quantity, String price) {
    return "{'line_id':'%s','quantity':%d,'unit_price':%s}".formatted(id, quantity, price);
  }

  private Oracle oracle() throws IOException {
    write();
    return computed();
  }

  private Oracle computed() {
    return Oracle.of(folder.resolve("events"), folder.resolve("orders"), folder.resolve("conf"));
  }

  private void write() throws IOException {
    Path eventsFile = folder.resolve("events/2026-03-02/a.json.gz");
    Files.createDirectories(eventsFile.getParent());
    Files.createDirectories(folder.resolve("orders"));
    Files.writeString(folder.resolve("orders/_SUCCESS"), "not data");
    Files.write(folder.resolve("orders/a.json"), orders.stream().map(OracleTest::json).toList());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      for (String event : events) {
        out.write((json(event) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    Files.write(eventsFile, bytes.toByteArray());
  }

  private static String json(String line) {
    return line.replace('\'', '"');
  }

  private void conf(String table, String... lines) throws IOException {
    Path file = folder.resolve("conf").resolve(table + ".csv");
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(lines));
  }

  /** Rows as comma-separated texts, of the named columns or of all. */
  private static List<String> csv(List<Map<String, String>> rows, String... columns) {
    return rows.stream()
        .map(
            row ->
                columns.length == 0
                    ? String.join(",", row.values())
                    : String.join(",", Arrays.stream(columns).map(row::get).toList()))
        .toList();
  }
}
