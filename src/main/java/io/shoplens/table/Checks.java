package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** The invariants, and what is told of the data, as checked by each run. */
public final class Checks {
  public static final Table TABLE =
      Table.named("ops.checks")
          .saying("The invariants, and what is told of the data, as checked by each run.")
          .grain("one row per run and check")
          .key(RUN_ID, CHECK_NAME)
          .reach(0, 0, "nothing")
          .column(RUN_ID, STRING, "The run")
          .column(CHECK_NAME, STRING, "The invariant or finding")
          .column(EXPECTATION, STRING, "What must hold, or is expected")
          .column(EXAMINED, BIGINT, "Rows or groups looked at")
          .column(VIOLATIONS, BIGINT, "How many broke it; 0 is a pass")
          .column(EXAMPLE, STRING, "One violation, in words")
          .column(IS_PASSED, BOOLEAN, "Whether it held")
          .column(CHECKED_AT, TIMESTAMP, "Instant of the run")
          .column(
              SEVERITY,
              STRING,
              "error: where it did not hold nothing was published; warning: it is told only")
          .declared();

  private Checks() {}
}
