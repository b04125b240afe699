package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SecretsTest {
  @Test
  void keysOfSecretsAreKnownByName() {
    assertThat(
            List.of(
                "fs.s3a.secret.key",
                "fs.s3a.access.key",
                "fs.s3a.session.token",
                "fs.s3a.bucket.logs.secret.key",
                "fs.s3a.encryption.key",
                "spark.ssl.keyStorePassword",
                "spark.authenticate.secret",
                "SHOPLENS_API_KEY"))
        .allMatch(Secrets::isSecret);
    assertThat(
            List.of(
                "gmv.basis",
                "fs.s3a.aws.credentials.provider",
                "fs.s3a.endpoint",
                "hadoop.security.credential.provider.path",
                "fs.s3a.delegation.token.binding"))
        .noneMatch(Secrets::isSecret);
  }

  @Test
  void shownValuesHoldNoSecretAndNothingThatSteersATerminal() {
    assertThat(Secrets.shown("fs.s3a.secret.key", "sesame")).isEqualTo("(hidden)");
    assertThat(Secrets.shown("lake.root", "s3a://key:sesame@bucket/a@b"))
        .isEqualTo("\"s3a://bucket/a@b\"");
    assertThat(Secrets.shown("gmv.basis", "a\u001b[2J\n\"b\""))
        .isEqualTo("\"a\\u001b[2J\\u000a\\\"b\\\"\"");
    assertThat(Secrets.shown("gmv.basis", "x".repeat(200)))
        .isEqualTo('"' + "x".repeat(120) + "...\"");
  }
}
