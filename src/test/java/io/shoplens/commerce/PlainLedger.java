package io.shoplens.commerce;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the order log comes to, kept by hand: whole numbers of minor units, loops, and no code
 * shared with what it checks. Slow and obvious.
 */
final class PlainLedger {
  /** A line of the ledger, as text that can be compared. */
  private final List<String> movements = new ArrayList<>();

  private final Map<String, long[]> days = new TreeMap<>();
  private final Map<String, Set<String>> orders = new TreeMap<>();
  private final Map<String, Set<String>> buyers = new TreeMap<>();

  private final boolean isPaidBasis;
  private final boolean isShippingIncluded;
  private final boolean isTaxIncluded;
  private final Map<String, TreeMap<LocalDate, Long>> rateMillionths;

  private PlainLedger(
      String basis, Set<String> include, Map<String, TreeMap<LocalDate, Long>> rateMillionths) {
    isPaidBasis = basis.equals("paid");
    isShippingIncluded = include.contains("shipping");
    isTaxIncluded = include.contains("tax");
    this.rateMillionths = rateMillionths;
  }

  /** Reporting is in USD; rates are per EUR, in millionths. */
  static PlainLedger of(
      List<OrderLog.Entry> log,
      String basis,
      Set<String> include,
      Map<String, TreeMap<LocalDate, Long>> rateMillionths) {
    PlainLedger ledger = new PlainLedger(basis, include, rateMillionths);
    Map<String, List<OrderLog.Entry>> byOrder = new TreeMap<>();
    for (OrderLog.Entry entry : log) {
      byOrder.computeIfAbsent(entry.order(), order -> new ArrayList<>()).add(entry);
    }
    for (List<OrderLog.Entry> entries : byOrder.values()) {
      ledger.keep(inSequence(entries));
    }
    return ledger;
  }

  /** order, event, line, entry, date, units, then the amounts. */
  List<String> movements() {
    return movements.stream().sorted().toList();
  }

  /** market, date, currency, orders, buyers, units, then the sums in both currencies. */
  List<String> days() {
    List<String> rows = new ArrayList<>();
    days.forEach(
        (day, sums) -> {
          String currency = day.substring(day.lastIndexOf(' ') + 1);
          int digits = digits(currency);
          StringBuilder row = new StringBuilder(day);
          row.append(' ').append(orders.getOrDefault(day, Set.of()).size());
          row.append(' ').append(buyers.getOrDefault(day, Set.of()).size());
          row.append(' ').append(sums[0]);
          for (int i = 1; i <= 9; i++) {
            row.append(' ').append(text(sums[i], digits));
          }
          for (int i = 10; i < 24; i++) {
            row.append(' ').append(text(sums[i], i == 20 || i == 21 ? digits : 2));
          }
          rows.add(row.toString());
        });
    return rows;
  }

  private static List<OrderLog.Entry> inSequence(List<OrderLog.Entry> entries) {
    List<OrderLog.Entry> sorted = new ArrayList<>();
    for (OrderLog.Entry entry : entries) {
      int place = 0;
      while (place < sorted.size() && !isBefore(entry, sorted.get(place))) {
        place++;
      }
      sorted.add(place, entry);
    }
    return sorted;
  }

  private static boolean isBefore(OrderLog.Entry a, OrderLog.Entry b) {
    int order = a.at().compareTo(b.at());
    return order < 0 || (order == 0 && a.id().compareTo(b.id()) < 0);
  }

