package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.shoplens.config.AttributionSettings.Model;
import io.shoplens.config.Reference.TouchRule;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.quality.Findings;
import io.shoplens.quality.Invariants;
import io.shoplens.table.AttributionCredits;
import io.shoplens.table.Checks;
import io.shoplens.table.CreatorDaily;
import io.shoplens.table.DailyAttribution;
import io.shoplens.table.DailyEconomics;
import io.shoplens.table.DailyExternalGmv;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.DailyGmvCategory;
import io.shoplens.table.Events;
import io.shoplens.table.Leaks;
import io.shoplens.table.Ledger;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.Orders;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Reach;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The invariants, over what a run is about to publish, and what it tells of the data that came in;
 * one Spark job for all of them.
 */
final class ChecksJob {
  /** A clock or a zone that is put right moves an event by hours. */
  private static final Reach NEIGHBOURS =
      new Reach(1, 1, "an event sent again at another instant is looked for on the next date");

  private final RunContext run;
  private final Lake lake;
  private final FileLedger ledger;

  ChecksJob(RunContext run, FileLedger ledger) {
    this.run = run;
    this.lake = run.lake();
    this.ledger = ledger;
  }

  /** Checks the frames, records the verdicts in ops.checks, and yields them. */
  List<CheckFacts> run(Scope scope, GoldFrames gold) {
    List<CheckFacts> facts = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (Row verdict : Invariants.all(verdicts(scope, gold)).collectAsList()) {
      CheckFacts fact =
          new CheckFacts(
              verdict.getString(0),
              verdict.getString(1),
              verdict.getLong(2),
              verdict.getLong(3),
              Optional.ofNullable(verdict.getString(4))
                  .map(text -> example(text, verdict, scope, gold)));
      facts.add(fact);
      rows.add(row(fact));
    }
    lake.append(Checks.TABLE, run.session().createDataFrame(rows, Checks.TABLE.schema()));
    return facts;
  }

  /** What a check says of one case that breaks it; of a key, by a look that sorts all of them. */
  private String example(String text, Row verdict, Scope scope, GoldFrames gold) {
    return verdict.getString(0).equals(Invariants.KEYS_ARE_UNIQUE)
        ? Invariants.repeatedKeys(goldRows(gold, soldDates(gold, movedDates(scope, gold))))
            .first()
            .getString(0)
        : text;
  }

  /** Dates whose orders have moved since they were published, or whose credits are new. */
  private SortedSet<LocalDate> movedDates(Scope scope, GoldFrames gold) {
    SortedSet<LocalDate> dates =
        lake.datesRewrittenAfter(OrderHistory.TABLE, scope.publishedVersion(OrderHistory.TABLE));
    dates.addAll(scope.rebuiltDates());
    dates.addAll(gold.datesOf(AttributionCredits.TABLE));
    return dates;
  }

  private static SortedSet<LocalDate> soldDates(GoldFrames gold, SortedSet<LocalDate> moved) {
    SortedSet<LocalDate> dates = new TreeSet<>(moved);
    dates.addAll(gold.datesOf(DailyGmv.TABLE));
    // The gold of a closed period stands, whatever its orders have become since.
    return gold.open(DailyGmv.TABLE, dates);
  }

  private List<Dataset<Row>> verdicts(Scope scope, GoldFrames gold) {
    SortedSet<LocalDate> moved = movedDates(scope, gold);
    SortedSet<LocalDate> credited = gold.open(AttributionCredits.TABLE, moved);
    SortedSet<LocalDate> sold = soldDates(gold, moved);
    SortedSet<LocalDate> clicked = OutboundLinks.TABLE.reach().of(scope.eventDates());
    Dataset<Row> dailyGmv = gold.rows(DailyGmv.TABLE, sold);
    List<Model> models = run.config().attribution().models();
    // On dates that are not credited anew nothing but completeness can be new of their GMV.
    Dataset<Row> creditedGmv = gold.rows(DailyGmv.TABLE, credited);
    Dataset<Row> dailyAttribution = gold.rows(DailyAttribution.TABLE, credited);
    Dataset<Row> credits = gold.rows(AttributionCredits.TABLE, credited);
    Dataset<Row> history = lake.readDates(OrderHistory.TABLE, sold);
    Dataset<Row> creditedHistory = lake.readDates(OrderHistory.TABLE, credited);
    Dataset<Row> nearEvents =
        lake.readDates(Events.TABLE, NEIGHBOURS.of(receivedDates(scope)))
            .where(col(RECORD_KIND).equalTo("accepted"));
    return List.of(
        Findings.eventTypesAreKnown(
            nearEvents.where(col(SEQUENCE).gt(lit(scope.publishedSequence()))), ruledTypes()),
        Findings.eventIdsHaveOneDate(nearEvents, scope.publishedSequence()),
        Invariants.filesBalance(
            lake.read(Ledger.TABLE).where(col(SEQUENCE).gt(lit(scope.publishedSequence())))),
        Invariants.creditsAddUp(credits, creditedHistory, models),
        Invariants.dailyCreditsMatchGmv(dailyAttribution, creditedGmv, models),
        Invariants.netFollowsFromGross(dailyGmv),
        Invariants.dailyGmvMatchesHistory(
            dailyGmv, gold.rows(DailyExternalGmv.TABLE, sold), history),
        Invariants.partsAddUp(
            dailyGmv,
            Map.of(
                CATEGORY,
                gold.rows(DailyGmvCategory.TABLE, sold),
                CREATOR_ID,
                gold.rows(CreatorDaily.TABLE, sold))),
        Invariants.clicksHaveOneCertainty(lake.readDates(OutboundLinks.TABLE, clicked)),
        Invariants.clicksHaveOneState(
            lake.readDates(OutboundLinks.TABLE, clicked),
            gold.rows(Leaks.TABLE, Leaks.TABLE.reach().of(clicked))),
        Invariants.orphansStandApart(lake.read(Orders.TABLE)),
        Invariants.ratesAreKnown(history, gold.rows(DailyEconomics.TABLE, sold)),
        Invariants.keysAreUnique(goldRows(gold, sold)));
  }

  /** UTC dates that received records, which those that are rebuilt need not have. */
  private SortedSet<LocalDate> receivedDates(Scope scope) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (FileLedger.Entry entry : ledger.settledAfter(scope.publishedSequence())) {
      entry.balance().ifPresent(balance -> dates.addAll(balance.utcDates()));
    }
    return dates;
  }

  private Set<String> ruledTypes() {
    return run.config().reference().touchRules().stream()
        .map(TouchRule::eventType)
        .collect(Collectors.toSet());
  }

  /** The gold that is about to be published: what the run computed, or steps before it stored. */
  private static Map<Table, Dataset<Row>> goldRows(GoldFrames gold, SortedSet<LocalDate> stored) {
    boolean isStored = gold.tables().isEmpty();
    Map<Table, Dataset<Row>> rows = new LinkedHashMap<>();
    for (Table table : Tables.ALL) {
      if (isStored ? table.layer().equals("gold") : gold.tables().contains(table)) {
        rows.put(table, gold.rows(table, isStored ? stored : gold.datesOf(table)));
      }
    }
    return rows;
  }

  private Row row(CheckFacts fact) {
    return RowFactory.create(
        run.runId(),
        fact.name(),
        fact.expectation(),
        fact.examined(),
        fact.violations(),
        fact.example().orElse(null),
        fact.isPassed(),
        Timestamp.from(run.startedAt()),
        fact.severity());
  }
}
