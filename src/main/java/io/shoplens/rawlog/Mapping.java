package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.config.Nearest;
import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * How a feed's raw fields become contract fields. Whatever the feed, its records leave here in one
 * form: contract fields as text ({@code order_event} may be an array of texts), instants as
 * microseconds or a mark of {@link Instants}, and the place and lexical fault of the record.
 */
final class Mapping {
  /** Before the names of a line's own fields at line grain. */
  static final String LINE_PREFIX = "__line_";

  /** Key of the expression that leaves records out. */
  static final String KEEP = "_keep";

  private static final String ANSI = "spark.sql.ansi.enabled";
  private static final String MAPPED = "__mapped_";

  private final Feed feed;

  /** Contract fields in the order they are judged. */
  private final List<String> contract;

  /** Expressions by contract field; empty for a native feed. */
  private final Map<String, String> expressions;

  private Mapping(Feed feed) {
    this.feed = feed;
    this.contract =
        feed.kind() == Feed.Kind.EVENTS ? EventContract.FIELDS : OrderContract.fields(feed.grain());
    Map<String, String> mapped = new TreeMap<>(feed.mapping());
    if (mapped.isEmpty() && !feed.fields().isEmpty()) {
      feed.fields().keySet().forEach(field -> mapped.put(field, "`" + field + "`"));
    }
    this.expressions = mapped;
    check();
  }

  static Mapping of(Feed feed) {
    return new Mapping(feed);
  }

  /** The contract fields, in the order they are judged. */
  List<String> contract() {
    return contract;
  }

  boolean isNative() {
    return expressions.isEmpty();
  }

  Optional<String> expression(String field) {
    return Optional.ofNullable(expressions.get(field));
  }

