package io.shoplens.job;

import io.shoplens.config.IngestSettings;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FileLedger.Balance;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which files have so many rejected records that they are held. */
final class RejectLimits {
  private RejectLimits() {}

  /**
   * The files over the limit of a file, and where a feed as a whole is over the limit of a run, its
   * files with any rejected record.
   */
  static Set<String> over(
      IngestSettings limits, List<FeedFile> files, Map<String, Balance> balances) {
    Map<String, long[]> feeds = new HashMap<>();
    for (FeedFile file : files) {
      Balance balance = balances.get(file.path());
      if (balance != null) {
        long[] feed = feeds.computeIfAbsent(file.feed(), name -> new long[2]);
        feed[0] += balance.rejected();
        feed[1] += balance.records() - balance.blank();
      }
    }
    Set<String> over = new TreeSet<>();
    for (FeedFile file : files) {
      Balance balance = balances.get(file.path());
      if (balance != null && balance.rejected() > 0) {
        long[] feed = feeds.get(file.feed());
        if (isOver(
                balance.rejected(), balance.records() - balance.blank(), limits.fileRejectLimit())
            || isOver(feed[0], feed[1], limits.runRejectLimit())) {
          over.add(file.path());
        }
      }
    }
    return over;
  }

  private static boolean isOver(long rejected, long records, BigDecimal limit) {
    return BigDecimal.valueOf(rejected).compareTo(limit.multiply(BigDecimal.valueOf(records))) > 0;
  }
}
