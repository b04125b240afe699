package io.shoplens.rawlog;

import static org.apache.parquet.hadoop.ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.BadConfigurationException;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.codec.CompressionCodecNotSupportedException;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Where Parquet files are damaged inside. Nothing but reading them tells, and Spark's reader ends a
 * job at the first page that it can't decode; so they are looked at only after that happened.
 */
public final class ParquetDamage {
  private ParquetDamage() {}

  /** Whether a job may have ended because a file could not be decoded. */
  public static boolean isPossible(Throwable end) {
    for (Throwable each = end; each != null; each = each.getCause()) {
      if (String.valueOf(each.getMessage()).contains("FAILED_READ_FILE")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The rows before the damage of each file that has any, by path: those of the row groups in front
   * of the damaged one, as no other can be decoded as a whole. Files without a footer have none,
   * and neither have those whose columns Spark can't tell apart. Where the store fails, so does
   * this: that tells nothing about a file.
   */
  public static Map<String, Long> rowsBefore(SparkSession session, List<InputFile> files) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(session.sessionState().newHadoopConf());
    Map<String, Long> rows = new TreeMap<>();
    JavaSparkContext.fromSparkContext(session.sparkContext())
        .parallelize(files)
        .map(file -> new Tuple2<>(file.path(), rowsBefore(file, hadoop.value())))
        .collect()
        .stream()
        .filter(each -> each._2() != InputFile.WHOLE)
        .forEach(each -> rows.put(each._1(), each._2()));
    return rows;
  }

  /** Reads a copy at hand, of which whatever fails is damage. */
  private static long rowsBefore(InputFile file, Configuration hadoop) throws IOException {
    java.nio.file.Path copy = Files.createTempFile("shoplens", ".parquet");
    try {
      Path path = new Path(file.path());
      try (InputStream in = path.getFileSystem(hadoop).open(path)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      return rowsBefore(copy, hadoop);
    } finally {
      Files.delete(copy);
    }
  }

  private static long rowsBefore(java.nio.file.Path copy, Configuration hadoop) {
    Configuration verifying = new Configuration(hadoop);
    verifying.setBoolean(PAGE_VERIFY_CHECKSUM_ENABLED, true);
    Path path = new Path(copy.toUri());
    List<BlockMetaData> groups = List.of();
    long rows = 0;
    try (ParquetFileReader footer =
            ParquetFileReader.open(HadoopInputFile.fromPath(path, verifying));
        ParquetReader<Group> reader =
            ParquetReader.builder(new GroupReadSupport(), path).withConf(verifying).build()) {
      if (isAmbiguous(footer.getFileMetaData().getSchema())) {
        return 0;
      }
      groups = footer.getRowGroups();
      while (reader.read() != null) {
        rows++;
      }
      return InputFile.WHOLE;
    } catch (BadConfigurationException | CompressionCodecNotSupportedException unsupported) {
      throw unsupported;
    } catch (IOException | RuntimeException damage) {
      return inWholeGroups(groups, rows);
    }
  }

  /** Whether names differ by the case of their letters alone: Spark reads no such file. */
  private static boolean isAmbiguous(GroupType type) {
    Set<String> names = new HashSet<>();
    return type.getFields().stream()
        .anyMatch(
            field ->
                !names.add(field.getName().toLowerCase(Locale.ROOT))
                    || (!field.isPrimitive() && isAmbiguous(field.asGroupType())));
  }

  private static long inWholeGroups(List<BlockMetaData> groups, long rows) {
    long whole = 0;
    for (BlockMetaData group : groups) {
      if (whole + group.getRowCount() > rows) {
        break;
      }
      whole += group.getRowCount();
    }
    return whole;
  }
}
