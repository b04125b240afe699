package io.shoplens.attribution;

import static io.shoplens.table.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.ChannelWeights;
import io.shoplens.table.Orders;
import io.shoplens.table.Touchpoints;
import io.shoplens.testing.Rows;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class ChannelPathsTest {
  private static final LocalDate WEEK = LocalDate.parse("2026-03-02");

  /** A touch, or an order where the channel is null; the date is that of the instant in UTC. */
  private record Step(
      String id,
      String person,
      Instant at,
      String channel,
      boolean isEntry,
      boolean isOutbound,
      String touchClass,
      String salesChannel,
      LocalDate basisDate) {
    LocalDate date() {
      return at.atZone(ZoneOffset.UTC).toLocalDate();
    }
  }

  @Test
  void aPathEndsAtAnOrderOrAfterThirtyTouchlessDays() {
    List<Step> steps =
        List.of(
            touch("bought", "02-10T10:00:00Z", "live"),
            touch("bought", "02-10T11:00:00Z", "search"),
            order("bought", "02-10T12:00:00Z"),
            touch("silent", "01-30T10:00:00Z", "live"),
            touch("too-late-to-tell", "01-31T10:00:00Z", "profile"),
            touch("bought-before", "02-01T23:59:59Z", "profile"),
            order("bought-before", "02-01T23:59:59Z"),
            touch("back", "01-08T10:00:00Z", "search"),
            touch("back", "02-07T10:00:00.000001Z", "live"),
            order("back", "02-07T11:00:00Z"));

    // Of four paths live search and live convert, live and search are lost. Of what flows on from
    // live a third converts, a third is lost and a third goes to search, half of which converts.
    assertThat(
            Rows.json(
                weights(steps, WEEK).where("touch_set = 'all' and sales_channel = 'in_app'"),
                CHANNEL,
                CHANNEL_WEIGHT,
                CHANNEL_SHARE,
                CHANNEL_CONVERSIONS,
                PERIOD_FROM,
                PERIOD_TO,
                PATHS,
                CONVERTED_PATHS))
        .containsExactly(
            row("live", "0.750000000000", "0.600000000000", "1.200000"),
            row("search", "0.500000000000", "0.400000000000", "0.800000"));
  }

  private static String row(String channel, String weight, String share, String conversions) {
    return ("{'channel':'%s','channel_weight':%s,'channel_share':%s,'channel_conversions':%s,"
            + "'period_from':'2026-02-02','period_to':'2026-03-01','paths':4,'converted_paths':2}")
        .formatted(channel, weight, share, conversions);
  }

  @Test
  void weightsEqualThoseOfGoingThroughEveryPathOnItsOwn() {
    Random random = new Random(5);
    List<Step> steps = new ArrayList<>();
    for (int n = 0; n < 1_500; n++) {
      Instant at =
          Instant.parse("2025-11-20T00:00:00Z").plus(Duration.ofHours(random.nextInt(110 * 24)));
      String person = "u" + random.nextInt(60);
      if (random.nextInt(8) == 0) {
        LocalDate basis = at.atZone(ZoneOffset.UTC).toLocalDate().plusDays(random.nextInt(5));
        steps.add(
            new Step(
                "o" + n,
                person,
                at,
                null,
                false,
                false,
                null,
                random.nextInt(3) == 0 ? "external" : "in_app",
                random.nextInt(6) == 0 ? null : basis));
      } else {
        boolean isOutbound = random.nextInt(5) == 0;
        steps.add(
            new Step(
                "e" + n,
                person,
                at,
                "c" + random.nextInt(6),
                isOutbound || random.nextInt(2) == 0,
                isOutbound,
                isOutbound
                    ? "external_link"
                    : List.of("in_app_shop", "external_link", "direct").get(random.nextInt(3)),
                null,
                null));
      }
    }
    LocalDate[] weeks = {WEEK.minusWeeks(1), WEEK};

    assertThat(
            weights(steps, weeks).collectAsList().stream()
                .map(
                    row ->
                        String.join(
                            " ",
                            row.getAs(WEEK_DATE).toString(),
                            row.getAs(SALES_CHANNEL),
                            row.getAs(TOUCH_SET),
                            row.getAs(CHANNEL),
                            row.getDecimal(6).unscaledValue().toString(),
                            row.getAs(PATHS).toString(),
                            row.getAs(CONVERTED_PATHS).toString()))
                .sorted())
        .hasSizeGreaterThan(40)
        .containsExactlyElementsOf(slowly(steps, weeks));
  }

  /** Each person's steps cut into paths; the graph is that of {@link ChannelGraphTest}. */
  private static List<String> slowly(List<Step> steps, LocalDate... weeks) {
    List<String> rows = new ArrayList<>();
    for (LocalDate week : weeks) {
      for (String salesChannel : List.of("in_app", "external")) {
        for (String set : List.of("all", "entry")) {
          ChannelGraph graph = new ChannelGraph();
          Set<String> people = new TreeSet<>();
          steps.forEach(step -> people.add(step.person()));
          for (String person : people) {
            List<Step> own =
                steps.stream()
                    .filter(step -> step.person().equals(person))
                    .filter(step -> counts(step, week, salesChannel, set))
                    .sorted(
                        Comparator.comparing(Step::at)
                            .thenComparing(step -> step.channel() == null)
                            .thenComparing(Step::id))
                    .toList();
            List<Step> path = new ArrayList<>();
            for (Step step : own) {
              if (!path.isEmpty()
                  && last(path).at().plus(Duration.ofDays(30)).isBefore(step.at())) {
                finish(graph, path, ChannelGraph.LOSS, last(path).date().plusDays(30), week);
              }
              if (step.channel() != null) {
                path.add(step);
              } else if (!path.isEmpty()) {
                finish(graph, path, ChannelGraph.CONVERSION, step.date(), week);
              }
            }
            if (!path.isEmpty()) {
              finish(graph, path, ChannelGraph.LOSS, last(path).date().plusDays(30), week);
            }
          }
          long converted = graph.ended(ChannelGraph.CONVERSION);
          long all = converted + graph.ended(ChannelGraph.LOSS);
          for (Map.Entry<String, BigInteger> effect :
              new TreeMap<>(graph.removalEffects()).entrySet()) {
            rows.add(
                String.join(
                    " ",
                    week.toString(),
                    salesChannel,
                    set,
                    effect.getKey(),
                    effect.getValue().toString(),
                    String.valueOf(all),
                    String.valueOf(converted)));
          }
        }
      }
    }
    return rows.stream().sorted().toList();
  }

  private static boolean counts(Step step, LocalDate week, String salesChannel, String set) {
    if (step.date().isBefore(week.minusDays(88)) || !step.date().isBefore(week)) {
      return false;
    }
    if (step.channel() == null) {
      return step.salesChannel().equals(salesChannel)
          && step.basisDate() != null
          && step.basisDate().isBefore(week);
    }
    boolean isEligible =
        salesChannel.equals("in_app")
            ? !step.isOutbound()
            : step.isOutbound() || step.touchClass().equals("in_app_shop");
    return isEligible && (set.equals("all") || step.isEntry());
  }

  private static void finish(
      ChannelGraph graph, List<Step> path, String end, LocalDate date, LocalDate week) {
    if (date.isBefore(week) && !date.isBefore(week.minusDays(28))) {
      String state = ChannelGraph.START;
      for (Step step : path) {
        graph.add(state, step.channel(), 1);
        state = step.channel();
      }
      graph.add(state, end, 1);
    }
    path.clear();
  }

  private static Step last(List<Step> path) {
    return path.get(path.size() - 1);
  }

  @Test
  void aWeekIsReachedFromTheEightyEightDaysBeforeIt() {
    assertThat(ChannelPaths.weeksReachedFrom(List.of(WEEK.minusDays(1))).first()).isEqualTo(WEEK);
    assertThat(ChannelPaths.weeksReachedFrom(List.of(WEEK)).first()).isEqualTo(WEEK.plusDays(7));
    assertThat(ChannelPaths.weeksReachedFrom(List.of(WEEK.minusDays(88))).last()).isEqualTo(WEEK);
    assertThat(ChannelPaths.weeksReachedFrom(List.of(WEEK.minusDays(89))).last())
        .isEqualTo(WEEK.minusDays(7));
    assertThat(ChannelPaths.datesOf(List.of(WEEK)))
        .hasSize(88)
        .startsWith(WEEK.minusDays(88))
        .endsWith(WEEK.minusDays(1));
  }

  @Test
  void theRowsHaveTheColumnsOfTheirTable() {
    assertThat(weights(List.of(), WEEK).schema().fields())
        .extracting(StructField::name, StructField::dataType)
        .containsExactlyElementsOf(
            Arrays.stream(ChannelWeights.TABLE.schema().fields())
                .map(field -> Tuple.tuple(field.name(), field.dataType()))
                .toList());
  }

  private static Step touch(String person, String at, String channel) {
    return new Step(
        person + at,
        person,
        Instant.parse("2026-" + at),
        channel,
        true,
        false,
        "in_app_shop",
        null,
        null);
  }

  private static Step order(String person, String at) {
    Instant instant = Instant.parse("2026-" + at);
    return new Step(
        person + at,
        person,
        instant,
        null,
        false,
        false,
        null,
        "in_app",
        instant.atZone(ZoneOffset.UTC).toLocalDate());
  }

  private static Dataset<Row> weights(List<Step> steps, LocalDate... weeks) {
    List<String> touches = new ArrayList<>();
    List<String> orders = new ArrayList<>();
    for (Step step : steps) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put(MARKET, "US");
      fields.put(USER_ID, step.person());
      if (step.channel() == null) {
        fields.put(ORDER_ID, step.id());
        fields.put(ORDER_AT, step.at());
        fields.put(ORDER_DATE, step.date());
        fields.put(SALES_CHANNEL, step.salesChannel());
        fields.put(BASIS_DATE, step.basisDate());
        fields.put(IS_ORPHAN, false);
        orders.add(json(fields));
      } else {
        fields.put(EVENT_ID, step.id());
        fields.put(TOUCH_AT, step.at());
        fields.put(TOUCH_DATE, step.date());
        fields.put(CHANNEL, step.channel());
        fields.put(TOUCH_CLASS, step.touchClass());
        fields.put(IS_ENTRY, step.isEntry());
        fields.put(IS_OUTBOUND, step.isOutbound());
        touches.add(json(fields));
      }
    }
    return ChannelPaths.weights(
        Rows.of(Touchpoints.TABLE, touches.toArray(String[]::new)),
        Rows.of(Orders.TABLE, orders.toArray(String[]::new)),
        List.of(weeks));
  }

  private static String json(Map<String, Object> fields) {
    List<String> cells = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          if (value != null) {
            cells.add(
                "'%s':%s".formatted(name, value instanceof Boolean ? value : "'" + value + "'"));
          }
        });
    return "{" + String.join(",", cells) + "}";
  }
}
