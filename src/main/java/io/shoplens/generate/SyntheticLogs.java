package io.shoplens.generate;

import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.SparkSession;

/**
 * Synthetic logs in the native contract: {@code events/} and {@code orders/} by UTC date of
 * receipt, and {@code truth/} with what really caused each order and what became of each outbound
 * click.
 */
public final class SyntheticLogs {
  private SyntheticLogs() {}

  /** Writes the logs, a part a task. A folder that holds logs already is left as it is. */
  public static GeneratedLogs write(SparkSession session, GenerateSettings settings) {
    Map<String, String> storage = storageOptions(session.sparkContext().hadoopConfiguration());
    refuseLogs(settings, storage);
    int parts = settings.effectiveParts();
    Function<Long, GeneratedLogs> task = part -> write(settings, storage, part.intValue());
    Function2<GeneratedLogs, GeneratedLogs, GeneratedLogs> sum = GeneratedLogs::plus;
    session.sparkContext().setJobDescription("generate: " + settings.events() + " events");
    try {
      return session.range(0, parts, 1, parts).javaRDD().map(task).reduce(sum);
    } catch (Exception failure) {
      throw failed(settings, failure);
    } finally {
      session.sparkContext().setJobDescription(null);
    }
  }

  /** Storage that fails in a task comes back wrapped; the user needs what it said. */
  private static RuntimeException failed(GenerateSettings settings, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return unwritable(settings, cause);
      }
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("Generation broke off", failure);
  }

  private static ShoplensException unwritable(GenerateSettings settings, Throwable failure) {
    return Errors.storage(
        "Can't write to " + settings.out(),
        String.valueOf(failure.getMessage()),
        "check that the place exists and may be written to; what is there of the logs is"
            + " unfinished",
        failure);
  }

  private static GeneratedLogs write(
      GenerateSettings settings, Map<String, String> storage, int part) throws IOException {
    Path out = new Path(settings.out());
    try (FileSystem system = open(out, storage)) {
      PartFiles files = new PartFiles(system, out);
      GeneratedLogs written;
      try (files) {
        written = Part.write(settings, part, files);
      }
      return written.plus(new GeneratedLogs(0, 0, 0, 0, 0, 0, 0, 0, files.count(), files.bytes()));
    }
  }

  private static void refuseLogs(GenerateSettings settings, Map<String, String> storage) {
    Path out = new Path(settings.out());
    try (FileSystem system = open(out, storage)) {
      for (String folder : new String[] {"events", "orders", "truth"}) {
        if (system.exists(new Path(out, folder))) {
          throw Errors.configuration(
              settings.out() + " holds logs already",
              "there is a folder " + folder + " in it, and two sets of logs must not mix",
              "choose another folder, or delete it");
        }
      }
    } catch (IOException failure) {
      throw unwritable(settings, failure);
    }
  }

  /** A file system of our own: a local one must not leave checksum files among the logs. */
  private static FileSystem open(Path path, Map<String, String> storage) throws IOException {
    Configuration configuration = new Configuration();
    storage.forEach(configuration::set);
    FileSystem system = FileSystem.newInstance(path.toUri(), configuration);
    if (system instanceof LocalFileSystem) {
      system.setWriteChecksum(false);
    }
    return system;
  }

  private static Map<String, String> storageOptions(Configuration configuration) {
    Map<String, String> options = new HashMap<>();
    for (Map.Entry<String, String> option : configuration) {
      if (option.getKey().matches("(fs|dfs|hadoop)\\..*")) {
        options.put(option.getKey(), option.getValue());
      }
    }
    return options;
  }
}
