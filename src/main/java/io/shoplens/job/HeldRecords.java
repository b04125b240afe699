package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.make_valid_utf8;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.shoplens.job.Conflicts.Reading;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.Lake;
import io.shoplens.rawlog.RawLog;
import io.shoplens.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Why the records of held files are rejected. */
final class HeldRecords {
  private static final int EXAMPLE_LENGTH = 200;

  private HeldRecords() {}

  /** The most frequent reason that the limits count; empty where nothing is held. */
  static Optional<RejectFacts> reason(Lake lake, FileLedger ledger) {
    Optional<Column> rows = Reading.rowsOf(ledger.heldReadings());
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    List<RejectFacts> reasons = new ArrayList<>();
    for (Bronze bronze : Bronze.ALL) {
      for (Row row :
          lake.read(bronze.table())
              .where(Bronze.isRejected().and(RawLog.isCutOff().unary_$bang()))
              .where(rows.get())
              .groupBy(FEED, REJECT_CODE, REJECT_FIELD)
              .agg(count(lit(1)).as(RECORDS), min(example(bronze.table())))
              .orderBy(col(RECORDS).desc(), col(FEED), col(REJECT_CODE), col(REJECT_FIELD))
              .takeAsList(1)) {
        reasons.add(
            new RejectFacts(
                row.getString(0),
                row.getString(1),
                Optional.ofNullable(row.getString(2)).orElse(""),
                row.getLong(3),
                records(ledger.held(), row.getString(0)),
                Optional.ofNullable(row.getString(4)).orElse("")));
      }
    }
    return reasons.stream().max(Comparator.comparingLong(RejectFacts::records));
  }

  private static long records(Collection<Entry> held, String feed) {
    return held.stream()
        .filter(entry -> entry.file().feed().equals(feed))
        .flatMap(entry -> entry.balance().stream())
        .mapToLong(balance -> balance.records() - balance.blank())
        .sum();
  }

  /** The value of the field at fault, where the table has it as text, else the record. */
  private static Column example(Table table) {
    Column value = lit(null).cast("string");
    for (String field :
        Arrays.stream(table.schema().fields())
            .takeWhile(field -> !field.name().equals(EXTRA))
            .filter(field -> field.dataType().equals(DataTypes.StringType))
            .map(field -> field.name())
            .toList()) {
      value = when(col(REJECT_FIELD).equalTo(field), col(field)).otherwise(value);
    }
    return substring(
        coalesce(value, make_valid_utf8(col(REJECT_RAW).cast("string"))), 1, EXAMPLE_LENGTH);
  }
}
