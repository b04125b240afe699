package io.shoplens.lake;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Settings of a session for the time of one piece of work. */
public final class SessionSettings {
  private SessionSettings() {}

  /** What work gives while the session has the settings; after it they are as they were. */
  public static <T> T during(SparkSession session, Map<String, String> settings, Supplier<T> work) {
    Map<String, Optional<String>> before = new HashMap<>();
    settings.forEach(
        (key, value) -> {
          scala.Option<String> was = session.conf().getOption(key);
          before.put(key, was.isDefined() ? Optional.of(was.get()) : Optional.empty());
          session.conf().set(key, value);
        });
    try {
      return work.get();
    } finally {
      before.forEach(
          (key, was) ->
              was.ifPresentOrElse(
                  value -> session.conf().set(key, value), () -> session.conf().unset(key)));
    }
  }
}
