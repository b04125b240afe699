package io.shoplens.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What time it is where the lake lies. */
public final class StoreClock {
  private StoreClock() {}

  /**
   * How far this machine's clock is ahead of the store's (negative: behind), to a second or two:
   * the time the store gives a small file that is written and removed.
   *
   * @throws UncheckedIOException where the store can't be written to
   */
  public static Duration ahead(String lakeRoot, Configuration hadoop, Clock clock) {
    Path file = new Path(new Path(lakeRoot, LakeFiles.FOLDER), "clock-" + UUID.randomUUID());
    try {
      FileSystem store = file.getFileSystem(hadoop);
      Instant before = clock.instant();
      store.create(file, true).close();
      Instant after = clock.instant();
      try {
        Instant written = Instant.ofEpochMilli(store.getFileStatus(file).getModificationTime());
        Instant here = before.plus(Duration.between(before, after).dividedBy(2));
        return Duration.between(written, here);
      } finally {
        store.delete(file, false);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("can't write to " + lakeRoot, failure);
    }
  }
}
