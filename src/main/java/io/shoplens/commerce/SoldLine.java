package io.shoplens.commerce;

import io.shoplens.config.GmvSettings.Include;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A line of an order with its value, its part of the order's shipping and tax, and its costs. */
record SoldLine(OrderEvent.Line line, Amounts amounts, Costs costs) {

  /** The lines of a placed event in the order of their ids, header amounts split by net value. */
  static List<SoldLine> of(OrderEvent placed, Set<Include> include) {
    OrderEvent.Header header = placed.header();
    String currency = header.currency();
    List<OrderEvent.Line> lines =
        identified(placed.lines()).stream()
            .sorted(Comparator.comparing(OrderEvent.Line::lineId))
            .toList();
    List<BigDecimal> gross =
        lines.stream()
            .map(line -> Money.lineValue(line.quantity(), line.unitPrice(), currency))
            .toList();
    List<BigDecimal> discounts =
        lines.stream().map(line -> Money.orZero(line.sellerDiscount(), currency)).toList();
    List<BigDecimal> net = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      net.add(gross.get(i).subtract(discounts.get(i)));
    }
    List<BigDecimal> fees = split(header.shippingFee(), net, currency);
    List<BigDecimal> subsidies = split(header.shippingSubsidy(), net, currency);
    List<BigDecimal> taxes = split(header.tax(), net, currency);
    List<BigDecimal> shippingCosts = split(header.shippingCost(), net, currency);
    List<BigDecimal> fulfilmentCosts = split(header.fulfilmentCost(), net, currency);
    List<SoldLine> sold = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      OrderEvent.Line line = lines.get(i);
      sold.add(
          new SoldLine(
              line,
              Amounts.of(
                  gross.get(i),
                  discounts.get(i),
                  Money.orZero(line.platformDiscount(), currency),
                  fees.get(i),
                  subsidies.get(i),
                  taxes.get(i),
                  include),
              Costs.sold(
                  line,
                  net.get(i),
                  header.shippingCost() == null ? null : shippingCosts.get(i),
                  fulfilmentCosts.get(i),
                  currency)));
    }
    return sold;
  }

  /**
   * The lines with ids that tell them apart: a line without one is called by its position from 1,
   * and a repeated id is followed by {@code #2}, {@code #3} and so on.
   */
  static List<OrderEvent.Line> identified(List<OrderEvent.Line> lines) {
    Set<String> taken = new HashSet<>();
    List<OrderEvent.Line> identified = new ArrayList<>(lines.size());
    for (OrderEvent.Line line : lines) {
      String id = line.lineId() == null ? String.valueOf(identified.size() + 1) : line.lineId();
      String free = id;
      for (int count = 2; !taken.add(free); count++) {
        free = id + "#" + count;
      }
      identified.add(line.named(free));
    }
    return identified;
  }

  private static List<BigDecimal> split(
      BigDecimal amount, List<BigDecimal> weights, String currency) {
    return Money.split(Money.orZero(amount, currency), weights, Money.digits(currency));
  }
}
