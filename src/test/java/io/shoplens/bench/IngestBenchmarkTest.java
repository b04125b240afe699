package io.shoplens.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.bench.Contender.Name;
import io.shoplens.bench.Worker.Cost;
import io.shoplens.generate.GenerateSettings;
import io.shoplens.generate.SyntheticLogs;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The ingest beside Spark's JSON source and DuckDB, on clean generated logs with exact repeats.
 *
 * <p>Properties: {@code bench.events} (sizes, the largest last), {@code bench.rounds} (measured
 * rounds for each size), {@code bench.twice} (a size and twice of it), {@code bench.day} (events of
 * the days before, and of the new day), {@code bench.day-rounds}, {@code bench.file} (events of
 * which one file is made, of a gigabyte at most), {@code bench.contenders}, {@code bench.heap},
 * {@code bench.results} (the file to append to).
 */
@Tag("bench")
class IngestBenchmarkTest {
  private static final Path FOLDER = Path.of("target", "bench");
  private static final int DAYS = 7;
  private static final int HISTORY_DAYS = 90;

  /** A day is a few seconds of work, of which Java's compilers are half at first. */
  private static final int WARM_UPS = 4;

  /** A run that finds nothing new writes its row of ops.runs and nothing else. */
  private static final long RUN_BYTES = 10_000;

  private static final long FILE_BYTES = 1L << 30;
  private static final int LINE_BYTES = 50 << 20;

  /** At the largest size, in CPU seconds. */
  private static final Map<Name, Double> BARS = Map.of(Name.TEXTBOOK, 0.65, Name.DUCKDB, 2.0);

  private static final double BAR_OF_TWICE = 2.1;
  private static final double BAR_OF_A_DAY = 1.1;

  @Test
  void ingestIsFasterThanSparksJsonSourceAndNotFarFromDuckDb() throws Exception {
    long[] sizes = numbers("bench.events", "2000000,10000000");
    long[] rounds = numbers("bench.rounds", "3,1");
    Report report = new Report(System.getProperty("bench.heap", "2g"));
    Map<Name, Worker> workers = new EnumMap<>(Name.class);
    try {
      for (Name name : contenders()) {
        workers.put(name, Worker.start(name, report.heap()));
      }
      Path warmUp = logs(sizes[0]);
      for (Worker worker : workers.values()) {
        worker.write(warmUp, fresh(worker.name()));
      }
      for (int i = 0; i < sizes.length; i++) {
        Path logs = logs(sizes[i]);
        for (int round = 0; round < rounds[i]; round++) {
          for (Worker worker : workers.values()) {
            Cost cost = worker.write(logs, fresh(worker.name()));
            assertThat(cost.work().rejected()).isZero();
            report.add(sizes[i], worker.name(), cost);
          }
        }
        requireSameRows(workers.keySet());
        if (workers.containsKey(Name.SHOPLENS)) {
          Cost nothing = workers.get(Name.SHOPLENS).write(logs, out(Name.SHOPLENS));
          assertThat(nothing.work().written())
              .as("bytes written by a second run")
              .isLessThanOrEqualTo(RUN_BYTES);
          report.note(
              "a second run over the same %,d events: %.1f CPU-s, %.1f s",
              sizes[i], nothing.cpu(), nothing.wall());
        }
      }
    } finally {
      for (Worker worker : workers.values()) {
        worker.close();
      }
    }
    report.appendTo(results());
    long largest = sizes[sizes.length - 1];
    if (largest >= 10_000_000) {
      BARS.forEach(
          (other, bar) ->
              report
                  .ratio(largest, other)
                  .ifPresent(
                      ratio -> assertThat(ratio).as(other.label()).isLessThanOrEqualTo(bar)));
    }
  }

  @Test
  void twiceTheEventsCostLittleMoreThanTwice() throws Exception {
    long[] sizes = numbers("bench.twice", "5000000,10000000");
    Report report = new Report(System.getProperty("bench.heap", "2g"));
    try (Worker worker = Worker.start(Name.SHOPLENS, report.heap())) {
      worker.write(generated(sizes[0]), fresh(Name.SHOPLENS));
      for (long size : sizes) {
        report.add(size, Name.SHOPLENS, worker.write(generated(size), fresh(Name.SHOPLENS)));
      }
    }
    double times =
        report.cpu(sizes[1], Name.SHOPLENS).orElseThrow()
            / report.cpu(sizes[0], Name.SHOPLENS).orElseThrow();
    report.note("%,d events cost %.2f times %,d", sizes[1], times, sizes[0]);
    report.appendTo(results());
    assertThat(times).isLessThanOrEqualTo(BAR_OF_TWICE);
  }

