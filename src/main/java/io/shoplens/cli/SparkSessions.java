package io.shoplens.cli;

import io.shoplens.error.Errors;
import io.shoplens.lake.ConditionalWrites;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Opens Spark sessions. A setting of the configuration wins over one of spark-submit, that over
 * {@code conf/spark-defaults.conf}; what results depend on is set whatever they say.
 */
final class SparkSessions {
  private static final String MASTER = "spark.master";
  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String FILE_LISTS = "spark.databricks.delta.allFilesInCrc.";
  private static final String HADOOP = "spark.hadoop.";
  private static final String REDACTION = "spark.redaction.regex";

  /** Spark's own pattern of keys whose values are not shown, and what else holds secrets here. */
  private static final String REDACTED =
      "(?i)secret|password|passwd|passphrase|token|access[._-]?key|credential|pseudonym"
          + "|(account|encryption|private|api)[._-]?key";

  private static final String DELTA = "io.delta.sql.DeltaSparkSessionExtension";

  private SparkSessions() {}

  /**
   * A session, and whether closing it ends it: not where somebody else had opened it.
   *
   * @param lent what a borrowed session had of the settings it was lent; a key it had not is empty
   */
  record Opened(SparkSession session, Ownership ownership, Map<String, Optional<String>> lent)
      implements AutoCloseable {
    @Override
    public void close() {
      if (ownership == Ownership.OURS) {
        session.stop();
      }
      lent.forEach(
          (key, before) ->
              before.ifPresentOrElse(
                  value -> session.conf().set(key, value), () -> session.conf().unset(key)));
    }
  }

  enum Ownership {
    OURS,
    BORROWED
  }

  /**
   * The session of this JVM.
   *
   * @param settings the configuration's Spark settings
   * @param defaults a properties file as of spark-submit; ignored where it does not exist
   */
  static Opened open(Map<String, String> settings, Path defaults) {
    boolean isOpen =
        SparkSession.getDefaultSession().exists(session -> !session.sparkContext().isStopped());
    loadSketchesQuietly();
    SparkSession session = SparkSession.builder().config(conf(settings, defaults)).getOrCreate();
    return isOpen
        ? new Opened(session, Ownership.BORROWED, lend(session, settings))
        : new Opened(session, Ownership.OURS, Map.of());
  }

