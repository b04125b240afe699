package io.shoplens.commerce;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.GmvSettings.Basis;
import io.shoplens.config.GmvSettings.Include;
import io.shoplens.config.Reference;
import io.shoplens.table.Columns;
import io.shoplens.table.OrderEvents;
import io.shoplens.testing.Rows;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A small shop to tell stories of: markets, rates, a clock, and order events as short JSON. */
final class Shop {
  static final GmvSettings PAID = settings(Basis.PAID);
  static final GmvSettings PLACED = settings(Basis.PLACED);

  static final StructType INPUT = OrderEvents.TABLE.schema().add(Columns.MERCHANT_GROUP, "string");

  /** Rates per EUR: Monday 2 March; USD and GBP on Friday 6 March too. */
  static final Reference REFERENCE =
      reference(
          Map.of(
              "USD", rates("2026-03-02", "1.20", "2026-03-06", "1.10"),
              "GBP", rates("2026-03-02", "0.80", "2026-03-06", "0.88"),
              "JPY", rates("2026-03-02", "180"),
              "IDR", rates("2026-03-02", "19000"),
              "KWD", rates("2026-03-02", "0.36")));

  /** Every date of the stories is complete in the US, and in no other market. */
  static final CompleteDates COMPLETE =
      CompleteDates.of(Map.of("US", Instant.parse("2027-01-01T00:00:00Z")), REFERENCE);

  private Shop() {}

  static GmvSettings settings(Basis basis, Include... include) {
    return new GmvSettings(basis, Set.of(include), "USD", 7, Optional.empty());
  }

  static NavigableMap<LocalDate, BigDecimal> rates(String... datesAndRates) {
    NavigableMap<LocalDate, BigDecimal> rates = new TreeMap<>();
    for (int i = 0; i < datesAndRates.length; i += 2) {
      rates.put(LocalDate.parse(datesAndRates[i]), new BigDecimal(datesAndRates[i + 1]));
    }
    return rates;
  }

  static Reference reference(Map<String, NavigableMap<LocalDate, BigDecimal>> rates) {
    Map<String, Reference.Market> markets = new HashMap<>();
    market(markets, "US", "America/New_York", "USD");
    market(markets, "GB", "Europe/London", "GBP");
    market(markets, "ID", "Asia/Jakarta", "IDR");
    market(markets, "JP", "Asia/Tokyo", "JPY");
    market(markets, "KW", "Asia/Kuwait", "KWD");
    return new Reference(
        markets,
        Map.of("US-CA", ZoneId.of("America/Los_Angeles"), "ID-PA", ZoneId.of("Asia/Jayapura")),
        rates,
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static void market(
      Map<String, Reference.Market> markets, String code, String zone, String currency) {
    markets.put(
        code,
        new Reference.Market(
            code,
            ZoneId.of(zone),
            currency,
            new BigDecimal("0.05"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /** A clock time on Wednesday 4 March 2026, UTC; the same date in New York after 05:00. */
  static String t(String clock) {
    return "2026-03-04T" + clock + ":00Z";
  }

  /**
   * An order event of order {@code o} in the US, unless the fields say otherwise.
   *
   * @param id its id; the record's is that and the event
   * @param fields further fields as JSON
   */
  static String event(String id, String kind, String at, String... fields) {
    String further = String.join(",", fields);
    StringBuilder json = new StringBuilder("{'order_event_id':'" + id + "'");
    json.append(",'order_event':'").append(kind).append("','event_at':'").append(at).append("'");
    append(json, further, "record_id", id + ":" + kind);
    append(json, further, "order_id", "o");
    append(json, further, "market", "US");
    append(json, further, "currency", "USD");
    return json.append(further.isEmpty() ? "" : "," + further).append("}").toString();
  }

  private static void append(StringBuilder json, String further, String field, String value) {
    if (!further.contains("'" + field + "'")) {
      json.append(",'").append(field).append("':'").append(value).append("'");
    }
  }

  static String order(String id) {
    return "'order_id':'" + id + "'";
  }

  static String lines(String... lines) {
    return "'lines':[" + String.join(",", lines) + "]";
  }

  static String line(String id, long quantity, String unitPrice, String... fields) {
    return "{'line_id':'"
        + id
        + "','quantity':"
        + quantity
        + ",'unit_price':"
        + unitPrice
        + (fields.length == 0 ? "" : "," + String.join(",", fields))
        + "}";
  }

  static String reversal(String... lines) {
    return "'reversal':{" + lines(lines) + "}";
  }

  static String named(String id, long quantity) {
    return "{'line_id':'" + id + "','quantity':" + quantity + "}";
  }

  static String amount(String amount) {
    return "'reversal':{'amount':" + amount + "}";
  }

  static OrderFold.Result fold(GmvSettings settings, String... events) {
    return OrderFold.of(Rows.of(INPUT, events), settings, REFERENCE);
  }

  /** Daily GMV under watermarks that lie far ahead. */
  static Dataset<Row> daily(GmvSettings settings, String... events) {
    return DailySales.under(settings, COMPLETE)
        .daily(DailyMovements.of(fold(settings, events).history()))
        .drop(Columns.BUYERS_SKETCH);
  }
}
