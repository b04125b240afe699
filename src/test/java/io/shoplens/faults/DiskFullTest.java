package io.shoplens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.faults.World.Days;
import io.shoplens.faults.World.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk is too small for a run, and is made larger before the next. */
@Tag("faults")
class DiskFullTest {
  private static final int TIMES = 5;

  private final World world = World.shared();

  @Test
  void disksAreFull() {
    Tally tally = Tally.of("disk full, of a lake on disk or of the buffer of uploads");
    for (String size : new String[] {"200k", "600k", "1200k"}) {
      tally.happens(
          "a lake on " + size,
          () -> {
            try (Disk disk = new Disk(world.folder("disk-" + size), size)) {
              String lake = disk.folder().resolve("lake").toString();
              return completed(disk, new Place(world, lake, world.raw().toString(), Map.of()));
            }
          });
    }
    for (String size : new String[] {"4k", "8k"}) {
      tally.happens(
          "a buffer of " + size,
          () -> {
            try (Disk disk = new Disk(world.folder("disk-" + size), size)) {
              Map<String, String> settings = new TreeMap<>(world.s3().hadoopSettings());
              settings.put("fs.s3a.buffer.dir", disk.folder().toString());
              String bucket = "buffered-" + size;
              world.makeBucket(bucket);
              return completed(
                  disk,
                  new Place(world, "s3a://" + bucket + "/lake", world.raw().toString(), settings));
            }
          });
    }
    tally.assertHarmless(TIMES);
  }

  private static Tally.Outcome completed(Disk disk, Place place) throws Exception {
    World.forget();
    Outcome full = place.run(Days.FIRST);
    assertThat(full.exit()).as(full.err()).isEqualTo(3);
    // Of a file that could not be made it may be said first that it is not there.
    assertThat(full.err()).containsAnyOf("The disk is full.", "A path does not exist.");
    disk.enlarge();
    // Nothing else is changed: it was the disk.
    place.complete(Days.FIRST);
    return Tally.Outcome.of(full.exit() != 0, place.judged(Days.FIRST));
  }

  /** A real disk of a size, in memory; to mount one takes the right to, as root has it. */
  private record Disk(Path folder, String size) implements AutoCloseable {
    Disk {
      call("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    }

    void enlarge() {
      call("mount", "-o", "remount,size=200m", folder.toString());
    }

    @Override
    public void close() {
      call("umount", "--lazy", folder.toString());
    }

    private static void call(String... command) {
      try {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor())
            .as("%s: %s; run the suite as a user who may mount", String.join(" ", command), said)
            .isZero();
      } catch (IOException failure) {
        throw new java.io.UncheckedIOException(failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
    }
  }
}
