package io.shoplens.config;

import io.shoplens.config.AttributionSettings.Windows;
import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the configuration. Overrides win over the environment, that over the file, that over the
 * defaults. Relative paths are relative to the file's folder; those of overrides and of the
 * environment to the working directory. Whatever is not known or not allowed is an error.
 */
public final class ConfigFile {
  /** Variables of the launcher, and the one of a secret, which are no settings. */
  private static final Set<String> NO_SETTINGS =
      Set.of(
          PrivacySettings.KEYS_VARIABLE,
          "SHOPLENS_CONF",
          "SHOPLENS_HOME",
          "SHOPLENS_DRIVER_MEMORY",
          "SHOPLENS_JAVA_OPTIONS",
          "SHOPLENS_PACKAGES");

  /** What Kubernetes sets in every pod beside a service called shoplens. */
  private static final Pattern KUBERNETES = Pattern.compile("SHOPLENS_(SERVICE|PORT)(_.*)?");

  private static final String LISTED =
      "Allowed are the keys listed in conf/shoplens.yaml, feeds.<name>.*, spark.* and fs.*.";

  private final Map<String, Given> given;
  private final Path folder;
  private final Optional<String> keys;

  private ConfigFile(Map<String, Given> given, Path folder, Optional<String> keys) {
    this.given = given;
    this.folder = folder;
    this.keys = keys;
  }

  /**
   * The configuration of a file.
   *
   * @param yamlPath a local YAML file
   * @param overrides keys and values of {@code -D}
   * @param environment the process's environment, of which variables that begin with {@code
   *     SHOPLENS_} are settings
   * @throws ShoplensException with exit status 2 for the first thing that is not as it must be
   */
  public static ShoplensConfig load(
      String yamlPath, Map<String, String> overrides, Map<String, String> environment) {
    if (yamlPath.matches("[a-zA-Z][a-zA-Z0-9+.-]+://.*")) {
      throw Errors.configuration(
          "The configuration " + Secrets.masked(yamlPath) + " is not a local file.",
          "Configuration is read before there is a session that could read other storage.",
          "Copy it to this machine; with spark-submit, ship it with --files.");
    }
    Map<String, Given> given = new LinkedHashMap<>(YamlFile.read(yamlPath));
    given.values().forEach(ConfigFile::requireNoSecret);
    given.values().removeIf(ConfigFile::isEmptySection);
    Path working = Path.of("").toAbsolutePath();
    given.putAll(fromEnvironment(environment, feedNames(given, overrides), working));
    overrides.forEach(
        (key, value) ->
            given.put(key, new Given(key, value, "-D " + key, Given.Source.OVERRIDE, working)));
    Optional<String> keys =
        Optional.ofNullable(environment.get(PrivacySettings.KEYS_VARIABLE))
            .filter(text -> !text.isBlank());
    return new ConfigFile(given, Path.of(yamlPath).toAbsolutePath().getParent(), keys).config();
  }

  /**
   * The Spark settings among overrides, for commands that need a session but no configuration.
   *
   * @throws ShoplensException with exit status 2 for an override that is not one
   */
  public static Map<String, String> sparkSettings(Map<String, String> overrides) {
    Path working = Path.of("").toAbsolutePath();
    Map<String, Given> given = new LinkedHashMap<>();
    overrides.forEach(
        (key, value) -> {
          Given entry = new Given(key, value, "-D " + key, Given.Source.OVERRIDE, working);
          requireKnown(entry);
          requireValue(entry);
          if (!isSparks(key)) {
            throw Errors.configuration(
                key + " = " + entry.shown() + " has no effect.",
                "-D " + key + " gives it; without a configuration only spark.* and fs.* count.",
                "Leave it out, or add --conf FILE.");
          }
          given.put(key, entry);
        });
    return new ConfigFile(given, working, Optional.empty()).spark();
  }

  private static boolean isSparks(String key) {
    return key.startsWith("spark.") || key.startsWith("fs.");
  }

