package io.shoplens.lake;

import io.delta.storage.LogStore;
import io.delta.storage.S3SingleDriverLogStore;
import io.shoplens.config.LakeSettings;
import io.shoplens.config.Settings;
import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import io.shoplens.lake.logstore.S3AConditionalLogStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.AWSServiceIOException;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Proves, by a few small writes into the lake, that its store lets one of several writers win. Only
 * then may more than one driver commit to tables on S3.
 */
public final class ConditionalWrites {
  /** The Spark setting that names the log store for {@code s3a} paths. */
  public static final String LOG_STORE_SETTING = "spark.delta.logStore.s3a.impl";

  /** The same for {@code s3} paths, which are S3A's where Hadoop is set so. */
  public static final String S3_LOG_STORE_SETTING = "spark.delta.logStore.s3.impl";

  /** The Hadoop setting that names the file system of {@code s3} paths. */
  public static final String S3_FILE_SYSTEM = "fs.s3.impl";

  /** S3A, by its name, because it is not on every class path. */
  public static final String S3A = "org.apache.hadoop.fs.s3a.S3AFileSystem";

  /** The log store that commits by conditional writes. */
  public static final String LOG_STORE = S3AConditionalLogStore.class.getName();

  /** Delta's own, which asks nothing of the store and keeps the writers of one driver apart. */
  private static final String PLAIN_LOG_STORE = S3SingleDriverLogStore.class.getName();

  private static final int RACERS = 4;

  /**
   * Answers to a header that a store does not know: bad request, not allowed, unsupported, not
   * implemented.
   */
  private static final Set<Integer> UNKNOWN = Set.of(400, 405, 415, 501);

  /** What the proof came to. */
  public enum Verdict {
    /** One writer wins, the others are refused. */
    ENFORCED,
    /** A second write replaces the first in silence. */
    IGNORED,
    /** A second write is refused, but of several at the same time more than one wins. */
    RACY,
    /** A write on a condition is answered with an error, where a plain one is done. */
    UNSUPPORTED
  }

  private ConditionalWrites() {}

  /** Whether a lake lies where commits depend on conditional writes. */
  public static boolean areNeeded(String lakeRoot, Configuration hadoop) {
    String scheme = new Path(lakeRoot).toUri().getScheme();
    return "s3a".equals(scheme) || ("s3".equals(scheme) && S3A.equals(hadoop.get(S3_FILE_SYSTEM)));
  }

  /** Whether a store is S3A, also where {@code s3} paths are its own. */
  static boolean isS3A(FileSystem store) {
    return store.getScheme().equals("s3a") || store.getClass().getName().equals(S3A);
  }

  /** The Spark setting that names the log store of a lake on S3. */
  public static String logStoreSetting(String lakeRoot) {
    return "s3".equals(new Path(lakeRoot).toUri().getScheme())
        ? S3_LOG_STORE_SETTING
        : LOG_STORE_SETTING;
  }

  /**
   * Refuses a lake on S3 whose commits are not safe from those of other drivers, where more than
   * one driver is allowed.
   *
   * @throws ShoplensException with exit status 3
   */
  public static void require(SparkSession session, String lakeRoot, LakeSettings settings) {
    Configuration hadoop = session.sessionState().newHadoopConf();
    if (settings.drivers() == LakeSettings.Drivers.ONE || !areNeeded(lakeRoot, hadoop)) {
      return;
    }
    requireLogStore(lakeRoot, session.sparkContext().getConf());
    Verdict verdict = probe(lakeRoot, hadoop);
    if (verdict != Verdict.ENFORCED) {
      throw refusal(lakeRoot, verdict);
    }
  }

  /**
   * Whether a session commits to a lake on S3 by conditional writes, with our log store or one
   * built on it.
   */
  public static boolean isLogStoreSet(String lakeRoot, SparkConf conf) {
    return isConditional(conf.get(logStoreSetting(lakeRoot), ""));
  }

