package io.shoplens.faults;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.cli.EndToEnd;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.oracle.Oracle;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Table;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.Moment;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import scala.jdk.javaapi.CollectionConverters;

/** Tiny logs, what the oracle makes of them, and lakes of them on one S3 server. */
final class World {
  /** How much of the logs has come in. */
  enum Days {
    /** The first delivery: two dates, with repeats inside a file and between two. */
    FIRST,
    /** The second as well: a new date, a repeat of an old record, a refund of an old order. */
    BOTH
  }

  /** Runs are many: two models stand for all. */
  private static final List<String> MODELS = List.of("last_touch", "linear");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BUCKET = "lakes";

  /** What the same record has otherwise in another lake, or after an erasure or a rekey. */
  private static final Set<String> OWN =
      Set.of(SEQUENCE, SOURCE_FILE, USER_ID, DEVICE_ID, CONTENT_HASH);

  private static final String CLICK =
      "{\"event_id\":\"e%1$d\",\"event_type\":\"product_click\",\"user_id\":\"user-%2$d\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT10:00:00Z\",\"surface\":\"live\",\"product_id\":\"p1\"}";
  private static final String LEAK =
      "{\"event_id\":\"l%1$d\",\"event_type\":\"outbound_click\",\"user_id\":\"user-%2$d\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT10:01:00Z\",\"link_url\":\"https://www.amazon.co.uk/dp/B0\"}";
  private static final String PLACED =
      "{\"order_event_id\":\"%1$d\",\"order_id\":\"o%1$d\",\"order_event\":\"placed\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT11:00:00Z\",\"user_id\":\"user-%2$d\",\"currency\":\"GBP\",\"lines\":"
          + "[{\"line_id\":\"1\",\"product_id\":\"p1\",\"quantity\":2,\"unit_price\":\"12.50\"}]}";
  private static final String PAID =
      "{\"order_event_id\":\"p%1$d\",\"order_id\":\"o%1$d\",\"order_event\":\"paid\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT11:01:00Z\",\"user_id\":\"user-%2$d\",\"currency\":\"GBP\"}";
  private static final String REFUNDED =
      "{\"order_event_id\":\"r%1$d\",\"order_id\":\"o%1$d\",\"order_event\":\"refunded\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-04T12:00:00Z\",\"currency\":\"GBP\","
          + "\"reversal\":{\"lines\":[{\"line_id\":\"1\",\"quantity\":1}]}}";

  /** A user of the first delivery only. */
  static final String PASSING_USER = "user-3";

  private static final class Holder {
    private static final World WORLD = open();
  }

  private final Path folder;
  private final LoopbackS3 s3;
  private final Map<Days, Map<String, List<Map<String, String>>>> gold = new EnumMap<>(Days.class);
  private final Map<Days, List<String>> contents = new EnumMap<>(Days.class);
  private final Map<Days, Place> undisturbed = new EnumMap<>(Days.class);
  private final Map<Days, Integer> commits = new EnumMap<>(Days.class);

  private World(Path folder, LoopbackS3 s3) {
    this.folder = folder;
    this.s3 = s3;
  }

  /** The one of this JVM. */
  static World shared() {
    return Holder.WORLD;
  }

  private static World open() {
    try {
      Path target = Path.of("target").toAbsolutePath();
      Path folder =
          target
              .resolve("faults")
              .resolve(String.valueOf(builtAt(target)))
              .resolve(System.getProperty("test.fork", "1"));
      World world = new World(folder, LoopbackS3.start(folder.resolve("buckets"), BUCKET));
      world.writeLogs();
      return world;
    } catch (Exception failure) {
      throw new IllegalStateException("the S3 server did not start", failure);
    }
  }

  /** What undisturbed runs leave is kept for as long as the code is the same. */
  private static long builtAt(Path target) throws IOException {
    try (Stream<Path> classes = Files.walk(target.resolve("classes"))) {
      return classes.mapToLong(file -> file.toFile().lastModified()).max().orElse(0);
    }
  }

  private void writeLogs() throws IOException {
    write("events/1/a.json", CLICK.formatted(2, 1), LEAK.formatted(2, 1), CLICK.formatted(2, 1));
    write("events/1/b.json", CLICK.formatted(3, 3), CLICK.formatted(2, 1), LEAK.formatted(3, 2));
    write("events/2/c.json", CLICK.formatted(4, 2), LEAK.formatted(3, 2), LEAK.formatted(4, 1));
    write("orders/1/a.json", PLACED.formatted(2, 1), PAID.formatted(2, 1), PAID.formatted(2, 1));
    write("orders/1/b.json", PLACED.formatted(3, 1), PAID.formatted(3, 1), PLACED.formatted(2, 1));
    write(
        "orders/2/c.json",
        PLACED.formatted(4, 2),
        PAID.formatted(4, 2),
        PAID.formatted(3, 1),
        REFUNDED.formatted(2));
  }

  private void write(String file, String... lines) throws IOException {
    Path path = raw().resolve(file);
    Files.createDirectories(path.getParent());
    // The ledger of a lake that was kept knows when they were written.
    if (!Files.exists(path)) {
      Files.write(path, List.of(lines));
    }
  }

