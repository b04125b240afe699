package io.shoplens.lake.logstore;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.launcher.JavaModuleOptions;

/** A process that makes a commit larger than any file it may write. */
final class HalfWriter {
  /** Ends the process of a commit that was not made. */
  static final int FAILED = 3;

  private HalfWriter() {}

  /** Starts one that may write files of 32 KiB. */
  static Process start(String endpoint, Path commit, int kibibytes) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"));
    command.add(java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx200m", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HalfWriter.class.getName());
    command.addAll(List.of(endpoint, commit.toString(), String.valueOf(kibibytes)));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  public static void main(String[] arguments) throws IOException {
    Configuration hadoop = S3AConditionalLogStoreTest.configuration(arguments[0]);
    hadoop.set("fs.s3a.buffer.dir", Files.createTempDirectory("uploads").toString());
    String line = "x".repeat(1023);
    List<String> actions = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      actions.add(line);
    }
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
