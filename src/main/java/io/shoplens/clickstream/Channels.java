package io.shoplens.clickstream;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Reference.ChannelRule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;

/** Channel rules as a column expression: the first rule whose conditions all hold. */
final class Channels {
  private static final String ANY_VALUE = "*";
  private static final String REFERRER = "referrer_domain";

  private Channels() {}

  /** The channel of a touch, or NULL where no rule holds. */
  static Column of(List<ChannelRule> rules) {
    Column channel = lit(null).cast("string");
    for (int i = rules.size() - 1; i >= 0; i--) {
      channel = when(holds(rules.get(i)), lit(rules.get(i).channel())).otherwise(channel);
    }
    return channel;
  }

  /** The fields of a touch that the rules ask for. */
  static Set<String> fields(List<ChannelRule> rules) {
    return rules.stream()
        .flatMap(rule -> rule.conditions().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Column holds(ChannelRule rule) {
    return rule.conditions().entrySet().stream()
        .map(condition -> holds(condition.getKey(), condition.getValue()))
        .reduce(Column::and)
        .orElse(lit(true));
  }

  /** What a rule asks of a field. NULL never matches. */
  private static Column holds(String field, String values) {
    Column value = col(field.equals(REFERRER) ? Touches.REFERRER_DOMAIN : field);
    if (values.equals(ANY_VALUE)) {
      return value.isNotNull();
    }
    Map<Boolean, List<String>> byKind =
        Arrays.stream(values.toLowerCase(Locale.ROOT).split("\\|"))
            .collect(Collectors.partitioningBy(each -> each.endsWith(ANY_VALUE)));
    Column matches = lower(value).isin(byKind.get(false).toArray());
    for (String prefix : byKind.get(true)) {
      matches = matches.or(lower(value).startsWith(prefix.substring(0, prefix.length() - 1)));
    }
    return matches;
  }
}
