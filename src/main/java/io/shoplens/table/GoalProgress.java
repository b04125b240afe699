package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

import java.util.List;

/** How each market's GMV stands against its goal, and when it gets there. */
public final class GoalProgress {
  public static final Table TABLE =
      Table.named("gold.goal_progress")
          .saying("How each market's GMV stands against its goal, and when it gets there.")
          .grain("one row per market and complete business date")
          .key(MARKET, GMV_DATE)
          .reach(0, 0, "nothing: computed when read")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(CURRENCY, STRING, "The market's currency")
          .column(GMV_LOCAL, MONEY, "GMV of the date")
          .column(
              MEAN_GMV_LOCAL,
              MONEY,
              "Mean GMV of the trailing 7 dates, of fewer where the data begin later; dates without sales count as 0")
          .column(DAILY_GOAL_LOCAL, MONEY, "The market's goal; NULL where none is set")
          .column(GOAL_SHARE, "decimal(18,6)", "Mean GMV / goal")
          .column(
              FITTED_DATES,
              BIGINT,
              "Dates with GMV among the last 28 complete ones: those the growth is fitted on")
          .column(ZERO_DATES, BIGINT, "Dates without GMV among them, left out of the fit")
          .column(
              GROWTH,
              "decimal(18,6)",
              "Growth of log GMV a day, by least squares; 0.01 is about 1% a day")
          .column(
              GROWTH_LOW,
              "decimal(18,6)",
              "Lower end of its 80% interval: growth - t(.90, n-2) * standard error; NULL under 3 dates")
          .column(GROWTH_HIGH, "decimal(18,6)", "Upper end of it")
          .column(
              GOAL_STATE, STRING, "reached, projected, not at this pace, too few dates or no goal")
          .column(
              PROJECTED_DATE,
              DATE,
              "Date on which the mean, growing so, reaches the goal; NULL where it does not within 100 years")
          .column(PROJECTED_DATE_EARLY, DATE, "The same at growth_high")
          .column(
              PROJECTED_DATE_LATE,
              DATE,
              "The same at growth_low; NULL is an open end: not at this pace")
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
        SELECT market, gmv_date, currency, gmv_local, daily_goal_local
        FROM gold.daily_economics WHERE is_complete),
      calendar AS (
        SELECT market, explode(sequence(min(gmv_date),
          greatest(max(gmv_date), max(complete_until)), INTERVAL 1 DAY)) AS gmv_date
        FROM daily LEFT JOIN ops.watermarks USING (market) GROUP BY market),
      days AS (
        SELECT market, gmv_date,
          last_value(IF(currency IS NULL, NULL, struct(currency, daily_goal_local)), true)
            OVER (PARTITION BY market ORDER BY gmv_date) AS known,
          coalesce(gmv_local, 0) AS gmv_local,
          IF(gmv_local > 0, ln(CAST(gmv_local AS DOUBLE)), NULL) AS y,
          CAST(unix_date(gmv_date) AS DOUBLE) AS x
        FROM calendar LEFT JOIN daily USING (market, gmv_date)),
      fitted AS (
        SELECT market, gmv_date, known.currency, known.daily_goal_local, gmv_local,
          CAST(round(sum(gmv_local) OVER week / count(1) OVER week, 4) AS DECIMAL(24,4))
            AS mean_gmv_local,
          count(y) OVER month AS fitted_dates,
          count(1) OVER month - count(y) OVER month AS zero_dates,
          regr_slope(y, x) OVER month AS slope,
          regr_sxx(y, x) OVER month AS sxx,
          regr_syy(y, x) OVER month AS syy
        FROM days
        WINDOW
          week AS (PARTITION BY market ORDER BY gmv_date ROWS BETWEEN 6 PRECEDING AND CURRENT ROW),
          month AS
            (PARTITION BY market ORDER BY gmv_date ROWS BETWEEN 27 PRECEDING AND CURRENT ROW)),
      bounded AS (
        SELECT *,
          IF(fitted_dates > 2,
            element_at(array(3.0777D, 1.8856D, 1.6377D, 1.5332D, 1.4759D, 1.4398D, 1.4149D,
              1.3968D, 1.3830D, 1.3722D, 1.3634D, 1.3562D, 1.3502D, 1.3450D, 1.3406D, 1.3368D,
              1.3334D, 1.3304D, 1.3277D, 1.3253D, 1.3232D, 1.3212D, 1.3195D, 1.3178D, 1.3163D,
              1.3150D), CAST(fitted_dates - 2 AS INT))
            * sqrt(greatest(0D, syy - slope * slope * sxx) / (fitted_dates - 2) / sxx), NULL)
            AS margin,
          IF(mean_gmv_local > 0 AND daily_goal_local > mean_gmv_local,
            ln(CAST(daily_goal_local AS DOUBLE)) - ln(CAST(mean_gmv_local AS DOUBLE)), NULL) AS gap
        FROM fitted)
      SELECT market, gmv_date, currency, gmv_local, mean_gmv_local, daily_goal_local,
        CAST(round(try_divide(mean_gmv_local, daily_goal_local), 6) AS DECIMAL(18,6)) AS goal_share,
        CAST(fitted_dates AS BIGINT) AS fitted_dates, CAST(zero_dates AS BIGINT) AS zero_dates,
        CAST(round(slope, 6) AS DECIMAL(18,6)) AS growth,
        CAST(round(slope - margin, 6) AS DECIMAL(18,6)) AS growth_low,
        CAST(round(slope + margin, 6) AS DECIMAL(18,6)) AS growth_high,
        CASE WHEN daily_goal_local IS NULL THEN 'no goal'
          WHEN mean_gmv_local >= daily_goal_local THEN 'reached'
          WHEN slope IS NULL THEN 'too few dates'
          WHEN slope <= 0 OR gap IS NULL OR gap / slope > 36525 THEN 'not at this pace'
          ELSE 'projected' END AS goal_state,
        IF(slope > 0 AND gap / slope <= 36525,
          date_add(gmv_date, CAST(ceil(gap / slope) AS INT)), NULL) AS projected_date,
        IF(slope + margin > 0 AND gap / (slope + margin) <= 36525,
          date_add(gmv_date, CAST(ceil(gap / (slope + margin)) AS INT)), NULL)
          AS projected_date_early,
        IF(slope - margin > 0 AND gap / (slope - margin) <= 36525,
          date_add(gmv_date, CAST(ceil(gap / (slope - margin)) AS INT)), NULL)
          AS projected_date_late
      FROM bounded
""");

  private GoalProgress() {}
}
