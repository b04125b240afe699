package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.table.Identities;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

class LatestVersionTest {
  private static final String LONGEST_LIST =
      "spark.databricks.delta.allFilesInCrc.thresholdNumFiles";

  @TempDir Path root;
  private final SparkSession session = LocalSpark.session().newSession();
  private Lake lake;

  @BeforeEach
  void writeTwoDates() {
    lake = new Lake(session, root.toUri().toString());
    replace("a", "2026-03-01");
    replace("b", "2026-03-02");
  }

  @AfterEach
  void activateTheSharedSession() {
    SparkSession.setActiveSession(LocalSpark.session());
  }

  @Test
  void itsFilesAreKnownFromBesideTheCommit() {
    assertThat(latest().hasListedFiles()).isTrue();
  }

  @Test
  void aTableOfMoreFilesThanAreListedIsReadAndOverwrittenAllTheSame() {
    session.conf().set(LONGEST_LIST, "1");

    replace("c", "2026-03-03");

    assertThat(latest().hasListedFiles()).isFalse();
    replace("d", "2026-03-01");
    assertThat(devices(lake.read(Identities.TABLE))).isEqualTo("b c d");
  }

  @Test
  void whatWasReadDoesNotSeeALaterCommit() {
    Dataset<Row> before = lake.read(Identities.TABLE);

    replace("c", "2026-03-01");

    assertThat(devices(before)).isEqualTo("a b");
    assertThat(devices(lake.read(Identities.TABLE))).isEqualTo("b c");
  }

  @Test
  void itIsFoundAnewOnceDeltaWasMadeToForgetTheLog() {
    LatestVersion before = latest();

    assertThat(latest().isSame(before)).isTrue();
    DeltaLog.clearCache();
    assertThat(latest().isSame(before)).isFalse();
  }

  @Test
  void aTableIsJoinedWithItself() {
    Dataset<Row> rows = lake.read(Identities.TABLE);

    assertThat(rows.as("l").join(lake.read(Identities.TABLE).as("r"), "device_id").count())
        .isEqualTo(2);
  }

  @Test
  void aCommitToTheSameDateThatCameBetweenIsAConflict() {
    LatestVersion before = latest();
    lake.append(Identities.TABLE, seen("between", "2026-03-01"));

    assertThatThrownBy(() -> overwriteTheFirst(before))
        .isInstanceOf(io.delta.exceptions.ConcurrentAppendException.class);
    assertThat(devices(lake.read(Identities.TABLE))).isEqualTo("a b between");
  }

  @Test
  void aCommitToAnotherDateThatCameBetweenIsNone() {
    LatestVersion before = latest();
    lake.append(Identities.TABLE, seen("between", "2026-03-02"));

    overwriteTheFirst(before);

    assertThat(devices(lake.read(Identities.TABLE))).isEqualTo("b between new");
  }

  @Test
  void anAppendUnderASequenceThatAnotherAppendedUnderMeanwhileIsAConflict() {
    lake.appendOnce(Identities.TABLE, seen("c", "2026-03-03"), 1, Set.of());
    LatestVersion before = latest();
    lake.appendOnce(Identities.TABLE, seen("d", "2026-03-03"), 2, Set.of());

    assertThatThrownBy(() -> append(before, "e", Optional.of(transaction(2))))
        .isInstanceOf(io.delta.exceptions.ConcurrentTransactionException.class);
    append(before, "f", Optional.empty());
    assertThat(devices(lake.read(Identities.TABLE))).isEqualTo("a b c d f");
  }

  @Test
  void anAppendIsDoneOnceWhereNoFileBesideTheCommitTellsWhatWas() throws IOException {
    for (long sequence : new long[] {1, 2, 2, 1}) {
      lake.appendOnce(Identities.TABLE, seen("at " + sequence, "2026-03-03"), sequence, Set.of());
      removeChecksums();

      assertThat(latest().hasListedFiles()).isFalse();
    }

    assertThat(devices(lake.read(Identities.TABLE))).isEqualTo("a at 1 at 2 b");
  }

  @Test
  void anAppendAndARestoreAreAConflictWhicheverComesFirst() {
    LatestVersion before = latest();
    append(before, "between", Optional.empty());

    assertThatThrownBy(() -> before.restore(0, Optional.empty(), () -> {}))
        .isInstanceOf(io.delta.exceptions.ConcurrentAppendException.class);
    LatestVersion between = latest();
    between.restore(0, Optional.of(transaction(2)), () -> {});
    assertThatThrownBy(() -> append(between, "late", Optional.of(transaction(2))))
        .isInstanceOf(io.delta.exceptions.ConcurrentTransactionException.class);
    assertThat(devices(lake.read(Identities.TABLE))).isEqualTo("a");
  }

  private void removeChecksums() throws IOException {
    Path log = root.resolve(Identities.TABLE.directory()).resolve("_delta_log");
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".crc")).toList()) {
        Files.delete(file);
      }
    }
    DeltaLog.clearCache();
  }

  private static void append(LatestVersion version, String device, Optional<SetTransaction> once) {
    version.append(seen(device, "2026-03-03"), once, Optional.empty(), () -> {});
  }

  private static SetTransaction transaction(long sequence) {
    return new SetTransaction("shoplens." + Identities.TABLE.name(), sequence, Option.empty());
  }

  private static void overwriteTheFirst(LatestVersion version) {
    version.overwrite(
        seen("new", "2026-03-01"),
        date -> date.equals(Optional.of("2026-03-01")),
        Optional.of("utc_date = '2026-03-01'"),
        Optional.empty(),
        () -> {});
  }

  private LatestVersion latest() {
    return LatestVersion.of(session, lake.path(Identities.TABLE));
  }

  private void replace(String device, String date) {
    TreeSet<LocalDate> dates = new TreeSet<>();
    dates.add(LocalDate.parse(date));
    lake.replaceDates(Identities.TABLE, seen(device, date), dates);
  }

  private static Dataset<Row> seen(String device, String date) {
    return Rows.of(
        Identities.TABLE,
        "{'device_id':'%s','user_id':'u','utc_date':'%s'}".formatted(device, date));
  }

  private static String devices(Dataset<Row> rows) {
    return String.join(
        " ",
        rows.select("device_id").sort("device_id").collectAsList().stream()
            .map(row -> row.getString(0))
            .toList());
  }
}
