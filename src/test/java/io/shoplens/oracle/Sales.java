package io.shoplens.oracle;

import io.shoplens.oracle.OrderContract.Line;
import io.shoplens.oracle.OrderContract.OrderEvent;
import io.shoplens.oracle.OrderContract.Reversal;
import io.shoplens.oracle.OrderContract.ReversalLine;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The fold of order events into sales, cancellations and refunds, and what stands apart from them:
 * adjustments, shipping and tax given back among them, and excess. What is in another currency than
 * its order's is left out.
 */
final class Sales {
  /** An order's header: of its first placed event, else of its first event. */
  record Order(
      String orderId,
      Instant orderAt,
      String market,
      String region,
      String currency,
      String salesChannel,
      String merchantGroup,
      String userId,
      String deviceId) {

    String person() {
      return userId != null ? userId : deviceId;
    }
  }

  /**
   * Amounts of a movement. A sale has all but reversed; a reversal has that and what it takes off
   * the commissions, negative. The shipping cost is null where the order tells none.
   */
  record Amounts(
      BigDecimal gross,
      BigDecimal sellerDiscount,
      BigDecimal platformDiscount,
      BigDecimal shippingFee,
      BigDecimal shippingSubsidy,
      BigDecimal tax,
      BigDecimal reversed,
      BigDecimal commission,
      BigDecimal creatorCommission,
      BigDecimal shippingCost,
      BigDecimal fulfilmentCost) {

    static Amounts reversed(
        BigDecimal amount, BigDecimal commission, BigDecimal creatorCommission) {
      BigDecimal zero = BigDecimal.ZERO;
      return new Amounts(
          zero, zero, zero, zero, zero, zero, amount, commission, creatorCommission, zero, zero);
    }

    /** Fee less cost, or less the subsidy where the order tells no cost. */
    BigDecimal shippingMargin() {
      return shippingCost == null ? shippingSubsidy.negate() : shippingFee.subtract(shippingCost);
    }

    /** V with nothing included beside the line values. */
    BigDecimal gmv() {
      return gross;
    }
  }

  /**
   * A line's sale, cancellation or refund, or what stands apart. Reporting amounts are null without
   * a rate; the effect of moved rates is that of a reversal, null without a sale or a rate.
   */
  record Movement(
      Order order,
      String orderEventId,
      String lineId,
      String category,
      String creatorId,
      String entry,
      LocalDate date,
      boolean isLinked,
      long units,
      Amounts local,
      Amounts reporting,
      BigDecimal fxEffect) {

    /** Whether it is in no figure of GMV. */
    boolean isApart() {
      return entry.equals("adjustment") || entry.equals("excess_refund");
    }
  }

  /** What is left of an order: of its lines, and of shipping and tax together. */
  private static final class Left {
    final Map<String, Remaining> lines = new LinkedHashMap<>();
    BigDecimal header;
  }

  /** What is left of a sold line. */
  private static final class Remaining {
    final Line line;
    final BigDecimal net;
    BigDecimal value;
    long units;

    Remaining(Line line, BigDecimal value, long units) {
      this.line = line;
      this.net = value;
      this.value = value;
      this.units = units;
    }
  }

  private static final Comparator<OrderEvent> FOLD_ORDER =
      Comparator.comparing(OrderEvent::at)
          .thenComparing(OrderEvent::orderEventId)
          .thenComparing(event -> OrderContract.KINDS.indexOf(event.kind()));

  final List<Order> orders = new ArrayList<>();
  final List<Movement> movements = new ArrayList<>();

  /** Every line in the basis, dated by its order. */
  final List<Leaks.Line> sold = new ArrayList<>();

  private final Conf conf;
  private final Links links;

  Sales(List<OrderEvent> events, Conf conf) {
    this.conf = conf;
    this.links = new Links(conf);
    Map<String, List<OrderEvent>> byOrder = new TreeMap<>();
    for (OrderEvent event : events) {
      byOrder.computeIfAbsent(event.orderId(), id -> new ArrayList<>()).add(event);
    }
    for (List<OrderEvent> ofOrder : byOrder.values()) {
      fold(ofOrder.stream().sorted(FOLD_ORDER).toList());
    }
  }

