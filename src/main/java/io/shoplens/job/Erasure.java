package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.ErasedPersons;
import io.shoplens.config.ErasedPersons.Mark;
import io.shoplens.config.IdWords;
import io.shoplens.config.KeyRing;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import io.shoplens.lake.ErasureList;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Maintenance;
import io.shoplens.lake.PersonKeys;
import io.shoplens.rawlog.RawLog;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Sessions;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.table.Touchpoints;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Takes persons out of a lake.
 *
 * <p>What they are known by goes: user and device ids, sessions' names, whatever else a record said
 * of them ({@code extra}), their ids as words in links and campaigns, hashes of them in sketches,
 * and the bytes of rejected records. What happened stays, under a word drawn once and kept nowhere,
 * so that no figure is another, neither now nor when a later run computes a date anew: GMV, buyers,
 * credits and leaks are functions of who is the same as whom, never of who it is. Devices that were
 * seen with no other user go with their user; one that others use too is theirs and stays.
 *
 * <p>It is many commits. Bronze is written last, because what there is to do is found there; one
 * that was cut short goes on where it is when it is run again with the same ids. No commit names an
 * id.
 */
public final class Erasure {
  /** The command, as ops.runs has it. */
  public static final String COMMAND = "erase";

  /** When files that no table holds any more are removed. */
  public enum Purge {
    /** By maintenance, once they are as old as it keeps them. */
    IN_TIME,
    /** At once, in every table that holds ids or text. */
    NOW
  }

  /** What becomes of raw files that hold erased persons. */
  public enum Raw {
    /** They are named, for their owner. */
    LISTED,
    /** They are written anew without them. */
    REWRITTEN
  }

  /**
   * What became of an erasure.
   *
   * @param users users asked for
   * @param devices devices asked for, and those only these users were seen on
   * @param tables tables that held them
   * @param rawFiles raw files that hold them, their owner's to mend: where they are listed, as
   *     bronze tells or told when one that was cut short began, which knows no file that holds only
   *     a repeat of a record, rejected records without their bytes, or was not read yet; else those
   *     that can't be written anew
   * @param rewritten raw files that were written anew without them
   */
  public record Erased(
      int users, int devices, List<Table> tables, List<String> rawFiles, List<String> rewritten) {}

  private final Lake lake;
  private final ShoplensConfig config;
  private final PublishedAgain published;

  /** Erasures from a lake, which record what they publish. */
  public Erasure(Lake lake, ShoplensConfig config, PublishedAgain published) {
    this.lake = lake;
    this.config = config;
    this.published = published;
  }

  /** Erases users and devices, by their ids as observed. */
  public Erased erase(
      Set<String> users, Set<String> devices, Raw raw, Purge purge, Consumer<String> notices) {
    KeyRing keys =
        PersonKeys.require(
            config.privacy(),
            lake.hadoop(),
            "An erasure keeps keyed hashes, by which replays know whom to leave out.");
    return Exclusively.on(
        lake,
        config,
        COMMAND,
        notices,
        lease -> new Execution(keys, users, devices).run(raw, purge, notices));
  }

  /** One erasure. */
  private final class Execution {
    private final KeyRing keys;
    private final Set<String> users;
    private final Set<String> devices;

    Execution(KeyRing keys, Set<String> users, Set<String> devices) {
      this.keys = keys;
      this.users = users;
      this.devices = devices;
    }

