package io.shoplens.clickstream;

import io.shoplens.config.ClickstreamSettings;
import io.shoplens.config.Reference;
import io.shoplens.config.Reference.ChannelRule;
import io.shoplens.config.Reference.Market;
import io.shoplens.config.Reference.OwnDomain;
import io.shoplens.config.Reference.TouchRule;
import io.shoplens.table.Columns;
import io.shoplens.table.Events;
import io.shoplens.table.Sessions;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Events of tests, and the settings and reference tables they are read with. */
final class Clicks {
  static final ClickstreamSettings SETTINGS =
      new ClickstreamSettings(
          Duration.ofMinutes(30), Duration.ofHours(24), Duration.ofDays(30), 600, 3000);

  /** The shipped rules and lists, with a few markets. */
  static final Reference REFERENCE = referenceWith(channelRules(shipped("channel_rules").toList()));

  private static final StructType SCHEMA =
      Events.TABLE
          .schema()
          .add(
              Columns.LINK,
              DataType.fromDDL(
                  "struct<final_url:string,host:string,registrable_domain:string,merchant:string,"
                      + "merchant_group:string,parent_group:string,link_kind:string,"
                      + "certainty:string,is_competitor:boolean,product_key:string,"
                      + "affiliate_network:string>"));

  private Clicks() {}

  /** The shipped lists and touch rules, with other channel rules. */
  static Reference referenceWith(List<ChannelRule> channelRules) {
    return new Reference(
        Map.of(
            "GB", market("GB", "Europe/London", "GBP"),
            "US", market("US", "America/New_York", "USD")),
        Map.of("US-CA", ZoneId.of("America/Los_Angeles")),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        lines("own_domains").map(line -> new OwnDomain(line[0], line[1])).toList(),
        lines("touch_rules").map(Clicks::touchRule).toList(),
        channelRules,
        lines("crawlers").map(line -> line[0]).toList(),
        List.of(),
        List.of());
  }

  /** Accepted events of market GB; {@code @05T10:00} stands for that day and time of March 2026. */
  static Dataset<Row> events(String... json) {
    return Rows.of(
        SCHEMA,
        Stream.of(json)
            .map(Clicks::dated)
            .map(line -> line.contains("'market'") ? line : "{'market':'GB'," + line.substring(1))
            .toArray(String[]::new));
  }

  /** No session that goes on with the events. */
  static Dataset<Row> noneOpen() {
    return OpenSessions.at(Rows.of(Sessions.TABLE), List.of(), SETTINGS);
  }

  /** Writes {@code @05T10:00[:30.5]} out, and gives the row its UTC date. */
  static String dated(String json) {
    String dated = json.replaceAll("@(\\d\\d)T(\\d\\d:\\d\\d)'", "@$1T$2:00'");
    return dated.replaceAll(
        "'event_at':'@(\\d\\d)T([^']+)'",
        "'event_at':'2026-03-$1T$2Z','event_utc_date':'2026-03-$1'");
  }

  private static Stream<String[]> lines(String table) {
    return shipped(table).skip(1);
  }

  /** The lines of a table, its header first. */
  private static Stream<String[]> shipped(String table) {
    try {
      return Files.readAllLines(Path.of("conf", table + ".csv")).stream()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(",", -1));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static TouchRule touchRule(String[] line) {
    return new TouchRule(
        line[0], Optional.of(line[1]).filter(surface -> !surface.isEmpty()), line[2], line[3]);
  }

  private static List<ChannelRule> channelRules(List<String[]> lines) {
    String[] header = lines.get(0);
    return lines.stream()
        .skip(1)
        .map(
            line -> {
              Map<String, String> conditions = new LinkedHashMap<>();
              for (int i = 1; i < header.length; i++) {
                if (!line[i].isEmpty()) {
                  conditions.put(header[i], line[i]);
                }
              }
              return new ChannelRule(line[0], conditions);
            })
        .toList();
  }

  private static Market market(String code, String zone, String currency) {
    return new Market(
        code,
        ZoneId.of(zone),
        currency,
        BigDecimal.ZERO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
