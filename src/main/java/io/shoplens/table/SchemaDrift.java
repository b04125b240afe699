package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

import java.util.List;
import java.util.stream.Collectors;

/** Fields of the feeds that nothing reads, each once. */
public final class SchemaDrift {
  public static final Table TABLE =
      Table.named("ops.schema_drift")
          .saying(
              "Fields that came in and that nothing reads: of feeds in the contract's form those that"
                  + " the contract does not have, kept in extra; of others those not in the mapping.")
          .grain("one row per feed and field")
          .key(FEED, FIELD)
          .reach(0, 0, "nothing")
          .column(FEED, STRING, "Feed whose records have the field")
          .column(
              FIELD,
              STRING,
              "Its name; lines.x is a field of order lines; * stands for names over 200 bytes and,"
                  + " in a file of more than 1,000 names, for the further ones")
          .column(FIRST_SEEN_AT, TIMESTAMP, "Instant of the run that first read it")
          .column(FIRST_FILE, STRING, "The file, or first of the files, that it was read in")
          .column(RECORDS, BIGINT, "Records read that have it, rejected and repeated ones included")
          .column(
              EXAMPLE_TYPE,
              STRING,
              "Type of its first value: string, number, boolean, object, array or null; of Parquet"
                  + " the column's type")
          .declared();

  /** A query over the file totals in bronze: nothing is stored twice, nothing can disagree. */
  public static final View VIEW =
      new View(TABLE, List.of(Ledger.TABLE, Events.TABLE, OrderEvents.TABLE), 1, SchemaDrift::sql);

  private SchemaDrift() {}

  private static String sql(List<Table> existing) {
    String seen =
        existing.stream()
            .filter(table -> !table.equals(Ledger.TABLE))
            .map(
                table ->
                    """
                    SELECT feed, source_file, sequence, explode(from_json(file_unknown_fields,
                        'map<string,struct<records:bigint,type:string>>')) AS (field, facts)
                      FROM %s
                      WHERE event_utc_date IS NULL AND record_kind = 'file'
                        AND file_unknown_fields IS NOT NULL"""
                        .formatted(table.name()))
            .collect(Collectors.joining(" UNION ALL "));
    return
"""
    WITH seen AS (%s),
      runs AS (SELECT sequence, min(recorded_at) AS recorded_at FROM ops.ledger GROUP BY sequence)
    SELECT feed, field, min(recorded_at) AS first_seen_at,
      min_by(source_file, struct(sequence, source_file)) AS first_file,
      sum(facts.records) AS records,
      coalesce(min_by(facts.type, IF(facts.type = 'null', NULL, struct(sequence, source_file))),
        'null') AS example_type
    FROM seen JOIN runs USING (sequence)
    GROUP BY feed, field
"""
        .formatted(
            seen.isEmpty()
                ? "SELECT '' AS feed, '' AS source_file, 0L AS sequence, '' AS field,"
                    + " named_struct('records', 0L, 'type', '') AS facts WHERE false"
                : seen);
  }
}
