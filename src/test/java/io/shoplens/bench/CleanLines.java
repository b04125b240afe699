package io.shoplens.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Leaves out of generated logs what others would need code for: blank lines, epoch instants, and
 * those with an offset or nanoseconds, which DuckDB passes over or rounds.
 */
final class CleanLines {
  private static final Pattern ELSE =
      Pattern.compile("\"(event_at|received_at)\":(\\d|\"[^\"]*(\\.\\d{7}|[+-]\\d\\d:\\d\\d\"))");

  private CleanLines() {}

  /** Copies a folder of gz files. */
  static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.filter(file -> file.toString().endsWith(".gz")).toList();
    }
    for (Path file : files) {
      Path copy = to.resolve(from.relativize(file));
      Files.createDirectories(copy.getParent());
      copyFile(file, copy);
    }
  }

  private static void copyFile(Path from, Path to) throws IOException {
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(from), 1 << 16),
                    StandardCharsets.UTF_8));
        BufferedWriter out =
            new BufferedWriter(
                new OutputStreamWriter(
                    new GZIPOutputStream(Files.newOutputStream(to), 1 << 16),
                    StandardCharsets.UTF_8))) {
      String line;
      while ((line = in.readLine()) != null) {
        if (!line.isBlank() && !ELSE.matcher(line).find()) {
          out.write(line);
          out.write('\n');
        }
      }
    }
  }
}