  private void fold(List<OrderEvent> events) {
    OrderEvent placed = first(events, "placed");
    OrderEvent head = placed == null ? events.get(0) : placed;
    List<OrderEvent> inItsCurrency =
        events.stream().filter(event -> event.currency().equals(head.currency())).toList();
    OrderEvent paid = first(inItsCurrency, "paid");
    Order order =
        new Order(
            head.orderId(),
            head.at(),
            head.market(),
            head.region(),
            head.currency(),
            head.salesChannel(),
            head.salesChannel().equals("external")
                ? links.merchantGroup(head.merchantDomain())
                : null,
            head.userId(),
            head.deviceId());
    orders.add(order);
    for (OrderEvent event : inItsCurrency) {
      if (event.kind().equals("adjusted")) {
        BigDecimal amount = OrderContract.orZero(event.reversal().amount());
        setApart(order, event, "adjustment", dateOf(event, order), amount);
      }
    }
    if (placed == null) {
      creditNotes(order, inItsCurrency);
    } else {
      LocalDate basisDate = paid == null ? null : dateOf(paid, order);
      Left left = sale(order, placed, paid, basisDate, inItsCurrency);
      for (OrderEvent event : inItsCurrency) {
        if (isReversal(event)) {
          LocalDate own = dateOf(event, order);
          LocalDate date = basisDate != null && own.isBefore(basisDate) ? basisDate : own;
          reverse(order, event, date, basisDate, left);
        }
      }
    }
  }

  private void setApart(
      Order order, OrderEvent event, String entry, LocalDate date, BigDecimal amount) {
    BigDecimal zero = BigDecimal.ZERO;
    move(
        order, event, null, null, null, entry, date, null, 0, Amounts.reversed(amount, zero, zero));
  }

  private static OrderEvent first(List<OrderEvent> events, String kind) {
    return events.stream().filter(event -> event.kind().equals(kind)).findFirst().orElse(null);
  }

