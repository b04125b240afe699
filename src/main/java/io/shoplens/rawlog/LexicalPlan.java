package io.shoplens.rawlog;

import io.shoplens.config.Feed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * All that a reader of raw files must know; travels as an option of the source and to executors.
 *
 * @param files the files, each a unit of work
 * @param format JSON or CSV
 * @param fields what to read of a record
 * @param explode path of an array whose elements are the records, or empty
 * @param zone zone of instants that carry none, or empty
 * @param delimiter CSV: field separator
 * @param header CSV: whether the first record names the columns
 * @param encoding CSV: name of the character set, UTF-8 or one of a byte a character
 * @param recordLimit bytes over which a record is rejected
 * @param nestingLimit depth of nesting over which a record is rejected
 */
record LexicalPlan(
    List<InputFile> files,
    Feed.Format format,
    List<LexicalField> fields,
    String explode,
    String zone,
    char delimiter,
    boolean header,
    String encoding,
    int recordLimit,
    int nestingLimit)
    implements Serializable {

  static final String EXTRA = "__extra";
  static final String WRONG = "__wrong";
  static final String FILE = "_file";
  static final String LINE = "_line";
  static final String OFFSET = "_offset";
  static final String PART = "_part";
  static final String CODE = "__code";
  static final String AT = "__at";
  static final String RAW = "__raw";
  static final String RECORDS = "__records";
  static final String BLANK = "__blank";
  static final String DAMAGED_AT = "__damaged_at";
  static final String UNKNOWN = "__unknown";

  /** Columns that follow the fields, in order. */
  static final List<String> META =
      List.of(
          EXTRA,
          WRONG,
          FILE,
          LINE,
          OFFSET,
          PART,
          CODE,
          AT,
          RAW,
          RECORDS,
          BLANK,
          DAMAGED_AT,
          UNKNOWN);

  /** Raw bytes kept of a record that is over the size limit. */
  static final int PREFIX = 4096;

  static DataType metaType(String name) {
    return switch (name) {
      case EXTRA, FILE, CODE, AT, UNKNOWN -> DataTypes.StringType;
      case WRONG, PART -> DataTypes.IntegerType;
      case RAW -> DataTypes.BinaryType;
      default -> DataTypes.LongType;
    };
  }

  /**
   * The columns of the source: the fields as text, instants as microseconds or a mark of {@link
   * Instants}, then {@link #META}.
   */
  StructType schema() {
    StructType schema = new StructType();
    for (LexicalField field : fields) {
      schema =
          schema.add(
              field.name(),
              field.type() == LexicalField.Type.INSTANT
                  ? DataTypes.LongType
                  : DataTypes.StringType);
    }
    for (String name : META) {
      schema = schema.add(name, metaType(name));
    }
    return schema;
  }

  /** The instant that a text is, in microseconds; only JSON tells texts and numbers apart. */
  long micros(UTF8String text) {
    UTF8String inZone = zone.isEmpty() ? null : UTF8String.fromString(zone);
    return format == Feed.Format.JSON
        ? Instants.micros(text, inZone)
        : Instants.looseMicros(text, inZone);
  }

  /** This plan as text, for the options of a source. */
  String encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** The plan that {@link #encoded()} wrote. */
  static LexicalPlan decoded(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    try (ObjectInputStream in = new PlanInput(bytes)) {
      return (LexicalPlan) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads nothing but our own records and the JDK's collections, from our own class loader. */
  private static final class PlanInput extends ObjectInputStream {
    PlanInput(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    protected Class<?> resolveClass(java.io.ObjectStreamClass type)
        throws IOException, ClassNotFoundException {
      String name = type.getName();
      if (name.startsWith("io.shoplens.") || name.startsWith("java.") || name.startsWith("[")) {
        return Class.forName(name, false, LexicalPlan.class.getClassLoader());
      }
      throw new InvalidClassException(name, "not part of a plan");
    }
  }
}
