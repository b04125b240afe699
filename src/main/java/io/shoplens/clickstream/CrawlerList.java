package io.shoplens.clickstream;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Whether a user agent is a crawler's: lower-cased, it contains one of the patterns.
 *
 * <p>Per-row Java, because a column expression would search every row for every pattern, over a
 * hundred times the length of the text, while a log repeats the same few user agents: here each is
 * searched once and remembered. The answer depends on the user agent alone.
 */
final class CrawlerList implements UDF1<String, Boolean> {
  private static final long serialVersionUID = 1L;
  private static final int REMEMBERED = 10_000;

  private final List<String> patterns;
  private transient volatile Map<String, Boolean> answers;

  private CrawlerList(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  /** A column of true or false, never NULL; without a user agent it is false. */
  static Column matches(List<String> patterns, Column userAgent) {
    return functions.udf(new CrawlerList(patterns), DataTypes.BooleanType).apply(userAgent);
  }

  @Override
  public Boolean call(String userAgent) {
    if (userAgent == null) {
      return false;
    }
    Map<String, Boolean> known = answers;
    if (known == null) {
      known = new ConcurrentHashMap<>();
      answers = known;
    }
    Boolean answer = known.get(userAgent);
    if (answer == null) {
      answer = contains(userAgent.toLowerCase(Locale.ROOT));
      if (known.size() < REMEMBERED) {
        known.put(userAgent, answer);
      }
    }
    return answer;
  }

  private boolean contains(String userAgent) {
    return patterns.stream().anyMatch(userAgent::contains);
  }
}
