package io.shoplens.job;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.lake.BrokenCheckpoints;
import io.shoplens.lake.ConditionalWrites;
import io.shoplens.lake.ErasureList;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Lease;
import io.shoplens.lake.PersonKeys;
import io.shoplens.lake.Restoration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Work that changes a lake: only where its store keeps drivers apart, by one process at a time, and
 * on top of a state that is whole.
 */
public final class Exclusively {
  private Exclusively() {}

  /**
   * Does the work with the lease of the lake in hand. Should another take over meanwhile, the work
   * ends before its next commit.
   *
   * @param command what is done, as others that wait are told
   * @param notices takes lines about what happens before the work
   * @throws io.shoplens.error.ShoplensException with exit status 3 where another is at work and is
   *     not to be waited for, where the store does not keep several drivers apart, and where other
   *     work that replaces ids was cut short
   */
  public static <T> T on(
      Lake lake,
      ShoplensConfig config,
      String command,
      Consumer<String> notices,
      Function<Lease, T> work) {
    ConditionalWrites.require(lake.session(), config.lakeRoot(), config.lake());
    try (Lease lease =
        Lease.take(config.lakeRoot(), config.lake(), command, lake.hadoop(), notices)) {
      try {
        requireWholeIds(lake, command);
        return lake.under(
            lease,
            () ->
                mended(
                    lake,
                    notices,
                    () -> {
                      if (new Restoration(lake).complete()) {
                        notices.accept("completed a restore that was cut short");
                      }
                      return work.apply(lease);
                    }));
      } catch (RuntimeException failure) {
        lease.failed();
        throw failure;
      }
    }
  }

  /**
   * While ids are replaced in some tables only, one person is two: whatever is computed then is
   * wrong, and is not computed again afterwards. Only what was cut short may go on.
   */
  private static void requireWholeIds(Lake lake, String command) {
    if (!command.equals(Erasure.COMMAND) && new ErasureList(lake).isUnfinished()) {
      throw Errors.input(
          "An erasure was cut short.",
          "Until it is finished some tables hold what others no longer do.",
          "Run shoplens erase again with the same ids; without --raw where the raw files were the"
              + " trouble.");
    }
    if (!command.equals(Rekeying.COMMAND) && PersonKeys.isUnfinished(lake)) {
      throw Errors.input(
          "A rekey was cut short.",
          "Until it is finished some tables hold ids under other keys than others do.",
          "Run shoplens rekey again.");
    }
  }

  /** Does the work once more where it came upon checkpoints that can't be read. */
  private static <T> T mended(Lake lake, Consumer<String> notices, Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception failure) {
      // Spark throws its own unchecked, although they are declared as checked.
      List<String> removed = brokenCheckpoints(lake, failure);
      if (removed.isEmpty()) {
        throw failure;
      }
      removed.forEach(
          path -> notices.accept("removed a checkpoint that can't be read, nothing else: " + path));
      return work.get();
    }
  }

  /** What was removed because of a failure, which is not to be lost over another. */
  private static List<String> brokenCheckpoints(Lake lake, Exception failure) {
    try {
      return BrokenCheckpoints.mayCause(failure) ? BrokenCheckpoints.remove(lake) : List.of();
    } catch (RuntimeException other) {
      failure.addSuppressed(other);
      return List.of();
    }
  }
}
