package io.shoplens.commerce;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;

/**
 * One event of an order, its records brought together.
 *
 * @param id its identifier
 * @param kind what happened
 * @param at its instant, in microseconds since 1970 UTC
 * @param recordId id of its first record
 * @param header what it says of the whole order
 * @param lines placed: the order's lines; else empty
 * @param reversed lines a reversal names, with quantities; else empty
 * @param amount amount of a reversal or adjustment; NULL where none is given
 */
record OrderEvent(
    String id,
    Kind kind,
    long at,
    String recordId,
    Header header,
    List<Line> lines,
    List<Line> reversed,
    BigDecimal amount) {

  /** The sequence in which events change an order, ties broken down to the record. */
  static final Comparator<OrderEvent> SEQUENCE =
      Comparator.comparingLong(OrderEvent::at)
          .thenComparing(OrderEvent::id)
          .thenComparing(OrderEvent::kind)
          .thenComparing(OrderEvent::recordId);

  /** The event with other costs of the platform, any of which may be NULL. */
  OrderEvent bearing(
      BigDecimal shippingSubsidy, BigDecimal shippingCost, BigDecimal fulfilmentCost) {
    return new OrderEvent(
        id,
        kind,
        at,
        recordId,
        new Header(
            header.market,
            header.region,
            header.currency,
            header.salesChannel,
            header.merchantDomain,
            header.merchantGroup,
            header.userId,
            header.deviceId,
            header.shippingFee,
            shippingSubsidy,
            header.tax,
            shippingCost,
            fulfilmentCost),
        lines,
        reversed,
        amount);
  }

  /** What can happen to an order, in its natural course. */
  enum Kind {
    PLACED,
    PAID,
    SHIPPED,
    DELIVERED,
    CANCELLED,
    REFUNDED,
    ADJUSTED;

    boolean isReversal() {
      return this == CANCELLED || this == REFUNDED;
    }
  }

  /** What an event says of the whole order; any of it may be NULL but market and currency. */
  record Header(
      String market,
      String region,
      String currency,
      String salesChannel,
      String merchantDomain,
      String merchantGroup,
      String userId,
      String deviceId,
      BigDecimal shippingFee,
      BigDecimal shippingSubsidy,
      BigDecimal tax,
      BigDecimal shippingCost,
      BigDecimal fulfilmentCost) {}

  /**
   * A line as it came. Reversals name a line and a quantity, and may carry a price of their own.
   */
  record Line(
      String lineId,
      String productId,
      String category,
      String sellerId,
      String creatorId,
      Long quantity,
      BigDecimal unitPrice,
      BigDecimal sellerDiscount,
      BigDecimal platformDiscount,
      BigDecimal commissionRate,
      BigDecimal creatorCommissionRate) {

    Line named(String id) {
      return new Line(
          id,
          productId,
          category,
          sellerId,
          creatorId,
          quantity,
          unitPrice,
          sellerDiscount,
          platformDiscount,
          commissionRate,
          creatorCommissionRate);
    }
  }
}
