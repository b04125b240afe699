package io.shoplens.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shoplens.config.LakeSettings;
import io.shoplens.config.LakeSettings.Drivers;
import io.shoplens.config.LakeSettings.SecondRun;
import io.shoplens.error.ShoplensException;
import io.shoplens.lake.ErasureList.Published;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.Events;
import io.shoplens.table.Identities;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Quarantine;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {
  @TempDir Path root;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = new Lake(LocalSpark.session(), root.toUri().toString());
  }

  @Test
  void whoeverHasLostTheLeaseChangesNothingAnyMore() {
    lake.replaceDates(Identities.TABLE, seen("kept", "2026-03-01"), dates("2026-03-01"));
    Map<String, Long> versions = lake.versions();
    try (Lease lost = lease(Duration.ofMinutes(10))) {
      lease(Duration.ofMillis(100)).close();
      Dataset<Row> rows = seen("late", "2026-03-01");
      List<ThrowingCallable> changes =
          List.of(
              () -> lake.append(Identities.TABLE, rows),
              () -> lake.appendOnce(Identities.TABLE, rows, 1, Set.of()),
              () -> lake.replace(Identities.TABLE, rows),
              () -> lake.replaceDates(Identities.TABLE, rows, dates("2026-03-01")),
              () ->
                  lake.replaceDates(
                      List.of(new Lake.Replacement(Identities.TABLE, rows, dates("2026-03-01")))),
              () -> lake.replaceDates(OrderLines.TABLE, Rows.of(OrderLines.TABLE), dates()),
              () -> lake.rewrite(Identities.TABLE, old -> old, lit(true)),
              () -> lake.delete(Identities.TABLE, lit(true)),
              () ->
                  lake.update(
                      Identities.TABLE, rows, List.of("device_id"), Map.of("user_id", lit("u"))),
              () ->
                  new Maintenance(lake, Duration.ofDays(7)).of(Identities.TABLE, Optional.empty()),
              () -> new Maintenance(lake, Duration.ofDays(7)).purge(Identities.TABLE),
              () -> PersonKeys.store(lake, List.of("k1")),
              () -> new ErasureList(lake).begin(List.of("mark"), Published.ALL),
              () -> new ErasureList(lake).noteRawFiles(List.of("a.json")),
              () -> new ErasureList(lake).add("run", List.of()));

      lake.under(
          lost,
          () -> {
            for (ThrowingCallable change : changes) {
              assertThatThrownBy(change)
                  .isInstanceOf(ShoplensException.class)
                  .hasMessageStartingWith("This run has lost its place to another.");
            }
            return null;
          });
    }
    assertThat(lake.versions()).isEqualTo(versions);
    assertThat(root.resolve("_shoplens/privacy")).doesNotExist();
  }

  @Test
  void whoeverHasTheLeaseChangesWhatHeLikesAndSoDoesWhoNeedsNone() {
    try (Lease lease = lease(Duration.ofMinutes(10))) {
      long written =
          lake.under(
              lease,
              () ->
                  lake.replaceDates(
                      Identities.TABLE, seen("a", "2026-03-01"), dates("2026-03-01")));
      assertThat(written).isEqualTo(1);
    }

    assertThat(lake.replaceDates(Identities.TABLE, seen("b", "2026-03-02"), dates("2026-03-02")))
        .isEqualTo(1);
  }

  /**
   * A lease of somebody who takes others for dead after a silence, and gives a sign of life five
   * times as often.
   */
  private Lease lease(Duration silence) {
    LakeSettings settings =
        new LakeSettings(
            Drivers.MANY, SecondRun.WAIT, Duration.ofMinutes(1), silence, Duration.ofDays(7));
    return Lease.take(root.toUri().toString(), settings, "run", lake.hadoop(), notice -> {});
  }

  @Test
  void aTableNeverWrittenReadsAsEmpty() {
    assertThat(lake.read(Identities.TABLE).collectAsList()).isEmpty();
    assertThat(lake.exists(Identities.TABLE)).isFalse();
  }

  @Test
  void theFirstWriteMakesTheTableWithItsCommentsInOneCommit() {
    lake.replaceDates(Identities.TABLE, seen("d1", "2026-03-01"), dates("2026-03-01"));

    assertThat(lake.version(Identities.TABLE)).hasValue(0);
    assertThat(lake.read(Identities.TABLE).schema().apply("device_id").getComment().get())
        .isEqualTo("Device");
  }

  @Test
  void statisticsStandOnTheKeyAndTheMarketAloneAndOnNoPerson() {
    lake.replaceDates(
        DailyGmv.TABLE,
        Rows.of(
            DailyGmv.TABLE,
            "{'market':'GB','gmv_date':'2026-03-01','currency':'GBP','orders':1,'units':2}"),
        dates("2026-03-01"));
    lake.replaceDates(
        Identities.TABLE,
        Rows.of(
            Identities.TABLE,
            "{'device_id':'d','user_id':'u','identified_at':'2026-03-01T10:00:00Z',"
                + "'source_id':'e1','utc_date':'2026-03-01'}"),
        dates("2026-03-01"));

    assertThat(statistics("gold/daily_gmv")).containsExactly("currency", "market");
    assertThat(statistics("silver/identities")).containsExactly("identified_at", "source_id");
  }

  @Test
  void replacingDatesLeavesOtherDatesAsTheyAre() {
    lake.replaceDates(
        Identities.TABLE,
        seen("old", "2026-03-01").union(seen("kept", "2026-03-02")),
        dates("2026-03-01", "2026-03-02"));

    lake.replaceDates(
        Identities.TABLE,
        seen("new", "2026-03-01").union(seen("not of these dates", "2026-03-02")),
        dates("2026-03-01"));

    assertThat(Rows.json(lake.read(Identities.TABLE), "device_id"))
        .containsExactly("{'device_id':'kept'}", "{'device_id':'new'}");
  }

  @Test
  void replacingADateByNothingEmptiesIt() {
    lake.replaceDates(Identities.TABLE, seen("old", "2026-03-01"), dates("2026-03-01"));

    lake.replaceDates(Identities.TABLE, Rows.of(Identities.TABLE), dates("2026-03-01"));

    assertThat(lake.read(Identities.TABLE).collectAsList()).isEmpty();
  }

  @Test
  void aVersionIsReadHoweverOldItIs() throws IOException {
    lake.append(Identities.TABLE, seen("published", "2026-03-01"));
    Files.setLastModifiedTime(
        root.resolve("silver/identities/_delta_log/00000000000000000000.json"),
        FileTime.from(Instant.now().minus(Duration.ofDays(20))));
    lake.append(Identities.TABLE, seen("since", "2026-03-01"));

    assertThat(Rows.json(lake.readVersion(Identities.TABLE, 0), "device_id"))
        .containsExactly("{'device_id':'published'}");
  }

  @Test
  void aVersionIsReadWhoseFilesWereMergedAndRemovedSince() throws IOException {
    lake.append(Identities.TABLE, seen("a", "2026-03-01"));
    lake.append(Identities.TABLE, seen("b", "2026-03-01"));
    List<String> files = List.of(lake.read(Identities.TABLE).inputFiles());
    lake.changing(Identities.TABLE).optimize().executeCompaction();
    for (String file : files) {
      Files.delete(Path.of(java.net.URI.create(file)));
    }

    assertThat(Rows.json(lake.readVersion(Identities.TABLE, 1), "device_id"))
        .containsExactlyInAnyOrder("{'device_id':'a'}", "{'device_id':'b'}");
    lake.append(Identities.TABLE, seen("since", "2026-03-01"));
    assertThat(Rows.json(lake.readVersion(Identities.TABLE, 1), "device_id"))
        .as("when there are other rows too")
        .containsExactlyInAnyOrder("{'device_id':'a'}", "{'device_id':'b'}");
  }

  @Test
  void commitsRememberTheDatesTheyRewrote() {
    lake.replaceDates(Identities.TABLE, seen("a", "2026-03-01"), dates("2026-03-01"));
    long rows =
        lake.replaceDates(
            Identities.TABLE, seen("b", "2026-03-05"), dates("2026-03-04", "2026-03-05"));

    assertThat(lake.datesRewrittenAfter(Identities.TABLE, -1))
        .isEqualTo(dates("2026-03-01", "2026-03-04", "2026-03-05"));
    assertThat(lake.datesRewrittenAfter(Identities.TABLE, 0))
        .isEqualTo(dates("2026-03-04", "2026-03-05"));
    assertThat(rows).isEqualTo(1);
  }

  @Test
  void anAppendUnderTheSameSequenceIsDoneOnce() {
    for (int sequence : new int[] {7, 7, 8, 8, 7}) {
      Dataset<Row> rows =
          Rows.of(Events.TABLE, "{'event_id':'e%1$d','sequence':%1$d}".formatted(sequence));
      lake.appendOnce(Events.TABLE, rows, sequence, Set.of());
    }

    assertThat(Rows.json(lake.read(Events.TABLE), "event_id", "sequence"))
        .containsExactlyInAnyOrder(
            "{'event_id':'e7','sequence':7}", "{'event_id':'e8','sequence':8}");
  }

  @Test
  void whetherAnAppendWasCommittedIsKnownFromTheLog() {
    lake.appendOnce(
        Events.TABLE,
        Rows.of(Events.TABLE, "{'event_id':'e1','sequence':7}"),
        7,
        Set.of("a, b", "\"c\""));
    lake.delete(Events.TABLE, col("event_id").equalTo("none"));

    assertThat(lake.isAppended(Events.TABLE, 6)).isTrue();
    assertThat(lake.isAppended(Events.TABLE, 7)).isTrue();
    assertThat(lake.isAppended(Events.TABLE, 8)).isFalse();
    assertThat(lake.marksOfAppend(Events.TABLE, 7)).hasValue(Set.of("\"c\"", "a, b"));
    assertThat(lake.marksOfAppend(Events.TABLE, 6)).isEmpty();
    assertThat(lake.isAppended(OrderEvents.TABLE, 7)).isFalse();
  }

  @Test
  void aRunWhoseClockIsBehindIsFinishedAfterThoseBefore() {
    Instant early = Instant.parse("2026-03-05T05:00:00Z");
    for (Instant at : List.of(early.plusSeconds(3600), early)) {
      RunRecord.ofNoDates("run at " + at, 1, "run", "published", at, at, "", "").appendTo(lake);
    }

    assertThat(Publication.of(lake))
        .extracting(Publication::runId, Publication::finishedAt)
        .containsExactly(
            tuple("run at " + early, early.plusSeconds(3600).plusMillis(1)),
            tuple("run at " + early.plusSeconds(3600), early.plusSeconds(3600)));
  }

  @Test
  void anotherTypeThanDeclaredIsRefused() {
    assertThatThrownBy(
            () ->
                lake.append(
                    Identities.TABLE,
                    seen("d", "2026-03-01")
                        .withColumn("utc_date", org.apache.spark.sql.functions.lit("x"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("silver.identities.utc_date is declared as DATE, not STRING");
  }

  @Test
  void tablesAreQueriedByName() {
    lake.replaceDates(Identities.TABLE, seen("d1", "2026-03-01"), dates("2026-03-01"));

    List<Row> rows =
        lake.query("SELECT device_id FROM silver.identities WHERE utc_date = '2026-03-01'")
            .collectAsList();

    assertThat(rows).extracting(row -> row.getString(0)).containsExactly("d1");
  }

  @Test
  void aQueryReadsThisLakeEvenAfterAnotherWasQueried(@TempDir Path elsewhere) {
    Lake other = new Lake(LocalSpark.session(), elsewhere.toUri().toString());
    other.replaceDates(Identities.TABLE, seen("other", "2026-03-01"), dates("2026-03-01"));
    other.query("SELECT * FROM silver.identities").collectAsList();
    lake.replaceDates(Identities.TABLE, seen("here", "2026-03-01"), dates("2026-03-01"));

    assertThat(Rows.json(lake.query("SELECT device_id FROM silver.identities")))
        .containsExactly("{'device_id':'here'}");
    assertThat(Rows.json(other.read(Identities.TABLE), "device_id"))
        .containsExactly("{'device_id':'other'}");
  }

  @Test
  void aQueryOfATableNobodyWroteSaysSo() {
    assertThatThrownBy(() -> lake.query("SELECT * FROM " + DailyGmv.TABLE.name()))
        .isInstanceOf(ShoplensException.class)
        .hasMessageStartingWith("Table gold.daily_gmv does not exist yet in ")
        .hasMessageContaining("Cause: No run has written it.")
        .hasMessageContaining("Cure:  Run `shoplens run`");
  }

  @Test
  void theQuarantineShowsTheRejectedRecordsOfAllFeeds() {
    lake.append(
        Events.TABLE,
        Rows.of(
            Events.TABLE,
            "{'feed':'clicks','sequence':1,'source_file':'a','source_line':2,'source_offset':9,"
                + "'source_part':0,'record_kind':'rejected','reject_code':'bad_encoding',"
                + "'reject_raw':'eP9F'}",
            "{'feed':'clicks','sequence':1,'source_file':'a','source_line':1,"
                + "'record_kind':'accepted'}"));

    assertThat(Rows.json(lake.query("SELECT * FROM ops.quarantine")))
        .containsExactly(
            "{'feed':'clicks','source_file':'a','source_line':2,'source_offset':9,'source_part':0,"
                + "'reject_code':'bad_encoding','reject_raw':'eP9F','reject_text':'x\uFFFDE',"
                + "'sequence':1}");

    lake.append(
        OrderEvents.TABLE,
        Rows.of(
            OrderEvents.TABLE,
            "{'feed':'orders','record_kind':'rejected','reject_code':'missing_field',"
                + "'reject_field':'order_id'}"));

    assertThat(Rows.json(lake.query("SELECT feed, reject_field FROM ops.quarantine")))
        .containsExactly("{'feed':'clicks'}", "{'feed':'orders','reject_field':'order_id'}");
    assertThat(lake.read(Quarantine.VIEW).schema().fieldNames())
        .containsExactly(Quarantine.TABLE.schema().fieldNames());
  }

  @Test
  void theQuarantineOfALakeWithoutRecordsIsEmptyAndAQueryOfItSaysWhy() {
    assertThat(lake.read(Quarantine.VIEW).collectAsList()).isEmpty();
    assertThatThrownBy(() -> lake.query("SELECT * FROM ops.quarantine"))
        .isInstanceOf(ShoplensException.class)
        .hasMessageStartingWith("Table ops.quarantine does not exist yet in ");
  }

  /** The columns that the first commit of a table has statistics on. */
  private List<String> statistics(String table) {
    return LocalSpark.session()
        .read()
        .json(root.resolve(table).resolve("_delta_log/00000000000000000000.json").toString())
        .where("add IS NOT NULL")
        .selectExpr("explode(json_object_keys(get_json_object(add.stats, '$.nullCount')))")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static Dataset<Row> seen(String device, String date) {
    return Rows.of(
        Identities.TABLE,
        "{'device_id':'%s','user_id':'u','utc_date':'%s'}".formatted(device, date));
  }

  private static SortedSet<LocalDate> dates(String... dates) {
    SortedSet<LocalDate> all = new TreeSet<>();
    for (String date : dates) {
      all.add(LocalDate.parse(date));
    }
    return all;
  }
}