  private void check() {
    List<String> known =
        Stream.concat(contract.stream(), Stream.of(EXTRA, KEEP))
            .filter(field -> feed.grain() != Feed.Grain.LINE || !field.equals(LINES))
            .toList();
    for (Map.Entry<String, String> entry : expressions.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw Errors.configuration(
            "feeds." + feed.name() + ".mapping." + entry.getKey() + " is no field of the contract.",
            "Allowed are " + String.join(", ", known) + ".",
            Nearest.to(entry.getKey(), known)
                .map(nearest -> "The nearest is " + nearest + ".")
                .orElse("Correct it."));
      }
    }
    for (String field : feed.fields().keySet()) {
      if (LexicalPlan.META.contains(field) || field.startsWith("__")) {
        throw Errors.configuration(
            "Feed " + feed.name() + ": the field name '" + field + "' is taken.",
            "Names of the form __name, _file, _line, _offset and _part are the reader's own.",
            "Give the field another name.");
      }
    }
    if (feed.format() == Feed.Format.CSV && feed.explode().isPresent()) {
      throw Errors.configuration(
          "Feed " + feed.name() + ": explode is set for a CSV feed.",
          "A CSV record has no arrays.",
          "Remove explode.");
    }
    boolean readsElements = feed.fields().values().stream().anyMatch(path -> path.startsWith("@"));
    if (readsElements && feed.explode().isEmpty()) {
      throw Errors.configuration(
          "Feed " + feed.name() + ": a field's path starts with @.",
          "@ is the element of an exploded array, and explode is not set.",
          "Set explode to the array's path, or start the path with $.");
    }
  }

  /** Records, as {@link #raw} gives them, in the form that the contract judges. */
  Dataset<Row> records(SparkSession session, Dataset<Row> raw) {
    List<String> columns = List.of(raw.columns());
    // Files without records have no fields that an expression could be compiled with.
    boolean isTotalsAlone = LexicalPlan.META.containsAll(columns);
    if (isTotalsAlone || feed.format() == Feed.Format.PARQUET && isNative()) {
      Map<String, String> own = new LinkedHashMap<>();
      contract.stream()
          .filter(columns::contains)
          .forEach(field -> own.put(field, "`" + field + "`"));
      own.put(EXTRA, LexicalPlan.EXTRA);
      return mapped(session, raw, own);
    }
    return isNative() ? identity(raw) : mapped(session, raw, expressions);
  }

  /** The records of files before they are mapped; those of unequal types apart. */
  List<Dataset<Row>> raw(SparkSession session, List<InputFile> files, IngestSettings settings) {
    return feed.format() == Feed.Format.PARQUET
        ? ParquetRecords.read(session, feed, contract, files)
        : List.of(RawLog.lexical(session, plan(files, settings)));
  }

  private LexicalPlan plan(List<InputFile> files, IngestSettings settings) {
    boolean isJson = feed.format() == Feed.Format.JSON;
    List<LexicalField> fields = new ArrayList<>();
    if (isNative() || feed.fields().isEmpty()) {
      for (String field : contract) {
        LexicalField.Type type =
            !isNative()
                ? LexicalField.Type.ANY
                : feed.kind() == Feed.Kind.EVENTS
                    ? EventContract.type(field)
                    : OrderContract.type(field);
        fields.add(new LexicalField(field, isJson ? "$." + field : field, type));
      }
    } else {
      feed.fields()
          .forEach((name, path) -> fields.add(new LexicalField(name, path, LexicalField.Type.ANY)));
    }
    if (isJson) {
      // Paths that can't be read are told now, not by a task.
      FieldTree.of(fields, '$', feed.name());
      FieldTree.of(fields, '@', feed.name());
      feed.explode().ifPresent(path -> FieldTree.steps(path, feed.name()));
    }
    return new LexicalPlan(
        List.copyOf(files),
        feed.format(),
        List.copyOf(fields),
        feed.explode().orElse(""),
        feed.zone().map(Object::toString).orElse(""),
        feed.delimiter(),
        feed.header(),
        feed.encoding(),
        settings.recordLimitBytes(),
        Math.min(settings.nestingLimit(), 1000));
  }

  private Column zone() {
    return lit(feed.zone().map(Object::toString).orElse(null)).cast("string");
  }

  private boolean isLineField(String field) {
    return feed.kind() == Feed.Kind.ORDERS
        && feed.grain() == Feed.Grain.LINE
        && OrderContract.LINE_FIELDS.contains(field);
  }

  private Dataset<Row> identity(Dataset<Row> raw) {
    List<Column> columns = new ArrayList<>();
    for (String field : contract) {
      columns.add(col(field).as(isLineField(field) ? LINE_PREFIX + field : field));
    }
    columns.add(col(LexicalPlan.EXTRA).as(EXTRA));
    columns.add(lit(true).as(Provenance.KEEP));
    meta(columns);
    columns.add(col(LexicalPlan.WRONG));
    return raw.select(columns.toArray(Column[]::new));
  }

  private static void meta(List<Column> columns) {
    LexicalPlan.META.stream()
        .filter(name -> !name.equals(LexicalPlan.EXTRA) && !name.equals(LexicalPlan.WRONG))
        .forEach(name -> columns.add(col(name)));
  }

  private Dataset<Row> mapped(SparkSession session, Dataset<Row> raw, Map<String, String> mapping) {
    Dataset<Row> mapped = evaluated(session, raw, mapping);
    List<Column> columns = new ArrayList<>();
    List<Column> wrong = new ArrayList<>();
    for (int i = 0; i < contract.size(); i++) {
      String field = contract.get(i);
      String name = isLineField(field) ? LINE_PREFIX + field : field;
      LexicalField.Type type =
          feed.kind() == Feed.Kind.EVENTS ? EventContract.type(field) : OrderContract.type(field);
      if (!mapping.containsKey(field)) {
        columns.add(
            (type == LexicalField.Type.INSTANT ? lit(Instants.ABSENT) : lit(null).cast("string"))
                .as(name));
        continue;
      }
      Column value = col(MAPPED + field);
      DataType given = mapped.schema().apply(MAPPED + field).dataType();
      Optional<Column> text =
          field.equals(ORDER_EVENT) && isTexts(given)
              ? Optional.of(value)
              : type == LexicalField.Type.INSTANT
                  ? instant(value, given)
                  : text(value, given, type);
      if (text.isEmpty()) {
        wrong.add(when(value.isNotNull(), lit(i)));
        text =
            Optional.of(
                type == LexicalField.Type.INSTANT
                    ? lit(Instants.ABSENT)
                    : lit(null).cast("string"));
      }
      Column kept = mapping.containsKey(KEEP) ? when(isKept(), text.get()) : text.get();
      columns.add(kept.as(name));
    }
    Column extra =
        mapping.containsKey(EXTRA)
            ? text(
                    col(MAPPED + EXTRA),
                    mapped.schema().apply(MAPPED + EXTRA).dataType(),
                    LexicalField.Type.OBJECT)
                .orElseThrow(() -> notJson(mapping.get(EXTRA)))
            : lit(null).cast("string");
    columns.add((mapping.containsKey(KEEP) ? when(isKept(), extra) : extra).as(EXTRA));
    columns.add((mapping.containsKey(KEEP) ? col(MAPPED + KEEP) : lit(true)).as(Provenance.KEEP));
    meta(columns);
    columns.add(
        (wrong.isEmpty() ? lit(null).cast("int") : coalesce(wrong.toArray(Column[]::new)))
            .as(LexicalPlan.WRONG));
    return mapped.select(columns.toArray(Column[]::new));
  }

  /** Records that are left out keep nothing but their count. */
  private static Column isKept() {
    return coalesce(col(MAPPED + KEEP), lit(true));
  }

  private ShoplensException notJson(String expression) {
    return Errors.configuration(
        "Feed " + feed.name() + ": the mapping of extra, " + expression + ", is no JSON object.",
        "extra holds an object as JSON text.",
        "Give a text, a struct or a map, as in to_json(named_struct('k', v)).");
  }

  private static boolean isTexts(DataType type) {
    return type instanceof ArrayType array && array.elementType() instanceof StringType;
  }

  /** Text of a mapped value; empty where its type can't be one of the contract's. */
  private static Optional<Column> text(Column value, DataType given, LexicalField.Type type) {
    if (given instanceof StringType) {
      return Optional.of(value);
    }
    if (given instanceof NullType) {
      return Optional.of(value.cast("string"));
    }
    boolean isNested =
        given instanceof ArrayType || given instanceof StructType || given instanceof MapType;
    boolean fits =
        switch (type) {
          case ARRAY -> given instanceof ArrayType;
          case OBJECT -> given instanceof StructType || given instanceof MapType;
          case DECIMAL -> given instanceof NumericType;
          // A whole number is exact as text; a fraction's text would be Spark's choice.
          default -> given instanceof IntegralType;
        };
    if (!fits) {
      return Optional.empty();
    }
    return Optional.of(isNested ? to_json(value) : value.cast("string"));
  }

  /** Microseconds of a mapped value; empty where its type is no instant. */
  private Optional<Column> instant(Column value, DataType given) {
    if (given instanceof TimestampType) {
      return Optional.of(coalesce(unix_micros(value), lit(Instants.ABSENT)));
    }
    if (given instanceof DateType) {
      return Optional.of(
          RawLogFunctions.looseInstant(concat(value.cast("string"), lit(" 00:00:00")), zone()));
    }
    if (given instanceof StringType
        || given instanceof NullType
        || given instanceof TimestampNTZType
        || given instanceof NumericType) {
      return Optional.of(RawLogFunctions.looseInstant(value.cast("string"), zone()));
    }
    return Optional.empty();
  }

  /**
   * The expressions over the raw fields. They are the user's, and what fails in one gives NULL,
   * which the contract then judges: one bad record stops no run. A cast does so by itself. Whether
   * a cast is strict is fixed where an expression is resolved, so the setting is off just there.
   */
  private Dataset<Row> evaluated(
      SparkSession session, Dataset<Row> raw, Map<String, String> mapping) {
    List<Column> meta = new ArrayList<>();
    meta(meta);
    String ansi = session.conf().get(ANSI);
    session.conf().set(ANSI, "false");
    try {
      List<Column> columns = new ArrayList<>(meta);
      try {
        mapping.forEach(
            (field, sql) -> columns.add(when(isRead(), inStruct(sql)).as(MAPPED + field)));
        Dataset<Row> mapped = raw.select(columns.toArray(Column[]::new));
        requireBoolean(mapped, mapping);
        return mapped;
      } catch (ShoplensException e) {
        throw e;
      } catch (Exception e) {
        if (!(e instanceof AnalysisException)) {
          throw e;
        }
        for (Map.Entry<String, String> entry : mapping.entrySet()) {
          compile(raw, meta, entry.getKey(), entry.getValue());
        }
        throw broken("its mapping", "", e);
      }
    } finally {
      session.conf().set(ANSI, ansi);
    }
  }

  /** A record that could be read: totals and what is rejected already have nothing to map. */
  private static Column isRead() {
    return col(LexicalPlan.CODE).isNull().and(col(LexicalPlan.RECORDS).isNull());
  }

  private void requireBoolean(Dataset<Row> mapped, Map<String, String> mapping) {
    if (mapping.containsKey(KEEP)
        && mapped.schema().apply(MAPPED + KEEP).dataType() != DataTypes.BooleanType) {
      throw Errors.configuration(
          "Feed "
              + feed.name()
              + ": the mapping of _keep, "
              + mapping.get(KEEP)
              + ", gives no boolean.",
          "Its type is " + mapped.schema().apply(MAPPED + KEEP).dataType().sql() + ".",
          "Write a condition, as in type = 'purchase'.");
    }
  }

  private void compile(Dataset<Row> raw, List<Column> meta, String field, String sql) {
    try {
      List<Column> columns = new ArrayList<>(meta);
      columns.add(when(isRead(), inStruct(sql)).as(MAPPED + field));
      raw.select(columns.toArray(Column[]::new));
    } catch (Exception e) {
      throw broken("the mapping of " + field, sql, e);
    }
  }

  /** Inside a struct, where an expression that makes several rows of one is refused. */
  private static Column inStruct(String sql) {
    Column value = struct(expr(sql).as("value")).getField("value");
    // SQL has this for a few functions only, such as try_divide. Under a condition, as it is here,
    // Spark computes nothing of it ahead, outside of the try.
    return ExpressionUtils.column(new TryEval(ExpressionUtils.expression(value)));
  }

  private ShoplensException broken(String what, String sql, Exception cause) {
    String reason =
        String.valueOf(cause.getMessage())
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .findFirst()
            .orElse(cause.toString())
            .replaceFirst(" on search path \\[[^]]*\\](?=\\.)", "")
            .replaceFirst(" SQLSTATE: \\w+(; line \\d+ pos \\d+;?)?$", "");
    return Errors.configuration(
        "Feed " + feed.name() + ": " + what + " does not compile: " + sql,
        reason,
        "It can use the fields "
            + String.join(", ", feed.fields().keySet())
            + " and _file, _line, _offset, _part, and Spark's SQL functions.",
        cause);
  }
}
