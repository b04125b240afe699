package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.Optional;
import org.apache.spark.sql.Column;

/**
 * Which quarantined records are meant; what is empty is any.
 *
 * @param feed the feed they came from
 * @param code why they were rejected
 * @param field the field at fault
 * @param file their file: its full path, or the end of it behind a slash
 */
public record QuarantineFilter(
    Optional<String> feed, Optional<String> code, Optional<String> field, Optional<String> file) {

  /** All of them. */
  public static QuarantineFilter any() {
    return new QuarantineFilter(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The condition over columns of ops.quarantine. */
  public Column condition() {
    return is(FEED, feed)
        .and(is(REJECT_CODE, code))
        .and(is(REJECT_FIELD, field))
        .and(
            file.map(
                    path ->
                        col(SOURCE_FILE)
                            .equalTo(path)
                            .or(col(SOURCE_FILE).endsWith("/" + path.replaceFirst("^/+", ""))))
                .orElse(lit(true)));
  }

  private static Column is(String column, Optional<String> value) {
    return value.map(text -> coalesce(col(column).equalTo(text), lit(false))).orElse(lit(true));
  }
}
