package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.error.ShoplensException;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final String K1 = "k1:" + key("first key, first key, first key!");
  private static final String K2 = "k2:" + key("second key, second key, second!!");

  @Test
  void aPseudonymIsTheHmacOfUseAndIdBehindTheKeysId() {
    // echo -ne 'person\x1fu1' | openssl dgst -sha256 -hmac 'first key, first key, first key!'
    // -binary
    // | basenc --base64url
    assertThat(KeyRing.parse(K1, "test").pseudonym("u1"))
        .isEqualTo("k1:Z5Cs35b8IgqI3OAzYaJZmTLCywD9oY5dn86oK0oE3-8");
  }

  @Test
  void aNewKeyIsLaidOverWhatIsStoredWithoutTheIdBehindIt() {
    KeyRing old = KeyRing.parse(K1, "test");
    KeyRing both = KeyRing.parse(K1 + "\n" + K2, "test");

    String stored = old.pseudonym("u1");

    assertThat(both.continued(stored)).startsWith("k2:").isEqualTo(both.pseudonym("u1"));
    assertThat(both.continued("u1")).isEqualTo(both.pseudonym("u1"));
    assertThat(both.continued(both.pseudonym("u1"))).isEqualTo(both.pseudonym("u1"));
    assertThat(both.forms("u1")).containsExactly("u1", stored, both.pseudonym("u1"));
  }

  @Test
  void anObservedIdThatLooksLikeAPseudonymIsNotTakenForOne() {
    KeyRing keys = KeyRing.parse(K1, "test");

    assertThat(keys.pseudonym(keys.pseudonym("u1"))).isNotEqualTo(keys.pseudonym("u1"));
  }

  @Test
  void whatAListOfErasedPersonsHoldsIsNoPseudonym() {
    KeyRing keys = KeyRing.parse(K1, "test");

    assertThat(keys.pseudonym("u1")).doesNotContain(keys.erasureMark("k1", "u1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"k1", "k1:c2hvcnQ=", "K1:%s", "%s", "k1:not base64 at all", "k1:%s,k1:%s"})
  void whatIsNoKeyIsRefusedWithoutBeingShown(String form) {
    String secret = key("first key, first key, first key!");
    assertThatThrownBy(() -> KeyRing.parse(form.replace("%s", secret), "a.keys"))
        .isInstanceOf(ShoplensException.class)
        .hasMessageContaining("of a.keys is not an id of its own, a colon and 32 bytes or more")
        .hasMessageNotContaining(secret)
        .hasMessageNotContaining("c2hvcnQ");
  }

  @Test
  void noKeyStandsInTextsOfTheConfiguration(@TempDir Path dir) throws Exception {
    ConfFolder conf = ConfFolder.in(dir).write("a.yaml", "lake.root: lake\n");
    Map<String, String> environment = Map.of(PrivacySettings.KEYS_VARIABLE, K1);

    ShoplensConfig config = ConfigFile.load(conf.path("a.yaml"), Map.of(), environment);
    ShoplensConfig without = ConfigFile.load(conf.path("a.yaml"), Map.of(), Map.of());

    assertThat(config.privacy().environmentKeys().orElseThrow().ids()).containsExactly("k1");
    assertThat(config.toString()).contains("keys k1").doesNotContain(K1.substring(3));
    assertThat(config.digest()).isEqualTo(without.digest());
  }

  @Test
  void theKeysTravelToExecutors() throws Exception {
    new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(KeyRing.parse(K1, "test"));
  }

  private static String key(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
