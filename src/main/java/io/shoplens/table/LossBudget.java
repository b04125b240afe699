package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

import java.util.List;

/** The year's loss so far against its budget, and the date the budget runs out. */
public final class LossBudget {
  public static final Table TABLE =
      Table.named("gold.loss_budget")
          .saying("The year's loss so far against its budget, and the date the budget runs out.")
          .grain("one row per market and complete business date")
          .key(MARKET, GMV_DATE)
          .reach(0, 0, "nothing: computed when read")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(CURRENCY, STRING, "The market's currency")
          .column(CONTRIBUTION_LOCAL, MONEY, "Contribution of the date")
          .column(FIXED_COST_LOCAL, MONEY, "Fixed cost of a day; NULL where none is set")
          .column(RESULT_LOCAL, MONEY, "Contribution - fixed cost; a loss is negative")
          .column(
              RUNNING_RESULT_LOCAL,
              MONEY,
              "Results of the calendar year added up to the date, from the market's first date in it")
          .column(LOSS_BUDGET_LOCAL, MONEY, "The year's loss budget; NULL where none is set")
          .column(
              BUDGET_USED,
              "decimal(18,6)",
              "Share of the budget lost so far; negative where the year shows a profit")
          .column(
              PACE_LOCAL,
              MONEY,
              "Mean result of the trailing 28 dates, of fewer where the data begin later")
          .column(
              RUNS_OUT_DATE,
              DATE,
              "Date on which the budget was used up or, at that pace, will be; NULL where it lasts the year")
          .declared();

  /**
   * A query over gold.daily_economics, by calendar date up to the market's last complete one: a
   * date without sales is one of nothing.
   */
  public static final View VIEW =
      View.of(
          TABLE,
          List.of(DailyEconomics.TABLE, Watermarks.TABLE),
"""
      WITH daily AS (
        SELECT market, gmv_date, currency, contribution_local, fixed_cost_local, loss_budget_local
        FROM gold.daily_economics WHERE is_complete),
      calendar AS (
        SELECT market, explode(sequence(min(gmv_date),
          greatest(max(gmv_date), max(complete_until)), INTERVAL 1 DAY)) AS gmv_date
        FROM daily LEFT JOIN ops.watermarks USING (market) GROUP BY market),
      days AS (
        SELECT market, gmv_date,
          last_value(IF(currency IS NULL, NULL,
              struct(currency, fixed_cost_local, loss_budget_local)), true)
            OVER (PARTITION BY market ORDER BY gmv_date) AS known,
          coalesce(contribution_local, 0) AS contribution_local
        FROM calendar LEFT JOIN daily USING (market, gmv_date)),
      results AS (
        SELECT market, gmv_date, known.currency, contribution_local, known.fixed_cost_local,
          known.loss_budget_local,
          contribution_local - coalesce(known.fixed_cost_local, 0) AS result_local
        FROM days),
      running AS (
        SELECT *,
          sum(result_local) OVER (PARTITION BY market, year(gmv_date) ORDER BY gmv_date)
            AS running_result_local,
          round(sum(result_local) OVER trailing / count(1) OVER trailing, 4) AS pace_local
        FROM results
        WINDOW trailing AS
          (PARTITION BY market ORDER BY gmv_date ROWS BETWEEN 27 PRECEDING AND CURRENT ROW)),
      used AS (
        SELECT *,
          min(IF(running_result_local + loss_budget_local <= 0, gmv_date, NULL))
            OVER (PARTITION BY market, year(gmv_date) ORDER BY gmv_date) AS ran_out_date,
          date_add(gmv_date, CAST(greatest(-400, least(400, ceil(try_divide(
            running_result_local + loss_budget_local, -pace_local)))) AS INT)) AS pace_date
        FROM running)
      SELECT market, gmv_date, currency, contribution_local,
        CAST(fixed_cost_local AS DECIMAL(24,4)) AS fixed_cost_local,
        CAST(result_local AS DECIMAL(24,4)) AS result_local,
        CAST(running_result_local AS DECIMAL(24,4)) AS running_result_local,
        loss_budget_local,
        CAST(round(try_divide(-running_result_local, loss_budget_local), 6) AS DECIMAL(18,6))
          AS budget_used,
        CAST(pace_local AS DECIMAL(24,4)) AS pace_local,
        CASE WHEN ran_out_date IS NOT NULL THEN ran_out_date
          WHEN pace_local < 0 AND year(pace_date) = year(gmv_date) THEN pace_date END
          AS runs_out_date
      FROM used
""");

  private LossBudget() {}
}
