package io.shoplens.job;

import io.shoplens.config.IngestSettings;
import io.shoplens.lake.FeedFile;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which files have so many rejected records that they are held. */
final class RejectLimits {
  private RejectLimits() {}

  /**
   * Rejected records among those that the limits count: all but blank ones, and but a line that the
   * damage of an archive cut off, which is no matter of the mapping.
   */
  record Share(long rejected, long records) {
    private Share and(Share other) {
      return new Share(rejected + other.rejected, records + other.records);
    }

    private boolean isOver(BigDecimal limit) {
      return BigDecimal.valueOf(rejected).compareTo(limit.multiply(BigDecimal.valueOf(records)))
          > 0;
    }
  }

  /**
   * The files over the limit of a file, and where a feed as a whole is over the limit of a run, its
   * files with any rejected record.
   *
   * @param files the files that may be held; no others count for their feed
   */
  static Set<String> over(IngestSettings limits, List<FeedFile> files, Map<String, Share> shares) {
    List<FeedFile> counted =
        files.stream().filter(file -> shares.containsKey(file.path())).toList();
    Map<String, Share> feeds = new HashMap<>();
    counted.forEach(file -> feeds.merge(file.feed(), shares.get(file.path()), Share::and));
    return counted.stream()
        .filter(file -> shares.get(file.path()).rejected() > 0)
        .filter(
            file ->
                shares.get(file.path()).isOver(limits.fileRejectLimit())
                    || feeds.get(file.feed()).isOver(limits.runRejectLimit()))
        .map(FeedFile::path)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