  private void keep(List<OrderLog.Entry> entries) {
    OrderLog.Entry placed = null;
    OrderLog.Entry paid = null;
    for (OrderLog.Entry entry : entries) {
      placed = placed == null && entry.kind().equals("placed") ? entry : placed;
    }
    for (OrderLog.Entry entry : entries) {
      boolean isPayment =
          placed != null
              && entry.kind().equals("paid")
              && entry.currency().equals(placed.currency());
      paid = paid == null && isPayment ? entry : paid;
    }
    if (placed == null) {
      keepUnknown(entries);
      return;
    }
    OrderLog.Entry basis = isPaidBasis ? paid : placed;
    List<OrderLog.Item> items = new ArrayList<>(placed.items());
    items.sort((a, b) -> a.line().compareTo(b.line()));
    int n = items.size();
    long[] gross = new long[n];
    long[] net = new long[n];
    long[] units = new long[n];
    for (int i = 0; i < n; i++) {
      OrderLog.Item item = items.get(i);
      gross[i] = halfUp(item.quantity() * item.priceMillionths(), power(6 - placed.digits()));
      net[i] = gross[i] - item.discount();
      units[i] = item.quantity();
    }
    long[] remaining = net.clone();
    long shipping = Math.max(0, placed.shipping());
    long tax = Math.max(0, placed.tax());
    long[] fees = share(shipping, net);
    long[] taxes = share(tax, net);
    LocalDate basisDate = basis == null ? null : date(basis);
    if (basis != null) {
      long subsidy = -1;
      for (OrderLog.Entry entry : entries) {
        boolean isOurs = entry.currency().equals(placed.currency());
        subsidy = isOurs && subsidy < 0 ? entry.subsidy() : subsidy;
      }
      long[] subsidies = share(Math.max(0, subsidy), net);
      for (int i = 0; i < n; i++) {
        sell(placed, basis, basisDate, items.get(i), gross[i], fees[i], subsidies[i], taxes[i]);
      }
    }
    flagStray(placed, entries);
    for (OrderLog.Entry entry : entries) {
      boolean isReversal = entry.kind().equals("cancelled") || entry.kind().equals("refunded");
      if (!isReversal && !entry.kind().equals("adjusted")) {
        continue;
      }
      LocalDate date = date(entry);
      if (isReversal && basisDate != null && date.isBefore(basisDate)) {
        date = basisDate;
      }
      if (!entry.currency().equals(placed.currency())) {
        post(
            placed, entry, null, "other_currency", date, basisDate, 0, Math.max(0, entry.amount()));
        continue;
      }
      if (!isReversal) {
        post(placed, entry, null, "adjustment", date, basisDate, 0, Math.max(0, entry.amount()));
        continue;
      }
      long[] takenUnits = new long[n];
      long[] taken = new long[n];
      long onShipping = 0;
      long onTax = 0;
      long excess = 0;
      long excessUnits = 0;
      boolean hasExcess = false;
      if (!entry.reversed().isEmpty()) {
        for (OrderLog.Item named : entry.reversed()) {
          int at = -1;
          for (int i = 0; i < n; i++) {
            at = items.get(i).line().equals(named.line()) ? i : at;
          }
          if (at < 0) {
            hasExcess = true;
            excessUnits += named.quantity();
            continue;
          }
          if (named.quantity() >= units[at]) {
            long over = named.quantity() - units[at];
            if (over > 0) {
              hasExcess = true;
              excessUnits += over;
              excess += halfUp(net[at] * over, items.get(at).quantity());
            }
            takenUnits[at] += units[at];
            taken[at] += remaining[at];
            units[at] = 0;
            remaining[at] = 0;
          } else {
            long value = halfUp(remaining[at] * named.quantity(), units[at]);
            takenUnits[at] += named.quantity();
            taken[at] += value;
            units[at] -= named.quantity();
            remaining[at] -= value;
          }
        }
      } else if (entry.amount() >= 0) {
        long left = entry.amount();
        long all = 0;
        for (long value : remaining) {
          all += value;
        }
        long onLines = Math.min(left, all);
        if (onLines > 0) {
          taken = share(onLines, remaining);
          for (int i = 0; i < n; i++) {
            remaining[i] -= taken[i];
          }
        }
        left -= onLines;
        onShipping = Math.min(left, shipping);
        left -= onShipping;
        onTax = Math.min(left, tax);
        left -= onTax;
        excess = left;
      } else {
        for (int i = 0; i < n; i++) {
          takenUnits[i] = units[i];
          taken[i] = remaining[i];
          units[i] = 0;
          remaining[i] = 0;
        }
        onShipping = shipping;
        onTax = tax;
      }
      shipping -= onShipping;
      tax -= onTax;
      long header = 0;
      if (isShippingIncluded) {
        giveBack(onShipping, fees, taken);
      } else {
        header += onShipping;
      }
      if (isTaxIncluded) {
        giveBack(onTax, taxes, taken);
      } else {
        header += onTax;
      }
      for (int i = 0; i < n && basis != null; i++) {
        if (takenUnits[i] > 0 || taken[i] > 0) {
          String line = items.get(i).line();
          post(placed, entry, line, entry.kind(), date, basisDate, takenUnits[i], taken[i]);
        }
      }
      if (header > 0 && basis != null) {
        post(placed, entry, null, "adjustment", date, basisDate, 0, header);
      }
      if (excess > 0 || hasExcess) {
        post(placed, entry, null, "excess_refund", date, basisDate, excessUnits, excess);
      }
    }
  }

