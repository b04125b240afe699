package io.shoplens.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples as they come in: a run a day. */
class DayByDayTest {
  @Test
  void sevenDaysOneByOneGiveTheSameAsAllAtOnce(@TempDir Path days) throws IOException {
    Path logs = days.resolve("logs");
    Path stepwise = days.resolve("lake");
    for (int day = 2; day <= 8; day++) {
      for (String feed : List.of("events", "orders")) {
        copy(feed + "/date=2026-03-0" + day, logs);
      }
      // A day's few order lines are over 1% with a single damaged one.
      EndToEnd.run(
          logs.resolve("events"),
          logs.resolve("orders"),
          stepwise,
          "-D",
          "ingest.run-reject-limit=0.05");
    }

    EndToEnd.assertGold(EndToEnd.lake(stepwise), SamplesTest.expected());
  }

  private static void copy(String folder, Path to) throws IOException {
    Path from = EndToEnd.SAMPLES.resolve(folder);
    Files.createDirectories(to.resolve(folder));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(folder).resolve(file.getFileName()));
      }
    }
  }
}
