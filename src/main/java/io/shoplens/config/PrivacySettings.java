package io.shoplens.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How the ids of persons are stored, and how long what was rejected is.
 *
 * @param pseudonyms whether user and device ids are stored as pseudonyms
 * @param keyFile file of the keys, as a Hadoop path
 * @param environmentKeys the keys as the environment gives them
 * @param quarantineRetention how long rejected records are kept as they came
 */
public record PrivacySettings(
    Pseudonyms pseudonyms,
    Optional<String> keyFile,
    Optional<KeyRing> environmentKeys,
    Duration quarantineRetention) {

  /** Environment variable that holds the keys. */
  public static final String KEYS_VARIABLE = "SHOPLENS_PSEUDONYM_KEYS";

  /** Alias of the keys in a Hadoop credential provider. */
  public static final String KEYS_ALIAS = "shoplens.pseudonym.keys";

  /** Whether ids are stored as pseudonyms. */
  public enum Pseudonyms {
    OFF,
    ON
  }

  /** Ids as observed, and no keys. */
  public static PrivacySettings none() {
    return new PrivacySettings(
        Pseudonyms.OFF, Optional.empty(), Optional.empty(), Duration.ofDays(30));
  }
}
