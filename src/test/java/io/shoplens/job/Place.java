package io.shoplens.job;

import io.shoplens.config.ConfFolder;
import io.shoplens.config.ConfigFile;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.Lake;
import io.shoplens.table.Table;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Logs, a configuration and a lake. */
final class Place {
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

  void put(String file, String... lines) throws IOException {
    Files.writeString(home.resolve(file), (String.join("\n", lines) + "\n").replace('\'', '"'));
  }

  void ingest() {
    Clock clock = Clock.fixed(Instant.parse("2026-03-09T00:00:00Z"), ZoneOffset.UTC);
    new Pipeline(lake(), config, clock, "test")
        .run(RunRequest.of("ingest", EnumSet.of(Step.INGEST)), Progress.silent());
  }

  /** Brings ids to the configured keys; names of the tables that were written anew. */
  List<String> rekey() {
    PublishedAgain published = new PublishedAgain(lake(), config, Clock.systemUTC(), "test");
    return new Rekeying(lake(), config, published)
        .rekey(notice -> {}).stream().map(Table::name).toList();
  }

  /** Commits a plan of all files there are, and dies. */
  void plan() {
    List<FeedFile> files =
        config.feeds().stream()
            .flatMap(feed -> FeedFiles.of(feed, lake().hadoop()).stream())
            .toList();
    ledger().plan(files, config.digest(), "died", Instant.parse("2026-03-08T00:00:00Z"));
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
            + " ops.ledger WHERE file_state <> 'planned' ORDER BY 1");
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
