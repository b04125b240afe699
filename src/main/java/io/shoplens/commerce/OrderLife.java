package io.shoplens.commerce;

import io.shoplens.commerce.ExchangeRates.CrossRate;
import io.shoplens.commerce.Movement.Entry;
import io.shoplens.commerce.OrderEvent.Kind;
import io.shoplens.config.GmvSettings;
import io.shoplens.config.GmvSettings.Include;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The life of one order: takes its events in any order, and says what became of it. It keeps the
 * lines and the reversals, and of all other events only the ones that count, so its memory grows
 * with what the order holds and not with how often that was sent. Which currency is the order's is
 * known only in the end, so what counts is kept for each.
 */
final class OrderLife {
  /**
   * What became of an order.
   *
   * @param defining the event that says what the order is: the first placed one with lines, else
   *     the first of any kind
   * @param orderAt instant of the first placed event in its currency, else of the first
   * @param orderDate its business date; NULL for a market that is not configured
   * @param paidAt instant of the first paid event in its currency; NULL before
   * @param basisDate date on which it enters GMV; NULL while it is not in the basis
   * @param state the last event that changed its state; NULL where only adjustments are known
   * @param isOrphan whether no placed event with lines is known
   * @param lines its lines in the order of their ids
   * @param total their amounts
   * @param cancelled net line value cancelled, with shipping and tax where gmv.include counts them
   * @param refunded the same refunded
   * @param excess what was reversed beyond what remained
   * @param movements its movements in the order they happened, sales first
   */
  record Outcome(
      OrderEvent defining,
      long orderAt,
      LocalDate orderDate,
      Long paidAt,
      LocalDate basisDate,
      Kind state,
      boolean isOrphan,
      List<SoldLine> lines,
      Amounts total,
      BigDecimal cancelled,
      BigDecimal refunded,
      BigDecimal excess,
      List<Movement> movements) {

    /** V of each line in the reporting currency by line id; empty if not sold or without a rate. */
    Map<String, BigDecimal> gmvReporting() {
      return movements.stream()
          .filter(movement -> movement.saleReporting() != null)
          .collect(Collectors.toMap(Movement::lineId, movement -> movement.saleReporting().gmv()));
    }
  }

  private record MovementKey(String orderEventId, String lineId, Entry entry, String currency) {}

  /** What counts of the events in one currency, beside what the reversals take back. */
  private static final class Course {
    private final Map<Kind, OrderEvent> firsts = new EnumMap<>(Kind.class);
    private OrderEvent lastForward;
    private OrderEvent firstWithShippingSubsidy;
    private OrderEvent firstWithShippingCost;
    private OrderEvent firstWithFulfilmentCost;

    private void take(OrderEvent event) {
      switch (event.kind()) {
        case PLACED -> firsts.merge(event.kind(), event, OrderLife::earlier);
        case PAID, SHIPPED, DELIVERED -> {
          firsts.merge(event.kind(), event, OrderLife::earlier);
          lastForward = later(lastForward, event);
        }
        case CANCELLED, REFUNDED, ADJUSTED -> {}
        default -> throw new IllegalStateException("An order event of kind " + event.kind());
      }
      OrderEvent.Header header = event.header();
      if (header.shippingSubsidy() != null) {
        firstWithShippingSubsidy = earlier(firstWithShippingSubsidy, event);
      }
      if (header.shippingCost() != null) {
        firstWithShippingCost = earlier(firstWithShippingCost, event);
      }
      if (header.fulfilmentCost() != null) {
        firstWithFulfilmentCost = earlier(firstWithFulfilmentCost, event);
      }
    }

    /** The order as placed, with what the platform bears of it by the first event that says so. */
    private OrderEvent withCosts(OrderEvent placed) {
      return placed.bearing(
          cost(firstWithShippingSubsidy, OrderEvent.Header::shippingSubsidy),
          cost(firstWithShippingCost, OrderEvent.Header::shippingCost),
          cost(firstWithFulfilmentCost, OrderEvent.Header::fulfilmentCost));
    }

    private static BigDecimal cost(
        OrderEvent first, Function<OrderEvent.Header, BigDecimal> amount) {
      return first == null ? null : amount.apply(first.header());
    }
  }

  private final FoldRules rules;
  private final List<OrderEvent> reversals = new ArrayList<>();
  private final Map<String, Course> courses = new HashMap<>();
  private OrderEvent first;
  private OrderEvent firstWithLines;

  OrderLife(FoldRules rules) {
    this.rules = rules;
  }

  /** Takes an event, whatever its place in the sequence. */
  void take(OrderEvent event) {
    first = earlier(first, event);
    courses.computeIfAbsent(event.header().currency(), any -> new Course()).take(event);
    if (event.kind() == Kind.PLACED && !event.lines().isEmpty()) {
      firstWithLines = earlier(firstWithLines, event);
    } else if (event.kind().isReversal() || event.kind() == Kind.ADJUSTED) {
      reversals.add(event);
    }
  }

