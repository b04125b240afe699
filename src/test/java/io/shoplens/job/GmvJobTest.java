package io.shoplens.job;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.RunRecord;
import io.shoplens.table.CustomerDaily;
import io.shoplens.table.DailyEconomics;
import io.shoplens.table.DailyExternalGmv;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.GmvMovements;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Table;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GmvJobTest {
  private static final String SUNDAY = "2026-03-01";
  private static final String MONDAY = "2026-03-02";

  @TempDir Path folder;
  private Place place;

  @BeforeEach
  void place() throws IOException {
    place = new Place(folder, "shop");
  }

  /** No figure of the shop's own is there on Monday that would tell of it. */
  @Test
  void aDateOnWhichOnlyAnotherShopSoldBecomesComplete() {
    sold(sale("a", SUNDAY, "in_app", "null"), sale("b", MONDAY, "external", "'Amazon'"));

    run("2026-03-02T15:00:00Z", Map.of());
    assertThat(completeness(DailyGmv.TABLE)).containsExactly(day(SUNDAY, true));
    assertThat(completeness(DailyExternalGmv.TABLE)).containsExactly(day(MONDAY, false));

    run("2026-03-04T15:00:00Z", place.lake().versions());
    assertThat(completeness(DailyGmv.TABLE)).containsExactly(day(SUNDAY, true));
    assertThat(completeness(DailyExternalGmv.TABLE)).containsExactly(day(MONDAY, true));
  }

  /** A run that died has brought one table up to date and not the others. */
  @Test
  void aDateThatIsCompleteInOneTableByARunThatDiedBecomesSoInAll() {
    sold(sale("a", MONDAY, "in_app", "null"));
    run("2026-03-02T22:00:00Z", Map.of());
    Map<String, Long> published = place.lake().versions();
    Dataset<Row> complete = place.lake().read(DailyGmv.TABLE).withColumn("is_complete", lit(true));
    place
        .lake()
        .replaceDates(DailyGmv.TABLE, complete, new TreeSet<>(List.of(LocalDate.parse(MONDAY))));

    run("2026-03-04T22:00:00Z", published);

    for (Table table : List.of(DailyGmv.TABLE, DailyEconomics.TABLE, CustomerDaily.TABLE)) {
      assertThat(completeness(table)).as(table.name()).containsExactly(day(MONDAY, true));
    }
  }

  /** Monday is not over in the US; of Indonesia nobody knows how far its data reaches. */
  @Test
  void whatAClosedDateRefusesIsAMovementThoughItWasNeverComplete() throws IOException {
    Map<String, Long> published = mondayPublishedAndClosed();
    sold(
        sale("a", MONDAY, "in_app", "null"),
        sale("b", MONDAY, "in_app", "null"),
        sale("c", MONDAY, "in_app", "null").replace("'US'", "'ID'"));
    run("2026-03-02T22:00:00Z", published);

    assertThat(gmv()).containsExactly("{'market':'US','gmv_local':9.9900,'is_complete':false}");
    assertThat(movements())
        .containsExactly(
            "{'market':'ID','posted_date':'2026-03-03','gmv_date':'2026-03-02','to_value':9.9900}",
            "{'market':'US','posted_date':'2026-03-03','gmv_date':'2026-03-02','from_value':9.9900,"
                + "'to_value':19.9800}");
  }

  @Test
  void aClosedDateIsKnownToBeCompleteOnceItIsAndItsFiguresStand() throws IOException {
    Map<String, Long> published = mondayPublishedAndClosed();
    sold(sale("a", MONDAY, "in_app", "null"), sale("b", MONDAY, "in_app", "null"));
    run("2026-03-04T22:00:00Z", published);

    assertThat(gmv()).containsExactly("{'market':'US','gmv_local':9.9900,'is_complete':true}");
    assertThat(Rows.json(place.lake().read(CustomerDaily.TABLE), "orders", "is_complete"))
        .containsExactly("{'orders':1,'is_complete':true}");
  }

  /** A first run that died left gold behind; nobody has been told of it. */
  @Test
  void whatWasNeverPublishedIsWrittenThoughItIsClosed() throws IOException {
    sold(sale("a", MONDAY, "in_app", "null"));
    run("2026-03-04T22:00:00Z", Map.of());

    closeUntil(MONDAY);
    sold(sale("a", MONDAY, "in_app", "null"), sale("b", MONDAY, "in_app", "null"));
    run("2026-03-04T22:00:00Z", Map.of());

    assertThat(gmv()).containsExactly("{'market':'US','gmv_local':19.9800,'is_complete':true}");
    assertThat(movements()).isEmpty();
  }

  /** The run that dies knew of a third sale; the next takes it back. */
  @Test
  void aMovementThatARunWhichDiedHasPostedIsNoneAndThosePublishedStay() {
    String a = sale("a", SUNDAY, "in_app", "null");
    String b = sale("b", SUNDAY, "in_app", "null");
    sold(a);
    run("2026-03-04T15:00:00Z", Map.of());
    Map<String, Long> before = place.lake().versions();
    sold(a, b);
    run("2026-03-04T15:00:00Z", before);
    Map<String, Long> published = place.lake().versions();
    List<String> movements = movements();
    assertThat(movements).hasSize(1);

    sold(a, b, sale("c", SUNDAY, "in_app", "null"));
    run("2026-03-04T15:00:00Z", published);
    assertThat(movements()).hasSize(2);
    sold(a, b);
    run("2026-03-04T15:00:00Z", published);

    assertThat(movements()).isEqualTo(movements);
  }

  @Test
  void anotherBuyerMovesAnOrderEventUnlessItIsTheSameOneByAnotherId() {
    String a = sale("a", SUNDAY, "in_app", "null");
    sold(a);
    run("2026-03-04T15:00:00Z", Map.of());
    Map<String, Long> published = place.lake().versions();
    sold(a.replace("'u'", "'erased:1'"), sale("b", SUNDAY, "in_app", "null"));
    run("2026-03-04T15:00:00Z", published);

    assertThat(causes())
        .containsExactly(
            "{'order_event_count':2,'order_events':[{'order_id':'a','order_event_id':'a-1'},"
                + "{'order_id':'b','order_event_id':'b-1'}]}");

    Instant now = Instant.parse("2026-03-05T00:00:00Z");
    RunRecord.ofNoDates("e", 0, "erase", "partial", now, now, "", "test").appendTo(place.lake());
    run("2026-03-04T15:00:00Z", published);

    assertThat(causes())
        .containsExactly(
            "{'order_event_count':1,'order_events':[{'order_id':'b','order_event_id':'b-1'}]}");
  }

  private List<String> causes() {
    return Rows.json(
        place.lake().read(GmvMovements.TABLE).where("figure = 'gmv_local'"),
        "order_event_count",
        "order_events");
  }

  /** A sale of Monday, published before it was over and then closed; the tables' versions. */
  private Map<String, Long> mondayPublishedAndClosed() throws IOException {
    sold(sale("a", MONDAY, "in_app", "null"));
    run("2026-03-02T22:00:00Z", Map.of());
    Map<String, Long> published = place.lake().versions();
    closeUntil(MONDAY);
    return published;
  }

  private void closeUntil(String date) throws IOException {
    place = new Place(folder, "shop", "clicks", Map.of("periods.closed-until", date));
  }

  private List<String> gmv() {
    return Rows.json(place.lake().read(DailyGmv.TABLE), "market", "gmv_local", "is_complete");
  }

  /** Movements of GMV. */
  private List<String> movements() {
    return Rows.json(
        place.lake().read(GmvMovements.TABLE).where("figure = 'gmv_local'"),
        "market",
        "posted_date",
        "gmv_date",
        "from_value",
        "to_value");
  }

  private void run(String watermark, Map<String, Long> published) {
    place
        .lake()
        .replace(
            Watermarks.TABLE,
            Rows.of(Watermarks.TABLE, "{'market':'US','watermark_at':'%s'}".formatted(watermark)));
    SortedSet<LocalDate> none = new TreeSet<>();
    Scope scope = new Scope(0, published, none, none, none, none, List.of());
    try (GoldFrames gold =
        new GoldFrames(
            place.lake(), place.context().config().gmv().closedUntil(), published.keySet())) {
      new GmvJob(place.context()).run(scope, gold);
      gold.commit();
    }
  }

  private void sold(String... sales) {
    SortedSet<LocalDate> dates =
        new TreeSet<>(List.of(LocalDate.parse(SUNDAY), LocalDate.parse(MONDAY)));
    place.lake().replaceDates(OrderHistory.TABLE, Rows.of(OrderHistory.TABLE, sales), dates);
  }

  private static String sale(String order, String date, String channel, String merchantGroup) {
    return ("{'order_id':'%s','order_event_id':'%1$s-1','line_id':'1','entry':'sale',"
            + "'entry_at':'%sT20:00:00Z','entry_date':'%2$s','order_at':'%2$sT20:00:00Z',"
            + "'market':'US','currency':'USD','sales_channel':'%s','merchant_group':%s,"
            + "'user_id':'u','units':1,'gross_local':9.99,'gmv_local':9.99}")
        .formatted(order, date, channel, merchantGroup);
  }

  private static String day(String date, boolean isComplete) {
    return "{'gmv_date':'%s','is_complete':%s}".formatted(date, isComplete);
  }

  private List<String> completeness(Table table) {
    return Rows.json(place.lake().read(table), "gmv_date", "is_complete");
  }
}
