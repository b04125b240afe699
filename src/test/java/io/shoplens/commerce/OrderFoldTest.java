package io.shoplens.commerce;

import static io.shoplens.commerce.Shop.*;
import static io.shoplens.table.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.BusinessDates;
import io.shoplens.config.GmvSettings;
import io.shoplens.config.GmvSettings.Basis;
import io.shoplens.config.GmvSettings.Include;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Orders;
import io.shoplens.testing.Rows;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

class OrderFoldTest {
  private static final String TWO_LINES = lines(line("A", 2, "10.00"), line("B", 1, "5.00"));

  private static final String PLACED_EVENT = event("e1", "placed", t("10:00"), TWO_LINES);
  private static final String PAID_EVENT = event("e2", "paid", t("10:05"));

  @Test
  void theTablesAreAsDeclared() {
    OrderFold.Result result = fold(PAID, PLACED_EVENT, PAID_EVENT);
    assertColumns(result.orders(), Orders.TABLE.schema());
    assertColumns(result.lines(), OrderLines.TABLE.schema());
    assertColumns(result.history(), OrderHistory.TABLE.schema());
  }

  private static void assertColumns(
      Dataset<Row> rows, org.apache.spark.sql.types.StructType declared) {
    assertThat(rows.schema().fields())
        .extracting(field -> field.name() + " " + field.dataType().sql())
        .containsExactly(
            List.of(declared.fields()).stream()
                .map(field -> field.name() + " " + field.dataType().sql())
                .toArray(String[]::new));
  }

  @Test
  void anOrderCarriesWhatItsPlacedEventSaysAndALineItsValue() {
    OrderFold.Result result =
        fold(
            PAID,
            event(
                "e1",
                "placed",
                t("10:00"),
                lines(
                    line(
                        "A",
                        3,
                        "3.335",
                        "'product_id':'p1','category':'shoes','seller_id':'s','creator_id':'c'",
                        "'seller_discount':1.00,'platform_discount':0.50",
                        "'commission_rate':0.05,'creator_commission_rate':0.1")),
                "'region':'US-CA','user_id':'u','device_id':'d'",
                "'shipping_fee':4.99,'shipping_subsidy':2.00,'tax':0.80",
                "'shipping_cost':6.10,'fulfilment_cost':0.70"),
            event("e2", "paid", t("10:05"), "'user_id':'another'"),
            event("e3", "shipped", t("12:00")));
    assertThat(Rows.json(result.orders()))
        .containsExactly(
            "{'order_id':'o','market':'US','region':'US-CA','currency':'USD',"
                + "'sales_channel':'in_app','user_id':'u','device_id':'d',"
                + "'order_at':'2026-03-04T10:00:00.000Z','order_date':'2026-03-04',"
                + "'paid_at':'2026-03-04T10:05:00.000Z','basis_date':'2026-03-04',"
                + "'order_state':'shipped','is_orphan':false,'line_count':1,'units':3,"
                + "'gross_local':10.0100,'seller_discount_local':1.0000,"
                + "'platform_discount_local':0.5000,'shipping_fee_local':4.9900,"
                + "'shipping_subsidy_local':2.0000,'tax_local':0.8000,'gmv_local':10.0100,"
                + "'cancelled_local':0.0000,'refunded_local':0.0000,"
                + "'excess_refund_local':0.0000}");
    assertThat(Rows.json(result.lines()))
        .containsExactly(
            "{'order_id':'o','line_id':'A','market':'US','currency':'USD',"
                + "'sales_channel':'in_app','user_id':'u','device_id':'d',"
                + "'order_at':'2026-03-04T10:00:00.000Z','order_date':'2026-03-04',"
                + "'basis_date':'2026-03-04','product_id':'p1','category':'shoes',"
                + "'seller_id':'s','creator_id':'c','quantity':3,'unit_price':3.335000,"
                + "'gross_local':10.0100,'seller_discount_local':1.0000,"
                + "'platform_discount_local':0.5000,'shipping_fee_local':4.9900,"
                + "'shipping_subsidy_local':2.0000,'tax_local':0.8000,'gmv_local':10.0100,"
                + "'gmv_reporting':10.0100,'commission_rate':0.050000,"
                + "'creator_commission_rate':0.100000}");
    assertThat(Rows.json(result.history()))
        .containsExactly(
            "{'order_id':'o','order_event_id':'e2','line_id':'A','entry':'sale',"
                + "'entry_at':'2026-03-04T10:05:00.000Z','entry_date':'2026-03-04',"
                + "'order_at':'2026-03-04T10:00:00.000Z','market':'US','region':'US-CA',"
                + "'currency':'USD','sales_channel':'in_app','user_id':'u','device_id':'d',"
                + "'product_id':'p1','category':'shoes','seller_id':'s','creator_id':'c',"
                + "'is_linked':true,'units':3,'gross_local':10.0100,"
                + "'seller_discount_local':1.0000,'platform_discount_local':0.5000,"
                + "'shipping_fee_local':4.9900,'shipping_subsidy_local':2.0000,"
                + "'tax_local':0.8000,'gmv_local':10.0100,'gross_reporting':10.0100,"
                + "'seller_discount_reporting':1.0000,'platform_discount_reporting':0.5000,"
                + "'shipping_fee_reporting':4.9900,'shipping_subsidy_reporting':2.0000,"
                + "'tax_reporting':0.8000,'gmv_reporting':10.0100,'commission_local':0.4500,"
                + "'creator_commission_local':0.9000,'shipping_cost_local':6.1000,"
                + "'fulfilment_cost_local':0.7000,'commission_reporting':0.4500,"
                + "'creator_commission_reporting':0.9000,'shipping_cost_reporting':6.1000,"
                + "'fulfilment_cost_reporting':0.7000,'is_rate_missing':false}");
  }

