package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Identities;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenCheckpointsTest {
  private static final String CHECKPOINT = "%020d.checkpoint.parquet";
  private static final String COMMIT = "%020d.json";

  @TempDir Path root;
  private Lake lake;
  private Path log;

  /** Three commits, with a checkpoint of the second. */
  @BeforeEach
  void write() {
    lake = new Lake(LocalSpark.session(), root.toUri().toString());
    log = root.resolve("silver/identities/_delta_log");
    append("a");
    append("b");
    Snapshot second =
        DeltaLog.forTableWithSnapshot(LocalSpark.session(), lake.path(Identities.TABLE))._2();
    second.deltaLog().checkpoint(second, scala.Option.empty());
    append("c");
  }

  @Test
  void oneThatIsWholeStays() {
    assertThat(BrokenCheckpoints.remove(lake)).isEmpty();
    assertThat(log.resolve(CHECKPOINT.formatted(1))).exists();
  }

  @Test
  void oneThatIsCutShortGoesAndTheTableIsReadFromItsCommits() throws IOException {
    cutShort();

    assertThat(BrokenCheckpoints.remove(lake))
        .singleElement()
        .asString()
        .endsWith("identities/_delta_log/" + CHECKPOINT.formatted(1));
    assertThat(log.resolve("_last_checkpoint")).doesNotExist();
    assertThat(Rows.json(lake.read(Identities.TABLE), "device_id"))
        .containsExactly("{'device_id':'a'}", "{'device_id':'b'}", "{'device_id':'c'}");
  }

  @Test
  void oneThatIsAllThereIsOfCommitsStays() throws IOException {
    cutShort();
    Files.delete(log.resolve(COMMIT.formatted(0)));

    assertThat(BrokenCheckpoints.remove(lake)).isEmpty();
    assertThat(log.resolve(CHECKPOINT.formatted(1))).exists();
  }

  @Test
  void oneThatAPastStateIsReadFromStays() throws IOException {
    Snapshot third =
        DeltaLog.forTableWithSnapshot(LocalSpark.session(), lake.path(Identities.TABLE))._2();
    third.deltaLog().checkpoint(third, scala.Option.empty());
    cutShort();
    Files.delete(log.resolve(COMMIT.formatted(0)));
    DeltaLog.clearCache();

    assertThat(BrokenCheckpoints.remove(lake)).isEmpty();
    assertThat(log.resolve(CHECKPOINT.formatted(1))).exists();
  }

  @Test
  void aFailureThatTellsOfOneOrOfItsFormatMayBeItsDoing() {
    Exception cause = new IOException("can't read s3a://b/t/_delta_log/0.checkpoint.parquet");
    Exception footer = new RuntimeException("footer is too large: 2617262470 to be read");
    footer.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement(
              "org.apache.parquet.hadoop.ParquetFileReader", "readFooter", "a.java", 1)
        });

    assertThat(BrokenCheckpoints.mayCause(new IllegalStateException("a job failed", cause)))
        .isTrue();
    assertThat(BrokenCheckpoints.mayCause(new IllegalStateException("a job failed", footer)))
        .isTrue();
    assertThat(BrokenCheckpoints.mayCause(new IllegalStateException("a job failed"))).isFalse();
  }

  private void append(String device) {
    lake.append(
        Identities.TABLE,
        Rows.of(Identities.TABLE, "{'device_id':'%s','utc_date':'2026-03-01'}".formatted(device)));
  }

  private void cutShort() throws IOException {
    Path checkpoint = log.resolve(CHECKPOINT.formatted(1));
    byte[] whole = Files.readAllBytes(checkpoint);
    Files.write(checkpoint, Arrays.copyOf(whole, whole.length / 2));
    Files.deleteIfExists(log.resolve("." + CHECKPOINT.formatted(1) + ".crc"));
    DeltaLog.clearCache();
  }
}
