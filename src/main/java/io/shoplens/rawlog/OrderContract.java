package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import scala.Function1;

/** The contract of an order event. */
final class OrderContract {
  /** The fields of the contract, in its order. A new one goes to the end: stored hashes stand. */
  static final List<String> FIELDS =
      List.of(
          ORDER_EVENT_ID,
          ORDER_ID,
          ORDER_EVENT,
          EVENT_AT,
          RECEIVED_AT,
          USER_ID,
          DEVICE_ID,
          MARKET,
          REGION,
          CURRENCY,
          SALES_CHANNEL,
          MERCHANT_DOMAIN,
          LINES,
          SHIPPING_FEE,
          SHIPPING_COST,
          SHIPPING_SUBSIDY,
          FULFILMENT_COST,
          TAX,
          REVERSAL);

  /** What an exact repeat has in common. */
  static final List<String> CONTENT = Provenance.content(FIELDS);

  /** Fields of a record at line grain, in the place of {@code lines}. */
  static final List<String> LINE_FIELDS =
      List.of(
          LINE_ID,
          PRODUCT_ID,
          CATEGORY,
          SELLER_ID,
          CREATOR_ID,
          QUANTITY,
          UNIT_PRICE,
          "seller_discount",
          "platform_discount",
          COMMISSION_RATE,
          CREATOR_COMMISSION_RATE);

  static final List<String> AMOUNTS =
      List.of(SHIPPING_FEE, SHIPPING_COST, SHIPPING_SUBSIDY, FULFILMENT_COST, TAX);

  /** Order events that one record may stand for. */
  static final int EVENTS_PER_RECORD = 16;

  private static final List<String> EVENTS =
      List.of("placed", "paid", "shipped", "delivered", "cancelled", "refunded", "adjusted");

  private static final String SEPARATOR = "\u001f";
  private static final String CHECKED = "__checked_";
  private static final String DIGITS = "__digits";
  private static final String IS_RETURN = "__is_return";

  private OrderContract() {}

  /** The fields of a record, in the order they are judged. */
  static List<String> fields(Feed.Grain grain) {
    return grain == Feed.Grain.ORDER
        ? FIELDS
        : Stream.concat(FIELDS.stream(), LINE_FIELDS.stream()).toList();
  }

  /** What a native field may be. */
  static LexicalField.Type type(String field) {
    return switch (field) {
      case EVENT_AT, RECEIVED_AT -> LexicalField.Type.INSTANT;
      case LINES -> LexicalField.Type.ARRAY;
      case REVERSAL -> LexicalField.Type.OBJECT;
      case SHIPPING_FEE,
          SHIPPING_COST,
          SHIPPING_SUBSIDY,
          FULFILMENT_COST,
          TAX,
          QUANTITY,
          UNIT_PRICE,
          "seller_discount",
          "platform_discount",
          COMMISSION_RATE,
          CREATOR_COMMISSION_RATE ->
          LexicalField.Type.DECIMAL;
      default -> LexicalField.Type.TEXT;
    };
  }

  /**
   * Rows of bronze.order_events from records whose fields are text and whose instants are
   * microseconds; {@code order_event} may be an array of texts.
   */
  static Function1<Dataset<Row>, Dataset<Row>> rows(
      Feed feed, IngestSettings settings, Reference reference) {
    Feed.Grain grain = feed.grain();
    boolean keepsUnknown = feed.keepsUnknown() && grain == Feed.Grain.ORDER;
    return records -> {
      boolean isArray = records.schema().apply(ORDER_EVENT).dataType() instanceof ArrayType;
      Faults faults = faults(isArray, grain, settings, reference);
      Dataset<Row> checked =
          (grain == Feed.Grain.LINE ? records.transform(OrderContract::withLineFields) : records)
              .transform(parsed(isArray, grain))
              .withColumn(Provenance.FAULT, faults.first())
              .transform(keepsUnknown ? OrderContract::withUnknownParts : rows -> rows)
              .transform(typed())
              .transform(isArray ? perEvent() : rows -> rows)
              .transform(OrderContract::withReversalOfLine);
      return Provenance.rows(checked, OrderEvents.TABLE, faults, own(grain));
    };
  }

  /** At line grain: the record's line as JSON, in {@code lines}, by whatever fields it has. */
  private static Dataset<Row> withLineFields(Dataset<Row> records) {
    Column[] fields = LINE_FIELDS.stream().map(OrderContract::flat).toArray(Column[]::new);
    Column isAny =
        coalesce(LINE_FIELDS.stream().map(OrderContract::flat).toArray(Column[]::new)).isNotNull();
    return records.withColumn(LINES, when(isAny, to_json(array(struct(fields)))));
  }

  private static Column flat(String field) {
    return col(Mapping.LINE_PREFIX + field).as(field);
  }