  @Test
  void aPaidOrderEntersOnTheDateOfItsFirstPayment() {
    String later = event("e3", "paid", "2026-03-06T10:00:00Z");
    String first = event("e2", "paid", "2026-03-05T10:00:00Z");
    assertThat(sales(PAID, PLACED_EVENT, later, first))
        .containsExactly(
            "{'order_event_id':'e2','line_id':'A','entry_date':'2026-03-05','gmv_local':20.0000}",
            "{'order_event_id':'e2','line_id':'B','entry_date':'2026-03-05','gmv_local':5.0000}");
  }

  @Test
  void underThePlacedBasisAnOrderEntersWhenItIsFirstPlaced() {
    String again = event("e0", "placed", t("10:30"), lines(line("A", 9, "99.00")));
    assertThat(sales(PLACED, again, PAID_EVENT, PLACED_EVENT))
        .containsExactly(
            "{'order_event_id':'e1','line_id':'A','entry_date':'2026-03-04','gmv_local':20.0000}",
            "{'order_event_id':'e1','line_id':'B','entry_date':'2026-03-04','gmv_local':5.0000}");
  }

  @Test
  void anOrderThatIsNotPaidIsNotInThePaidBasis() {
    OrderFold.Result result = fold(PAID, PLACED_EVENT, event("e3", "cancelled", t("11:00")));
    assertThat(Rows.json(result.history())).isEmpty();
    assertThat(Rows.json(result.orders(), ORDER_STATE, BASIS_DATE, GMV_LOCAL, CANCELLED_LOCAL))
        .containsExactly(
            "{'order_state':'cancelled','gmv_local':25.0000,'cancelled_local':25.0000}");
  }

  @Test
  void whatWasCancelledBeforeThePaymentCountsOnTheBasisDate() {
    assertThat(
            reversals(
                PLACED_EVENT,
                event("e2", "cancelled", t("11:00"), reversal(named("B", 1))),
                event("e3", "paid", "2026-03-06T10:00:00Z")))
        .containsExactly(
            "{'order_event_id':'e2','line_id':'B','entry':'cancelled',"
                + "'entry_date':'2026-03-06','units':1,'reversed_local':5.0000}");
  }

  @Test
  void anOrderPaidAgainAfterItsCancellationIsPaidAndStaysCancelled() {
    OrderFold.Result result =
        fold(
            PAID,
            PLACED_EVENT,
            PAID_EVENT,
            event("e3", "cancelled", t("11:00")),
            event("e4", "paid", t("12:00")));
    assertThat(Rows.json(result.orders(), ORDER_STATE, PAID_AT, GMV_LOCAL, CANCELLED_LOCAL))
        .containsExactly(
            "{'order_state':'paid','paid_at':'2026-03-04T10:05:00.000Z',"
                + "'gmv_local':25.0000,'cancelled_local':25.0000}");
  }

  @Test
  void anOrderOfAMarketThatIsNotConfiguredHasNoDatesAndMovesNothing() {
    OrderFold.Result result =
        fold(
            PLACED,
            event("e1", "placed", t("10:00"), TWO_LINES, "'market':'ZZ'"),
            event("e2", "refunded", t("11:00"), amount("99.00"), "'market':'ZZ'"));
    assertThat(Rows.json(result.history())).isEmpty();
    assertThat(Rows.json(result.orders(), MARKET, ORDER_DATE, BASIS_DATE, GMV_LOCAL))
        .containsExactly("{'market':'ZZ','gmv_local':25.0000}");
  }

