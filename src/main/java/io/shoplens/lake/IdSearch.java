package io.shoplens.lake;

import static io.shoplens.table.Columns.DEVICE_ID;
import static io.shoplens.table.Columns.USER_ID;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.make_valid_utf8;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;

import io.shoplens.config.IdText;
import io.shoplens.config.IdWords;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
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
 *
 * <p>An id stands anywhere as a word of its own. One that is shorter than those replaced in text is
 * found as such a word in much that is not it: it counts where it is the value of a user or device
 * id, and other places are told apart.
 */
public final class IdSearch {
  private static final String FILE = "__file";
  private static final String VERDICT = "__verdict";

  /**
   * What was found.
   *
   * @param objects objects looked at
   * @param holding those that hold one of the ids, in order
   * @param doubtful others in which a short id is a word outside of the ids, maybe of something
   *     else
   * @param undecoded Parquet that can't be decoded, of which only the bytes were looked at
   */
  public record Found(
      int objects, List<String> holding, List<String> doubtful, List<String> undecoded) {}

  /** What is looked for. */
  private static final class Ids implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String HELD = "held";
    private static final String DOUBTFUL = "doubtful";

    private final IdWords ids;

    Ids(Collection<String> ids) {
      this.ids = IdWords.of(ids);
    }

    /** What a text says of them; NULL for nothing. */
    String verdict(String text) {
      String verdict = null;
      for (String id : ids.in(text)) {
        if (id.length() >= IdText.LEAST_LENGTH || isValue(text, id)) {
          return HELD;
        }
        verdict = DOUBTFUL;
      }
      return verdict;
    }

    /** Also in JSON that is text of JSON, as in statistics. */
    private static boolean isValue(String json, String id) {
      return Pattern.compile(
              "(?:%s|%s)\\\\*\"\\s*:\\s*(?:\\\\*\")?%s(?![\\w.-])"
                  .formatted(USER_ID, DEVICE_ID, Pattern.quote(id)))
          .matcher(json)
          .find();
    }
  }

  private final Lake lake;
  private final Ids ids;
  private final TreeSet<String> holding = new TreeSet<>();
  private final TreeSet<String> doubtful = new TreeSet<>();
  private final TreeSet<String> undecoded = new TreeSet<>();

  private IdSearch(Lake lake, Collection<String> ids) {
    this.lake = lake;
    this.ids = new Ids(ids);
  }

  /** Looks for ids in a lake. */
  public static Found of(Lake lake, Collection<String> ids) {
    return new IdSearch(lake, ids).found();
  }

  private Found found() {
    Map<String, List<String>> parquet = new TreeMap<>();
    int objects = 0;
    try {
      Path root = new Path(lake.root());
      RemoteIterator<LocatedFileStatus> all =
          root.getFileSystem(lake.hadoop()).listFiles(root, true);
      while (all.hasNext()) {
        String path = all.next().getPath().toString();
        objects++;
        if (path.endsWith(".parquet")) {
          parquet.computeIfAbsent(kind(path), kind -> new ArrayList<>()).add(path);
        } else {
          searchText(path);
        }
      }
      for (List<String> same : parquet.values()) {
        searchParquet(same);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("can't read all objects of " + lake.root(), failure);
    }
    doubtful.removeAll(holding);
    return new Found(objects, List.copyOf(holding), List.copyOf(doubtful), List.copyOf(undecoded));
  }

  private void note(String path, String verdict) {
    if (verdict != null) {
      (verdict.equals(Ids.HELD) ? holding : doubtful).add(path);
    }
  }

  private void searchText(String path) throws IOException {
    Path object = new Path(path);
    try (FSDataInputStream in = object.getFileSystem(lake.hadoop()).open(object)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> note(path, ids.verdict(line)));
    }
  }

  /** Files of one table have one schema, its checkpoints another. */
  private static String kind(String path) {
    return path.contains("/_delta_log/")
        ? path.substring(0, path.lastIndexOf('/'))
        : path.replaceFirst("/[^/=]+=[^/]*(?=/)", "").replaceFirst("/[^/]*$", "");
  }

  /** Where one of them can't be decoded, the others are by themselves, half by half. */
  private void searchParquet(List<String> paths) throws IOException {
    List<Row> verdicts;
    try {
      verdicts = verdicts(paths);
    } catch (Exception failure) {
      // Spark throws its own unchecked, although they are declared as checked.
      int half = paths.size() / 2;
      if (half > 0) {
        searchParquet(paths.subList(0, half));
        searchParquet(paths.subList(half, paths.size()));
      } else {
        undecoded.add(paths.get(0));
        searchText(paths.get(0));
      }
      return;
    }
    verdicts.forEach(row -> note(row.getString(0), row.getString(1)));
  }

  private List<Row> verdicts(List<String> paths) {
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
    Column verdict =
        udf((UDF1<String, String>) ids::verdict, DataTypes.StringType)
            .withName("verdict")
            .apply(to_json(struct(columns)));
    return rows.select(col("_metadata.file_path").as(FILE), verdict.as(VERDICT))
        .where(col(VERDICT).isNotNull())
        .distinct()
        .collectAsList();
  }
}
