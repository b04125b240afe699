package io.shoplens.config;

import java.util.Optional;
import java.util.function.Function;

/**
 * A setting: the one place that knows its key, its default, how it is read and what it may be.
 *
 * @param key its name; dots for groups, hyphens in words
 * @param fallback the text of its default; empty where it must be given
 * @param parser text to value; throws {@link IllegalArgumentException}, {@link
 *     java.time.DateTimeException} or {@link ArithmeticException} for what is not allowed
 * @param allowed what it may be, in words
 * @param help what it does, in a sentence
 */
public record Setting<T>(
    String key,
    Optional<String> fallback,
    Function<String, T> parser,
    String allowed,
    String help) {

  static <T> Setting<T> of(
      String key, String fallback, Function<String, T> parser, String allowed, String help) {
    return new Setting<>(key, Optional.of(fallback), parser, allowed, help);
  }

  static <T> Setting<T> required(
      String key, Function<String, T> parser, String allowed, String help) {
    return new Setting<>(key, Optional.empty(), parser, allowed, help);
  }

  /** The environment variable that sets it: {@code SHOPLENS_GMV_BASIS} for {@code gmv.basis}. */
  public String environmentVariable() {
    return environmentVariable(key);
  }

  /** Whether its value is never shown: not in errors, logs or listings. */
  public boolean isSecret() {
    return Secrets.isSecret(key);
  }

  static String environmentVariable(String key) {
    return "SHOPLENS_" + key.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_");
  }
}
