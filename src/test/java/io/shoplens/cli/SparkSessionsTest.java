package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.ConditionalWrites;
import io.shoplens.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkSessionsTest {
  private static final Path SHIPPED = Path.of("conf", "spark-defaults.conf");

  @TempDir private Path folder;

  @Test
  void withoutAMasterTheSessionIsLocalQuietAndInUtc() {
    SparkConf conf = SparkSessions.conf(Map.of(), folder.resolve("none"));

    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
    assertThat(conf.get("spark.ui.showConsoleProgress")).isEqualTo("false");
    assertThat(conf.get("spark.sql.session.timeZone")).isEqualTo("UTC");
    assertThat(conf.get("spark.databricks.delta.snapshotPartitions")).isEqualTo("1");
    assertThat(conf.get("spark.sql.extensions"))
        .isEqualTo("io.delta.sql.DeltaSparkSessionExtension");
    assertThat(conf.get("spark.sql.catalog.spark_catalog"))
        .isEqualTo("org.apache.spark.sql.delta.catalog.DeltaCatalog");
  }

  @Test
  void theConfigurationWinsOverSparkSubmitAndThatOverTheDefaultsFile() throws Exception {
    Path defaults = folder.resolve("d.conf");
    Files.writeString(
        defaults, "spark.a file \nspark.b file\nspark.c  file\n# spark.d x\nother y\n");
    System.setProperty("spark.a", "submit");
    System.setProperty("spark.b", "submit");
    try {
      SparkConf conf = SparkSessions.conf(Map.of("spark.a", "conf"), defaults);
      assertThat(conf.get("spark.a")).isEqualTo("conf");
      assertThat(conf.get("spark.b")).isEqualTo("submit");
      assertThat(conf.get("spark.c")).isEqualTo("file");
      assertThat(conf.contains("spark.d")).isFalse();
      assertThat(conf.contains("other")).isFalse();
    } finally {
      System.clearProperty("spark.a");
      System.clearProperty("spark.b");
    }
  }

  @Test
  void commitsOnS3AreSafeAndOnesOwnIsKnownAgainWhetherTheDefaultsFileIsThereOrNot() {
    for (Path defaults : List.of(SHIPPED, folder.resolve("none"))) {
      SparkConf conf = SparkSessions.conf(Map.of(), defaults);

      assertThat(ConditionalWrites.isLogStoreSet("s3a://bucket/lake", conf)).isTrue();
      assertThat(conf.contains("spark.delta.logStore.s3.impl")).isFalse();
      assertThat(conf.get("spark.databricks.delta.commit.idempotencyCheck.enabled"))
          .isEqualTo("true");
      assertThat(conf.get("spark.hadoop.fs.s3a.input.stream.type")).isEqualTo("classic");
      assertThat(conf.get("spark.hadoop.fs.s3a.change.detection.version.required"))
          .isEqualTo("false");
    }
    SparkConf stock =
        new SparkConf(false)
            .set(ConditionalWrites.LOG_STORE_SETTING, "io.delta.storage.S3SingleDriverLogStore");
    assertThat(ConditionalWrites.isLogStoreSet("s3a://bucket/lake", stock)).isFalse();
    assertThat(ConditionalWrites.isLogStoreSet("s3a://bucket/lake", new SparkConf(false)))
        .isFalse();
  }

  @Test
  void s3PathsThatAreS3asAreCommittedToInTheSameWay() {
    Map<String, String> mapped =
        Map.of("spark.hadoop.fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");

    assertThat(
            ConditionalWrites.isLogStoreSet(
                "s3://bucket/lake", SparkSessions.conf(mapped, SHIPPED)))
        .isTrue();
  }

  @Test
  void aClusterKeepsItsOwnShuffleAndNetwork() {
    SparkConf conf = SparkSessions.conf(Map.of("spark.master", "spark://127.0.0.1:7077"), SHIPPED);

    assertThat(conf.contains("spark.sql.shuffle.partitions")).isFalse();
    assertThat(conf.contains("spark.driver.host")).isFalse();
    assertThat(conf.contains("spark.ui.enabled")).isFalse();
  }

  @Test
  void extensionsOfOthersStayBesideDelta() {
    assertThat(
            SparkSessions.conf(Map.of("spark.sql.extensions", "a.B"), SHIPPED)
                .get("spark.sql.extensions"))
        .isEqualTo("a.B,io.delta.sql.DeltaSparkSessionExtension");
  }

  @Test
  void aSessionThatSomebodyElseOpenedStaysOpen() {
    LocalSpark.session();
    try (SparkSessions.Opened opened = SparkSessions.open(Map.of(), SHIPPED)) {
      assertThat(opened.ownership()).isEqualTo(SparkSessions.Ownership.BORROWED);
    }
    assertThat(LocalSpark.session().range(3).count()).isEqualTo(3);
  }

  @Test
  void storageSettingsReachASessionOfSomebodyElseWhileItIsLent() {
    LocalSpark.session().conf().set("fs.shoplens.old", "theirs");
    Map<String, String> settings =
        Map.of("spark.hadoop.fs.shoplens.old", "ours", "spark.hadoop.fs.shoplens.new", "ours");

    try (SparkSessions.Opened opened = SparkSessions.open(settings, SHIPPED)) {
      Configuration hadoop = opened.session().sessionState().newHadoopConf();
      assertThat(hadoop.get("fs.shoplens.old")).isEqualTo("ours");
      assertThat(hadoop.get("fs.shoplens.new")).isEqualTo("ours");
    }

    assertThat(LocalSpark.session().conf().get("fs.shoplens.old")).isEqualTo("theirs");
    assertThat(LocalSpark.session().conf().contains("fs.shoplens.new")).isFalse();
    LocalSpark.session().conf().unset("fs.shoplens.old");
  }

  @Test
  void aStoreThatIsNotThereIsTriedForLessThanAMinute() {
    SparkConf conf = SparkSessions.conf(Map.of("spark.hadoop.fs.s3a.retry.limit", "9"), SHIPPED);

    assertThat(conf.get("spark.hadoop.fs.s3a.attempts.maximum")).isEqualTo("3");
    assertThat(conf.get("spark.hadoop.fs.s3a.connection.establish.timeout")).isEqualTo("10s");
    assertThat(conf.get("spark.hadoop.fs.s3a.retry.limit")).isEqualTo("9");
  }

  @Test
  void secretsAreShownNowhereWhetherTheDefaultsFileIsThereOrNot() {
    for (Path defaults : List.of(SHIPPED, folder.resolve("none"))) {
      Pattern hidden =
          Pattern.compile(SparkSessions.conf(Map.of(), defaults).get("spark.redaction.regex"));

      for (String key :
          List.of(
              "spark.hadoop.fs.s3a.secret.key",
              "spark.hadoop.fs.s3a.access.key",
              "spark.hadoop.fs.s3a.session.token",
              "spark.hadoop.fs.azure.account.key.x",
              "spark.executorEnv.SHOPLENS_PSEUDONYM_KEYS",
              "shoplens.pseudonym.keys")) {
        assertThat(hidden.matcher(key).find()).as(key).isTrue();
      }
      assertThat(hidden.matcher("spark.hadoop.fs.s3a.endpoint").find()).isFalse();
    }
  }

  @Test
  void whatAClusterHidesStaysHiddenBesideOurKeys() {
    Pattern hidden =
        Pattern.compile(
            SparkSessions.conf(Map.of("spark.redaction.regex", "vault"), SHIPPED)
                .get("spark.redaction.regex"));

    assertThat(
            List.of("spark.vault.pin", "spark.executorEnv.SHOPLENS_PSEUDONYM_KEYS", "spark.master"))
        .extracting(key -> hidden.matcher(key).find())
        .containsExactly(true, true, false);
  }

  @Test
  void publishedStatesAreReadHoweverOldTheyAre() {
    String enforcement =
        "spark.databricks.delta.vacuum.enforceTimeTravelWithinDeletedFileRetentionDuration";

    assertThat(SparkSessions.conf(Map.of(enforcement, "true"), SHIPPED).get(enforcement))
        .isEqualTo("false");
  }
}