  private ShoplensConfig config() {
    given.values().forEach(ConfigFile::requireKnown);
    given.values().forEach(ConfigFile::requireValue);
    AttributionSettings attribution = attribution();
    ClickstreamSettings clickstream = clickstream();
    List<Feed> feeds = Feeds.of(given);
    IngestSettings ingest =
        new IngestSettings(
            value(Settings.INGEST_EARLIEST_DATE),
            value(Settings.INGEST_FUTURE_TOLERANCE),
            value(Settings.INGEST_FILE_REJECT_LIMIT),
            value(Settings.INGEST_RUN_REJECT_LIMIT),
            value(Settings.INGEST_RECORD_LIMIT),
            value(Settings.INGEST_NESTING_LIMIT).intValue(),
            value(Settings.INGEST_LOOK_BACK_DAYS).intValue());
    PrivacySettings privacy = privacy();
    GmvSettings gmv = gmv();
    LeakageSettings leakage =
        new LeakageSettings(
            Map.of(
                "shortener", value(Settings.LEAKAGE_OPAQUE_SHORTENER),
                "link_hub", value(Settings.LEAKAGE_OPAQUE_LINK_HUB)));
    Duration grace = value(Settings.WATERMARK_GRACE);
    String lakeRoot = lakeRoot();
    Reference reference = reference();
    return new ShoplensConfig(
        lakeRoot,
        lake(),
        grace,
        feeds,
        reference,
        ingest,
        privacy,
        clickstream,
        gmv,
        attribution,
        leakage,
        spark(),
        Digest.of(
            grace, feeds, reference, ingest, privacy, clickstream, gmv, attribution, leakage));
  }

  private String lakeRoot() {
    value(Settings.LAKE_ROOT);
    return given.get(Settings.LAKE_ROOT.key()).located();
  }

  private LakeSettings lake() {
    return new LakeSettings(
        value(Settings.LAKE_DRIVERS),
        value(Settings.LAKE_SECOND_RUN),
        value(Settings.LAKE_WAIT_LIMIT),
        value(Settings.LAKE_LEASE_EXPIRY),
        value(Settings.LAKE_KEEP));
  }

  private PrivacySettings privacy() {
    Given file = given.get(Settings.PRIVACY_KEY_FILE.key());
    return new PrivacySettings(
        value(Settings.PRIVACY_PSEUDONYMS),
        value(Settings.PRIVACY_KEY_FILE).map(named -> file.located()),
        keys.map(text -> KeyRing.parse(text, PrivacySettings.KEYS_VARIABLE)),
        value(Settings.PRIVACY_QUARANTINE_RETENTION));
  }

  private AttributionSettings attribution() {
    Duration lookback = value(Settings.ATTRIBUTION_LOOKBACK);
    Windows windows =
        new Windows(
            lookback,
            notOver(Settings.ATTRIBUTION_CLICK_WINDOW, lookback, Settings.ATTRIBUTION_LOOKBACK),
            notOver(Settings.ATTRIBUTION_VIEW_WINDOW, lookback, Settings.ATTRIBUTION_LOOKBACK));
    return new AttributionSettings(
        List.copyOf(value(Settings.ATTRIBUTION_MODELS)),
        windows,
        marketWindows(windows),
        value(Settings.ATTRIBUTION_MAXIMUM_TOUCHES).intValue(),
        List.copyOf(value(Settings.ATTRIBUTION_PATH_OPTIONS)),
        new AttributionSettings.Claims(
            value(Settings.ATTRIBUTION_AD_CHANNELS),
            value(Settings.ATTRIBUTION_AFFILIATE_CHANNELS),
            value(Settings.ATTRIBUTION_AFFILIATE_WINDOW)));
  }

  /** What a market has of its own stands in for the windows of all. */
  private Map<String, Windows> marketWindows(Windows all) {
    Map<String, Windows> windows = new TreeMap<>();
    value(Settings.ATTRIBUTION_MARKET_WINDOWS)
        .forEach(
            (market, own) -> {
              Windows given =
                  new Windows(
                      own.getOrDefault("lookback", all.lookback()),
                      own.getOrDefault("click-window", all.click()),
                      own.getOrDefault("view-window", all.view()));
              if (given.click().compareTo(given.lookback()) > 0
                  || given.view().compareTo(given.lookback()) > 0) {
                throw Errors.configuration(
                    Settings.ATTRIBUTION_MARKET_WINDOWS.key()
                        + " = "
                        + text(Settings.ATTRIBUTION_MARKET_WINDOWS)
                        + " leaves market "
                        + market
                        + " a click or view window longer than its look-back.",
                    origin(Settings.ATTRIBUTION_MARKET_WINDOWS)
                        + " gives it; what it leaves out is as for other markets.",
                    "Give " + market + " a shorter click-window and view-window too.");
              }
              windows.put(market, given);
            });
    return windows;
  }