  @Test
  void aSpringDateHas23HoursAndAnAutumnDate25() {
    assertThat(
            dates(
                "2026-03-08T04:59:59.999999Z",
                "2026-03-08T05:00:00Z",
                "2026-03-09T03:59:59.999999Z",
                "2026-03-09T04:00:00Z",
                "2026-11-01T03:59:59.999999Z",
                "2026-11-01T04:00:00Z",
                "2026-11-02T04:59:59.999999Z",
                "2026-11-02T05:00:00Z"))
        .containsExactly(
            "{'order_id':'o0','entry_date':'2026-03-07'}",
            "{'order_id':'o1','entry_date':'2026-03-08'}",
            "{'order_id':'o2','entry_date':'2026-03-08'}",
            "{'order_id':'o3','entry_date':'2026-03-09'}",
            "{'order_id':'o4','entry_date':'2026-10-31'}",
            "{'order_id':'o5','entry_date':'2026-11-01'}",
            "{'order_id':'o6','entry_date':'2026-11-01'}",
            "{'order_id':'o7','entry_date':'2026-11-02'}");
  }

  private static List<String> dates(String... instants) {
    String[] events = new String[instants.length];
    for (int i = 0; i < instants.length; i++) {
      events[i] = event("e" + i, "placed", instants[i], order("o" + i), lines(line("A", 1, "1")));
    }
    OrderFold.Result result = fold(PLACED, events);
    List<String> dates = Rows.json(result.history(), ORDER_ID, ENTRY_DATE);
    assertThat(datesByColumn(result)).isEqualTo(dates);
    return dates;
  }

  @Test
  void aRegionWithAZoneOfItsOwnHasItsOwnDates() {
    String placed = lines(line("A", 1, "1"));
    OrderFold.Result result =
        fold(
            PLACED,
            event("e1", "placed", t("07:59"), order("o1"), placed, "'region':'US-CA'"),
            event("e2", "placed", t("07:59"), order("o2"), placed, "'region':'US-NY'"),
            event("e3", "placed", t("08:00"), order("o3"), placed, "'region':'US-CA'"),
            event(
                "e4", "placed", t("15:30"), order("o4"), placed, "'region':'ID-PA','market':'ID'"),
            event("e5", "placed", t("15:30"), order("o5"), placed, "'market':'ID'"));
    assertThat(Rows.json(result.history(), ORDER_ID, ENTRY_DATE))
        .containsExactly(
            "{'order_id':'o1','entry_date':'2026-03-03'}",
            "{'order_id':'o2','entry_date':'2026-03-04'}",
            "{'order_id':'o3','entry_date':'2026-03-04'}",
            "{'order_id':'o4','entry_date':'2026-03-05'}",
            "{'order_id':'o5','entry_date':'2026-03-04'}");
    assertThat(datesByColumn(result)).isEqualTo(Rows.json(result.history(), ORDER_ID, ENTRY_DATE));
  }

  /** The dates of sales as the Column form of the rule has them. */
  private static List<String> datesByColumn(OrderFold.Result result) {
    return Rows.json(
        result
            .history()
            .select(
                functions.col(ORDER_ID),
                BusinessDates.of(
                        REFERENCE,
                        functions.col(ENTRY_AT),
                        functions.col(MARKET),
                        functions.col(REGION))
                    .as(ENTRY_DATE)));
  }

  @Test
  void aRefundByLineAndQuantityTakesItsShareOfWhatRemains() {
    String placed =
        event("e1", "placed", t("10:00"), lines(line("A", 3, "3.34", "'seller_discount':0.01")));
    assertThat(
            reversals(
                placed,
                PAID_EVENT,
                event("e3", "refunded", t("11:00"), reversal(named("A", 1))),
                event("e4", "refunded", "2026-03-06T11:00:00Z", reversal(named("A", 2)))))
        .containsExactly(
            "{'order_event_id':'e3','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':3.3400}",
            "{'order_event_id':'e4','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-06','units':2,'reversed_local':6.6700}");
  }

  @Test
  void aRefundedAmountIsSpreadOverLinesThenShippingThenTax() {
    String placed = event("e1", "placed", t("10:00"), TWO_LINES, "'shipping_fee':3.00,'tax':2.00");
    assertThat(
            reversals(
                placed,
                PAID_EVENT,
                event("e3", "refunded", t("11:00"), amount("10.01")),
                event("e4", "refunded", t("12:00"), amount("21.00"))))
        .containsExactly(
            "{'order_event_id':'e3','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':8.0100}",
            "{'order_event_id':'e3','line_id':'B','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':2.0000}",
            "{'order_event_id':'e4','entry':'adjustment',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':5.0000}",
            "{'order_event_id':'e4','entry':'excess_refund',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':1.0100}",
            "{'order_event_id':'e4','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':11.9900}",
            "{'order_event_id':'e4','line_id':'B','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':3.0000}");
  }

