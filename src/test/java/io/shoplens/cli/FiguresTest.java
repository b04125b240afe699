package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.DailyAttribution;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.DailyLeakage;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final TestEngine ENGINE =
      TestEngine.answering(sql -> LocalSpark.session().sql(sql.replace("gold.", "figures_")));

  @Test
  void everyMarketsLastCompleteDayIsShownWithWhatEarnedItAndWhatLeaked() {
    Rows.of(
            DailyGmv.TABLE,
            gmv("US", "2026-03-06", "USD", true, 9, "900", "800", "100.00", "900"),
            gmv("US", "2026-03-07", "USD", true, 2, "1234.5", "1000", "617.25", "1234.5"),
            gmv("US", "2026-03-08", "USD", false, 1, "5", "5", "5", "5"),
            gmv("ID", "2026-03-07", "IDR", true, 1, "150000", "150000", "150000", "9"))
        .createOrReplaceTempView("figures_daily_gmv");
    Rows.of(
            DailyAttribution.TABLE,
            credit("US", "2026-03-07", "last_touch", "in_app", "in_app_shop", "1000"),
            credit("US", "2026-03-07", "last_touch", "in_app", "unattributed", "234.5"),
            credit("US", "2026-03-07", "last_touch", "external", "external_link", "77"),
            credit("US", "2026-03-07", "linear", "in_app", "direct", "1234.5"),
            credit("US", "2026-03-06", "last_touch", "in_app", "direct", "900"))
        .createOrReplaceTempView("figures_daily_attribution");
    Rows.of(
            DailyLeakage.TABLE,
            leak("US", "2026-03-07", "market", "", 12, "0.1", "0.125"),
            leak("US", "2026-03-07", "destination", "Shopee", 8, "0.05", "0.05"),
            leak("US", "2026-03-07", "destination", "Temu", 4, "0.03", "0.03"),
            leak("US", "2026-03-06", "destination", "Etsy", 99, "0.9", "0.9"))
        .createOrReplaceTempView("figures_daily_leakage");

    Figures figures = Figures.of(ENGINE);

    assertThat(String.join("\n", figures.lines()) + "\n")
        .isEqualTo(
            """
            The last complete day, and who earned its GMV (last touch among session entries)
            market  date        orders         GMV     net GMV   per order       in-app  external  direct  unattributed       leak rate
            US      2026-03-07       2    1,234.50    1,000.00      617.25  USD   81.0%      0.0%    0.0%         19.0%  10.0% to 12.5%
            ID      2026-03-07       1  150,000.00  150,000.00  150,000.00  IDR    0.0%      0.0%    0.0%          0.0%               -

            Where shopping clicks leaked to on that day
            market  destination  clicks  people
            US      Shopee            8       3
            US      Temu              4       3
            """);
    assertThat(Json.line(figures.json()))
        .startsWith(
            "{\"markets\":[{\"market\":\"US\",\"gmv_date\":\"2026-03-07\",\"currency\":\"USD\","
                + "\"orders\":2,")
        .contains("\"destination\":\"Temu\",\"competitor_clicks\":4,\"people\":3}]}");
  }

  private static String gmv(
      String market,
      String date,
      String currency,
      Boolean isComplete,
      int orders,
      String gmv,
      String net,
      String average,
      String reporting) {
    return ("{'market':'%s','gmv_date':'%s','currency':'%s','is_complete':%s,'orders':%d,"
            + "'gmv_local':%s,'net_gmv_local':%s,'average_order_value_local':%s,"
            + "'gmv_reporting':%s}")
        .formatted(market, date, currency, isComplete, orders, gmv, net, average, reporting);
  }

  private static String credit(
      String market, String date, String model, String channel, String touchClass, String credit) {
    return ("{'market':'%s','credit_date':'%s','currency':'USD','model':'%s','touch_set':'entry',"
            + "'sales_channel':'%s','touch_class':'%s','credit_local':%s}")
        .formatted(market, date, model, channel, touchClass, credit);
  }

  private static String leak(
      String market, String date, String level, String value, int clicks, String low, String high) {
    return ("{'market':'%s','click_date':'%s','level':'%s','level_value':'%s',"
            + "'competitor_clicks':%d,'people':3,'leak_rate_low':%s,'leak_rate_high':%s}")
        .formatted(market, date, level, value, clicks, low, high);
  }
}