  /** What became of the order, by all events taken. */
  Outcome outcome() {
    OrderEvent defining = firstWithLines == null ? first : firstWithLines;
    OrderEvent.Header header = defining.header();
    String currency = header.currency();
    Course course = courses.get(currency);
    OrderEvent firstPlaced = course.firsts.get(Kind.PLACED);
    OrderEvent firstPaid = course.firsts.get(Kind.PAID);
    Optional<ZoneId> zone = rules.dates().zone(header.market(), header.region());
    OrderEvent ordered = firstPlaced == null ? first : firstPlaced;
    OrderEvent basis = rules.basis() == GmvSettings.Basis.PLACED ? firstPlaced : firstPaid;
    LocalDate basisDate =
        Optional.ofNullable(firstWithLines == null ? null : basis)
            .flatMap(event -> date(event, zone))
            .orElse(null);
    List<SoldLine> lines =
        firstWithLines == null
            ? List.of()
            : SoldLine.of(course.withCosts(firstWithLines), rules.include());

    Accounts accounts = new Accounts(currency, zone, basisDate);
    if (basisDate != null) {
      lines.forEach(line -> accounts.sell(basis, line));
    }
    Remainder remainder = firstWithLines == null ? null : new Remainder(currency, lines);
    for (OrderEvent event : reversalsAndStrayEvents(currency)) {
      if (!event.header().currency().equals(currency)) {
        accounts.enterOtherCurrency(event);
      } else if (event.kind() == Kind.ADJUSTED) {
        accounts.enterAdjustment(event);
      } else if (remainder != null) {
        remainder.reversed(event).forEach(part -> accounts.reverse(event, part));
      } else if (firstPlaced == null && event.kind() == Kind.REFUNDED) {
        accounts.refundUnlinked(event);
      }
    }
    return new Outcome(
        defining,
        ordered.at(),
        date(ordered, zone).orElse(null),
        firstPaid == null ? null : firstPaid.at(),
        basisDate,
        state(course, currency),
        firstWithLines == null,
        lines,
        lines.stream().map(SoldLine::amounts).reduce(Amounts.ZERO, Amounts::plus),
        accounts.cancelled,
        accounts.refunded,
        accounts.excess,
        List.copyOf(accounts.movements()));
  }

  /** In sequence; of events in a currency not the order's the first of each kind. */
  private List<OrderEvent> reversalsAndStrayEvents(String currency) {
    Stream<OrderEvent> stray =
        courses.entrySet().stream()
            .filter(course -> !course.getKey().equals(currency))
            .flatMap(course -> course.getValue().firsts.values().stream());
    return Stream.concat(reversals.stream(), stray).sorted(OrderEvent.SEQUENCE).toList();
  }

  private Kind state(Course course, String currency) {
    return Stream.concat(
            Stream.of(course.firsts.get(Kind.PLACED), course.lastForward).filter(Objects::nonNull),
            reversals.stream()
                .filter(event -> event.kind().isReversal())
                .filter(event -> event.header().currency().equals(currency)))
        .max(OrderEvent.SEQUENCE)
        .map(OrderEvent::kind)
        .orElse(null);
  }

  private static Optional<LocalDate> date(OrderEvent event, Optional<ZoneId> zone) {
    return zone.map(known -> MarketDates.date(event.at(), known));
  }

  private static OrderEvent earlier(OrderEvent a, OrderEvent b) {
    return a == null || OrderEvent.SEQUENCE.compare(b, a) < 0 ? b : a;
  }

  private static OrderEvent later(OrderEvent a, OrderEvent b) {
    return a == null || OrderEvent.SEQUENCE.compare(b, a) > 0 ? b : a;
  }

  /**
   * The order's accounts: totals, and movements of which each line has one per event, entry and
   * currency.
   */
  private final class Accounts {
    private final String currency;
    private final Optional<ZoneId> zone;
    private final LocalDate basisDate;
    private final List<Movement> sales = new ArrayList<>();
    private final Map<MovementKey, Movement> others = new LinkedHashMap<>();
    private BigDecimal cancelled = BigDecimal.ZERO;
    private BigDecimal refunded = BigDecimal.ZERO;
    private BigDecimal excess = BigDecimal.ZERO;

    private Accounts(String currency, Optional<ZoneId> zone, LocalDate basisDate) {
      this.currency = currency;
      this.zone = zone;
      this.basisDate = basisDate;
    }

    private Collection<Movement> movements() {
      return Stream.concat(sales.stream(), others.values().stream().map(this::converted)).toList();
    }

    private void sell(OrderEvent event, SoldLine sold) {
      Optional<CrossRate> rate = rules.rates().crossRate(currency, basisDate);
      sales.add(
          new Movement(
              event.id(),
              sold.line(),
              Entry.SALE,
              event.at(),
              basisDate,
              currency,
              sold.line().quantity(),
              true,
              sold.amounts(),
              null,
              rate.map(known -> sold.amounts().converted(known, rules.include())).orElse(null),
              null,
              null,
              sold.costs(),
              rate.map(known -> sold.costs().converted(known)).orElse(null),
              rate.isEmpty()));
    }

