package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.leakage.LeakEvidence.Decided;
import io.shoplens.oracle.Leaks.Click;
import io.shoplens.oracle.Leaks.Identification;
import io.shoplens.oracle.Leaks.Line;
import io.shoplens.table.Identities;
import io.shoplens.table.Leaks;
import io.shoplens.table.OrderLines;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Table;
import io.shoplens.table.Touchpoints;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.Rows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakStatesTest {
  private static final String TO_SHOPEE =
      "'merchant_group':'Shopee','link_kind':'marketplace','certainty':'direct',"
          + "'is_competitor':true";
  private static final Decided NOTHING =
      new Decided(Rows.of(Leaks.TABLE), Instant.parse("2000-01-01T00:00:00Z"));

  private static String click(String id, String at, String more) {
    return "'event_id':'%s','event_type':'outbound_click','event_at':'2026-03-%s:00Z',"
            .formatted(id, at)
        + "'event_date':'2026-03-%s','market':'SG','is_bot':false,".formatted(at.substring(0, 2))
        + more;
  }

  private static String sold(String order, String at, String more) {
    return "'order_id':'%s','line_id':'1','order_at':'2026-03-%s:00Z','order_date':'2026-03-%s',"
            .formatted(order, at, at.substring(0, 2))
        + "'basis_date':'2026-03-%s','market':'SG','quantity':1,'gmv_reporting':10,"
            .formatted(at.substring(0, 2))
        + more;
  }

  private static final Duration MONTH = Duration.ofDays(30);
  private static final String IN_APP = "'sales_channel':'in_app',";
  private static final String AT_SHOPEE = "'sales_channel':'external','merchant_group':'Shopee',";

  private static Dataset<Row> rows(Table table, String... fields) {
    return Rows.of(
        table, Arrays.stream(fields).map(line -> "{" + line + "}").toArray(String[]::new));
  }

  private static List<String> states(String watermark, List<String> clicks, List<String> lines) {
    return states(
        watermark,
        rows(OutboundLinks.TABLE, clicks.toArray(String[]::new)),
        rows(OrderLines.TABLE, lines.toArray(String[]::new)),
        Rows.of(Identities.TABLE));
  }

  private static List<String> states(
      String watermark, Dataset<Row> clicks, Dataset<Row> lines, Dataset<Row> identities) {
    return states(watermark, clicks, lines, identities, MONTH);
  }

  private static List<String> states(
      String watermark,
      Dataset<Row> clicks,
      Dataset<Row> lines,
      Dataset<Row> identities,
      Duration identityWindow) {
    Dataset<Row> leaks =
        LeakStates.of(
            LeakEvidence.of(
                clicks, Rows.of(Touchpoints.TABLE), identities, identityWindow, lines, NOTHING),
            rows(Watermarks.TABLE, "'market':'SG','watermark_at':'2026-03-" + watermark + "'"));
    return leaks
        .orderBy(LEAK_AT, EVENT_ID, WINDOW_DAYS)
        .selectExpr("concat_ws(' ', concat_ws('+', click_ids), window_days, state)")
        .as(Encoders.STRING())
        .collectAsList();
  }

  @Test
  void theFirstClickOpensALeakAndClicksBeforeItsEndJoinIt() {
    String shopee = "'user_id':'u','product_id':'p'," + TO_SHOPEE;
    assertThat(
            states(
                "20T00:00:00Z",
                List.of(
                    click("a", "02T10:00", shopee),
                    click("b", "03T09:59", shopee),
                    click("c", "03T10:00", shopee),
                    click("d", "09T10:00", shopee)),
                List.of()))
        .containsExactly(
            "a+b 1 leaked", "a+b+c 7 leaked", "c 1 leaked", "d 1 leaked", "d 7 leaked");
  }

  @Test
  void aLeakIsPendingUntilTheWatermarkIsPastTheEndOfItsWindow() {
    List<String> clicks = List.of(click("a", "02T10:00", "'user_id':'u'," + TO_SHOPEE));
    assertThat(states("03T10:00:00Z", clicks, List.of()))
        .containsExactly("a 1 pending", "a 7 pending");
    assertThat(states("03T10:00:00.000001Z", clicks, List.of()))
        .containsExactly("a 1 leaked", "a 7 pending");
  }

  @Test
  void anOrderElsewhereConfirmsAndOneInTheAppRecapturesWithinTheWindowAndNotAtItsStart() {
    String product = "'user_id':'%s','product_id':'p'," + TO_SHOPEE;
    assertThat(
            states(
                "20T00:00:00Z",
                List.of(
                    click("a", "02T10:00", product.formatted("a")),
                    click("b", "02T10:00", product.formatted("b")),
                    click("c", "02T10:00", product.formatted("c"))),
                List.of(
                    sold("1", "03T10:00", AT_SHOPEE + "'user_id':'a'"),
                    sold("2", "03T11:00", IN_APP + "'user_id':'b','product_id':'p'"),
                    sold("3", "02T10:00", IN_APP + "'user_id':'c','product_id':'p'"),
                    sold("4", "04T10:00", IN_APP + "'user_id':'c','product_id':'q'"))))
        .containsExactly(
            "a 1 confirmed",
            "a 7 confirmed",
            "b 1 leaked",
            "b 7 recaptured",
            "c 1 leaked",
            "c 7 leaked");
  }

  @Test
  void aLineSettlesTheLatestLeakThatItCanAndNoOther() {
    assertThat(
            states(
                "20T00:00:00Z",
                List.of(
                    click("a", "02T10:00", "'user_id':'u','product_id':'p'," + TO_SHOPEE),
                    click("b", "02T11:00", "'user_id':'u','category':'c'," + TO_SHOPEE)),
                List.of(
                    sold("1", "02T12:00", IN_APP + "'user_id':'u','product_id':'p','category':'c'"),
                    sold("2", "02T12:00", AT_SHOPEE + "'user_id':'u'"))))
        .containsExactly("a 1 leaked", "a 7 leaked", "b 1 confirmed", "b 7 confirmed");
  }

  @Test
  void aLeakOfAnUnknownUserIsSettledOnlyOnceTheDeviceToldWhoItIs() {
    Dataset<Row> clicks =
        rows(
            OutboundLinks.TABLE,
            click("a", "02T10:00", "'device_id':'d','product_id':'p'," + TO_SHOPEE));
    Dataset<Row> identities =
        rows(
            Identities.TABLE,
            "'device_id':'d','user_id':'u','identified_at':'2026-03-02T12:00:00Z',"
                + "'source_id':'x','utc_date':'2026-03-02'");
    String line = IN_APP + "'user_id':'u','product_id':'p'";
    assertThat(
            states(
                "20T00:00:00Z",
                clicks,
                rows(OrderLines.TABLE, sold("1", "02T11:59", line)),
                identities))
        .containsExactly("a 1 leaked", "a 7 leaked");
    assertThat(
            states(
                "20T00:00:00Z",
                clicks,
                rows(OrderLines.TABLE, sold("1", "02T12:00", line)),
                identities))
        .containsExactly("a 1 recaptured", "a 7 recaptured");
  }

  @Test
  void anIdentificationReachesNoFurtherBackThanIsSet() {
    String device = "'device_id':'d','product_id':'p'," + TO_SHOPEE;
    Dataset<Row> clicks =
        rows(
            OutboundLinks.TABLE,
            click("a", "02T09:59", device.replace("'p'", "'q'")),
            click("b", "02T10:00", device));
    Dataset<Row> identities =
        rows(
            Identities.TABLE,
            "'device_id':'d','user_id':'u','identified_at':'2026-03-02T12:00:00Z',"
                + "'source_id':'x','utc_date':'2026-03-02'");
    Dataset<Row> lines =
        rows(
            OrderLines.TABLE,
            sold("1", "02T13:00", IN_APP + "'user_id':'u','product_id':'q'"),
            sold("2", "02T13:00", IN_APP + "'user_id':'u','product_id':'p'"));

    assertThat(states("20T00:00:00Z", clicks, lines, identities, Duration.ofHours(2)))
        .containsExactly("a 1 leaked", "a 7 leaked", "b 1 recaptured", "b 7 recaptured");
  }

  @Test
  void clicksThatWentNowhereKnownArePossibleAndOthersNoCompetitors() {
    assertThat(
            states(
                "20T00:00:00Z",
                List.of(
                    click("a", "02T10:00", "'user_id':'u','certainty':'opaque'"),
                    click("b", "02T11:00", "'user_id':'u','certainty':'direct'")),
                List.of()))
        .containsExactly(
            "a 1 possible", "a 7 possible", "b 1 not_competitor", "b 7 not_competitor");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void randomCasesAreSettledAsByTheWordsOfTheDefinition(long seed) {
    World world = new World(new Random(seed), 30);

    assertThat(found(world.leaks(world.clicks, world.lines, NOTHING))).isEqualTo(world.expected());
  }

  @ParameterizedTest
  @ValueSource(longs = {4})
  void whatIsDecidedStaysAndTheRestIsAsIfComputedAtOnce(long seed) {
    World world = new World(new Random(seed), 25);
    Instant before = Instant.parse("2026-03-12T00:00:00Z");
    List<Click> early =
        world.clicks.stream()
            .filter(click -> click.at().isBefore(before) || Integer.parseInt(click.id()) % 3 > 0)
            .toList();
    Dataset<Row> stored = world.leaks(early, world.lines, NOTHING);
    LocalDate read = LocalDate.parse("2026-03-03");
    LocalDate rewritten = LocalDate.parse("2026-03-05");

    Dataset<Row> leaks =
        world.leaks(
            world.clicks.stream().filter(click -> !click.date().isBefore(read)).toList(),
            world.lines.stream().filter(line -> !line.date().isBefore(read)).toList(),
            new Decided(stored.where(col("leak_date >= '" + read + "'")), before));

    assertThat(found(leaks.where(col("leak_date >= '" + rewritten + "'"))))
        .isEqualTo(
            world.expected().stream()
                .filter(leak -> leak.compareTo(rewritten.toString()) >= 0)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Column col(String expression) {
    return expr(expression);
  }

  private static TreeSet<String> found(Dataset<Row> leaks) {
    return new TreeSet<>(
        leaks
            .selectExpr(
                "concat_ws(' ', leak_date, event_id, window_days, state, is_confirmed,"
                    + " is_recaptured, concat_ws('+', click_ids), coalesce(confirmed_order_id,"
                    + " '-'), confirmed_lines, coalesce(recaptured_order_id, '-'),"
                    + " recaptured_lines, cast(coalesce(confirmed_gmv_reporting, 0) as int))")
            .as(Encoders.STRING())
            .collectAsList());
  }

  /** Few people, products and shops, so that much happens to each. */
  private static final class World {
    final List<Click> clicks = new ArrayList<>();
    final List<Line> lines = new ArrayList<>();
    final List<Identification> identifications = new ArrayList<>();
    private final Random random;
    private final Instant watermark = Instant.parse("2026-03-18T00:00:00Z");

    World(Random random, int each) {
      this.random = random;
      for (int i = 0; i < each * 8; i++) {
        String kind = pick("competitor", "competitor", "competitor", "possible", "not_competitor");
        String group = kind.equals("possible") ? null : pick("Shopee", "Amazon");
        Instant at = instant();
        String product = pick("p", "q", null);
        clicks.add(
            new Click(
                Integer.toString(100 + i),
                at,
                at.atZone(ZoneOffset.UTC).toLocalDate(),
                "SG",
                pick("u", "v", null, null),
                pick("d", "e"),
                kind,
                group,
                null,
                "marketplace",
                product,
                product == null ? pick("c", null) : "c",
                null,
                null,
                null));
      }
      for (int i = 0; i < each * 4; i++) {
        Instant at = instant();
        boolean isInApp = random.nextBoolean();
        String user = pick("u", "v", null);
        lines.add(
            new Line(
                "o" + (100 + i),
                "1",
                at,
                at.atZone(ZoneOffset.UTC).toLocalDate(),
                "SG",
                user,
                user == null ? pick("d", "e", null) : null,
                isInApp,
                isInApp ? null : pick("Shopee", "Amazon", null),
                pick("p", "q", "r"),
                "c",
                1,
                BigDecimal.valueOf(i % 7),
                null,
                null));
      }
      for (int i = 0; i < each; i++) {
        identifications.add(new Identification(pick("d", "e"), pick("u", "v"), instant(), "i" + i));
      }
    }

    private Instant instant() {
      // Hours, so that instants meet and windows end to the instant.
      return Instant.parse("2026-03-01T00:00:00Z").plusSeconds(3600L * random.nextInt(19 * 24));
    }

    private String pick(String... values) {
      return values[random.nextInt(values.length)];
    }

    TreeSet<String> expected() {
      TreeSet<String> leaks = new TreeSet<>();
      for (io.shoplens.oracle.Leaks.Leak leak :
          new io.shoplens.oracle.Leaks(clicks, lines, identifications, Map.of("SG", watermark))
              .leaks) {
        leaks.add(
            String.join(
                " ",
                leak.opening.date().toString(),
                leak.opening.id(),
                Integer.toString(leak.days),
                leak.state(),
                Boolean.toString(!leak.confirming.isEmpty()),
                Boolean.toString(!leak.recapturing.isEmpty()),
                leak.clicks.stream().map(Click::id).collect(Collectors.joining("+")),
                first(leak.confirming),
                Integer.toString(leak.confirming.size()),
                first(leak.recapturing),
                Integer.toString(leak.recapturing.size()),
                Integer.toString(
                    leak.confirming.stream().mapToInt(line -> line.gmv().intValue()).sum())));
      }
      return leaks;
    }

    private static String first(List<Line> lines) {
      return lines.isEmpty() ? "-" : lines.get(0).orderId();
    }

    Dataset<Row> leaks(List<Click> ofClicks, List<Line> ofLines, Decided decided) {
      return LeakStates.of(
          LeakEvidence.of(
              rows(OutboundLinks.TABLE, ofClicks.stream().map(World::json).toArray(String[]::new)),
              Rows.of(Touchpoints.TABLE),
              rows(
                  Identities.TABLE,
                  identifications.stream().map(World::json).toArray(String[]::new)),
              MONTH,
              rows(OrderLines.TABLE, ofLines.stream().map(World::json).toArray(String[]::new)),
              decided),
          rows(Watermarks.TABLE, "'market':'SG','watermark_at':'" + watermark + "'"));
    }

    private static String json(Click click) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("event_id", click.id());
      fields.put("event_type", "outbound_click");
      fields.put("event_at", click.at());
      fields.put("event_date", click.date());
      fields.put("market", click.market());
      fields.put("user_id", click.user());
      fields.put("device_id", click.device());
      fields.put("product_id", click.product());
      fields.put("category", click.category());
      fields.put("merchant_group", click.group());
      fields.put("certainty", click.kind().equals("possible") ? "opaque" : "direct");
      fields.put("is_competitor", click.kind().equals("competitor"));
      fields.put("is_bot", false);
      return text(fields);
    }

    private static String json(Line line) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("order_id", line.orderId());
      fields.put("line_id", line.lineId());
      fields.put("order_at", line.at());
      fields.put("order_date", line.date());
      fields.put("basis_date", line.date());
      fields.put("market", line.market());
      fields.put("user_id", line.user());
      fields.put("device_id", line.device());
      fields.put("sales_channel", line.isInApp() ? "in_app" : "external");
      fields.put("merchant_group", line.group());
      fields.put("product_id", line.product());
      fields.put("category", line.category());
      fields.put("quantity", line.units());
      fields.put("gmv_reporting", line.gmv());
      return text(fields);
    }

    private static String json(Identification one) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("device_id", one.device());
      fields.put("user_id", one.user());
      fields.put("identified_at", one.at());
      fields.put("source_id", one.sourceId());
      fields.put("utc_date", one.at().atZone(ZoneOffset.UTC).toLocalDate());
      return text(fields);
    }

    private static String text(Map<String, Object> fields) {
      return fields.entrySet().stream()
          .filter(field -> field.getValue() != null)
          .map(
              field -> {
                boolean isBare =
                    field.getValue() instanceof Boolean || field.getValue() instanceof Number;
                String quote = isBare ? "" : "'";
                return "'" + field.getKey() + "':" + quote + field.getValue() + quote;
              })
          .collect(Collectors.joining(","));
    }
  }
}
