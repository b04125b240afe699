package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.ErasedPersons;
import io.shoplens.config.Feed;
import io.shoplens.config.KeyRing;
import io.shoplens.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
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
 *
 * <p>Of erased persons, events are left out, and order events, which are money, are taken in as
 * nobody's.
 */
public final class PersonalData {
  private static final List<String> OBJECTS = List.of(EXTRA, LINES, REVERSAL);

  private final Optional<KeyRing> keys;
  private final ErasedPersons erased;

  private PersonalData(Optional<KeyRing> keys, ErasedPersons erased) {
    this.keys = keys;
    this.erased = erased;
  }

  /** Ids are stored as observed, and nobody was erased. */
  public static PersonalData asObserved() {
    return new PersonalData(Optional.empty(), ErasedPersons.none());
  }

  /** Ids are stored as pseudonyms where there are keys, and of the erased nothing is stored. */
  public static PersonalData under(Optional<KeyRing> keys, ErasedPersons erased) {
    return new PersonalData(keys, erased);
  }

  /** Whether the bytes of records may be looked up and kept. */
  public boolean keepsBytes() {
    return keys.isEmpty() && erased.isEmpty();
  }

  /** Whether anybody was erased. */
  public boolean hasErased() {
    return !erased.isEmpty();
  }

  /** Records in the form that the contract judges, with ids as they are stored. */
  Dataset<Row> protectedRecords(Dataset<Row> records, Feed.Kind kind) {
    Dataset<Row> left = erased.isEmpty() ? records : withoutErased(records, kind);
    return keys.isPresent() ? pseudonymized(left, keys.get()) : left;
  }

  private static Dataset<Row> pseudonymized(Dataset<Row> records, KeyRing ring) {
    UserDefinedFunction pseudonym =
        udf(
                (UDF1<String, String>) id -> id == null || id.isEmpty() ? id : ring.pseudonym(id),
                DataTypes.StringType)
            .withName("pseudonym");
    Map<String, Column> columns = new HashMap<>();
    for (String id : List.of(USER_ID, DEVICE_ID)) {
      columns.put(id, pseudonym.apply(col(id)));
    }
    for (String text : present(records, TEXTS_WITH_IDS)) {
      columns.put(
          text, OwnIds.inText(col(text), col(USER_ID), col(DEVICE_ID), id -> word(ring, id)));
    }
    for (String object : present(records, OBJECTS)) {
      columns.put(
          object, OwnIds.inJson(col(object), col(USER_ID), col(DEVICE_ID), id -> word(ring, id)));
    }
    return records.withColumns(columns);
  }

  private static String word(KeyRing ring, String id) {
    return id == null ? null : ring.pseudonym(id);
  }

  private static List<String> present(Dataset<Row> records, List<String> names) {
    List<String> columns = List.of(records.columns());
    return names.stream().filter(columns::contains).toList();
  }

  private Dataset<Row> withoutErased(Dataset<Row> records, Feed.Kind kind) {
    ErasedPersons persons = erased;
    UserDefinedFunction isErased =
        udf((UDF1<String, Boolean>) persons::holds, DataTypes.BooleanType).withName("is_erased");
    UserDefinedFunction text =
        udf((UDF1<String, String>) persons::withoutIds, DataTypes.StringType)
            .withName("text_without_erased");
    UserDefinedFunction json =
        udf((UDF1<String, String>) persons::withoutIdsInJson, DataTypes.StringType)
            .withName("json_without_erased");
    UserDefinedFunction isIn =
        udf(
                (UDF1<byte[], Boolean>)
                    raw -> raw != null && persons.isIn(new String(raw, StandardCharsets.UTF_8)),
                DataTypes.BooleanType)
            .withName("holds_erased");
    Column user = isErased.apply(col(USER_ID));
    Column device = isErased.apply(col(DEVICE_ID));
    Column hasUser = coalesce(col(USER_ID).notEqual(""), lit(false));
    Column isTheirs = user.or(device.and(hasUser.unary_$bang()));
    Map<String, Column> columns = new HashMap<>();
    for (String name : present(records, TEXTS_WITH_IDS)) {
      columns.put(name, text.apply(col(name)));
    }
    for (String name : present(records, OBJECTS)) {
      columns.put(name, json.apply(col(name)));
    }
    columns.put(
        LexicalPlan.RAW,
        when(isTheirs.or(isIn.apply(col(LexicalPlan.RAW))).unary_$bang(), col(LexicalPlan.RAW)));
    columns.put(DEVICE_ID, when(isTheirs.or(device).unary_$bang(), col(DEVICE_ID)));
    columns.put(USER_ID, when(user.unary_$bang(), col(USER_ID)));
    if (kind == Feed.Kind.EVENTS) {
      EventContract.FIELDS.forEach(name -> columns.putIfAbsent(name, col(name)));
      columns.replaceAll((name, value) -> when(isTheirs.unary_$bang(), value));
      for (String instant : List.of(EVENT_AT, RECEIVED_AT)) {
        columns.put(instant, when(isTheirs, lit(Instants.ABSENT)).otherwise(col(instant)));
      }
      columns.put(Provenance.KEEP, col(Provenance.KEEP).and(isTheirs.unary_$bang()));
    }
    return records.withColumns(columns);
  }

  /** Bronze rows, of which a rejected record keeps its place and the reason only. */
  Dataset<Row> protectedRows(Dataset<Row> rows, Table table) {
    if (keys.isEmpty()) {
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
}
