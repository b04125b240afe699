package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Identities;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeOnS3Test {
  private static LoopbackS3 s3;
  private static SparkSession session;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LoopbackS3.start(folder, "lake");
    session = LocalSpark.session().newSession();
    s3.hadoopSettings().forEach(session.conf()::set);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void tablesAreWrittenRewrittenAndReadInABucket() {
    Lake lake = new Lake(session, "s3a://lake/root");
    TreeSet<LocalDate> dates = new TreeSet<>(List.of(LocalDate.parse("2026-03-01")));
    for (String device : List.of("first", "second")) {
      lake.replaceDates(
          Identities.TABLE,
          Rows.of(Identities.TABLE, "{'device_id':'%s','utc_date':'2026-03-01'}".formatted(device)),
          dates);
    }

    assertThat(Rows.json(lake.query("SELECT device_id FROM silver.identities")))
        .containsExactly("{'device_id':'second'}");
    assertThat(lake.version(Identities.TABLE)).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "s3"})
  void rawFilesAreWrittenAnewOnTopOfWhatWasReadOnly(String scheme) throws IOException {
    Configuration hadoop = session.sessionState().newHadoopConf();
    hadoop.set(ConditionalWrites.S3_FILE_SYSTEM, ConditionalWrites.S3A);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(scheme + "://lake/raw/a.json");
    write(path, "old", hadoop);
    FeedFile old = FeedFiles.listed("clicks", path, hadoop);
    assertThat(old.etag()).isPresent();

    FeedFile now =
        RawFiles.replace(old, (stored, target) -> target.write('n'), (half, size) -> {}, hadoop)
            .orElseThrow();
    Optional<FeedFile> late =
        RawFiles.replace(
            now,
            (stored, target) -> {
              target.write('n');
              write(path, "theirs", hadoop);
            },
            (half, size) -> {},
            hadoop);

    assertThat(now.size()).isOne();
    assertThat(now.isSameContent(old)).isFalse();
    assertThat(late).isEmpty();
    assertThat(FeedFiles.listed("clicks", path, hadoop).size()).isEqualTo(6);
    assertThat(path.getFileSystem(hadoop).listStatus(path.getParent())).hasSize(1);
  }

  private static void write(org.apache.hadoop.fs.Path path, String text, Configuration hadoop)
      throws IOException {
    try (OutputStream out = path.getFileSystem(hadoop).create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
