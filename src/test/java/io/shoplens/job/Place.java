package io.shoplens.job;

import static org.apache.spark.sql.functions.col;

import io.shoplens.config.ConfFolder;
import io.shoplens.config.ConfigFile;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.Lake;
import io.shoplens.lake.RunRecord;
import io.shoplens.table.Ledger;
import io.shoplens.table.Runs;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Logs, a configuration and a lake. */
final class Place {
  private static final Instant NOW = Instant.parse("2026-03-09T00:00:00Z");

  private final Path home;
  private final ShoplensConfig config;

  Place(Path folder, String name) throws IOException {
    this(folder, name, "clicks", Map.of());
  }

  /**
   * A place below a folder, or the same with another configuration.
   *
   * @param eventFeed name of the feed of events
   * @param settings settings that differ from a place where nothing is ever held
   */
  Place(Path folder, String name, String eventFeed, Map<String, String> settings)
      throws IOException {
    home = Files.createDirectories(folder.resolve(name));
    Files.createDirectories(home.resolve("events"));
    Files.createDirectories(home.resolve("orders"));
    ConfFolder conf =
        ConfFolder.in(home)
            .write(
                "a.yaml",
                """
                lake.root: %1$s/lake
                ingest.file-reject-limit: 1
                ingest.run-reject-limit: 1
                feeds:
                  %2$s: {kind: events, path: %1$s/events}
                  orders: {kind: orders, path: %1$s/orders}
                """
                    .formatted(home, eventFeed));
    config = ConfigFile.load(conf.path("a.yaml"), settings, Map.of());
  }

  /** What a step of a run works on. */
  RunContext context() {
    return new RunContext(lake(), config, "r", NOW);
  }

