package io.shoplens.commerce;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Cross rates into the reporting currency, through the base of the rates table. The last rate on or
 * before a date stands in for a missing one for a limited number of days; past that there is none.
 * A missing rate is never 1.
 */
public final class ExchangeRates implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The currency that rates are given per unit of; its own rate is 1 where none is listed. */
  public static final String BASE = "EUR";

  /**
   * Units of one currency per unit of another. It is kept as the two rates it is the quotient of,
   * because that is seldom a finite decimal, and an amount must be rounded once.
   *
   * @param into units of the currency converted into, per unit of the base
   * @param from units of the currency converted from, per unit of the base
   * @param currency the currency converted into
   */
  public record CrossRate(BigDecimal into, BigDecimal from, String currency) {
    /** An amount at this rate, half up to the minor unit of the currency converted into. */
    public BigDecimal converted(BigDecimal amount) {
      return amount.multiply(into).divide(from, Money.digits(currency), RoundingMode.HALF_UP);
    }
  }

  /** A currency's rates in the order of their days: small, because it travels to every task. */
  private record Dated(int[] days, BigDecimal[] rates) implements Serializable {
    private static final long serialVersionUID = 1L;

    static Dated of(NavigableMap<LocalDate, BigDecimal> rates) {
      return new Dated(
          rates.keySet().stream().mapToInt(date -> Math.toIntExact(date.toEpochDay())).toArray(),
          rates.values().toArray(BigDecimal[]::new));
    }

    /** The position of the last day on or before a day; -1 where there is none. */
    int lastUntil(int day) {
      int at = Arrays.binarySearch(days, day);
      return at >= 0 ? at : -at - 2;
    }
  }

  private final TreeMap<String, Dated> rates = new TreeMap<>();
  private final String reportingCurrency;
  private final int carriedDays;

  private ExchangeRates(
      Map<String, NavigableMap<LocalDate, BigDecimal>> rates,
      String reportingCurrency,
      int carriedDays) {
    rates.forEach((currency, dated) -> this.rates.put(currency, Dated.of(dated)));
    this.reportingCurrency = reportingCurrency;
    this.carriedDays = carriedDays;
  }

  /** The rates of a reference table under the given settings. */
  public static ExchangeRates of(GmvSettings settings, Reference reference) {
    return new ExchangeRates(
        reference.rates(), settings.reportingCurrency(), settings.ratesCarriedDays());
  }

  /** The rate of a currency into the reporting one on a date; empty without one. */
  public Optional<CrossRate> crossRate(String currency, LocalDate date) {
    return crossRate(currency, reportingCurrency, date);
  }

  /** The rate of a currency into another on a date; empty without one. */
  public Optional<CrossRate> crossRate(String currency, String into, LocalDate date) {
    if (currency.equals(into)) {
      return Optional.of(new CrossRate(BigDecimal.ONE, BigDecimal.ONE, into));
    }
    return rate(into, date)
        .flatMap(to -> rate(currency, date).map(from -> new CrossRate(to, from, into)));
  }

  private Optional<BigDecimal> rate(String currency, LocalDate date) {
    Dated dated = rates.get(currency);
    if (dated == null) {
      return currency.equals(BASE) ? Optional.of(BigDecimal.ONE) : Optional.empty();
    }
    int day = Math.toIntExact(date.toEpochDay());
    int last = dated.lastUntil(day);
    return last < 0 || dated.days[last] < day - carriedDays
        ? Optional.empty()
        : Optional.of(dated.rates[last]);
  }
}
