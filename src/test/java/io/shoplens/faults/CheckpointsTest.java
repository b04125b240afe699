package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Delta keeps so as not to read its log from the beginning is cut short or overwritten. */
@Tag("faults")
class CheckpointsTest {
  private static final int TIMES = 10;
  private static final int WHOLE_RUNS = 4;

  /** Delta tries a pointer it can't read three times more, a second later each. */
  private static final int EVERY_THIRD = 3;

  private static final String CHECKPOINT = ".checkpoint";

  private final World world = World.shared();

  @Test
  void pointersAreDamaged() {
    Tally tally = Tally.of("truncated or corrupt _last_checkpoint in every third table");
    for (int time = 0; time < TIMES; time++) {
      int number = time;
      tally.happens(
          "time " + number,
          () -> damaged("pointer-" + number, "_last_checkpoint", number, EVERY_THIRD));
    }
    tally.assertHarmless(TIMES);
  }

  @Test
  void checkpointsAreDamaged() {
    Tally tally = Tally.of("truncated or corrupt checkpoint in every table");
    for (int time = 0; time < TIMES; time++) {
      int number = time;
      tally.happens("time " + number, () -> damaged("checkpoint-" + number, CHECKPOINT, number, 1));
    }
    tally.assertHarmless(TIMES);
  }

  /** The list of files beside each commit, from which tables are read. */
  @Test
  void checksumFilesAreCutShort() {
    Tally tally = Tally.of("truncated checksum file of every commit");
    for (int time = 0; time < TIMES; time += 2) {
      int number = time;
      tally.happens("time " + number, () -> damaged("checksum-" + number, ".crc", number, 1));
    }
    tally.assertHarmless(TIMES / 2);
  }

  /** Even times it is cut short, from nothing left to a byte missing; odd ones bytes are others. */
  private static byte[] damaged(byte[] content, int time) {
    if (time % 2 == 0) {
      return Arrays.copyOf(content, (int) ((long) (content.length - 1) * time / (TIMES - 2)));
    }
    Random random = new Random(time);
    byte[] garbage = content.clone();
    for (int i = 0; i < Math.max(1, garbage.length * time / TIMES); i++) {
      garbage[random.nextInt(garbage.length)] ^= (byte) (1 + random.nextInt(255));
    }
    return garbage;
  }

  /** Damages one in so many files of a kind, others each time. */
  private Tally.Outcome damaged(String lake, String kind, int time, int every) throws IOException {
    Place place = maintained().copyTo(world.place(lake));
    List<Path> files;
    try (Stream<Path> all = Files.walk(place.folder())) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> file.getParent().endsWith("_delta_log"))
              .filter(file -> file.getFileName().toString().contains(kind))
              .sorted()
              .toList();
    }
    for (int i = time % every; i < files.size(); i += every) {
      Files.write(files.get(i), damaged(Files.readAllBytes(files.get(i)), time));
    }
    World.forget();
    // A run may do without it; maintenance reads every table by Delta's own means.
    boolean isRun = time < WHOLE_RUNS;
    Outcome outcome = place.command(Days.BOTH, isRun ? "run" : "maintain");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    boolean hasFired =
        isRun || !kind.equals(CHECKPOINT)
            ? !files.isEmpty()
            : outcome.err().contains("removed a checkpoint that can't be read");
    return Tally.Outcome.of(hasFired, place.judged(isRun ? Days.BOTH : Days.FIRST));
  }

  /** Maintenance leaves a checkpoint of every table. */
  private Place maintained() {
    return MaintainedHolder.PLACE;
  }

  private static final class MaintainedHolder {
    private static final Place PLACE = maintain();

    private static Place maintain() {
      World world = World.shared();
      Place place = world.undisturbed(Days.FIRST).copyTo(world.place("maintained"));
      World.forget();
      assertThat(place.command(Days.FIRST, "maintain").exit()).isZero();
      return place;
    }
  }
}