  @Test
  void refundedShippingIsTakenOffTheLinesThatItWasSoldWithWhereItCountsInGmv() {
    assertThat(
            reversals(
                fold(
                    Shop.settings(Basis.PAID, Include.SHIPPING),
                    event("e1", "placed", t("10:00"), TWO_LINES, "'shipping_fee':3.00,'tax':2.00"),
                    PAID_EVENT,
                    event("e3", "refunded", t("11:00"), amount("26.00")),
                    event("e4", "cancelled", t("12:00")))))
        .containsExactly(
            "{'order_event_id':'e3','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':20.8000}",
            "{'order_event_id':'e3','line_id':'B','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':5.2000}",
            "{'order_event_id':'e4','entry':'adjustment',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':2.0000}",
            "{'order_event_id':'e4','line_id':'A','entry':'cancelled',"
                + "'entry_date':'2026-03-04','units':2,'reversed_local':1.6000}",
            "{'order_event_id':'e4','line_id':'B','entry':'cancelled',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':0.4000}");
  }

  @Test
  void aRefundAfterAPartialCancellationTakesAllThatRemains() {
    OrderFold.Result result =
        fold(
            PAID,
            event("e4", "refunded", t("12:00")),
            event("e3", "cancelled", t("11:00"), reversal(named("A", 1))),
            PAID_EVENT,
            event("e1", "placed", t("10:00"), TWO_LINES, "'shipping_fee':3.00"));
    assertThat(reversals(result))
        .containsExactly(
            "{'order_event_id':'e3','line_id':'A','entry':'cancelled',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':10.0000}",
            "{'order_event_id':'e4','entry':'adjustment',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':3.0000}",
            "{'order_event_id':'e4','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':10.0000}",
            "{'order_event_id':'e4','line_id':'B','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':5.0000}");
    assertThat(Rows.json(result.orders(), ORDER_STATE, CANCELLED_LOCAL, REFUNDED_LOCAL))
        .containsExactly(
            "{'order_state':'refunded','cancelled_local':10.0000,'refunded_local':15.0000}");
  }

  @Test
  void aCancellationAfterAPartialRefundByAmountTakesTheRest() {
    assertThat(
            reversals(
                event("e1", "placed", t("10:00"), lines(line("A", 2, "10.00"))),
                PAID_EVENT,
                event("e3", "refunded", t("11:00"), amount("3.01")),
                event("e4", "cancelled", t("12:00"), reversal(named("A", 1))),
                event("e5", "cancelled", t("13:00"))))
        .containsExactly(
            "{'order_event_id':'e3','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':3.0100}",
            "{'order_event_id':'e4','line_id':'A','entry':'cancelled',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':8.5000}",
            "{'order_event_id':'e5','line_id':'A','entry':'cancelled',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':8.4900}");
  }

  @Test
  void unitsBeyondTheLineAndLinesBeyondTheOrderAreExcess() {
    OrderFold.Result result =
        fold(
            PAID,
            PLACED_EVENT,
            PAID_EVENT,
            event("e3", "refunded", t("11:00"), reversal(named("A", 3))),
            event("e4", "refunded", t("12:00"), reversal(line("Z", 2, "1.50"), named("Y", 1))));
    assertThat(reversals(result))
        .containsExactly(
            "{'order_event_id':'e3','entry':'excess_refund',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':10.0000}",
            "{'order_event_id':'e3','line_id':'A','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':2,'reversed_local':20.0000}",
            "{'order_event_id':'e4','entry':'excess_refund',"
                + "'entry_date':'2026-03-04','units':3,'reversed_local':3.0000}");
    assertThat(Rows.json(result.orders(), REFUNDED_LOCAL, EXCESS_REFUND_LOCAL))
        .containsExactly("{'refunded_local':20.0000,'excess_refund_local':13.0000}");
  }

  @Test
  void aCreditNoteOfAnUnknownOrderIsRefundedOnItsOwnDate() {
    OrderFold.Result result =
        fold(
            PAID,
            event(
                "c1",
                "refunded",
                t("11:00"),
                reversal(
                    line("1", 2, "4.005", "'product_id':'p','category':'shoes'"),
                    line("2", 1, "5.00", "'seller_discount':1.00"),
                    named("3", 1))));
    assertThat(
            Rows.json(
                result.history(),
                LINE_ID,
                ENTRY,
                ENTRY_DATE,
                PRODUCT_ID,
                CATEGORY,
                IS_LINKED,
                UNITS,
                REVERSED_LOCAL))
        .containsExactly(
            "{'line_id':'1','entry':'refunded','entry_date':'2026-03-04','product_id':'p',"
                + "'category':'shoes','is_linked':false,'units':2,'reversed_local':8.0100}",
            "{'line_id':'2','entry':'refunded','entry_date':'2026-03-04',"
                + "'is_linked':false,'units':1,'reversed_local':4.0000}");
    assertThat(Rows.json(result.orders(), ORDER_STATE, IS_ORPHAN, GMV_LOCAL, REFUNDED_LOCAL))
        .containsExactly(
            "{'order_state':'refunded','is_orphan':true,'gmv_local':0.0000,"
                + "'refunded_local':12.0100}");
  }

