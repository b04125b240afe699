package io.shoplens.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.make_valid_utf8;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;

import io.shoplens.config.IdText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Looks for ids in every object below a lake's root, past states included: Parquet is decoded, data
 * files and checkpoints alike, everything else read as text.
 */
public final class IdSearch {
  private static final String FILE = "__file";

  /**
   * What was found.
   *
   * @param objects objects looked at
   * @param holding those that hold one of the ids as a word of its own, in order
   */
  public record Found(int objects, List<String> holding) {}

  private IdSearch() {}

  /** Looks for ids in a lake. */
  public static Found of(Lake lake, Collection<String> ids) {
    List<String> words = List.copyOf(ids);
    Map<String, List<String>> parquet = new TreeMap<>();
    TreeSet<String> holding = new TreeSet<>();
    int objects = 0;
    try {
      Path root = new Path(lake.root());
      FileSystem files = root.getFileSystem(lake.hadoop());
      RemoteIterator<LocatedFileStatus> all = files.listFiles(root, true);
      while (all.hasNext()) {
        LocatedFileStatus file = all.next();
        objects++;
        String path = file.getPath().toString();
        if (path.endsWith(".parquet")) {
          parquet.computeIfAbsent(kind(path), kind -> new ArrayList<>()).add(path);
        } else {
          try (FSDataInputStream in = files.open(file.getPath())) {
            if (isIn(new String(in.readAllBytes(), StandardCharsets.UTF_8), words)) {
              holding.add(path);
            }
          }
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("can't read all objects of " + lake.root(), failure);
    }
    parquet.values().forEach(same -> holding.addAll(inParquet(lake, same, words)));
    return new Found(objects, List.copyOf(holding));
  }

  /** Files of one table have one schema, its checkpoints another. */
  private static String kind(String path) {
    return path.contains("/_delta_log/")
        ? path.substring(0, path.lastIndexOf('/'))
        : path.replaceFirst("/[^/=]+=[^/]*(?=/)", "").replaceFirst("/[^/]*$", "");
  }

  private static List<String> inParquet(Lake lake, List<String> paths, List<String> words) {
    Dataset<Row> rows =
        lake.session()
            .read()
            .option("mergeSchema", "true")
            .option("recursiveFileLookup", "true")
            .parquet(paths.toArray(String[]::new));
    Column[] columns =
        Arrays.stream(rows.schema().fields())
            .map(
                field ->
                    field.dataType() instanceof BinaryType
                        ? make_valid_utf8(col("`" + field.name() + "`").cast("string"))
                            .as(field.name())
                        : col("`" + field.name() + "`"))
            .toArray(Column[]::new);
    Column holds =
        udf((UDF1<String, Boolean>) row -> isIn(row, words), DataTypes.BooleanType)
            .withName("holds")
            .apply(to_json(struct(columns)));
    return rows
        .withColumn(FILE, col("_metadata.file_path"))
        .where(holds)
        .select(FILE)
        .distinct()
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static boolean isIn(String text, List<String> words) {
    return text != null && words.stream().anyMatch(word -> IdText.occursIn(text, word));
  }
}
