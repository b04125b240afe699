package io.shoplens.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** The last complete day of every market: what was sold, what earned it, what leaked. */
final class Figures {
  private static final String HEADLINE =
      """
      WITH day AS (
        SELECT market, max(gmv_date) AS day FROM gold.daily_gmv WHERE is_complete GROUP BY market
      ), credit AS (
        SELECT market, credit_date AS day, currency,
          sum(credit_local) FILTER (WHERE touch_class = 'in_app_shop') AS in_app,
          sum(credit_local) FILTER (WHERE touch_class = 'external_link') AS external,
          sum(credit_local) FILTER (WHERE touch_class = 'direct') AS direct,
          sum(credit_local) FILTER (WHERE touch_class = 'unattributed') AS unattributed
        FROM gold.daily_attribution
        WHERE model = 'last_touch' AND touch_set = 'entry' AND sales_channel = 'in_app'
        GROUP BY market, credit_date, currency
      )
      SELECT gmv.market, gmv.gmv_date, gmv.currency, gmv.orders, gmv.gmv_local, gmv.net_gmv_local,
        gmv.average_order_value_local, credit.in_app, credit.external, credit.direct,
        credit.unattributed, leak.leak_rate_low, leak.leak_rate_high
      FROM gold.daily_gmv AS gmv
      JOIN day ON gmv.market = day.market AND gmv.gmv_date = day.day
      LEFT JOIN credit ON gmv.market = credit.market AND gmv.gmv_date = credit.day
        AND gmv.currency = credit.currency
      LEFT JOIN gold.daily_leakage AS leak ON gmv.market = leak.market
        AND gmv.gmv_date = leak.click_date AND leak.level = 'market'
      ORDER BY gmv.gmv_reporting DESC NULLS LAST, gmv.market, gmv.currency
      """;

  private static final String DESTINATIONS =
      """
      WITH day AS (
        SELECT market, max(gmv_date) AS day FROM gold.daily_gmv WHERE is_complete GROUP BY market
      )
      SELECT leak.market, leak.level_value AS destination, leak.competitor_clicks, leak.people
      FROM gold.daily_leakage AS leak
      JOIN day ON leak.market = day.market AND leak.click_date = day.day
      WHERE leak.level = 'destination' AND leak.competitor_clicks > 0
      ORDER BY leak.competitor_clicks DESC, leak.market, leak.level_value
      LIMIT 8
      """;

  private final List<Row> markets;
  private final List<Row> destinations;

  private Figures(List<Row> markets, List<Row> destinations) {
    this.markets = markets;
    this.destinations = destinations;
  }

  /** The figures as the engine's tables have them. */
  static Figures of(Engine engine) {
    return new Figures(
        engine.query(HEADLINE).collectAsList(), engine.query(DESTINATIONS).collectAsList());
  }

  /** Lines for people. */
  List<String> lines() {
    if (markets.isEmpty()) {
      return List.of(
          "No market has a complete day yet: a day is complete once its clicks and its orders go past it.");
    }
    List<String> lines = new ArrayList<>();
    lines.add("The last complete day, and who earned its GMV (last touch among session entries)");
    TextTable table =
        TextTable.of(
            "market",
            "date",
            ">orders",
            ">GMV",
            ">net GMV",
            ">per order",
            "",
            ">in-app",
            ">external",
            ">direct",
            ">unattributed",
            ">leak rate");
    for (Row row : markets) {
      String currency = row.getAs("currency");
      BigDecimal gmv = row.getAs("gmv_local");
      table.row(
          row.getAs("market"),
          String.valueOf(row.<Object>getAs("gmv_date")),
          Words.count(row.<Long>getAs("orders")),
          amount(row, "gmv_local", currency),
          amount(row, "net_gmv_local", currency),
          amount(row, "average_order_value_local", currency),
          currency,
          share(row, "in_app", gmv),
          share(row, "external", gmv),
          share(row, "direct", gmv),
          share(row, "unattributed", gmv),
          leakRate(row));
    }
    lines.addAll(table.lines());
    if (!destinations.isEmpty()) {
      lines.add("");
      lines.add("Where shopping clicks leaked to on that day");
      TextTable leaked = TextTable.of("market", "destination", ">clicks", ">people");
      for (Row row : destinations) {
        leaked.row(
            row.getAs("market"),
            row.getAs("destination"),
            Words.count(row.<Long>getAs("competitor_clicks")),
            Words.count(row.<Long>getAs("people")));
      }
      lines.addAll(leaked.lines());
    }
    return lines;
  }

  /** The same for machines; amounts as text, exact. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("markets", markets.stream().map(Figures::json).toList());
    json.put("leaked_destinations", destinations.stream().map(Figures::json).toList());
    return json;
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (String column : row.schema().fieldNames()) {
      Object value = row.getAs(column);
      json.put(
          column,
          value instanceof BigDecimal amount
              ? amount.toPlainString()
              : value instanceof Long || value == null ? value : String.valueOf(value));
    }
    return json;
  }

  private static String amount(Row row, String column, String currency) {
    BigDecimal value = row.getAs(column);
    return value == null ? "-" : Words.amount(value, currency);
  }

  private static String share(Row row, String column, BigDecimal whole) {
    BigDecimal part = row.getAs(column);
    return Words.share(part == null ? BigDecimal.ZERO : part, whole);
  }

  private static String leakRate(Row row) {
    String low = Words.percent(row.getAs("leak_rate_low"));
    String high = Words.percent(row.getAs("leak_rate_high"));
    return low.equals(high) ? low : low + " to " + high;
  }
}
