package io.shoplens.attribution;

import io.shoplens.config.Reference;
import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.HashMap;
import java.util.Map;

/** The ISO week of an order's business date: in its region's zone, else in its market's. */
final class OrderWeeks implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, ZoneId> ofMarkets;
  private final HashMap<String, ZoneId> ofRegions;

  OrderWeeks(Map<String, ZoneId> ofMarkets, Map<String, ZoneId> ofRegions) {
    this.ofMarkets = new HashMap<>(ofMarkets);
    this.ofRegions = new HashMap<>(ofRegions);
  }

  static OrderWeeks of(Reference reference) {
    Map<String, ZoneId> ofMarkets = new HashMap<>();
    reference.markets().forEach((market, facts) -> ofMarkets.put(market, facts.zone()));
    return new OrderWeeks(ofMarkets, reference.regionZones());
  }

  /** The Monday of the week an instant in microseconds is in, in days of the epoch. */
  int monday(long at, String market, String region) {
    ZoneId zone = ofRegions.getOrDefault(region, ofMarkets.get(market));
    LocalDate date = Instant.EPOCH.plus(at, ChronoUnit.MICROS).atZone(zone).toLocalDate();
    return monday(date);
  }

  static int monday(LocalDate date) {
    return Math.toIntExact(
        date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toEpochDay());
  }
}