  /** The first event's amount that gives one, or null. */
  private static BigDecimal first(
      List<OrderEvent> events, Function<OrderEvent, BigDecimal> amount) {
    return events.stream().map(amount).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static boolean isReversal(OrderEvent event) {
    return event.kind().equals("cancelled") || event.kind().equals("refunded");
  }

  private LocalDate dateOf(OrderEvent event, Order order) {
    return conf.businessDate(event.at(), order.market(), order.region());
  }

  /** Refunds of an order that was never placed, with lines and prices of their own. */
  private void creditNotes(Order order, List<OrderEvent> events) {
    for (OrderEvent event : events) {
      if (!event.kind().equals("refunded")) {
        continue;
      }
      for (ReversalLine line : event.reversal().lines()) {
        if (line.unitPrice() != null) {
          BigDecimal value =
              lineValue(line.unitPrice(), line.quantity(), order.currency())
                  .subtract(line.sellerDiscount());
          move(
              order,
              event,
              line.lineId(),
              line.category(),
              null,
              "refunded",
              dateOf(event, order),
              null,
              line.quantity(),
              Amounts.reversed(value, BigDecimal.ZERO, BigDecimal.ZERO));
        }
      }
    }
  }

  private static BigDecimal lineValue(BigDecimal unitPrice, long quantity, String currency) {
    return Money.rounded(unitPrice.multiply(BigDecimal.valueOf(quantity)), Money.digits(currency));
  }

  /**
   * Sells every line of an order in the basis; the header's amounts are split by net line value,
   * ties by line_id.
   */
  private Left sale(
      Order order,
      OrderEvent placed,
      OrderEvent basis,
      LocalDate date,
      List<OrderEvent> inItsCurrency) {
    int digits = Money.digits(order.currency());
    List<Line> lines = placed.lines().stream().sorted(Comparator.comparing(Line::lineId)).toList();
    List<BigDecimal> net = new ArrayList<>();
    for (Line line : lines) {
      net.add(
          lineValue(line.unitPrice(), line.quantity(), order.currency())
              .subtract(line.sellerDiscount()));
    }
    List<BigDecimal> fees = Money.split(placed.shippingFee(), net, digits);
    BigDecimal subsidy = first(inItsCurrency, OrderEvent::shippingSubsidy);
    List<BigDecimal> subsidies = Money.split(OrderContract.orZero(subsidy), net, digits);
    List<BigDecimal> taxes = Money.split(placed.tax(), net, digits);
    BigDecimal packing = first(inItsCurrency, OrderEvent::fulfilmentCost);
    List<BigDecimal> fulfilment = Money.split(OrderContract.orZero(packing), net, digits);
    BigDecimal carrier = first(inItsCurrency, OrderEvent::shippingCost);
    List<BigDecimal> costs = carrier == null ? null : Money.split(carrier, net, digits);
    Left left = new Left();
    left.header = placed.shippingFee().add(placed.tax());
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      left.lines.put(line.lineId(), new Remaining(line, net.get(i), line.quantity()));
      if (basis == null) {
        continue;
      }
      BigDecimal gross = lineValue(line.unitPrice(), line.quantity(), order.currency());
      sold.add(
          new Leaks.Line(
              order.orderId(),
              line.lineId(),
              order.orderAt(),
              conf.businessDate(order.orderAt(), order.market(), order.region()),
              order.market(),
              order.userId(),
              order.deviceId(),
              order.salesChannel().equals("in_app"),
              order.merchantGroup(),
              line.productId(),
              line.category(),
              line.quantity(),
              conf.reported(gross, order.currency(), date),
              line.creatorId(),
              line.commissionRate()));
      move(
          order,
          basis,
          line.lineId(),
          line.category(),
          line.creatorId(),
          "sale",
          date,
          date,
          line.quantity(),
          new Amounts(
              lineValue(line.unitPrice(), line.quantity(), order.currency()),
              line.sellerDiscount(),
              line.platformDiscount(),
              fees.get(i),
              subsidies.get(i),
              taxes.get(i),
              BigDecimal.ZERO,
              Money.rounded(
                  net.get(i).multiply(OrderContract.orZero(line.commissionRate())), digits),
              Money.rounded(net.get(i).multiply(line.creatorCommissionRate()), digits),
              costs == null ? null : costs.get(i),
              fulfilment.get(i)));
    }
    return left;
  }

  /** Takes back named lines, or an amount, or all that remains. */
  private void reverse(
      Order order, OrderEvent event, LocalDate date, LocalDate basisDate, Left left) {
    int digits = Money.digits(order.currency());
    Reversal reversal = event.reversal();
    BigDecimal ofHeader = BigDecimal.ZERO;
    BigDecimal excess = BigDecimal.ZERO;
    boolean isBeyond = false;
    if (!reversal.lines().isEmpty()) {
      for (ReversalLine line : reversal.lines()) {
        Remaining named = left.lines.get(line.lineId());
        isBeyond |= named == null || line.quantity() > named.units;
        if (named == null) {
          if (line.unitPrice() != null) {
            excess =
                excess
                    .add(lineValue(line.unitPrice(), line.quantity(), order.currency()))
                    .subtract(line.sellerDiscount());
          }
          continue;
        }
        long units = Math.min(line.quantity(), named.units);
        BigDecimal value =
            line.quantity() >= named.units
                ? named.value
                : named
                    .value
                    .multiply(BigDecimal.valueOf(units))
                    .divide(BigDecimal.valueOf(named.units), digits, RoundingMode.HALF_UP);
        take(order, event, date, basisDate, line.lineId(), named, units, value);
        excess =
            excess.add(
                named
                    .net
                    .multiply(BigDecimal.valueOf(line.quantity() - units))
                    .divide(
                        BigDecimal.valueOf(named.line.quantity()), digits, RoundingMode.HALF_UP));
      }
    } else if (reversal.amount() != null) {
      List<BigDecimal> values = left.lines.values().stream().map(line -> line.value).toList();
      BigDecimal counted = reversal.amount().min(Money.sum(values));
      List<BigDecimal> parts = Money.split(counted, values, digits);
      int i = 0;
      for (Map.Entry<String, Remaining> line : left.lines.entrySet()) {
        take(order, event, date, basisDate, line.getKey(), line.getValue(), 0, parts.get(i++));
      }
      BigDecimal rest = reversal.amount().subtract(counted);
      ofHeader = rest.min(left.header);
      excess = rest.subtract(ofHeader);
    } else {
      for (Map.Entry<String, Remaining> entry : left.lines.entrySet()) {
        Remaining line = entry.getValue();
        take(order, event, date, basisDate, entry.getKey(), line, line.units, line.value);
      }
      ofHeader = left.header;
    }
    left.header = left.header.subtract(ofHeader);
    if (ofHeader.signum() > 0 && basisDate != null) {
      setApart(order, event, "adjustment", date, ofHeader);
    }
    if (isBeyond || excess.signum() > 0) {
      setApart(order, event, "excess_refund", date, excess);
    }
  }

