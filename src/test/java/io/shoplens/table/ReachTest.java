package io.shoplens.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReachTest {
  private static final Reach REACH = new Reach(1, 2, "a rule");
  private static final LocalDate MONDAY = LocalDate.parse("2026-03-02");

  @Test
  void fromWhatWasReachedTheDatesAreKnownThatReachedIt() {
    List<LocalDate> dates = List.of(MONDAY, MONDAY.plusDays(7));

    assertThat(REACH.within(REACH.of(dates))).containsExactlyElementsOf(dates);
  }

  @Test
  void aDateOfWhichSomethingInReachIsMissingReachedNothing() {
    assertThat(REACH.within(List.of(MONDAY.minusDays(1), MONDAY, MONDAY.plusDays(1)))).isEmpty();
  }
}
