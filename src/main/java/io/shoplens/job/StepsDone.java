package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import io.shoplens.error.Errors;
import java.sql.Timestamp;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Whether an ingest is ready to be published: every step has run over it, after those it builds on.
 * Steps can be run apart; publishing what one of them has not seen would lose it for good.
 */
final class StepsDone {
  private static final Map<Step, Set<Step>> BUILDS_ON =
      Map.of(
          Step.CLICKSTREAM, Set.of(),
          Step.ORDERS, Set.of(),
          Step.ATTRIBUTION, EnumSet.of(Step.CLICKSTREAM, Step.ORDERS),
          Step.GMV, EnumSet.of(Step.ORDERS),
          Step.LEAKAGE, EnumSet.of(Step.CLICKSTREAM, Step.ORDERS, Step.GMV));

  private StepsDone() {}

  /**
   * Requires the steps that this run does not take itself.
   *
   * @param runs ops.runs
   * @param taken the steps of this run
   * @param sequence the last ingest
   * @throws io.shoplens.error.ShoplensException naming the first step that is missing
   */
  static void require(Dataset<Row> runs, Set<Step> taken, long sequence) {
    if (taken.containsAll(BUILDS_ON.keySet())) {
      return;
    }
    Map<Step, Timestamp> last = lastRuns(runs, sequence);
    for (Step step : EnumSet.range(Step.CLICKSTREAM, Step.LEAKAGE)) {
      boolean isDone =
          taken.contains(step)
              || (last.containsKey(step)
                  && BUILDS_ON.get(step).stream()
                      .allMatch(
                          base -> last.containsKey(base) && !last.get(base).after(last.get(step))));
      if (!isDone) {
        throw Errors.input(
            "Ingest " + sequence + " is not ready to be published.",
            "Step " + step.label() + " has not run over it, or a step it builds on has run since.",
            "Run shoplens " + step.label() + " and the steps after it, or shoplens run.");
      }
    }
  }

  /**
   * When each step was done last: by the ends of runs, which are in order whatever the clocks of
   * their machines say.
   */
  private static Map<Step, Timestamp> lastRuns(Dataset<Row> runs, long sequence) {
    Map<Step, Timestamp> last = new EnumMap<>(Step.class);
    for (Row row :
        runs.where(col(RUN_STATE).isin("partial", "published"))
            .where(col(SEQUENCE).geq(sequence))
            .select(COMMAND, FINISHED_AT)
            .orderBy(FINISHED_AT)
            .collectAsList()) {
      for (Step step : BUILDS_ON.keySet()) {
        if (row.getString(0).equals(step.label())) {
          last.put(step, row.getTimestamp(1));
        }
      }
    }
    return last;
  }
}
