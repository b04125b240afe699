package io.shoplens.config;

import java.util.Set;

/**
 * How GMV is counted.
 *
 * @param basis the order event that puts an order into GMV
 * @param include what counts beside the line values
 * @param reportingCurrency ISO 4217 code of the currency all markets are reported in
 * @param ratesCarriedDays how many days a rate stands in for later days without one
 */
public record GmvSettings(
    Basis basis, Set<Include> include, String reportingCurrency, int ratesCarriedDays) {

  /** The order event that puts an order into GMV. */
  public enum Basis {
    PLACED,
    PAID
  }

  /** What counts beside the line values. */
  public enum Include {
    SHIPPING,
    TAX
  }

  public GmvSettings {
    include = Set.copyOf(include);
  }
}
