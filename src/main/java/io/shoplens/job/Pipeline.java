package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.shoplens.commerce.CompleteDates;
import io.shoplens.config.Feed;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.lake.Lake;
import io.shoplens.lake.RunRecord;
import io.shoplens.lake.RunRecord.Reopening;
import io.shoplens.quality.Freshness;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Runs;
import io.shoplens.table.Table;
import io.shoplens.table.Watermarks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The pipeline: raw logs to bronze, silver and gold, the checks, and the publication.
 *
 * <p>What a run has to do follows from the tables alone: everything that came in since the last
 * publication. So a first run, a daily run, a re-run after a crash and a backfill are the same
 * code. Bronze and silver are committed as they are computed; gold is computed, checked, then
 * committed; the last commit, to ops.runs, publishes the version of every table.
 */
public final class Pipeline {
  private final Lake lake;
  private final ShoplensConfig config;
  private final Clock clock;
  private final String version;

  /**
   * A pipeline over a lake.
   *
   * @param version version of the software, as recorded in ops.runs
   */
  public Pipeline(Lake lake, ShoplensConfig config, Clock clock, String version) {
    this.lake = lake;
    this.config = config;
    this.clock = clock;
    this.version = version;
  }

  /** Takes the steps asked for. What stops it short, such as a held file, is in the report. */
  public RunReport run(RunRequest request, Progress progress) {
    Instant startedAt = clock.instant();
    RunContext run = new RunContext(lake, config, RunRecord.idOf(startedAt), startedAt);
    return new Execution(run, request, progress).run();
  }

  /** What the ingest of a run would do; nothing is written. */
  public List<IngestPreview> preview(RunRequest request) {
    Instant startedAt = clock.instant();
    return DryRun.of(
        new RunContext(lake, config, RunRecord.idOf(startedAt), startedAt), request.listing());
  }

  /** One run, from its start to its report. */
  private final class Execution {
    private final RunContext run;
    private final RunRequest request;
    private final Progress progress;
    private final FileLedger ledger;
    private final List<StepFacts> steps = new ArrayList<>();
    private final Map<String, SortedSet<LocalDate>> rebuilt = new TreeMap<>();
    private final Map<Table, Step> computedBy = new HashMap<>();
    private IngestJob.Result ingested = new IngestJob.Result(List.of(), List.of(), List.of());
    private List<CheckFacts> checks = List.of();

    Execution(RunContext run, RunRequest request, Progress progress) {
      this.run = run;
      this.request = request;
      this.progress = progress;
      this.ledger = FileLedger.of(lake);
    }

    RunReport run() {
      if (request.steps().contains(Step.INGEST)) {
        ingest();
      } else {
        requireIngested();
      }
      SortedSet<String> held = new TreeSet<>();
      // Of a feed that is not configured nothing is published, held or not.
      Set<String> feeds = run.config().feedNames();
      ledger.held().stream()
          .map(FileLedger.Entry::file)
          .filter(file -> feeds.contains(file.feed()))
          .forEach(file -> held.add(file.path()));
      Scope scope = Scope.of(run, request, ledger);
      if (!held.isEmpty()) {
        record("held", scope);
        return report("held", scope, held);
      }
      if (scope.isEmpty()) {
        return report("published", scope, held);
      }
      if (request.steps().contains(Step.CHECKS)) {
        StepsDone.require(lake.read(Runs.TABLE), request.steps(), ledger.lastSequence());
      }
      silver(scope);
      return report(gold(scope), scope, held);
    }

    /** What is published under the sequence of an ingest that is still open, it never reaches. */
    private void requireIngested() {
      ledger
          .unfinished()
          .ifPresent(
              plan -> {
                throw Errors.input(
                    "Ingest " + plan.sequence() + " was left unfinished.",
                    "A run ended before it had taken in "
                        + plan.files().size()
                        + " planned files, such as "
                        + plan.files().get(0).path()
                        + ".",
                    "Run shoplens ingest first, which completes it, or shoplens run.");
              });
    }

