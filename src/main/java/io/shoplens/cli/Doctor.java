package io.shoplens.cli;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.shoplens.cli.Finding.State;
import io.shoplens.commerce.ExchangeRates;
import io.shoplens.config.Feed;
import io.shoplens.config.LakeSettings;
import io.shoplens.config.Reference.Market;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ShoplensException;
import io.shoplens.lake.ConditionalWrites;
import io.shoplens.lake.ConditionalWrites.Verdict;
import io.shoplens.lake.ErasureList;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Lease;
import io.shoplens.lake.PersonKeys;
import io.shoplens.lake.PersonKeys.Presence;
import io.shoplens.lake.Restoration;
import io.shoplens.lake.StoreClock;
import io.shoplens.lake.TableState;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Orders;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.table.Watermarks;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils;

/** Looks at all that a run depends on, and says of each part how it is. */
final class Doctor {
  private static final Duration SKEW_TO_NOTE = Duration.ofSeconds(30);

  /** S3 refuses requests that are signed 15 minutes off. */
  private static final Duration SKEW_TO_MEND = Duration.ofMinutes(10);

  private static final long SPACE_TO_NOTE = 5L << 30;
  private static final long SPACE_TO_MEND = 200L << 20;
  private static final Pattern JAR_VERSION = Pattern.compile("-(\\d+(?:\\.\\d+)+)\\.jar$");
  private static final String DELTA = "4.4.0";
  private static final String SPARK_LINE = "4.2.";

  private final SparkSession session;
  private final ShoplensConfig config;
  private final Clock clock;
  private final Lake lake;

  Doctor(SparkSession session, ShoplensConfig config, Clock clock) {
    this.session = session;
    this.config = config;
    this.clock = clock;
    this.lake = new Lake(session, config.lakeRoot());
  }

  /** Every finding, in the order in which a run would meet the trouble. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(examined("versions", this::versions));
    List<Finding> reach = examined("lake", () -> List.of(lake()));
    findings.addAll(reach);
    config
        .feeds()
        .forEach(feed -> findings.addAll(examined("feed " + feed.name(), () -> feed(feed))));
    boolean isReached = reach.stream().allMatch(finding -> finding.state() == State.OK);
    if (isReached) {
      findings.addAll(examined("conditional writes", () -> List.of(conditionalWrites())));
      findings.addAll(examined("clock", () -> List.of(clockSkew())));
      findings.addAll(examined("runs", this::runs));
      findings.addAll(examined("pseudonyms", () -> List.of(pseudonyms())));
      findings.addAll(examined("erased persons", () -> List.of(erasedPersons())));
      findings.addAll(examined("tables", this::tables));
      findings.addAll(examined("rates", this::rates));
    }
    findings.addAll(examined("free space", this::freeSpace));
    return findings;
  }

  /** What a look throws is a finding too, and so is a class that it misses. */
  private static List<Finding> examined(String check, Supplier<List<Finding>> look) {
    try {
      return look.get();
    } catch (RuntimeException | LinkageError failure) {
      ShoplensException known =
          failure instanceof ShoplensException ours ? ours : Faults.storage(failure).orElse(null);
      if (known == null) {
        return List.of(
            Finding.fault(
                check, String.valueOf(failure), "Run shoplens doctor --log-level debug."));
      }
      String[] lines = known.getMessage().split("\n  (Cause|Cure): +");
      return List.of(Finding.fault(check, lines[0] + " " + lines[1], lines[2]));
    }
  }

  private List<Finding> versions() {
    List<Finding> findings = new ArrayList<>();
    String spark = org.apache.spark.package$.MODULE$.SPARK_VERSION();
    findings.add(
        spark.startsWith(SPARK_LINE)
            ? Finding.ok("spark", spark + " on Java " + System.getProperty("java.version"))
            : Finding.fault(
                "spark", spark, "Shoplens is built for Spark " + SPARK_LINE + "x: use that."));
    String delta = jarVersion("io.delta.tables.DeltaTable").orElse("unknown");
    findings.add(
        delta.equals(DELTA)
            ? Finding.ok("delta", delta)
            : Finding.warning("delta", delta, "Shoplens is tested with Delta " + DELTA + "."));
    if (ConditionalWrites.areNeeded(config.lakeRoot(), lake.hadoop())) {
      findings.add(s3a());
    }
    return findings;
  }

