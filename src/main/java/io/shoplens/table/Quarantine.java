package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

import java.util.List;
import java.util.Map;

/** Every record that was not accepted, of all feeds. */
public final class Quarantine {
  public static final Table TABLE =
      Table.named("ops.quarantine")
          .saying("Every record that was not accepted, of all feeds, with the reason.")
          .grain("one row per rejected record")
          .key(FEED, SOURCE_FILE, SOURCE_LINE, SOURCE_PART, SEQUENCE)
          .reach(0, 0, "nothing")
          .column(FEED, STRING, "Feed the record came from")
          .column(SOURCE_FILE, STRING, "File the record came from")
          .column(SOURCE_LINE, BIGINT, "Line in the file, from 1")
          .column(SOURCE_OFFSET, BIGINT, "Byte offset of the line in the uncompressed file")
          .column(
              SOURCE_PART, INT, "Position of the record among those its line stands for, from 0")
          .column(REJECT_CODE, STRING, "Why the record was rejected")
          .column(REJECT_FIELD, STRING, "Field at fault")
          .column(
              REJECT_RAW,
              BINARY,
              "The record as it came, of one over ingest.record-limit its first 4,096 bytes; NULL where"
                  + " ids are pseudonyms, and past its retention")
          .column(
              REJECT_TEXT, STRING, "The record as text; U+FFFD stands for bytes that are not UTF-8")
          .column(SEQUENCE, BIGINT, "Number of the ingest that read the record")
          .declared();

  public static final View VIEW =
      View.rows(
          TABLE,
          List.of(Events.TABLE, OrderEvents.TABLE),
          // Rejected records have no date: the others are not even looked at.
          "event_utc_date IS NULL AND record_kind = 'rejected'",
          Map.of(REJECT_TEXT, "make_valid_utf8(CAST(reject_raw AS STRING))"));

  private Quarantine() {}
}