    Erased run(Raw raw, Purge purge, Consumer<String> notices) {
      ErasureList list = new ErasureList(lake);
      // Of one that was cut short neither its own commits nor purged logs tell any more.
      PublishedAgain.Before before = published.before(list.publishedBefore());
      if (purge == Purge.NOW && !before.isCurrent()) {
        throw notPublished();
      }
      String keyId = keys.ids().get(keys.ids().size() - 1);
      List<Mark> marks = new ArrayList<>();
      for (String id : both(users, devices)) {
        marks.add(new Mark(keyId, keys.erasureMark(keyId, id), Optional.of(id.length())));
      }
      List<String> asked = marks.stream().map(Mark::mark).toList();
      Tokens tokens = new Tokens(list.begin(asked, before.published()));
      Set<String> userTokens = tokens.of(forms(users));
      Set<String> ownDevices = ownDevices(tokens, userTokens);
      boolean isObserved = PersonKeys.stored(lake).isEmpty();
      for (String device : ownDevices) {
        marks.add(
            new Mark(
                keyId,
                keys.erasureMark(keyId, device),
                isObserved ? Optional.of(device.length()) : Optional.empty()));
      }
      list.add(before.runId(), marks);
      Set<String> deviceTokens = tokens.of(forms(devices));
      deviceTokens.addAll(tokens.of(ownDevices));
      deviceTokens.addAll(ownDeviceTokens(tokens, userTokens));
      // Not their own devices: who was on those, one that was cut short may have taken out already.
      Set<String> words =
          both(forms(users), both(forms(devices), storedDevices(tokens, deviceTokens)));
      Change change = new Change(tokens, userTokens, deviceTokens, words);
      Set<String> rawFiles = list.noteRawFiles(change.rawFiles(lake));
      List<Table> changed = new ArrayList<>();
      for (Table table : inOrder()) {
        if (change.concerns(table) && isRewritten(table, change)) {
          changed.add(table);
        }
      }
      List<Table> concerned =
          Tables.ALL.stream().filter(change::concerns).filter(lake::exists).toList();
      Maintenance maintenance = new Maintenance(lake, config.lake().keep());
      concerned.forEach(maintenance::dropHidden);
      if (purge == Purge.NOW) {
        concerned.forEach(maintenance::purge);
      }
      // Whatever becomes of the raw files, no state from before comes back.
      published.record(before, COMMAND);
      RawErasure.Outcome files =
          raw == Raw.REWRITTEN
              ? new RawErasure(lake, config).erase(list.persons(config.privacy()), notices)
              : new RawErasure.Outcome(Set.of(), rawFiles);
      list.end(asked);
      return new Erased(
          users.size(),
          devices.size() + ownDevices.size(),
          changed,
          List.copyOf(files.left()),
          List.copyOf(files.rewritten()));
    }

    private Set<String> forms(Set<String> ids) {
      Set<String> forms = new TreeSet<>();
      ids.forEach(id -> forms.addAll(keys.forms(id)));
      return forms;
    }

    /** Devices as stored that only these users were identified on. */
    private Set<String> ownDevices(Tokens tokens, Set<String> userTokens) {
      Set<String> own = new TreeSet<>();
      for (Row row : owned(tokens, userTokens, col(DEVICE_ID))) {
        if (!row.getString(0).startsWith(ErasedPersons.TOKEN_PREFIX)) {
          own.add(row.getString(0));
        }
      }
      return own;
    }

    private Set<String> ownDeviceTokens(Tokens tokens, Set<String> userTokens) {
      Set<String> own = new HashSet<>();
      owned(tokens, userTokens, tokens.column(col(DEVICE_ID)))
          .forEach(row -> own.add(row.getString(0)));
      return own;
    }

    /** Devices as stored still that the tokens replace. */
    private Set<String> storedDevices(Tokens tokens, Set<String> deviceTokens) {
      Set<String> stored = new TreeSet<>();
      observed()
          .map(
              pairs ->
                  pairs
                      .select(DEVICE_ID)
                      .where(isToken(DEVICE_ID).unary_$bang())
                      .where(tokens.column(col(DEVICE_ID)).isin(deviceTokens.toArray()))
                      .distinct()
                      .collectAsList())
          .ifPresent(rows -> rows.forEach(row -> stored.add(row.getString(0))));
      return stored;
    }

    /** The ids of bronze records. */
    private Optional<Dataset<Row>> observed() {
      return Bronze.ALL.stream()
          .filter(bronze -> lake.exists(bronze.table()))
          .map(bronze -> lake.read(bronze.table()).select(USER_ID, DEVICE_ID))
          .reduce(Dataset::unionByName);
    }

    private static Column isToken(String id) {
      return col(id).startsWith(ErasedPersons.TOKEN_PREFIX);
    }

