package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Reference;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which business dates are complete: those whose end the market's watermark has passed in every
 * zone of the market, its own and those of its regions.
 */
public final class CompleteDates {
  private final Map<String, LocalDate> firstOpen;

  private CompleteDates(Map<String, LocalDate> firstOpen) {
    this.firstOpen = new TreeMap<>(firstOpen);
  }

  /**
   * The complete dates under some watermarks.
   *
   * @param watermarks by market; a market without one has no complete date
   */
  public static CompleteDates of(Map<String, Instant> watermarks, Reference reference) {
    Map<String, LocalDate> firstOpen = new TreeMap<>();
    watermarks.forEach(
        (market, until) ->
            zones(market, reference)
                .map(zone -> LocalDate.ofInstant(until, zone))
                .min(Comparator.naturalOrder())
                .ifPresent(date -> firstOpen.put(market, date)));
    return new CompleteDates(firstOpen);
  }

  /** Watermarks with the last date of each market that is complete under them. */
  public static Dataset<Row> withCompleteDates(Dataset<Row> watermarks, Reference reference) {
    Column until = lit(null).cast("date");
    for (String market : new TreeMap<>(reference.markets()).keySet()) {
      Column firstOpen =
          zones(market, reference)
              .map(zone -> to_date(from_utc_timestamp(col(WATERMARK_AT), zone.getId())))
              .reduce((one, other) -> least(one, other))
              .orElseThrow();
      until = when(col(MARKET).equalTo(market), date_sub(firstOpen, 1)).otherwise(until);
    }
    return watermarks.withColumn(COMPLETE_UNTIL, until);
  }

  private static Stream<ZoneId> zones(String market, Reference reference) {
    Stream<ZoneId> own =
        Optional.ofNullable(reference.markets().get(market)).map(Reference.Market::zone).stream();
    Stream<ZoneId> regional =
        reference.regionZones().entrySet().stream()
            .filter(region -> region.getKey().startsWith(market + "-"))
            .map(Map.Entry::getValue);
    return Stream.concat(own, regional);
  }

  /** Whether a market's date is complete; never NULL. */
  public Column isComplete(Column market, Column date) {
    Column complete = lit(false);
    for (Map.Entry<String, LocalDate> entry : firstOpen.entrySet()) {
      Column isOver = date.lt(lit(entry.getValue().toString()).cast("date"));
      complete = when(market.equalTo(entry.getKey()), isOver).otherwise(complete);
    }
    return complete;
  }

  /** The first date that is not complete in any market; empty where none has a complete date. */
  public Optional<LocalDate> firstOpenEverywhere() {
    return firstOpen.values().stream().max(Comparator.naturalOrder());
  }
}
