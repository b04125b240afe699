package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What the in-app shop earned on its sales, and what they cost it. */
public final class DailyEconomics {
  public static final Table TABLE =
      Table.named("gold.daily_economics")
          .saying("What the in-app shop earned on its sales, and what they cost it.")
          .grain("one row per market and business date")
          .key(MARKET, GMV_DATE)
          .partitionedBy(GMV_DATE)
          .reach(0, 0, "nothing: movements carry their own date")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code")
          .column(GMV_DATE, DATE, "Business date")
          .column(
              CURRENCY,
              STRING,
              "The market's currency; a day's sums in other currencies are converted at its rate")
          .column(REPORTING_CURRENCY, STRING, "Reporting currency")
          .column(
              IS_COMPLETE,
              BOOLEAN,
              "Whether the market's watermark has passed the end of the date in all its zones")
          .column(GMV_LOCAL, MONEY, "GMV under gmv.include")
          .column(NET_GMV_LOCAL, MONEY, "GMV - seller discount - cancelled - refunded")
          .column(
              COMMISSION_LOCAL,
              MONEY,
              "Platform's commission: rate * net line value, less what went back with cancellations and refunds of the date")
          .column(PLATFORM_DISCOUNT_LOCAL, MONEY, "Discount borne by the platform")
          .column(SHIPPING_SUBSIDY_LOCAL, MONEY, "Shipping borne by the platform, as given")
          .column(
              SHIPPING_MARGIN_LOCAL,
              MONEY,
              "Shipping fee - shipping cost of orders that give the cost, else minus the shipping subsidy")
          .column(
              FULFILMENT_COST_LOCAL,
              MONEY,
              "Storing, picking and packing; stands where an order is cancelled or refunded")
          .column(
              CREATOR_COMMISSION_LOCAL,
              MONEY,
              "Creators' commission, reversed as the platform's is")
          .column(
              CONTRIBUTION_LOCAL,
              MONEY,
              "Commission - platform discount + shipping margin - fulfilment cost - creator commission")
          .column(GMV_REPORTING, MONEY, "gmv_local in the reporting currency")
          .column(NET_GMV_REPORTING, MONEY, "net_gmv_local in the reporting currency")
          .column(COMMISSION_REPORTING, MONEY, "commission_local in the reporting currency")
          .column(
              PLATFORM_DISCOUNT_REPORTING,
              MONEY,
              "platform_discount_local in the reporting currency")
          .column(
              SHIPPING_SUBSIDY_REPORTING, MONEY, "shipping_subsidy_local in the reporting currency")
          .column(
              SHIPPING_MARGIN_REPORTING, MONEY, "shipping_margin_local in the reporting currency")
          .column(
              FULFILMENT_COST_REPORTING, MONEY, "fulfilment_cost_local in the reporting currency")
          .column(
              CREATOR_COMMISSION_REPORTING,
              MONEY,
              "creator_commission_local in the reporting currency")
          .column(CONTRIBUTION_REPORTING, MONEY, "contribution_local in the reporting currency")
          .column(
              SUBSIDY_RATE,
              "decimal(18,6)",
              "(platform discount + shipping subsidy) / GMV, half up to 6 decimals; NULL without GMV")
          .column(
              FIXED_COST_LOCAL,
              MONEY,
              "daily_fixed_cost of markets.csv when the date was computed; NULL where none is set")
          .column(DAILY_GOAL_LOCAL, MONEY, "daily_goal of markets.csv, likewise")
          .column(LOSS_BUDGET_LOCAL, MONEY, "yearly_loss_budget of markets.csv, likewise")
          .column(
              MISSING_RATES,
              BIGINT,
              "Movements without an exchange rate, absent from the reporting columns or, in other currencies, from the local ones")
          .declared();

  private DailyEconomics() {}
}
