package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Every run and, in its last commit, the published version of every table. */
public final class Runs {
  public static final Table TABLE =
      Table.named("ops.runs")
          .saying("Every run and, in its last commit, the published version of every table.")
          .grain("one row per run")
          .key(RUN_ID)
          .reach(0, 0, "nothing")
          .column(RUN_ID, STRING, "The run")
          .column(SEQUENCE, BIGINT, "Last ingest it covers")
          .column(COMMAND, STRING, "Command that ran")
          .column(RUN_STATE, STRING, "published, partial (single steps), held or failed")
          .column(STARTED_AT, TIMESTAMP, "Start")
          .column(FINISHED_AT, TIMESTAMP, "End")
          .column(TOUCHED_DATES, "array<date>", "Business dates that received data")
          .column(
              REOPENED,
              "array<struct<reason:string,feed:string,files:bigint,dates:array<date>>>",
              "Published dates among them and why: late data, new content of a file, replay of"
                  + " quarantined records, a conflict that a record of an older file lost, or asked"
                  + " for; how many files of which feed")
          .column(REBUILT_DATES, "map<string,array<date>>", "Dates rewritten, by table")
          .column(TABLE_VERSIONS, "map<string,bigint>", "Published version of every table")
          .column(CONFIG_DIGEST, STRING, "Digest of settings and reference tables")
          .column(SHOPLENS_VERSION, STRING, "Version of the software")
          .declared();

  private Runs() {}
}
