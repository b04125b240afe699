package io.shoplens.rawlog;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.forall;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Feed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Records of Parquet files, by Spark's own reader; a line is a row's position. Totals are counted
 * by a reading of their own. Columns keep their types, and a mapping sees them so.
 */
final class ParquetRecords {
  /** Of an array that is in no file. */
  private static final DataType NO_ELEMENTS = DataTypes.createArrayType(new StructType());

  private static final String ELEMENT = "__element";

  /** Whether a row has an array without elements, and so stands for no record. */
  private static final String EMPTY = "__empty";

  private static final String LOCATION = "__location";
  private static final String SCHEME = "^([A-Za-z0-9]+):/+";

  private ParquetRecords() {}

  /**
   * The records of files and their totals. Files whose types disagree are datasets of their own,
   * all of which have the columns of all; files that hold no records are one without fields.
   */
  static List<Dataset<Row>> read(
      SparkSession session, Feed feed, List<String> contract, List<InputFile> files) {
    ParquetFiles sorted = ParquetFiles.of(session, files);
    List<Dataset<Row>> read = new ArrayList<>();
    for (ParquetFiles.Group group : sorted.groups()) {
      Dataset<Row> stored = withColumnsOf(sorted.groups(), group.rows());
      read.add(records(stored, group.limit(), locations(session, group.files()), feed, contract));
    }
    if (!sorted.damaged().isEmpty() || !sorted.empty().isEmpty()) {
      read.add(nothing(session, sorted));
    }
    return read;
  }

  private static Dataset<Row> records(
      Dataset<Row> stored, long limit, Dataset<Row> given, Feed feed, List<String> contract) {
    boolean isWhole = limit == InputFile.WHOLE;
    String[] own = stored.columns();
    Column raw =
        to_json(struct(Arrays.stream(own).map(ParquetRecords::named).toArray(Column[]::new)))
            .cast("binary");
    Dataset<Row> placed =
        (isWhole ? stored : stored.where(col("_metadata.row_index").lt(limit)))
            .withColumn(LexicalPlan.RAW, raw)
            .withColumn(LexicalPlan.LINE, col("_metadata.row_index").plus(1L))
            .withColumn(LOCATION, location());
    Dataset<Row> elements = placed.transform(rows -> exploded(rows, feed));
    Dataset<Row> counts =
        elements
            .groupBy(LOCATION)
            .agg(
                count(lit(1)).as("__counted"),
                count(when(col(EMPTY), 1)).as(LexicalPlan.BLANK),
                unknown(stored.schema(), feed, contract).as(LexicalPlan.UNKNOWN));
    Dataset<Row> records =
        elements
            .where(col(EMPTY).unary_$bang())
            .join(given, new String[] {LOCATION}, "left")
            .withColumn(LexicalPlan.FILE, coalesce(col(LexicalPlan.FILE), noFile()))
            .transform(rows -> selected(rows, feed, contract, own));
    Dataset<Row> totals =
        given
            .join(counts, given.col(LOCATION).equalTo(counts.col(LOCATION)), "left")
            .select(
                col(LexicalPlan.FILE),
                coalesce(col("__counted"), lit(0L)).as(LexicalPlan.RECORDS),
                coalesce(col(LexicalPlan.BLANK), lit(0L)).as(LexicalPlan.BLANK),
                lit(isWhole ? null : limit).cast("long").as(LexicalPlan.DAMAGED_AT),
                col(LexicalPlan.UNKNOWN));
    return records.unionByName(totals, true);
  }

  /** A path that is spelled in yet another way fails the run: its records must not be lost. */
  private static Column noFile() {
    return functions.raise_error(concat(lit("no file was listed as "), col(LOCATION)));
  }

  /** Rows with the columns that other groups have and they have not, so that any can be mapped. */
  private static Dataset<Row> withColumnsOf(List<ParquetFiles.Group> groups, Dataset<Row> rows) {
    Dataset<Row> filled = rows;
    for (ParquetFiles.Group group : groups) {
      for (StructField field : group.rows().schema().fields()) {
        if (Arrays.stream(filled.columns()).noneMatch(field.name()::equalsIgnoreCase)) {
          filled = filled.withColumn(field.name(), lit(null).cast(field.dataType()));
        }
      }
    }
    return filled;
  }

