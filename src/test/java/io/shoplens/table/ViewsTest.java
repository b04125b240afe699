package io.shoplens.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ViewsTest {
  @Test
  void aSteadyGrowthIsFittedAndProjectedAndDatesWithoutSalesAreLeftOut() {
    List<String> days = new ArrayList<>();
    double gmv = 1000;
    for (int day = 0; day < 40; day++) {
      if (day != 30) {
        days.add(
            "{'market':'US','gmv_date':'%s','currency':'USD','is_complete':true,'gmv_local':%s,'daily_goal_local':2000}"
                .formatted(
                    LocalDate.parse("2026-01-01").plusDays(day),
                    BigDecimal.valueOf(gmv).setScale(4, java.math.RoundingMode.HALF_UP)));
      }
      gmv *= 1.01;
    }
    days.add(
        "{'market':'US','gmv_date':'2026-02-10','currency':'USD','is_complete':false,'gmv_local':1}");
    Dataset<Row> progress = read(GoalProgress.VIEW, days);
    assertThat(progress.count()).isEqualTo(40);
    // The mean of the last 7, 1000 * 1.01^33 * (1.01^7 - 1) / 0.07, is 33.64 days of 1% from 2000.
    assertThat(
            Rows.json(
                progress.where("gmv_date = '2026-02-09'"),
                "mean_gmv_local",
                "goal_share",
                "fitted_dates",
                "zero_dates",
                "growth",
                "growth_low",
                "goal_state",
                "projected_date",
                "projected_date_early",
                "projected_date_late"))
        .containsExactly(
            "{'mean_gmv_local':1431.0521,'goal_share':0.715526,'fitted_dates':27,'zero_dates':1,"
                + "'growth':0.009950,'growth_low':0.009950,'goal_state':'projected',"
                + "'projected_date':'2026-03-15','projected_date_early':'2026-03-15',"
                + "'projected_date_late':'2026-03-15'}");
  }

  @Test
  void aShrinkingMarketIsNotProjectedAndOneOverItsGoalHasReachedIt() {
    List<String> days = new ArrayList<>();
    for (int day = 1; day <= 5; day++) {
      days.add(
          ("{'market':'US','gmv_date':'2026-01-0%d','currency':'USD','is_complete':true,"
                  + "'gmv_local':%d,'daily_goal_local':1000}")
              .formatted(day, 900 - 10 * day));
      days.add(
          ("{'market':'GB','gmv_date':'2026-01-0%d','currency':'GBP','is_complete':true,"
                  + "'gmv_local':%d,'daily_goal_local':1000}")
              .formatted(day, 1000 + day));
    }
    assertThat(
            Rows.json(
                read(GoalProgress.VIEW, days).where("gmv_date = '2026-01-05'"),
                "market",
                "goal_state"))
        .containsExactly(
            "{'market':'GB','goal_state':'reached'}",
            "{'market':'US','goal_state':'not at this pace'}");
  }

  @Test
  void theYearsLossRunsAgainstItsBudgetAndBeginsAnewWithTheYear() {
    List<String> days = new ArrayList<>();
    String[] contributions = {"-40", "10", null, "-30"};
    for (int day = 0; day < 4; day++) {
      if (contributions[day] != null) {
        days.add(
            ("{'market':'US','gmv_date':'%s','currency':'USD','is_complete':true,"
                    + "'contribution_local':%s,'fixed_cost_local':20,'loss_budget_local':100}")
                .formatted(LocalDate.parse("2025-12-29").plusDays(day), contributions[day]));
      }
    }
    assertThat(
            Rows.json(
                read(LossBudget.VIEW, days),
                "gmv_date",
                "result_local",
                "running_result_local",
                "budget_used",
                "pace_local",
                "runs_out_date"))
        .containsExactly(
            "{'gmv_date':'2025-12-29','result_local':-60.0000,'running_result_local':-60.0000,"
                + "'budget_used':0.600000,'pace_local':-60.0000,'runs_out_date':'2025-12-30'}",
            "{'gmv_date':'2025-12-30','result_local':-10.0000,'running_result_local':-70.0000,"
                + "'budget_used':0.700000,'pace_local':-35.0000,'runs_out_date':'2025-12-31'}",
            "{'gmv_date':'2025-12-31','result_local':-20.0000,'running_result_local':-90.0000,"
                + "'budget_used':0.900000,'pace_local':-30.0000}",
            "{'gmv_date':'2026-01-01','result_local':-50.0000,'running_result_local':-50.0000,"
                + "'budget_used':0.500000,'pace_local':-35.0000,'runs_out_date':'2026-01-03'}");
  }

  @Test
  void afterTheLastSaleBothGoOnToTheLastCompleteDate() {
    List<String> days = new ArrayList<>();
    for (int day = 1; day <= 2; day++) {
      days.add(
          ("{'market':'US','gmv_date':'2026-03-0%d','currency':'USD','is_complete':true,"
                  + "'gmv_local':700,'daily_goal_local':1000,'contribution_local':10,"
                  + "'fixed_cost_local':20,'loss_budget_local':100}")
              .formatted(day));
    }
    String watermark = "{'market':'US','complete_until':'2026-03-09'}";
    Dataset<Row> progress = read(GoalProgress.VIEW, days, watermark);
    assertThat(progress.count()).isEqualTo(9);
    assertThat(
            Rows.json(
                progress.where("gmv_date = '2026-03-08'"),
                "currency",
                "gmv_local",
                "mean_gmv_local",
                "fitted_dates",
                "zero_dates"))
        .containsExactly(
            "{'currency':'USD','gmv_local':0.0000,'mean_gmv_local':100.0000,'fitted_dates':2,"
                + "'zero_dates':6}");
    assertThat(
            Rows.json(
                read(LossBudget.VIEW, days, watermark).where("gmv_date >= '2026-03-06'"),
                "gmv_date",
                "contribution_local",
                "running_result_local",
                "runs_out_date"))
        .containsExactly(
            "{'gmv_date':'2026-03-06','contribution_local':0.0000,"
                + "'running_result_local':-100.0000,'runs_out_date':'2026-03-06'}",
            "{'gmv_date':'2026-03-07','contribution_local':0.0000,"
                + "'running_result_local':-120.0000,'runs_out_date':'2026-03-06'}",
            "{'gmv_date':'2026-03-08','contribution_local':0.0000,"
                + "'running_result_local':-140.0000,'runs_out_date':'2026-03-06'}",
            "{'gmv_date':'2026-03-09','contribution_local':0.0000,"
                + "'running_result_local':-160.0000,'runs_out_date':'2026-03-06'}");
  }

  private static Dataset<Row> read(View view, List<String> economics, String... watermarks) {
    Rows.of(DailyEconomics.TABLE, economics.toArray(String[]::new))
        .createOrReplaceTempView("economics_of_views");
    Rows.of(Watermarks.TABLE, watermarks).createOrReplaceTempView("watermarks_of_views");
    return LocalSpark.session()
        .sql(
            view.sql(view.sources())
                .replace(DailyEconomics.TABLE.name(), "economics_of_views")
                .replace(Watermarks.TABLE.name(), "watermarks_of_views"));
  }
}
