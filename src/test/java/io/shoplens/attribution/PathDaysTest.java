package io.shoplens.attribution;

import static io.shoplens.attribution.OrderCreditsTest.lines;
import static io.shoplens.attribution.Story.story;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Paths;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructField;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class PathDaysTest {
  @Test
  void ordersOfADayAreSummedByTheChannelsTheyCameThrough() {
    Story story =
        story()
            .touch("a1", "10 10:00", "channel=live")
            .touch("a2", "10 11:00", "channel=search")
            .touch("a3", "10 11:30", "channel=search")
            .sale("o1", "10 12:00", "3.00")
            .sale("o1", "10 12:00", "4.00", "line_id=2")
            .touch("b1", "10 10:00", "channel=live", "user_id=v")
            .touch("b2", "10 10:30", "channel=search", "user_id=v")
            .sale("o2", "10 12:00:01", "5.00", "user_id=v", "gmv_reporting=")
            .sale("o3", "10 12:00", "1.00", "user_id=")
            .reversal("refunded", "o1", "10 12:00", "3.00");

    assertThat(
            lines(
                PathDays.of(story.credits()).filter(col(TOUCH_SET).equalTo("all")),
                MARKET,
                CREDIT_DATE,
                CURRENCY,
                SALES_CHANNEL,
                CHANNELS,
                ORDERS,
                GMV_LOCAL,
                GMV_REPORTING,
                MEDIAN_LENGTH,
                MEDIAN_LAG_SECONDS))
        .containsExactly(
            "US 2026-03-31 USD in_app - 1 1.0000 1.0000 0.0 -",
            "US 2026-03-31 USD in_app live > search 2 12.0000 7.0000 2.5 7200.5");
  }

  @Test
  void anOrderIsExternallyAssistedWhereAnExternalTouchIsNotTheLast() {
    Story story =
        story()
            .touch("a", "10 10:00", "user_id=a", "touch_class=external_link", "channel=x")
            .touch("b", "10 11:00", "user_id=a")
            .sale("assisted", "10 12:00", "3.00", "user_id=a")
            .touch("c", "10 10:00", "user_id=c", "channel=x")
            .touch("d", "10 11:00", "user_id=c", "touch_class=external_link")
            .sale("earned", "10 12:00", "5.00", "user_id=c")
            .touch("e", "10 11:00", "user_id=e")
            .sale("shop", "10 12:00", "7.00", "user_id=e");

    assertThat(
            lines(
                PathDays.of(story.credits()).filter(col(TOUCH_SET).equalTo("all")),
                CHANNELS,
                ORDERS,
                EXTERNAL_ASSISTED_LOCAL,
                EXTERNAL_ASSISTED_REPORTING))
        .containsExactly("shop 1 0.0000 0.0000", "x > shop 2 3.0000 3.0000");
  }

  @Test
  void anOrderIsClaimedTwiceByAnAdInItsWindowsAndAnAffiliateInFourteenDays() {
    Story story = story();
    claims(story, "click-click", "shop_ads click 24 12:00", "affiliate click 17 12:00");
    claims(story, "view-click", "shop_ads view 30 12:00", "affiliate click 17 12:00");
    claims(story, "late-ad", "shop_ads click 24 11:59", "affiliate click 17 12:00");
    claims(story, "late-view", "shop_ads view 30 11:59", "affiliate click 17 12:00");
    claims(story, "late-affiliate", "shop_ads click 24 12:00", "affiliate click 17 11:59");
    claims(story, "affiliate-view", "shop_ads click 24 12:00", "affiliate view 17 12:00");
    claims(story, "only-ads", "shop_ads click 24 12:00", "shop_ads view 31 12:00");

    assertThat(
            lines(
                PathDays.of(story.credits()).filter(col(TOUCH_SET).equalTo("all")),
                CHANNELS,
                ORDERS,
                DOUBLE_CLAIMED_ORDERS,
                DOUBLE_CLAIMED_LOCAL,
                DOUBLE_CLAIMED_REPORTING))
        .containsExactly("affiliate > shop_ads 6 2 2.0000 2.0000", "shop_ads 1 0 0.0000 0.0000");
  }

  private static void claims(Story story, String user, String... touches) {
    for (String touch : touches) {
      String[] parts = touch.split(" ", 3);
      story.touch(
          user + parts[2].replace(' ', '-'),
          parts[2],
          "user_id=" + user,
          "channel=" + parts[0],
          "interaction=" + parts[1]);
    }
    story.sale("order-" + user, "31 12:00", "1.00", "user_id=" + user);
  }

  @Test
  void aLongWayShowsItsFirstStepAndItsLastNineteen() {
    Story story = story();
    IntStream.range(0, 22)
        .forEach(n -> story.touch("t" + n, "10 10:%02d".formatted(n), "channel=c" + n));
    story.sale("o", "10 12:00", "1.00");

    assertThat(lines(PathDays.of(story.credits()).filter(col(TOUCH_SET).equalTo("all")), CHANNELS))
        .containsExactly(
            "c0 > ... > "
                + String.join(
                    " > ", IntStream.range(3, 22).mapToObj(n -> "c" + n).toArray(String[]::new)));
  }

  @Test
  void theRowsHaveTheColumnsOfTheirTable() {
    assertThat(PathDays.of(story().credits()).schema().fields())
        .extracting(StructField::name, StructField::dataType)
        .containsExactlyElementsOf(
            Arrays.stream(Paths.TABLE.schema().fields())
                .map(field -> Tuple.tuple(field.name(), field.dataType()))
                .toList());
  }
}