  private GmvSettings gmv() {
    GmvSettings.Preset preset = value(Settings.GMV_PRESET);
    boolean isPreset = preset != GmvSettings.Preset.NONE;
    for (Setting<?> setting : List.of(Settings.GMV_BASIS, Settings.GMV_INCLUDE)) {
      if (isPreset && given.containsKey(setting.key())) {
        throw Errors.configuration(
            setting.key()
                + " = "
                + text(setting)
                + " stands beside gmv.preset = "
                + text(Settings.GMV_PRESET)
                + ".",
            origin(setting)
                + " and "
                + origin(Settings.GMV_PRESET)
                + " give them; a preset decides both what counts and when.",
            "Leave out the one or the other.");
      }
    }
    return new GmvSettings(
        isPreset ? preset.basis() : value(Settings.GMV_BASIS),
        isPreset ? preset.include() : value(Settings.GMV_INCLUDE),
        value(Settings.GMV_REPORTING_CURRENCY),
        value(Settings.GMV_RATES_CARRIED_DAYS).intValue(),
        value(Settings.PERIODS_CLOSED_UNTIL));
  }

  private ClickstreamSettings clickstream() {
    Duration limit = value(Settings.CLICKSTREAM_SESSION_LIMIT);
    return new ClickstreamSettings(
        notOver(Settings.CLICKSTREAM_SESSION_GAP, limit, Settings.CLICKSTREAM_SESSION_LIMIT),
        limit,
        value(Settings.CLICKSTREAM_IDENTITY_WINDOW),
        value(Settings.BOT_EVENTS_PER_HOUR),
        value(Settings.BOT_EVENTS_PER_DAY));
  }

  private Duration notOver(Setting<Duration> setting, Duration bound, Setting<Duration> of) {
    Duration value = value(setting);
    if (value.compareTo(bound) > 0) {
      throw Errors.configuration(
          setting.key()
              + " = "
              + text(setting)
              + " is longer than "
              + of.key()
              + " = "
              + text(of)
              + ".",
          origin(setting) + " and " + origin(of) + " give them.",
          "Shorten the one or lengthen the other.");
    }
    return value;
  }

  private Reference reference() {
    Given dir = given.get(Settings.REFERENCE_DIR.key());
    Path home = Path.of(dir == null ? folder.toString() : local(dir, dir.located()));
    Map<Setting<String>, Path> files = new LinkedHashMap<>();
    for (Setting<String> setting : ReferenceFiles.SETTINGS) {
      Given file = given.get(setting.key());
      files.put(
          setting,
          file == null
              ? home.resolve(setting.fallback().orElseThrow())
              : Path.of(local(file, file.located())));
    }
    return ReferenceFiles.load(files);
  }

  private static String local(Given given, String located) {
    Setting<?> setting = Settings.named(given.key()).orElseThrow();
    parsed(setting, given);
    if (located.startsWith("file:")) {
      return located.replaceFirst("^file:(//)?", "");
    }
    if (!located.startsWith("/")) {
      throw Errors.configuration(
          given.key() + " = " + given.shown() + " is not a local path.",
          given.origin() + " gives it; reference tables are read before there is a session.",
          "Copy the tables to this machine; with spark-submit, ship them with --files.");
    }
    return located;
  }

  /** Settings that Spark and Hadoop know: {@code fs.*} becomes {@code spark.hadoop.fs.*}. */
  private Map<String, String> spark() {
    Map<String, String> settings = new TreeMap<>();
    for (Given entry : given.values()) {
      String key = entry.key();
      if (key.startsWith("spark.spark.")) {
        settings.put(key.substring("spark.".length()), entry.text());
      } else if (key.startsWith("spark.")) {
        settings.put(key, entry.text());
      } else if (key.startsWith("fs.")) {
        settings.put("spark.hadoop." + key, entry.text());
      }
    }
    return settings;
  }

  private <T> T value(Setting<T> setting) {
    Given entry = given.get(setting.key());
    if (entry != null) {
      return parsed(setting, entry);
    }
    String fallback =
        setting
            .fallback()
            .orElseThrow(
                () ->
                    Errors.configuration(
                        setting.key() + " is not set.",
                        "It has no default, and neither the file nor "
                            + setting.environmentVariable()
                            + " nor -D gives it.",
                        "Set it to " + setting.allowed() + "."));
    return setting.parser().apply(fallback);
  }