  private static Finding s3a() {
    String hadoop = VersionInfo.getVersion();
    Optional<String> s3a = jarVersion("org.apache.hadoop.fs.s3a.S3AFileSystem");
    if (s3a.isEmpty()) {
      return Finding.fault(
          "hadoop-aws",
          "not on the class path",
          "Add org.apache.hadoop:hadoop-aws:" + hadoop + ".");
    }
    return s3a.get().equals(hadoop)
        ? Finding.ok("hadoop-aws", hadoop)
        : Finding.fault(
            "hadoop-aws",
            s3a.get() + ", but Hadoop is " + hadoop,
            "Use hadoop-aws " + hadoop + ": the two must be equal.");
  }

  /** The version in the name of the jar that a class comes from, whatever else the class needs. */
  private static Optional<String> jarVersion(String className) {
    try {
      Class<?> found = Class.forName(className, false, Doctor.class.getClassLoader());
      CodeSource source = found.getProtectionDomain().getCodeSource();
      URL location = source == null ? null : source.getLocation();
      if (location == null) {
        return Optional.of("unknown");
      }
      Matcher matcher = JAR_VERSION.matcher(location.toURI().getPath());
      return Optional.of(matcher.find() ? matcher.group(1) : "unknown");
    } catch (ClassNotFoundException absent) {
      return Optional.empty();
    } catch (URISyntaxException odd) {
      return Optional.of("unknown");
    }
  }

  private Finding lake() {
    // The first question to the store: credentials and reach show in its answer.
    long written = Tables.ALL.stream().filter(lake::exists).count();
    return Finding.ok(
        "lake",
        config.lakeRoot() + ": " + written + " of " + Tables.ALL.size() + " tables written");
  }

  private List<Finding> feed(Feed feed) {
    List<FeedFile> files = FeedFiles.of(feed, lake.hadoop());
    // The newest that is not empty: a run reads that, and old ones may lie in an archive.
    files.stream()
        .filter(file -> file.size() > 0)
        .max(Comparator.comparing(FeedFile::modifiedAt))
        .ifPresent(file -> FeedFiles.requireReadable(file, lake.hadoop()));
    String check = "feed " + feed.name();
    return List.of(
        !files.isEmpty()
            ? Finding.ok(check, Words.count(files.size()) + " files at " + feed.path())
            : Finding.warning(
                check,
                "no files at " + feed.path(),
                "Check feeds." + feed.name() + ".path, or wait for the files."));
  }

  private Finding conditionalWrites() {
    String check = "conditional writes";
    if (!ConditionalWrites.areNeeded(config.lakeRoot(), lake.hadoop())) {
      return Finding.ok(check, "not needed: the lake is not on S3");
    }
    boolean isOne = config.lake().drivers() == LakeSettings.Drivers.ONE;
    boolean isSet =
        ConditionalWrites.isLogStoreSet(config.lakeRoot(), session.sparkContext().getConf());
    Verdict verdict = ConditionalWrites.probe(config.lakeRoot(), lake.hadoop());
    String cure =
        isSet
            ? ConditionalWrites.cure(config.lakeRoot(), verdict)
            : "Start the session with "
                + ConditionalWrites.logStoreSetting(config.lakeRoot())
                + "="
                + ConditionalWrites.LOG_STORE
                + ".";
    if (verdict == Verdict.ENFORCED && isSet) {
      return Finding.ok(check, "enforced by the store, used for commits");
    }
    String text =
        verdict == Verdict.ENFORCED
            ? "enforced by the store, but not used for commits"
            : "not enforced by the store (" + Words.lower(verdict) + ")";
    return isOne ? Finding.warning(check, text, cure) : Finding.fault(check, text, cure);
  }

