package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.lit;

import io.shoplens.config.Feed;
import io.shoplens.config.KeyRing;
import io.shoplens.error.Errors;
import io.shoplens.lake.ErasureList;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.Plan;
import io.shoplens.lake.FileLedger.State;
import io.shoplens.lake.PersonKeys;
import io.shoplens.lake.PersonKeys.Presence;
import io.shoplens.rawlog.InputFile;
import io.shoplens.rawlog.PersonalData;
import io.shoplens.rawlog.RawLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Raw logs into bronze, each file once: plan, append, settle the ledger.
 *
 * <p>A run that dies between two of these commits is completed by the next one before that reads
 * anything new: the plan is taken up as it stands. Where its records were appended already, its
 * transaction id tells, and the ledger is settled by what the tables hold.
 */
final class IngestJob {
  private final RunContext run;
  private final FileLedger ledger;
  private final PersonalData persons;

  IngestJob(RunContext run, FileLedger ledger) {
    this.run = run;
    this.ledger = ledger;
    this.persons =
        PersonalData.under(keys(run), new ErasureList(run.lake()).persons(run.config().privacy()));
  }

  private static Optional<KeyRing> keys(RunContext run) {
    boolean isStored = Bronze.ALL.stream().anyMatch(bronze -> run.lake().exists(bronze.table()));
    return PersonKeys.agreed(
        run.lake(), run.config().privacy(), isStored ? Presence.IDS : Presence.NONE);
  }

  /**
   * Takes in what is new; what became of each file is in the result.
   *
   * @param acceptedFiles held files that are read anew and taken as they are
   */
  List<Entry> run(Set<String> acceptedFiles) {
    requireHeld(acceptedFiles);
    List<Entry> settled = new ArrayList<>();
    ledger.unfinished().ifPresent(plan -> settled.addAll(takeUp(plan)));
    List<FeedFile> unread = unread(acceptedFiles);
    if (!unread.isEmpty()) {
      Map<String, Dataset<Row>> records = records(unread);
      Plan plan = ledger.plan(unread, run.config().digest(), run.runId(), run.startedAt());
      settled.addAll(ingest(plan, records, acceptedFiles));
    }
    return settled;
  }

  private void requireHeld(Set<String> paths) {
    Set<String> held =
        ledger.held().stream()
            .map(entry -> entry.file().path())
            .collect(Collectors.toCollection(TreeSet::new));
    for (String path : paths) {
      if (!held.contains(path)) {
        throw Errors.input(
            "Can't accept " + path + ".",
            "It is not held; held are: " + (held.isEmpty() ? "none" : held) + ".",
            "Name a held file by its full path.");
      }
    }
  }

  private List<FeedFile> unread(Set<String> acceptedFiles) {
    List<FeedFile> listed = new ArrayList<>();
    for (Feed feed : run.config().feeds()) {
      listed.addAll(FeedFiles.of(feed, run.lake().hadoop()));
    }
    Map<String, Entry> latest = ledger.latest();
    Set<FeedFile> accepted = new HashSet<>();
    for (String path : acceptedFiles) {
      FeedFile held = latest.get(path).file();
      accepted.add(
          listed.stream()
              .filter(file -> file.path().equals(path) && file.isSameContent(held))
              .findFirst()
              .orElseThrow(
                  () ->
                      Errors.input(
                          "Can't accept " + path + ".",
                          "It is gone or has changed since it was held.",
                          "Run shoplens ingest without it, which reads what is there now.")));
    }
    Set<FeedFile> unread = new HashSet<>(ledger.unread(listed, run.config().digest()));
    return listed.stream()
        .filter(file -> unread.contains(file) || accepted.contains(file))
        .toList();
  }

  /** The records of files by feed, unread yet: a mapping that can't be used is told here. */
  private Map<String, Dataset<Row>> records(List<FeedFile> files) {
    Map<String, Dataset<Row>> records = new HashMap<>();
    for (Feed feed : run.config().feeds()) {
      List<InputFile> inputs =
          files.stream()
              .filter(file -> file.feed().equals(feed.name()))
              .map(file -> new InputFile(file.path(), file.size()))
              .toList();
      if (!inputs.isEmpty()) {
        records.put(
            feed.name(),
            RawLog.read(
                    run.session(),
                    feed,
                    inputs,
                    run.config().ingest(),
                    run.config().reference(),
                    persons)
                .withColumn(FEED, lit(feed.name())));
      }
    }
    return records;
  }

