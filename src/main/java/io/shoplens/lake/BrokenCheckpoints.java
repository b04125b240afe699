package io.shoplens.lake;

import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * Checkpoints that can't be read. A checkpoint sums up the commits before it, so that these need
 * not be read from the first on; as long as the commits are there, nothing is lost with it.
 */
public final class BrokenCheckpoints {
  private static final Pattern CHECKPOINT =
      Pattern.compile("(\\d{20})\\.checkpoint(\\..+)?\\.parquet");
  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");

  private BrokenCheckpoints() {}

  /** Whether a failure tells of a checkpoint, or is one to read a file of their format. */
  public static boolean mayCause(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (String.valueOf(at.getMessage()).contains(".checkpoint.") || isOfParquet(at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfParquet(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith("org.apache.parquet."));
  }

  /**
   * Removes those whose commits are all there, from every table.
   *
   * @return what was removed; nothing where no checkpoint is broken, or commits are gone
   */
  public static List<String> remove(Lake lake) {
    lake.requireLease();
    List<String> removed = new ArrayList<>();
    for (Table table : Tables.ALL) {
      try {
        removed.addAll(remove(lake, new Path(lake.path(table), "_delta_log")));
      } catch (FileNotFoundException neverWritten) {
        continue;
      } catch (IOException failure) {
        throw new UncheckedIOException("can't look at the log of " + table.name(), failure);
      }
    }
    DeltaLog.clearCache();
    return removed;
  }

  private static List<String> remove(Lake lake, Path log) throws IOException {
    FileSystem store = log.getFileSystem(lake.hadoop());
    TreeSet<Long> commits = new TreeSet<>();
    TreeMap<Long, List<Path>> checkpoints = new TreeMap<>();
    for (FileStatus file : store.listStatus(log)) {
      String name = file.getPath().getName();
      Matcher commit = COMMIT.matcher(name);
      Matcher checkpoint = CHECKPOINT.matcher(name);
      if (commit.matches()) {
        commits.add(Long.valueOf(commit.group(1)));
      } else if (checkpoint.matches()) {
        checkpoints
            .computeIfAbsent(Long.valueOf(checkpoint.group(1)), version -> new ArrayList<>())
            .add(file.getPath());
      }
    }
    Set<Long> broken = new TreeSet<>(checkpoints.keySet());
    broken.removeIf(version -> isReadable(lake, store, checkpoints.get(version)));
    List<String> removed = new ArrayList<>();
    TreeSet<Long> whole = new TreeSet<>(checkpoints.keySet());
    whole.removeAll(broken);
    for (long version : broken) {
      Long before = whole.lower(version);
      long base = before == null ? -1 : before;
      if (commits.subSet(base, false, version, true).size() == version - base) {
        for (Path file : checkpoints.get(version)) {
          store.delete(file, false);
          removed.add(file.toString());
        }
      }
    }
    if (!removed.isEmpty()) {
      // It names the latest one; without it Delta looks at what there is.
      store.delete(new Path(log, "_last_checkpoint"), false);
    }
    return removed;
  }

  /** Whether it is a checkpoint; what the store does not give is not known to be none. */
  private static boolean isReadable(Lake lake, FileSystem store, List<Path> parts) {
    try {
      for (Path part : parts) {
        try (InputStream bytes = store.open(part)) {
          bytes.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException unreachable) {
      return true;
    }
    String[] paths = parts.stream().map(Path::toString).toArray(String[]::new);
    try {
      lake.session().read().parquet(paths).write().format("noop").mode("overwrite").save();
      return true;
    } catch (Exception failure) {
      // Spark's own are checked, and not declared. A session that has ended reads nothing.
      return !mayCause(failure) || lake.session().sparkContext().isStopped();
    }
  }
}