    private void ingest() {
      step(
          Step.INGEST,
          () -> {
            ingested = new IngestJob(run, ledger, progress::notice).run(request);
            long accepted = total(Balance::accepted);
            return new StepFacts(Step.INGEST, ingested.settled().size(), accepted, 0, 0);
          });
    }

    private void silver(Scope scope) {
      if (request.steps().contains(Step.CLICKSTREAM)) {
        step(Step.CLICKSTREAM, () -> facts(Step.CLICKSTREAM, new ClickstreamJob(run).run(scope)));
      }
      if (request.steps().contains(Step.ORDERS)) {
        step(Step.ORDERS, () -> facts(Step.ORDERS, new OrdersJob(run).run(scope)));
      }
      if (request.steps().contains(Step.GMV)) {
        watermarks(scope);
      }
    }

    /**
     * What came in since the last publication moves the watermarks on. Where a stored record that
     * lost a conflict since may have set one, all of its table is looked at.
     */
    private void watermarks(Scope scope) {
      long events = standingUntil(Events.TABLE, CLICKS_UNTIL, scope);
      long orders = standingUntil(OrderEvents.TABLE, ORDERS_UNTIL, scope);
      Dataset<Row> before =
          published(scope)
              .withColumn(CLICKS_UNTIL, when(lit(events > 0), col(CLICKS_UNTIL)))
              .withColumn(ORDERS_UNTIL, when(lit(orders > 0), col(ORDERS_UNTIL)))
              .withColumn(COMPLETE_UNTIL, lit(null).cast("date"))
              .unionByName(completeDates());
      Dataset<Row> watermarks =
          Freshness.watermarks(
              acceptedAfter(Events.TABLE, events),
              acceptedAfter(OrderEvents.TABLE, orders),
              before,
              config.feeds().stream().map(Feed::kind).collect(Collectors.toSet()),
              config.watermarkGrace());
      lake.replace(Watermarks.TABLE, watermarks);
    }

    /**
     * What came in since is counted anew: of what a run knew that died, a record may have lost a
     * conflict since.
     */
    private Dataset<Row> published(Scope scope) {
      return lake.readVersion(Watermarks.TABLE, scope.publishedVersion(Watermarks.TABLE));
    }

    /** Which dates are complete in the gold there is, published or not; no watermark. */
    private Dataset<Row> completeDates() {
      Column none = lit(null).cast("timestamp");
      return lake.read(Watermarks.TABLE)
          .withColumn(CLICKS_UNTIL, none)
          .withColumn(ORDERS_UNTIL, none);
    }

    /** The last ingest that the published watermarks know all of; 0 where they know of none. */
    private long standingUntil(Table bronze, String until, Scope scope) {
      return lake.isUpdatedAfter(bronze, scope.publishedVersion(bronze))
              && isAnyLoserAt(bronze, until, scope)
          ? 0
          : scope.publishedSequence();
    }

    private boolean isAnyLoserAt(Table bronze, String until, Scope scope) {
      return !lake.read(bronze)
          .where(Conflicts.isLoser().and(col(SEQUENCE).leq(scope.publishedSequence())))
          .join(broadcast(published(scope).select(MARKET, until)), MARKET)
          .where(col(EVENT_AT).geq(col(until)))
          .isEmpty();
    }

    private Dataset<Row> acceptedAfter(Table bronze, long sequence) {
      return lake.read(bronze)
          .where(col(RECORD_KIND).equalTo("accepted"))
          .where(col(SEQUENCE).gt(sequence));
    }

