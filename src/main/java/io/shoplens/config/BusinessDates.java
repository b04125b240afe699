package io.shoplens.config;

import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;

/** Business dates: the calendar date of an instant in its market's, or its region's, zone. */
public final class BusinessDates {
  private BusinessDates() {}

  /**
   * The business date of an instant. Region zones take precedence over the market's; NULL for a
   * market that is not configured. One branch per zone with a literal, because Spark resolves a
   * literal zone once and a column's on every row.
   */
  public static Column of(Reference reference, Column at, Column market, Column region) {
    Map<ZoneId, List<String>> markets = new TreeMap<>(Comparator.comparing(ZoneId::getId));
    new TreeMap<>(reference.markets())
        .forEach((code, known) -> with(markets, known.zone()).add(code));
    Map<ZoneId, List<String>> regions = new TreeMap<>(Comparator.comparing(ZoneId::getId));
    new TreeMap<>(reference.regionZones()).forEach((code, zone) -> with(regions, zone).add(code));
    Column local =
        inZones(inZones(Optional.empty(), at, region, regions), at, market, markets)
            .orElse(lit(null));
    return to_date(local.cast("timestamp"));
  }

  private static List<String> with(Map<ZoneId, List<String>> codes, ZoneId zone) {
    return codes.computeIfAbsent(zone, first -> new ArrayList<>());
  }

  /** Goes on with branches for the codes of each zone. */
  private static Optional<Column> inZones(
      Optional<Column> branches, Column at, Column code, Map<ZoneId, List<String>> codes) {
    Optional<Column> all = branches;
    for (Map.Entry<ZoneId, List<String>> entry : codes.entrySet()) {
      Column isThere = code.isin(entry.getValue().toArray());
      Column local = from_utc_timestamp(at, entry.getKey().getId());
      all =
          Optional.of(
              all.map(before -> before.when(isThere, local)).orElseGet(() -> when(isThere, local)));
    }
    return all;
  }
}
