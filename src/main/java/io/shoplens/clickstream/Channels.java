package io.shoplens.clickstream;

import static io.shoplens.table.Columns.EVENT_TYPE;
import static io.shoplens.table.Columns.MERCHANT_GROUP;
import static io.shoplens.table.Columns.SURFACE;
import static io.shoplens.table.Columns.TOUCH_CLASS;
import static io.shoplens.table.Columns.UTM_CAMPAIGN;
import static io.shoplens.table.Columns.UTM_MEDIUM;
import static io.shoplens.table.Columns.UTM_SOURCE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Reference.ChannelRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;

/** Channel rules as a column expression: the first rule whose conditions all hold. */
final class Channels {
  private static final String ANY_VALUE = "*";

  private Channels() {}

  /** The channel of a touch, or NULL where no rule holds. */
  static Column of(List<ChannelRule> rules) {
    Column channel = lit(null).cast("string");
    for (int i = rules.size() - 1; i >= 0; i--) {
      channel = when(holds(rules.get(i)), lit(rules.get(i).channel())).otherwise(channel);
    }
    return channel;
  }

  private static Column holds(ChannelRule rule) {
    List<Column> conditions = new ArrayList<>();
    condition(TOUCH_CLASS, rule.touchClass()).ifPresent(conditions::add);
    condition(EVENT_TYPE, rule.eventType()).ifPresent(conditions::add);
    condition(SURFACE, rule.surface()).ifPresent(conditions::add);
    condition(UTM_SOURCE, rule.utmSource()).ifPresent(conditions::add);
    condition(UTM_MEDIUM, rule.utmMedium()).ifPresent(conditions::add);
    condition(UTM_CAMPAIGN, rule.utmCampaign()).ifPresent(conditions::add);
    condition(Touches.REFERRER_DOMAIN, rule.referrerDomain()).ifPresent(conditions::add);
    condition(MERCHANT_GROUP, rule.merchantGroup()).ifPresent(conditions::add);
    return conditions.stream().reduce(Column::and).orElse(lit(true));
  }

  /** What a rule asks of a column; nothing where the rule leaves it open. NULL never matches. */
  private static Optional<Column> condition(String column, String values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.equals(ANY_VALUE)) {
      return Optional.of(col(column).isNotNull());
    }
    Map<Boolean, List<String>> byKind =
        Arrays.stream(values.toLowerCase(Locale.ROOT).split("\\|"))
            .collect(Collectors.partitioningBy(value -> value.endsWith(ANY_VALUE)));
    Column matches = lower(col(column)).isin(byKind.get(false).toArray());
    for (String prefix : byKind.get(true)) {
      matches = matches.or(lower(col(column)).startsWith(prefix.substring(0, prefix.length() - 1)));
    }
    return Optional.of(matches);
  }
}
