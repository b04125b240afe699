package io.shoplens.attribution;

import static io.shoplens.attribution.OrderCreditsTest.lines;
import static io.shoplens.attribution.Story.story;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.AttributionSettings.Model;
import io.shoplens.table.ModelComparison;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class ModelSharesTest {
  @Test
  void aClassHasItsShareUnderEachModelAndTheSpreadOverThem() {
    Story story =
        story()
            .by(Model.FIRST_TOUCH, Model.LAST_TOUCH, Model.LINEAR)
            .touch("a", "10 10:00", "touch_class=external_link", "channel=x")
            .touch("b", "10 11:00")
            .touch("c", "10 11:30")
            .sale("o1", "10 12:00", "9.00")
            .sale("o2", "10 12:00", "3.00", "user_id=")
            .reversal("refunded", "o1", "10 12:00", "9.00");

    assertThat(
            lines(
                shares(story).filter(col(TOUCH_SET).equalTo("all")),
                TOUCH_CLASS,
                MODEL,
                CREDIT_LOCAL,
                CREDIT_REPORTING,
                GMV_LOCAL,
                CLASS_SHARE,
                MODEL_SPREAD))
        .containsExactly(
            "external_link first_touch 9.0000 9.0000 12.0000 0.750000 0.750000",
            "external_link linear 3.0000 3.0000 12.0000 0.250000 0.750000",
            "in_app_shop last_touch 9.0000 9.0000 12.0000 0.750000 0.750000",
            "in_app_shop linear 6.0000 6.0000 12.0000 0.500000 0.750000",
            "unattributed first_touch 3.0000 3.0000 12.0000 0.250000 0.000000",
            "unattributed last_touch 3.0000 3.0000 12.0000 0.250000 0.000000",
            "unattributed linear 3.0000 3.0000 12.0000 0.250000 0.000000");
  }

  @Test
  void aDayOfReversalsOnlyHasNoShares() {
    Story story = story().reversal("refunded", "o", "10 12:00", "9.00");

    assertThat(lines(shares(story), TOUCH_CLASS, CREDIT_LOCAL, CLASS_SHARE, MODEL_SPREAD))
        .containsOnly("unattributed 0.0000 - -");
  }

  @Test
  void theRowsHaveTheColumnsOfTheirTable() {
    assertThat(shares(story()).schema().fields())
        .extracting(StructField::name, StructField::dataType)
        .containsExactlyElementsOf(
            Arrays.stream(ModelComparison.TABLE.schema().fields())
                .map(field -> Tuple.tuple(field.name(), field.dataType()))
                .toList());
  }

  private static Dataset<Row> shares(Story story) {
    return ModelShares.of(DailyCredits.of(story.credits()), story.settings());
  }
}
