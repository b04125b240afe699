package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Sessions;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClickstreamJobTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant END = Instant.parse("2026-03-07T12:00:00Z");

  private Place place;

  @BeforeEach
  void place(@TempDir Path folder) throws IOException {
    place = new Place(folder, "app");
  }

  /** A device that is never silent: each session ends a day after it began, at noon. */
  @Test
  void sessionsOfAWeekWithoutSilenceAreTheSameDayByDay() {
    arrive("2026-03-01", "2026-03-05");
    arrive("2026-03-06", "2026-03-06");
    arrive("2026-03-07", "2026-03-07");

    assertThat(
            Rows.json(
                place.lake().read(Sessions.TABLE), "session_date", "started_at", "event_count"))
        .containsExactly(
            session("2026-03-01", 72),
            session("2026-03-02", 72),
            session("2026-03-03", 72),
            session("2026-03-04", 72),
            session("2026-03-05", 72),
            session("2026-03-06", 72),
            session("2026-03-07", 1));
  }

  private static String session(String date, int events) {
    return "{'session_date':'%s','started_at':'%1$sT12:00:00.000Z','event_count':%d}"
        .formatted(date, events);
  }

  /** The events of some dates, one every twenty minutes, and a run over them. */
  private void arrive(String first, String last) {
    SortedSet<LocalDate> dates =
        LocalDate.parse(first)
            .datesUntil(LocalDate.parse(last).plusDays(1))
            .collect(Collectors.toCollection(TreeSet::new));
    String[] events =
        Stream.iterate(START, at -> !at.isAfter(END), at -> at.plus(20, ChronoUnit.MINUTES))
            .filter(at -> dates.contains(at.atZone(ZoneOffset.UTC).toLocalDate()))
            .map(ClickstreamJobTest::event)
            .toArray(String[]::new);
    place.lake().append(Events.TABLE, Rows.of(Events.TABLE, events));
    if (!place.lake().exists(OrderEvents.TABLE)) {
      place.lake().append(OrderEvents.TABLE, Rows.of(OrderEvents.TABLE));
    }
    new ClickstreamJob(place.context())
        .run(new Scope(0, Map.of(), dates, dates, dates, new TreeSet<>(), List.of()));
  }

  private static String event(Instant at) {
    return ("{'event_id':'%s','event_type':'product_view','event_at':'%1$s',"
            + "'event_utc_date':'%s','device_id':'d','market':'US','record_kind':'accepted'}")
        .formatted(at, at.atZone(ZoneOffset.UTC).toLocalDate());
  }
}