  @Test
  void aCancellationOfAnUnknownOrderIsNoRefund() {
    OrderFold.Result result =
        fold(PAID, event("c1", "cancelled", t("11:00"), reversal(line("1", 1, "10.00"))));
    assertThat(Rows.json(result.history())).isEmpty();
    assertThat(Rows.json(result.orders(), ORDER_STATE, IS_ORPHAN, CANCELLED_LOCAL, REFUNDED_LOCAL))
        .containsExactly(
            "{'order_state':'cancelled','is_orphan':true,'cancelled_local':0.0000,"
                + "'refunded_local':0.0000}");
  }

  @Test
  void anOrderNeverPlacedIsAnOrphanUntilItArrives() {
    String refund = event("e3", "refunded", t("11:00"), reversal(named("B", 1)));
    OrderFold.Result before = fold(PAID, PAID_EVENT, refund);
    assertThat(Rows.json(before.history())).isEmpty();
    assertThat(Rows.json(before.orders(), ORDER_AT, ORDER_STATE, IS_ORPHAN, BASIS_DATE))
        .containsExactly(
            "{'order_at':'2026-03-04T10:05:00.000Z','order_state':'refunded','is_orphan':true}");
    OrderFold.Result after = fold(PAID, PAID_EVENT, refund, PLACED_EVENT);
    assertThat(Rows.json(after.orders(), ORDER_AT, ORDER_STATE, IS_ORPHAN, BASIS_DATE))
        .containsExactly(
            "{'order_at':'2026-03-04T10:00:00.000Z','order_state':'refunded','is_orphan':false,"
                + "'basis_date':'2026-03-04'}");
    assertThat(reversals(after))
        .containsExactly(
            "{'order_event_id':'e3','line_id':'B','entry':'refunded',"
                + "'entry_date':'2026-03-04','units':1,'reversed_local':5.0000}");
  }

  @Test
  void anAdjustmentStandsApart() {
    OrderFold.Result result =
        fold(PAID, PLACED_EVENT, PAID_EVENT, event("e3", "adjusted", t("12:00"), amount("7.50")));
    assertThat(reversals(result))
        .containsExactly(
            "{'order_event_id':'e3','entry':'adjustment',"
                + "'entry_date':'2026-03-04','units':0,'reversed_local':7.5000}");
    assertThat(Rows.json(result.orders(), ORDER_STATE, REFUNDED_LOCAL))
        .containsExactly("{'order_state':'paid','refunded_local':0.0000}");
  }

  @Test
  void aReversalInAnotherCurrencyIsFlaggedAndNotCounted() {
    OrderFold.Result result =
        fold(
            PAID,
            PLACED_EVENT,
            PAID_EVENT,
            event("e3", "refunded", t("12:00"), amount("8.00"), "'currency':'GBP'"),
            event("e4", "cancelled", t("13:00"), "'currency':'GBP'"));
    assertThat(
            Rows.json(
                result.history().filter("entry <> 'sale'"),
                ORDER_EVENT_ID,
                ENTRY,
                CURRENCY,
                REVERSED_LOCAL,
                REVERSED_REPORTING))
        .containsExactly(
            "{'order_event_id':'e3','entry':'other_currency','currency':'GBP',"
                + "'reversed_local':8.0000,'reversed_reporting':12.0000}",
            "{'order_event_id':'e4','entry':'other_currency','currency':'GBP',"
                + "'reversed_local':0.0000,'reversed_reporting':0.0000}");
    assertThat(Rows.json(result.orders(), ORDER_STATE, REFUNDED_LOCAL, CANCELLED_LOCAL))
        .containsExactly("{'order_state':'paid','refunded_local':0.0000,'cancelled_local':0.0000}");
  }