    /** Whoever was erased before uses nothing any more. */
    private List<Row> owned(Tokens tokens, Set<String> userTokens, Column device) {
      Column isTheirs = tokens.column(col(USER_ID)).isin(userTokens.toArray());
      Column isOthers = isTheirs.or(isToken(USER_ID)).unary_$bang();
      return observed()
          .map(
              pairs ->
                  pairs
                      .where(col(USER_ID).isNotNull().and(col(DEVICE_ID).isNotNull()))
                      .groupBy(device.as(DEVICE_ID))
                      .agg(max(isTheirs).as("is_theirs"), max(isOthers).as("is_others"))
                      .where(col("is_theirs").and(col("is_others").unary_$bang()))
                      .select(DEVICE_ID)
                      .collectAsList())
          .orElse(List.of());
    }
  }

  private static ShoplensException notPublished() {
    return Errors.input(
        "Past states can't be purged now.",
        "Something was taken in or computed that is not published yet, and the logs still say what"
            + " is left to do.",
        "Run shoplens run first, with --from and --to where single steps rebuilt dates, or leave"
            + " out --purge-now.");
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> both = new TreeSet<>(one);
    both.addAll(other);
    return both;
  }

  private boolean isRewritten(Table table, Change change) {
    return table.equals(DailyGmv.TABLE)
        ? BuyersSketches.renew(lake)
        : lake.rewrite(table, rows -> change.of(table, rows), change.isChanged(table));
  }

  /** Bronze last: what there is to do is found there. */
  private static List<Table> inOrder() {
    List<Table> tables = new ArrayList<>(Tables.ALL);
    tables.removeAll(List.of(OrderEvents.TABLE, Events.TABLE));
    tables.addAll(List.of(OrderEvents.TABLE, Events.TABLE));
    return tables;
  }

  /** What is done to rows. */
  private static final class Change {
    private static final String IS_THEIRS = "is_theirs";

    private final Tokens tokens;
    private final Set<String> userTokens;
    private final Set<String> deviceTokens;
    private final UserDefinedFunction text;
    private final UserDefinedFunction json;
    private final UserDefinedFunction isIn;

    Change(
        Tokens tokens, Set<String> userTokens, Set<String> deviceTokens, Collection<String> ids) {
      this.tokens = tokens;
      this.userTokens = userTokens;
      this.deviceTokens = deviceTokens;
      IdWords words = IdWords.of(ids);
      this.text =
          udf((UDF1<String, String>) words::replacedIn, DataTypes.StringType)
              .withName("text_without_erased");
      this.json =
          udf((UDF1<String, String>) words::replacedInJson, DataTypes.StringType)
              .withName("json_without_erased");
      this.isIn =
          udf((UDF1<byte[], Boolean>) raw -> isIn(raw, words), DataTypes.BooleanType)
              .withName("holds_erased");
    }

    private static boolean isIn(byte[] raw, IdWords words) {
      return raw != null && !words.in(new String(raw, StandardCharsets.UTF_8)).isEmpty();
    }

    boolean concerns(Table table) {
      Set<String> columns = new HashSet<>(List.of(table.schema().fieldNames()));
      return columns.contains(USER_ID)
          || columns.contains(DEVICE_ID)
          || columns.contains(BUYERS_SKETCH)
          || TEXTS_WITH_IDS.stream().anyMatch(columns::contains)
          || OBJECTS_WITH_IDS.stream().anyMatch(columns::contains);
    }