  /** Moves an amount out of what lines have left of a fee or tax, to what is taken of them. */
  private static void giveBack(long amount, long[] left, long[] taken) {
    if (amount > 0) {
      long[] parts = share(amount, left);
      for (int i = 0; i < parts.length; i++) {
        left[i] -= parts[i];
        taken[i] += parts[i];
      }
    }
  }

  private void keepUnknown(List<OrderLog.Entry> entries) {
    OrderLog.Entry first = entries.get(0);
    flagStray(first, entries);
    for (OrderLog.Entry entry : entries) {
      if (entry.kind().equals("paid") || entry.kind().equals("shipped")) {
        continue;
      }
      if (!entry.currency().equals(first.currency())) {
        post(
            first,
            entry,
            null,
            "other_currency",
            date(entry),
            null,
            0,
            Math.max(0, entry.amount()));
      } else if (entry.kind().equals("adjusted")) {
        post(first, entry, null, "adjustment", date(entry), null, 0, Math.max(0, entry.amount()));
      } else if (entry.kind().equals("refunded")) {
        for (OrderLog.Item item : entry.reversed()) {
          long value =
              halfUp(item.quantity() * item.priceMillionths(), power(6 - entry.digits()))
                  - item.discount();
          post(first, entry, item.line(), "refunded", date(entry), null, item.quantity(), value);
        }
      }
    }
  }

  /** The first payment and the first shipment in each currency that is not the order's. */
  private void flagStray(OrderLog.Entry header, List<OrderLog.Entry> entries) {
    Set<String> flagged = new HashSet<>();
    for (OrderLog.Entry entry : entries) {
      boolean isStray =
          (entry.kind().equals("paid") || entry.kind().equals("shipped"))
              && !entry.currency().equals(header.currency());
      if (isStray && flagged.add(entry.kind() + entry.currency())) {
        post(header, entry, null, "other_currency", date(entry), null, 0, 0);
      }
    }
  }

  private void sell(
      OrderLog.Entry placed,
      OrderLog.Entry basis,
      LocalDate date,
      OrderLog.Item item,
      long gross,
      long fee,
      long subsidy,
      long tax) {
    long[] local = {gross, item.discount(), item.platform(), fee, subsidy, tax, 0};
    long[] reporting = new long[7];
    boolean isKnown = hasRate(placed.currency(), date);
    for (int i = 0; i < 6 && isKnown; i++) {
      reporting[i] = inDollars(local[i], placed.currency(), date);
    }
    local[6] = withIncluded(local);
    reporting[6] = withIncluded(reporting);
    StringBuilder row = new StringBuilder();
    row.append(placed.order()).append(' ').append(basis.id()).append(' ').append(item.line());
    row.append(" sale ").append(date).append(' ').append(item.quantity());
    for (long value : local) {
      row.append(' ').append(text(value, placed.digits()));
    }
    for (long value : reporting) {
      row.append(' ').append(isKnown ? text(value, 2) : "null");
    }
    movements.add(row.toString());
    if (placed.channel().equals("in_app")) {
      String day = placed.market() + " " + date + " " + placed.currency();
      long[] sums = days.computeIfAbsent(day, key -> new long[24]);
      orders.computeIfAbsent(day, key -> new HashSet<>()).add(placed.order());
      if (placed.user() != null) {
        buyers.computeIfAbsent(day, key -> new HashSet<>()).add(placed.user());
      }
      sums[0] += item.quantity();
      long[] order = {6, 1, 2, 3, 4, 5};
      for (int i = 0; i < 6; i++) {
        sums[1 + i] += local[(int) order[i]];
        sums[10 + i] += reporting[(int) order[i]];
      }
      sums[9] += local[6] - local[1];
      sums[18] += reporting[6] - reporting[1];
    }
  }

  private long withIncluded(long[] amounts) {
    return amounts[0] + (isShippingIncluded ? amounts[3] : 0) + (isTaxIncluded ? amounts[5] : 0);
  }