  @Test
  void aCostCountsByTheFirstEventThatGivesItWhateverItsKind() {
    OrderFold.Result result =
        fold(
            PAID,
            event("e6", "refunded", t("14:00"), amount("1.00"), "'fulfilment_cost':3.00"),
            event("e5", "delivered", t("13:00"), "'shipping_cost':9.00"),
            event("e4", "shipped", t("12:00"), "'shipping_cost':7.00,'shipping_subsidy':2.50"),
            event("e3", "shipped", t("11:00"), "'shipping_cost':8.00,'currency':'EUR'"),
            PAID_EVENT,
            event(
                "e1",
                "placed",
                t("10:00"),
                lines(line("A", 1, "10.00")),
                "'shipping_fee':4.00,'shipping_subsidy':1.00"));
    assertThat(
            Rows.json(
                result.history().filter("entry = 'sale'"),
                ORDER_EVENT_ID,
                SHIPPING_FEE_LOCAL,
                SHIPPING_SUBSIDY_LOCAL,
                SHIPPING_COST_LOCAL,
                FULFILMENT_COST_LOCAL))
        .containsExactly(
            "{'order_event_id':'e2','shipping_fee_local':4.0000,"
                + "'shipping_subsidy_local':1.0000,'shipping_cost_local':7.0000,"
                + "'fulfilment_cost_local':3.0000}");
  }

  @Test
  void aPaymentInAnotherCurrencyIsFlaggedAndPutsNoOrderIntoTheBasis() {
    OrderFold.Result result =
        fold(
            PAID,
            event("e0", "placed", t("11:00"), TWO_LINES, "'currency':'EUR'"),
            PLACED_EVENT,
            event("e2", "paid", t("10:05"), "'currency':'EUR'"),
            event("e3", "paid", t("10:06"), "'currency':'EUR'"),
            event("e4", "delivered", t("12:00"), "'currency':'EUR'"));
    assertThat(
            Rows.json(result.history(), ORDER_EVENT_ID, ENTRY, CURRENCY, ENTRY_AT, REVERSED_LOCAL))
        .containsExactly(
            "{'order_event_id':'e0','entry':'other_currency','currency':'EUR',"
                + "'entry_at':'2026-03-04T11:00:00.000Z','reversed_local':0.0000}",
            "{'order_event_id':'e2','entry':'other_currency','currency':'EUR',"
                + "'entry_at':'2026-03-04T10:05:00.000Z','reversed_local':0.0000}",
            "{'order_event_id':'e4','entry':'other_currency','currency':'EUR',"
                + "'entry_at':'2026-03-04T12:00:00.000Z','reversed_local':0.0000}");
    assertThat(Rows.json(result.orders(), CURRENCY, PAID_AT, BASIS_DATE, ORDER_STATE))
        .containsExactly("{'currency':'USD','order_state':'placed'}");
    assertThat(
            sales(
                PAID,
                PLACED_EVENT,
                event("e2", "paid", t("10:05"), "'currency':'EUR'"),
                event("e3", "paid", "2026-03-05T10:00:00Z")))
        .extracting(row -> row.contains("'entry_date':'2026-03-05'"))
        .containsExactly(true, true);
  }

  @Test
  void shippingAndTaxAreSplitByNetLineValueAndCountOnlyWhereIncluded() {
    String placed =
        event(
            "e1",
            "placed",
            t("10:00"),
            lines(
                line("B", 1, "10.00"),
                line("A", 1, "20.00", "'seller_discount':10.00"),
                line("C", 1, "10.00")),
            "'shipping_fee':1.00,'shipping_subsidy':0.02,'tax':0.50");
    for (GmvSettings settings :
        List.of(PLACED, Shop.settings(Basis.PLACED, Include.SHIPPING, Include.TAX))) {
      boolean isIncluded = settings.include().contains(Include.TAX);
      assertThat(
              Rows.json(
                  fold(settings, placed).history(),
                  LINE_ID,
                  SHIPPING_FEE_LOCAL,
                  SHIPPING_SUBSIDY_LOCAL,
                  TAX_LOCAL,
                  GMV_LOCAL,
                  GMV_REPORTING))
          .containsExactly(
              "{'line_id':'A','shipping_fee_local':0.3400,'shipping_subsidy_local':0.0100,"
                  + (isIncluded
                      ? "'tax_local':0.1700,'gmv_local':20.5100,'gmv_reporting':20.5100}"
                      : "'tax_local':0.1700,'gmv_local':20.0000,'gmv_reporting':20.0000}"),
              "{'line_id':'B','shipping_fee_local':0.3300,'shipping_subsidy_local':0.0100,"
                  + (isIncluded
                      ? "'tax_local':0.1700,'gmv_local':10.5000,'gmv_reporting':10.5000}"
                      : "'tax_local':0.1700,'gmv_local':10.0000,'gmv_reporting':10.0000}"),
              "{'line_id':'C','shipping_fee_local':0.3300,'shipping_subsidy_local':0.0000,"
                  + (isIncluded
                      ? "'tax_local':0.1600,'gmv_local':10.4900,'gmv_reporting':10.4900}"
                      : "'tax_local':0.1600,'gmv_local':10.0000,'gmv_reporting':10.0000}"));
    }
  }

