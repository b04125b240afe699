package io.shoplens.commerce;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What remains of an order's lines, with their parts of its shipping and tax, while its reversals
 * are taken off one after the other. A line starts at its net value: gross less seller discount.
 */
final class Remainder {
  /** What a part of a reversal was taken from. */
  enum Source {
    LINE,
    SHIPPING,
    TAX,
    EXCESS
  }

  /**
   * A part of a reversal.
   *
   * @param source what it was taken from
   * @param line the line whose value, shipping or tax it was; NULL for the excess
   * @param units units reversed; 0 where only an amount was
   * @param value in the order's currency
   * @param costs commissions that go back with it; NULL where it is of no line's value
   */
  record Part(Source source, OrderEvent.Line line, long units, BigDecimal value, Costs costs) {}

  private static final class OpenLine {
    private final SoldLine sold;
    private final Map<Source, BigDecimal> left = new EnumMap<>(Source.class);
    private long quantity;

    private OpenLine(SoldLine sold) {
      this.sold = sold;
      this.quantity = sold.line().quantity();
      left.put(Source.LINE, sold.amounts().net());
      left.put(Source.SHIPPING, sold.amounts().shippingFee());
      left.put(Source.TAX, sold.amounts().tax());
    }
  }

  private final String currency;
  private final Map<String, OpenLine> lines = new LinkedHashMap<>();

  Remainder(String currency, List<SoldLine> sold) {
    this.currency = currency;
    sold.forEach(line -> lines.put(line.line().lineId(), new OpenLine(line)));
  }

  /** Takes a reversal off: the lines it names, else its amount, else all that remains. */
  List<Part> reversed(OrderEvent reversal) {
    List<Part> parts = new ArrayList<>();
    if (!reversal.reversed().isEmpty()) {
      reversal.reversed().forEach(named -> reverseLine(named, parts));
    } else if (reversal.amount() != null) {
      reverseAmount(Money.rounded(reversal.amount(), currency), parts);
    } else {
      lines.values().forEach(open -> reverseUnits(open, open.quantity, parts));
      spread(Source.SHIPPING, left(Source.SHIPPING), parts);
      spread(Source.TAX, left(Source.TAX), parts);
    }
    return parts;
  }

  private void reverseLine(OrderEvent.Line named, List<Part> parts) {
    OpenLine open = lines.get(named.lineId());
    if (open == null) {
      BigDecimal price = named.unitPrice();
      long units = named.quantity() == null ? 0 : named.quantity();
      BigDecimal value =
          price == null
              ? Money.orZero(null, currency)
              : Money.lineValue(units, price, currency)
                  .subtract(Money.orZero(named.sellerDiscount(), currency));
      parts.add(new Part(Source.EXCESS, null, units, value, null));
      return;
    }
    long asked = named.quantity() == null ? open.quantity : named.quantity();
    long excess = Math.max(0, asked - open.quantity);
    reverseUnits(open, asked - excess, parts);
    if (excess > 0) {
      BigDecimal value =
          open.sold
              .amounts()
              .net()
              .multiply(BigDecimal.valueOf(excess))
              .divide(
                  BigDecimal.valueOf(open.sold.line().quantity()),
                  Money.digits(currency),
                  RoundingMode.HALF_UP);
      parts.add(new Part(Source.EXCESS, null, excess, value, null));
    }
  }

  /** Units of a line at the mean of what remains of it, the last ones at all that remains. */
  private void reverseUnits(OpenLine open, long units, List<Part> parts) {
    BigDecimal left = open.left.get(Source.LINE);
    BigDecimal value =
        units == open.quantity
            ? left
            : left.multiply(BigDecimal.valueOf(units))
                .divide(
                    BigDecimal.valueOf(open.quantity),
                    Money.digits(currency),
                    RoundingMode.HALF_UP);
    if (units > 0 || value.signum() > 0) {
      parts.add(taken(open, Source.LINE, units, value));
    }
    open.quantity -= units;
  }

  private void reverseAmount(BigDecimal amount, List<Part> parts) {
    BigDecimal rest = amount;
    for (Source source : List.of(Source.LINE, Source.SHIPPING, Source.TAX)) {
      BigDecimal worth = rest.min(left(source));
      spread(source, worth, parts);
      rest = rest.subtract(worth);
    }
    if (rest.signum() > 0) {
      parts.add(new Part(Source.EXCESS, null, 0, rest, null));
    }
  }

  private BigDecimal left(Source source) {
    return lines.values().stream()
        .map(open -> open.left.get(source))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** An amount, not over what is left of its source, by what each line has left of it. */
  private void spread(Source source, BigDecimal amount, List<Part> parts) {
    if (amount.signum() > 0) {
      List<OpenLine> open = List.copyOf(lines.values());
      List<BigDecimal> left = open.stream().map(line -> line.left.get(source)).toList();
      List<BigDecimal> shares = Money.split(amount, left, Money.digits(currency));
      for (int i = 0; i < open.size(); i++) {
        if (shares.get(i).signum() > 0) {
          parts.add(taken(open.get(i), source, 0, shares.get(i)));
        }
      }
    }
  }

  private Part taken(OpenLine open, Source source, long units, BigDecimal value) {
    OrderEvent.Line line = open.sold.line();
    BigDecimal before = open.left.get(source);
    BigDecimal after = before.subtract(value);
    open.left.put(source, after);
    Costs costs = source == Source.LINE ? Costs.reversed(line, before, after, currency) : null;
    return new Part(source, line, units, value, costs);
  }
}
