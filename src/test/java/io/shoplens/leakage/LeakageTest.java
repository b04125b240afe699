package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.LeakageSettings;
import io.shoplens.table.DailyLeakage;
import io.shoplens.table.LeakedLinks;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Table;
import io.shoplens.table.Touchpoints;
import io.shoplens.testing.Rows;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class LeakageTest {
  private static final LeakageSettings SETTINGS =
      new LeakageSettings(
          Map.of("shortener", new BigDecimal("0.35"), "link_hub", new BigDecimal("0.2")));

  private static final String CLICK =
      "'event_type':'outbound_click','market':'SG','event_date':'2026-03-02','is_bot':false";
  private static final String TO_SHOPEE =
      "'registrable_domain':'shopee.sg','merchant_group':'Shopee','parent_group':'Sea',"
          + "'link_kind':'marketplace','certainty':'direct','is_competitor':true";
  private static final String TO_SHORTENER =
      "'registrable_domain':'bit.ly','link_kind':'shortener','certainty':'opaque',"
          + "'is_competitor':false";
  private static final String TO_BRAND =
      "'registrable_domain':'nike.com','merchant_group':'Nike','parent_group':'Nike',"
          + "'link_kind':'shop','certainty':'direct','is_competitor':false";
  private static final String PRODUCT_CLICK =
      "'event_type':'product_click','market':'SG','touch_date':'2026-03-02'";

  private static Dataset<Row> clicks(String... fields) {
    return Rows.of(OutboundLinks.TABLE, objects(fields));
  }

  private static Dataset<Row> touches(String... fields) {
    return Rows.of(Touchpoints.TABLE, objects(fields));
  }

  private static String[] objects(String... fields) {
    return Arrays.stream(fields).map(line -> "{" + line + "}").toArray(String[]::new);
  }

  @Test
  void leakedLinksCountCompetitorAndOpaqueClicksByDestinationCreatorContentAndProduct() {
    Dataset<Row> leaked =
        LeakedLinkDays.of(
            clicks(
                CLICK
                    + ",'user_id':'a','creator_id':'c','content_id':'v','product_id':'p',"
                    + TO_SHOPEE,
                CLICK
                    + ",'user_id':'a','device_id':'d','creator_id':'c',"
                    + "'content_id':'v','product_id':'p',"
                    + TO_SHOPEE,
                CLICK
                    + ",'device_id':'d','creator_id':'c','content_id':'v','product_id':'p',"
                    + TO_SHOPEE,
                CLICK + ",'user_id':'a'," + TO_SHOPEE,
                CLICK + ",'user_id':'b'," + TO_SHORTENER,
                CLICK + ",'user_id':'b'," + TO_BRAND));
    assertThat(Rows.json(leaked))
        .containsExactly(
            "{'market':'SG','click_date':'2026-03-02','registrable_domain':'bit.ly',"
                + "'certainty':'opaque','clicks':1,'people':1}",
            "{'market':'SG','click_date':'2026-03-02','registrable_domain':'shopee.sg',"
                + "'merchant_group':'Shopee','certainty':'direct','creator_id':'c','content_id':'v',"
                + "'product_id':'p','parent_group':'Sea','clicks':3,'people':2}",
            "{'market':'SG','click_date':'2026-03-02','registrable_domain':'shopee.sg',"
                + "'merchant_group':'Shopee','certainty':'direct','parent_group':'Sea','clicks':1,"
                + "'people':1}");
  }

  @Test
  void botsAndBlockedClicksLeakNothing() {
    Dataset<Row> clicks =
        clicks(
            CLICK.replace("false", "true") + ",'user_id':'a'," + TO_SHOPEE,
            CLICK.replace("outbound_click", "outbound_blocked") + ",'user_id':'a'," + TO_SHOPEE);
    assertThat(Rows.json(LeakedLinkDays.of(clicks))).isEmpty();
    assertThat(Rows.json(LeakageDays.of(clicks, touches(), SETTINGS))).isEmpty();
  }

  @Test
  void theLeakRateSetsCompetitorClicksAgainstProductClicksAtEveryLevel() {
    Dataset<Row> leakage =
        LeakageDays.of(
            clicks(
                CLICK + ",'user_id':'a','creator_id':'c','category':'toys'," + TO_SHOPEE,
                CLICK + ",'user_id':'a','creator_id':'c'," + TO_SHOPEE,
                CLICK + ",'device_id':'b','creator_id':'c'," + TO_SHORTENER,
                CLICK + ",'user_id':'a'," + TO_BRAND),
            touches(
                PRODUCT_CLICK + ",'user_id':'a','creator_id':'c','product_id':'p'",
                PRODUCT_CLICK + ",'user_id':'a','creator_id':'other'",
                PRODUCT_CLICK.replace("product_click", "product_view") + ",'creator_id':'c'"),
            SETTINGS);
    assertThat(
            Rows.json(
                leakage,
                LEVEL,
                LEVEL_VALUE,
                PRODUCT_CLICKS,
                OUTBOUND_CLICKS,
                COMPETITOR_CLICKS,
                OPAQUE_CLICKS,
                COMPETITOR_CLICKS_HIGH,
                LEAK_RATE_LOW,
                LEAK_RATE_HIGH,
                PEOPLE))
        .containsExactly(
            row("category", "toys", 0, 1, 1, 0, "1.000000", "1.000000", "1.000000", 1),
            row("creator", "c", 1, 3, 2, 1, "2.350000", "0.666667", "0.701493", 1),
            row("creator", "other", 1, 0, 0, 0, "0.000000", "0.000000", "0.000000", 0),
            row("destination", "Shopee", 2, 2, 2, 0, "2.000000", "0.500000", "0.500000", 1),
            row("market", "", 2, 4, 2, 1, "2.350000", "0.500000", "0.540230", 1),
            row("parent", "Sea", 2, 2, 2, 0, "2.000000", "0.500000", "0.500000", 1),
            row("product", "p", 1, 0, 0, 0, "0.000000", "0.000000", "0.000000", 0));
  }

  @Test
  void theLeakRateIsNullWhereNobodyWentAnywhereToShop() {
    assertThat(
            Rows.json(
                LeakageDays.of(clicks(CLICK + ",'user_id':'a'," + TO_BRAND), touches(), SETTINGS)))
        .containsExactly(
            "{'market':'SG','click_date':'2026-03-02','level':'market','level_value':'',"
                + "'product_clicks':0,'outbound_clicks':1,'competitor_clicks':0,'opaque_clicks':0,"
                + "'competitor_clicks_high':0.000000,'people':0}");
  }

  @Test
  void marketsAndDatesAreKeptApart() {
    Dataset<Row> leakage =
        LeakageDays.of(
            clicks(
                CLICK + ",'user_id':'a'," + TO_SHOPEE,
                CLICK.replace("SG", "ID") + ",'user_id':'a'," + TO_SHOPEE),
            touches(
                PRODUCT_CLICK + ",'user_id':'a'",
                PRODUCT_CLICK.replace("03-02", "03-03") + ",'user_id':'a'"),
            SETTINGS);
    assertThat(
            leakage.where("level <> 'parent'").collectAsList().stream()
                .map(
                    row ->
                        "%s %s %s: %d of %d"
                            .formatted(
                                row.getAs(MARKET),
                                row.getAs(CLICK_DATE),
                                row.getAs(LEVEL),
                                row.getAs(COMPETITOR_CLICKS),
                                row.getAs(PRODUCT_CLICKS))))
        .containsExactlyInAnyOrder(
            "ID 2026-03-02 destination: 1 of 0",
            "ID 2026-03-02 market: 1 of 0",
            "SG 2026-03-02 destination: 1 of 1",
            "SG 2026-03-02 market: 1 of 1",
            "SG 2026-03-03 market: 0 of 1");
  }

  @Test
  void destinationsShareTheLeakRateOfTheirMarket() {
    Dataset<Row> leakage =
        LeakageDays.of(
            clicks(
                CLICK + ",'user_id':'a'," + TO_SHOPEE,
                CLICK + ",'user_id':'a'," + TO_SHOPEE.replace("Shopee", "Lazada")),
            touches(PRODUCT_CLICK + ",'user_id':'a'", PRODUCT_CLICK + ",'user_id':'b'"),
            SETTINGS);
    assertThat(
            Rows.json(
                leakage.where("level in ('market', 'destination')"), LEVEL_VALUE, LEAK_RATE_LOW))
        .containsExactly(
            "{'level_value':'','leak_rate_low':0.500000}",
            "{'level_value':'Lazada','leak_rate_low':0.250000}",
            "{'level_value':'Shopee','leak_rate_low':0.250000}");
  }

  @Test
  void theRowsAreThoseOfTheirTables() {
    assertThat(columns(LeakedLinkDays.of(clicks()).schema()))
        .containsExactlyInAnyOrderElementsOf(columns(LeakedLinks.TABLE));
    assertThat(columns(LeakageDays.of(clicks(), touches(), SETTINGS).schema()))
        .containsExactlyInAnyOrderElementsOf(columns(DailyLeakage.TABLE));
  }

  private static List<String> columns(Table table) {
    return columns(table.schema());
  }

  private static List<String> columns(StructType schema) {
    return Arrays.stream(schema.fields()).map(LeakageTest::nameAndType).toList();
  }

  private static String nameAndType(StructField field) {
    return field.name() + " " + field.dataType().sql();
  }

  private static String row(
      String level,
      String value,
      int product,
      int outbound,
      int competitor,
      int opaque,
      String high,
      String rateLow,
      String rateHigh,
      int people) {
    return ("{'level':'%s','level_value':'%s','product_clicks':%d,'outbound_clicks':%d,"
            + "'competitor_clicks':%d,'opaque_clicks':%d,'competitor_clicks_high':%s,"
            + "'leak_rate_low':%s,'leak_rate_high':%s,'people':%d}")
        .formatted(
            level, value, product, outbound, competitor, opaque, high, rateLow, rateHigh, people);
  }

  /** The same table counted click by click, in plain Java. */
  @Test
  void randomClicksAreCountedAsOneByOne() {
    Random random = new Random(20_260_302);
    List<Map<String, String>> clicks = new ArrayList<>();
    List<Map<String, String>> touches = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      clicks.add(randomClick(random));
      touches.add(randomTouch(random));
    }
    Map<String, Counts> expected = new TreeMap<>();
    clicks.forEach(click -> count(click, expected));
    touches.forEach(touch -> count(touch, expected));
    List<String> actual =
        Rows.json(
            LeakageDays.of(
                clicks(clicks.stream().map(LeakageTest::fields).toArray(String[]::new)),
                touches(touches.stream().map(LeakageTest::fields).toArray(String[]::new)),
                SETTINGS));
    assertThat(actual)
        .containsExactlyInAnyOrderElementsOf(
            expected.entrySet().stream()
                .map(entry -> entry.getValue().json(entry.getKey(), expected))
                .toList());
  }

  private static final class Counts {
    private long product;
    private long outbound;
    private long competitor;
    private long opaque;
    private BigDecimal possible = BigDecimal.ZERO;
    private final Set<String> people = new HashSet<>();

    private String json(String key, Map<String, Counts> all) {
      String[] parts = key.split("/", -1);
      boolean ofMarket = parts[2].equals("destination") || parts[2].equals("parent");
      Counts against = ofMarket ? all.get(parts[0] + "/" + parts[1] + "/market/") : this;
      StringBuilder text =
          new StringBuilder(
              ("{'market':'%s','click_date':'%s','level':'%s','level_value':'%s',"
                      + "'product_clicks':%d,'outbound_clicks':%d,'competitor_clicks':%d,"
                      + "'opaque_clicks':%d,'competitor_clicks_high':%s")
                  .formatted(
                      parts[0],
                      parts[1],
                      parts[2],
                      parts[3],
                      against.product,
                      outbound,
                      competitor,
                      opaque,
                      high()));
      rate(text, "low", low(), against.low(), against.product);
      rate(text, "high", high(), ofMarket ? against.low() : high(), against.product);
      return text.append(",'people':").append(people.size()).append("}").toString();
    }

    private BigDecimal low() {
      return BigDecimal.valueOf(competitor);
    }

    private BigDecimal high() {
      return BigDecimal.valueOf(competitor).add(possible).setScale(6);
    }

    private static void rate(
        StringBuilder text, String name, BigDecimal leaked, BigDecimal all, long product) {
      BigDecimal shopping = all.add(BigDecimal.valueOf(product));
      if (shopping.signum() > 0) {
        text.append(",'leak_rate_" + name + "':")
            .append(leaked.divide(shopping, 6, RoundingMode.HALF_UP));
      }
    }
  }

  private static void count(Map<String, String> event, Map<String, Counts> counts) {
    boolean click = event.containsKey("event_date");
    if (click
        ? !event.get("event_type").equals("outbound_click") || event.get("is_bot").equals("true")
        : !event.get("event_type").equals("product_click")) {
      return;
    }
    String day = event.get("market") + "/" + event.get(click ? "event_date" : "touch_date") + "/";
    boolean competitor =
        click
            && event.get("is_competitor").equals("true")
            && List.of("direct", "decoded", "known").contains(event.get("certainty"));
    List<String> keys = new ArrayList<>(List.of(day + "market/"));
    for (String level : List.of("creator", "content", "category", "product")) {
      String value = event.get(level.equals("category") ? level : level + "_id");
      if (value != null) {
        keys.add(day + level + "/" + value);
      }
    }
    if (competitor) {
      keys.add(day + "destination/" + event.get("merchant_group"));
      if (event.get("parent_group") != null) {
        keys.add(day + "parent/" + event.get("parent_group"));
      }
    }
    for (String key : keys) {
      Counts count = counts.computeIfAbsent(key, any -> new Counts());
      count.product += click ? 0 : 1;
      count.outbound += click ? 1 : 0;
      count.competitor += competitor ? 1 : 0;
      if (click && event.get("certainty").equals("opaque")) {
        count.opaque++;
        count.possible =
            count.possible.add(
                SETTINGS.opaqueCompetitor().getOrDefault(event.get("link_kind"), BigDecimal.ZERO));
      }
      if (competitor) {
        count.people.add(event.getOrDefault("user_id", event.get("device_id")));
      }
    }
  }

  private static Map<String, String> randomClick(Random random) {
    Map<String, String> click = randomEvent(random, "event_date");
    click.put("event_type", pick(random, "outbound_click", "outbound_click", "outbound_blocked"));
    click.put("is_bot", random.nextInt(6) == 0 ? "true" : "false");
    click.put("certainty", pick(random, "direct", "decoded", "known", "opaque", "unparsable"));
    if (click.get("certainty").equals("opaque")) {
      click.put("link_kind", pick(random, "shortener", "link_hub", "affiliate_network"));
      click.put("is_competitor", "false");
    } else {
      click.put("is_competitor", pick(random, "true", "false"));
      click.put("merchant_group", pick(random, "Shopee", "Amazon", "eBay"));
      if (!click.get("merchant_group").equals("eBay")) {
        click.put("parent_group", click.get("merchant_group") + " Ltd");
      }
    }
    return click;
  }

  private static Map<String, String> randomTouch(Random random) {
    Map<String, String> touch = randomEvent(random, "touch_date");
    touch.put("event_type", pick(random, "product_click", "product_click", "product_view"));
    return touch;
  }

  private static Map<String, String> randomEvent(Random random, String date) {
    Map<String, String> event = new TreeMap<>();
    event.put("market", pick(random, "SG", "ID"));
    event.put(date, pick(random, "2026-03-02", "2026-03-03"));
    event.put("device_id", "d" + random.nextInt(5));
    for (String column : List.of("user_id", "creator_id", "content_id", "category", "product_id")) {
      if (random.nextInt(3) > 0) {
        event.put(column, column.charAt(0) + "" + random.nextInt(4));
      }
    }
    return event;
  }

  private static String pick(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static String fields(Map<String, String> event) {
    return event.entrySet().stream()
        .map(
            entry ->
                entry.getValue().equals("true") || entry.getValue().equals("false")
                    ? "'" + entry.getKey() + "':" + entry.getValue()
                    : "'" + entry.getKey() + "':'" + entry.getValue() + "'")
        .reduce((left, right) -> left + "," + right)
        .orElseThrow();
  }
}