  private void take(
      Order order,
      OrderEvent event,
      LocalDate date,
      LocalDate basisDate,
      String lineId,
      Remaining left,
      long units,
      BigDecimal value) {
    if (units == 0 && value.signum() == 0) {
      return;
    }
    int digits = Money.digits(order.currency());
    BigDecimal rest = left.value.subtract(value);
    BigDecimal commission =
        given(left, rest, OrderContract.orZero(left.line.commissionRate()), digits);
    BigDecimal creators = given(left, rest, left.line.creatorCommissionRate(), digits);
    left.units -= units;
    left.value = rest;
    if (basisDate == null) {
      return;
    }
    move(
        order,
        event,
        lineId,
        left.line.category(),
        left.line.creatorId(),
        event.kind(),
        date,
        basisDate,
        units,
        Amounts.reversed(value, commission, creators));
  }

  /** What a line's commission changes by when its value falls to a rest. */
  private static BigDecimal given(Remaining left, BigDecimal rest, BigDecimal rate, int digits) {
    return Money.rounded(rest.multiply(rate), digits)
        .subtract(Money.rounded(left.value.multiply(rate), digits));
  }

  private void move(
      Order order,
      OrderEvent event,
      String lineId,
      String category,
      String creatorId,
      String entry,
      LocalDate date,
      LocalDate soldDate,
      long units,
      Amounts local) {
    boolean isRateKnown = conf.reported(BigDecimal.ZERO, order.currency(), date) != null;
    Amounts reporting =
        !isRateKnown
            ? null
            : new Amounts(
                conf.reported(local.gross(), order.currency(), date),
                conf.reported(local.sellerDiscount(), order.currency(), date),
                conf.reported(local.platformDiscount(), order.currency(), date),
                conf.reported(local.shippingFee(), order.currency(), date),
                conf.reported(local.shippingSubsidy(), order.currency(), date),
                conf.reported(local.tax(), order.currency(), date),
                conf.reported(local.reversed(), order.currency(), date),
                conf.reported(local.commission(), order.currency(), date),
                conf.reported(local.creatorCommission(), order.currency(), date),
                local.shippingCost() == null
                    ? null
                    : conf.reported(local.shippingCost(), order.currency(), date),
                conf.reported(local.fulfilmentCost(), order.currency(), date));
    movements.add(
        new Movement(
            order,
            event.orderEventId(),
            lineId,
            category,
            creatorId,
            entry,
            date,
            soldDate != null,
            units,
            local,
            reporting,
            fxEffect(local.reversed(), order.currency(), date, soldDate)));
  }

  /** The amount at the rate of its sale less the amount at the rate of its own date. */
  private BigDecimal fxEffect(
      BigDecimal reversed, String currency, LocalDate date, LocalDate soldDate) {
    BigDecimal own = conf.reported(reversed, currency, date);
    BigDecimal sold = soldDate == null ? null : conf.reported(reversed, currency, soldDate);
    return own == null || sold == null ? null : sold.subtract(own);
  }
}
