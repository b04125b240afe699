package io.shoplens.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.config.Feed;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Plan;
import io.shoplens.rawlog.InputFile;
import io.shoplens.rawlog.PersonalData;
import io.shoplens.rawlog.RawLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are lost between a file and its table, by whatever fault of ours. */
class IntakeTest {
  @TempDir Path folder;
  private Place place;
  private Plan plan;

  @BeforeEach
  void twoEvents() throws IOException {
    place = new Place(folder, "place");
    place.put("events/a.jsonl", click("e1"), click("e2"));
    place.plan();
    plan = place.ledger().unfinished().orElseThrow();
  }

  @Test
  void aRecordThatIsLostEndsTheIngestBeforeAnythingIsWritten() {
    assertThatThrownBy(() -> append(records().where(not(col("event_id").eqNullSafe("e2")))))
        .hasMessageContaining("/events/a.jsonl does not balance")
        .hasMessageContaining("records=2, accepted=1");
    assertThat(place.lake().exists(bronze().table())).isFalse();
  }

  @Test
  void soDoesAFileThatIsLost() {
    assertThatThrownBy(() -> append(records().where("false")))
        .hasMessageContaining("/events/a.jsonl does not balance")
        .hasMessageContaining("none of its records came");
  }

  @Test
  void whatAFeedOfTheWrongKindLeftInTheOtherTableGoes() throws IOException {
    Place wrong =
        new Place(
            folder,
            "kinds",
            "clicks",
            Map.of("feeds.clicks.kind", "orders", "ingest.file-reject-limit", "0.05"));
    wrong.put("events/a.jsonl", click("e1"));
    wrong.ingest();
    List<String> held = wrong.texts("SELECT reject_code FROM ops.quarantine");
    Place right = new Place(folder, "kinds");
    right.ingest();

    assertThat(held).containsExactly("missing_field");
    assertThat(right.texts("SELECT reject_code FROM ops.quarantine")).isEmpty();
    assertThat(right.clicks()).hasSize(1);
  }

  private void append(Dataset<Row> records) {
    FileLedger ledger = place.ledger();
    Inputs inputs = new Inputs(place.context(), ledger);
    new Intake(place.context(), ledger, PersonalData.asObserved(), bronze(), plan, inputs)
        .append(records);
  }

  private Dataset<Row> records() {
    RunContext run = place.context();
    Feed feed =
        run.config().feeds().stream()
            .filter(each -> each.name().equals("clicks"))
            .findFirst()
            .orElseThrow();
    List<InputFile> files =
        plan.files().stream().map(file -> new InputFile(file.path(), file.size())).toList();
    return RawLog.read(
            run.session(),
            feed,
            files,
            run.config().ingest(),
            run.config().reference(),
            PersonalData.asObserved())
        .withColumn("feed", lit(feed.name()));
  }

  private static Bronze bronze() {
    return Bronze.ALL.stream()
        .filter(each -> each.kind() == Feed.Kind.EVENTS)
        .findFirst()
        .orElseThrow();
  }

  private static String click(String id) {
    return "{'event_id':'%s','event_type':'product_click','event_at':'2026-03-02T18:05:00Z','user_id':'u','market':'US'}"
        .formatted(id);
  }
}
