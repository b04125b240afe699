package io.shoplens.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The figures beside the samples are those of the samples and reference tables as they are now. If
 * not, {@link OracleFigures} writes them anew.
 */
class ExpectedFiguresTest {
  private static final Path SAMPLES = Path.of("data-samples");

  @TempDir Path folder;

  @Test
  void figuresBesideTheSamplesAreTheirs() throws IOException {
    OracleFigures.write(
        Oracle.of(SAMPLES.resolve("events"), SAMPLES.resolve("orders"), Path.of("conf")), folder);

    assertThat(texts(SAMPLES.resolve("expected"))).isEqualTo(texts(folder));
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }
}