  /** Completes a plan that a run left unfinished. */
  private List<Entry> takeUp(Plan plan) {
    requireConfigured(plan);
    Map<String, Balance> balances = new HashMap<>();
    Set<FeedFile> gone = new HashSet<>();
    String digest = run.config().digest();
    for (Bronze bronze : Bronze.ALL) {
      List<FeedFile> files = filesOf(bronze, plan);
      if (files.isEmpty()) {
        continue;
      }
      Intake intake = new Intake(run, ledger, persons, bronze, plan, Set.of());
      if (intake.isAppended()) {
        balances.putAll(intake.complete());
        digest = plan.configDigest();
        continue;
      }
      List<FeedFile> there = new ArrayList<>();
      for (FeedFile file : files) {
        (FeedFiles.isUnchanged(file, run.lake().hadoop()) ? there : gone).add(file);
      }
      if (!there.isEmpty()) {
        balances.putAll(intake.append(union(records(there))));
      }
    }
    return settle(plan, balances, gone, Set.of(), digest);
  }

  /** A feed that was renamed would leave its planned files unread for good. */
  private void requireConfigured(Plan plan) {
    Set<String> configured =
        run.config().feeds().stream().map(Feed::name).collect(Collectors.toSet());
    for (FeedFile file : plan.files()) {
      if (!configured.contains(file.feed())) {
        throw Errors.configuration(
            "Ingest " + plan.sequence() + " can't be completed.",
            "It was left unfinished with files of feed "
                + file.feed()
                + ", such as "
                + file.path()
                + ", and no feed of that name is configured.",
            "Configure feeds." + file.feed() + " again, run once, then rename or remove it.");
      }
    }
  }

  private List<Entry> ingest(
      Plan plan, Map<String, Dataset<Row>> records, Set<String> acceptedFiles) {
    Map<String, Balance> balances = new HashMap<>();
    for (Bronze bronze : Bronze.ALL) {
      Set<String> feeds =
          filesOf(bronze, plan).stream().map(FeedFile::feed).collect(Collectors.toSet());
      if (!feeds.isEmpty()) {
        Map<String, Dataset<Row>> own = new HashMap<>(records);
        own.keySet().retainAll(feeds);
        Intake intake = new Intake(run, ledger, persons, bronze, plan, acceptedFiles);
        balances.putAll(intake.append(union(own)));
      }
    }
    return settle(plan, balances, Set.of(), acceptedFiles, run.config().digest());
  }

  private static Dataset<Row> union(Map<String, Dataset<Row>> records) {
    return records.values().stream().reduce(Dataset::unionByName).orElseThrow();
  }

  private List<FeedFile> filesOf(Bronze bronze, Plan plan) {
    Set<String> feeds =
        run.config().feeds().stream()
            .filter(feed -> feed.kind() == bronze.kind())
            .map(Feed::name)
            .collect(Collectors.toSet());
    return plan.files().stream().filter(file -> feeds.contains(file.feed())).toList();
  }

  private List<Entry> settle(
      Plan plan,
      Map<String, Balance> balances,
      Set<FeedFile> gone,
      Set<String> acceptedFiles,
      String digest) {
    Set<String> held = RejectLimits.over(run.config().ingest(), plan.files(), balances);
    held.removeAll(acceptedFiles);
    List<Entry> settled =
        plan.files().stream()
            .map(
                file -> {
                  Balance balance = balances.getOrDefault(file.path(), Balance.ofNothing());
                  State state = gone.contains(file) ? State.GONE : state(file, balance, held);
                  return new Entry(plan.sequence(), file, state, Optional.of(balance), digest);
                })
            .toList();
    ledger.record(settled, run.runId(), run.startedAt());
    return settled;
  }

  private static State state(FeedFile file, Balance balance, Set<String> held) {
    if (held.contains(file.path())) {
      return State.HELD;
    }
    if (balance.damagedAt().isPresent()) {
      return State.DAMAGED;
    }
    return file.size() == 0 ? State.EMPTY : State.DONE;
  }
}
