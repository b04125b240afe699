package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Identities;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.Rows;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
