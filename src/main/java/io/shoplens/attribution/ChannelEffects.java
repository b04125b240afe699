package io.shoplens.attribution;

import static io.shoplens.table.Columns.*;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Removal effects by the orders they are for. */
public final class ChannelEffects implements Serializable {
  /** Where no weights are known. */
  public static final ChannelEffects NONE = new ChannelEffects(Map.of());

  private static final long serialVersionUID = 1L;

  private final HashMap<Key, RemovalEffects> byKey;

  /**
   * Whose weights they are.
   *
   * @param week its Monday, in days of the epoch
   */
  record Key(String market, String salesChannel, TouchSet touchSet, int week)
      implements Serializable {}

  ChannelEffects(Map<Key, RemovalEffects> byKey) {
    this.byKey = new HashMap<>(byKey);
  }

  /** Those of rows of {@code gold.channel_weights}. */
  public static ChannelEffects of(List<Row> weights) {
    Map<Key, Map<String, BigInteger>> byKey = new HashMap<>();
    for (Row row : weights) {
      Key key =
          new Key(
              row.getAs(MARKET),
              row.getAs(SALES_CHANNEL),
              TouchSet.valueOf(row.<String>getAs(TOUCH_SET).toUpperCase(Locale.ROOT)),
              (int) row.<Date>getAs(WEEK_DATE).toLocalDate().toEpochDay());
      byKey
          .computeIfAbsent(key, any -> new HashMap<>())
          .put(row.getAs(CHANNEL), row.<BigDecimal>getAs(CHANNEL_WEIGHT).unscaledValue());
    }
    Map<Key, RemovalEffects> effects = new HashMap<>();
    byKey.forEach((key, byChannel) -> effects.put(key, new RemovalEffects(byChannel)));
    return new ChannelEffects(effects);
  }

  RemovalEffects of(String market, String salesChannel, TouchSet touchSet, int week) {
    return byKey.getOrDefault(new Key(market, salesChannel, touchSet, week), RemovalEffects.NONE);
  }
}
