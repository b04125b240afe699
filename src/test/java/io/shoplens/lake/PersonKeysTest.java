package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.config.KeyRing;
import io.shoplens.config.PrivacySettings;
import io.shoplens.config.PrivacySettings.Pseudonyms;
import io.shoplens.error.ShoplensException;
import io.shoplens.lake.PersonKeys.Presence;
import io.shoplens.testing.LocalSpark;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonKeysTest {
  private static final String K1 = "k1:" + key("first key, first key, first key!");
  private static final String K2 = "k2:" + key("second key, second key, second!!");

  @TempDir private Path folder;

  @Test
  void keysComeFromTheEnvironmentElseAFileElseACredentialProvider() throws Exception {
    Configuration hadoop = new Configuration();
    hadoop.set(
        CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH,
        "localjceks://file" + folder.resolve("keys.jceks"));
    CredentialProvider provider = CredentialProviderFactory.getProviders(hadoop).get(0);
    provider.createCredentialEntry(PrivacySettings.KEYS_ALIAS, (K1 + "," + K2).toCharArray());
    provider.flush();
    String file = Files.writeString(folder.resolve("a.keys"), K2 + "\n").toString();
    Optional<KeyRing> environment = Optional.of(KeyRing.parse(K1, "environment"));

    assertThat(ids(on(Optional.of(file), environment), hadoop)).containsExactly("k1");
    assertThat(ids(on(Optional.of(file), Optional.empty()), hadoop)).containsExactly("k2");
    assertThat(ids(PrivacySettings.none(), hadoop)).containsExactly("k1", "k2");
    assertThat(PersonKeys.configured(PrivacySettings.none(), new Configuration())).isEmpty();
  }

  @Test
  void aKeyFileThatCantBeReadIsNamed() {
    PrivacySettings settings = on(Optional.of(folder + "/none"), Optional.empty());

    assertThatThrownBy(() -> PersonKeys.configured(settings, new Configuration()))
        .isInstanceOf(ShoplensException.class)
        .hasMessageStartingWith("The keys of pseudonyms in " + folder + "/none can't be read.");
  }

  @Test
  void aLakesIdsAreNeverMixed() {
    Lake lake = new Lake(LocalSpark.session(), folder.resolve("lake").toString());
    PrivacySettings off = PrivacySettings.none();
    PrivacySettings first = on(K1);
    PrivacySettings both = on(K1 + "," + K2);

    assertThat(PersonKeys.agreed(lake, first, Presence.NONE).orElseThrow().ids())
        .containsExactly("k1");
    assertThat(PersonKeys.agreed(lake, first, Presence.IDS)).isPresent();
    assertThatThrownBy(() -> PersonKeys.agreed(lake, both, Presence.IDS))
        .hasMessage(
            "The lake stores ids under k1, and this run is to store them under k1, k2.\n"
                + "  Cause: The ids of one person would no longer be the same.\n"
                + "  Cure:  Run shoplens rekey, which brings what is stored to the configured keys.");
    assertThatThrownBy(() -> PersonKeys.agreed(lake, off, Presence.IDS))
        .hasMessageContaining("and this run is to store them as observed.")
        .hasMessageContaining("Configure the keys it is stored under");
    assertThatThrownBy(() -> PersonKeys.agreed(lake, on(K2), Presence.IDS))
        .hasMessageContaining("Configure the keys it is stored under");
  }

  private static PrivacySettings on(String keys) {
    return on(Optional.empty(), Optional.of(KeyRing.parse(keys, "test")));
  }

  private static PrivacySettings on(Optional<String> file, Optional<KeyRing> environment) {
    return new PrivacySettings(Pseudonyms.ON, file, environment, Duration.ofDays(30));
  }

  private static List<String> ids(PrivacySettings settings, Configuration hadoop) {
    return PersonKeys.configured(settings, hadoop).orElseThrow().ids();
  }

  private static String key(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
