package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.table.Runs;
import io.shoplens.testing.Rows;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every step has run over an ingest, one after the other; some on a machine an hour behind. */
class StepsDoneTest {
  private static final List<String> STEPS =
      List.of(
          ran("clickstream", "10:00", "10:01"),
          ran("orders", "10:02", "10:03"),
          ran("attribution", "09:04", "10:05"),
          ran("gmv", "10:06", "10:07"),
          ran("leakage", "09:08", "10:09"));

  @Test
  void aStepBuildsOnThoseThatEndedBeforeItWhateverItsClockSaid() {
    assertThatCode(() -> require(STEPS)).doesNotThrowAnyException();
  }

  @Test
  void aStepIsNotDoneWhereOneItBuildsOnHasEndedSince() {
    List<String> runs = new ArrayList<>(STEPS);
    runs.add(ran("orders", "09:01", "10:10"));

    assertThatThrownBy(() -> require(runs))
        .hasMessageContaining("Step attribution has not run over it, or a step it builds on has");
  }

  private static void require(List<String> runs) {
    StepsDone.require(Rows.of(Runs.TABLE, runs.toArray(String[]::new)), EnumSet.of(Step.CHECKS), 1);
  }

  private static String ran(String step, String start, String end) {
    return ("{'command':'%s','run_state':'partial','sequence':1,'started_at':'2026-03-02T%s:00Z',"
            + "'finished_at':'2026-03-02T%s:00Z'}")
        .formatted(step, start, end);
  }
}
