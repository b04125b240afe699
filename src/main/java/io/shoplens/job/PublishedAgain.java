package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.lake.RunRecord;
import io.shoplens.table.Runs;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.Row;

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
  record Before(String runId, Instant startedAt, Optional<Row> last, boolean isCurrent) {}

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
    Optional<Row> last =
        lake
            .read(Runs.TABLE)
            .where(col(RUN_STATE).equalTo("published"))
            .orderBy(col(SEQUENCE).desc(), col(FINISHED_AT).desc())
            .select(SEQUENCE, CONFIG_DIGEST, FINISHED_AT)
            .takeAsList(1)
            .stream()
            .findFirst();
    boolean isCurrent = last.map(this::isAll).orElse(false);
    Instant now = clock.instant();
    return new Before(RunRecord.idOf(now), now, last, isCurrent);
  }

  /** Whether nothing was taken in or computed since a publication. */
  private boolean isAll(Row publication) {
    FileLedger ledger = FileLedger.of(lake);
    return ledger.unfinished().isEmpty()
        && ledger.settledAfter(publication.<Long>getAs(SEQUENCE)).isEmpty()
        && lake.read(Runs.TABLE)
            .where(col(RUN_STATE).notEqual("published"))
            .where(col(FINISHED_AT).gt(publication.<Timestamp>getAs(FINISHED_AT)))
            .isEmpty();
  }

  /** Publishes the tables as they are now. */
  void record(Before before, String command) {
    RunRecord.ofNoDates(
            before.runId(),
            before.last().map(known -> known.<Long>getAs(SEQUENCE)).orElse(0L),
            command,
            before.isCurrent() ? "published" : "partial",
            before.startedAt(),
            clock.instant(),
            before
                .last()
                .map(known -> known.<String>getAs(CONFIG_DIGEST))
                .orElseGet(config::digest),
            version)
        .appendTo(lake);
  }
}
