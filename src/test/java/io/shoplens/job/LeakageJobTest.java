package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Leaks;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Table;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dates of leaks that a run computes which received data on the 30th of March. */
class LeakageJobTest {
  private static final LocalDate LONG_AGO = LocalDate.parse("2026-02-10");

  @TempDir Path folder;
  private Place place;

  @BeforeEach
  void clicks() throws IOException {
    place = new Place(folder, "place");
    put(
        OutboundLinks.TABLE,
        "{'event_id':'old','event_date':'2026-02-10'}",
        "{'event_id':'new','event_date':'2026-03-30'}");
  }

  @Test
  void areThoseOfWeeksWhereOlderLeaksAreThere() {
    put(Leaks.TABLE, "{'event_id':'old','leak_date':'2026-02-10'}");

    assertThat(computed().first()).isAfter(LONG_AGO);
  }

  @Test
  void areAllWhereARestoreLeftTheTableWithoutARow() {
    put(Leaks.TABLE);

    assertThat(computed()).contains(LONG_AGO, LocalDate.parse("2026-03-30"));
  }

  private void put(Table table, String... json) {
    place.lake().replaceDates(table, Rows.of(table, json), dates("2026-02-10", "2026-03-30"));
  }

  private SortedSet<LocalDate> computed() {
    SortedSet<LocalDate> touched = dates("2026-03-30");
    Scope scope =
        new Scope(
            0, place.lake().versions(), touched, touched, touched, new TreeSet<>(), List.of());
    try (GoldFrames gold =
        new GoldFrames(place.lake(), Optional.empty(), place.lake().versions().keySet())) {
      new LeakageJob(place.context()).run(scope, gold);
      return gold.datesOf(Leaks.TABLE);
    }
  }

  private static SortedSet<LocalDate> dates(String... dates) {
    SortedSet<LocalDate> all = new TreeSet<>();
    for (String date : dates) {
      all.add(LocalDate.parse(date));
    }
    return all;
  }
}
