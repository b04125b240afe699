package io.shoplens.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.AttributionSettings.Model;
import io.shoplens.table.AttributionCredits;
import io.shoplens.table.DailyAttribution;
import io.shoplens.table.DailyEconomics;
import io.shoplens.table.DailyExternalGmv;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.DailyGmvCategory;
import io.shoplens.table.Leaks;
import io.shoplens.table.Ledger;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Orders;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Table;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.Rows;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class InvariantsTest {
  private static final String SALE =
      "'order_id':'o','order_event_id':'e','line_id':'1','entry':'sale'";
  private static final String LAST = ",'model':'last_touch','touch_set':'all'";
  private static final List<Model> ONE = List.of(Model.LAST_TOUCH);
  private static final List<Model> TWO = List.of(Model.LAST_TOUCH, Model.LINEAR);
  private static final String DAY = "'market':'US','gmv_date':'2026-03-02','currency':'USD'";

  @Test
  void aFileWithARecordUnaccountedForIsFound() {
    assertThat(
            verdict(
                Invariants.filesBalance(
                    Rows.of(
                        Ledger.TABLE,
                        "{'path':'good','records':3,'accepted':1,'duplicate':1,'rejected':1,'blank':0}",
                        "{'path':'bad','records':3,'accepted':1,'duplicate':1,'rejected':0,'blank':0}",
                        "{'path':'planned'}"))))
        .isEqualTo("2 examined, 1 broken: bad");
  }

  @Test
  void creditsThatAreACentShortAreFound() {
    Dataset<Row> history = sold();

    assertThat(
            verdict(Invariants.creditsAddUp(credits(credit(SALE, "10.00", "10.00")), history, ONE)))
        .isEqualTo("2 examined, 0 broken");
    assertThat(
            verdict(Invariants.creditsAddUp(credits(credit(SALE, "9.99", "9.99")), history, ONE)))
        .isEqualTo("2 examined, 2 broken: o e 1 sale last_touch all");
    assertThat(
            verdict(Invariants.creditsAddUp(credits(credit(SALE, "10.00", "9.99")), history, ONE)))
        .isEqualTo("2 examined, 2 broken: o e 1 sale last_touch all");
  }

  @Test
  void aMovementWithoutCreditsAndCreditsWithoutAMovementAreFound() {
    String other = credit(SALE.replace("'o'", "'other'"), "1.00", "1.00");

    assertThat(verdict(Invariants.creditsAddUp(credits(other), sold(), ONE)))
        .isEqualTo("4 examined, 4 broken: o e 1 sale last_touch all");
  }

  @Test
  void aModelOrATouchSetThatIsMissingIsFoundAndSoAreAllCredits() {
    String whole = credit(SALE, "10.00", "10.00");

    assertThat(verdict(Invariants.creditsAddUp(credits(whole), sold(), TWO)))
        .isEqualTo("4 examined, 2 broken: o e 1 sale linear all");
    assertThat(
            verdict(Invariants.creditsAddUp(Rows.of(AttributionCredits.TABLE, whole), sold(), ONE)))
        .isEqualTo("2 examined, 1 broken: o e 1 sale last_touch entry");
    assertThat(verdict(Invariants.creditsAddUp(credits(), sold(), ONE)))
        .isEqualTo("2 examined, 2 broken: o e 1 sale last_touch all");
  }

  @Test
  void reversalsHaveToTakeBackTheirAmount() {
    String refund = SALE.replace("sale", "refunded");
    Dataset<Row> history =
        Rows.of(
            OrderHistory.TABLE,
            "{" + refund + ",'reversed_local':4.00,'reversed_reporting':4.00,'is_linked':true}");

    assertThat(
            verdict(Invariants.creditsAddUp(credits(credit(refund, "0", "-4.00")), history, ONE)))
        .isEqualTo("2 examined, 0 broken");
    assertThat(verdict(Invariants.creditsAddUp(credits(credit(refund, "0", "4.00")), history, ONE)))
        .isEqualTo("2 examined, 2 broken: o e 1 refunded last_touch all");
  }

  @Test
  void dailyCreditsThatDifferFromGmvAreFound() {
    Dataset<Row> gmv =
        Rows.of(DailyGmv.TABLE, "{" + DAY + ",'gmv_local':10.00,'gmv_reporting':10.00}");

    assertThat(verdict(Invariants.dailyCreditsMatchGmv(daily("10.00"), gmv, ONE)))
        .isEqualTo("2 examined, 0 broken");
    assertThat(verdict(Invariants.dailyCreditsMatchGmv(daily("10.01"), gmv, ONE)))
        .isEqualTo("2 examined, 2 broken: US 2026-03-02 USD last_touch all");
    assertThat(verdict(Invariants.dailyCreditsMatchGmv(daily("10.00"), gmv, TWO)))
        .isEqualTo("4 examined, 2 broken: US 2026-03-02 USD linear all");
    assertThat(verdict(Invariants.dailyCreditsMatchGmv(Rows.of(DailyAttribution.TABLE), gmv, ONE)))
        .isEqualTo("2 examined, 2 broken: US 2026-03-02 USD last_touch all");
  }

  @Test
  void netHasToFollowFromGross() {
    String day =
        "{"
            + DAY
            + ",'gmv_local':10.00,'seller_discount_local':1.00,'cancelled_local':2.00,"
            + "'refunded_local':3.00,'net_gmv_local':%s}";

    assertThat(
            verdict(Invariants.netFollowsFromGross(Rows.of(DailyGmv.TABLE, day.formatted("4.00")))))
        .isEqualTo("1 examined, 0 broken");
    assertThat(
            verdict(Invariants.netFollowsFromGross(Rows.of(DailyGmv.TABLE, day.formatted("4.01")))))
        .isEqualTo("1 examined, 1 broken: US 2026-03-02 USD");
  }

  @Test
  void aSaleThatNoDayCountsIsFoundInEverySalesChannelMarketAndCurrency() {
    Dataset<Row> history =
        Rows.of(
            OrderHistory.TABLE,
            moved("in_app", "sale", "'gmv_local':5.00,'seller_discount_local':1.00"),
            moved("external", "sale", "'gmv_local':7.00"),
            moved("external", "refunded", "'reversed_local':2.00"));
    String inApp =
        "{"
            + DAY
            + ",'gmv_local':5.00,'cancelled_local':0.00,'refunded_local':0.00,'net_gmv_local':%s}";
    String external =
        "{"
            + DAY
            + ",'external_gmv_local':7.00,'cancelled_local':0.00,'refunded_local':2.00,"
            + "'net_external_gmv_local':%s}";
    Dataset<Row> dailyGmv = Rows.of(DailyGmv.TABLE, inApp.formatted("4.00"));
    Dataset<Row> dailyExternal = Rows.of(DailyExternalGmv.TABLE, external.formatted("5.00"));

    assertThat(verdict(Invariants.dailyGmvMatchesHistory(dailyGmv, dailyExternal, history)))
        .isEqualTo("2 examined, 0 broken");
    assertThat(
            verdict(
                Invariants.dailyGmvMatchesHistory(Rows.of(DailyGmv.TABLE), dailyExternal, history)))
        .isEqualTo("2 examined, 1 broken: in_app US 2026-03-02 USD");
    assertThat(
            verdict(
                Invariants.dailyGmvMatchesHistory(
                    dailyGmv, Rows.of(DailyExternalGmv.TABLE), history)))
        .isEqualTo("2 examined, 1 broken: external US 2026-03-02 USD");
    assertThat(
            verdict(
                Invariants.dailyGmvMatchesHistory(
                    dailyGmv,
                    Rows.of(DailyExternalGmv.TABLE, external.formatted("7.00")),
                    history)))
        .isEqualTo("2 examined, 1 broken: external US 2026-03-02 USD");
    assertThat(
            verdict(
                Invariants.dailyGmvMatchesHistory(
                    Rows.of(DailyGmv.TABLE, inApp.replace("'US'", "'GB'").formatted("4.00")),
                    dailyExternal,
                    history)))
        .isEqualTo("3 examined, 2 broken: in_app GB 2026-03-02 USD");
    assertThat(
            verdict(
                Invariants.dailyGmvMatchesHistory(
                    Rows.of(
                        DailyGmv.TABLE,
                        inApp.formatted("4.00").replace("}", ",'gmv_reporting':5.00}")),
                    dailyExternal,
                    history)))
        .isEqualTo("2 examined, 1 broken: in_app US 2026-03-02 USD");
  }

  private static String moved(String salesChannel, String entry, String amounts) {
    return ("{'market':'US','entry_date':'2026-03-02','currency':'USD','sales_channel':'%s',"
            + "'entry':'%s',%s}")
        .formatted(salesChannel, entry, amounts);
  }

  @Test
  void aCategoryThatTheDayDoesNotHoldIsFound() {
    String day = "{" + DAY + ",'units':%d,'gmv_local':10.00,'category':'%s'}";
    Dataset<Row> daily = Rows.of(DailyGmv.TABLE, day.formatted(3, ""));
    Dataset<Row> whole =
        Rows.of(
            DailyGmvCategory.TABLE,
            day.formatted(2, "a").replace("10.00", "4.00"),
            day.formatted(1, "b").replace("10.00", "6.00"));
    Dataset<Row> other = Rows.of(DailyGmvCategory.TABLE, day.formatted(2, "a"));

    assertThat(verdict(Invariants.partsAddUp(daily, Map.of("category", whole))))
        .isEqualTo("1 examined, 0 broken");
    assertThat(verdict(Invariants.partsAddUp(daily, Map.of("category", other))))
        .isEqualTo("1 examined, 1 broken: category US 2026-03-02 USD");
  }

  @Test
  void aClickThatIsThereTwiceIsFound() {
    String click = "{'event_id':'c','event_date':'2026-03-02','certainty':'direct'}";

    assertThat(verdict(Invariants.clicksHaveOneCertainty(Rows.of(OutboundLinks.TABLE, click))))
        .isEqualTo("1 examined, 0 broken");
    assertThat(
            verdict(Invariants.clicksHaveOneCertainty(Rows.of(OutboundLinks.TABLE, click, click))))
        .isEqualTo("1 examined, 1 broken: c");
  }

  @Test
  void aClickThatIsInNoLeakOrInTwoOfAWindowIsFound() {
    Dataset<Row> clicks =
        Rows.of(
            OutboundLinks.TABLE,
            outbound("c", "02", "outbound_click", false),
            outbound("d", "02", "outbound_click", true),
            outbound("e", "02", "outbound_blocked", false));
    String day = leak(1, "01", "02", "'b','c'");
    String week = leak(7, "02", "02", "'c'");

    assertThat(verdict(Invariants.clicksHaveOneState(clicks, Rows.of(Leaks.TABLE, day, week))))
        .isEqualTo("1 examined, 0 broken");
    assertThat(verdict(Invariants.clicksHaveOneState(clicks, Rows.of(Leaks.TABLE, day))))
        .isEqualTo("1 examined, 1 broken: c");
    assertThat(
            verdict(Invariants.clicksHaveOneState(clicks, Rows.of(Leaks.TABLE, day, week, week))))
        .isEqualTo("1 examined, 1 broken: c");
  }

  @Test
  void aClickWhoseIdCameOnAnEarlierDateTooIsInOneLeakAllTheSame() {
    Dataset<Row> clicks =
        Rows.of(OutboundLinks.TABLE, outbound("c", "05", "outbound_click", false));
    String before = leak(1, "02", "02", "'c'");
    String day = leak(1, "05", "05", "'c'");
    String week = leak(7, "02", "05", "'c','c'");

    String others = leak(7, "02", "06", "'c','d'").replace("p1", "p2");
    String anothers = leak(7, "02", "06", "'c','d'").replace("user-1", "user-2");

    assertThat(
            verdict(
                Invariants.clicksHaveOneState(
                    clicks, Rows.of(Leaks.TABLE, before, day, week, others, anothers))))
        .isEqualTo("1 examined, 0 broken");
  }

  private static String outbound(String id, String day, String type, boolean isBot) {
    return ("{'event_id':'%s','event_at':'2026-03-%sT10:00:00Z','event_type':'%s','is_bot':%s,"
            + "'user_id':'user-1','product_id':'p1'}")
        .formatted(id, day, type, isBot);
  }

  private static String leak(int days, String from, String to, String clicks) {
    return ("{'window_days':%d,'state':'leaked','leak_at':'2026-03-%sT10:00:00Z',"
            + "'last_click_at':'2026-03-%sT10:00:00Z','click_ids':[%s],"
            + "'user_id':'user-1','leak_key':'p1'}")
        .formatted(days, from, to, clicks);
  }

  @Test
  void orphansAreCountedAndOneInTheBasisIsFound() {
    String orphan = "{'order_id':'a','is_orphan':true,'gmv_local':0}";
    String order = "{'order_id':'b','is_orphan':false,'gmv_local':7,'basis_date':'2026-03-02'}";
    assertThat(verdict(Invariants.orphansStandApart(Rows.of(Orders.TABLE, orphan, order))))
        .isEqualTo("1 examined, 0 broken");
    assertThat(
            verdict(
                Invariants.orphansStandApart(
                    Rows.of(Orders.TABLE, orphan, order.replace("false", "true")))))
        .isEqualTo("2 examined, 1 broken: b");
  }

  @Test
  void aMovementWithoutARateIsFoundAndADayWithoutOneIntoItsMarketsCurrency() {
    String movement = "{'currency':'USD','entry_date':'2026-03-02','entry':";
    Dataset<Row> history =
        Rows.of(
            OrderHistory.TABLE,
            movement + "'sale','is_rate_missing':false}",
            movement + "'other_currency','is_rate_missing':true}");
    Dataset<Row> adjusted =
        Rows.of(OrderHistory.TABLE, movement + "'adjustment','is_rate_missing':true}");
    String day = "{'currency':'IDR','gmv_date':'2026-03-02','missing_rates':";
    Dataset<Row> known = Rows.of(DailyEconomics.TABLE, day + "0}");
    assertThat(verdict(Invariants.ratesAreKnown(history, known))).isEqualTo("2 examined, 0 broken");
    assertThat(verdict(Invariants.ratesAreKnown(adjusted, known)))
        .isEqualTo("2 examined, 1 broken: USD 2026-03-02");
    assertThat(
            verdict(Invariants.ratesAreKnown(history, Rows.of(DailyEconomics.TABLE, day + "3}"))))
        .isEqualTo("2 examined, 1 broken: IDR 2026-03-02");
  }

  @Test
  void aKeyThatIsThereTwiceIsFoundAndNullIsAValueOfItsOwn() {
    assertThat(
            verdict(
                Invariants.keysAreUnique(
                    Map.of(
                        Watermarks.TABLE,
                        Rows.of(Watermarks.TABLE, "{'market':'US'}", "{'market':''}", "{}")))))
        .isEqualTo("3 examined, 0 broken");
    Map<Table, Dataset<Row>> twice =
        Map.of(
            Watermarks.TABLE,
            Rows.of(Watermarks.TABLE, "{'market':'US'}", "{'market':'GB'}", "{'market':'US'}"));
    assertThat(verdict(Invariants.keysAreUnique(twice)))
        .isEqualTo("2 examined, 1 broken: ops.watermarks");
    assertThat(Rows.json(Invariants.repeatedKeys(twice)))
        .containsExactly("{'where':'ops.watermarks US'}");
  }

  /** A sale of 10. */
  private static Dataset<Row> sold() {
    return Rows.of(
        OrderHistory.TABLE,
        "{" + SALE + ",'gmv_local':10.00,'gmv_reporting':10.00,'is_linked':true}");
  }

  /** The same daily credits in both touch sets. */
  private static Dataset<Row> daily(String credit) {
    return Rows.of(
        DailyAttribution.TABLE,
        bothSets(
            "{'market':'US','credit_date':'2026-03-02','currency':'USD','sales_channel':'in_app'"
                + LAST
                + ",'credit_local':"
                + credit
                + ",'credit_reporting':10.00}"));
  }

  /** The same credits in both touch sets. */
  private static Dataset<Row> credits(String... rows) {
    return Rows.of(AttributionCredits.TABLE, bothSets(rows));
  }

  private static String[] bothSets(String... rows) {
    return Stream.of(rows)
        .flatMap(row -> Stream.of(row, row.replace("'all'", "'entry'")))
        .toArray(String[]::new);
  }

  private static String credit(String movement, String credit, String net) {
    return ("{%s%s,'credit_date':'2026-03-02','credit_local':%s,'credit_reporting':%s,'net_credit_local':%s,"
            + "'net_credit_reporting':%s}")
        .formatted(movement, LAST, credit, credit, net, net);
  }

  private static String verdict(Dataset<Row> check) {
    Row row = check.first();
    String example = row.isNullAt(4) ? "" : ": " + row.getString(4);
    return row.getLong(2) + " examined, " + row.getLong(3) + " broken" + example;
  }
}