  private static Dataset<Row> locations(SparkSession session, List<InputFile> files) {
    return functions.broadcast(
        session.createDataFrame(
            files.stream()
                .map(file -> RowFactory.create(file.path(), location(file.path())))
                .toList(),
            new StructType()
                .add(LexicalPlan.FILE, DataTypes.StringType)
                .add(LOCATION, DataTypes.StringType)));
  }

  /**
   * In how many rows the columns are filled that nothing reads, and their types. A mapping without
   * fields sees every column.
   */
  private static Column unknown(StructType stored, Feed feed, List<String> contract) {
    Set<String> read = new HashSet<>(feed.fields().isEmpty() ? contract : feed.fields().values());
    Set<String> columns = Set.of(stored.fieldNames());
    Stream.concat(feed.fields().values().stream(), feed.explode().stream())
        .filter(path -> !columns.contains(path) && !path.startsWith("@"))
        .flatMap(path -> FieldTree.steps(path, feed.name()).stream().limit(1))
        .forEach(step -> read.add(String.valueOf(step)));
    boolean readsAll = feed.fields().isEmpty() && !feed.isNative();
    List<Column> fields = new ArrayList<>();
    for (StructField field : stored.fields()) {
      if (!readsAll && !read.contains(field.name())) {
        Column records = count(named(field.name()));
        fields.add(
            when(
                    records.gt(0),
                    struct(
                        records.as(UnknownFields.RECORDS),
                        lit(field.dataType().typeName()).as(UnknownFields.TYPE)))
                .as(field.name()));
      }
    }
    return fields.isEmpty()
        ? lit(null).cast("string")
        : functions.nullif(to_json(struct(fields.toArray(Column[]::new))), lit("{}"));
  }

  /** Totals alone, of files that hold no records or none that can be read. */
  private static Dataset<Row> nothing(SparkSession session, ParquetFiles sorted) {
    Dataset<Row> totals =
        session.createDataFrame(
            Stream.concat(
                    sorted.damaged().stream().map(file -> RowFactory.create(file.path(), 0L)),
                    sorted.empty().stream().map(file -> RowFactory.create(file.path(), null)))
                .toList(),
            new StructType()
                .add(LexicalPlan.FILE, DataTypes.StringType)
                .add(LexicalPlan.DAMAGED_AT, DataTypes.LongType));
    return totals.select(
        LexicalPlan.META.stream()
            .map(
                name ->
                    switch (name) {
                      case LexicalPlan.FILE, LexicalPlan.DAMAGED_AT -> col(name);
                      case LexicalPlan.RECORDS, LexicalPlan.BLANK -> lit(0L).as(name);
                      default -> lit(null).cast(LexicalPlan.metaType(name)).as(name);
                    })
            .toArray(Column[]::new));
  }

  /** Elements, or rows; what is wrong with a row as a whole is told of it as in other formats. */
  private static Dataset<Row> exploded(Dataset<Row> rows, Feed feed) {
    Column none = lit(null).cast("string");
    if (feed.explode().isEmpty()) {
      return rows.withColumns(
          Map.of(
              LexicalPlan.PART,
              lit(0),
              EMPTY,
              lit(false),
              LexicalPlan.CODE,
              none,
              LexicalPlan.AT,
              none));
    }
    Column array = found(rows, feed.explode().get(), NO_ELEMENTS);
    return rows.select(
        col("*"),
        functions.size(array).equalTo(0).and(array.isNotNull()).as(EMPTY),
        when(array.isNull(), Codes.OF_FIELDS.get(Codes.MISSING_FIELD)).as(LexicalPlan.CODE),
        when(array.isNull(), feed.explode().get()).as(LexicalPlan.AT),
        posexplode_outer(array).as(new String[] {LexicalPlan.PART, ELEMENT}));
  }

