package io.shoplens.commerce;

import static io.shoplens.commerce.Shop.*;
import static io.shoplens.table.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.DailyGmv;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.Rows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class DailySalesTest {
  private static final String ONE_LINE = lines(line("A", 1, "10.00"));

  @Test
  void aDayAddsUpItsSalesCancellationsAndRefunds() {
    String fields = "'shipping_fee':3.00,'shipping_subsidy':1.00,'tax':0.50";
    assertThat(
            Rows.json(
                daily(
                    PLACED,
                    event(
                        "e1",
                        "placed",
                        t("10:00"),
                        order("a"),
                        "'user_id':'u'",
                        fields,
                        lines(
                            line("A", 2, "10.00", "'seller_discount':2.00"),
                            line("B", 1, "5.00", "'platform_discount':0.75"))),
                    event("e2", "placed", t("11:00"), order("b"), "'user_id':'u'", ONE_LINE),
                    event("e3", "placed", t("12:00"), order("c"), ONE_LINE),
                    event("e4", "cancelled", t("13:00"), order("a"), reversal(named("A", 1))),
                    event("e5", "refunded", t("14:00"), order("b")))))
        .containsExactly(
            "{'market':'US','gmv_date':'2026-03-04','currency':'USD',"
                + "'reporting_currency':'USD','is_complete':true,'orders':3,'buyers':1,"
                + "'units':5,'gmv_local':45.0000,'seller_discount_local':2.0000,"
                + "'platform_discount_local':0.7500,'shipping_fee_local':3.0000,"
                + "'shipping_subsidy_local':1.0000,'tax_local':0.5000,"
                + "'cancelled_local':9.0000,'refunded_local':10.0000,"
                + "'net_gmv_local':24.0000,'average_order_value_local':15.0000,"
                + "'adjustment_local':0.0000,'excess_refund_local':0.0000,"
                + "'gmv_reporting':45.0000,'seller_discount_reporting':2.0000,"
                + "'platform_discount_reporting':0.7500,'shipping_fee_reporting':3.0000,"
                + "'shipping_subsidy_reporting':1.0000,'tax_reporting':0.5000,"
                + "'cancelled_reporting':9.0000,'refunded_reporting':10.0000,"
                + "'net_gmv_reporting':24.0000,'fx_effect_reporting':0.0000,"
                + "'average_order_value_reporting':15.0000,"
                + "'adjustment_reporting':0.0000,'excess_refund_reporting':0.0000,"
                + "'missing_rates':0}");
  }

  @Test
  void theTableIsAsDeclared() {
    assertThat(
            DailySales.under(PLACED, COMPLETE)
                .daily(DailyMovements.of(fold(PLACED).history()))
                .schema()
                .fields())
        .extracting(field -> field.name() + " " + field.dataType().sql())
        .containsExactly(
            List.of(DailyGmv.TABLE.schema().fields()).stream()
                .map(field -> field.name() + " " + field.dataType().sql())
                .toArray(String[]::new));
  }

  @Test
  void aRefundOnALaterDateStandsThereAlone() {
    assertThat(
            Rows.json(
                daily(
                    PLACED,
                    event("e1", "placed", t("10:00"), "'device_id':'d'", ONE_LINE),
                    event("e2", "refunded", "2026-03-06T10:00:00Z")),
                GMV_DATE,
                ORDERS,
                BUYERS,
                UNITS,
                GMV_LOCAL,
                REFUNDED_LOCAL,
                NET_GMV_LOCAL,
                AVERAGE_ORDER_VALUE_LOCAL,
                REFUNDED_REPORTING))
        .containsExactly(
            "{'gmv_date':'2026-03-04','orders':1,'buyers':1,'units':1,'gmv_local':10.0000,"
                + "'refunded_local':0.0000,'net_gmv_local':10.0000,"
                + "'average_order_value_local':10.0000,'refunded_reporting':0.0000}",
            "{'gmv_date':'2026-03-06','orders':0,'buyers':0,'units':0,'gmv_local':0.0000,"
                + "'refunded_local':10.0000,'net_gmv_local':-10.0000,"
                + "'refunded_reporting':10.0000}");
  }

  @Test
  void whatARefundDiffersByBecauseRatesMovedIsTheFxEffectOfItsDate() {
    String pounds = "'market':'GB','currency':'GBP'";
    String[] events = {
      event("e1", "placed", t("10:00"), lines(line("A", 1, "100.00")), pounds),
      event("e2", "cancelled", "2026-03-05T10:00:00Z", amount("10.00"), pounds),
      event("e3", "refunded", "2026-03-06T10:00:00Z", pounds),
      event(
          "e4",
          "refunded",
          "2026-03-06T10:00:00Z",
          order("unknown"),
          reversal(line("A", 1, "7.00")),
          pounds)
    };
    String[] expected = {
      "{'gmv_date':'2026-03-04','cancelled_reporting':0.0000,'refunded_reporting':0.0000,"
          + "'fx_effect_reporting':0.0000}",
      "{'gmv_date':'2026-03-05','cancelled_reporting':15.0000,'refunded_reporting':0.0000,"
          + "'fx_effect_reporting':0.0000}",
      // 90.00 GBP sold at 1.50 and refunded at 1.25; 7.00 were never sold.
      "{'gmv_date':'2026-03-06','cancelled_reporting':0.0000,'refunded_reporting':121.2500,"
          + "'fx_effect_reporting':22.5000}"
    };
    Dataset<Row> movements = DailyMovements.of(fold(PLACED, events).history());
    DailySales sales = DailySales.under(PLACED, COMPLETE);
    for (Dataset<Row> table : List.of(sales.daily(movements), sales.byCategory(movements))) {
      assertThat(
              Rows.json(
                  table, GMV_DATE, CANCELLED_REPORTING, REFUNDED_REPORTING, FX_EFFECT_REPORTING))
          .containsExactly(expected);
    }
  }

  @Test
  void externalOrdersAreNotGmvAndAdjustmentsAndExcessStandBesideIt() {
    assertThat(
            Rows.json(
                daily(
                    PLACED,
                    event(
                        "e1",
                        "placed",
                        t("10:00"),
                        order("x"),
                        ONE_LINE,
                        "'sales_channel':'external','merchant_domain':'shop.other.example'"),
                    event("e2", "adjusted", t("10:00"), order("y"), amount("3.00")),
                    event("e3", "placed", t("10:00"), order("z"), ONE_LINE),
                    event("e4", "refunded", t("11:00"), order("z"), amount("12.00")),
                    event("e5", "adjusted", "2026-03-06T11:00:00Z", order("z"), amount("0.70"))),
                GMV_DATE,
                ORDERS,
                GMV_LOCAL,
                REFUNDED_LOCAL,
                NET_GMV_LOCAL,
                ADJUSTMENT_LOCAL,
                EXCESS_REFUND_LOCAL,
                EXCESS_REFUND_REPORTING))
        .containsExactly(
            "{'gmv_date':'2026-03-04','orders':1,'gmv_local':10.0000,'refunded_local':10.0000,"
                + "'net_gmv_local':0.0000,'adjustment_local':3.0000,"
                + "'excess_refund_local':2.0000,'excess_refund_reporting':2.0000}",
            "{'gmv_date':'2026-03-06','orders':0,'gmv_local':0.0000,'refunded_local':0.0000,"
                + "'net_gmv_local':0.0000,'adjustment_local':0.7000,"
                + "'excess_refund_local':0.0000,'excess_refund_reporting':0.0000}");
  }

  @Test
  void averageOrderValueHasTheDigitsOfItsCurrency() {
    String[] events = new String[9];
    String[] currencies = {"JPY", "KWD", "GBP"};
    for (int i = 0; i < events.length; i++) {
      events[i] =
          event(
              "e",
              "placed",
              t("10:00"),
              order("o" + i),
              "'currency':'" + currencies[i % 3] + "'",
              lines(line("A", 1, i < 3 ? "101" : "100")));
    }
    assertThat(
            Rows.json(
                daily(PLACED, events),
                CURRENCY,
                AVERAGE_ORDER_VALUE_LOCAL,
                AVERAGE_ORDER_VALUE_REPORTING))
        .containsExactly(
            "{'currency':'GBP','average_order_value_local':100.3300,"
                + "'average_order_value_reporting':150.5000}",
            "{'currency':'JPY','average_order_value_local':100.0000,"
                + "'average_order_value_reporting':0.6700}",
            "{'currency':'KWD','average_order_value_local':100.3330,"
                + "'average_order_value_reporting':334.4400}");
  }

  @Test
  void withoutARateTheReportingAmountsAreNullAndTheMovementsAreCounted() {
    String yen = "'market':'JP','currency':'JPY'";
    assertThat(
            Rows.json(
                daily(
                    PLACED,
                    event(
                        "e1",
                        "placed",
                        "2026-03-10T12:00:00Z",
                        yen,
                        lines(line("A", 1, "900"), line("B", 1, "100")))),
                GMV_LOCAL,
                GMV_REPORTING,
                NET_GMV_REPORTING,
                AVERAGE_ORDER_VALUE_REPORTING,
                REFUNDED_REPORTING,
                MISSING_RATES))
        .containsExactly("{'gmv_local':1000.0000,'missing_rates':2}");
  }

  @Test
  void aDateIsCompleteOnceItsMarketsWatermarkHasPassedItsEndInEveryZone() {
    String[] events = {
      event("e1", "placed", "2026-03-08T12:00:00Z", order("a"), ONE_LINE),
      event("e2", "placed", "2026-03-09T12:00:00Z", order("b"), ONE_LINE),
      event("e3", "placed", "2026-03-08T12:00:00Z", order("c"), ONE_LINE, "'market':'GB'"),
      event("e4", "placed", "2026-03-08T12:00:00Z", order("d"), ONE_LINE, "'market':'ID'")
    };
    assertThat(completeness("2026-03-09T07:00:00Z", events))
        .containsExactly(
            "{'market':'GB','gmv_date':'2026-03-08','is_complete':true}",
            "{'market':'ID','gmv_date':'2026-03-08','is_complete':false}",
            "{'market':'US','gmv_date':'2026-03-08','is_complete':true}",
            "{'market':'US','gmv_date':'2026-03-09','is_complete':false}");
    assertThat(completeness("2026-03-09T06:59:59.999999Z", events))
        .contains("{'market':'US','gmv_date':'2026-03-08','is_complete':false}");
    assertThat(
            Rows.json(
                CompleteDates.withCompleteDates(
                    Rows.of(
                        Watermarks.TABLE,
                        "{'market':'US','watermark_at':'2026-03-09T07:00:00Z'}",
                        "{'market':'GB','watermark_at':'2026-03-09T00:00:00Z'}",
                        "{'market':'ID','complete_until':'2026-03-01'}",
                        "{'market':'ZZ','watermark_at':'2026-03-09T00:00:00Z'}"),
                    REFERENCE),
                MARKET,
                COMPLETE_UNTIL))
        .containsExactly(
            "{'market':'GB','complete_until':'2026-03-08'}",
            "{'market':'ID'}",
            "{'market':'US','complete_until':'2026-03-08'}",
            "{'market':'ZZ'}");
  }

  private static List<String> completeness(String watermark, String... events) {
    return Rows.json(
        DailySales.under(
                PLACED,
                CompleteDates.of(
                    Map.of(
                        "US",
                        Instant.parse(watermark),
                        "GB",
                        Instant.parse("2026-03-09T00:00:00Z")),
                    REFERENCE))
            .daily(DailyMovements.of(fold(PLACED, events).history())),
        MARKET,
        GMV_DATE,
        IS_COMPLETE);
  }
}