  @Test
  void amountsAreConvertedAtTheRateOfTheirOwnDate() {
    String pounds = "'market':'GB','currency':'GBP'";
    assertThat(
            Rows.json(
                fold(
                        PAID,
                        event("e1", "placed", t("10:00"), lines(line("A", 1, "10.01")), pounds),
                        event("e2", "paid", t("10:05"), pounds),
                        event("e3", "refunded", "2026-03-06T10:00:00Z", pounds))
                    .history(),
                ENTRY,
                GMV_REPORTING,
                REVERSED_REPORTING,
                FX_EFFECT_REPORTING,
                IS_RATE_MISSING))
        .containsExactly(
            "{'entry':'refunded','reversed_reporting':12.5100,'fx_effect_reporting':2.5100,"
                + "'is_rate_missing':false}",
            "{'entry':'sale','gmv_reporting':15.0200,'is_rate_missing':false}");
  }

  @Test
  void aRateIsCarriedForSevenDaysAndNotForEight() {
    String yen = "'market':'JP','currency':'JPY'";
    OrderFold.Result result =
        Shop.fold(
            PLACED,
            event(
                "e1",
                "placed",
                "2026-03-09T12:00:00Z",
                order("a"),
                lines(line("A", 1, "900")),
                yen),
            event(
                "e2",
                "placed",
                "2026-03-10T12:00:00Z",
                order("b"),
                lines(line("A", 1, "900")),
                yen));
    assertThat(Rows.json(result.history(), ENTRY_DATE, GMV_LOCAL, GMV_REPORTING, IS_RATE_MISSING))
        .containsExactly(
            "{'entry_date':'2026-03-09','gmv_local':900.0000,'gmv_reporting':5.5000,"
                + "'is_rate_missing':false}",
            "{'entry_date':'2026-03-10','gmv_local':900.0000,'is_rate_missing':true}");
    assertThat(Rows.json(result.lines(), ORDER_ID, GMV_REPORTING))
        .containsExactly("{'order_id':'a','gmv_reporting':5.5000}", "{'order_id':'b'}");
  }

  @Test
  void valuesAreRoundedOnceToTheDigitsOfTheirCurrency() {
    String price = lines(line("A", 3, "33.1665"));
    assertThat(
            Rows.json(
                fold(
                        PLACED,
                        event("e1", "placed", t("10:00"), order("jpy"), price, "'currency':'JPY'"),
                        event("e1", "placed", t("10:00"), order("idr"), price, "'currency':'IDR'"),
                        event("e1", "placed", t("10:00"), order("kwd"), price, "'currency':'KWD'"))
                    .history(),
                CURRENCY,
                GROSS_LOCAL,
                GROSS_REPORTING))
        .containsExactly(
            "{'currency':'IDR','gross_local':99.5000,'gross_reporting':0.0100}",
            "{'currency':'JPY','gross_local':99.0000,'gross_reporting':0.6600}",
            "{'currency':'KWD','gross_local':99.5000,'gross_reporting':331.6700}");
  }

  @Test
  void theRecordsOfOneEventAtLineGrainMakeOneEventAtTheirEarliestInstant() {
    OrderFold.Result result =
        fold(
            PLACED,
            event("e1", "placed", t("10:02"), "'record_id':'r3'", lines(line("B", 1, "5.00"))),
            event("e2", "refunded", t("10:01"), reversal(named("B", 1))),
            event(
                "e1",
                "placed",
                t("10:00"),
                "'record_id':'r2','user_id':'u','tax':1.00",
                lines(line("A", 2, "10.00"))),
            event("e1", "placed", t("10:00"), "'record_id':'r1'", lines(line("C", 1, "1.00"))));
    assertThat(Rows.json(result.orders(), ORDER_AT, USER_ID, LINE_COUNT, GMV_LOCAL, TAX_LOCAL))
        .containsExactly(
            "{'order_at':'2026-03-04T10:00:00.000Z','user_id':'u','line_count':3,"
                + "'gmv_local':26.0000,'tax_local':1.0000}");
    assertThat(Rows.json(result.history(), LINE_ID, ENTRY, UNITS, REVERSED_LOCAL, TAX_LOCAL))
        .containsExactly(
            "{'line_id':'A','entry':'sale','units':2,'tax_local':0.7700}",
            "{'line_id':'B','entry':'refunded','units':1,'reversed_local':5.0000}",
            "{'line_id':'B','entry':'sale','units':1,'tax_local':0.1900}",
            "{'line_id':'C','entry':'sale','units':1,'tax_local':0.0400}");
  }

