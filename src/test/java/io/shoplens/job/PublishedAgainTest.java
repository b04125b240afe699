package io.shoplens.job;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Sessions;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clicks and an order are published; what comes then may be more than that or not. */
class PublishedAgainTest {
  private static final LocalDate MONDAY = LocalDate.parse("2026-03-02");
  private static final String PLACED =
      "{'order_event_id':'o1-1','order_id':'o1','order_event':'placed','market':'US',"
          + "'currency':'USD','event_at':'2026-03-02T18:00:00Z','user_id':'u1','lines':["
          + "{'line_id':'1','product_id':'p1','quantity':1,'unit_price':'9.99'}]}";
  private static final String PAID = PLACED.replace("o1-1", "o1-2").replace("placed", "paid");

  @TempDir Path folder;
  private Place place;

  @BeforeEach
  void published() throws IOException {
    place = new Place(folder, "place");
    place.put("events/a.jsonl", click("e1", "18:00"), click("e2", "18:10"));
    place.put("orders/a.jsonl", PLACED, PAID);
    assertThat(place.publish().state()).isEqualTo("published");
  }

  @Test
  void whatARebuildLeftThatDiedIsNotPublishedUntilARunHasComputedAllOfItUnderItsOwnSettings()
      throws IOException {
    List<String> sessions = sessions();
    new Place(folder, "place", "clicks", Map.of("clickstream.session-gap", "5m"))
        .rebuildClicksAndDie(MONDAY);
    assertThat(sessions()).hasSize(2).isNotEqualTo(sessions);
    assertThat(isAllPublished()).isFalse();

    assertThat(place.publish().touchedDates()).containsExactly(MONDAY);

    assertThat(sessions()).isEqualTo(sessions);
    assertThat(isAllPublished()).isTrue();
    assertThat(place.publish().touchedDates()).isEmpty();
  }

  @Test
  void filesWithoutANewRecordLeaveNothingToPublishAndOneWithOneDoes() throws IOException {
    place.put("events/b.jsonl", click("e1", "18:00"));
    place.put("events/c.jsonl");
    place.put("events/d.jsonl", "not json");
    place.publish();
    assertThat(isAllPublished()).isTrue();

    place.put("events/e.jsonl", click("e3", "18:20"));
    place.ingest();
    assertThat(isAllPublished()).isFalse();
  }

  /** So that it goes on as it began. */
  @Test
  void workOnIdsThatWasCutShortLeavesNothingToPublish() {
    Lake lake = place.lake();
    lake.rewrite(OrderHistory.TABLE, rows -> rows.withColumn("user_id", lit("another")), lit(true));
    assertThat(BuyersSketches.renew(lake)).isTrue();

    assertThat(isAllPublished()).isTrue();
  }

  private boolean isAllPublished() {
    return new PublishedAgain(place.lake(), place.context().config(), Clock.systemUTC(), "test")
        .before()
        .isCurrent();
  }

  private List<String> sessions() {
    return Rows.json(place.lake().read(Sessions.TABLE));
  }

  private static String click(String id, String time) {
    return ("{'event_id':'%s','event_type':'product_click','event_at':'2026-03-02T%s:00Z',"
            + "'user_id':'u1','market':'US','surface':'live','product_id':'p1'}")
        .formatted(id, time);
  }
}
