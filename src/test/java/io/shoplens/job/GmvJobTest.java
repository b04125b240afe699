package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ConfFolder;
import io.shoplens.config.ConfigFile;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.Lake;
import io.shoplens.table.DailyExternalGmv;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Table;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GmvJobTest {
  private static final String SUNDAY = "2026-03-01";
  private static final String MONDAY = "2026-03-02";

  @TempDir Path folder;

  /** No figure of the shop's own is there on Monday that would tell of it. */
  @Test
  void aDateOnWhichOnlyAnotherShopSoldBecomesComplete() {
    sold(sale("a", SUNDAY, "in_app", "null"), sale("b", MONDAY, "external", "'Amazon'"));

    run("2026-03-02T15:00:00Z", Map.of());
    assertThat(completeness(DailyGmv.TABLE)).containsExactly(day(SUNDAY, true));
    assertThat(completeness(DailyExternalGmv.TABLE)).containsExactly(day(MONDAY, false));

    run("2026-03-04T15:00:00Z", lake().versions());
    assertThat(completeness(DailyGmv.TABLE)).containsExactly(day(SUNDAY, true));
    assertThat(completeness(DailyExternalGmv.TABLE)).containsExactly(day(MONDAY, true));
  }

  private void run(String watermark, Map<String, Long> published) {
    lake()
        .replace(
            Watermarks.TABLE,
            Rows.of(Watermarks.TABLE, "{'market':'US','watermark_at':'%s'}".formatted(watermark)));
    SortedSet<LocalDate> none = new TreeSet<>();
    Scope scope = new Scope("", 0, published, none, none, none, none, List.of());
    try (GoldFrames gold = new GoldFrames(lake(), Optional.empty())) {
      new GmvJob(new RunContext(lake(), config(), "test", Instant.EPOCH)).run(scope, gold);
      gold.commit();
    }
  }

  private void sold(String... sales) {
    SortedSet<LocalDate> dates =
        new TreeSet<>(List.of(LocalDate.parse(SUNDAY), LocalDate.parse(MONDAY)));
    lake().replaceDates(OrderHistory.TABLE, Rows.of(OrderHistory.TABLE, sales), dates);
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
    return Rows.json(lake().read(table), "gmv_date", "is_complete");
  }

  private Lake lake() {
    return new Lake(LocalSpark.session(), config().lakeRoot());
  }

  private ShoplensConfig config() {
    ConfFolder conf =
        ConfFolder.in(folder)
            .write(
                "a.yaml",
                """
                lake.root: %1$s/lake
                feeds:
                  orders: {kind: orders, path: %1$s/orders}
                """
                    .formatted(folder));
    return ConfigFile.load(conf.path("a.yaml"), Map.of(), Map.of());
  }
}