  /** Where the logs lie, below {@code events} and {@code orders}. */
  Path raw() {
    return folder.resolve("raw");
  }

  /** A file with the key that erasures need. */
  Path keys() {
    Path file = folder.resolve("a.keys");
    write(file, "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    return file;
  }

  LoopbackS3 s3() {
    return s3;
  }

  /** A folder of its own for what a test needs beside. */
  Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path logs(Days days, String feed) {
    return days == Days.FIRST ? raw().resolve(feed).resolve("1") : raw().resolve(feed);
  }

  /** A place for a lake that is not there yet; one of an earlier start goes. */
  Place place(String name) {
    Place place = kept(name);
    remove(place.folder());
    return place;
  }

  private Place kept(String name) {
    return new Place(
        this, "s3a://" + BUCKET + "/" + name, raw().toString(), new TreeMap<>(s3.hadoopSettings()));
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Makes a bucket, for those who reach the server by a way of their own. */
  void makeBucket(String name) {
    remove(folder.resolve("buckets").resolve(name));
    folder("buckets/" + name);
  }

  /** A lake after undisturbed runs over one delivery after the other. */
  synchronized Place undisturbed(Days days) {
    Place known = undisturbed.get(days);
    if (known != null) {
      return known;
    }
    String name = "undisturbed-" + days.name().toLowerCase(Locale.ROOT);
    Path done = folder.resolve(name + ".commits");
    Place place = kept(name);
    if (Files.exists(done)) {
      commits.put(days, Integer.valueOf(read(done)));
      undisturbed.put(days, place);
      return place;
    }
    remove(place.folder());
    if (days == Days.BOTH) {
      undisturbed(Days.FIRST).copyTo(place);
    }
    forget();
    CommitFaults.arm(Moment.NEVER, 0);
    Outcome outcome = place.run(days);
    commits.put(days, CommitFaults.disarm());
    if (outcome.exit() != 0) {
      throw new IllegalStateException(outcome.err());
    }
    undisturbed.put(days, place);
    Verdict verdict = place.judged(days);
    if (!verdict.equals(Verdict.HARMLESS)) {
      throw new IllegalStateException("undisturbed " + days + ": " + verdict);
    }
    write(done, commits.get(days).toString());
    return place;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Commits that the undisturbed run over a delivery makes. */
  int commits(Days days) {
    undisturbed(days);
    return commits.get(days);
  }

  /** Forgets what a driver knows of its tables and has on its executors, as a new one would. */
  static void forget() {
    DeltaLog.clearCache();
    SparkSession session = LocalSpark.session();
    session.sharedState().cacheManager().clearCache();
    CollectionConverters.asJava(session.sparkContext().getPersistentRDDs())
        .values()
        .forEach(rows -> rows.unpersist(true));
    SparkSession.setActiveSession(session.newSession());
  }

  private synchronized Map<String, List<Map<String, String>>> gold(Days days) {
    return gold.computeIfAbsent(
        days,
        key -> {
          Map<String, List<Map<String, String>>> tables =
              Oracle.of(logs(key, "events"), logs(key, "orders"), EndToEnd.CONF).gold();
          tables.replaceAll((table, rows) -> rows.stream().filter(World::isComputed).toList());
          // Its spread is over all models.
          tables.remove("model_comparison");
          return tables;
        });
  }

  private static boolean isComputed(Map<String, String> row) {
    return !row.containsKey("model") || MODELS.contains(row.get("model"));
  }

  /** What an undisturbed lake has of the logs' records. */
  private synchronized List<String> contents(Days days) {
    Place place = undisturbed(days);
    return contents.computeIfAbsent(days, key -> place.contents());
  }

  /** Ids in the raw logs, each once. */
  private Set<String> ids(Days days, String feed, String field) {
    Set<String> ids = new TreeSet<>();
    try (Stream<Path> files = Files.walk(logs(days, feed))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (String line : Files.readAllLines(file)) {
          ids.add(JSON.readTree(line).path(field).asText());
        }
      }
      return ids;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * A lake, and how it is reached.
   *
   * @param root where it lies
   * @param raw where its raw logs lie
   * @param settings of the store
   */
  record Place(World world, String root, String raw, Map<String, String> settings) {

    /** The settings and paths that every command on it is given. */
    List<String> options(Days days) {
      String end = days == Days.FIRST ? "/1" : "";
      List<String> options = new ArrayList<>();
      options.addAll(List.of("--conf", EndToEnd.CONF.resolve("samples.yaml").toString()));
      options.addAll(List.of("-D", "lake.root=" + root));
      options.addAll(List.of("-D", "attribution.models=" + String.join(",", MODELS)));
      options.addAll(List.of("-D", "feeds.clicks.path=" + raw + "/events" + end));
      options.addAll(List.of("-D", "feeds.orders.path=" + raw + "/orders" + end));
      settings.forEach((key, value) -> options.addAll(List.of("-D", key + "=" + value)));
      return options;
    }

    String[] arguments(Days days, String... command) {
      List<String> arguments = new ArrayList<>(List.of(command));
      arguments.addAll(options(days));
      return arguments.toArray(String[]::new);
    }

    Outcome command(Days days, String... command) {
      return EndToEnd.shoplens(arguments(days, command));
    }

    Outcome commandAt(Clock clock, Days days, String... command) {
      return EndToEnd.shoplens(clock, arguments(days, command));
    }

    Outcome run(Days days) {
      return command(days, "run");
    }

    /** A new driver runs until the work is done. */
    void complete(Days days) {
      forget();
      Outcome outcome = run(days);
      if (outcome.exit() != 0) {
        throw new IllegalStateException("the next run: " + outcome.err());
      }
    }

    /** Brings the logs there, by S3 itself: it knows an ETag of such files only. */
    void upload() throws IOException {
      org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(raw);
      target
          .getFileSystem(lake().hadoop())
          .copyFromLocalFile(new org.apache.hadoop.fs.Path(world.raw().toUri()), target);
    }

    Lake lake() {
      SparkSession session = LocalSpark.session().newSession();
      settings.forEach(session.conf()::set);
      return new Lake(session, root);
    }

    /** Where the server keeps it. */
    Path folder() {
      return world.folder.resolve("buckets").resolve(root.substring("s3a://".length()));
    }

    Place copyTo(Place other) {
      try (Stream<Path> files = Files.walk(folder())) {
        for (Path file : files.toList()) {
          Path target = other.folder().resolve(folder().relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
          } else {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
          }
        }
        return other;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** What it lacks or has too much of, beside what the deliveries hold. */
    Verdict judged(Days days) {
      return ingested(days).plus(new Verdict(0, 0, differences(days)));
    }

    /** Of bronze, the ledger and all commits. */
    Verdict ingested(Days days) {
      Lake lake = lake();
      Verdict events = records(lake, Events.TABLE, EVENT_ID, world.ids(days, "events", EVENT_ID));
      Verdict orders =
          records(
              lake, OrderEvents.TABLE, ORDER_EVENT_ID, world.ids(days, "orders", ORDER_EVENT_ID));
      return new Verdict(lostCommits(), 0, unbalanced(lake, days) + otherRecords(days))
          .plus(events)
          .plus(orders);
    }

    /** Records that an undisturbed lake has and this one has not as they are there. */
    private long otherRecords(Days days) {
      List<String> missing = new ArrayList<>(world.contents(days));
      contents().forEach(missing::remove);
      return missing.size();
    }

    /** Accepted records as bronze has them, but for where they come from and whose they are. */
    private List<String> contents() {
      Lake lake = lake();
      List<String> contents = new ArrayList<>();
      for (Table table : List.of(Events.TABLE, OrderEvents.TABLE)) {
        String[] columns =
            Stream.of(table.schema().fieldNames())
                .filter(name -> !OWN.contains(name))
                .toArray(String[]::new);
        contents.addAll(
            Rows.json(lake.read(table).where(col(RECORD_KIND).equalTo("accepted")), columns));
      }
      return contents;
    }

    /** Rows of gold that the oracle has otherwise. */
    long differences(Days days) {
      return EndToEnd.differences(lake(), world.gold(days));
    }

    private static Verdict records(Lake lake, Table table, String id, Set<String> delivered) {
      List<String> more =
          new ArrayList<>(
              lake.read(table)
                  .where(col(RECORD_KIND).equalTo("accepted"))
                  .select(col(id))
                  .as(Encoders.STRING())
                  .collectAsList());
      long lost = delivered.stream().filter(record -> !more.remove(record)).count();
      return new Verdict(lost, more.size(), 0);
    }

    /** Files that don't balance, and whether their sum is what bronze is to have. */
    private long unbalanced(Lake lake, Days days) {
      FileLedger ledger = FileLedger.of(lake);
      long unbalanced =
          ledger.latest().values().stream()
              .filter(entry -> entry.state() != FileLedger.State.RESTORED)
              .filter(
                  entry ->
                      entry.state() != FileLedger.State.DONE
                          || entry.balance().filter(FileLedger.Balance::isBalanced).isEmpty())
              .count();
      // A file that is read again has repeats only.
      long accepted =
          ledger.settledAfter(0).stream()
              .flatMap(entry -> entry.balance().stream())
              .mapToLong(FileLedger.Balance::accepted)
              .sum();
      long delivered =
          world.ids(days, "events", EVENT_ID).size()
              + world.ids(days, "orders", ORDER_EVENT_ID).size();
      return unbalanced + (accepted == delivered ? 0 : 1);
    }

    /** Commits that this JVM was told it has made and that are not there as made. */
    long lostCommits() {
      long lost = 0;
      for (Map.Entry<String, String> commit : CommitFaults.acknowledged(root).entrySet()) {
        Path file = folder().resolve(commit.getKey().substring(root.length() + 1));
        try {
          boolean isThere =
              Files.exists(file) && Files.readString(file).strip().equals(commit.getValue());
          lost += isThere ? 0 : 1;
        } catch (IOException failure) {
          throw new UncheckedIOException(failure);
        }
      }
      return lost;
    }
  }
}
