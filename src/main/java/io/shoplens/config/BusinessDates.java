package io.shoplens.config;

import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Business dates: the calendar date of an instant in its market's, or its region's, zone. */
public final class BusinessDates {
  private BusinessDates() {}

  /**
   * The business date of an instant. Region zones take precedence over the market's; NULL for a
   * market that is not configured. One literal zone per branch, because Spark resolves a literal
   * zone once and a column's on every row.
   */
  public static Column of(Reference reference, Column at, Column market, Column region) {
    Column date = functions.lit(null).cast("date");
    for (Map.Entry<String, Reference.Market> entry :
        new TreeMap<>(reference.markets()).entrySet()) {
      date =
          when(market.equalTo(entry.getKey()), dateIn(at, entry.getValue().zone())).otherwise(date);
    }
    for (Map.Entry<String, ZoneId> entry : new TreeMap<>(reference.regionZones()).entrySet()) {
      date = when(region.equalTo(entry.getKey()), dateIn(at, entry.getValue())).otherwise(date);
    }
    return date;
  }

  private static Column dateIn(Column at, ZoneId zone) {
    return to_date(from_utc_timestamp(at, zone.getId()));
  }
}
