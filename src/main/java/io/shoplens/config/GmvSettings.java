package io.shoplens.config;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * How GMV is counted.
 *
 * @param basis the order event that puts an order into GMV
 * @param include what counts beside the line values
 * @param reportingCurrency ISO 4217 code of the currency all markets are reported in
 * @param ratesCarriedDays how many days a rate stands in for later days without one
 * @param closedUntil last date of the closed periods, whose figures are never rewritten; empty
 *     where none is closed
 */
public record GmvSettings(
    Basis basis,
    Set<Include> include,
    String reportingCurrency,
    int ratesCarriedDays,
    Optional<LocalDate> closedUntil) {

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

  /** Published conventions of what GMV is; what each does is in conf/shoplens.yaml. */
  public enum Preset {
    NONE(Basis.PAID, Set.of()),
    /** Alibaba: confirmed orders, whether settled or not, with shipping charges. */
    PLATFORM(Basis.PLACED, Set.of(Include.SHIPPING)),
    /** Shopify: with shipping and tax, net of refunds: its figure is net GMV. */
    NET_OF_REFUNDS(Basis.PAID, Set.of(Include.SHIPPING, Include.TAX)),
    /** eBay: paid transactions, with shipping and tax. */
    PAID_ONLY(Basis.PAID, Set.of(Include.SHIPPING, Include.TAX));

    private final Basis basis;
    private final Set<Include> include;

    Preset(Basis basis, Set<Include> include) {
      this.basis = basis;
      this.include = include;
    }

    /** The order event that puts an order into GMV. */
    public Basis basis() {
      return basis;
    }

    /** What counts beside the line values. */
    public Set<Include> include() {
      return include;
    }
  }

  public GmvSettings {
    include = Set.copyOf(include);
  }
}
