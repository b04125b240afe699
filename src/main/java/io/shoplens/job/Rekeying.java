package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.ErasedPersons;
import io.shoplens.config.KeyRing;
import io.shoplens.config.PrivacySettings.Pseudonyms;
import io.shoplens.config.Settings;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Maintenance;
import io.shoplens.lake.PersonKeys;
import io.shoplens.rawlog.OwnIds;
import io.shoplens.rawlog.RawLog;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.Sessions;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.table.Touchpoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Brings the ids that a lake stores to the configured keys: observed ones to pseudonyms, pseudonyms
 * under the older keys to such under all. No raw log is read for it, and every join holds, because
 * the same id becomes the same pseudonym in every table. What was done is known from an id itself,
 * so that one that was cut short goes on. Sketches of persons are made anew.
 */
public final class Rekeying {
  /** The command, as ops.runs has it. */
  public static final String COMMAND = "rekey";

  private final Lake lake;
  private final ShoplensConfig config;
  private final PublishedAgain published;

  /** Rekeyings of a lake, which record what they publish. */
  public Rekeying(Lake lake, ShoplensConfig config, PublishedAgain published) {
    this.lake = lake;
    this.config = config;
    this.published = published;
  }

  /** Brings every table to the configured keys; those that were written anew are in the result. */
  public List<Table> rekey(Consumer<String> notices) {
    if (config.privacy().pseudonyms() == Pseudonyms.OFF) {
      throw Errors.configuration(
          "There are no keys to bring ids to.",
          Settings.PRIVACY_PSEUDONYMS.key() + " is off.",
          "Turn it on; pseudonyms can't be turned back into ids.");
    }
    KeyRing keys =
        PersonKeys.require(config.privacy(), lake.hadoop(), "Pseudonyms need at least one.");
    return Exclusively.on(
        lake,
        config,
        COMMAND,
        notices,
        lease -> {
          PublishedAgain.Before before = published.before();
          PersonKeys.storeUnfinished(lake);
          List<Table> changed = new ArrayList<>();
          for (Table table : Tables.ALL) {
            Map<String, Column> changes = changes(table, keys);
            if (!changes.isEmpty()
                && lake.rewrite(table, rows -> changed(table, rows, changes), isChanged(changes))) {
              changed.add(table);
            }
          }
          if (BuyersSketches.renew(lake)) {
            changed.add(DailyGmv.TABLE);
          }
          Maintenance maintenance = new Maintenance(lake, config.lake().keep());
          Tables.ALL.stream()
              .filter(table -> !changes(table, keys).isEmpty() && lake.exists(table))
              .forEach(maintenance::dropHidden);
          published.record(before, COMMAND);
          PersonKeys.store(lake, keys.ids());
          return changed;
        });
  }

  private static Map<String, Column> changes(Table table, KeyRing keys) {
    List<String> columns = List.of(table.schema().fieldNames());
    Map<String, Column> changes = new HashMap<>();
    UserDefinedFunction continued =
        udf((UDF1<String, String>) id -> word(keys, id), DataTypes.StringType)
            .withName("continued");
    for (String id : List.of(USER_ID, DEVICE_ID)) {
      if (columns.contains(id)) {
        changes.put(id, continued.apply(col(id)));
      }
    }
    if (changes.isEmpty()) {
      return changes;
    }
    Column user = columns.contains(USER_ID) ? col(USER_ID) : lit(null).cast("string");
    Column device = columns.contains(DEVICE_ID) ? col(DEVICE_ID) : lit(null).cast("string");
    TEXTS_WITH_IDS.stream()
        .filter(columns::contains)
        .forEach(
            name ->
                changes.put(name, OwnIds.inText(col(name), user, device, id -> word(keys, id))));
    OBJECTS_WITH_IDS.stream()
        .filter(columns::contains)
        .forEach(
            name ->
                changes.put(name, OwnIds.inJson(col(name), user, device, id -> word(keys, id))));
    if (table.equals(Sessions.TABLE) || table.equals(Touchpoints.TABLE)) {
      // A session is named after its device, else its user: who knows that could tell the name.
      UserDefinedFunction renamed =
          udf(
                  (UDF2<String, String, String>)
                      (name, id) ->
                          Objects.equals(word(keys, id), id) ? name : keys.sessionName(name),
                  DataTypes.StringType)
              .withName("session_name");
      changes.put(SESSION_ID, renamed.apply(col(SESSION_ID), coalesce(device, user)));
    }
    if (columns.contains(REJECT_RAW)) {
      // As on their way in: of a rejected record its place and the reason stay.
      Column isKept = coalesce(col(RECORD_KIND).notEqual("rejected"), lit(true));
      Arrays.stream(table.schema().fieldNames())
          .takeWhile(name -> !name.equals(EVENT_UTC_DATE))
          .forEach(name -> changes.put(name, when(isKept, changes.getOrDefault(name, col(name)))));
      changes.put(REJECT_RAW, lit(null).cast("binary"));
    }
    return changes;
  }

  private static String word(KeyRing keys, String id) {
    return id == null || id.startsWith(ErasedPersons.TOKEN_PREFIX) ? id : keys.continued(id);
  }

  private static Column isChanged(Map<String, Column> changes) {
    return changes.entrySet().stream()
        .map(change -> change.getValue().eqNullSafe(col(change.getKey())).unary_$bang())
        .reduce(Column::or)
        .orElseThrow();
  }

  private static Dataset<Row> changed(Table table, Dataset<Row> rows, Map<String, Column> changes) {
    Dataset<Row> changed = rows.withColumns(changes);
    Optional<Bronze> bronze =
        Bronze.ALL.stream().filter(one -> one.table().equals(table)).findFirst();
    return bronze
        .map(
            known ->
                changed.withColumn(
                    CONTENT_HASH,
                    when(col(CONTENT_HASH).isNotNull(), RawLog.contentHash(known.kind()))))
        .orElse(changed);
  }
}
