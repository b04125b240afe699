package io.shoplens.commerce;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The records of one order event: one at order grain, one per line at line grain. They make one
 * event at their earliest instant with their lines together; of what concerns the whole order the
 * first record that says it stands. A record seen before adds nothing.
 */
final class JoinedRecords {
  private final Set<String> seen = new HashSet<>();
  private final List<OrderEvent.Line> lines = new ArrayList<>();
  private final List<OrderEvent.Line> reversed = new ArrayList<>();
  private OrderEvent first;
  private OrderEvent.Header header;
  private BigDecimal amount;

  /** Whether the record is of this event. */
  boolean isOf(OrderEvent event) {
    return first == null || (first.id().equals(event.id()) && first.kind() == event.kind());
  }

  /** Adds a record of this event; records come by their instant, ties by their id. */
  void add(String recordId, OrderEvent event) {
    if (!seen.add(recordId)) {
      return;
    }
    first = first == null ? event : first;
    header = header == null ? event.header() : joined(header, event.header());
    amount = either(amount, event.amount());
    lines.addAll(event.lines());
    reversed.addAll(event.reversed());
  }

  /** The event its records make. */
  OrderEvent event() {
    return new OrderEvent(first.id(), first.kind(), first.at(), header, lines, reversed, amount);
  }

  private static OrderEvent.Header joined(OrderEvent.Header a, OrderEvent.Header b) {
    return new OrderEvent.Header(
        a.market(),
        either(a.region(), b.region()),
        a.currency(),
        either(a.salesChannel(), b.salesChannel()),
        either(a.merchantDomain(), b.merchantDomain()),
        either(a.merchantGroup(), b.merchantGroup()),
        either(a.userId(), b.userId()),
        either(a.deviceId(), b.deviceId()),
        either(a.shippingFee(), b.shippingFee()),
        either(a.shippingSubsidy(), b.shippingSubsidy()),
        either(a.tax(), b.tax()),
        either(a.shippingCost(), b.shippingCost()),
        either(a.fulfilmentCost(), b.fulfilmentCost()));
  }

  private static <T> T either(T first, T second) {
    return first == null ? second : first;
  }
}
