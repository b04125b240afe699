package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** What each class earns under each model, and how far the models differ. */
public final class ModelComparison {
  public static final Table TABLE =
      Table.named("gold.model_comparison")
          .saying("What each class earns under each model, and how far the models differ.")
          .grain(
              "one row per market, business date, currency, sales channel, touch set, class and model")
          .key(MARKET, CREDIT_DATE, CURRENCY, SALES_CHANNEL, TOUCH_SET, TOUCH_CLASS, MODEL)
          .partitionedBy(CREDIT_DATE)
          .reach(0, 30, "as the credits it sums")
          .column(MARKET, STRING, "Market of the orders")
          .column(CREDIT_DATE, DATE, "Business date of the movements")
          .column(CURRENCY, STRING, "Order currency")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(TOUCH_SET, STRING, "entry (headline) or all")
          .column(TOUCH_CLASS, STRING, "in_app_shop, external_link, direct or unattributed")
          .column(
              MODEL, STRING, "The model; a class that earns nothing under a model has no row there")
          .column(CREDIT_LOCAL, MONEY, "Credit of the orders sold")
          .column(CREDIT_REPORTING, MONEY, "credit_local in the reporting currency")
          .column(GMV_LOCAL, MONEY, "Credit of all classes: the GMV of the orders sold")
          .column(
              CLASS_SHARE,
              RATE,
              "credit_local / gmv_local, half up to 6 decimals; NULL where nothing was sold")
          .column(
              MODEL_SPREAD,
              RATE,
              "Largest less smallest share of the class over all models computed, 0 where one has no row; NULL where nothing was sold")
          .declared();

  private ModelComparison() {}
}
