package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake.Replacement;
import io.shoplens.table.AttributionCredits;
import io.shoplens.table.ChannelWeights;
import io.shoplens.table.Identities;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Orders;
import io.shoplens.table.Table;
import io.shoplens.table.Touchpoints;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the credits of a date are made of, where other dates stand as they are stored. */
class AttributionJobTest {
  private Place place;

  @BeforeEach
  void place(@TempDir Path folder) throws IOException {
    place = new Place(folder, "shop", "clicks", Map.of("attribution.models", "last_touch, markov"));
  }

  @Test
  void ordersOfAWeekThatBeginsInAClosedPeriodHaveItsStoredWeights() {
    store();
    put(ChannelWeights.TABLE, weight("2026-03-30", "live", 3), weight("2026-03-30", "search", 1));

    assertThat(creditedAnew("2026-03-28", "2026-03-31"))
        .containsExactly(
            "{'credit_date':'2026-04-02','channel':'live','credit_local':75.0000}",
            "{'credit_date':'2026-04-02','channel':'search','credit_local':25.0000}");
  }

  @Test
  void aClosedWeekWithoutStoredWeightsHasThoseOfItsPathsAndStoresNone() {
    store();
    put(ChannelWeights.TABLE, weight("2026-03-23", "live", 3));

    try (GoldFrames gold = gold("2026-03-31")) {
      assertThat(creditedAnew("2026-03-28", gold))
          .containsExactly("{'credit_date':'2026-04-02','channel':'live','credit_local':100.0000}");
      assertThat(gold.datesOf(ChannelWeights.TABLE)).isEmpty();
    }
  }

  @Test
  void aReversalFollowsThoseOfDatesThatStand() {
    store();
    put(ChannelWeights.TABLE, weight("2026-03-30", "live", 1), weight("2026-03-30", "search", 1));
    put(OrderHistory.TABLE, sale(), refund("r1", "2026-04-03"), refund("r2", "2026-04-05"));

    try (GoldFrames gold = gold("2026-03-31")) {
      new AttributionJob(place.context()).run(scope(dates(), dates("2026-04-05")), gold);
      assertThat(credits(gold, "2026-04-05", NET_CREDIT_LOCAL))
          .containsExactly(
              "{'credit_date':'2026-04-05','channel':'search','net_credit_local':-0.0100}");
    }
  }

  /**
   * An order of 2 April, and paths that ended in the four weeks before: one through live with an
   * order, one through search without.
   */
  private void store() {
    put(
        Touchpoints.TABLE,
        touch("a", "2026-03-31", "u", "live"),
        touch("b", "2026-04-01", "u", "search"),
        touch("c", "2026-03-10", "buyer", "live"),
        touch("d", "2026-02-10", "other", "search"));
    put(Identities.TABLE);
    put(
        Orders.TABLE,
        "{'order_id':'p','order_at':'2026-03-11T12:00:00Z','order_date':'2026-03-11',"
            + "'basis_date':'2026-03-11','user_id':'buyer','market':'US',"
            + "'sales_channel':'in_app','is_orphan':false}");
    put(OrderHistory.TABLE, sale());
  }

  private static String touch(String id, String date, String user, String channel) {
    return ("{'event_id':'%s','touch_date':'%s','touch_at':'%2$sT18:00:00Z','user_id':'%s',"
            + "'market':'US','channel':'%s','touch_class':'in_app_shop','interaction':'click',"
            + "'is_entry':true,'is_outbound':false}")
        .formatted(id, date, user, channel);
  }

  private static String sale() {
    return movement("paid", "sale", "2026-04-02", "'gmv_local':100.00,'gmv_reporting':100.00");
  }

  private static String refund(String event, String date) {
    return movement(event, "refunded", date, "'reversed_local':0.01,'reversed_reporting':0.01");
  }

  private static String movement(String event, String entry, String date, String amounts) {
    return ("{'order_id':'o','order_event_id':'%s','line_id':'1','entry':'%s','entry_date':'%s',"
            + "'entry_at':'%3$sT18:00:00Z','order_at':'2026-04-02T18:00:00Z','user_id':'u',"
            + "'market':'US','currency':'USD','sales_channel':'in_app','is_linked':true,%s}")
        .formatted(event, entry, date, amounts);
  }

  private static String weight(String week, String channel, int weight) {
    return ("{'market':'US','week_date':'%s','sales_channel':'in_app','touch_set':'all',"
            + "'model':'markov','channel':'%s','channel_weight':%d}")
        .formatted(week, channel, weight);
  }

  private List<String> creditedAnew(String touched, String closedUntil) {
    try (GoldFrames gold = gold(closedUntil)) {
      return creditedAnew(touched, gold);
    }
  }

  private List<String> creditedAnew(String touched, GoldFrames gold) {
    new AttributionJob(place.context()).run(scope(dates(touched), dates()), gold);
    return credits(gold, "2026-04-02", CREDIT_LOCAL);
  }

  private List<String> credits(GoldFrames gold, String date, String amount) {
    Dataset<Row> credits = gold.rows(AttributionCredits.TABLE, dates(date));
    return Rows.json(
        credits.where(col(TOUCH_SET).equalTo("all").and(col(MODEL).equalTo("markov"))),
        CREDIT_DATE,
        CHANNEL,
        amount);
  }

  /** A run that knows of all order events. */
  private Scope scope(SortedSet<LocalDate> touched, SortedSet<LocalDate> rebuilt) {
    return new Scope(0, place.lake().versions(), touched, touched, touched, rebuilt, List.of());
  }

  private void put(Table table, String... json) {
    String date = table.partitionedBy().get(0);
    Dataset<Row> rows = Rows.of(table, json);
    SortedSet<LocalDate> dates =
        rows.select(col(date).cast("string")).distinct().collectAsList().stream()
            .map(row -> LocalDate.parse(row.getString(0)))
            .collect(Collectors.toCollection(TreeSet::new));
    place.lake().replaceDates(List.of(new Replacement(table, rows, dates)));
  }

  private static SortedSet<LocalDate> dates(String... dates) {
    return Arrays.stream(dates)
        .map(LocalDate::parse)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private GoldFrames gold(String closedUntil) {
    return new GoldFrames(
        place.lake(), Optional.of(LocalDate.parse(closedUntil)), place.lake().versions().keySet());
  }
}