  void put(String file, String... lines) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Files.writeString(home.resolve(file), (String.join("\n", lines) + "\n").replace('\'', '"'));
  }

  RunReport ingest() {
    return run(RunRequest.of("ingest", EnumSet.of(Step.INGEST)));
  }

  /** Takes every step of a run. */
  RunReport publish() {
    return run(RunRequest.of("run", EnumSet.allOf(Step.class)));
  }

  /** Takes in what there is, and brings the watermarks and daily GMV up to date. */
  RunReport followWatermarks() {
    return run(RunRequest.of("run", EnumSet.of(Step.INGEST, Step.GMV)));
  }

  /** Begins to rebuild a date, and dies once its clicks are rewritten. */
  void rebuildClicksAndDie(LocalDate date) {
    run(RunRequest.of("run", EnumSet.of(Step.CLICKSTREAM)).rebuilding(date, date));
    lake().delete(Runs.TABLE, col("run_state").equalTo("partial"));
  }

  /** Publishes the tables as they are, whatever steps were taken. */
  void publishAsItIs() {
    RunRecord.ofNoDates(
            "r", ledger().lastSequence(), "run", "published", NOW, NOW, config.digest(), "test")
        .appendTo(lake());
  }

  /** Reads quarantined records again. */
  RunReport replay(QuarantineFilter filter) {
    return run(RunRequest.of("replay", EnumSet.of(Step.INGEST)).replaying(filter));
  }

  /** Takes held files as they are. */
  RunReport accept(String... files) {
    return run(
        RunRequest.of("ingest", EnumSet.of(Step.INGEST))
            .accepting(
                Stream.of(files)
                    .map(file -> entry(file).file().path())
                    .collect(Collectors.toCollection(TreeSet::new))));
  }

  /** Commits a plan to take a held file as it is, and dies. */
  void planAccepting(String file) {
    FeedFile held = entry(file).file();
    ledger()
        .plan(
            List.of(held),
            Set.of(held.path()),
            new TreeMap<>(),
            config.digest(),
            "died",
            Instant.parse("2026-03-08T00:00:00Z"));
  }

  /** Takes a step by itself. */
  RunReport step(Step step) {
    return run(RunRequest.of(step.label(), EnumSet.of(step)));
  }

  /** Takes every step of a run at an instant. */
  RunReport publishAt(Instant now) {
    return run(RunRequest.of("run", EnumSet.allOf(Step.class)), Clock.fixed(now, ZoneOffset.UTC));
  }

  private RunReport run(RunRequest request) {
    return run(request, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private RunReport run(RunRequest request, Clock clock) {
    return new Pipeline(lake(), config, clock, "test").run(request, Progress.silent());
  }

  /** Brings ids to the configured keys; names of the tables that were written anew. */
  List<String> rekey() {
    PublishedAgain published = new PublishedAgain(lake(), config, Clock.systemUTC(), "test");
    return new Rekeying(lake(), config, published)
        .rekey(notice -> {}).stream().map(Table::name).toList();
  }

  /** Commits a plan of all files that are to be read, and dies. */
  void plan() {
    List<FeedFile> files =
        config.feeds().stream()
            .flatMap(feed -> FeedFiles.of(feed, lake().hadoop()).stream())
            .toList();
    plan(ledger().unread(files, config.digest()), new TreeMap<>());
  }

  /** Commits a plan, of which some files are read again for their quarantined records, and dies. */
  void plan(List<FeedFile> files, TreeMap<String, Long> replays) {
    Instant died = Instant.parse("2026-03-08T00:00:00Z");
    ledger().plan(files, Set.of(), replays, config.digest(), "died", died);
  }

  /** Ends as a run does that died before it settled an ingest. */
  void unsettle(long sequence) {
    lake()
        .delete(
            Ledger.TABLE,
            col("sequence")
                .equalTo(sequence)
                .and(col("file_state").isin("planned", "accept", "replay").unary_$bang()));
  }

  /** Line, code, field and ingest of every quarantined record, in the order of their lines. */
  List<String> quarantine() {
    return texts(
        "SELECT concat_ws(' ', feed, source_line, reject_code, reject_field, sequence) FROM"
            + " ops.quarantine ORDER BY 1");
  }

  /** The files of the feed of events, and of others, that a listing finds. */
  List<FeedFile> listed(RunRequest.Listing listing) {
    return listed(listing, notice -> {});
  }

  /** The same, by a run of the 9th of March. */
  List<FeedFile> listed(RunRequest.Listing listing, Consumer<String> notices) {
    return Incoming.listed(context(), ledger(), listing, notices);
  }

  /** The accepted rows of a table as JSON, but for where they came from. */
  List<String> accepted(String table) {
    return Rows.json(
        lake().query("SELECT * FROM " + table + " WHERE record_kind = 'accepted'"),
        ownColumns(Tables.named(table).orElseThrow()));
  }

  /** The rows of a table as JSON, but for where they came from. */
  List<String> rows(Table table) {
    return Rows.json(lake().read(table), ownColumns(table));
  }

  private static String[] ownColumns(Table table) {
    return Stream.of(table.schema().fieldNames())
        .filter(name -> !name.matches("sequence|source_.*|record_kind|reject_.*|file_.*"))
        .toArray(String[]::new);
  }

  /**
   * Every record that was rejected: of those that lost a conflict the content's hash, each of the
   * others once however often it came.
   */
  List<String> rejected() {
    String rejected =
        "SELECT %s concat_ws(' ', feed, reject_code, reject_field, %s) FROM %s"
            + " WHERE record_kind = 'rejected' AND reject_code %s ORDER BY 1";
    return Stream.of("bronze.events", "bronze.order_events")
        .flatMap(
            table ->
                Stream.of(
                    rejected.formatted(
                        "DISTINCT",
                        "make_valid_utf8(CAST(reject_raw AS STRING))",
                        table,
                        "<> 'conflicting_duplicate'"),
                    rejected.formatted(
                        "", "CAST(content_hash AS STRING)", table, "= 'conflicting_duplicate'")))
        .flatMap(sql -> texts(sql).stream())
        .toList();
  }

  /** What was accepted of the feed of events, in the order of its ids. */
  List<String> clicks() {
    return texts(
        "SELECT concat_ws(' ', event_id, product_id, sequence) FROM bronze.events WHERE"
            + " record_kind = 'accepted' ORDER BY 1");
  }

  /** Name, sequence and state of every entry of the ledger that is settled. */
  List<String> settled() {
    return texts(
        "SELECT concat_ws(' ', element_at(split(path, '/'), -1), sequence, file_state) FROM"
            + " ops.ledger WHERE file_state NOT IN ('planned', 'accept', 'replay') ORDER BY 1");
  }

  Lake lake() {
    return new Lake(LocalSpark.session(), config.lakeRoot());
  }

  FileLedger ledger() {
    return FileLedger.of(lake());
  }

  Entry entry(String file) {
    return ledger().latest().values().stream()
        .filter(entry -> entry.file().path().endsWith(file + ".jsonl"))
        .findFirst()
        .orElseThrow();
  }

  Map<String, String> balances() {
    Map<String, String> balances = new TreeMap<>();
    for (Entry entry : ledger().latest().values()) {
      FileLedger.Balance balance = entry.balance().orElseThrow();
      String path = entry.file().path().replace(".jsonl", "");
      balances.put(
          path.substring(
              path.indexOf(home.getFileName() + "/") + home.getFileName().toString().length() + 1),
          balance.records()
              + " = "
              + balance.accepted()
              + " + "
              + balance.duplicate()
              + " + "
              + balance.rejected()
              + " + "
              + balance.blank());
    }
    return balances;
  }

  List<String> texts(String sql) {
    return lake().query(sql).collectAsList().stream()
        .map(row -> row.getString(0).replace('"', '\''))
        .toList();
  }
}