  private void post(
      OrderLog.Entry header,
      OrderLog.Entry entry,
      String line,
      String name,
      LocalDate date,
      LocalDate soldDate,
      long units,
      long value) {
    boolean isKnown = hasRate(entry.currency(), date);
    long reporting = isKnown ? inDollars(value, entry.currency(), date) : 0;
    boolean isCounted = name.equals("cancelled") || name.equals("refunded");
    boolean hasEffect =
        isCounted && isKnown && soldDate != null && hasRate(entry.currency(), soldDate);
    long effect = hasEffect ? inDollars(value, entry.currency(), soldDate) - reporting : 0;
    movements.add(
        String.join(
            " ",
            entry.order(),
            entry.id(),
            String.valueOf(line),
            name,
            date.toString(),
            String.valueOf(units),
            text(value, entry.digits()),
            isKnown ? text(reporting, 2) : "null",
            hasEffect ? text(effect, 2) : "null"));
    boolean isApart = name.equals("adjustment") || name.equals("excess_refund");
    if ((isCounted || isApart) && header.channel().equals("in_app")) {
      String day = header.market() + " " + date + " " + header.currency();
      long[] sums = days.computeIfAbsent(day, key -> new long[24]);
      if (isApart) {
        int apart = name.equals("adjustment") ? 20 : 21;
        sums[apart] += value;
        sums[apart + 2] += reporting;
        return;
      }
      int column = name.equals("cancelled") ? 7 : 8;
      sums[column] += value;
      sums[column + 9] += reporting;
      sums[9] -= value;
      sums[18] -= reporting;
      sums[19] += effect;
    }
  }

  private static LocalDate date(OrderLog.Entry entry) {
    String zone =
        switch (entry.region() == null ? entry.market() : entry.region()) {
          case "US", "US-NY" -> "America/New_York";
          case "US-CA" -> "America/Los_Angeles";
          case "JP" -> "Asia/Tokyo";
          case "ID" -> "Asia/Jakarta";
          case "ID-PA" -> "Asia/Jayapura";
          case "KW" -> "Asia/Kuwait";
          default -> throw new IllegalStateException(entry.market());
        };
    return entry.at().atZone(ZoneId.of(zone)).toLocalDate();
  }

  /** Gives each part its whole units, then one more to the largest fraction until all is given. */
  private static long[] share(long amount, long[] weights) {
    BigInteger sum = BigInteger.ZERO;
    for (long weight : weights) {
      sum = sum.add(BigInteger.valueOf(weight));
    }
    long[] used = weights.clone();
    if (sum.signum() == 0) {
      for (int i = 0; i < used.length; i++) {
        used[i] = 1;
      }
      sum = BigInteger.valueOf(used.length);
    }
    long[] parts = new long[used.length];
    BigInteger[] rest = new BigInteger[used.length];
    long given = 0;
    for (int i = 0; i < used.length; i++) {
      BigInteger product = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(used[i]));
      parts[i] = product.divide(sum).longValueExact();
      rest[i] = product.mod(sum);
      given += parts[i];
    }
    while (given < amount) {
      int largest = 0;
      for (int i = 1; i < rest.length; i++) {
        largest = rest[i].compareTo(rest[largest]) > 0 ? i : largest;
      }
      parts[largest]++;
      rest[largest] = BigInteger.valueOf(-1);
      given++;
    }
    return parts;
  }

  private boolean hasRate(String currency, LocalDate date) {
    return currency.equals("USD") || (rate("USD", date) > 0 && rate(currency, date) > 0);
  }

  private long rate(String currency, LocalDate date) {
    for (int days = 0; days <= 7; days++) {
      Long rate = rateMillionths.get(currency).get(date.minusDays(days));
      if (rate != null) {
        return rate;
      }
    }
    return 0;
  }

  private long inDollars(long minor, String currency, LocalDate date) {
    if (currency.equals("USD")) {
      return minor;
    }
    BigInteger minorUnits = BigInteger.valueOf(power(digits(currency)));
    return halfUp(
            BigInteger.valueOf(minor)
                .multiply(BigInteger.valueOf(rate("USD", date)))
                .multiply(BigInteger.valueOf(100)),
            BigInteger.valueOf(rate(currency, date)).multiply(minorUnits))
        .longValueExact();
  }

  private static int digits(String currency) {
    return Map.of("USD", 2, "JPY", 0, "IDR", 2, "KWD", 3).get(currency);
  }

  static long power(int exponent) {
    return BigInteger.TEN.pow(exponent).longValueExact();
  }

  /** A quotient of numbers that are not negative, rounded to the nearest, halves up. */
  static long halfUp(long dividend, long divisor) {
    return halfUp(BigInteger.valueOf(dividend), BigInteger.valueOf(divisor)).longValueExact();
  }

  private static BigInteger halfUp(BigInteger dividend, BigInteger divisor) {
    BigInteger two = BigInteger.TWO;
    return dividend.multiply(two).add(divisor).divide(divisor.multiply(two));
  }

  static String text(long minor, int digits) {
    return BigDecimal.valueOf(minor, digits).setScale(4).toPlainString();
  }
}
