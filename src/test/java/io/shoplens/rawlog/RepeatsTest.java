package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import io.shoplens.testing.Rows;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class RepeatsTest {
  @Test
  void ofEqualRecordsTheEarliestReadStays() {
    assertThat(
            repeats(
                record("e1", 5, 1, "a", 1),
                record("e1", 5, 1, "a", 9),
                record("e1", 5, 2, "a", 1),
                record("e2", 5, 1, "a", 2)))
        .containsExactly(
            "{'sequence':1,'source_file':'a','source_line':9,'is_conflict':false}",
            "{'sequence':2,'source_file':'a','source_line':1,'is_conflict':false}");
  }

  @Test
  void ofDifferentRecordsTheSmallestHashStandsWhicheverCameFirst() {
    assertThat(repeats(record("e1", 5, 1, "a", 1), record("e1", -7, 2, "b", 1)))
        .containsExactly("{'sequence':1,'source_file':'a','source_line':1,'is_conflict':true}");
  }

  @Test
  void aRepeatOfALoserIsARepeatAndNoFurtherConflict() {
    assertThat(
            repeats(
                record("e1", 5, 1, "a", 3),
                record("e1", -7, 1, "a", 1),
                record("e1", 5, 1, "a", 2),
                record("e1", 9, 1, "a", 4)))
        .containsExactly(
            "{'sequence':1,'source_file':'a','source_line':2,'is_conflict':true}",
            "{'sequence':1,'source_file':'a','source_line':3,'is_conflict':false}",
            "{'sequence':1,'source_file':'a','source_line':4,'is_conflict':true}");
  }

  @Test
  void recordsOfAnotherDateAreOthers() {
    assertThat(
            repeats(
                record("e1", 5, 1, "a", 1),
                record("e1", 5, 1, "a", 2).replace("2026-03-01", "2026-03-02")))
        .isEmpty();
  }

  @Test
  void hashesAreSharedByRecordsOfOneKeyOnly() {
    Dataset<Row> accepted =
        Rows.of(
            Events.TABLE,
            record("e1", 5, 1, "a", 1),
            record("e1", 6, 2, "b", 1),
            record("e2", 5, 1, "a", 2),
            record("e3", 5, 1, "a", 3),
            record("e3", 5, 2, "b", 3));
    assertThat(Repeats.sharedHashes(accepted, Repeats.EVENT_KEY).count()).isEqualTo(2);
  }

  @Test
  void aHashThatIsSharedByDifferentKeysMakesNoRepeat() {
    Dataset<Row> accepted =
        Rows.of(Events.TABLE, record("e1", 5, 1, "a", 1), record("e2", 5, 1, "a", 2));
    Dataset<Row> all = Repeats.sharedHashes(accepted.union(accepted), Repeats.EVENT_KEY);
    assertThat(Rows.json(Repeats.of(accepted, Repeats.EVENT_KEY, all))).isEmpty();
  }

  private static List<String> repeats(String... records) {
    Dataset<Row> accepted = Rows.of(Events.TABLE, records);
    return Rows.json(
        Repeats.of(accepted, Repeats.EVENT_KEY, Repeats.sharedHashes(accepted, Repeats.EVENT_KEY)),
        "sequence",
        "source_file",
        "source_line",
        Repeats.IS_CONFLICT);
  }

  private static String record(String id, long hash, long sequence, String file, long line) {
    return ("{'event_id':'%s','content_hash':%d,'sequence':%d,'source_file':'%s','source_line':%d,"
            + "'source_part':0,'event_utc_date':'2026-03-01'}")
        .formatted(id, hash, sequence, file, line);
  }
}