  private Finding clockSkew() {
    Duration ahead = StoreClock.ahead(config.lakeRoot(), lake.hadoop(), clock);
    String text =
        ahead.abs().compareTo(Duration.ofSeconds(3)) < 0
            ? "as the store's"
            : ahead.abs().toSeconds()
                + " s "
                + (ahead.isNegative() ? "behind" : "ahead of")
                + " the store's";
    String cure = "Set this machine's clock by NTP.";
    if (ahead.abs().compareTo(SKEW_TO_MEND) > 0) {
      return Finding.fault("clock", text, cure);
    }
    return ahead.abs().compareTo(SKEW_TO_NOTE) > 0
        ? Finding.warning("clock", text, cure)
        : Finding.ok("clock", text);
  }

  private List<Finding> runs() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "runs",
            Lease.heldBy(config.lakeRoot(), lake.hadoop())
                .map(holder -> "at work: " + holder)
                .orElse("none at work")));
    if (new Restoration(lake).isUnfinished()) {
      findings.add(
          Finding.warning(
              "restore",
              "one was cut short",
              "Run shoplens run, or the restore again: whichever is next completes it."));
    }
    if (new ErasureList(lake).isUnfinished()) {
      findings.add(
          Finding.warning(
              "erasure",
              "one was cut short, and nothing else is done before it",
              "Run shoplens erase again with the same ids."));
    }
    if (PersonKeys.isUnfinished(lake)) {
      findings.add(
          Finding.warning(
              "rekey",
              "one was cut short, and nothing else is done before it",
              "Run shoplens rekey again."));
    }
    return findings;
  }

  /** What is refused at the start of an ingest is thrown here as it is there. */
  private Finding pseudonyms() {
    boolean hasIds = lake.exists(Events.TABLE) || lake.exists(OrderEvents.TABLE);
    return Finding.ok(
        "pseudonyms",
        PersonKeys.agreeing(lake, config.privacy(), hasIds ? Presence.IDS : Presence.NONE)
            .map(keys -> "under " + String.join(", ", keys.ids()))
            .orElse("off"));
  }

  private Finding erasedPersons() {
    ErasureList list = new ErasureList(lake);
    list.persons(config.privacy());
    return Finding.ok(
        "erased persons", list.marks().isEmpty() ? "none" : "kept out by the configured keys");
  }

  private List<Finding> tables() {
    List<Finding> findings = new ArrayList<>();
    int sound = 0;
    for (Table table : Tables.ALL) {
      if (lake.exists(table)) {
        List<String> differences = TableState.differences(lake, table);
        SortedSet<String> columns = TableState.columnsToCome(lake, table);
        if (!differences.isEmpty()) {
          findings.add(
              Finding.fault(
                  table.name(),
                  String.join("; ", differences),
                  "Set the property back with ALTER TABLE, or rebuild the lake with this version."));
        }
        if (!columns.isEmpty()) {
          findings.add(
              Finding.warning(
                  table.name(),
                  "was written before these columns were declared: " + String.join(", ", columns),
                  "None is needed: they read as NULL, and the next run that writes it adds them."));
        }
        sound += differences.isEmpty() && columns.isEmpty() ? 1 : 0;
      }
    }
    findings.add(Finding.ok("tables", sound + " as declared (protocol, properties, columns)"));
    return findings;
  }

  /**
   * Every market has a zone, or the configuration is refused; its currency may have no rates, and
   * neither may one that orders came in beside it.
   */
  private List<Finding> rates() {
    Map<String, LocalDate> oldest = new TreeMap<>();
    Map<String, LocalDate> newest = new TreeMap<>();
    TreeSet<String> currencies = new TreeSet<>();
    config.reference().markets().values().forEach(market -> currencies.add(market.currency()));
    for (Row row : lake.read(Watermarks.TABLE).select(MARKET, WATERMARK_AT).collectAsList()) {
      Market market = config.reference().markets().get(row.getString(0));
      Timestamp at = row.getAs(1);
      if (market != null && at != null) {
        newest.merge(
            market.currency(),
            at.toInstant().atZone(market.zone()).toLocalDate(),
            (one, other) -> one.isAfter(other) ? one : other);
      }
    }
    for (Row row :
        lake.read(Orders.TABLE)
            .where(col(ORDER_DATE).isNotNull())
            .groupBy(CURRENCY)
            .agg(min(col(ORDER_DATE)), max(col(ORDER_DATE)))
            .collectAsList()) {
      String currency = row.getString(0);
      currencies.add(currency);
      oldest.put(currency, row.getDate(1).toLocalDate());
      newest.merge(
          currency, row.getDate(2).toLocalDate(), (one, other) -> one.isAfter(other) ? one : other);
    }
    List<Finding> findings = new ArrayList<>();
    String reporting = config.gmv().reportingCurrency();
    boolean isConverted = !currencies.equals(Set.of(reporting));
    if (isConverted) {
      // Whatever is converted is converted into it.
      currencies.add(reporting);
      newest.values().stream()
          .max(LocalDate::compareTo)
          .ifPresent(latest -> newest.put(reporting, latest));
      // What is in it already is not.
      oldest.remove(reporting);
      oldest.values().stream()
          .min(LocalDate::compareTo)
          .ifPresent(first -> oldest.put(reporting, first));
    }
    for (String currency : currencies) {
      NavigableMap<LocalDate, ?> rates = config.reference().rates().get(currency);
      LocalDate needed = newest.get(currency);
      String check = "rates of " + currency;
      String cure = "Add rates of " + currency + " to fx_rates.csv.";
      if (currency.equals(ExchangeRates.BASE) || !isConverted) {
        continue;
      }
      if (rates == null || rates.isEmpty()) {
        findings.add(
            needed == null
                ? Finding.warning(check, "none", cure)
                : Finding.fault(check, "none, and there are orders", cure));
      } else if (needed != null
          && ChronoUnit.DAYS.between(rates.lastKey(), needed) > config.gmv().ratesCarriedDays()) {
        findings.add(
            Finding.fault(check, "end on " + rates.lastKey() + ", the data on " + needed, cure));
      } else if (needed != null) {
        LocalDate first = oldest.getOrDefault(currency, needed);
        dateWithout(rates, first, needed)
            .ifPresent(
                date ->
                    findings.add(
                        Finding.fault(
                            check, "none for " + date + ", the data begin on " + first, cure)));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "markets",
              config.reference().markets().size()
                  + ", each with its zone, and rates of "
                  + currencies.size()
                  + " currencies"));
    }
    return findings;
  }

  /** The first date of a range that no rate is of or carried to. */
  private Optional<LocalDate> dateWithout(
      NavigableMap<LocalDate, ?> rates, LocalDate first, LocalDate last) {
    return first.isAfter(last)
        ? Optional.empty()
        : first
            .datesUntil(last.plusDays(1))
            .filter(
                date -> {
                  LocalDate rated = rates.floorKey(date);
                  return rated == null
                      || ChronoUnit.DAYS.between(rated, date) > config.gmv().ratesCarriedDays();
                })
            .findFirst();
  }

  private List<Finding> freeSpace() {
    List<Finding> findings = new ArrayList<>();
    // Of the environment, the cluster or spark.local.dir, as Spark itself finds them.
    for (String scratch : Utils.getConfiguredLocalDirs(session.sparkContext().getConf())) {
      findings.add(space("scratch space", Path.of(scratch)));
    }
    URI root = new org.apache.hadoop.fs.Path(config.lakeRoot()).toUri();
    if (root.getScheme() == null || root.getScheme().equals("file")) {
      findings.add(space("lake space", Path.of(root.getPath())));
    } else if (ConditionalWrites.areNeeded(config.lakeRoot(), lake.hadoop())) {
      // S3A writes to disk first what it uploads.
      for (String buffer : lake.hadoop().getTrimmedStrings("fs.s3a.buffer.dir")) {
        findings.add(space("upload space", Path.of(buffer)));
      }
    }
    return findings;
  }

  private static Finding space(String check, Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      String text = Words.count(free >> 20) + " MiB free at " + there;
      String cure = "Free space there, or point to another disk.";
      if (free < SPACE_TO_MEND) {
        return Finding.fault(check, text, cure);
      }
      return free < SPACE_TO_NOTE ? Finding.warning(check, text, cure) : Finding.ok(check, text);
    } catch (IOException failure) {
      return Finding.warning(check, "unknown: " + failure, "Look at it by hand.");
    }
  }
}
