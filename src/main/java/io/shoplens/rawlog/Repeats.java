package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Finds the records that repeat another one. Only the keys, the content hash and the place of a
 * record are looked at, so that no whole row is shuffled.
 */
public final class Repeats {
  /** Whether the record is the first to say something else than the one under its id. */
  public static final String IS_CONFLICT = "is_conflict";

  /** Columns that tell where a record was read. */
  public static final List<String> PLACE = List.of(SEQUENCE, SOURCE_FILE, SOURCE_LINE, SOURCE_PART);

  private static final String STANDS = "stands";
  private static final String BEFORE = "before";
  private static final String KEY_HASH = "key_hash";

  private Repeats() {}

  /** Columns that tell events apart. */
  public static final List<String> EVENT_KEY = List.of(EVENT_UTC_DATE, EVENT_ID);

  /** Columns that tell order events apart. */
  public static final List<String> ORDER_EVENT_KEY = List.of(ORDER_ID, RECORD_ID);

  /**
   * Hashes of keys that more than one record has, found by hashing and counting one number of each,
   * where keys and places are texts. Nearly always few, but as many as there are records where all
   * of them come again: whoever broadcasts them has to count them first.
   *
   * @param accepted as for {@link #of}
   * @param key columns that tell records apart
   */
  public static Dataset<Row> sharedHashes(Dataset<Row> accepted, List<String> key) {
    return RepeatedNumbers.of(accepted.select(hash(key)));
  }

  private static Column hash(List<String> key) {
    return xxhash64(columns(key)).as(KEY_HASH);
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(name -> col(name)).toArray(Column[]::new);
  }

  /**
   * The records that have to go: of all with one key, every one but that with the smallest content
   * hash, whichever came first; of equal ones the earliest read stays. Of those that go, the
   * earliest of each other content is a conflict; all the rest repeat a record that is kept.
   *
   * @param accepted accepted records: their key, content_hash and place, and whatever else is to be
   *     known of those that go
   * @param key columns that tell records apart
   * @param shared their {@link #sharedHashes}: only records with one of them are looked at
   * @return the rows of those that go, and is_conflict
   */
  public static Dataset<Row> of(Dataset<Row> accepted, List<String> key, Dataset<Row> shared) {
    WindowSpec ofKey = Window.partitionBy(columns(key)).orderBy(place());
    return accepted
        .withColumn(KEY_HASH, hash(key))
        .join(shared, KEY_HASH)
        .drop(KEY_HASH)
        .withColumn(STANDS, row_number().over(ofKey).equalTo(lit(1)))
        .withColumn(BEFORE, lag(CONTENT_HASH, 1).over(ofKey))
        .where(col(STANDS).unary_$bang())
        // Equal contents stand side by side.
        .withColumn(IS_CONFLICT, col(CONTENT_HASH).notEqual(col(BEFORE)))
        .drop(STANDS, BEFORE);
  }

  private static Column[] place() {
    return columns(List.of(CONTENT_HASH, SEQUENCE, SOURCE_FILE, SOURCE_LINE, SOURCE_PART));
  }
}
