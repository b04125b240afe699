package io.shoplens.commerce;

import io.shoplens.config.GmvSettings.Include;
import java.math.BigDecimal;
import java.util.Set;

/**
 * The amounts of a sale, of one line or of a whole order, all in one currency.
 *
 * @param gross line value before discounts, tax and shipping
 * @param sellerDiscount borne by the seller, part of the gross value
 * @param platformDiscount borne by the platform
 * @param shippingFee shipping the buyer pays
 * @param shippingSubsidy shipping the platform bears
 * @param tax tax
 * @param gmv V: gross and whatever else counts by gmv.include
 */
record Amounts(
    BigDecimal gross,
    BigDecimal sellerDiscount,
    BigDecimal platformDiscount,
    BigDecimal shippingFee,
    BigDecimal shippingSubsidy,
    BigDecimal tax,
    BigDecimal gmv) {

  static final Amounts ZERO =
      of(
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          Set.of());

  static Amounts of(
      BigDecimal gross,
      BigDecimal sellerDiscount,
      BigDecimal platformDiscount,
      BigDecimal shippingFee,
      BigDecimal shippingSubsidy,
      BigDecimal tax,
      Set<Include> include) {
    BigDecimal gmv = gross;
    gmv = include.contains(Include.SHIPPING) ? gmv.add(shippingFee) : gmv;
    gmv = include.contains(Include.TAX) ? gmv.add(tax) : gmv;
    return new Amounts(
        gross, sellerDiscount, platformDiscount, shippingFee, shippingSubsidy, tax, gmv);
  }

  /** What is left to reverse: the gross value less the seller's discount. */
  BigDecimal net() {
    return gross.subtract(sellerDiscount);
  }

  Amounts plus(Amounts other) {
    return new Amounts(
        gross.add(other.gross),
        sellerDiscount.add(other.sellerDiscount),
        platformDiscount.add(other.platformDiscount),
        shippingFee.add(other.shippingFee),
        shippingSubsidy.add(other.shippingSubsidy),
        tax.add(other.tax),
        gmv.add(other.gmv));
  }

  /** Each part converted on its own; V is the sum of its converted parts. */
  Amounts converted(ExchangeRates.CrossRate rate, Set<Include> include) {
    return of(
        rate.converted(gross),
        rate.converted(sellerDiscount),
        rate.converted(platformDiscount),
        rate.converted(shippingFee),
        rate.converted(shippingSubsidy),
        rate.converted(tax),
        include);
  }
}