  private String text(Setting<?> setting) {
    Given entry = given.get(setting.key());
    return entry == null ? setting.fallback().orElseThrow() : entry.text();
  }

  private String origin(Setting<?> setting) {
    Given entry = given.get(setting.key());
    return entry == null ? "the default" : entry.origin();
  }

  private static <T> T parsed(Setting<T> setting, Given entry) {
    try {
      return setting.parser().apply(entry.text());
    } catch (IllegalArgumentException
        | java.time.DateTimeException
        | ArithmeticException notAllowed) {
      throw Errors.configuration(
          setting.key() + " = " + entry.shown() + " is not allowed.",
          entry.origin() + " gives it; allowed is " + setting.allowed() + ".",
          setting
              .fallback()
              .map(text -> "Correct it, or leave it out for the default, " + text + ".")
              .orElse("Correct it."));
    }
  }

  private static void requireKnown(Given entry) {
    String key = entry.key();
    boolean isKnown = Settings.named(key).isPresent() || Feeds.isKnown(key) || isSparks(key);
    if (isKnown) {
      return;
    }
    List<String> known = new ArrayList<>();
    Settings.ALL.forEach(setting -> known.add(setting.key()));
    known.addAll(Feeds.keysLike(key));
    throw unknown(entry, Nearest.to(key, known).orElseThrow());
  }

  private static ShoplensException unknown(Given entry, String nearest) {
    String value = entry.value() == null ? "" : " = " + entry.shown();
    return Errors.configuration(
        "Unknown key " + entry.key() + value + ".",
        entry.origin() + " gives it, and no setting is called so. " + LISTED,
        "The nearest known key is " + nearest + ".");
  }

  private static void requireValue(Given entry) {
    if (entry.isEmpty()) {
      throw Errors.configuration(
          entry.key() + " has no value.",
          entry.origin() + " gives the key alone.",
          "Give it a value, or leave the key out for its default.");
    }
  }

  private static void requireNoSecret(Given entry) {
    if (Secrets.isSecret(entry.key()) && !entry.isEmpty()) {
      throw Errors.configuration(
          entry.key() + " is a secret, and the configuration file holds it.",
          entry.origin() + " gives it. Files are copied, committed and shown.",
          "Remove it there and change the secret. For S3 use an instance role, or the variables"
              + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; see conf/s3.yaml.");
    }
  }

  /** A section whose lines are all commented out. */
  private static boolean isEmptySection(Given entry) {
    String prefix = entry.key() + ".";
    return entry.value() == null
        && (prefix.equals("spark.")
            || prefix.equals("fs.")
            || Feeds.isSection(entry.key())
            || Settings.ALL.stream().anyMatch(setting -> setting.key().startsWith(prefix)));
  }

  private static Set<String> feedNames(Map<String, Given> file, Map<String, String> overrides) {
    Set<String> names = new TreeSet<>();
    file.keySet().forEach(key -> Feeds.name(key).ifPresent(names::add));
    overrides.keySet().forEach(key -> Feeds.name(key).ifPresent(names::add));
    return names;
  }

  private static Map<String, Given> fromEnvironment(
      Map<String, String> environment, Set<String> feeds, Path working) {
    Map<String, String> keys = new TreeMap<>();
    Settings.ALL.forEach(setting -> keys.put(setting.environmentVariable(), setting.key()));
    for (String feed : feeds) {
      for (String key : Feeds.keysOf(feed)) {
        keys.put(Setting.environmentVariable(key), key);
      }
    }
    Map<String, Given> result = new TreeMap<>();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      boolean isSetting =
          name.startsWith("SHOPLENS_")
              && !NO_SETTINGS.contains(name)
              && !KUBERNETES.matcher(name).matches();
      if (isSetting) {
        String key = keys.get(name);
        if (key == null) {
          throw Errors.configuration(
              "Unknown environment variable "
                  + name
                  + " = "
                  + Secrets.shown(name, variable.getValue())
                  + ".",
              "Variables that begin with SHOPLENS_ are settings, and none is called so.",
              "The nearest known one is "
                  + Nearest.to(name, keys.keySet()).orElseThrow()
                  + "; other keys can be given with -D.");
        }
        result.put(
            key,
            new Given(
                key,
                variable.getValue(),
                "environment variable " + name,
                Given.Source.ENVIRONMENT,
                working));
      }
    }
    return result;
  }
}