    /** Columns of a table that change, as they are to be. */
    private Map<String, Column> changes(Table table) {
      Set<String> columns = new HashSet<>(List.of(table.schema().fieldNames()));
      Map<String, Column> changes = new HashMap<>();
      Column isUser = lit(false);
      Column isDevice = lit(false);
      if (columns.contains(USER_ID)) {
        Column token = tokens.column(col(USER_ID));
        isUser = coalesce(token.isin(userTokens.toArray()), lit(false));
        changes.put(USER_ID, when(isUser, token).otherwise(col(USER_ID)));
      }
      if (columns.contains(DEVICE_ID)) {
        Column token = tokens.column(col(DEVICE_ID));
        isDevice = coalesce(token.isin(deviceTokens.toArray()), lit(false));
        changes.put(DEVICE_ID, when(isDevice, token).otherwise(col(DEVICE_ID)));
      }
      for (String name : TEXTS_WITH_IDS) {
        if (columns.contains(name)) {
          changes.put(name, text.apply(col(name)));
        }
      }
      for (String name : OBJECTS_WITH_IDS) {
        if (columns.contains(name)) {
          changes.put(name, json.apply(col(name)));
        }
      }
      if (table.equals(Sessions.TABLE) || table.equals(Touchpoints.TABLE)) {
        // A session is named after its device, else its user. Where that is a token already, so is
        // the name: one that was cut short renames none twice.
        Column isNamed =
            isDevice
                .or(isUser.and(col(DEVICE_ID).isNull()))
                .and(
                    coalesce(col(DEVICE_ID), col(USER_ID))
                        .startsWith(ErasedPersons.TOKEN_PREFIX)
                        .unary_$bang());
        changes.put(
            SESSION_ID,
            when(isNamed, tokens.sessionName(col(SESSION_ID))).otherwise(col(SESSION_ID)));
      }
      if (columns.contains(EXTRA)) {
        changes.put(
            EXTRA,
            when(isUser.or(isDevice), lit(null).cast("string")).otherwise(changes.get(EXTRA)));
      }
      if (columns.contains(REJECT_RAW)) {
        changes.put(
            REJECT_RAW,
            when(
                isUser.or(isDevice).or(isIn.apply(col(REJECT_RAW))).unary_$bang(),
                col(REJECT_RAW)));
      }
      return changes;
    }

    Column isChanged(Table table) {
      return changes(table).entrySet().stream()
          .map(change -> change.getValue().eqNullSafe(col(change.getKey())).unary_$bang())
          .reduce(Column::or)
          .orElse(lit(false));
    }

    Dataset<Row> of(Table table, Dataset<Row> rows) {
      Optional<Bronze> bronze =
          Bronze.ALL.stream().filter(one -> one.table().equals(table)).findFirst();
      Dataset<Row> marked = rows.withColumn(IS_THEIRS, isChanged(table));
      Dataset<Row> changed = marked.withColumns(changes(table));
      return bronze
          .map(
              known ->
                  changed.withColumn(
                      CONTENT_HASH,
                      when(
                              col(IS_THEIRS).and(col(CONTENT_HASH).isNotNull()),
                              RawLog.contentHash(known.kind()))
                          .otherwise(col(CONTENT_HASH))))
          .orElse(changed)
          .drop(IS_THEIRS);
    }

    /** Raw files that rows came from which change. */
    Set<String> rawFiles(Lake lake) {
      TreeSet<String> files = new TreeSet<>();
      for (Bronze bronze : Bronze.ALL) {
        if (lake.exists(bronze.table())) {
          lake.read(bronze.table())
              .where(isChanged(bronze.table()))
              .select(SOURCE_FILE)
              .distinct()
              .collectAsList()
              .forEach(row -> files.add(row.getString(0)));
        }
      }
      return files;
    }
  }

  /** The words that stand for erased ids: nothing without the salt, which is gone afterwards. */
  private static final class Tokens {
    private static final int SESSION_DIGITS = 32;

    private final byte[] salt;

    Tokens(byte[] salt) {
      this.salt = salt;
    }

    Set<String> of(Collection<String> ids) {
      Set<String> tokens = new HashSet<>();
      ids.forEach(id -> tokens.add(ErasedPersons.token(salt, id)));
      return tokens;
    }

    Column column(Column id) {
      byte[] own = Arrays.copyOf(salt, salt.length);
      return udf(
              (UDF1<String, String>) value -> ErasedPersons.token(own, value), DataTypes.StringType)
          .withName("token")
          .apply(id);
    }

    Column sessionName(Column name) {
      byte[] own = Arrays.copyOf(salt, salt.length);
      return udf(
              (UDF1<String, String>)
                  value -> ErasedPersons.hexToken(own, value).substring(0, SESSION_DIGITS),
              DataTypes.StringType)
          .withName("session_name")
          .apply(name);
    }
  }
}