    private void reverse(OrderEvent event, Remainder.Part part) {
      Entry entry = event.kind() == Kind.CANCELLED ? Entry.CANCELLED : Entry.REFUNDED;
      switch (part.source()) {
        case LINE -> enterReversed(event, entry, part);
        case SHIPPING -> reverseHeader(event, entry, part, Include.SHIPPING);
        case TAX -> reverseHeader(event, entry, part, Include.TAX);
        case EXCESS -> {
          excess = excess.add(part.value());
          enter(event, null, Entry.EXCESS_REFUND, currency, part.units(), part.value(), null);
        }
        default -> throw new IllegalStateException("A part of " + part.source());
      }
    }

    private void enterReversed(OrderEvent event, Entry entry, Remainder.Part part) {
      count(entry, part.value());
      if (basisDate != null) {
        enter(event, part.line(), entry, currency, part.units(), part.value(), part.costs());
      }
    }

    /** What does not count in V when sold takes nothing off it when it is given back. */
    private void reverseHeader(
        OrderEvent event, Entry entry, Remainder.Part part, Include counted) {
      if (rules.include().contains(counted)) {
        enterReversed(event, entry, part);
      } else if (basisDate != null) {
        enter(event, null, Entry.ADJUSTMENT, currency, 0, part.value(), null);
      }
    }

    /** A credit note with its own priced lines, of an order nobody knows. */
    private void refundUnlinked(OrderEvent event) {
      for (OrderEvent.Line line : SoldLine.identified(event.reversed())) {
        if (line.unitPrice() != null && line.quantity() != null) {
          BigDecimal value =
              Money.lineValue(line.quantity(), line.unitPrice(), currency)
                  .subtract(Money.orZero(line.sellerDiscount(), currency));
          count(Entry.REFUNDED, value);
          enter(event, line, Entry.REFUNDED, currency, line.quantity(), value, null);
        }
      }
    }

    private void enterAdjustment(OrderEvent event) {
      BigDecimal amount = Money.orZero(event.amount(), currency);
      enter(event, null, Entry.ADJUSTMENT, currency, 0, amount, null);
    }

    private void enterOtherCurrency(OrderEvent event) {
      String other = event.header().currency();
      enter(event, null, Entry.OTHER_CURRENCY, other, 0, Money.orZero(event.amount(), other), null);
    }

    private void count(Entry entry, BigDecimal value) {
      if (entry == Entry.CANCELLED) {
        cancelled = cancelled.add(value);
      } else {
        refunded = refunded.add(value);
      }
    }

    private void enter(
        OrderEvent event,
        OrderEvent.Line line,
        Entry entry,
        String ofCurrency,
        long units,
        BigDecimal value,
        Costs costs) {
      if (zone.isEmpty()) {
        return;
      }
      LocalDate own = MarketDates.date(event.at(), zone.get());
      boolean isEarly = event.kind().isReversal() && basisDate != null && own.isBefore(basisDate);
      Movement movement =
          new Movement(
              event.id(),
              line,
              entry,
              event.at(),
              isEarly ? basisDate : own,
              ofCurrency,
              units,
              firstWithLines != null,
              null,
              value,
              null,
              null,
              null,
              costs,
              null,
              false);
      others.merge(
          new MovementKey(event.id(), movement.lineId(), entry, ofCurrency),
          movement,
          Accounts::together);
    }

    private static Movement together(Movement a, Movement b) {
      return new Movement(
          a.orderEventId(),
          a.line(),
          a.entry(),
          a.at(),
          a.date(),
          a.currency(),
          a.units() + b.units(),
          a.isLinked(),
          null,
          a.reversed().add(b.reversed()),
          null,
          null,
          null,
          Costs.together(a.costs(), b.costs()),
          null,
          false);
    }

    private Optional<BigDecimal> fxEffect(Movement movement, CrossRate own) {
      boolean isOfSale = movement.entry() == Entry.CANCELLED || movement.entry() == Entry.REFUNDED;
      return isOfSale && basisDate != null
          ? rules
              .rates()
              .crossRate(currency, basisDate)
              .map(
                  sale ->
                      sale.converted(movement.reversed())
                          .subtract(own.converted(movement.reversed())))
          : Optional.empty();
    }

    private Movement converted(Movement movement) {
      Optional<CrossRate> rate = rules.rates().crossRate(movement.currency(), movement.date());
      return new Movement(
          movement.orderEventId(),
          movement.line(),
          movement.entry(),
          movement.at(),
          movement.date(),
          movement.currency(),
          movement.units(),
          movement.isLinked(),
          null,
          movement.reversed(),
          null,
          rate.map(known -> known.converted(movement.reversed())).orElse(null),
          rate.flatMap(known -> fxEffect(movement, known)).orElse(null),
          movement.costs(),
          rate.filter(known -> movement.costs() != null)
              .map(known -> movement.costs().converted(known))
              .orElse(null),
          rate.isEmpty());
    }
  }
}
