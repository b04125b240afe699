package io.shoplens.cli;

import io.shoplens.config.Secrets;
import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.error.ShoplensException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;

/**
 * The one place where what libraries throw becomes what users read. Exceptions are told by the
 * names of their classes, because those of S3 are not on every class path, and because Spark hands
 * on those of its tasks as text.
 */
final class Faults {
  private static final Pattern THROWN =
      Pattern.compile(
          "\\b(?:[a-z][a-z0-9_]*\\.)+([A-Z]\\w*(?:Exception|Error))(?::\\s*([^\\n]*))?");
  private static final int SHOWN_LENGTH = 400;

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "The store's client is not on the class path.",
              "Add hadoop-aws and the modules of the AWS SDK that README.md names to --packages;"
                  + " bin/shoplens brings them.",
              thrown ->
                  thrown.isAny("NoClassDefFoundError", "ClassNotFoundException")
                      && thrown.message().replace('/', '.').contains("software.amazon.")),
          new Kind(
              "The bucket does not exist.",
              "Check the bucket's name in lake.root and in the feeds' paths, and the endpoint and"
                  + " region (fs.s3a.endpoint, fs.s3a.endpoint.region).",
              thrown -> thrown.isAny("UnknownStoreException", "NoSuchBucketException")),
          new Kind(
              "There are no credentials for the store.",
              "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where an instance role is"
                  + " given; see conf/s3.yaml.",
              thrown ->
                  thrown.isAny(
                          "NoAuthWithAWSException",
                          "NoAwsCredentialsException",
                          "CredentialInitializationException")
                      || thrown.says("Unable to load credentials")
                      || thrown.says("No AWS Credentials")),
          new Kind(
              "The store refuses the credentials.",
              "Check the access key and its secret, and that they belong to this endpoint.",
              thrown ->
                  thrown.says("InvalidAccessKeyId")
                      || thrown.says("SignatureDoesNotMatch")
                      || thrown.says("ExpiredToken")
                      || thrown.says("InvalidToken")),
          new Kind(
              "Access is denied.",
              "Grant this user or role list, read and write on the lake, and list and read on the"
                  + " feeds' paths.",
              thrown -> thrown.isAny("AccessDeniedException", "AccessControlException")),
          new Kind(
              "The bucket is in another region.",
              "Set fs.s3a.endpoint.region to the bucket's region.",
              thrown -> thrown.isAny("AWSRedirectException")),
          new Kind(
              "The store can't be reached.",
              "Check fs.s3a.endpoint and fs.s3a.endpoint.region, the network and the proxy; then"
                  + " run again: what is done is kept.",
              thrown ->
                  thrown.isAny(
                      "UnknownHostException",
                      "ConnectException",
                      "NoRouteToHostException",
                      "ConnectTimeoutException",
                      "SocketTimeoutException",
                      "ApiCallTimeoutException",
                      "SSLException",
                      "SSLHandshakeException",
                      "SdkClientException",
                      "AWSClientIOException")),
          new Kind(
              "The store fails.",
              "Run again later: what is done is kept.",
              thrown ->
                  thrown.isAny(
                      "AWSServiceIOException",
                      "AWSServiceThrottledException",
                      "AWSStatus500Exception",
                      "AWSS3IOException")),
          new Kind(
              "The store does not know what it is asked for.",
              "Run `shoplens doctor`: where the store knows no conditional writes it says what to"
                  + " set.",
              thrown -> thrown.isAny("AWSUnsupportedFeatureException")),
          new Kind(
              "There is no connector for this kind of path.",
              "Check the path's scheme; s3a:// paths need hadoop-aws on the class path, which"
                  + " bin/shoplens brings and spark-submit takes with --packages.",
              thrown ->
                  thrown.isAny("UnsupportedFileSystemException")
                      || thrown.says("No FileSystem for scheme")
                      || thrown.says("Class org.apache.hadoop.fs.s3a.S3AFileSystem not found")),
          new Kind(
              "A file stands where a folder is needed.",
              "Point lake.root and the feeds' paths to folders, or to where nothing is yet.",
              thrown -> thrown.isAny("ParentNotDirectoryException")),
          new Kind(
              "The disk is full.",
              "Free space there, or point spark.local.dir, fs.s3a.buffer.dir and lake.root to"
                  + " another disk.",
              thrown ->
                  thrown.says("No space left on device")
                      || thrown.says("Disk quota exceeded")
                      || thrown.says("Could not find any valid local directory")),
          new Kind(
              "Another run changed the same tables.",
              "Let one run at a time write to a lake; run again: what is done is kept.",
              thrown ->
                  thrown.isAny(
                      "ConcurrentAppendException",
                      "ConcurrentDeleteReadException",
                      "ConcurrentDeleteDeleteException",
                      "ConcurrentTransactionException",
                      "ConcurrentWriteException",
                      "MetadataChangedException",
                      "ProtocolChangedException")),
          new Kind(
              "A path does not exist.",
              "Check lake.root and the feeds' paths; relative ones are relative to the"
                  + " configuration file's folder.",
              thrown ->
                  thrown.isAny("FileNotFoundException", "NoSuchFileException")
                      || thrown.says("[PATH_NOT_FOUND]")));

  private static final Set<String> MEMORY = Set.of("OutOfMemoryError");

  private Faults() {}

  /** An exception of the storage in words of ours; empty where it is not about storage. */
  static Optional<ShoplensException> storage(Throwable fault) {
    List<Thrown> chain = chain(fault);
    for (Kind kind : KINDS) {
      Optional<Thrown> found = chain.stream().filter(kind.recognises()).findFirst();
      if (found.isPresent()) {
        return Optional.of(Errors.storage(kind.problem(), found.get().shown(), kind.cure(), fault));
      }
    }
    return Optional.empty();
  }

  /** A query that Spark refuses in words of ours; empty where the query is not at fault. */
  static Optional<ShoplensException> query(Throwable fault) {
    for (Throwable at : causes(fault)) {
      boolean isRefusal =
          at instanceof SparkThrowable refusal
              && refusal.getCondition() != null
              && !refusal.getCondition().startsWith("INTERNAL_ERROR");
      if (isRefusal) {
        return Optional.of(
            Errors.configuration(
                "The query can't be run.",
                shortened(
                    at.getMessage()
                        .strip()
                        .replaceAll("\\s*\\n\\s*", " ")
                        // What follows is the plan, as Spark prints it.
                        .replaceFirst("(SQLSTATE: \\w+; line \\d+ pos \\d+);.*$", "$1")),
                "Correct it; shoplens describe lists the tables and their columns.",
                fault));
      }
    }
    return Optional.empty();
  }

  /**
   * Writes what a command ended with.
   *
   * @return its exit status
   */
  static ExitStatus report(Throwable fault, PrintWriter err, Optional<LogLevel> level) {
    Optional<ShoplensException> known = known(fault);
    if (known.isPresent()) {
      err.println(known.get().getMessage());
    } else {
      err.println(unexpected(fault));
    }
    if (level.filter(LogLevel::showsTraces).isPresent()) {
      fault.printStackTrace(err);
    }
    err.flush();
    return known.map(ShoplensException::status).orElse(ExitStatus.FAULT);
  }

  private static Optional<ShoplensException> known(Throwable fault) {
    return causes(fault).stream()
        .filter(ShoplensException.class::isInstance)
        .map(ShoplensException.class::cast)
        .findFirst()
        .or(() -> storage(fault));
  }

  private static String unexpected(Throwable fault) {
    List<Throwable> causes = causes(fault);
    Throwable root = causes.get(causes.size() - 1);
    if (causes.stream().anyMatch(at -> MEMORY.contains(at.getClass().getSimpleName()))) {
      return "Memory ran out."
          + "\n  Cause: "
          + shortened(String.valueOf(root))
          + "\n  Cure:  Give more with SHOPLENS_DRIVER_MEMORY (default 2g), or with"
          + " --driver-memory and --executor-memory of spark-submit.";
    }
    String place =
        causes.stream()
            .flatMap(at -> Arrays.stream(at.getStackTrace()))
            .filter(frame -> frame.getClassName().startsWith("io.shoplens."))
            .findFirst()
            .map(frame -> " (at " + frame + ")")
            .orElse("");
    return "This is a fault of Shoplens "
        + Version.text()
        + "."
        + "\n  Cause: "
        + shortened(String.valueOf(root).lines().findFirst().orElse(""))
        + place
        + "\n  Cure:  Run again with --log-level debug, and report what it writes, with the command,"
        + " to the project's issues.";
  }

  private static List<Thrown> chain(Throwable fault) {
    List<Thrown> chain = new ArrayList<>();
    for (Throwable at : causes(fault)) {
      String message = String.valueOf(at.getMessage());
      chain.add(new Thrown(at.getClass().getSimpleName(), message));
      Matcher matcher = THROWN.matcher(message);
      while (matcher.find()) {
        chain.add(new Thrown(matcher.group(1), String.valueOf(matcher.group(2))));
      }
    }
    return chain;
  }

  private static List<Throwable> causes(Throwable fault) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = fault; at != null && causes.size() < 50; at = at.getCause()) {
      causes.add(at);
    }
    return causes;
  }

  private static String shortened(String text) {
    String masked = Secrets.masked(text);
    return masked.length() <= SHOWN_LENGTH ? masked : masked.substring(0, SHOWN_LENGTH) + "...";
  }

  private record Thrown(String name, String message) {
    boolean isAny(String... names) {
      return List.of(names).contains(name);
    }

    boolean says(String text) {
      return message.contains(text);
    }

    String shown() {
      String first = readable(message.lines().findFirst().orElse("").strip());
      return shortened(first.isEmpty() || first.equals("null") ? name : name + ": " + first);
    }
  }

  /** Without the classes that a message passed through, and what the store's client adds. */
  private static String readable(String message) {
    return message
        .replaceAll("\\s*\\((Service: [^)]*|SDK Attempt Count: \\d+)\\)", "")
        .replaceAll("(?<![\\w.])([a-z][a-z0-9_]*\\.)+[A-Z]\\w*: ", "")
        .replaceFirst(":?\\s{3,}.*$", "")
        .replaceFirst("(?<=[^\\s:]):[A-Z][A-Za-z0-9]+(: .*)?$", "");
  }

  private record Kind(String problem, String cure, Predicate<Thrown> recognises) {}
}
