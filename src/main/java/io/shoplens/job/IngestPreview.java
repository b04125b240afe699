package io.shoplens.job;

import io.shoplens.rawlog.SampleCheck;
import java.util.List;
import java.util.Optional;

/**
 * What an ingest would do with a feed.
 *
 * @param feed the feed
 * @param listed files that are there and were looked at
 * @param files those that would be read
 * @param sample what would be rejected of some of their records; empty where none would be read
 */
public record IngestPreview(
    String feed, long listed, List<FileToRead> files, Optional<SampleCheck> sample) {
  public IngestPreview {
    files = List.copyOf(files);
  }

  /**
   * A file that would be read.
   *
   * @param path full path
   * @param size bytes
   * @param why new, changed, gone before, held before or unfinished
   */
  public record FileToRead(String path, long size, String why) {}

  /** Bytes of all files that would be read. */
  public long bytes() {
    return files.stream().mapToLong(FileToRead::size).sum();
  }
}
