package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Every input file, planned and read. */
public final class Ledger {
  public static final Table TABLE =
      Table.named("ops.ledger")
          .saying("Every input file, planned and read.")
          .grain(
              "one row per file and ingest, planned and settled; the settled row of the largest sequence holds")
          .key(SEQUENCE, PATH, FILE_STATE)
          .reach(0, 0, "nothing")
          .column(SEQUENCE, BIGINT, "Number of the ingest; grows, never reused")
          .column(FEED, STRING, "Feed the file belongs to")
          .column(PATH, STRING, "Full path")
          .column(ETAG, STRING, "ETag; NULL where the store gives none")
          .column(MODIFIED_AT, TIMESTAMP, "Modification time")
          .column(SIZE_BYTES, BIGINT, "Size")
          .column(
              FILE_STATE,
              STRING,
              "planned, accept (planned: whatever of it is rejected), replay (planned: what it has in"
                  + " quarantine), done, held, damaged, empty, gone where it changed before it was"
                  + " read, or restored: no file, but the sequence that a restore went on from")
          .column(RECORDS, BIGINT, "Records in the file")
          .column(ACCEPTED, BIGINT, "Records accepted")
          .column(DUPLICATE, BIGINT, "Records dropped as exact repeats")
          .column(REJECTED, BIGINT, "Records in quarantine")
          .column(BLANK, BIGINT, "Blank lines")
          .column(
              DAMAGED_AT,
              BIGINT,
              "Byte offset at which a damaged archive broke off; of Parquet the rows before")
          .column(
              TOUCHED_DATES,
              "array<date>",
              "Business dates that the ingest gave or took records of the file")
          .column(
              TOUCHED_UTC_DATES,
              "array<date>",
              "UTC dates that the ingest gave or took records of the file")
          .column(CONFIG_DIGEST, STRING, "Digest of the settings and reference tables that read it")
          .column(RUN_ID, STRING, "Run that read it")
          .column(RECORDED_AT, TIMESTAMP, "Instant of the run")
          .declared();

  private Ledger() {}
}
