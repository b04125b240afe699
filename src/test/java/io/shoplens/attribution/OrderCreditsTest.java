package io.shoplens.attribution;

import static io.shoplens.attribution.Story.story;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.AttributionCredits;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class OrderCreditsTest {
  @Test
  void theRowsHaveTheColumnsOfTheirTable() {
    StructType schema = story().credits().schema();
    assertThat(Arrays.stream(AttributionCredits.TABLE.schema().fieldNames()).map(schema::apply))
        .extracting(StructField::name, StructField::dataType)
        .containsExactlyElementsOf(
            Arrays.stream(AttributionCredits.TABLE.schema().fields())
                .map(field -> org.assertj.core.groups.Tuple.tuple(field.name(), field.dataType()))
                .toList());
  }

  @Test
  void aSaleGivesEachModelAndTouchSetItsRows() {
    Dataset<Row> credits =
        story()
            .touch("visit", "31 09:00", "touch_class=external_link", "channel=search")
            .touch("view", "31 10:00", "is_entry=false", "interaction=view", "product_id=p")
            .touch("click", "31 11:00", "is_entry=false", "category=shoes")
            .sale("o", "31 12:00", "10.00", "product_id=p", "category=shoes")
            .credits();

    assertThat(
            lines(
                credits,
                MODEL,
                TOUCH_SET,
                TOUCH_RANK,
                TOUCH_EVENT_ID,
                TOUCH_CLASS,
                CHANNEL,
                MATCH_LEVEL,
                PATH_LENGTH,
                CREDIT_LOCAL,
                CREDIT_REPORTING,
                NET_CREDIT_LOCAL))
        .containsExactly(
            "last_touch all 3 click in_app_shop shop same_category 3 10.0000 10.0000 10.0000",
            "last_touch entry 1 visit external_link search other 1 10.0000 10.0000 10.0000",
            "linear all 1 visit external_link search other 3 3.3400 3.3400 3.3400",
            "linear all 2 view in_app_shop shop same_product 3 3.3300 3.3300 3.3300",
            "linear all 3 click in_app_shop shop same_category 3 3.3300 3.3300 3.3300",
            "linear entry 1 visit external_link search other 1 10.0000 10.0000 10.0000",
            "platform_window all 3 click in_app_shop shop same_category 3 10.0000 10.0000 10.0000",
            "platform_window entry 1 visit external_link search other 1 10.0000 10.0000 10.0000");
  }

  @Test
  void theLookBackIncludesBothItsEnds() {
    Dataset<Row> credits =
        story()
            .touch("too-early", "01 11:59:59.999999")
            .touch("first", "01 12:00:00")
            .touch("last", "31 12:00:00")
            .touch("too-late", "31 12:00:00.000001")
            .sale("o", "31 12:00", "10.00")
            .credits();

    assertThat(lines(credits.filter(of("linear", "all")), TOUCH_EVENT_ID, CREDIT_LOCAL))
        .containsExactly("first 5.0000", "last 5.0000");
  }

  @Test
  void aClickCountsForSevenDaysAndAViewForOneInThePlatformWindow() {
    Dataset<Row> credits =
        story()
            .touch("c1", "24 12:00", "user_id=u1")
            .touch("v1", "31 11:00", "user_id=u1", "interaction=view")
            .sale("click-at-7-days", "31 12:00", "1.00", "user_id=u1")
            .touch("c2", "24 11:59:59.999999", "user_id=u2")
            .touch("v2", "30 12:00", "user_id=u2", "interaction=view")
            .sale("view-at-1-day", "31 12:00", "1.00", "user_id=u2")
            .touch("c3", "24 11:59", "user_id=u3")
            .touch("v3", "30 11:59:59.999999", "user_id=u3", "interaction=view")
            .sale("neither", "31 12:00", "1.00", "user_id=u3")
            .credits();

    assertThat(
            lines(
                credits.filter(of("platform_window", "all")),
                ORDER_ID,
                TOUCH_RANK,
                TOUCH_EVENT_ID,
                TOUCH_CLASS,
                PATH_LENGTH,
                CREDIT_LOCAL))
        .containsExactly(
            "click-at-7-days 1 c1 in_app_shop 2 1.0000",
            "neither 0 - unattributed 2 1.0000",
            "view-at-1-day 2 v2 in_app_shop 2 1.0000");
  }

  @Test
  void anOrderWithoutTouchesIsUnattributed() {
    Dataset<Row> credits =
        story()
            .touch("other", "31 11:00", "user_id=somebody")
            .sale("o", "31 12:00", "10.00")
            .sale("nobody", "31 12:00", "10.00", "user_id=")
            .credits();

    assertThat(
            lines(
                credits.filter(of("linear", "all")),
                ORDER_ID,
                TOUCH_RANK,
                TOUCH_EVENT_ID,
                TOUCH_CLASS,
                CHANNEL,
                MATCH_LEVEL,
                PATH_LENGTH,
                CREDIT_LOCAL))
        .containsExactly(
            "nobody 0 - unattributed - - 0 10.0000", "o 0 - unattributed - - 0 10.0000");
  }

  @Test
  void unidentifiedTouchesBelongToTheUserOfTheNextIdentification() {
    Dataset<Row> credits =
        story()
            .touch("before", "10 10:00", "user_id=", "device_id=d")
            .identification("d", "u", "11 10:00", "i1")
            .touch("between", "12 10:00", "user_id=", "device_id=d")
            .identification("d", "v", "13 10:00", "i2")
            .touch("same-instant", "14 10:00", "user_id=", "device_id=d")
            .identification("d", "v", "14 10:00", "i4")
            .identification("d", "u", "14 10:00", "i3")
            .touch("never", "15 10:00", "user_id=", "device_id=d")
            .sale("o", "31 12:00", "10.00")
            .sale("other", "31 12:00", "10.00", "user_id=v")
            .credits();

    assertThat(lines(credits.filter(of("linear", "all")), ORDER_ID, TOUCH_EVENT_ID, CREDIT_LOCAL))
        .containsExactly("o before 5.0000", "o same-instant 5.0000", "other between 10.0000");
  }

  @Test
  void anIdentificationReachesThirtyDaysBack() {
    Dataset<Row> credits =
        story()
            .lookingBack(40)
            .touch("too-early", "01 11:59:59.999999", "user_id=", "device_id=d")
            .touch("just", "01 12:00", "user_id=", "device_id=d")
            .identification("d", "u", "31 12:00", "i")
            .sale("o", "31 13:00", "10.00")
            .credits();

    assertThat(lines(credits.filter(of("linear", "all")), TOUCH_EVENT_ID)).containsExactly("just");
  }

  @Test
  void anIdentificationReachesNoFurtherBackThanIsSet() {
    Dataset<Row> credits =
        story()
            .identifying(2)
            .touch("too-early", "09 11:59:59.999999", "user_id=", "device_id=d")
            .touch("just", "09 12:00", "user_id=", "device_id=d")
            .identification("d", "u", "11 12:00", "i")
            .sale("o", "11 13:00", "10.00")
            .credits();

    assertThat(lines(credits.filter(of("linear", "all")), TOUCH_EVENT_ID)).containsExactly("just");
  }

  @Test
  void nothingLearnedAfterAnOrderChangesItsPath() {
    Dataset<Row> credits =
        story()
            .touch("anonymous", "10 10:00", "user_id=", "device_id=d")
            .sale("before", "11 09:59:59.999999", "1.00")
            .sale("at", "11 10:00", "1.00")
            .identification("d", "u", "11 10:00", "i")
            .credits();

    assertThat(lines(credits.filter(of("linear", "all")), ORDER_ID, TOUCH_EVENT_ID))
        .containsExactly("at anonymous", "before -");
  }

  @Test
  void anOrderWithoutAUserHasItsDevicesUnidentifiedTouches() {
    Dataset<Row> credits =
        story()
            .touch("anonymous", "10 10:00", "user_id=", "device_id=d")
            .touch("identified", "10 11:00", "device_id=d")
            .identification("d", "u", "10 11:00", "i")
            .sale("guest", "11 10:00", "1.00", "user_id=", "device_id=d")
            .sale("user", "11 10:00", "1.00", "device_id=d")
            .credits();

    assertThat(lines(credits.filter(of("linear", "all")), ORDER_ID, TOUCH_EVENT_ID))
        .containsExactly("guest anonymous", "user anonymous", "user identified");
  }

  @Test
  void anOutboundClickNeverEarnsAnInAppOrder() {
    Dataset<Row> credits =
        story()
            .touch("shop", "31 10:00")
            .outbound("out", "31 11:00", "Shopee")
            .sale("o", "31 12:00", "10.00")
            .credits();

    assertThat(lines(credits, MODEL, TOUCH_SET, TOUCH_EVENT_ID))
        .containsExactly(
            "last_touch all shop",
            "last_touch entry shop",
            "linear all shop",
            "linear entry shop",
            "platform_window all shop",
            "platform_window entry shop");
  }

  @Test
  void anExternalOrderHasTheClicksToItsMerchantAndTheShopTouchesBeforeThem() {
    Dataset<Row> credits =
        story()
            .touch("shop", "30 10:00", "is_entry=false")
            .touch("visit", "30 11:00", "touch_class=direct")
            .outbound("click-1", "30 12:00", "Shopee")
            .outbound("elsewhere", "30 13:00", "Lazada")
            .outbound("click-2", "30 14:00", "Shopee")
            .touch("same-instant", "30 14:00")
            .touch("after", "30 15:00")
            .sale("o", "31 12:00", "4.00", "sales_channel=external", "merchant_group=Shopee")
            .sale("none", "31 12:00", "4.00", "sales_channel=external", "merchant_group=Amazon")
            .sale("unknown", "31 12:00", "4.00", "sales_channel=external")
            .credits();

    assertThat(
            lines(
                credits.filter(col(MODEL).equalTo("linear")),
                SALES_CHANNEL,
                TOUCH_SET,
                ORDER_ID,
                TOUCH_EVENT_ID,
                CREDIT_LOCAL))
        .containsExactly(
            "external all none - 4.0000",
            "external all o click-1 1.0000",
            "external all o click-2 1.0000",
            "external all o same-instant 1.0000",
            "external all o shop 1.0000",
            "external all unknown - 4.0000",
            "external entry none - 4.0000",
            "external entry o click-1 1.3400",
            "external entry o click-2 1.3300",
            "external entry o same-instant 1.3300",
            "external entry unknown - 4.0000");
  }

  @Test
  void reversalsTakeBackInTheOriginalProportionsOnTheirOwnDate() {
    Dataset<Row> credits =
        story()
            .touch("a", "10 10:00")
            .touch("b", "10 11:00")
            .touch("c", "10 12:00")
            .sale("o", "11 12:00", "10.00", "entry_date=2026-03-11")
            .reversal("refunded", "o", "11 12:00", "0.05", "entry_date=2026-03-20")
            .reversal("refunded", "o", "11 12:00", "1.00", "line_id=")
            .reversal("excess_refund", "o", "11 12:00", "1.00")
            .reversal("refunded", "unlinked", "11 12:00", "1.00", "is_linked=false")
            .credits();

    assertThat(
            lines(
                credits.filter(of("linear", "all")),
                CREDIT_DATE,
                ENTRY,
                TOUCH_EVENT_ID,
                CREDIT_LOCAL,
                NET_CREDIT_LOCAL,
                CREDIT_REPORTING,
                NET_CREDIT_REPORTING))
        .containsExactly(
            "2026-03-11 sale a 3.3400 3.3400 3.3400 3.3400",
            "2026-03-11 sale b 3.3300 3.3300 3.3300 3.3300",
            "2026-03-11 sale c 3.3300 3.3300 3.3300 3.3300",
            "2026-03-20 refunded a 0.0000 -0.0200 0.0000 -0.0200",
            "2026-03-20 refunded b 0.0000 -0.0200 0.0000 -0.0200",
            "2026-03-20 refunded c 0.0000 -0.0100 0.0000 -0.0100");
  }

  @Test
  void aLineReversedInPartsTakesBackFromEachTouchWhatItsSaleGave() {
    Dataset<Row> credits =
        story()
            .touch("a", "10 10:00")
            .touch("b", "10 11:00")
            .sale("o", "11 12:00", "99.99", "gmv_reporting=9.99")
            .reversal("refunded", "o", "11 12:00", "33.33", part("z", "12", "3.33"))
            .reversal("cancelled", "o", "11 12:00", "33.33", part("y", "13", "3.33"))
            .reversal("refunded", "o", "11 12:00", "33.33", part("x", "14", "3.33"))
            .credits();

    assertThat(
            lines(
                credits.filter(of("linear", "all")),
                ENTRY,
                ORDER_EVENT_ID,
                TOUCH_EVENT_ID,
                NET_CREDIT_LOCAL,
                NET_CREDIT_REPORTING))
        .containsExactly(
            "cancelled y a -16.6600 -1.6600",
            "cancelled y b -16.6700 -1.6700",
            "refunded x a -16.6700 -1.6700",
            "refunded x b -16.6600 -1.6600",
            "refunded z a -16.6700 -1.6700",
            "refunded z b -16.6600 -1.6600",
            "sale o-sale a 50.0000 5.0000",
            "sale o-sale b 49.9900 4.9900");
  }

  @Test
  void aReversalFollowsThoseOfOtherDatesAndOtherLinesHaveTheirOwn() {
    Dataset<Row> credits =
        story()
            .touch("a", "10 10:00")
            .touch("b", "10 11:00")
            .otherReversal("refunded", "o", "11 12:00", "0.01", part("r1", "12", ""))
            .otherReversal("refunded", "o", "11 12:00", "0.01", part("r2", "12", "0.01"))
            .reversal("refunded", "o", "11 12:00", "0.01", part("r3", "13", "0.01"))
            .reversal("refunded", "o", "11 12:00", "0.01", part("r4", "14", ""))
            .reversal("refunded", "o", "11 12:00", "0.01", part("r5", "15", "0.01"))
            .otherReversal("refunded", "o", "11 12:00", "0.01", part("r6", "16", "0.01"))
            .otherReversal("refunded", "p", "11 12:00", "0.01", part("p1", "12", "0.01"))
            .reversal("refunded", "o", "11 12:00", "0.01", "order_event_id=r1", "line_id=2")
            .credits();

    assertThat(
            lines(
                credits.filter(of("linear", "all")),
                LINE_ID,
                ORDER_EVENT_ID,
                TOUCH_EVENT_ID,
                NET_CREDIT_LOCAL,
                NET_CREDIT_REPORTING))
        .containsExactly(
            "1 r3 a -0.0100 0.0000",
            "1 r3 b 0.0000 -0.0100",
            "1 r4 b -0.0100 -",
            "1 r5 a -0.0100 -0.0100",
            "2 r1 a -0.0100 -0.0100");
  }

  /** A part of a reversal, at noon of a day. */
  private static String[] part(String event, String day, String reporting) {
    return new String[] {
      "order_event_id=" + event,
      "entry_at=2026-03-" + day + "T12:00:00Z",
      "reversed_reporting=" + reporting
    };
  }

  @Test
  void aLongPathKeepsTheFirstAndTheLatestTouches() {
    Dataset<Row> credits =
        story()
            .keeping(3)
            .touch("a", "10 10:00")
            .touch("b", "10 11:00", "is_entry=false")
            .touch("c", "10 12:00")
            .touch("d", "10 12:00")
            .touch("e", "10 13:00")
            .sale("o", "11 12:00", "9.00")
            .credits();

    assertThat(
            lines(
                credits.filter(col(MODEL).equalTo("linear")),
                TOUCH_SET,
                TOUCH_RANK,
                TOUCH_EVENT_ID,
                PATH_LENGTH,
                PATH_DROPPED,
                CREDIT_LOCAL))
        .containsExactly(
            "all 1 a 3 2 3.0000",
            "all 2 d 3 2 3.0000",
            "all 3 e 3 2 3.0000",
            "entry 1 a 3 1 3.0000",
            "entry 2 d 3 1 3.0000",
            "entry 3 e 3 1 3.0000");
  }

  @Test
  void creditIsSplitInTheMinorUnitsOfEachCurrency() {
    Dataset<Row> credits =
        story()
            .touch("a", "10 10:00")
            .touch("b", "10 11:00")
            .sale("yen", "11 12:00", "101.0", "currency=JPY", "gmv_reporting=0.67")
            .sale("dinar", "11 12:00", "0.003", "currency=KWD", "gmv_reporting=0.01")
            .sale("no-rate", "11 12:00", "1.01", "currency=GBP", "gmv_reporting=")
            .credits();

    assertThat(
            lines(
                credits.filter(of("linear", "all")),
                ORDER_ID,
                TOUCH_EVENT_ID,
                CREDIT_LOCAL,
                CREDIT_REPORTING,
                NET_CREDIT_REPORTING))
        .containsExactly(
            "dinar a 0.0020 0.0100 0.0100",
            "dinar b 0.0010 0.0000 0.0000",
            "no-rate a 0.5100 - -",
            "no-rate b 0.5000 - -",
            "yen a 51.0000 0.3400 0.3400",
            "yen b 50.0000 0.3300 0.3300");
  }

  @Test
  void touchesWithoutCreditAreLeftOutUnlessTheLineHasNoValue() {
    Dataset<Row> credits =
        story()
            .touch("a", "10 10:00")
            .touch("b", "10 11:00")
            .sale("cent", "11 12:00", "0.01")
            .sale("free", "11 12:00", "0.00")
            .sale("free-unattributed", "11 12:00", "0.00", "user_id=somebody")
            .credits();

    assertThat(
            lines(
                credits.filter(col(TOUCH_SET).equalTo("all")),
                ORDER_ID,
                MODEL,
                TOUCH_RANK,
                TOUCH_EVENT_ID,
                CREDIT_LOCAL))
        .containsExactly(
            "cent last_touch 2 b 0.0100",
            "cent linear 1 a 0.0100",
            "cent platform_window 2 b 0.0100",
            "free last_touch 2 b 0.0000",
            "free linear 1 a 0.0000",
            "free linear 2 b 0.0000",
            "free platform_window 2 b 0.0000",
            "free-unattributed last_touch 0 - 0.0000",
            "free-unattributed linear 0 - 0.0000",
            "free-unattributed platform_window 0 - 0.0000");
  }

  private static Column of(String model, String touchSet) {
    return col(MODEL).equalTo(model).and(col(TOUCH_SET).equalTo(touchSet));
  }

  /** The rows as text, in its order; NULL as a dash. */
  static List<String> lines(Dataset<Row> rows, String... columns) {
    Column[] texts =
        Arrays.stream(columns)
            .map(name -> coalesce(col(name).cast("string"), lit("-")))
            .toArray(Column[]::new);
    return rows.select(concat_ws(" ", texts)).as(Encoders.STRING()).collectAsList().stream()
        .sorted()
        .toList();
  }
}
