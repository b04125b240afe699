package io.shoplens.commerce;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What remains of an order's lines, shipping and tax while its reversals are taken off one after
 * the other. A line starts at its net value: gross less seller discount.
 */
final class Remainder {
  /** What a part of a reversal was taken from. */
  enum Source {
    LINE,
    HEADER,
    EXCESS
  }

  /**
   * A part of a reversal.
   *
   * @param source what it was taken from
   * @param line the line it was taken from; NULL for shipping and tax together, and for the excess
   * @param units units reversed; 0 where only an amount was
   * @param value in the order's currency
   * @param costs commissions that go back with it; NULL where no line is concerned
   */
  record Part(Source source, OrderEvent.Line line, long units, BigDecimal value, Costs costs) {}

  private static final class OpenLine {
    private final SoldLine sold;
    private long quantity;
    private BigDecimal value;

    private OpenLine(SoldLine sold) {
      this.sold = sold;
      this.quantity = sold.line().quantity();
      this.value = sold.amounts().net();
    }
  }

  private final String currency;
  private final Map<String, OpenLine> lines = new LinkedHashMap<>();
  private BigDecimal shipping;
  private BigDecimal tax;

  Remainder(OrderEvent placed, List<SoldLine> sold) {
    currency = placed.header().currency();
    sold.forEach(line -> lines.put(line.line().lineId(), new OpenLine(line)));
    shipping = Money.orZero(placed.header().shippingFee(), currency);
    tax = Money.orZero(placed.header().tax(), currency);
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
      addWorth(parts, Source.HEADER, 0, shipping.add(tax));
      shipping = Money.orZero(null, currency);
      tax = shipping;
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
    BigDecimal value =
        units == open.quantity
            ? open.value
            : open.value
                .multiply(BigDecimal.valueOf(units))
                .divide(
                    BigDecimal.valueOf(open.quantity),
                    Money.digits(currency),
                    RoundingMode.HALF_UP);
    if (units > 0 || value.signum() > 0) {
      parts.add(ofLine(open, units, value));
    }
    open.quantity -= units;
    open.value = open.value.subtract(value);
  }

  private Part ofLine(OpenLine open, long units, BigDecimal value) {
    OrderEvent.Line line = open.sold.line();
    Costs costs = Costs.reversed(line, open.value, open.value.subtract(value), currency);
    return new Part(Source.LINE, line, units, value, costs);
  }

  private void reverseAmount(BigDecimal amount, List<Part> parts) {
    List<OpenLine> open = List.copyOf(lines.values());
    List<BigDecimal> values = open.stream().map(line -> line.value).toList();
    BigDecimal onLines = amount.min(values.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
    if (onLines.signum() > 0) {
      List<BigDecimal> shares = Money.split(onLines, values, Money.digits(currency));
      for (int i = 0; i < open.size(); i++) {
        if (shares.get(i).signum() > 0) {
          parts.add(ofLine(open.get(i), 0, shares.get(i)));
          open.get(i).value = values.get(i).subtract(shares.get(i));
        }
      }
    }
    BigDecimal rest = amount.subtract(onLines);
    BigDecimal onShipping = rest.min(shipping);
    shipping = shipping.subtract(onShipping);
    rest = rest.subtract(onShipping);
    BigDecimal onTax = rest.min(tax);
    tax = tax.subtract(onTax);
    addWorth(parts, Source.HEADER, 0, onShipping.add(onTax));
    addWorth(parts, Source.EXCESS, 0, rest.subtract(onTax));
  }

  private static void addWorth(List<Part> parts, Source source, long units, BigDecimal value) {
    if (value.signum() > 0) {
      parts.add(new Part(source, null, units, value, null));
    }
  }
}