  /** Whether a log store, by its class's name, is ours or built on it. */
  static boolean isConditional(String name) {
    try {
      return !name.isEmpty()
          && S3AConditionalLogStore.class.isAssignableFrom(
              Class.forName(name, false, Thread.currentThread().getContextClassLoader()));
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  private static void requireLogStore(String lakeRoot, SparkConf conf) {
    String setting = logStoreSetting(lakeRoot);
    if (!isLogStoreSet(lakeRoot, conf)) {
      throw Errors.input(
          "Commits of this session are not safe from those of other drivers.",
          setting
              + " is "
              + conf.get(setting, "not set")
              + ", which keeps writers apart inside one driver only.",
          "Start the session with "
              + setting
              + "="
              + LOG_STORE
              + ", or make sure that one driver at a time writes and set "
              + Settings.LAKE_DRIVERS.key()
              + ": one.");
    }
  }

  private static ShoplensException refusal(String lakeRoot, Verdict verdict) {
    return Errors.input(
        "The store of " + lakeRoot + " does not enforce conditional writes.",
        switch (verdict) {
              case IGNORED -> "A second conditional create of the same key replaced the first";
              case RACY ->
                  "Of conditional creates of one key at the same time more than one succeeded";
              default -> "It answers a create with If-None-Match with an error";
            }
            + ", so two drivers would lose each other's commits.",
        cure(lakeRoot, verdict));
  }

  /** What helps where a store does not enforce conditional writes. */
  public static String cure(String lakeRoot, Verdict verdict) {
    return "Use a store that enforces If-None-Match (AWS S3 does), or make sure that one driver at"
        + " a time writes and set "
        + Settings.LAKE_DRIVERS.key()
        + ": one"
        + (verdict == Verdict.UNSUPPORTED
            ? ", and " + logStoreSetting(lakeRoot) + ": " + PLAIN_LOG_STORE
            : "")
        + ".";
  }

  /**
   * Writes a key twice and then one by several writers at once, and removes both.
   *
   * @throws UncheckedIOException where the store can't be reached or refuses to be written to
   */
  public static Verdict probe(String lakeRoot, Configuration hadoop) {
    Path folder = new Path(new Path(lakeRoot, LakeFiles.FOLDER), "probe-" + UUID.randomUUID());
    try {
      FileSystem store = folder.getFileSystem(hadoop);
      try {
        return verdict(new S3AConditionalLogStore(hadoop), store, folder, hadoop);
      } finally {
        store.delete(folder, true);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("can't write to " + lakeRoot, failure);
    }
  }

  private static Verdict verdict(
      LogStore commits, FileSystem store, Path folder, Configuration hadoop) throws IOException {
    Path twice = new Path(folder, "twice");
    if (!isKnown(commits, store, twice, hadoop)) {
      return Verdict.UNSUPPORTED;
    }
    if (wins(commits, twice, "B", hadoop)) {
      return Verdict.IGNORED;
    }
    return winners(commits, new Path(folder, "race"), hadoop) == 1
        ? Verdict.ENFORCED
        : Verdict.RACY;
  }

  /** Whether the store takes a condition; where it does not, the same write without one is done. */
  private static boolean isKnown(LogStore commits, FileSystem store, Path key, Configuration hadoop)
      throws IOException {
    try {
      if (!wins(commits, key, "A", hadoop)) {
        throw new IOException(key + " was there before it was written");
      }
      return true;
    } catch (IOException refused) {
      // Not caught as what it is: a lake on disk has no S3A on its class path to link that to.
      if (!(refused instanceof AWSServiceIOException answer)
          || !UNKNOWN.contains(answer.statusCode())) {
        throw refused;
      }
      try (FSDataOutputStream plain = store.create(key, true)) {
        plain.write('A');
      }
      return false;
    }
  }

  private static int winners(LogStore store, Path key, Configuration hadoop) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      List<Callable<Boolean>> racers = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        String content = "racer " + i;
        racers.add(() -> wins(store, key, content, hadoop));
      }
      int winners = 0;
      for (Future<Boolean> racer : threads.invokeAll(racers)) {
        winners += racer.get() ? 1 : 0;
      }
      return winners;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof IOException io ? io : new IOException(failure.getCause());
    } finally {
      threads.shutdown();
    }
  }

  private static boolean wins(LogStore store, Path key, String content, Configuration hadoop)
      throws IOException {
    try {
      store.write(key, List.of(content).iterator(), false, hadoop);
      return true;
    } catch (FileAlreadyExistsException lost) {
      return false;
    }
  }
}
