package io.shoplens.cli;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.generate.GenerateSettings;
import io.shoplens.generate.SyntheticLogs;
import io.shoplens.lake.Lake;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated weeks against the oracle and against the truth of their leaks. The ten seeds follow
 * from the date, so that every day tries other worlds. No two of them share a person, an event or
 * an order, so one lake takes them all; {@code -Dshoplens.seed=N} tries one alone.
 */
class SeedsTest {
  private static final int SEEDS = 10;

  private static LongStream seeds() {
    Long chosen = Long.getLong("shoplens.seed");
    long first = LocalDate.now(ZoneOffset.UTC).toEpochDay() * SEEDS;
    return chosen == null ? LongStream.range(first, first + SEEDS) : LongStream.of(chosen);
  }

  @Test
  void generatedWeeksEqualTheOracleCellByCell(@TempDir Path folder) throws IOException {
    Path events = Files.createDirectories(folder.resolve("events"));
    Path orders = Files.createDirectories(folder.resolve("orders"));
    List<Path> worlds = new ArrayList<>();
    for (long seed : seeds().toArray()) {
      Path world = folder.resolve("seed-" + seed);
      SyntheticLogs.write(
          LocalSpark.session(), GenerateSettings.of(1200, 7, seed, world.toString()).withParts(1));
      Files.move(world.resolve("events"), events.resolve("seed-" + seed));
      Files.move(world.resolve("orders"), orders.resolve("seed-" + seed));
      worlds.add(world);
    }

    EndToEnd.run(events, orders, folder.resolve("lake"));

    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    EndToEnd.assertGold(lake, Expected.of(events, orders));
    LeakTruth.assertStates(lake, worlds);
  }
}
