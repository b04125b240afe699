package io.shoplens.commerce;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The records of one order event: one at order grain, one per line at line grain. They make one
 * event at their earliest instant with their lines together; of what concerns the whole order the
 * first record that says it stands. A record seen before adds nothing. Amounts of different
 * currencies are never together: records in each make an event of their own.
 */
final class JoinedRecords {
  /** The records in one currency. */
  private static final class Part {
    private final List<OrderEvent.Line> lines = new ArrayList<>();
    private final List<OrderEvent.Line> reversed = new ArrayList<>();
    private final OrderEvent first;
    private OrderEvent.Header header;
    private BigDecimal amount;

    private Part(OrderEvent first) {
      this.first = first;
      header = first.header();
    }

    private void add(OrderEvent record) {
      header = joined(header, record.header());
      amount = either(amount, record.amount());
      lines.addAll(record.lines());
      reversed.addAll(record.reversed());
    }

    private OrderEvent event() {
      return new OrderEvent(
          first.id(), first.kind(), first.at(), first.recordId(), header, lines, reversed, amount);
    }
  }

  private final Set<String> seen = new HashSet<>();
  private final Map<String, Part> byCurrency = new LinkedHashMap<>();
  private OrderEvent first;

  /** Whether the record is of this event. */
  boolean isOf(OrderEvent record) {
    return first == null || (first.id().equals(record.id()) && first.kind() == record.kind());
  }

  /** Adds a record of this event; records come by their instant, ties by their id. */
  void add(OrderEvent record) {
    if (!seen.add(record.recordId())) {
      return;
    }
    first = first == null ? record : first;
    byCurrency
        .computeIfAbsent(record.header().currency(), currency -> new Part(record))
        .add(record);
  }

  /** The event its records make, or one for each currency they are in. */
  List<OrderEvent> events() {
    return byCurrency.values().stream().map(Part::event).toList();
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
