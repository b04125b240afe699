package io.shoplens.lake.logstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.LogStore;
import io.delta.storage.S3SingleDriverLogStore;
import io.shoplens.faults.Tally;
import io.shoplens.lake.logstore.Drivers.Race;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.S3Relay;
import io.shoplens.testing.S3Relay.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3AConditionalLogStoreTest {
  private static final int DRIVERS = 8;
  private static final int COMMITS = 4;

  private static LoopbackS3 s3;
  private static Configuration hadoop;

  @BeforeAll
  static void start(@TempDir java.nio.file.Path folder) throws Exception {
    s3 = LoopbackS3.start(folder, "commits", "stock", "lost", "busy", "broken", "half");
    hadoop = configuration(s3.endpoint());
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void aCommitIsMadeOnceAndALostRaceIsWhatDeltaTriesAgainOn() throws IOException {
    Path commit = new Path("s3a://commits/once/00000000000000000000.json");
    write(commit, "first");

    assertThatThrownBy(() -> write(commit, "second"))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(commit.toString());
    assertThat(content(commit)).isEqualTo("first\n");
  }

  @Test
  void itNeedsNothingElseOfShoplens() throws Exception {
    URL classes = S3AConditionalLogStore.class.getProtectionDomain().getCodeSource().getLocation();
    try (LogStoreAlone alone = new LogStoreAlone(classes)) {
      LogStore store = alone.logStore(hadoop);
      assertThat(store).isNotInstanceOf(S3AConditionalLogStore.class);
      Path commit = new Path("s3a://commits/alone/00000000000000000000.json");
      store.write(commit, List.of("first").iterator(), false, hadoop);

      assertThatThrownBy(() -> store.write(commit, List.of("second").iterator(), false, hadoop))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(content(commit)).isEqualTo("first\n");
    }
  }

  @Test
  void whatMayBeOverwrittenIs() throws IOException {
    Path pointer = new Path("s3a://commits/pointer/_last_checkpoint");
    for (String content : List.of("first", "second")) {
      new S3AConditionalLogStore(hadoop).write(pointer, List.of(content).iterator(), true, hadoop);
    }
    assertThat(content(pointer)).isEqualTo("second\n");
  }

  @Test
  void eightDriversOnOneTableLoseNoCommitAndDoubleNone() throws Exception {
    assertSafe("short", 2);
  }

  @Test
  @Tag("faults")
  void eightDriversOnOneTableLoseNoCommitAndDoubleNoneInAHundredRounds() throws Exception {
    Tally tally = Tally.of("8 bare committers on one table, 4 commits each");
    for (int round = 0; round < 100; round++) {
      tally.happened(1, race("s3a://commits/race-" + round, S3AConditionalLogStore.class));
    }
    tally.assertHarmless(100);
  }

  @Test
  @Tag("faults")
  void eightDriversOnOneTableLoseCommitsWithDeltasOwnLogStore() throws Exception {
    Tally tally = Tally.of("8 bare committers on one table by Delta's own log store");
    for (int round = 0; round < 10; round++) {
      tally.happened(1, race("s3a://stock/race-" + round, S3SingleDriverLogStore.class));
    }
    tally.assertHarmful();
  }

  private static Tally.Outcome race(String table, Class<? extends LogStore> store)
      throws Exception {
    Race race = Drivers.race(store, new Path(table), DRIVERS, COMMITS, hadoop);
    boolean hasRaced = race.acknowledged().size() == DRIVERS * COMMITS;
    return new Tally.Outcome(hasRaced, race.lost().size(), race.doubled().size(), 0);
  }

  private static void assertSafe(String name, int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      Path table = new Path("s3a://commits/race-" + name + "-" + round);
      Race race = Drivers.race(S3AConditionalLogStore.class, table, DRIVERS, COMMITS, hadoop);

      assertThat(race.acknowledged()).hasSize(DRIVERS * COMMITS);
      assertThat(race.lost()).as("lost in round %d", round).isEmpty();
      assertThat(race.doubled()).as("doubled in round %d", round).isEmpty();
      assertThat(race.found().lastKey()).isEqualTo("%020d.json".formatted(DRIVERS * COMMITS - 1));
    }
  }

  /** The races above can tell: with Delta's own log store they end badly. */
  @Test
  void theStockLogStoreLosesCommitsInTheSameRace() throws Exception {
    Race race =
        Drivers.race(
            S3SingleDriverLogStore.class, new Path("s3a://stock/race"), DRIVERS, COMMITS, hadoop);

    assertThat(race.acknowledged()).hasSize(DRIVERS * COMMITS);
    assertThat(race.lost()).isNotEmpty();
  }

  @Test
  void aCommitWhoseAnswerWasLostIsKnownForOnesOwn() throws Exception {
    assertSafeWithLostAnswers("few", 5);
  }

  private static void assertSafeWithLostAnswers(String name, int commits) throws Exception {
    try (S3Relay relay =
        S3Relay.before(s3, request -> request.isConditional() ? Fate.ANSWER_LOST : Fate.PASS)) {
      Configuration through = configuration(relay.endpoint());
      Path table = new Path("s3a://lost/" + name);
      Race race = Drivers.race(S3AConditionalLogStore.class, table, 1, commits, through);

      assertThat(relay.interfered()).as("answers lost").isGreaterThanOrEqualTo(commits);
      assertThat(race.found().values()).containsExactlyElementsOf(race.acknowledged());
    }
  }

  @Test
  void conflictsAndThrottlingAreTriedAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    List<Fate> fates = List.of(Fate.CONFLICT, Fate.CONFLICT, Fate.SLOW_DOWN, Fate.CONFLICT);
    try (S3Relay relay =
        S3Relay.before(
            s3,
            request -> {
              int at = request.isConditional() ? tries.getAndIncrement() : fates.size();
              return at < fates.size() ? fates.get(at) : Fate.PASS;
            })) {
      Configuration through = configuration(relay.endpoint());
      Path commit = new Path("s3a://busy/00000000000000000000.json");
      new S3AConditionalLogStore(through).write(commit, List.of("only").iterator(), false, through);

      assertThat(relay.interfered()).isEqualTo(fates.size());
      assertThat(content(commit)).isEqualTo("only\n");
    }
  }

  @Test
  void whereNobodyCanTellTheFirstFailureIsThrown() throws Exception {
    try (S3Relay relay =
        S3Relay.before(
            s3,
            request ->
                request.isConditional()
                    ? Fate.ANSWER_LOST
                    : request.method().equals("GET") && request.target().contains(".json")
                        ? Fate.RESET
                        : Fate.PASS)) {
      Configuration through = configuration(relay.endpoint());
      Path commit = new Path("s3a://broken/00000000000000000000.json");

      assertThatThrownBy(
              () ->
                  new S3AConditionalLogStore(through)
                      .write(commit, List.of("only").iterator(), false, through))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(FileAlreadyExistsException.class)
          .satisfies(failure -> assertThat(failure.getSuppressed()).isNotEmpty());
    }
  }

  @Test
  void aCommitOfWhichOnlyHalfCouldBeBufferedIsNotMade() throws Exception {
    Path commit = new Path("s3a://half/00000000000000000000.json");

    Process writer = HalfWriter.start(s3.endpoint(), commit);
    String said = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(writer.waitFor()).as(said).isEqualTo(HalfWriter.FAILED);
    assertThat(commit.getFileSystem(hadoop).exists(commit)).as(said).isFalse();
  }

  @Test
  void commitsAreNeverSeenInPart() {
    assertThat(
            new S3AConditionalLogStore(hadoop)
                .isPartialWriteVisible(new Path("s3a://commits/a"), hadoop))
        .isFalse();
  }

  private static void write(Path path, String content) throws IOException {
    new S3AConditionalLogStore(hadoop).write(path, List.of(content).iterator(), false, hadoop);
  }

  private static String content(Path path) throws IOException {
    FileSystem files = new Path("s3a://commits/").getFileSystem(hadoop);
    if (!path.toUri().getHost().equals("commits")) {
      files = FileSystem.newInstance(path.toUri(), hadoop);
    }
    try (InputStream in = files.open(path)) {
      return new String(in.readAllBytes());
    }
  }

  static Configuration configuration(String endpoint) {
    Configuration configuration = new Configuration();
    LoopbackS3.hadoopSettings(endpoint).forEach(configuration::set);
    configuration.set("fs.s3a.input.stream.type", "classic");
    configuration.set("fs.s3a.retry.interval", "20ms");
    configuration.set("fs.s3a.retry.throttle.interval", "20ms");
    return configuration;
  }
}
