package io.shoplens.commerce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What {@code conf/} ships of markets, zones and rates holds together. */
class ShippedRatesTest {
  @Test
  void everyMarketHasAZoneAndARateOnEveryDateOfTheSamples() throws IOException {
    Map<String, NavigableMap<LocalDate, BigDecimal>> rates = new HashMap<>();
    for (String[] row : rows("fx_rates.csv", "rate_date,currency,rate")) {
      assertThat(
              rates
                  .computeIfAbsent(row[1], currency -> new TreeMap<>())
                  .put(LocalDate.parse(row[0]), new BigDecimal(row[2])))
          .as("%s %s twice", row[0], row[1])
          .isNull();
    }
    ExchangeRates exchange = ExchangeRates.of(Shop.PAID, Shop.reference(rates));
    List<String[]> markets =
        rows(
            "markets.csv",
            "market,zone,currency,take_rate,daily_goal,yearly_loss_budget,daily_fixed_cost");
    assertThat(markets).extracting(row -> row[0]).contains("US", "GB", "ID", "SG");
    for (String[] row : markets) {
      assertThat(ZoneId.of(row[1])).as(row[0]).isNotNull();
      LocalDate first = LocalDate.parse("2026-02-20");
      first
          .datesUntil(LocalDate.parse("2026-04-01"))
          .forEach(
              date -> assertThat(exchange.crossRate(row[2], date)).as(row[2] + date).isPresent());
    }
  }

  @Test
  void everyRegionIsOfAMarketAndLiesInAZone() throws IOException {
    List<String> markets =
        rows(
                "markets.csv",
                "market,zone,currency,take_rate,daily_goal,yearly_loss_budget,daily_fixed_cost")
            .stream()
            .map(row -> row[0])
            .toList();
    List<String[]> regions = rows("region_zones.csv", "region,zone");
    assertThat(regions).extracting(row -> row[0]).doesNotHaveDuplicates().contains("US-CA");
    for (String[] row : regions) {
      assertThat(markets).contains(row[0].substring(0, 2));
      assertThat(ZoneId.of(row[1])).isNotNull();
    }
  }

  private static List<String[]> rows(String file, String header) throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("conf", file)).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(lines.get(0)).isEqualTo(header);
    return lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
  }
}
