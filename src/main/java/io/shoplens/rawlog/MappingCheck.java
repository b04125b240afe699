package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.config.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What a feed's mapping makes of a sample.
 *
 * @param feed name of the feed
 * @param file path of the sample
 * @param rows accepted rows; an order record may give several
 * @param rejected rejected records
 * @param blank blank records, and those the feed leaves out
 * @param fields every field of the contract
 * @param rejections why records were rejected, the commonest first
 */
public record MappingCheck(
    String feed,
    String file,
    long rows,
    long rejected,
    long blank,
    List<MappedField> fields,
    List<Rejection> rejections) {

  private static final int EXAMPLES = 3;
  private static final int EXAMPLE_LENGTH = 200;

  /**
   * A field of the contract.
   *
   * @param expression what it is mapped from; empty where the feed does not fill it
   * @param share accepted rows that have it, of all accepted rows; 0 to 1
   * @param examples some of its values, as text
   */
  public record MappedField(
      String field, Optional<String> expression, double share, List<String> examples) {}

  /**
   * Records rejected for one reason.
   *
   * @param line the first of them
   * @param example that record, as it came, cut to a length that can be shown
   */
  public record Rejection(
      String code, Optional<String> field, long records, long line, String example) {}

  /** Records that the damage of an archive cut off, which no limit counts. */
  public long cutOff() {
    return rejections.stream()
        .filter(rejection -> rejection.code().equals(Codes.BAD_ARCHIVE))
        .mapToLong(Rejection::records)
        .sum();
  }

  /** Reads a sample by the feed's mapping. */
  public static MappingCheck of(
      SparkSession session,
      Feed feed,
      InputFile sample,
      IngestSettings settings,
      Reference reference) {
    Mapping mapping = Mapping.of(feed);
    PersonalData asObserved = PersonalData.asObserved();
    Dataset<Row> rows =
        RawLog.read(session, feed, List.of(sample), settings, reference, asObserved).cache();
    try {
      List<String> names = Stream.concat(mapping.contract().stream(), Stream.of(EXTRA)).toList();
      Dataset<Row> accepted = rows.where(col(RECORD_KIND).equalTo("accepted"));
      Column[] values =
          names.stream().map(name -> value(rows, name).as(name)).toArray(Column[]::new);
      List<Column> counts = new ArrayList<>();
      names.forEach(name -> counts.add(count(col(name)).as(name)));
      Row filled =
          accepted
              .select(values)
              .agg(count(lit(1)).as("__all"), counts.toArray(Column[]::new))
              .head();
      List<Row> examples = accepted.select(values).limit(500).collectAsList();
      long all = filled.getLong(0);
      List<MappedField> fields = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        Optional<String> expression =
            mapping.isNative() ? Optional.of(name) : mapping.expression(name);
        double share = all == 0 ? 0 : (double) filled.getLong(i + 1) / all;
        fields.add(new MappedField(name, expression, share, examples(examples, i)));
      }
      Row totals =
          rows.agg(
                  coalesce(sum(when(col(RECORD_KIND).equalTo("rejected"), lit(1L))), lit(0L)),
                  coalesce(sum(col(FILE_BLANK)), lit(0L)))
              .head();
      return new MappingCheck(
          feed.name(),
          sample.path(),
          all,
          totals.getLong(0),
          totals.getLong(1),
          List.copyOf(fields),
          rejections(rows));
    } finally {
      rows.unpersist();
    }
  }

  private static Column value(Dataset<Row> rows, String name) {
    if (!List.of(rows.columns()).contains(name)) {
      // A field of the line of a record at line grain.
      Column sold = get(col(LINES), lit(0));
      Column returned = get(col(REVERSAL).getField(LINES), lit(0));
      boolean isReturned =
          List.of(LINE_ID, PRODUCT_ID, CATEGORY, QUANTITY, UNIT_PRICE, "seller_discount")
              .contains(name);
      Column line =
          isReturned ? coalesce(sold.getField(name), returned.getField(name)) : sold.getField(name);
      return line.cast("string");
    }
    DataType type = rows.schema().apply(name).dataType();
    return type instanceof ArrayType || type instanceof StructType
        ? when(col(name).isNotNull(), to_json(col(name)))
        : col(name).cast("string");
  }

  private static List<String> examples(List<Row> rows, int column) {
    Set<String> found = new LinkedHashSet<>();
    for (Row row : rows) {
      if (!row.isNullAt(column) && found.size() < EXAMPLES) {
        found.add(shortened(row.getString(column)));
      }
    }
    return List.copyOf(found);
  }

  private static List<Rejection> rejections(Dataset<Row> rows) {
    return rows
        .where(col(RECORD_KIND).equalTo("rejected"))
        .groupBy(REJECT_CODE, REJECT_FIELD)
        .agg(
            count(lit(1)).as("records"), min(struct(col(SOURCE_LINE), col(REJECT_RAW))).as("first"))
        .orderBy(col("records").desc(), col(REJECT_CODE), col(REJECT_FIELD))
        .collectAsList()
        .stream()
        .map(
            row -> {
              Row first = row.getStruct(3);
              byte[] raw = first.isNullAt(1) ? new byte[0] : first.<byte[]>getAs(1);
              return new Rejection(
                  row.getString(0),
                  Optional.ofNullable(row.getString(1)),
                  row.getLong(2),
                  first.isNullAt(0) ? 0 : first.getLong(0),
                  shortened(new String(raw, StandardCharsets.UTF_8)));
            })
        .toList();
  }

  private static String shortened(String text) {
    return text.length() <= EXAMPLE_LENGTH ? text : text.substring(0, EXAMPLE_LENGTH) + "...";
  }
}
