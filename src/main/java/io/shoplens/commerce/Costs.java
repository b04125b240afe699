package io.shoplens.commerce;

import java.math.BigDecimal;

/**
 * What a movement of an order line earns and costs the platform beside its {@link Amounts}, all in
 * one currency.
 *
 * @param commission the platform's: rate * net line value, half up; negative where reversed
 * @param creatorCommission the creator's, by the same rule
 * @param shippingCost the line's part of what the platform pays the carrier; NULL where not given
 * @param fulfilmentCost the line's part of storing, picking and packing
 */
record Costs(
    BigDecimal commission,
    BigDecimal creatorCommission,
    BigDecimal shippingCost,
    BigDecimal fulfilmentCost) {

  /** Of a line sold at a net value. */
  static Costs sold(
      OrderEvent.Line line,
      BigDecimal net,
      BigDecimal shippingCost,
      BigDecimal fulfilmentCost,
      String currency) {
    return new Costs(
        commission(line.commissionRate(), net, currency),
        commission(line.creatorCommissionRate(), net, currency),
        shippingCost,
        fulfilmentCost);
  }

  /**
   * Commissions that go back while a line's net value falls: the difference of the rounded ones, so
   * that a line reversed in parts gives back exactly what it earned. Other costs stay.
   */
  static Costs reversed(
      OrderEvent.Line line, BigDecimal before, BigDecimal after, String currency) {
    return new Costs(
        commission(line.commissionRate(), after, currency)
            .subtract(commission(line.commissionRate(), before, currency)),
        commission(line.creatorCommissionRate(), after, currency)
            .subtract(commission(line.creatorCommissionRate(), before, currency)),
        null,
        Money.orZero(null, currency));
  }

  private static BigDecimal commission(BigDecimal rate, BigDecimal net, String currency) {
    return Money.orZero(rate == null ? null : rate.multiply(net), currency);
  }

  /** The sum of two reversals of one line; either may be NULL. */
  static Costs together(Costs a, Costs b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return new Costs(
        a.commission.add(b.commission),
        a.creatorCommission.add(b.creatorCommission),
        null,
        a.fulfilmentCost.add(b.fulfilmentCost));
  }

  /** Each part converted on its own. */
  Costs converted(ExchangeRates.CrossRate rate) {
    return new Costs(
        rate.converted(commission),
        rate.converted(creatorCommission),
        shippingCost == null ? null : rate.converted(shippingCost),
        rate.converted(fulfilmentCost));
  }
}
