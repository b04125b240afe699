package io.shoplens.attribution;

import static io.shoplens.attribution.OrderCreditsTest.lines;
import static io.shoplens.attribution.Story.story;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.DailyAttribution;
import io.shoplens.testing.Rows;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class DailyCreditsTest {
  @Test
  void creditIsSummedByDayClassChannelSurfaceAndCreator() {
    Dataset<Row> daily =
        DailyCredits.of(
            story()
                .touch("a", "10 10:00", "creator_id=c", "surface=live")
                .touch("b", "10 11:00", "creator_id=c", "surface=live")
                .touch("c", "10 12:00", "touch_class=direct", "channel=direct")
                .sale("o1", "11 12:00", "3.00")
                .sale("o1", "11 12:00", "6.00", "line_id=2")
                .sale("o2", "12 12:00", "9.00", "gmv_reporting=")
                .reversal("refunded", "o1", "11 12:00", "3.00")
                .sale("o3", "12 12:00", "5.00", "user_id=", "currency=EUR", "gmv_reporting=")
                .reversal(
                    "cancelled", "o4", "12 12:00", "1.00", "user_id=", "entry_date=2026-04-01")
                .credits());

    assertThat(
            lines(
                daily.filter(col(MODEL).equalTo("linear").and(col(TOUCH_SET).equalTo("all"))),
                CREDIT_DATE,
                CURRENCY,
                TOUCH_CLASS,
                CHANNEL,
                SURFACE,
                CREATOR_ID,
                ORDERS,
                CREDIT_LOCAL,
                CREDIT_REPORTING,
                NET_CREDIT_LOCAL,
                NET_CREDIT_REPORTING))
        .containsExactly(
            "2026-03-31 EUR unattributed - - - 1 5.0000 - 5.0000 -",
            "2026-03-31 USD direct direct - - 2 6.0000 3.0000 5.0000 2.0000",
            "2026-03-31 USD in_app_shop shop live c 2 12.0000 6.0000 10.0000 4.0000",
            "2026-04-01 USD unattributed - - - 0 0.0000 0.0000 -1.0000 -1.0000");
    assertThat(Rows.json(daily.select(MARKET, SALES_CHANNEL).distinct()))
        .containsExactly("{'market':'US','sales_channel':'in_app'}");
  }

  @Test
  void theRowsHaveTheColumnsOfTheirTable() {
    assertThat(DailyCredits.of(story().credits()).schema().fields())
        .extracting(StructField::name, StructField::dataType)
        .containsExactlyElementsOf(
            Arrays.stream(DailyAttribution.TABLE.schema().fields())
                .map(field -> Tuple.tuple(field.name(), field.dataType()))
                .toList());
  }
}
