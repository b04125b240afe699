package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.ErasureList.Published;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Publication;
import io.shoplens.lake.RunRecord;
import io.shoplens.table.Runs;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The publication of tables that hold the same figures as before in other rows: what work on ids
 * leaves. Where something was not published before, it is not by this.
 */
public final class PublishedAgain {
  /**
   * A lake before the work.
   *
   * @param last its last publication
   * @param isCurrent whether that is all there is
   */
  record Before(String runId, Instant startedAt, Optional<Publication> last, boolean isCurrent) {
    Published published() {
      return isCurrent ? Published.ALL : Published.IN_PART;
    }
  }

  private static final Set<String> COMPUTED = Set.of("silver", "gold");

  private final Lake lake;
  private final ShoplensConfig config;
  private final Clock clock;
  private final String version;

  /**
   * Publications of a lake.
   *
   * @param version version of the software, as recorded in ops.runs
   */
  public PublishedAgain(Lake lake, ShoplensConfig config, Clock clock, String version) {
    this.lake = lake;
    this.config = config;
    this.clock = clock;
    this.version = version;
  }

  /** The lake as it is before the work. */
  Before before() {
    return before(Optional.empty());
  }

  /**
   * The lake as it is before the work.
   *
   * @param known how much of it is published, where that is known
   */
  Before before(Optional<Published> known) {
    Optional<Publication> last = Publication.last(lake);
    boolean isCurrent =
        known.map(Published.ALL::equals).orElseGet(() -> last.map(this::isAll).orElse(false));
    Instant now = clock.instant();
    return new Before(RunRecord.idOf(now), now, last, isCurrent);
  }

  /** Whether nothing that counts was taken in, and nothing computed, since a publication. */
  private boolean isAll(Publication publication) {
    FileLedger ledger = FileLedger.of(lake);
    return ledger.unfinished().isEmpty()
        && ledger.settledAfter(publication.sequence()).stream()
            .allMatch(entry -> entry.balance().orElseThrow().dates().isEmpty())
        && Tables.ALL.stream()
            .filter(table -> COMPUTED.contains(table.layer()))
            .noneMatch(table -> isComputedAfter(table, publication.version(table).orElse(-1L)));
  }

  /** What computes a table names the dates in its commit; work on ids and upkeep name none. */
  private boolean isComputedAfter(Table table, long version) {
    return !lake.datesRewrittenAfter(table, version).isEmpty();
  }

  /** Whether ids of persons were brought to others since an instant: erased, or to other keys. */
  static boolean areIdsOthersSince(Lake lake, Instant instant) {
    return !lake.read(Runs.TABLE)
        .where(col(COMMAND).isin(Erasure.COMMAND, Rekeying.COMMAND))
        .where(col(FINISHED_AT).gt(Timestamp.from(instant)))
        .isEmpty();
  }

  /** Publishes the tables as they are now. */
  void record(Before before, String command) {
    RunRecord.ofNoDates(
            before.runId(),
            before.last().map(Publication::sequence).orElse(0L),
            command,
            before.isCurrent() ? "published" : "partial",
            before.startedAt(),
            clock.instant(),
            before.last().map(Publication::configDigest).orElseGet(config::digest),
            version)
        .appendTo(lake);
  }
}
