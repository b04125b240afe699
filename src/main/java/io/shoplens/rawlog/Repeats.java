package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import java.util.stream.Stream;
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
   * The records that have to go: of all with one key, every one but that with the smallest content
   * hash, whichever came first; of equal ones the earliest read stays. Of those that go, the
   * earliest of each other content is a conflict; all the rest repeat a record that is kept.
   *
   * @param accepted accepted records: their key, content_hash and place, and whatever else is to be
   *     known of those that go
   * @param key columns that tell records apart
   * @return the rows of those that go, and is_conflict
   */
  public static Dataset<Row> of(Dataset<Row> accepted, List<String> key) {
    Column[] keys = key.stream().map(name -> col(name)).toArray(Column[]::new);
    WindowSpec ofKey = Window.partitionBy(keys).orderBy(place());
    return suspects(accepted, keys)
        .withColumn(STANDS, row_number().over(ofKey).equalTo(lit(1)))
        .withColumn(BEFORE, lag(CONTENT_HASH, 1).over(ofKey))
        .where(col(STANDS).unary_$bang())
        // Equal contents stand side by side.
        .withColumn(IS_CONFLICT, col(CONTENT_HASH).notEqual(col(BEFORE)))
        .drop(STANDS, BEFORE);
  }

  /**
   * The records whose key has the hash of another's: nearly always few, found by hashing and
   * counting one number of each, where keys and places are texts.
   */
  private static Dataset<Row> suspects(Dataset<Row> accepted, Column[] keys) {
    Dataset<Row> hashed = accepted.withColumn(KEY_HASH, xxhash64(keys));
    Dataset<Row> shared =
        hashed
            .groupBy(KEY_HASH)
            .agg(count(lit(1)).as("records"))
            .where(col("records").gt(1))
            .drop("records");
    return hashed.join(broadcast(shared), KEY_HASH).drop(KEY_HASH);
  }

  private static Column[] place() {
    return Stream.of(CONTENT_HASH, SEQUENCE, SOURCE_FILE, SOURCE_LINE, SOURCE_PART)
        .map(name -> col(name))
        .toArray(Column[]::new);
  }
}
