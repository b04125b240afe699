package io.shoplens.lake;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.error.ShoplensException;
import io.shoplens.table.Events;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorationTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final String EVENT = "{'record_kind':'accepted','event_id':'%s'}";

  @TempDir Path folder;

  @Test
  void aStateOfWhichNothingTellsAnyMoreWhichRowsAreHiddenIsRefusedBeforeAnythingChanges()
      throws IOException {
    Lake lake = new Lake(LocalSpark.session(), folder.toString());
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e1"), EVENT.formatted("e2")));
    lake.delete(Events.TABLE, col("event_id").equalTo("e1"));
    RunRecord.ofNoDates("r1", 1, "run", "published", NOW, NOW, "digest", "test").appendTo(lake);
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e3")));
    Restoration restoration = new Restoration(lake);
    Publication published = Publication.of(lake).get(0);
    for (Path file : vectors(lake)) {
      Files.delete(file);
    }

    assertThatThrownBy(() -> restoration.to(published, "r2", NOW, "test"))
        .isInstanceOf(ShoplensException.class)
        .hasMessageContaining("Of bronze.events version 1, its file deletion_vector_")
        .hasMessageContaining(" is gone.");
    assertThat(restoration.isUnfinished()).isFalse();
  }

  private static List<Path> vectors(Lake lake) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(lake.path(Events.TABLE)))) {
      List<Path> vectors =
          files.filter(file -> file.getFileName().toString().endsWith(".bin")).toList();
      assertThat(vectors).isNotEmpty();
      return vectors;
    }
  }
}
