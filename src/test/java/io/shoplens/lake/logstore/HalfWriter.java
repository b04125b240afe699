package io.shoplens.lake.logstore;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.launcher.JavaModuleOptions;

/** A process that makes a commit larger than any file it may write, where S3A keeps uploads. */
final class HalfWriter {
  /** Ends the process of a commit that was not made. */
  static final int FAILED = 3;

  private static final int LINES = 256;
  private static final int LINE_BYTES = 1024;

  private HalfWriter() {}

  /** Starts one that may write files of 32 or 64 KiB, by the shell's blocks. */
  static Process start(String endpoint, Path commit) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"));
    command.add(java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx200m", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HalfWriter.class.getName());
    command.addAll(List.of(endpoint, commit.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  public static void main(String[] arguments) throws IOException {
    Configuration hadoop = S3AConditionalLogStoreTest.configuration(arguments[0]);
    File uploads = Files.createTempDirectory("uploads").toFile();
    uploads.deleteOnExit();
    hadoop.set("fs.s3a.buffer.dir", uploads.toString());
    List<String> actions = Collections.nCopies(LINES, "x".repeat(LINE_BYTES - 1));
    try {
      new S3AConditionalLogStore(hadoop)
          .write(new Path(arguments[1]), actions.iterator(), false, hadoop);
    } catch (IOException failure) {
      System.out.println(failure);
      System.exit(FAILED);
    }
    System.exit(0);
  }
}
