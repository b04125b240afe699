package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.config.LakeSettings;
import io.shoplens.config.LakeSettings.Drivers;
import io.shoplens.config.LakeSettings.SecondRun;
import io.shoplens.error.ExitStatus;
import io.shoplens.error.ShoplensException;
import io.shoplens.lake.ConditionalWrites.Verdict;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.S3Relay;
import io.shoplens.testing.S3Relay.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConditionalWritesTest {
  private static Path folder;
  private static LoopbackS3 s3;

  @BeforeAll
  static void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    s3 = LoopbackS3.startOpen(folder, "probed", "ignoring", "racy", "refused", "lax", "unknowing");
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void aStoreThatLetsOneWriterWinIsProvenAndNothingIsLeftInIt() throws IOException {
    assertThat(ConditionalWrites.probe("s3a://probed/lake", through(s3.endpoint())))
        .isEqualTo(Verdict.ENFORCED);
    assertThat(objects("probed")).isEmpty();
  }

  /** A lake on disk needs nothing of S3. */
  @Test
  void nothingOfS3IsNeededToKnowItsSettings() throws Exception {
    ClassLoader withoutS3 =
        new ClassLoader(getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.hadoop.fs.s3a.")) {
              throw new ClassNotFoundException(name);
            }
            return name.startsWith("io.shoplens.lake.")
                ? own(name)
                : super.loadClass(name, resolve);
          }

          private Class<?> own(String name) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
              return known;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
              byte[] bytes = in.readAllBytes();
              return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException failure) {
              throw new ClassNotFoundException(name, failure);
            }
          }
        };

    Class<?> linked = Class.forName(ConditionalWrites.class.getName(), true, withoutS3);

    assertThat(linked.getClassLoader()).isSameAs(withoutS3);
    assertThat(linked.getField("LOG_STORE").get(null)).isEqualTo(ConditionalWrites.LOG_STORE);
  }

  @Test
  void aStoreThatIgnoresTheConditionIsRecognised() throws IOException {
    try (S3Relay relay = relay(Fate.CONDITION_IGNORED)) {
      assertThat(ConditionalWrites.probe("s3a://ignoring/lake", through(relay.endpoint())))
          .isEqualTo(Verdict.IGNORED);
      assertThat(relay.interfered()).isPositive();
    }
  }

  @Test
  void aStoreThatChecksAndThenWritesIsRecognised() throws IOException {
    try (S3Relay relay = relay(Fate.CHECKED_THEN_WRITTEN)) {
      assertThat(ConditionalWrites.probe("s3a://racy/lake", through(relay.endpoint())))
          .isEqualTo(Verdict.RACY);
      assertThat(relay.interfered()).isPositive();
    }
  }

  @Test
  void aStoreThatRefusesTheConditionIsRecognisedAndOneDriverMayWriteThereWithoutIt()
      throws IOException {
    try (S3Relay relay = relay(Fate.CONDITION_REFUSED)) {
      Configuration hadoop = through(relay.endpoint());
      assertThat(ConditionalWrites.probe("s3a://unknowing/lake", hadoop))
          .isEqualTo(Verdict.UNSUPPORTED);
      assertThat(ConditionalWrites.cure("s3a://unknowing/lake", Verdict.UNSUPPORTED))
          .endsWith(
              "set lake.drivers: one, and spark.delta.logStore.s3a.impl:"
                  + " io.delta.storage.S3SingleDriverLogStore.");
      assertThat(objects("unknowing")).isEmpty();

      hadoop.set(ConditionalWrites.LOG_STORE_SETTING, "io.delta.storage.S3SingleDriverLogStore");
      LakeFiles files = new LakeFiles("s3a://unknowing/lake", "lease", hadoop);
      assertThat(files.createIfAbsent("a", "first")).isTrue();
      assertThat(files.createIfAbsent("a", "second")).isFalse();
    }
  }

  @Test
  void manyDriversAreRefusedOnSuchAStoreAndOneIsNot() throws IOException {
    try (S3Relay relay = relay(Fate.CONDITION_IGNORED)) {
      SparkSession session = LocalSpark.session().newSession();
      LoopbackS3.hadoopSettings(relay.endpoint()).forEach(session.conf()::set);

      assertThatThrownBy(
              () ->
                  ConditionalWrites.require(session, "s3a://refused/lake", allowing(Drivers.MANY)))
          .isInstanceOfSatisfying(
              ShoplensException.class,
              refusal -> assertThat(refusal.status()).isEqualTo(ExitStatus.INPUT))
          .hasMessage(
              "The store of s3a://refused/lake does not enforce conditional writes.\n"
                  + "  Cause: A second conditional create of the same key replaced the first, so two"
                  + " drivers would lose each other's commits.\n"
                  + "  Cure:  Use a store that enforces If-None-Match (AWS S3 does), or make sure"
                  + " that one driver at a time writes and set lake.drivers: one.");
      assertThatCode(
              () -> ConditionalWrites.require(session, "s3a://lax/lake", allowing(Drivers.ONE)))
          .doesNotThrowAnyException();
      assertThat(objects("lax")).isEmpty();
    }
  }

  @Test
  void aLakeThatIsNotOnS3NeedsNoProof() {
    Configuration hadoop = new Configuration();
    assertThat(ConditionalWrites.areNeeded("s3a://bucket/lake", hadoop)).isTrue();
    assertThat(ConditionalWrites.areNeeded("/var/lake", hadoop)).isFalse();
    assertThat(ConditionalWrites.areNeeded("hdfs://name/lake", hadoop)).isFalse();
  }

  @Test
  void s3IsKnownForS3aWhereItIs() {
    Configuration hadoop = new Configuration();
    assertThat(ConditionalWrites.areNeeded("s3://bucket/lake", hadoop)).isFalse();

    hadoop.set("fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
    assertThat(ConditionalWrites.areNeeded("s3://bucket/lake", hadoop)).isTrue();
    SparkConf conf =
        new SparkConf(false).set(ConditionalWrites.LOG_STORE_SETTING, ConditionalWrites.LOG_STORE);
    assertThat(ConditionalWrites.isLogStoreSet("s3a://bucket/lake", conf)).isTrue();
    assertThat(ConditionalWrites.isLogStoreSet("s3://bucket/lake", conf)).isFalse();
    conf.set("spark.delta.logStore.s3.impl", ConditionalWrites.LOG_STORE);
    assertThat(ConditionalWrites.isLogStoreSet("s3://bucket/lake", conf)).isTrue();
  }

  private static S3Relay relay(Fate fate) throws IOException {
    return S3Relay.before(s3, request -> request.isConditional() ? fate : Fate.PASS);
  }

  private static LakeSettings allowing(Drivers drivers) {
    return new LakeSettings(
        drivers, SecondRun.WAIT, Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofDays(7));
  }

  private static Configuration through(String endpoint) {
    Configuration configuration = new Configuration();
    LoopbackS3.hadoopSettings(endpoint).forEach(configuration::set);
    configuration.set("fs.s3a.input.stream.type", "classic");
    return configuration;
  }

  private static List<Path> objects(String bucket) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(bucket))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