  /** The parts that are no plain text, read and checked. */
  private static Function1<Dataset<Row>, Dataset<Row>> parsed(boolean isArray, Feed.Grain grain) {
    return records -> {
      Map<String, Column> base = new HashMap<>();
      base.put(DIGITS, RawLogFunctions.currencyDigits(col(CURRENCY)));
      base.put(
          IS_RETURN,
          grain == Feed.Grain.LINE ? isAmong(isArray, "cancelled", "refunded") : lit(false));
      Column decimals = when(col(DIGITS).lt(lit(0)), lit(4)).otherwise(col(DIGITS));
      Map<String, Column> parts = new HashMap<>();
      for (String amount : AMOUNTS) {
        parts.put(CHECKED + amount, RawLogFunctions.exactDecimal(col(amount), decimals));
      }
      Column isAdjusted = isAmong(isArray, "adjusted");
      parts.put(
          CHECKED + LINES,
          RawLogFunctions.orderLines(
              col(LINES),
              decimals,
              when(isAmong(isArray, "placed"), lit(OrderParts.SOLD))
                  .otherwise(lit(OrderParts.UNPRICED))));
      parts.put(
          CHECKED + REVERSAL,
          RawLogFunctions.orderReversal(
              col(REVERSAL),
              decimals,
              when(isAdjusted, lit(OrderParts.ADJUSTED)).otherwise(lit(OrderParts.RETURNED))));
      return records.withColumns(base).withColumns(parts);
    };
  }

  private static Column isAmong(boolean isArray, String... kinds) {
    Column found =
        isArray
            ? Arrays.stream(kinds)
                .map(kind -> array_contains(col(ORDER_EVENT), kind))
                .reduce(Column::or)
                .orElseThrow()
            : col(ORDER_EVENT).isin((Object[]) kinds);
    return coalesce(found, lit(false));
  }

  private static Faults faults(
      boolean isArray, Feed.Grain grain, IngestSettings settings, Reference reference) {
    Faults faults =
        new Faults(fields(grain), grain == Feed.Grain.LINE ? "" : "lines.")
            .required(ORDER_EVENT_ID)
            .required(ORDER_ID);
    Column kind = col(ORDER_EVENT);
    if (isArray) {
      faults
          .rule(
              kind.isNull()
                  .or(size(kind).equalTo(lit(0)))
                  .or(coalesce(exists(kind, Faults::absent), lit(false))),
              ORDER_EVENT,
              Codes.MISSING_FIELD)
          .rule(
              coalesce(exists(kind, one -> one.isin(EVENTS.toArray()).unary_$bang()), lit(false)),
              ORDER_EVENT,
              Codes.UNKNOWN_VALUE)
          .rule(size(kind).gt(lit(EVENTS_PER_RECORD)), ORDER_EVENT, Codes.OUT_OF_RANGE);
    } else {
      faults
          .required(ORDER_EVENT)
          .rule(EventContract.isUnknown(ORDER_EVENT, EVENTS), ORDER_EVENT, Codes.UNKNOWN_VALUE);
    }
    EventContract.instants(faults, settings);
    faults
        .required(MARKET)
        .rule(
            EventContract.isUnknown(MARKET, new TreeSet<>(reference.markets().keySet())),
            MARKET,
            Codes.UNKNOWN_VALUE)
        .required(CURRENCY)
        .rule(
            col(CURRENCY).isNotNull().and(col(DIGITS).lt(lit(0))), CURRENCY, Codes.UNKNOWN_CURRENCY)
        .rule(
            EventContract.isUnknown(SALES_CHANNEL, List.of("in_app", "external")),
            SALES_CHANNEL,
            Codes.UNKNOWN_VALUE)
        .rule(
            col(SALES_CHANNEL)
                .equalTo("external")
                .and(Faults.absent(col(MERCHANT_DOMAIN)))
                .and(faults.isWrong(MERCHANT_DOMAIN).unary_$bang()),
            MERCHANT_DOMAIN,
            Codes.MISSING_FIELD)
        .rule(
            isAmong(isArray, "placed")
                .and(
                    col(LINES)
                        .isNull()
                        .or(size(col(CHECKED + LINES).getField("value")).equalTo(lit(0))))
                .and(faults.isWrong(LINES).unary_$bang()),
            LINES,
            Codes.MISSING_FIELD)
        .partly(partFault(LINES), LINES);
    for (String amount : AMOUNTS) {
      faults.partly(partFault(amount), amount);
    }
    return faults.partly(partFault(REVERSAL), REVERSAL);
  }

  private static Column partFault(String field) {
    return col(CHECKED + field).getField("fault");
  }

  /**
   * Lines and reversals of native records that hold more than the contract has: their JSON goes to
   * {@code extra}, whole, so that no field is lost.
   */
  private static Dataset<Row> withUnknownParts(Dataset<Row> records) {
    return records.withColumn(EXTRA, withUnknown(REVERSAL)).withColumn(EXTRA, withUnknown(LINES));
  }