  /** Spark's library of sketches greets every Java after 11 on standard error when it is loaded. */
  private static void loadSketchesQuietly() {
    PrintStream err = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      Class.forName("org.apache.datasketches.memory.internal.ResourceImpl");
    } catch (ClassNotFoundException | LinkageError otherSketches) {
      // Then it has nothing to say.
    } finally {
      System.setErr(err);
    }
  }

  /** Settings of storage reach a session that is open already as its own, without their prefix. */
  private static Map<String, Optional<String>> lend(
      SparkSession session, Map<String, String> settings) {
    Map<String, Optional<String>> lent = new TreeMap<>();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(HADOOP + "fs.")) {
            String key = name.substring(HADOOP.length());
            scala.Option<String> before = session.conf().getOption(key);
            lent.put(key, before.isDefined() ? Optional.of(before.get()) : Optional.empty());
            session.conf().set(key, value);
          }
        });
    return lent;
  }

  /** The settings a session is opened with; those of spark-submit are system properties. */
  static SparkConf conf(Map<String, String> settings, Path defaults) {
    SparkConf conf = new SparkConf(true);
    properties(defaults).forEach((key, value) -> conf.setIfMissing((String) key, (String) value));
    settings.forEach(conf::set);
    conf.setIfMissing(MASTER, "local[*]");
    conf.setIfMissing("spark.app.name", "shoplens");
    if (conf.get(MASTER).startsWith("local")) {
      String cores = String.valueOf(Math.max(2, Runtime.getRuntime().availableProcessors()));
      conf.setIfMissing("spark.sql.shuffle.partitions", cores);
      conf.setIfMissing("spark.ui.enabled", "false");
      // Without a UI nobody looks at what it would keep of past jobs.
      conf.setIfMissing("spark.sql.ui.retainedExecutions", "5");
      conf.setIfMissing("spark.sql.ui.explainMode", "simple");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    // A store that is not there is an error within half a minute; Hadoop's own defaults try for
    // minutes. Requests the store asks to slow down have tries of their own.
    conf.setIfMissing(HADOOP + "fs.s3a.attempts.maximum", "3");
    conf.setIfMissing(HADOOP + "fs.s3a.retry.limit", "3");
    conf.setIfMissing(HADOOP + "fs.s3a.connection.establish.timeout", "10s");
    // The default stream needs an ETag of every file, and not every store gives one. Where there is
    // one, a file that changes while it is read is still an error.
    conf.setIfMissing(HADOOP + "fs.s3a.input.stream.type", "classic");
    conf.setIfMissing(HADOOP + "fs.s3a.change.detection.version.required", "false");
    conf.setIfMissing(ConditionalWrites.LOG_STORE_SETTING, ConditionalWrites.LOG_STORE);
    if (conf.get(HADOOP + ConditionalWrites.S3_FILE_SYSTEM, "").equals(ConditionalWrites.S3A)) {
      conf.setIfMissing(ConditionalWrites.S3_LOG_STORE_SETTING, ConditionalWrites.LOG_STORE);
    }
    conf.setIfMissing("spark.databricks.delta.commit.idempotencyCheck.enabled", "true");
    conf.setIfMissing("spark.sql.warehouse.dir", warehouse());
    conf.setIfMissing("spark.databricks.delta.snapshotPartitions", "1");
    // The list of a table's files beside each commit, which the lake reads: see LatestVersion.
    // Where
    // the machine's zone is not UTC Delta would reconstruct the table's state to verify it, because
    // of partitions by timestamps, which there are none of.
    conf.setIfMissing(FILE_LISTS + "enabled", "true");
    conf.setIfMissing(FILE_LISTS + "thresholdNumFiles", "2000");
    conf.setIfMissing(FILE_LISTS + "verificationMode.forceOnNonUTC.enabled", "false");
    // What is spilled in many pieces is read from all of them at once, 3 MB of buffers each with
    // this and 1 MB without.
    conf.setIfMissing("spark.unsafe.sorter.spill.read.ahead.enabled", "false");
    // A published state that is older than deleted files are kept is read by the run after a pause,
    // and may be restored: whether its files are there is looked at, not how old they are.
    conf.set(
        "spark.databricks.delta.vacuum.enforceTimeTravelWithinDeletedFileRetentionDuration",
        "false");
    conf.set(REDACTION, hidingOurs(conf.get(REDACTION, "")));
    conf.set("spark.ui.showConsoleProgress", "false");
    conf.set("spark.sql.session.timeZone", "UTC");
    conf.set(EXTENSIONS, withDelta(conf.get(EXTENSIONS, "")));
    conf.set("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    return conf;
  }

  /** Where databases of the session's catalog get their empty folders: not where the user works. */
  private static String warehouse() {
    return Path.of(
            System.getProperty("java.io.tmpdir"), "shoplens-" + System.getProperty("user.name"))
        .toString();
  }

  /** What a cluster hides of its own stays hidden. */
  private static String hidingOurs(String pattern) {
    if (pattern.contains(REDACTED)) {
      return pattern;
    }
    return pattern.isBlank() ? REDACTED : pattern + "|" + REDACTED;
  }

  private static String withDelta(String extensions) {
    if (extensions.contains(DELTA)) {
      return extensions;
    }
    return extensions.isBlank() ? DELTA : extensions + "," + DELTA;
  }

  private static Properties properties(Path file) {
    Properties properties = new Properties();
    if (Files.isRegularFile(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw Errors.configuration(
            "The file " + file + " can't be read.",
            String.valueOf(e.getMessage()),
            "Mend it, or remove it to start with Spark's own defaults.",
            e);
      }
    }
    properties.replaceAll((key, value) -> ((String) value).strip());
    properties.keySet().removeIf(key -> !((String) key).startsWith("spark."));
    return properties;
  }
}
