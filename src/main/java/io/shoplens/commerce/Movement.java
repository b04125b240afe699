package io.shoplens.commerce;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A movement of an order's figures on its own date.
 *
 * @param orderEventId the order event that moved it
 * @param line what was sold or reversed, as the order placed it; NULL where no line is concerned
 * @param entry what kind of movement it is
 * @param at its instant in microseconds since 1970 UTC
 * @param date its business date, a reversal's not before the basis date
 * @param currency currency of the local amounts
 * @param units units sold or reversed
 * @param isLinked whether the order is known
 * @param sale the sale's amounts; NULL for other entries
 * @param reversed amount of any other entry; NULL for a sale
 * @param saleReporting the sale's amounts in the reporting currency; NULL without a rate
 * @param reversedReporting the other entry's amount in it; NULL without a rate
 * @param fxEffect what a cancelled or refunded amount comes to at the rate of the basis date, less
 *     what it comes to at its own; NULL for other entries, and without either rate
 * @param costs what a line's sale earns and costs, or what of it goes back; else NULL
 * @param costsReporting the same in the reporting currency; NULL without a rate
 * @param isRateMissing whether there is no rate
 */
record Movement(
    String orderEventId,
    OrderEvent.Line line,
    Entry entry,
    long at,
    LocalDate date,
    String currency,
    long units,
    boolean isLinked,
    Amounts sale,
    BigDecimal reversed,
    Amounts saleReporting,
    BigDecimal reversedReporting,
    BigDecimal fxEffect,
    Costs costs,
    Costs costsReporting,
    boolean isRateMissing) {

  /** Kinds of movement. Sale, cancelled and refunded make GMV; the others are reported apart. */
  enum Entry {
    SALE,
    CANCELLED,
    REFUNDED,
    EXCESS_REFUND,
    OTHER_CURRENCY,
    ADJUSTMENT
  }

  String lineId() {
    return line == null ? null : line.lineId();
  }
}
