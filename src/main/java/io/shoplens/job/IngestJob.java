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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
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
  /**
   * What an ingest did.
   *
   * @param settled every file it read, as the ledger has it now
   * @param read what became of the records it read, by file
   * @param unknownFields fields that it read first
   */
  record Result(List<Entry> settled, List<Balance> read, List<UnknownField> unknownFields) {}

  private final RunContext run;
  private final FileLedger ledger;
  private final Consumer<String> notices;
  private final Replays replays;
  private final Inputs inputs;
  private final List<Entry> settled = new ArrayList<>();
  private final List<Balance> read = new ArrayList<>();
  private final List<UnknownField> unknownFields = new ArrayList<>();
  private final PersonalData persons;

  IngestJob(RunContext run, FileLedger ledger, Consumer<String> notices) {
    this.run = run;
    this.ledger = ledger;
    this.notices = notices;
    this.replays = new Replays(run, ledger);
    this.inputs = new Inputs(run, ledger);
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
   * @param request which held files are taken as they are, which quarantined records are read
   *     again, and where new files are looked for
   */
  Result run(RunRequest request) {
    Set<String> acceptedFiles = new TreeSet<>(request.acceptedFiles());
    Optional<Plan> unfinished = ledger.unfinished();
    unfinished.ifPresent(this::takeUp);
    // A run that died may have been asked for the same.
    unfinished.ifPresent(plan -> acceptedFiles.removeAll(plan.accepted()));
    requireHeld(acceptedFiles);
    List<FeedFile> files = new ArrayList<>(unread(acceptedFiles, request.listing()));
    SortedMap<String, Long> again = new TreeMap<>();
    request
        .replayed()
        .ifPresent(
            filter ->
                replays
                    .chosen(filter)
                    .forEach(
                        (file, records) -> {
                          files.add(file);
                          again.put(file.path(), records);
                        }));
    if (!files.isEmpty()) {
      Map<String, Dataset<Row>> records = records(files, again);
      ingest(
          ledger.plan(
              files, acceptedFiles, again, run.config().digest(), run.runId(), run.startedAt()),
          records);
    }
    return new Result(settled, read, unknownFields);
  }

  private void requireHeld(Set<String> paths) {
    SortedMap<String, String> feedOfHeld = new TreeMap<>();
    ledger.held().forEach(entry -> feedOfHeld.put(entry.file().path(), entry.file().feed()));
    Set<String> held = feedOfHeld.keySet();
    Set<String> configured = run.config().feedNames();
    for (String path : paths) {
      if (!held.contains(path)) {
        throw Errors.input(
            "Can't accept " + path + ".",
            "It is not held; held are: " + (held.isEmpty() ? "none" : held) + ".",
            "Name a held file by its full path.");
      }
      String feed = feedOfHeld.get(path);
      if (!configured.contains(feed)) {
        throw Errors.input(
            "Can't accept " + path + ".",
            "Its feed " + feed + " is not configured.",
            "Configure feeds." + feed + " again; its files stay held until then.");
      }
    }
  }

  private List<FeedFile> unread(Set<String> acceptedFiles, RunRequest.Listing listing) {
    List<FeedFile> listed = Incoming.listed(run, ledger, listing, notices);
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
    letGo(listed);
    Set<FeedFile> unread = new HashSet<>(ledger.unread(listed, run.config().digest()));
    return listed.stream()
        .filter(file -> unread.contains(file) || accepted.contains(file))
        .toList();
  }

  /**
   * Held files that are not delivered any more: who took them back has mended what held them. What
   * is there of a feed that is not configured nobody has looked for: its files stay held.
   */
  private void letGo(List<FeedFile> listed) {
    Set<String> delivered = listed.stream().map(FeedFile::path).collect(Collectors.toSet());
    Set<String> configured = run.config().feedNames();
    Map<String, Long> readings = ledger.heldReadings();
    List<Entry> gone = new ArrayList<>();
    for (Entry held : ledger.held()) {
      FeedFile file = held.file();
      if (configured.contains(file.feed()) && !delivered.contains(file.path())) {
        Column rows = new Conflicts.Reading(readings.get(file.path()), file.path()).rows();
        Bronze.ALL.stream()
            .filter(bronze -> run.lake().exists(bronze.table()))
            .forEach(bronze -> run.lake().delete(bronze.table(), rows));
        notices.accept(file.path() + " was held and is not there any more: nothing of it is kept");
        gone.add(
            new Entry(
                ledger.lastSequence() + 1,
                file,
                State.GONE,
                Optional.of(Balance.ofNothing()),
                held.configDigest()));
      }
    }
    if (!gone.isEmpty()) {
      ledger.record(gone, run.runId(), run.startedAt());
    }
  }

  /**
   * The records of files by feed, unread yet: a mapping that can't be used is told here.
   *
   * @param again files of which only quarantined records are read
   */
  private Map<String, Dataset<Row>> records(List<FeedFile> files, Map<String, Long> again) {
    Map<String, Dataset<Row>> records = new HashMap<>();
    for (Bronze bronze : Bronze.ALL) {
      for (Feed feed : run.config().feeds()) {
        if (feed.kind() == bronze.kind()) {
          List<FeedFile> own =
              files.stream().filter(file -> file.feed().equals(feed.name())).toList();
          Stream.of(
                  whole(feed, own.stream().filter(file -> !again.containsKey(file.path()))),
                  quarantined(
                      bronze, feed, own.stream().filter(file -> again.containsKey(file.path()))))
              .flatMap(Optional::stream)
              .map(rows -> rows.withColumn(FEED, lit(feed.name())))
              .reduce(Dataset::unionByName)
              .ifPresent(rows -> records.put(feed.name(), rows));
        }
      }
    }
    return records;
  }

  private Optional<Dataset<Row>> whole(Feed feed, Stream<FeedFile> files) {
    List<InputFile> read = inputs.of(files.toList());
    return read.isEmpty()
        ? Optional.empty()
        : Optional.of(
            RawLog.read(
                run.session(),
                feed,
                read,
                run.config().ingest(),
                run.config().reference(),
                persons));
  }

  private Optional<Dataset<Row>> quarantined(Bronze bronze, Feed feed, Stream<FeedFile> files) {
    List<InputFile> again = inputs.of(files.toList());
    if (again.isEmpty()) {
      return Optional.empty();
    }
    Dataset<Row> rows =
        RawLog.readAgain(
            run.session(),
            feed,
            again,
            replays.places(bronze, again.stream().map(InputFile::path).toList()),
            run.config().ingest(),
            run.config().reference(),
            persons);
    // What follows joins these rows with themselves and with the table their places are from:
    // planned as one, that takes the analyzer longer than anything.
    return Optional.of(run.session().createDataFrame(rows.toJavaRDD(), rows.schema()));
  }

  /** Completes a plan that a run left unfinished. */
  private void takeUp(Plan plan) {
    requireConfigured(plan);
    List<Intake.Taken> taken = new ArrayList<>();
    Plan there = plan;
    String digest = run.config().digest();
    for (Bronze bronze : Bronze.ALL) {
      List<FeedFile> files = filesOf(bronze, plan);
      if (files.isEmpty()) {
        continue;
      }
      Intake appended = new Intake(run, ledger, persons, bronze, plan, inputs);
      if (appended.isAppended()) {
        taken.add(appended.complete());
        digest = plan.configDigest();
        continue;
      }
      appended.takeBack();
      Set<FeedFile> gone = new HashSet<>(files);
      gone.removeIf(file -> FeedFiles.isUnchanged(file, run.lake().hadoop()));
      enterGone(plan, gone);
      there = there.without(gone);
      List<FeedFile> left = filesOf(bronze, there);
      if (!left.isEmpty()) {
        taken.add(append(bronze, there, records(left, plan.replays())));
      }
    }
    settle(there, taken, digest);
  }

  /**
   * Enters files of a plan that are not as they were planned, before anything of the others is
   * appended: whoever goes on from there must not take them for read.
   */
  private void enterGone(Plan plan, Set<FeedFile> gone) {
    if (gone.isEmpty()) {
      return;
    }
    List<Entry> entries = new ArrayList<>();
    for (FeedFile file : gone) {
      entries.add(
          plan.replays().containsKey(file.path())
              ? ledger.unchanged(plan, file)
              : new Entry(
                  plan.sequence(),
                  file,
                  State.GONE,
                  Optional.of(Balance.ofNothing()),
                  run.config().digest()));
    }
    ledger.record(entries, run.runId(), run.startedAt());
    settled.addAll(entries);
  }

  /** A feed that was renamed would leave its planned files unread for good. */
  private void requireConfigured(Plan plan) {
    Set<String> configured = run.config().feedNames();
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

  private void ingest(Plan plan, Map<String, Dataset<Row>> records) {
    List<Intake.Taken> taken = new ArrayList<>();
    for (Bronze bronze : Bronze.ALL) {
      Set<String> feeds =
          filesOf(bronze, plan).stream().map(FeedFile::feed).collect(Collectors.toSet());
      if (!feeds.isEmpty()) {
        Map<String, Dataset<Row>> own = new HashMap<>(records);
        own.keySet().retainAll(feeds);
        taken.add(append(bronze, plan, own));
      }
    }
    settle(plan, taken, run.config().digest());
  }

  private Intake.Taken append(Bronze bronze, Plan plan, Map<String, Dataset<Row>> records) {
    Intake intake = new Intake(run, ledger, persons, bronze, plan, inputs);
    List<FeedFile> files = filesOf(bronze, plan);
    return inputs.read(
        files,
        () -> intake.append(union(records)),
        () -> intake.append(union(records(files, plan.replays()))));
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

  private void settle(Plan plan, List<Intake.Taken> taken, String digest) {
    Map<String, Balance> balances = new HashMap<>();
    Set<String> held = new HashSet<>();
    SortedMap<String, String> unknown = new TreeMap<>();
    for (Intake.Taken each : taken) {
      balances.putAll(each.balances());
      held.addAll(each.held());
      unknown.putAll(each.unknownFields());
    }
    List<Entry> ended = new ArrayList<>();
    for (FeedFile file : plan.files()) {
      Balance balance = balances.getOrDefault(file.path(), Balance.ofNothing());
      read.add(balance);
      ended.add(
          plan.replays().containsKey(file.path())
              ? replayed(plan, file, balance, digest)
              : new Entry(
                  plan.sequence(), file, state(file, balance, held), Optional.of(balance), digest));
    }
    if (!ended.isEmpty()) {
      ledger.record(ended, run.runId(), run.startedAt());
    }
    settled.addAll(ended);
    unknownFields.addAll(Drift.firstSeen(run.lake(), plan, unknown, keepingFeeds()));
  }

  /** Feeds in the contract's own form, whose records leave what is unknown in {@code extra}. */
  private Set<String> keepingFeeds() {
    return run.config().feeds().stream()
        .filter(Feed::keepsUnknown)
        .map(Feed::name)
        .collect(Collectors.toSet());
  }

  /** A file of which quarantined records were read again is what it was, but for those. */
  private Entry replayed(Plan plan, FeedFile file, Balance again, String digest) {
    Entry before = ledger.unchanged(plan, file);
    return new Entry(
        plan.sequence(),
        file,
        before.state(),
        before.balance().map(balance -> balance.afterReplaying(again)),
        digest);
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
