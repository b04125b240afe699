package io.shoplens.rawlog;

import static org.apache.parquet.hadoop.ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Parquet files by how they can be read.
 *
 * @param groups files that are read together, each group under one schema
 * @param damaged files of which nothing can be read
 * @param empty files of no bytes
 */
record ParquetFiles(List<Group> groups, List<InputFile> damaged, List<InputFile> empty) {
  /** Stands for the schema of a file that has no footer. */
  private static final String NONE = "";

  private static final String NANOS_AS_LONG = "spark.sql.legacy.parquet.nanosAsLong";

  /**
   * Files whose types agree; a file that is damaged inside is one for itself.
   *
   * @param rows their rows, with all columns that any of them has
   */
  record Group(List<InputFile> files, Dataset<Row> rows) {
    /** The rows before the damage, or {@link InputFile#WHOLE}. */
    long limit() {
      return files.get(0).rows();
    }
  }

  /**
   * Sorts files. Spark looks at all footers at once and says no more than that some file or other
   * can't be read with the rest; only then is each looked at by itself.
   */
  static ParquetFiles of(SparkSession session, List<InputFile> files) {
    List<InputFile> empty = files.stream().filter(file -> file.size() == 0).toList();
    List<InputFile> lost = files.stream().filter(file -> file.rows() == 0).toList();
    List<InputFile> whole =
        files.stream().filter(file -> file.size() > 0 && file.rows() == InputFile.WHOLE).toList();
    List<Group> cut =
        files.stream()
            .filter(file -> file.rows() > 0)
            .map(file -> new Group(List.of(file), rows(session, List.of(file))))
            .toList();
    try {
      return new ParquetFiles(both(together(session, whole), cut), lost, empty);
    } catch (Exception unread) {
      Map<String, List<InputFile>> bySchema = bySchema(session, whole);
      List<InputFile> damaged = new ArrayList<>(lost);
      damaged.addAll(bySchema.getOrDefault(NONE, List.of()));
      bySchema.remove(NONE);
      List<Group> readable = readable(session, bySchema, damaged);
      return new ParquetFiles(both(readable, cut), damaged, empty);
    }
  }

  private static <T> List<T> both(List<T> some, List<T> more) {
    return Stream.of(some, more).flatMap(List::stream).toList();
  }

  /**
   * Files with footers, together if their types agree, else those of one schema.
   *
   * @param damaged is given those with a schema that Spark has no columns for: two of one name in
   *     other letters, or a type of which it knows none
   */
  private static List<Group> readable(
      SparkSession session, Map<String, List<InputFile>> bySchema, List<InputFile> damaged) {
    try {
      return together(session, bySchema.values().stream().flatMap(List::stream).toList());
    } catch (Exception differing) {
      List<Group> groups = new ArrayList<>();
      for (List<InputFile> files : bySchema.values()) {
        try {
          groups.addAll(together(session, files));
        } catch (Exception refused) {
          // What is not about types comes again here, and fails the run.
          if (!isOfSchema(refused)) {
            throw refused;
          }
          damaged.addAll(files);
        }
      }
      return groups;
    }
  }

  private static boolean isOfSchema(Throwable refused) {
    return Stream.iterate(refused, Objects::nonNull, Throwable::getCause)
        .anyMatch(AnalysisException.class::isInstance);
  }

  private static List<Group> together(SparkSession session, List<InputFile> files) {
    return files.isEmpty() ? List.of() : List.of(new Group(files, rows(session, files)));
  }

  /**
   * Rows of files that are read together.
   *
   * <p>Pages are held against their checksums, where they have any: a flipped bit may decode. A
   * file that is known to be damaged gives the rows before that, and of the rest nothing or some.
   */
  static Dataset<Row> rows(SparkSession session, List<InputFile> files) {
    // Not every writer stays with microseconds; as numbers nanoseconds are told by their size.
    session.conf().set(NANOS_AS_LONG, "true");
    boolean isDamaged = files.get(0).rows() != InputFile.WHOLE;
    return session
        .read()
        .option("mergeSchema", "true")
        .option(PAGE_VERIFY_CHECKSUM_ENABLED, "true")
        .option("ignoreCorruptFiles", String.valueOf(isDamaged))
        .parquet(files.stream().map(file -> literal(file.path())).toArray(String[]::new));
  }

  /** A path that names one file: to Spark's reader it is a pattern. */
  private static String literal(String path) {
    return path.replaceAll("[\\[\\]{}*?\\\\]", "\\\\$0");
  }

  private static Map<String, List<InputFile>> bySchema(
      SparkSession session, List<InputFile> files) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(session.sessionState().newHadoopConf());
    List<String> schemas =
        JavaSparkContext.fromSparkContext(session.sparkContext())
            .parallelize(files)
            .map(file -> ParquetFooter.schema(file, hadoop.value()).orElse(NONE))
            .collect();
    Map<String, List<InputFile>> bySchema = new TreeMap<>();
    for (int i = 0; i < files.size(); i++) {
      bySchema.computeIfAbsent(schemas.get(i), schema -> new ArrayList<>()).add(files.get(i));
    }
    return bySchema;
  }
}