  private static Dataset<Row> selected(
      Dataset<Row> rows, Feed feed, List<String> contract, String[] own) {
    List<Column> columns = new ArrayList<>();
    if (feed.fields().isEmpty()) {
      Arrays.stream(own).forEach(column -> columns.add(named(column)));
    } else {
      for (Map.Entry<String, String> field : feed.fields().entrySet()) {
        boolean isColumn = Arrays.asList(own).contains(field.getValue());
        columns.add(
            (isColumn
                    ? named(field.getValue())
                    : found(rows, field.getValue(), DataTypes.StringType))
                .as(field.getKey()));
      }
    }
    Column[] unknown =
        Arrays.stream(own)
            .filter(column -> !contract.contains(column))
            .sorted()
            .map(ParquetRecords::named)
            .toArray(Column[]::new);
    Column extra = unknown.length == 0 ? lit(null).cast("string") : to_json(struct(unknown));
    columns.add(functions.nullif(extra, lit("{}")).as(LexicalPlan.EXTRA));
    for (String name : LexicalPlan.META) {
      switch (name) {
        case LexicalPlan.EXTRA -> {}
        case LexicalPlan.RAW,
            LexicalPlan.LINE,
            LexicalPlan.FILE,
            LexicalPlan.CODE,
            LexicalPlan.AT ->
            columns.add(col(name));
        case LexicalPlan.PART -> columns.add(coalesce(col(name), lit(0)).as(name));
        default -> columns.add(lit(null).cast(LexicalPlan.metaType(name)).as(name));
      }
    }
    return judged(rows.select(columns.toArray(Column[]::new)));
  }

  /**
   * Rows of which those are rejected that have a text which is not UTF-8, for Parquet takes any.
   */
  private static Dataset<Row> judged(Dataset<Row> rows) {
    Column isText =
        Arrays.stream(rows.schema().fields())
            .filter(field -> !LexicalPlan.META.contains(field.name()))
            .map(field -> isText(named(field.name()), field.dataType()))
            .reduce(lit(true), Column::and);
    return rows.withColumn(
        LexicalPlan.CODE,
        coalesce(col(LexicalPlan.CODE), when(isText.unary_$bang(), Codes.BAD_ENCODING)));
  }

  private static boolean hasText(DataType type) {
    return type instanceof StringType
        || (type instanceof ArrayType array && hasText(array.elementType()))
        || (type instanceof MapType map && (hasText(map.keyType()) || hasText(map.valueType())))
        || (type instanceof StructType struct
            && Arrays.stream(struct.fields()).anyMatch(field -> hasText(field.dataType())));
  }

  /** Whether all texts in a value are UTF-8. */
  private static Column isText(Column value, DataType type) {
    if (type instanceof StringType) {
      return coalesce(functions.is_valid_utf8(value), lit(true));
    }
    if (type instanceof ArrayType array && hasText(type)) {
      return coalesce(forall(value, each -> isText(each, array.elementType())), lit(true));
    }
    if (type instanceof MapType map) {
      return isText(map_keys(value), new ArrayType(map.keyType(), false))
          .and(isText(map_values(value), new ArrayType(map.valueType(), true)));
    }
    if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields())
          .map(field -> isText(value.getField(field.name()), field.dataType()))
          .reduce(lit(true), Column::and);
    }
    return lit(true);
  }

  /** What a path leads to; NULL of a type where none of the files that are read together has it. */
  private static Column found(Dataset<Row> rows, String path, DataType type) {
    try {
      Column column = at(path);
      rows.select(column);
      return column;
    } catch (Exception failure) {
      // Spark throws its own unchecked, although it is declared as checked.
      if (failure instanceof AnalysisException absent
          && (absent.getCondition().startsWith("UNRESOLVED_COLUMN")
              || absent.getCondition().startsWith("FIELD_NOT_FOUND"))) {
        return lit(null).cast(type);
      }
      throw failure;
    }
  }

  /** A column by a path of names and positions. */
  private static Column at(String path) {
    Column column = path.startsWith("@") ? col(ELEMENT) : null;
    for (Object step : FieldTree.steps(path, "")) {
      column =
          column == null
              ? named((String) step)
              : step instanceof Integer index
                  ? functions.get(column, lit(index))
                  : column.getField((String) step);
    }
    return column;
  }

  private static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }

  /**
   * A file's path as Spark tells it of a row, escaped as in a URI, but with one slash behind the
   * scheme: Spark and Hadoop write that differently.
   */
  private static Column location() {
    return regexp_replace(col("_metadata.file_path"), SCHEME, "$1:/");
  }

  /** The same of a path as a listing tells it, which is not escaped. */
  private static String location(String path) {
    String uri = new Path(path).toUri().toString();
    String text = uri.startsWith("/") ? "file:" + uri : uri;
    return text.replaceFirst(SCHEME, "$1:/");
  }
}
