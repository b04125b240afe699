package io.shoplens.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import io.shoplens.testing.Rows;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class FindingsTest {
  @Test
  void eventsOfUnknownTypesAreCountedByFeedAndTheMostFrequentTypeIsNamed() {
    assertThat(
            verdict(
                Findings.eventTypesAreKnown(
                    Rows.of(
                        Events.TABLE,
                        "{'feed':'web','event_type':'search'}",
                        "{'feed':'web','event_type':'share'}",
                        "{'feed':'app','event_type':'share'}",
                        "{'feed':'app','event_type':'wish'}",
                        "{'feed':'app','event_type':'wish'}",
                        "{'feed':'tv','event_type':'app_open'}",
                        "{'feed':'tv','event_type':'zapped'}"),
                    Set.of("zapped"))))
        .isEqualTo("4 of 7: app 3, most of all wish; web 1, most of all share");
  }

  @Test
  void whereAllTypesAreKnownOrNothingCameInThereIsNothingToTell() {
    assertThat(
            verdict(
                Findings.eventTypesAreKnown(
                    Rows.of(Events.TABLE, "{'feed':'web','event_type':'search'}"), Set.of())))
        .isEqualTo("0 of 1");
    assertThat(verdict(Findings.eventTypesAreKnown(Rows.of(Events.TABLE), Set.of())))
        .isEqualTo("0 of 0");
  }

  @Test
  void anIdThatCameInOnASecondDateIsFound() {
    assertThat(
            verdict(
                Findings.eventIdsHaveOneDate(
                    Rows.of(
                        Events.TABLE,
                        event("moved", "2026-03-01", 1),
                        event("moved", "2026-03-02", 2),
                        event("sent twice", "2026-03-02", 2),
                        event("sent twice", "2026-03-04", 2),
                        event("once", "2026-03-02", 2)),
                    1)))
        .isEqualTo("2 of 3: 2026-03-01 and 2026-03-02");
  }

  @Test
  void anIdThatAPublishedRunHasToldOfIsNotToldAgain() {
    assertThat(
            verdict(
                Findings.eventIdsHaveOneDate(
                    Rows.of(
                        Events.TABLE,
                        event("moved", "2026-03-01", 1),
                        event("moved", "2026-03-02", 2),
                        event("once", "2026-03-02", 3)),
                    2)))
        .isEqualTo("0 of 1");
  }

  private static String event(String id, String date, long sequence) {
    return "{'event_id':'%s','event_utc_date':'%s','sequence':%d}".formatted(id, date, sequence);
  }

  private static String verdict(Dataset<Row> finding) {
    Row row = finding.first();
    String example = row.isNullAt(4) ? "" : ": " + row.getString(4);
    return row.getLong(3) + " of " + row.getLong(2) + example;
  }
}