  @Test
  void oneLargeFileAndOneLongLineFitTheHeap() throws Exception {
    long events = numbers("bench.file", "10000000")[0];
    Path file = FOLDER.resolve("one-file").resolve("all.json.gz");
    OneFile.write(generated(events), FILE_BYTES, LINE_BYTES, file);
    Report report = new Report(System.getProperty("bench.heap", "2g"));
    Cost cost;
    try (Worker worker = Worker.start(Name.SHOPLENS, report.heap())) {
      cost = worker.write(file.getParent(), fresh(Name.SHOPLENS));
    }
    report.note(
        "one gz file of %,d bytes with a line of %,d, which is rejected: %.1f CPU-s, %.1f s, cold",
        Files.size(file), LINE_BYTES, cost.cpu(), cost.wall());
    report.appendTo(results());
    assertThat(cost.work().rejected()).isEqualTo(1);
  }

  @Test
  void aDayCostsTheSameWhateverCameBeforeIt() throws Exception {
    long[] sizes = numbers("bench.day", "3000000,500000");
    long[] rounds = numbers("bench.day-rounds", "3");
    Path history = generated(sizes[0], HISTORY_DAYS, GenerateSettings.DEFAULT_START);
    Path day = generated(sizes[1], 1, GenerateSettings.DEFAULT_START.plusDays(HISTORY_DAYS));
    Path lake = FOLDER.resolve("history-lake");
    Report report = new Report(System.getProperty("bench.heap", "2g"));
    double alone = 0;
    double onTop = 0;
    try (Worker worker = Worker.start(Name.SHOPLENS, report.heap())) {
      delete(lake);
      worker.write(history, lake);
      for (int round = 0; round < WARM_UPS + rounds[0]; round++) {
        Cost over = worker.write(day, copied(lake, out(Name.SHOPLENS)));
        Cost empty = worker.write(day, fresh(Name.SHOPLENS));
        if (round >= WARM_UPS) {
          onTop += over.cpu();
          alone += empty.cpu();
        }
      }
    }
    report.note(
        "a day of %,d events over %d days of %,d: %.1f CPU-s, over an empty table %.1f: %.2f times",
        sizes[1], HISTORY_DAYS, sizes[0], onTop / rounds[0], alone / rounds[0], onTop / alone);
    report.appendTo(results());
    assertThat(onTop / alone).isLessThanOrEqualTo(BAR_OF_A_DAY);
  }

  private static Path results() {
    return Path.of(System.getProperty("bench.results", "src/test/results/benchmark.md"));
  }

  private static Path copied(Path from, Path to) throws IOException {
    delete(to);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
    return to;
  }

  private static List<Name> contenders() {
    String names = System.getProperty("bench.contenders", "");
    return names.isBlank()
        ? List.of(Name.values())
        : Arrays.stream(names.split(","))
            .map(name -> Name.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
  }

  private static long[] numbers(String property, String byDefault) {
    return Arrays.stream(System.getProperty(property, byDefault).split(","))
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /** For all who take part: what only some can read is left out where there are others. */
  private static Path logs(long events) throws IOException {
    Path generated = generated(events);
    if (contenders().equals(List.of(Name.SHOPLENS))) {
      return generated;
    }
    Path clean = generated.resolveSibling("clean");
    if (!Files.exists(clean)) {
      CleanLines.copy(generated, clean);
    }
    return clean;
  }

  /** Logs of so many events over a week. */
  private static Path generated(long events) throws IOException {
    return generated(events, DAYS, GenerateSettings.DEFAULT_START);
  }

  /** Undamaged lines with exact repeats, made once. */
  private static Path generated(long events, int days, LocalDate start) throws IOException {
    Path made = FOLDER.resolve("logs-" + events + "-" + days + "-" + start);
    Path done = made.resolve("done");
    if (!Files.exists(done)) {
      delete(made);
      SyntheticLogs.write(
          LocalSpark.session(),
          GenerateSettings.of(events, days, 1, made.toUri().toString())
              .withStart(start)
              .withDamagedRate(0));
      Files.createFile(done);
    }
    return made.resolve("events");
  }

  private static Path out(Name name) {
    return FOLDER.resolve("out-" + name.name().toLowerCase(Locale.ROOT));
  }

  private static Path fresh(Name name) throws IOException {
    delete(out(name));
    return out(name);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void requireSameRows(Set<Name> names) {
    if (names.size() == 1) {
      return;
    }
    List<String> fingerprints = new ArrayList<>();
    for (Name name : names) {
      fingerprints.add(Contender.fingerprint(name.events(LocalSpark.session(), out(name))));
    }
    assertThat(fingerprints).allMatch(fingerprints.get(0)::equals, "the rows of the first");
  }
}
