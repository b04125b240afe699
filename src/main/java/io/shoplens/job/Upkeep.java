package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Maintenance;
import io.shoplens.lake.Publication;
import io.shoplens.lake.Restoration;
import io.shoplens.lake.RunRecord;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;

/** What is done to a lake beside running the pipeline: restores and maintenance. */
public final class Upkeep {
  /** A restore that was made: what it went back to, and the tables it changed. */
  public record Restored(Publication target, List<Table> tables) {}

  /** Longer than it takes: what is kept ends later for the last table than for the first. */
  private static final Duration MAINTENANCE = Duration.ofDays(1);

  private final Lake lake;
  private final ShoplensConfig config;
  private final Clock clock;
  private final String version;

  /**
   * Upkeep of a lake.
   *
   * @param version version of the software, as recorded in ops.runs
   */
  public Upkeep(Lake lake, ShoplensConfig config, Clock clock, String version) {
    this.lake = lake;
    this.config = config;
    this.clock = clock;
    this.version = version;
  }

  /**
   * Puts all tables back to the state that was the published one at an instant.
   *
   * @throws io.shoplens.error.ShoplensException with exit status 3 where nothing was published then
   */
  public Restored restoreTo(Instant instant, Consumer<String> notices) {
    return Exclusively.on(
        lake,
        config,
        "restore",
        notices,
        lease -> {
          Instant now = clock.instant();
          Publication target = publishedAt(instant);
          requireNobodyBack(target);
          return new Restored(
              target, new Restoration(lake).to(target, RunRecord.idOf(now), now, version));
        });
  }

  /**
   * Earlier states hold persons that were erased since, or ids under keys that are no longer used.
   */
  private void requireNobodyBack(Publication target) {
    if (PublishedAgain.areIdsOthersSince(lake, target.finishedAt())) {
      throw Errors.input(
          "The state published at " + target.finishedAt() + " is not to come back.",
          "Persons were erased since, or ids brought to other keys, and it holds what they were.",
          "Restore to a later one; shoplens history lists them.");
    }
  }

  private Publication publishedAt(Instant instant) {
    List<Publication> all = Publication.of(lake);
    return all.stream()
        .filter(publication -> !publication.finishedAt().isAfter(instant))
        .findFirst()
        .orElseThrow(
            () ->
                Errors.input(
                    "Nothing was published yet at " + instant + ".",
                    all.isEmpty()
                        ? "No run has published anything."
                        : "The first publication was at "
                            + all.get(all.size() - 1).finishedAt()
                            + ".",
                    "Name a later instant; shoplens history lists what there is."));
  }

  /**
   * Maintains every table there is, each told when it is done. Rejected records that are older than
   * their retention go first, all but place and reason.
   */
  public List<Maintenance.Kept> maintain(
      Consumer<String> notices, Consumer<Maintenance.Kept> done) {
    return Exclusively.on(
        lake,
        config,
        "maintain",
        notices,
        lease -> {
          forgetOldRecords(clock.instant().minus(config.privacy().quarantineRetention()));
          Map<String, Long> needed = versionsToGoOnFrom();
          Maintenance maintenance = new Maintenance(lake, config.lake().keep());
          List<Maintenance.Kept> kept = new ArrayList<>();
          for (Table table : Tables.ALL) {
            if (lake.exists(table)) {
              kept.add(maintenance.of(table, Optional.ofNullable(needed.get(table.name()))));
              done.accept(kept.get(kept.size() - 1));
            }
          }
          return kept;
        });
  }

  /**
   * Versions, by table, of a last publication that is older than the past is kept: while what came
   * since is not published, that is the published state, and the next run computes movements
   * against it.
   */
  private Map<String, Long> versionsToGoOnFrom() {
    if (new PublishedAgain(lake, config, clock, version).before().isCurrent()) {
      return Map.of();
    }
    Instant kept = clock.instant().minus(config.lake().keep()).plus(MAINTENANCE);
    return Publication.last(lake)
        .filter(last -> last.finishedAt().isBefore(kept))
        .map(Publication::versions)
        .orElse(Map.of());
  }

  private void forgetOldRecords(Instant before) {
    long last = FileLedger.of(lake).lastSequenceBefore(before);
    Column isOld =
        col(RECORD_KIND)
            .equalTo("rejected")
            .and(col(REJECT_RAW).isNotNull())
            .and(col(SEQUENCE).leq(last));
    for (Bronze bronze : Bronze.ALL) {
      lake.rewrite(
          bronze.table(),
          rows -> rows.withColumn(REJECT_RAW, when(isOld.unary_$bang(), col(REJECT_RAW))),
          isOld);
    }
  }
}
