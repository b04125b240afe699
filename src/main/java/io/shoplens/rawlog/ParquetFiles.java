package io.shoplens.rawlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Parquet files by how they can be read.
 *
 * @param groups files that are read together, each group under one schema
 * @param damaged files without a footer that can be read
 * @param empty files of no bytes
 */
record ParquetFiles(List<Group> groups, List<InputFile> damaged, List<InputFile> empty) {
  /** Stands for the schema of a file that has no footer. */
  private static final String NONE = "";

  /**
   * Files whose types agree.
   *
   * @param rows their rows, with all columns that any of them has
   */
  record Group(List<InputFile> files, Dataset<Row> rows) {}

  /**
   * Sorts files. Spark looks at all footers at once and says no more than that some file or other
   * can't be read with the rest; only then is each looked at by itself.
   */
  static ParquetFiles of(SparkSession session, List<InputFile> files) {
    List<InputFile> empty = files.stream().filter(file -> file.size() == 0).toList();
    List<InputFile> filled = files.stream().filter(file -> file.size() > 0).toList();
    try {
      return new ParquetFiles(together(session, filled), List.of(), empty);
    } catch (Exception unread) {
      Map<String, List<InputFile>> bySchema = bySchema(session, filled);
      List<InputFile> damaged = bySchema.getOrDefault(NONE, List.of());
      bySchema.remove(NONE);
      return new ParquetFiles(readable(session, bySchema), damaged, empty);
    }
  }

  /** Files with footers, together if their types agree, else those of one schema. */
  private static List<Group> readable(SparkSession session, Map<String, List<InputFile>> bySchema) {
    try {
      return together(session, bySchema.values().stream().flatMap(List::stream).toList());
    } catch (Exception differing) {
      // What is not about types comes again here, and fails the run.
      return bySchema.values().stream()
          .flatMap(files -> together(session, files).stream())
          .toList();
    }
  }

  private static List<Group> together(SparkSession session, List<InputFile> files) {
    return files.isEmpty() ? List.of() : List.of(new Group(files, rows(session, files)));
  }

  private static Dataset<Row> rows(SparkSession session, List<InputFile> files) {
    return session
        .read()
        .option("mergeSchema", "true")
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
