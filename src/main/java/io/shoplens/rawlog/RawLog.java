package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;

import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.config.Reference;
import io.shoplens.error.Errors;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Raw files to bronze rows. */
public final class RawLog {
  private RawLog() {}

  /**
   * The records of a feed's files as rows of {@code bronze.events} or {@code bronze.order_events},
   * all columns but {@code sequence} and {@code feed}: accepted records, rejected ones with their
   * bytes, code and field, and rows of totals.
   *
   * <p>Totals ({@code record_kind = 'file'}) add up over a file's rows: one row of what the reader
   * counted, and one of {@code file_blank = 1} for each record that the feed's {@code _keep} left
   * out. A record of an order feed may give several rows; those that count are told by {@link
   * #countsAsRecord}. With that, {@code file_records = accepted + rejected + file_blank} for every
   * file, repeats counting as accepted until they are found.
   *
   * @param files the files, each read by one task from beginning to end
   * @param persons what becomes of the ids of persons
   */
  public static Dataset<Row> read(
      SparkSession session,
      Feed feed,
      List<InputFile> files,
      IngestSettings settings,
      Reference reference,
      PersonalData persons) {
    Mapping mapping = Mapping.of(feed);
    return rows(session, feed, mapping.raw(session, files, settings), settings, reference, persons);
  }

  /**
   * Some records of a feed's files, read again: what {@link #read} gives of them now, without
   * totals but those of records that {@code _keep} leaves out. A line that was rejected as a whole,
   * before it was taken apart, is read as a whole: it may hold more records now than it did.
   *
   * @param rejected source_file, source_line, source_part, reject_code and reject_field of rows
   *     that they gave
   */
  public static Dataset<Row> readAgain(
      SparkSession session,
      Feed feed,
      List<InputFile> files,
      Dataset<Row> rejected,
      IngestSettings settings,
      Reference reference,
      PersonalData persons) {
    Column part =
        feed.kind() == Feed.Kind.EVENTS
            ? col(SOURCE_PART)
            : floor(col(SOURCE_PART).divide(lit(OrderContract.EVENTS_PER_RECORD)));
    Column isWholeLine =
        feed.explode().isEmpty()
            ? lit(false)
            : col(REJECT_CODE)
                .equalTo(Codes.NOT_JSON)
                .or(coalesce(col(REJECT_FIELD).equalTo(feed.explode().get()), lit(false)));
    // One key made of the place: what a join knows of its keys multiplies with all that is made
    // of them above it, in the optimizer.
    String place = "__place";
    String parts = "__parts";
    String whole = "__whole";
    Dataset<Row> lines =
        rejected
            .groupBy(place(col(SOURCE_FILE), col(SOURCE_LINE)).as(place))
            .agg(collect_set(part.cast("int")).as(parts), functions.bool_or(isWholeLine).as(whole));
    List<Dataset<Row>> raw =
        Mapping.of(feed).raw(session, files, settings).stream()
            .map(
                rows ->
                    rows.withColumn(place, place(col(LexicalPlan.FILE), col(LexicalPlan.LINE)))
                        .join(broadcast(lines), new String[] {place})
                        .where(col(whole).or(array_contains(col(parts), col(LexicalPlan.PART))))
                        .drop(place, parts, whole))
            .toList();
    return rows(session, feed, raw, settings, reference, persons);
  }

  private static Column place(Column file, Column line) {
    return concat_ws(":", file, line);
  }

  private static Dataset<Row> rows(
      SparkSession session,
      Feed feed,
      List<Dataset<Row>> raw,
      IngestSettings settings,
      Reference reference,
      PersonalData persons) {
    RawLogFunctions.register(session);
    return raw.stream()
        .map(each -> rows(session, feed, each, settings, reference, persons))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  private static Dataset<Row> rows(
      SparkSession session,
      Feed feed,
      Dataset<Row> raw,
      IngestSettings settings,
      Reference reference,
      PersonalData persons) {
    Dataset<Row> records =
        persons.protectedRecords(Mapping.of(feed).records(session, raw), feed.kind());
    return feed.kind() == Feed.Kind.EVENTS
        ? persons.protectedRows(
            EventContract.rows(settings, reference).apply(records), Events.TABLE)
        : persons.protectedRows(
            OrderContract.rows(feed, settings, reference).apply(records), OrderEvents.TABLE);
  }

  /**
   * The records of a feed's files as they came: source_file, source_line, source_part (of the first
   * row that a record stands for, see {@link #firstPart}) and reject_raw.
   */
  public static Dataset<Row> bytes(
      SparkSession session, Feed feed, List<InputFile> files, IngestSettings settings) {
    Column part =
        feed.kind() == Feed.Kind.EVENTS
            ? col(LexicalPlan.PART)
            : col(LexicalPlan.PART).multiply(lit(OrderContract.EVENTS_PER_RECORD));
    return Mapping.of(feed).raw(session, files, settings).stream()
        .map(
            rows ->
                rows.where(col(LexicalPlan.LINE).isNotNull())
                    .select(
                        col(LexicalPlan.FILE).as(SOURCE_FILE),
                        col(LexicalPlan.LINE).as(SOURCE_LINE),
                        part.as(SOURCE_PART),
                        col(LexicalPlan.RAW).as(REJECT_RAW)))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  /** The source_part of the first row of the record that a row belongs to. */
  public static Column firstPart(Feed.Kind kind) {
    return kind == Feed.Kind.EVENTS
        ? col(SOURCE_PART)
        : col(SOURCE_PART).minus(col(SOURCE_PART).mod(lit(OrderContract.EVENTS_PER_RECORD)));
  }

  /**
   * Whether an accepted or rejected row counts as a record of its file: all do, but the second and
   * further rows of an order record that stands for several events.
   */
  public static Column countsAsRecord(Feed.Kind kind) {
    return kind == Feed.Kind.EVENTS
        ? lit(true)
        : col(SOURCE_PART).mod(lit(OrderContract.EVENTS_PER_RECORD)).equalTo(lit(0));
  }

  /** Whether a row is a line that the damage of an archive cut off. */
  public static Column isCutOff() {
    return coalesce(col(REJECT_CODE).equalTo(Codes.BAD_ARCHIVE), lit(false));
  }

  /** The content_hash of an accepted bronze row, from its columns as they stand. */
  public static Column contentHash(Feed.Kind kind) {
    if (kind == Feed.Kind.ORDERS) {
      return OrderContract.contentHash();
    }
    List<Column> fields =
        EventContract.CONTENT.stream()
            .map(name -> name.equals(EVENT_AT) ? unix_micros(col(name)) : col(name))
            .toList();
    return Provenance.hash(fields, fields);
  }

  /** The records of JSON or CSV files as the lexical layer sees them. */
  static Dataset<Row> lexical(SparkSession session, LexicalPlan plan) {
    if (plan.delimiter() > 127) {
      throw Errors.configuration(
          "CSV delimiter '" + plan.delimiter() + "' is not supported.",
          "A delimiter is one ASCII character.",
          "Convert the files, or write them with another delimiter.");
    }
    return session
        .read()
        .format(LexicalSource.class.getName())
        .option(LexicalSource.PLAN, plan.encoded())
        .load();
  }
}
