package io.shoplens.commerce;

import io.shoplens.config.Reference;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Optional;

/**
 * Business dates in plain Java, for a fold that compares them; the Column form of the same rule is
 * {@link io.shoplens.config.BusinessDates}.
 */
final class MarketDates implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, ZoneId> markets = new HashMap<>();
  private final HashMap<String, ZoneId> regions;

  MarketDates(Reference reference) {
    reference.markets().forEach((code, market) -> markets.put(code, market.zone()));
    regions = new HashMap<>(reference.regionZones());
  }

  /** The region's zone where it is listed, else the market's; empty for an unknown market. */
  Optional<ZoneId> zone(String market, String region) {
    return Optional.ofNullable(regions.getOrDefault(region, markets.get(market)));
  }

  /** The calendar date in a zone of an instant in microseconds. */
  static LocalDate date(long micros, ZoneId zone) {
    return LocalDate.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), zone);
  }
}
