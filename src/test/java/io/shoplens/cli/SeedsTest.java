package io.shoplens.cli;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.generate.GenerateSettings;
import io.shoplens.generate.SyntheticLogs;
import io.shoplens.lake.Lake;
import io.shoplens.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generated weeks against the oracle. The ten seeds follow from the date, so that every day tries
 * other worlds; the name of a failed test tells its seed, and {@code -Dshoplens.seed=N} repeats it.
 */
class SeedsTest {
  private static final int SEEDS = 10;

  static LongStream seeds() {
    Long chosen = Long.getLong("shoplens.seed");
    long first = LocalDate.now(ZoneOffset.UTC).toEpochDay() * SEEDS;
    return chosen == null ? LongStream.range(first, first + SEEDS) : LongStream.of(chosen);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aGeneratedWeekEqualsTheOracleCellByCell(long seed, @TempDir Path folder) {
    Path logs = folder.resolve("logs");
    SyntheticLogs.write(
        LocalSpark.session(), GenerateSettings.of(1200, 7, seed, logs.toString()).withParts(1));

    // A single damaged line is more than 1% of the few order lines here.
    EndToEnd.run(
        logs.resolve("events"),
        logs.resolve("orders"),
        folder.resolve("lake"),
        "-D",
        "ingest.run-reject-limit=0.05");

    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    EndToEnd.assertGold(lake, Expected.of(logs.resolve("events"), logs.resolve("orders")));
    LeakTruth.assertStates(lake, logs);
  }
}
