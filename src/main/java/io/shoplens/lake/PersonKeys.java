package io.shoplens.lake;

import io.shoplens.config.KeyRing;
import io.shoplens.config.PrivacySettings;
import io.shoplens.config.PrivacySettings.Pseudonyms;
import io.shoplens.config.Settings;
import io.shoplens.error.Errors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;

/**
 * The keys of pseudonyms: where they come from, and which of them the ids of a lake are stored
 * under. Ids under other keys would join with nothing, so what is stored and what is configured
 * have to be the same before anything is taken in.
 */
public final class PersonKeys {
  private static final String FOLDER = "privacy";
  private static final String STORED = "keys";

  /** No key id is written like it. */
  private static final String UNFINISHED = "(unfinished)";

  private PersonKeys() {}

  /**
   * The configured keys: of the environment, else of the key file, else of Hadoop's credential
   * providers; empty where none of them has any.
   *
   * @throws io.shoplens.error.ShoplensException where they can't be read or used; it shows no key
   */
  public static Optional<KeyRing> configured(PrivacySettings settings, Configuration hadoop) {
    return settings
        .environmentKeys()
        .or(() -> settings.keyFile().map(file -> ofFile(file, hadoop)))
        .or(() -> ofProvider(hadoop));
  }

  /**
   * The configured keys, which there have to be.
   *
   * @param purpose what needs them, as a sentence
   */
  public static KeyRing require(PrivacySettings settings, Configuration hadoop, String purpose) {
    return configured(settings, hadoop)
        .orElseThrow(
            () ->
                Errors.configuration(
                    "There is no key of pseudonyms.",
                    purpose,
                    "Give keys in "
                        + PrivacySettings.KEYS_VARIABLE
                        + ", in a file named by "
                        + Settings.PRIVACY_KEY_FILE.key()
                        + " or in a Hadoop credential provider as "
                        + PrivacySettings.KEYS_ALIAS
                        + "; make one with: echo k1:$(head -c 32 /dev/urandom | base64)"));
  }

  private static KeyRing ofFile(String file, Configuration hadoop) {
    Path path = new Path(file);
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return KeyRing.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), file);
    } catch (IOException failure) {
      throw Errors.storage(
          "The keys of pseudonyms in " + file + " can't be read.",
          String.valueOf(failure.getMessage()),
          "Correct " + Settings.PRIVACY_KEY_FILE.key() + ", or who may read the file.",
          failure);
    }
  }

  private static Optional<KeyRing> ofProvider(Configuration hadoop) {
    try {
      for (CredentialProvider provider : CredentialProviderFactory.getProviders(hadoop)) {
        CredentialProvider.CredentialEntry entry =
            provider.getCredentialEntry(PrivacySettings.KEYS_ALIAS);
        if (entry != null) {
          String text = new String(entry.getCredential());
          return Optional.of(KeyRing.parse(text, "the credential provider " + provider));
        }
      }
      return Optional.empty();
    } catch (IOException failure) {
      throw Errors.storage(
          "Hadoop's credential providers can't be read.",
          String.valueOf(failure.getMessage()),
          "Correct " + CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH + ".",
          failure);
    }
  }

  /**
   * Ids of the keys that the ids in a lake are stored under, the oldest first; none for ids as
   * observed.
   */
  public static List<String> stored(Lake lake) {
    try {
      return files(lake).read(STORED).stream()
          .flatMap(text -> List.of(text.split(",")).stream())
          .filter(id -> !id.isEmpty())
          .toList();
    } catch (IOException failure) {
      throw unreachable(lake, failure);
    }
  }

  /** Notes that ids are being brought to other keys: nothing else is done until they are. */
  public static void storeUnfinished(Lake lake) {
    List<String> before = stored(lake);
    if (!before.contains(UNFINISHED)) {
      List<String> marked = new ArrayList<>(before);
      marked.add(UNFINISHED);
      store(lake, marked);
    }
  }

  /** Whether bringing ids to other keys was cut short: it is to be repeated. */
  public static boolean isUnfinished(Lake lake) {
    return stored(lake).contains(UNFINISHED);
  }

  /** Notes the keys that the ids of a lake are stored under from now on. */
  public static void store(Lake lake, List<String> ids) {
    lake.requireLease();
    try {
      files(lake).replace(STORED, String.join(",", ids));
    } catch (IOException failure) {
      throw unreachable(lake, failure);
    }
  }

  /**
   * Requires that a lake's ids are stored under the configured keys, and notes these where it holds
   * none yet.
   *
   * @param presence whether the lake holds any
   * @return the keys, where ids are to be pseudonyms
   */
  public static Optional<KeyRing> agreed(Lake lake, PrivacySettings settings, Presence presence) {
    Optional<KeyRing> keys = agreeing(lake, settings, presence);
    List<String> configured = ids(keys);
    if (!configured.equals(stored(lake))) {
      store(lake, configured);
    }
    return keys;
  }

  /** Requires the same as {@link #agreed}, and notes nothing. */
  public static Optional<KeyRing> agreeing(Lake lake, PrivacySettings settings, Presence presence) {
    Optional<KeyRing> keys =
        settings.pseudonyms() == Pseudonyms.OFF
            ? Optional.empty()
            : Optional.of(
                require(
                    settings,
                    lake.hadoop(),
                    Settings.PRIVACY_PSEUDONYMS.key() + " is on, and pseudonyms need one."));
    List<String> configured = ids(keys);
    List<String> stored = stored(lake);
    if (presence == Presence.IDS && !configured.equals(stored)) {
      throw Errors.configuration(
          "The lake stores ids "
              + under(stored)
              + ", and this run is to store them "
              + under(configured)
              + ".",
          "The ids of one person would no longer be the same.",
          stored.contains(UNFINISHED) || isAdded(stored, configured)
              ? "Run shoplens rekey, which brings what is stored to the configured keys."
              : "Configure the keys it is stored under, in that order; new ones come after them.");
    }
    return keys;
  }

  private static List<String> ids(Optional<KeyRing> keys) {
    return keys.map(KeyRing::ids).orElse(List.of());
  }

  private static boolean isAdded(List<String> stored, List<String> configured) {
    return configured.size() > stored.size() && configured.subList(0, stored.size()).equals(stored);
  }

  private static String under(List<String> ids) {
    return ids.isEmpty() ? "as observed" : "under " + String.join(", ", ids);
  }

  /** Whether a lake holds ids of persons. */
  public enum Presence {
    NONE,
    IDS
  }

  private static LakeFiles files(Lake lake) throws IOException {
    return new LakeFiles(lake.root(), FOLDER, lake.hadoop());
  }

  private static RuntimeException unreachable(Lake lake, IOException failure) {
    return Errors.storage(
        "What the lake says of its keys can't be read or written.",
        String.valueOf(failure.getMessage()),
        "See that " + lake.root() + " can be reached; shoplens doctor tells more.",
        failure);
  }
}