  private static Column withUnknown(String part) {
    Column rest =
        when(col(EXTRA).isNull(), lit("}"))
            .otherwise(concat(lit(","), substring(col(EXTRA), 2, Integer.MAX_VALUE)));
    return when(
            coalesce(col(CHECKED + part).getField("has_more"), lit(false)),
            concat(lit("{\"" + part + "\":"), col(part), rest))
        .otherwise(col(EXTRA));
  }

  private static Function1<Dataset<Row>, Dataset<Row>> typed() {
    return records -> {
      Map<String, Column> values = new HashMap<>();
      for (String amount : AMOUNTS) {
        values.put(amount, col(CHECKED + amount).getField("value").cast(Types.MONEY));
      }
      values.put(LINES, col(CHECKED + LINES).getField("value"));
      values.put(REVERSAL, col(CHECKED + REVERSAL).getField("value"));
      values.put(
          SALES_CHANNEL,
          when(Provenance.isAccepted(), coalesce(col(SALES_CHANNEL), lit("in_app")))
              .otherwise(col(SALES_CHANNEL)));
      values.put(USER_ID, EventContract.person(USER_ID));
      values.put(DEVICE_ID, EventContract.person(DEVICE_ID));
      values.put(EVENT_AT, Provenance.instant(col(EVENT_AT)));
      values.put(RECEIVED_AT, Provenance.instant(col(RECEIVED_AT)));
      values.put(LexicalPlan.PART, col(LexicalPlan.PART).multiply(lit(EVENTS_PER_RECORD)));
      return records.withColumns(values);
    };
  }

  /** One row for each event of an accepted record; others stay one row. */
  private static Function1<Dataset<Row>, Dataset<Row>> perEvent() {
    return records -> {
      Column[] others =
          Stream.of(records.columns())
              .filter(name -> !name.equals(ORDER_EVENT))
              .map(functions::col)
              .toArray(Column[]::new);
      List<Column> columns = new ArrayList<>(List.of(others));
      columns.add(
          posexplode_outer(when(Provenance.isAccepted(), col(ORDER_EVENT)))
              .as(new String[] {"__position", ORDER_EVENT}));
      return records
          .select(columns.toArray(Column[]::new))
          .withColumn(
              LexicalPlan.PART, col(LexicalPlan.PART).plus(coalesce(col("__position"), lit(0))))
          .drop("__position");
    };
  }

  /** At line grain, the line of a cancelled or refunded record is what is taken back. */
  private static Dataset<Row> withReversalOfLine(Dataset<Row> records) {
    Column isReturn = col(IS_RETURN).and(col(ORDER_EVENT).isin("cancelled", "refunded"));
    Column lines =
        transform(
            col(LINES),
            line ->
                struct(
                    line.getField(LINE_ID).as(LINE_ID),
                    line.getField(PRODUCT_ID).as(PRODUCT_ID),
                    line.getField(CATEGORY).as(CATEGORY),
                    line.getField(QUANTITY).as(QUANTITY),
                    line.getField(UNIT_PRICE).as(UNIT_PRICE),
                    line.getField("seller_discount").as("seller_discount")));
    Column own =
        when(
            col(LINES).isNotNull(),
            struct(lines.as(LINES), lit(null).cast(Types.MONEY).as("amount")));
    return records.withColumns(
        Map.of(
            REVERSAL,
            when(isReturn, coalesce(col(REVERSAL), own)).otherwise(col(REVERSAL)),
            LINES,
            when(isReturn.unary_$bang(), col(LINES))));
  }

  /** Hash of what an exact repeat has in common, from the columns as they stand. */
  static Column contentHash() {
    return Provenance.hash(
        CONTENT.stream().map(functions::col).toList(),
        CONTENT.stream()
            .map(
                name ->
                    name.equals(LINES) || name.equals(REVERSAL) ? namedParts(col(name)) : col(name))
            .toList());
  }

  /**
   * A nested field as text, each part under its name: Spark's hash would tell no part from another.
   * Parts that are NULL are left out, as those are that nobody has declared yet.
   */
  private static Column namedParts(Column nested) {
    return to_json(nested, Map.of("ignoreNullFields", "true"));
  }

  private static Map<String, Column> own(Feed.Grain grain) {
    List<Column> parts = new ArrayList<>(List.of(col(ORDER_EVENT_ID), col(ORDER_EVENT)));
    if (grain == Feed.Grain.LINE) {
      parts.add(col(Mapping.LINE_PREFIX + LINE_ID));
    }
    Map<String, Column> own = new HashMap<>();
    for (String field : FIELDS) {
      own.put(field, col(field));
    }
    own.put(EXTRA, col(EXTRA));
    own.put(
        RECORD_ID,
        when(Provenance.isAccepted(), concat_ws(SEPARATOR, parts.toArray(Column[]::new))));
    own.put(EVENT_UTC_DATE, when(Provenance.isAccepted(), col(EVENT_AT).cast("date")));
    own.put(CONTENT_HASH, when(Provenance.isAccepted(), contentHash()));
    return own;
  }
}
