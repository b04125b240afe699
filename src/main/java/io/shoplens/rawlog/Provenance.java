package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.shoplens.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** What all bronze rows have in common: where they come from and what became of them. */
final class Provenance {
  /** Column of the first fault by the contract. */
  static final String FAULT = "__fault";

  /** Column of a feed's own choice; false: not a record of the feed. */
  static final String KEEP = "__keep";

  /** Columns that an ingest sets. */
  static final List<String> OF_INGEST = List.of(SEQUENCE, FEED);

  private Provenance() {}

  static Column isTotals() {
    return col(LexicalPlan.RECORDS).isNotNull();
  }

  /** Not a record of this feed; counts as blank. */
  static Column isLeftOut() {
    return col(LexicalPlan.CODE).isNull().and(coalesce(col(KEEP), lit(true)).equalTo(lit(false)));
  }

  static Column isAccepted() {
    return isTotals()
        .or(col(LexicalPlan.CODE).isNotNull())
        .or(isLeftOut())
        .or(col(FAULT).isNotNull())
        .unary_$bang();
  }

  /** The columns of a bronze table, of which the given ones are the table's own. */
  static Dataset<Row> rows(
      Dataset<Row> checked, Table table, Faults faults, Map<String, Column> own) {
    Column fault = col(FAULT);
    Column isRecord = isTotals().or(isLeftOut()).unary_$bang();
    Map<String, Column> common =
        Map.ofEntries(
            Map.entry(SOURCE_FILE, col(LexicalPlan.FILE)),
            Map.entry(SOURCE_LINE, when(isRecord, col(LexicalPlan.LINE))),
            Map.entry(SOURCE_OFFSET, when(isRecord, col(LexicalPlan.OFFSET))),
            Map.entry(SOURCE_PART, when(isRecord, col(LexicalPlan.PART))),
            Map.entry(
                RECORD_KIND,
                when(isTotals().or(isLeftOut()), lit("file"))
                    .when(isAccepted(), lit("accepted"))
                    .otherwise(lit("rejected"))),
            Map.entry(
                REJECT_CODE, coalesce(col(LexicalPlan.CODE), when(isRecord, Faults.code(fault)))),
            Map.entry(
                REJECT_FIELD,
                when(col(LexicalPlan.CODE).isNotNull(), col(LexicalPlan.AT))
                    .when(isRecord, faults.field(fault))),
            Map.entry(
                REJECT_RAW, when(isRecord.and(isAccepted().unary_$bang()), col(LexicalPlan.RAW))),
            Map.entry(
                FILE_RECORDS,
                when(isTotals(), col(LexicalPlan.RECORDS)).when(isLeftOut(), lit(0L))),
            Map.entry(
                FILE_BLANK, when(isTotals(), col(LexicalPlan.BLANK)).when(isLeftOut(), lit(1L))),
            Map.entry(FILE_DAMAGED_AT, col(LexicalPlan.DAMAGED_AT)),
            Map.entry(FILE_UNKNOWN_FIELDS, col(LexicalPlan.UNKNOWN)));
    Column[] columns =
        Arrays.stream(table.schema().fields())
            .filter(field -> !OF_INGEST.contains(field.name()))
            .map(
                field -> {
                  Column column =
                      own.containsKey(field.name())
                          ? own.get(field.name())
                          : common.get(field.name());
                  return column.as(field.name());
                })
            .toArray(Column[]::new);
    return checked.select(columns);
  }

  /**
   * What an exact repeat has in common, in the order it is hashed: all but the instant of receipt.
   * {@code extra} comes first, so that a field declared behind the others moves none of them.
   *
   * @param fields the fields of a contract, in its order
   */
  static List<String> content(List<String> fields) {
    return Stream.concat(
            Stream.of(EXTRA), fields.stream().filter(field -> !field.equals(RECEIVED_AT)))
        .toList();
  }

  /**
   * Hash of a record's content. Which fields are there is part of it: Spark's hash passes over
   * those that are NULL, and a value that moves from one field to another would go unseen.
   *
   * <p>Stored hashes outlive the contract they were made under. A field declared since, behind the
   * others, changes nothing for a record without it: it adds neither a value nor a mark. A record
   * that had the field in {@code extra} before it was declared has other content now, and so have
   * all records once fields change their order or type.
   */
  static Column contentHash(List<Column> fields) {
    return when(isAccepted(), hash(fields, fields));
  }

  /**
   * The same of any row.
   *
   * @param values what of each field is hashed, which is NULL where the field is
   */
  static Column hash(List<Column> fields, List<Column> values) {
    List<Column> parts = new ArrayList<>(values);
    Column present = lit(0L);
    for (int i = 0; i < fields.size(); i++) {
      present = present.bitwiseOR(when(fields.get(i).isNotNull(), lit(1L << i)).otherwise(lit(0L)));
    }
    parts.add(present);
    return functions.xxhash64(parts.toArray(Column[]::new));
  }

  /** An instant from its microseconds; NULL for the marks of {@link Instants}. */
  static Column instant(Column micros) {
    return when(micros.gt(lit(Instants.LAST_MARK)), functions.timestamp_micros(micros));
  }
}