  @Test
  void aRecordInAnotherCurrencyThanItsEventsFirstIsFlaggedAndNotCounted() {
    OrderFold.Result result =
        fold(
            PAID,
            record("r2", "placed", "JPY", lines(line("B", 1, "5000"))),
            record("r3", "placed", "USD", lines(line("C", 1, "2.00"))),
            record("r1", "placed", "USD", lines(line("A", 1, "10.00"))),
            record("r5", "paid", "JPY"),
            record("r4", "paid", "USD"));
    assertThat(Rows.json(result.orders(), CURRENCY, LINE_COUNT, GMV_LOCAL))
        .containsExactly("{'currency':'USD','line_count':2,'gmv_local':12.0000}");
    assertThat(Rows.json(result.history(), ORDER_EVENT_ID, LINE_ID, ENTRY, CURRENCY, GMV_REPORTING))
        .containsExactly(
            "{'order_event_id':'e1','entry':'other_currency','currency':'JPY'}",
            "{'order_event_id':'e1','line_id':'A','entry':'sale','currency':'USD',"
                + "'gmv_reporting':10.0000}",
            "{'order_event_id':'e1','line_id':'C','entry':'sale','currency':'USD',"
                + "'gmv_reporting':2.0000}");
  }

  @Test
  void ofRecordsAtOneInstantTheFirstByItsIdSaysTheCurrencyOfTheOrder() {
    OrderFold.Result result =
        fold(
            PLACED,
            record("r2", "placed", "JPY", lines(line("B", 1, "5000"))),
            record("r1", "placed", "USD", lines(line("A", 1, "10.00"))),
            record("r0", "placed", "USD", "'order_id':'later'", lines(line("A", 1, "10.00"))),
            record("q9", "placed", "JPY", "'order_id':'later'", lines(line("B", 1, "5000"))));
    assertThat(Rows.json(result.orders(), ORDER_ID, CURRENCY, GMV_LOCAL))
        .containsExactly(
            "{'order_id':'later','currency':'JPY','gmv_local':5000.0000}",
            "{'order_id':'o','currency':'USD','gmv_local':10.0000}");
  }

  @Test
  void amountsOfOneReversalInSeveralCurrenciesAreNotAddedUp() {
    OrderFold.Result result =
        fold(
            PAID,
            PLACED_EVENT,
            PAID_EVENT,
            event("e3", "refunded", t("12:00"), "'record_id':'r2','currency':'GBP'", amount("4")),
            event("e3", "refunded", t("12:00"), "'record_id':'r3'", amount("1.00")),
            event("e3", "refunded", t("12:00"), "'record_id':'r1','currency':'JPY'", amount("90")));
    assertThat(
            Rows.json(
                result.history().filter("entry = 'other_currency'"), CURRENCY, REVERSED_LOCAL))
        .containsExactly(
            "{'currency':'GBP','reversed_local':4.0000}",
            "{'currency':'JPY','reversed_local':90.0000}");
    assertThat(Rows.json(result.orders(), CURRENCY, REFUNDED_LOCAL))
        .containsExactly("{'currency':'USD','refunded_local':1.0000}");
  }

  /** One of the records of an event at line grain, all at the same instant. */
  private static String record(String recordId, String kind, String currency, String... fields) {
    String own = "'record_id':'%s','currency':'%s'".formatted(recordId, currency);
    return event(
        "e1",
        kind,
        t("10:00"),
        Stream.concat(Stream.of(own), Stream.of(fields)).toArray(String[]::new));
  }

  @Test
  void linesWithoutAnIdOrWithARepeatedOneAreToldApart() {
    assertThat(
            Rows.json(
                fold(
                        PLACED,
                        event(
                            "e1",
                            "placed",
                            t("10:00"),
                            lines(
                                line("A", 1, "1.00"),
                                line("A", 1, "2.00"),
                                "{'quantity':1,'unit_price':3.00}")))
                    .lines(),
                LINE_ID,
                GROSS_LOCAL))
        .containsExactly(
            "{'line_id':'3','gross_local':3.0000}",
            "{'line_id':'A#2','gross_local':2.0000}",
            "{'line_id':'A','gross_local':1.0000}");
  }

  private static List<String> sales(GmvSettings settings, String... events) {
    return Rows.json(
        fold(settings, events).history().filter("entry = 'sale'"),
        ORDER_EVENT_ID,
        LINE_ID,
        ENTRY_DATE,
        GMV_LOCAL);
  }

  private static List<String> reversals(String... events) {
    return reversals(fold(PAID, events));
  }

  private static List<String> reversals(OrderFold.Result result) {
    return Rows.json(
        result.history().filter("entry <> 'sale'"),
        ORDER_EVENT_ID,
        LINE_ID,
        ENTRY,
        ENTRY_DATE,
        UNITS,
        REVERSED_LOCAL);
  }
}
