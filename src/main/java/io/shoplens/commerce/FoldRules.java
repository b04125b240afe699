package io.shoplens.commerce;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import java.io.Serializable;
import java.util.Set;

/**
 * What the fold of an order needs to know, in a form that travels to executors.
 *
 * @param basis the order event that puts an order into GMV
 * @param include what counts in V beside the line values
 * @param dates business dates
 * @param rates rates into the reporting currency
 */
record FoldRules(
    GmvSettings.Basis basis,
    Set<GmvSettings.Include> include,
    MarketDates dates,
    ExchangeRates rates)
    implements Serializable {

  static FoldRules of(GmvSettings settings, Reference reference) {
    return new FoldRules(
        settings.basis(),
        settings.include(),
        new MarketDates(reference),
        ExchangeRates.of(settings, reference));
  }
}
