package io.shoplens.lake;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.error.ShoplensException;
import io.shoplens.table.Events;
import io.shoplens.table.Identities;
import io.shoplens.table.Table;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.net.URI;
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
  private static final String DEVICE = "{'device_id':'%s','utc_date':'2026-03-01'}";
  private static final List<String> BOTH = List.of("{'event_id':'e1'}", "{'event_id':'e2'}");

  @TempDir Path folder;

  @Test
  void aStateOfWhichNothingTellsAnyMoreWhichRowsAreHiddenIsRefusedBeforeAnythingChanges()
      throws IOException {
    Lake lake = new Lake(LocalSpark.session(), folder.toString());
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e1"), EVENT.formatted("e2")));
    lake.delete(Events.TABLE, col("event_id").equalTo("e1"));
    publish(lake, "r1");
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

  @Test
  void aTableWhoseFilesWereMergedSinceStaysAsItIs() throws IOException {
    Lake lake = new Lake(LocalSpark.session(), folder.toString());
    Publication published = published(lake);
    mergeAndRemove(lake);
    lake.append(Identities.TABLE, Rows.of(Identities.TABLE, DEVICE.formatted("d2")));
    Restoration restoration = new Restoration(lake);

    List<Table> changed = restoration.to(published, "r2", NOW, "test");

    assertThat(changed).containsExactly(Identities.TABLE);
    assertThat(restoration.isUnfinished()).isFalse();
    assertThat(Rows.json(lake.read(Identities.TABLE), "device_id"))
        .containsExactly("{'device_id':'d1'}");
    assertThat(Rows.json(lake.read(Events.TABLE), "event_id")).isEqualTo(BOTH);
    assertThat(Publication.of(lake).get(0).version(Events.TABLE))
        .hasValue(lake.version(Events.TABLE).orElseThrow());
  }

  @Test
  void aTableThatWasChangedAfterItsFilesWereMergedIsPutBackToTheMergedOnes() throws IOException {
    Lake lake = new Lake(LocalSpark.session(), folder.toString());
    Publication published = published(lake);
    mergeAndRemove(lake);
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e3")));

    List<Table> changed = new Restoration(lake).to(published, "r2", NOW, "test");

    assertThat(changed).containsExactly(Events.TABLE);
    assertThat(Rows.json(lake.read(Events.TABLE), "event_id")).isEqualTo(BOTH);
  }

  @Test
  void rowsAreHiddenAgainThatWereAndShownAgainThatWereNot() {
    Lake lake = new Lake(LocalSpark.session(), folder.toString());
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e1"), EVENT.formatted("e2")));
    publish(lake, "both");
    lake.delete(Events.TABLE, col("event_id").equalTo("e1"));
    publish(lake, "one hidden");
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e3")));
    List<Publication> all = Publication.of(lake);

    new Restoration(lake).to(all.get(0), "r1", NOW.plusSeconds(1), "test");
    assertThat(Rows.json(lake.read(Events.TABLE), "event_id")).isEqualTo(BOTH.subList(1, 2));

    new Restoration(lake).to(all.get(1), "r2", NOW.plusSeconds(2), "test");
    assertThat(Rows.json(lake.read(Events.TABLE), "event_id")).isEqualTo(BOTH);
  }

  private static void publish(Lake lake, String run) {
    RunRecord.ofNoDates(run, 1, "run", "published", NOW, NOW, "digest", "test").appendTo(lake);
  }

  /** A publication of two events, each in a file of its own, and a device. */
  private static Publication published(Lake lake) {
    lake.append(Identities.TABLE, Rows.of(Identities.TABLE, DEVICE.formatted("d1")));
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e1")));
    lake.append(Events.TABLE, Rows.of(Events.TABLE, EVENT.formatted("e2")));
    publish(lake, "r1");
    return Publication.of(lake).get(0);
  }

  /** Merges the files of the events; the small ones go, as by maintenance after a while. */
  private static void mergeAndRemove(Lake lake) throws IOException {
    List<String> small = List.of(lake.read(Events.TABLE).inputFiles());
    assertThat(small).hasSize(2);
    lake.changing(Events.TABLE).optimize().executeCompaction();
    for (String file : small) {
      Files.delete(Path.of(URI.create(file)));
    }
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
