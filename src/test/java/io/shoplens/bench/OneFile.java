package io.shoplens.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Many gz files as one, member after member. */
final class OneFile {
  private OneFile() {}

  /**
   * Writes one.
   *
   * @param logs a folder of gz files, and of folders of such
   * @param mostBytes over which no further file goes in
   * @param lastLine bytes of the id of an event that follows them
   */
  static void write(Path logs, long mostBytes, int lastLine, Path file) throws IOException {
    List<Path> parts;
    try (Stream<Path> walk = Files.walk(logs)) {
      parts = walk.filter(part -> part.toString().endsWith(".gz")).sorted().toList();
    }
    Files.createDirectories(file.getParent());
    long bytes = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      for (Path part : parts) {
        bytes += Files.size(part);
        if (bytes <= mostBytes) {
          Files.copy(part, out);
        }
      }
      try (OutputStream line = new GZIPOutputStream(out)) {
        line.write("{\"event_id\":\"".getBytes(StandardCharsets.UTF_8));
        line.write("x".repeat(lastLine).getBytes(StandardCharsets.UTF_8));
        line.write("\"}\n".getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
