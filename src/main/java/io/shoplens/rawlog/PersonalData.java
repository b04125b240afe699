package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.IdText;
import io.shoplens.config.KeyRing;
import io.shoplens.table.Table;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * What becomes of the ids of persons before anything is stored.
 *
 * <p>With pseudonyms, user and device ids are replaced before the contract judges a record, so that
 * neither a column nor a content hash is ever made from what was observed. Where a record's free
 * text (links, campaign, extra, what its order lines say) holds its own ids as words, they are
 * replaced there too. Ids made from other ids, such as an order id that begins with a user's, are
 * keys and stay: give such feeds a mapping. What a rejected record is made of is not known, and its
 * ids may stand anywhere in it: nothing is kept of it but its place and the reason; the record is
 * in the raw file.
 */
public final class PersonalData {
  private static final List<String> IDS = List.of(USER_ID, DEVICE_ID);
  private static final List<String> TEXTS =
      List.of(LINK_URL, REFERRER_URL, UTM_SOURCE, UTM_MEDIUM, UTM_CAMPAIGN);
  private static final List<String> OBJECTS = List.of(EXTRA, LINES, REVERSAL);

  private final Optional<KeyRing> keys;

  private PersonalData(Optional<KeyRing> keys) {
    this.keys = keys;
  }

  /** Ids are stored as observed, or as pseudonyms where there are keys. */
  public static PersonalData under(Optional<KeyRing> keys) {
    return new PersonalData(keys);
  }

  /** Whether the bytes of rejected records may be kept. */
  public boolean keepsBytes() {
    return keys.isEmpty();
  }

  /** Records in the form that the contract judges, with ids as they are stored. */
  Dataset<Row> protectedRecords(Dataset<Row> records) {
    if (keys.isEmpty()) {
      return records;
    }
    KeyRing ring = keys.get();
    UserDefinedFunction pseudonym =
        named(
            "pseudonym",
            udf(
                (UDF1<String, String>) id -> id == null || id.isEmpty() ? id : ring.pseudonym(id),
                DataTypes.StringType));
    Map<String, Column> columns = new HashMap<>();
    IDS.forEach(name -> columns.put(name, pseudonym.apply(col(name))));
    texts(
        columns,
        records,
        TEXTS,
        udf(
            (UDF3<String, String, String, String>)
                (text, user, device) ->
                    IdText.replaced(
                        IdText.replaced(text, user, word(ring, user)), device, word(ring, device)),
            DataTypes.StringType));
    texts(
        columns,
        records,
        OBJECTS,
        udf(
            (UDF3<String, String, String, String>)
                (json, user, device) ->
                    IdText.replacedInJson(
                        IdText.replacedInJson(json, user, word(ring, user)),
                        device,
                        word(ring, device)),
            DataTypes.StringType));
    return records.withColumns(columns);
  }

  private static void texts(
      Map<String, Column> columns,
      Dataset<Row> records,
      List<String> names,
      UserDefinedFunction replaced) {
    List<String> present = List.of(records.columns());
    names.stream()
        .filter(present::contains)
        .forEach(
            name ->
                columns.put(
                    name,
                    named("without_ids", replaced).apply(col(name), col(USER_ID), col(DEVICE_ID))));
  }

  private static String word(KeyRing ring, String id) {
    return id == null ? null : ring.pseudonym(id);
  }

  /** Bronze rows, of which a rejected record keeps its place and the reason only. */
  Dataset<Row> protectedRows(Dataset<Row> rows, Table table) {
    if (keepsBytes()) {
      return rows;
    }
    Map<String, Column> columns = new HashMap<>();
    Arrays.stream(table.schema().fields())
        .takeWhile(field -> !field.name().equals(EVENT_UTC_DATE))
        .forEach(
            field ->
                columns.put(
                    field.name(), when(col(RECORD_KIND).notEqual("rejected"), col(field.name()))));
    columns.put(REJECT_RAW, lit(null).cast(DataTypes.BinaryType));
    return rows.withColumns(columns);
  }

  /** Plans show a function's name, and nothing of what it was made with. */
  private static UserDefinedFunction named(String name, UserDefinedFunction function) {
    return function.withName(name);
  }
}
