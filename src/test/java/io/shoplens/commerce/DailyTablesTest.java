package io.shoplens.commerce;

import static io.shoplens.commerce.Shop.*;
import static io.shoplens.table.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.BusinessDates;
import io.shoplens.config.GmvSettings;
import io.shoplens.config.GmvSettings.Preset;
import io.shoplens.config.Reference;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DailyTablesTest {
  private static final String SHOES = "'category':'shoes'";

  @Test
  void aMarketsDayAddsUpItsCurrenciesAndWhatSalesEarnAndCost() {
    String rates = "'commission_rate':0.10,'creator_commission_rate':0.05";
    Dataset<Row> economics =
        Economics.of(
            movements(
                event(
                    "e1",
                    "placed",
                    t("10:00"),
                    order("a"),
                    "'shipping_fee':3.00,'shipping_cost':5.00,'shipping_subsidy':2.00",
                    "'fulfilment_cost':1.00",
                    lines(line("A", 2, "10.00", rates, "'platform_discount':1.50"))),
                event(
                    "e2",
                    "placed",
                    t("11:00"),
                    order("b"),
                    "'shipping_subsidy':0.50",
                    lines(line("A", 1, "5.00", rates))),
                event(
                    "e3",
                    "placed",
                    t("11:00"),
                    order("c"),
                    "'currency':'GBP'",
                    lines(line("A", 1, "8.00"))),
                event("e4", "refunded", t("13:00"), order("a"), amount("5.05"))),
            COMPLETE,
            PLACED,
            REFERENCE);
    assertThat(
            Rows.json(
                economics,
                CURRENCY,
                GMV_LOCAL,
                NET_GMV_LOCAL,
                COMMISSION_LOCAL,
                PLATFORM_DISCOUNT_LOCAL,
                SHIPPING_SUBSIDY_LOCAL,
                SHIPPING_MARGIN_LOCAL,
                FULFILMENT_COST_LOCAL,
                CREATOR_COMMISSION_LOCAL,
                CONTRIBUTION_LOCAL,
                GMV_REPORTING,
                SUBSIDY_RATE))
        .containsExactly(
            // 25.00 USD and 8.00 GBP at 1.5; 10% of 20.00 less the 0.50 that goes back, and of
            // 5.00.
            "{'currency':'USD','gmv_local':37.0000,'net_gmv_local':31.9500,"
                + "'commission_local':2.0000,'platform_discount_local':1.5000,"
                + "'shipping_subsidy_local':2.5000,'shipping_margin_local':-2.5000,"
                + "'fulfilment_cost_local':1.0000,'creator_commission_local':1.0000,"
                + "'contribution_local':-4.0000,'gmv_reporting':37.0000,"
                + "'subsidy_rate':0.108108}");
  }

  @Test
  void aLineReversedInPartsGivesBackExactlyTheCommissionItEarned() {
    Dataset<Row> history =
        fold(
                PLACED,
                event(
                    "e1",
                    "placed",
                    t("10:00"),
                    lines(line("A", 3, "3.335", "'commission_rate':0.035"))),
                event("e2", "cancelled", t("11:00"), reversal(named("A", 1))),
                event("e3", "refunded", t("12:00"), amount("1.17")),
                event("e4", "refunded", t("13:00")))
            .history();
    assertThat(Rows.json(history, ORDER_EVENT_ID, COMMISSION_LOCAL))
        .containsExactly(
            "{'order_event_id':'e1','commission_local':0.3500}",
            "{'order_event_id':'e2','commission_local':-0.1200}",
            "{'order_event_id':'e3','commission_local':-0.0400}",
            "{'order_event_id':'e4','commission_local':-0.1900}");
  }

  @Test
  void categoriesAddUpToTheDayAndOrdersOfOtherShopsStandApart() {
    Dataset<Row> movements =
        movements(
            event(
                "e1",
                "placed",
                t("10:00"),
                order("a"),
                lines(line("A", 2, "10.00", SHOES), line("B", 1, "5.00"))),
            event("e2", "refunded", t("13:00"), order("a"), reversal(named("A", 1))),
            event(
                "e3",
                "placed",
                t("10:00"),
                order("x"),
                "'user_id':'u'",
                "'sales_channel':'external','merchant_domain':'shopee.sg'",
                "'merchant_group':'Shopee'",
                lines(line("A", 1, "7.00"))));
    DailySales sales = DailySales.under(PLACED, COMPLETE);
    assertThat(Rows.json(sales.byCategory(movements), CATEGORY, UNITS, GMV_LOCAL, NET_GMV_LOCAL))
        .containsExactly(
            "{'category':'shoes','units':2,'gmv_local':20.0000,'net_gmv_local':10.0000}",
            "{'units':1,'gmv_local':5.0000,'net_gmv_local':5.0000}");
    assertThat(
            Rows.json(
                sales.external(movements),
                MERCHANT_GROUP,
                ORDERS,
                BUYERS,
                UNITS,
                EXTERNAL_GMV_LOCAL,
                NET_EXTERNAL_GMV_REPORTING))
        .containsExactly(
            "{'merchant_group':'Shopee','orders':1,'buyers':1,'units':1,"
                + "'external_gmv_local':7.0000,'net_external_gmv_reporting':7.0000}");
  }

  @Test
  void aRegionShowsItsShareAndTheRestrictionThatHoldsOnTheDate() {
    Reference restricted =
        new Reference(
            REFERENCE.markets(),
            REFERENCE.regionZones(),
            REFERENCE.rates(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                restriction("US-MT", "pending", "2026-01-01", "2026-03-04"),
                restriction("US-MT", "halted", "2026-03-04", null),
                restriction("US-NY", "pending", "2026-03-05", null)));
    Dataset<Row> exposure =
        RegionExposures.of(
            movements(
                event(
                    "e1",
                    "placed",
                    t("10:00"),
                    order("a"),
                    "'region':'US-MT','user_id':'u'",
                    lines(line("A", 1, "3.00", "'creator_id':'c'"))),
                event(
                    "e2",
                    "placed",
                    t("10:00"),
                    order("b"),
                    "'region':'US-NY'",
                    lines(line("A", 1, "5.00"))),
                event("e3", "placed", t("10:00"), order("c"), lines(line("A", 1, "1.00")))),
            COMPLETE,
            PLACED,
            restricted);
    assertThat(
            Rows.json(
                exposure,
                REGION,
                BUYERS,
                CREATORS,
                GMV_REPORTING,
                MARKET_SHARE,
                RESTRICTION,
                RESTRICTION_STATE,
                RESTRICTED_FROM))
        .containsExactly(
            "{'buyers':0,'creators':0,'gmv_reporting':1.0000,'market_share':0.111111}",
            "{'region':'US-MT','buyers':1,'creators':1,'gmv_reporting':3.0000,"
                + "'market_share':0.333333,'restriction':'Ban','restriction_state':'halted',"
                + "'restricted_from':'2026-03-04'}",
            "{'region':'US-NY','buyers':0,'creators':0,'gmv_reporting':5.0000,"
                + "'market_share':0.555556}");
  }

  private static Reference.Restriction restriction(
      String region, String state, String from, String until) {
    return new Reference.Restriction(
        region,
        "Ban",
        state,
        LocalDate.parse(from),
        Optional.ofNullable(until).map(LocalDate::parse),
        "");
  }

  private static final String[] PURCHASES = {
    purchase("a", "u1", "2026-02-27"),
    purchase("b", "u1", "2026-03-04"),
    purchase("c", "u1", "2026-03-04"),
    purchase("d", "u2", "2026-03-04"),
    purchase("e", "u3", "2026-03-04"),
    purchase("f", "u3", "2026-03-06")
  };

  @Test
  void buyersAreNewOnTheirFirstDateAndReturnToTheCohortOfItsMonth() {
    assertThat(
            Rows.json(
                Customers.of(fold(PLACED, PURCHASES).history(), COMPLETE, PLACED),
                GMV_DATE,
                COHORT_MONTH,
                BUYERS,
                NEW_BUYERS,
                RETURNING_BUYERS,
                ORDERS,
                REPEAT_RATE))
        .containsExactly(
            "{'gmv_date':'2026-02-27','cohort_month':'2026-02-01','buyers':1,'new_buyers':1,"
                + "'returning_buyers':0,'orders':1,'repeat_rate':0.000000}",
            "{'gmv_date':'2026-03-04','cohort_month':'2026-02-01','buyers':1,'new_buyers':0,"
                + "'returning_buyers':1,'orders':2,'repeat_rate':0.333333}",
            "{'gmv_date':'2026-03-04','cohort_month':'2026-03-01','buyers':2,'new_buyers':2,"
                + "'returning_buyers':0,'orders':2,'repeat_rate':0.333333}",
            "{'gmv_date':'2026-03-06','cohort_month':'2026-03-01','buyers':1,'new_buyers':0,"
                + "'returning_buyers':1,'orders':1,'repeat_rate':1.000000}");
  }

  @Test
  void aPurchaseThatComesLateReachesTheLaterDatesOfItsBuyerAlone() {
    Dataset<Row> all = fold(PLACED, PURCHASES).history();
    assertThat(
            Rows.json(
                Customers.reachedDates(
                    all.where("entry_date = '2026-03-04' AND user_id <> 'u3'"),
                    all.where("entry_date = '2026-03-04'"),
                    all)))
        .containsExactly("{'gmv_date':'2026-03-06'}");
    assertThat(
            Rows.json(
                Customers.reachedDates(
                    all.where("entry_date = '2026-03-04' AND user_id <> 'u2'"),
                    all.where("entry_date = '2026-03-04'"),
                    all)))
        .isEmpty();
  }

  private static String purchase(String order, String user, String date) {
    return event(
        "e",
        "placed",
        date + "T12:00:00Z",
        order(order),
        "'user_id':'" + user + "'",
        lines(line("A", 1, "10.00")));
  }

  /**
   * One order as told in conf/shoplens.yaml: placed, paid and half refunded a day later; and what
   * is left of it where all of it is refunded.
   */
  @ParameterizedTest
  @CsvSource({
    "NONE, 2026-03-05, 100.0000, 45.0000",
    "PLATFORM, 2026-03-04, 105.0000, 50.0000",
    "PAID_ONLY, 2026-03-05, 113.0000, 58.0000",
    "NET_OF_REFUNDS, 2026-03-05, 113.0000, 58.0000"
  })
  void aPresetCountsTheWorkedOrderAsItsSourceDoes(
      Preset preset, String date, String gmv, String net) {
    Dataset<Row> daily = worked(preset, reversal(named("A", 1)));
    assertThat(Rows.json(daily.where("orders = 1"), GMV_DATE, GMV_LOCAL))
        .containsExactly("{'gmv_date':'" + date + "','gmv_local':" + gmv + "}");
    assertThat(net(daily)).isEqualTo(net);
    assertThat(net(worked(preset))).isEqualTo("0.0000");
  }

  private static Dataset<Row> worked(Preset preset, String... refunded) {
    return daily(
        new GmvSettings(preset.basis(), preset.include(), "USD", 7, Optional.empty()),
        event(
            "e1",
            "placed",
            t("10:00"),
            "'shipping_fee':5.00,'tax':8.00",
            lines(line("A", 2, "50.00", "'seller_discount':10.00"))),
        event("e2", "paid", "2026-03-05T10:00:00Z"),
        event("e3", "refunded", "2026-03-05T11:00:00Z", refunded));
  }

  private static String net(Dataset<Row> daily) {
    return daily.agg(functions.sum(NET_GMV_LOCAL)).first().getDecimal(0).toPlainString();
  }

  /** New York: 23 hours on 8 March 2026, 25 on 1 November. */
  @ParameterizedTest
  @CsvSource({
    "2026-03-08T04:59:59.999999Z, 2026-03-07",
    "2026-03-08T05:00:00Z, 2026-03-08",
    "2026-03-09T03:59:59.999999Z, 2026-03-08",
    "2026-03-09T04:00:00Z, 2026-03-09",
    "2026-11-01T03:59:59.999999Z, 2026-10-31",
    "2026-11-01T04:00:00Z, 2026-11-01",
    "2026-11-02T04:59:59.999999Z, 2026-11-01",
    "2026-11-02T05:00:00Z, 2026-11-02"
  })
  void datesOf23And25HoursBeginAndEndAtMidnightInBothForms(String at, String date) {
    Row event = LocalSpark.session().sql("SELECT TIMESTAMP '" + at + "' AS at").first();
    assertThat(event.getTimestamp(0).toInstant()).isEqualTo(Instant.parse(at));
    assertThat(
            Rows.json(
                LocalSpark.session()
                    .sql("SELECT TIMESTAMP '" + at + "' AS at, 'US' AS market, 'US-NY' AS region")
                    .select(
                        BusinessDates.of(
                                REFERENCE,
                                functions.col("at"),
                                functions.col(MARKET),
                                functions.col(REGION))
                            .as("date"))))
        .containsExactly("{'date':'" + date + "'}");
    Instant instant = Instant.parse(at);
    long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    assertThat(
            MarketDates.date(micros, new MarketDates(REFERENCE).zone("US", "US-NY").orElseThrow()))
        .isEqualTo(date);
  }

  @Test
  void buyersOfAnyDatesAreCountedFromTheirSketchesWhateverTheOrderOfRows() {
    List<Integer> people = new ArrayList<>();
    for (int i = 0; i < 9000; i++) {
      people.add(i);
    }
    List<String> sketches = new ArrayList<>();
    for (int seed = 0; seed < 2; seed++) {
      Collections.shuffle(people, new Random(seed));
      sketches.add(
          Base64.getEncoder()
              .encodeToString(
                  (byte[])
                      LocalSpark.session()
                          .createDataset(people, org.apache.spark.sql.Encoders.INT())
                          .selectExpr("CAST(value AS STRING) AS person_id")
                          .repartition(1 + seed)
                          .agg(functions.theta_sketch_agg(functions.col(PERSON_ID)))
                          .first()
                          .get(0)));
    }
    assertThat(sketches.get(1)).isEqualTo(sketches.get(0));

    DailySales.under(PLACED, COMPLETE)
        .daily(DailyMovements.of(fold(PLACED, PURCHASES).history()))
        .createOrReplaceTempView("daily_gmv_of_sketches");
    assertThat(
            Rows.json(
                LocalSpark.session()
                    .sql(
                        "SELECT sum(buyers) AS days, theta_sketch_estimate(theta_union_agg("
                            + "buyers_sketch)) AS people FROM daily_gmv_of_sketches"
                            + " WHERE gmv_date BETWEEN '2026-02-27' AND '2026-03-06'")))
        .containsExactly("{'days':5,'people':3}");
  }

  private static Dataset<Row> movements(String... events) {
    return DailyMovements.of(fold(PLACED, events).history());
  }
}
