package io.shoplens.lake;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.table.Events;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceTest {
  private static final String EVENT = "{'record_kind':'accepted','event_id':'%s'}";

  @TempDir Path folder;

  @Test
  void hiddenRowsGoFromTheFilesOfTheLatestVersion() {
    Lake lake = new Lake(LocalSpark.session(), folder.toString());
    Maintenance maintenance = new Maintenance(lake, Duration.ofDays(7));
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e1"), EVENT.formatted("e2")));
    lake.delete(Events.TABLE, col("event_id").equalTo("e1"));
    assertThat(stored(lake)).containsExactly("{'event_id':'e1'}", "{'event_id':'e2'}");

    maintenance.dropHidden(Events.TABLE);

    assertThat(stored(lake)).containsExactly("{'event_id':'e2'}");
    assertThat(Rows.json(lake.read(Events.TABLE), "event_id")).isEqualTo(stored(lake));
    long version = lake.version(Events.TABLE).orElseThrow();
    maintenance.dropHidden(Events.TABLE);
    assertThat(lake.version(Events.TABLE)).hasValue(version);
  }

  @Test
  void noCommitIsPurgedThatWasNotSummedUp() throws IOException {
    Lake lake = new Lake(LocalSpark.session(), folder.toString());
    Maintenance maintenance = new Maintenance(lake, Duration.ofDays(7));
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e1")));
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e2")));
    Path first = Path.of(lake.path(Events.TABLE), "_delta_log/00000000000000000000.json");
    Files.writeString(first, "not to be read");
    DeltaLog.clearCache();

    assertThatThrownBy(() -> maintenance.purge(Events.TABLE))
        .hasStackTraceContaining("writeCheckpoint");

    assertThat(first).exists();
  }

  /** What the Parquet files hold, whatever Delta says of them. */
  private static List<String> stored(Lake lake) {
    SparkSession session = LocalSpark.session();
    return Rows.json(session.read().parquet(lake.read(Events.TABLE).inputFiles()), "event_id");
  }
}