    /** Gold and its checks; the state the run ends in. */
    private String gold(Scope scope) {
      try (GoldFrames gold =
          new GoldFrames(lake, config.gmv().closedUntil(), scope.publishedVersions().keySet())) {
        compute(scope, gold);
        boolean publishes = request.steps().contains(Step.CHECKS);
        if (publishes) {
          step(
              Step.CHECKS,
              () -> {
                checks = new ChecksJob(run, ledger).run(scope, gold);
                return new StepFacts(Step.CHECKS, 0, checks.size(), 0, 0);
              });
        }
        boolean failed = checks.stream().anyMatch(CheckFacts::isFailed);
        if (!failed) {
          countRows(gold.commit());
          if (request.steps().contains(Step.GMV)) {
            // Not before: under a run that fails its checks the views over gold stay as they were.
            lake.replace(
                Watermarks.TABLE,
                CompleteDates.withCompleteDates(lake.read(Watermarks.TABLE), config.reference()));
          }
        }
        String state = failed ? "failed" : publishes ? "published" : "partial";
        rebuilt.putAll(gold.dates());
        record(state, scope);
        return state;
      }
    }

    private void compute(Scope scope, GoldFrames gold) {
      compute(Step.ATTRIBUTION, gold, () -> new AttributionJob(run).run(scope, gold));
      compute(Step.GMV, gold, () -> new GmvJob(run).run(scope, gold));
      compute(Step.LEAKAGE, gold, () -> new LeakageJob(run).run(scope, gold));
    }

    private void compute(Step step, GoldFrames gold, Supplier<SortedSet<LocalDate>> work) {
      if (request.steps().contains(step)) {
        step(step, () -> new StepFacts(step, 0, 0, work.get().size(), 0));
        gold.tables().forEach(table -> computedBy.putIfAbsent(table, step));
      }
    }

    /** Gold is computed step by step and written at the end: only then its rows are known. */
    private void countRows(Map<Table, Long> written) {
      Map<Step, Long> rows = new EnumMap<>(Step.class);
      written.forEach((table, count) -> rows.merge(computedBy.get(table), count, Long::sum));
      steps.replaceAll(facts -> facts.withRows(rows.getOrDefault(facts.step(), facts.rows())));
    }

    private void step(Step step, Supplier<StepFacts> work) {
      progress.started(step);
      run.session().sparkContext().setJobDescription(step.label() + ": " + step.yields());
      Instant start = clock.instant();
      TaskProgress tasks = TaskProgress.of(run.session().sparkContext(), progress, step);
      try {
        StepFacts facts = work.get();
        steps.add(
            new StepFacts(
                facts.step(), facts.files(), facts.rows(), facts.dates(), secondsSince(start)));
      } finally {
        tasks.stop();
      }
      progress.finished(steps.get(steps.size() - 1));
    }

    private StepFacts facts(Step step, Written written) {
      rebuilt.put(step.label(), written.dates());
      return new StepFacts(step, 0, written.rows(), written.dates().size(), 0);
    }

    private void record(String state, Scope scope) {
      new RunRecord(
              run.runId(),
              ledger.lastSequence(),
              request.command(),
              state,
              run.startedAt(),
              clock.instant(),
              scope.touchedDates(),
              scope.reopened().stream()
                  .map(
                      each ->
                          new Reopening(
                              each.reason().text(), each.feed(), each.files(), each.dates()))
                  .toList(),
              rebuilt,
              config.digest(),
              version)
          .appendTo(lake);
    }

    private RunReport report(String state, Scope scope, SortedSet<String> held) {
      return new RunReport(
          run.runId(),
          state,
          steps,
          scope.touchedDates(),
          total(Balance::records),
          total(Balance::accepted),
          total(Balance::duplicate),
          total(Balance::rejected),
          total(Balance::blank),
          held,
          held.isEmpty() ? Optional.empty() : HeldRecords.reason(lake, ledger),
          ingested.settled().stream()
              .filter(entry -> entry.balance().flatMap(Balance::damagedAt).isPresent())
              .map(entry -> entry.file().path())
              .collect(Collectors.toCollection(TreeSet::new)),
          ingested.unknownFields(),
          scope.reopened(),
          checks,
          secondsSince(run.startedAt()));
    }

    private long total(ToLongFunction<Balance> figure) {
      return ingested.read().stream().mapToLong(figure).sum();
    }

    private double secondsSince(Instant start) {
      return Duration.between(start, clock.instant()).toMillis() / 1000.0;
    }
  }
}
