package io.shoplens.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The reference tables, and the two questions about time and rates that they answer. */
final class Conf {
  static final String BASE_CURRENCY = "EUR";
  static final String REPORTING_CURRENCY = "USD";
  static final int RATES_CARRIED_DAYS = 7;

  /** Zone of each market. */
  final Map<String, ZoneId> markets = new TreeMap<>();

  /** Currency, goal, loss budget and fixed cost of each market, by column of markets.csv. */
  final Map<String, Map<String, String>> marketRows = new HashMap<>();

  final List<Map<String, String>> restrictions;
  final Map<String, ZoneId> regionZones = new HashMap<>();
  final Map<String, NavigableMap<LocalDate, BigDecimal>> rates = new HashMap<>();
  final List<Map<String, String>> merchants;
  final List<Map<String, String>> redirectors;
  final List<Map<String, String>> shorteners;
  final List<Map<String, String>> knownRedirects;
  final List<Map<String, String>> ownDomains;
  final List<Map<String, String>> touchRules;
  final List<Map<String, String>> channelRules;
  final List<String> crawlers;

  /** The platform's commission of a market where a line names none. */
  BigDecimal takeRate(String market) {
    return new BigDecimal(marketRows.get(market).get("take_rate"));
  }

  Conf(Path folder) {
    for (Map<String, String> row : csv(folder.resolve("markets.csv"))) {
      markets.put(row.get("market"), ZoneId.of(row.get("zone")));
      marketRows.put(row.get("market"), row);
    }
    for (Map<String, String> row : csv(folder.resolve("region_zones.csv"))) {
      regionZones.put(row.get("region"), ZoneId.of(row.get("zone")));
    }
    for (Map<String, String> row : csv(folder.resolve("fx_rates.csv"))) {
      rates
          .computeIfAbsent(row.get("currency"), currency -> new TreeMap<>())
          .put(LocalDate.parse(row.get("rate_date")), new BigDecimal(row.get("rate")));
    }
    restrictions = csv(folder.resolve("restrictions.csv"));
    merchants = csv(folder.resolve("merchants.csv"));
    redirectors = csv(folder.resolve("redirectors.csv"));
    shorteners = csv(folder.resolve("shorteners.csv"));
    knownRedirects = csv(folder.resolve("known_redirects.csv"));
    ownDomains = csv(folder.resolve("own_domains.csv"));
    touchRules = csv(folder.resolve("touch_rules.csv"));
    channelRules = csv(folder.resolve("channel_rules.csv"));
    crawlers =
        csv(folder.resolve("crawlers.csv")).stream()
            .map(row -> row.get("pattern").toLowerCase(Locale.ROOT))
            .toList();
  }

  /** The date of an instant in its region's zone where that is listed, else in its market's. */
  LocalDate businessDate(Instant at, String market, String region) {
    ZoneId zone = regionZones.getOrDefault(region == null ? "" : region, markets.get(market));
    return at.atZone(zone).toLocalDate();
  }

  /** The instant at which a business date of a market is over in all its zones. */
  Instant endOf(LocalDate date, String market) {
    Instant end = date.plusDays(1).atStartOfDay(markets.get(market)).toInstant();
    for (Map.Entry<String, ZoneId> region : regionZones.entrySet()) {
      Instant there = date.plusDays(1).atStartOfDay(region.getValue()).toInstant();
      if (region.getKey().startsWith(market + "-") && there.isAfter(end)) {
        end = there;
      }
    }
    return end;
  }

  /** An amount in the reporting currency at the rate of a date, or null without a rate. */
  BigDecimal reported(BigDecimal amount, String currency, LocalDate date) {
    return converted(amount, currency, REPORTING_CURRENCY, date);
  }

  /** An amount in another currency at the rate of a date, or null without a rate. */
  BigDecimal converted(BigDecimal amount, String currency, String into, LocalDate date) {
    if (currency.equals(into)) {
      return amount;
    }
    BigDecimal from = rate(currency, date);
    BigDecimal to = rate(into, date);
    if (from == null || to == null) {
      return null;
    }
    return amount.multiply(to).divide(from, Money.digits(into), RoundingMode.HALF_UP);
  }

  /** The last rate on or before a date, at most 7 days old: units per unit of the base. */
  private BigDecimal rate(String currency, LocalDate date) {
    if (currency.equals(BASE_CURRENCY)) {
      return BigDecimal.ONE;
    }
    NavigableMap<LocalDate, BigDecimal> known = rates.getOrDefault(currency, new TreeMap<>());
    Map.Entry<LocalDate, BigDecimal> last = known.floorEntry(date);
    return last == null || last.getKey().plusDays(RATES_CARRIED_DAYS).isBefore(date)
        ? null
        : last.getValue();
  }

  /** Rows of a CSV by column; an empty cell is an empty string. Comment lines start with #. */
  static List<Map<String, String>> csv(Path file) {
    List<Map<String, String>> rows = new ArrayList<>();
    List<String> header = null;
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        List<String> cells = cells(line);
        if (header == null) {
          header = cells;
          continue;
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
          row.put(header.get(i), i < cells.size() ? cells.get(i) : "");
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** Cells of a line, trimmed; a cell in double quotes may hold commas and doubled quotes. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        cells.add(cell.toString().trim());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().trim());
    return cells;
  }
}
