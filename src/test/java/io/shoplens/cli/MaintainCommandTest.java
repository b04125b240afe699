package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import io.shoplens.lake.RunRecord;
import io.shoplens.table.Checks;
import io.shoplens.table.Events;
import io.shoplens.table.Identities;
import io.shoplens.table.Ledger;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainCommandTest {
  @TempDir private Path folder;

  @Test
  void smallFilesAreMergedOncePastStatesStayAndASecondTimeNothingChanges() {
    Lake lake = EndToEnd.lake(folder);
    for (String run : new String[] {"r1", "r2", "r3"}) {
      lake.append(Checks.TABLE, Rows.of(Checks.TABLE, "{'run_id':'%s'}".formatted(run)));
    }

    CommandLineRun first = maintain();
    Map<String, Long> versions = lake.versions();
    CommandLineRun second = maintain();

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out())
        .startsWith("[{\"table\":\"ops.checks\",\"files_before\":3,\"files_after\":1,");
    assertThat(versions).containsExactly(Map.entry("ops.checks", 3L));
    assertThat(second.out())
        .startsWith("[{\"table\":\"ops.checks\",\"files_before\":1,\"files_after\":1,");
    assertThat(lake.versions()).isEqualTo(versions);
    assertThat(Rows.json(lake.read(Checks.TABLE), "run_id"))
        .containsExactly("{'run_id':'r1'}", "{'run_id':'r2'}", "{'run_id':'r3'}");
    assertThat(Rows.json(lake.readVersion(Checks.TABLE, 1), "run_id"))
        .containsExactly("{'run_id':'r1'}", "{'run_id':'r2'}");
  }

  @Test
  void whatIsToBeKeptLongerIsKept() throws IOException {
    Lake lake = EndToEnd.lake(folder);
    for (String run : new String[] {"r1", "r2", "r3"}) {
      lake.append(Checks.TABLE, Rows.of(Checks.TABLE, "{'run_id':'%s'}".formatted(run)));
    }
    lake.replace(Checks.TABLE, Rows.of(Checks.TABLE, "{'run_id':'last'}"));
    Path log = folder.resolve("ops/checks/_delta_log");
    replacedDaysAgo(40, log, 3);

    assertThat(maintain("-D", "lake.keep=60d").exit()).isZero();
    Map<String, Long> versions = lake.versions();
    assertThat(maintain("-D", "lake.keep=60d").exit()).isZero();

    assertThat(lake.versions()).as("a second time nothing changes").isEqualTo(versions);
    assertThat(Rows.json(lake.readVersion(Checks.TABLE, 1), "run_id"))
        .containsExactly("{'run_id':'r1'}", "{'run_id':'r2'}");
    assertThat(log.resolve("00000000000000000000.json")).exists();
  }

  @Test
  void thePublishedStateStaysHoweverOldUntilWhatCameSinceIsPublished() throws IOException {
    Lake lake = EndToEnd.lake(folder);
    lake.append(Identities.TABLE, seen("2026-03-01"));
    ended("published", 9, lake);
    lake.replaceDates(Identities.TABLE, seen("2026-03-02"), dates("2026-03-01", "2026-03-02"));
    ended("held", 8, lake);
    replacedDaysAgo(8, folder.resolve("silver/identities/_delta_log"), 1);

    assertThat(maintain().exit()).isZero();

    assertThat(Rows.json(lake.readVersion(Identities.TABLE, 0), "utc_date"))
        .containsExactly("{'utc_date':'2026-03-01'}");
    List<String> published = List.of(lake.readVersion(Identities.TABLE, 0).inputFiles());
    ended("published", 0, lake);
    assertThat(maintain().exit()).isZero();
    assertThat(published)
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Path.of(URI.create(file))).doesNotExist());
  }

  private static void ended(String state, int daysAgo, Lake lake) {
    Instant at = daysAgo(daysAgo);
    RunRecord.ofNoDates(RunRecord.idOf(at), 1, "run", state, at, at, "digest", "test")
        .appendTo(lake);
  }

  @Test
  void whatOldCommitsSaidIsKnownWhenTheyHaveLeftTheLog() throws IOException {
    Lake lake = EndToEnd.lake(folder);
    lake.appendOnce(Identities.TABLE, seen("2026-03-01"), 7, Set.of("a"));
    lake.replaceDates(Identities.TABLE, seen("2026-03-02"), dates("2026-03-02", "2026-03-03"));
    age(folder.resolve("silver/identities"), 40);
    DeltaLog.clearCache();
    lake.replaceDates(Identities.TABLE, seen("2026-03-05"), dates("2026-03-05"));

    assertThat(maintain().exit()).isZero();

    assertThat(folder.resolve("silver/identities/_delta_log"))
        .isDirectoryNotContaining("glob:**/0000000000000000000[01].json")
        .isDirectoryContaining("glob:**/00000000000000000002.json");
    assertThat(lake.read(Identities.TABLE).count()).isEqualTo(3);
    assertThat(lake.isAppended(Identities.TABLE, 7)).isTrue();
    assertThat(lake.isAppended(Identities.TABLE, 8)).isFalse();
    assertThat(lake.marksOfAppend(Identities.TABLE, 7)).isEmpty();
    assertThat(lake.datesRewrittenAfter(Identities.TABLE, 1)).isEqualTo(dates("2026-03-05"));
    assertThat(lake.datesRewrittenAfter(Identities.TABLE, 0))
        .isEqualTo(dates("2026-03-01", "2026-03-02", "2026-03-05"));
    assertThat(lake.isUpdatedAfter(Identities.TABLE, 1)).isFalse();
    assertThat(lake.isUpdatedAfter(Identities.TABLE, 0)).isTrue();
  }

  private static Dataset<Row> seen(String date) {
    return Rows.of(
        Identities.TABLE, "{'device_id':'d','user_id':'u','utc_date':'%s'}".formatted(date));
  }

  private static SortedSet<LocalDate> dates(String... dates) {
    return Arrays.stream(dates)
        .map(LocalDate::parse)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Makes all files of a table as old, and the commit that replaced some of them. */
  private static void replacedDaysAgo(int days, Path log, int version) throws IOException {
    String name = "%020d.json".formatted(version);
    String removed = "\"deletionTimestamp\":";
    Files.writeString(
        log.resolve(name),
        Files.readString(log.resolve(name))
            .replaceAll(removed + "\\d+", removed + daysAgo(days).toEpochMilli()));
    Files.deleteIfExists(log.resolve("." + name + ".crc"));
    age(log.getParent(), days);
    DeltaLog.clearCache();
  }

  /** Makes all files below a folder as old. */
  private static void age(Path below, int days) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(daysAgo(days)));
      }
    }
  }

  @Test
  void ofOldRejectedRecordsPlaceAndReasonStay() {
    Lake lake = EndToEnd.lake(folder);
    String entry =
        "{'sequence':%d,'path':'%s','modified_at':'2026-03-01T00:00:00Z','size_bytes':9,"
            + "'file_state':'planned','recorded_at':'%s'}";
    lake.append(
        Ledger.TABLE,
        Rows.of(
            Ledger.TABLE,
            entry.formatted(1, "a", daysAgo(31)),
            entry.formatted(2, "b", daysAgo(29))));
    String rejected =
        "{'record_kind':'rejected','source_file':'%s','source_line':7,'reject_code':'not_json',"
            + "'reject_raw':'b2xk','sequence':%d}";
    lake.append(
        Events.TABLE,
        Rows.of(
            Events.TABLE,
            rejected.formatted("a", 1),
            rejected.formatted("b", 2),
            "{'record_kind':'accepted','event_id':'e1','sequence':1}"));

    CommandLineRun run = maintain();

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(
            Rows.json(
                lake.read(Events.TABLE).where("record_kind = 'rejected'"),
                "source_file",
                "source_line",
                "reject_code",
                "reject_raw"))
        .containsExactlyInAnyOrder(
            "{'source_file':'a','source_line':7,'reject_code':'not_json'}",
            "{'source_file':'b','source_line':7,'reject_code':'not_json','reject_raw':'b2xk'}");
    assertThat(lake.read(Events.TABLE).where("event_id = 'e1'").count()).isEqualTo(1);
    Map<String, Long> versions = lake.versions();
    assertThat(maintain().exit()).isZero();
    assertThat(lake.versions()).isEqualTo(versions);
  }

  private static Instant daysAgo(int days) {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(days));
  }

  private CommandLineRun maintain(String... more) {
    LocalSpark.session();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "maintain",
                "--json",
                "--conf",
                EndToEnd.CONF.resolve("samples.yaml").toString(),
                "-D",
                "lake.root=" + folder));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(JobEngine::new, Map.of(), arguments.toArray(String[]::new));
  }
}
