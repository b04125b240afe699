package io.shoplens.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The catalogue: every setting, one constant each, in the order of conf/shoplens.yaml. */
public final class Settings {
  private static final String PATH = "a path or URI, without ~ and ${...}, which nothing expands";

  public static final Setting<String> LAKE_ROOT =
      Setting.required("lake.root", Parsers::path, PATH, "Folder or bucket of the Delta tables.");
  public static final Setting<LakeSettings.Drivers> LAKE_DRIVERS =
      Setting.of(
          "lake.drivers",
          "many",
          Parsers.choice(LakeSettings.Drivers.class),
          "many or one",
          "Drivers that may write at once; many needs a store with conditional writes.");
  public static final Setting<LakeSettings.SecondRun> LAKE_SECOND_RUN =
      Setting.of(
          "lake.second-run",
          "wait",
          Parsers.choice(LakeSettings.SecondRun.class),
          "wait or refuse",
          "What a run does while another is at work on the lake.");
  public static final Setting<Duration> LAKE_WAIT_LIMIT =
      Setting.of(
          "lake.wait-limit",
          "6h",
          Parsers.duration("0s", "7d"),
          "a duration from 0s to 7d, such as 90s, 30m, 24h or 7d",
          "How long a run waits for another at most.");
  public static final Setting<Duration> LAKE_LEASE_EXPIRY =
      Setting.of(
          "lake.lease-expiry",
          "60s",
          Parsers.duration("3s", "1h"),
          "a duration from 3s to 1h, such as 90s or 30m",
          "Silence after which a run counts as dead, if it is not known to be before.");
  public static final Setting<Duration> LAKE_KEEP =
      Setting.of(
          "lake.keep",
          "7d",
          Parsers.duration("7d", "3650d"),
          "a duration from 7d to 3650d, such as 7d or 720h",
          "How long maintenance keeps past states: as far back as a restore reaches.");

  public static final Setting<LocalDate> INGEST_EARLIEST_DATE =
      Setting.of(
          "ingest.earliest-date",
          "2000-01-01",
          Parsers.date("1970-01-01"),
          "a date from 1970-01-01 on",
          "Events before this UTC date are rejected.");
  public static final Setting<Duration> INGEST_FUTURE_TOLERANCE =
      Setting.of(
          "ingest.future-tolerance",
          "24h",
          Parsers.duration("0s", "366d"),
          "a duration from 0s to 366d, such as 90s, 30m, 24h or 7d",
          "How far an event may lie after its received_at.");
  public static final Setting<BigDecimal> INGEST_FILE_REJECT_LIMIT =
      Setting.of(
          "ingest.file-reject-limit",
          "0.05",
          Parsers::share,
          "a decimal from 0 to 1",
          "Share of rejected records over which a file is held.");
  public static final Setting<BigDecimal> INGEST_RUN_REJECT_LIMIT =
      Setting.of(
          "ingest.run-reject-limit",
          "0.01",
          Parsers::share,
          "a decimal from 0 to 1",
          "Share of a feed's rejected records over which a run is held.");
  public static final Setting<Integer> INGEST_RECORD_LIMIT =
      Setting.of(
          "ingest.record-limit",
          "1MiB",
          Parsers.bytes(1 << 10, 64 << 20),
          "a size from 1KiB to 64MiB",
          "Length over which a record is rejected.");
  public static final Setting<Long> INGEST_NESTING_LIMIT =
      Setting.of(
          "ingest.nesting-limit",
          "64",
          Parsers.whole(1, 1000),
          "a whole number from 1 to 1000",
          "Depth of nesting over which a record is rejected.");
  public static final Setting<Long> INGEST_LOOK_BACK_DAYS =
      Setting.of(
          "ingest.look-back-days",
          "7",
          Parsers.whole(0, 3650),
          "a whole number from 0 to 3650",
          "Days before the last one known whose folders are looked at for new files.");

  public static final Setting<PrivacySettings.Pseudonyms> PRIVACY_PSEUDONYMS =
      Setting.of(
          "privacy.pseudonyms",
          "off",
          Parsers.choice(PrivacySettings.Pseudonyms.class),
          "off or on",
          "Whether user and device ids are stored as keyed hashes.");
  public static final Setting<Optional<String>> PRIVACY_KEY_FILE =
      Setting.of(
          "privacy.key-file",
          "none",
          Parsers.optional("none", Parsers::path),
          "none, or " + PATH,
          "File of the keys; without it the environment or a Hadoop credential provider has them.");
  public static final Setting<Duration> PRIVACY_QUARANTINE_RETENTION =
      Setting.of(
          "privacy.quarantine-retention",
          "30d",
          Parsers.duration("1d", "3650d"),
          "a duration from 1d to 3650d",
          "How long rejected records are kept as they came; maintain then leaves place and code.");

  public static final Setting<Duration> WATERMARK_GRACE =
      Setting.of(
          "watermark.grace",
          "0s",
          Parsers.duration("0s", "30d"),
          "a duration from 0s to 30d, such as 90s, 30m, 24h or 7d",
          "How long a market's watermark stays behind its data.");

  public static final Setting<Duration> CLICKSTREAM_SESSION_GAP =
      Setting.of(
          "clickstream.session-gap",
          "30m",
          Parsers.duration("1s", "24h"),
          "a duration from 1s to 24h, such as 90s, 30m or 24h",
          "A silence of this length or more ends a session.");
  public static final Setting<Duration> CLICKSTREAM_SESSION_LIMIT =
      Setting.of(
          "clickstream.session-limit",
          "24h",
          Parsers.duration("1s", "24h"),
          "a duration from 1s to 24h, such as 90s, 30m or 24h",
          "An event this long after a session's first begins another.");
  public static final Setting<Duration> CLICKSTREAM_IDENTITY_WINDOW =
      Setting.of(
          "clickstream.identity-window",
          "30d",
          Parsers.duration("0s", "30d"),
          "a duration from 0s to 30d, such as 90s, 30m, 24h or 7d",
          "How long before an identification a device's unidentified events are its user's.");
  public static final Setting<Long> BOT_EVENTS_PER_HOUR =
      Setting.of(
          "bot.events-per-hour",
          "600",
          Parsers.whole(0, 1_000_000_000),
          "a whole number from 0 to 1000000000; 0 turns the rule off",
          "Events of an observed person in a UTC hour over which all of that hour are a bot's.");
  public static final Setting<Long> BOT_EVENTS_PER_DAY =
      Setting.of(
          "bot.events-per-day",
          "5000",
          Parsers.whole(0, 1_000_000_000),
          "a whole number from 0 to 1000000000; 0 turns the rule off",
          "The same for a UTC day.");

  public static final Setting<GmvSettings.Preset> GMV_PRESET =
      Setting.of(
          "gmv.preset",
          "none",
          Parsers.choice(GmvSettings.Preset.class),
          "none, platform, net-of-refunds or paid-only",
          "A published convention, in place of gmv.basis and gmv.include.");
  public static final Setting<GmvSettings.Basis> GMV_BASIS =
      Setting.of(
          "gmv.basis",
          "paid",
          Parsers.choice(GmvSettings.Basis.class),
          "placed or paid",
          "The order event that puts an order into GMV.");
  public static final Setting<Set<GmvSettings.Include>> GMV_INCLUDE =
      Setting.of(
          "gmv.include",
          "none",
          Parsers.choices(GmvSettings.Include.class),
          "none, or a list of shipping and tax",
          "What counts beside the line values.");
  public static final Setting<String> GMV_REPORTING_CURRENCY =
      Setting.of(
          "gmv.reporting-currency",
          "USD",
          Parsers::currency,
          "an ISO 4217 code in capitals, such as USD",
          "The currency all markets are reported in.");
  public static final Setting<Long> GMV_RATES_CARRIED_DAYS =
      Setting.of(
          "gmv.rates-carried-days",
          "7",
          Parsers.whole(0, 31),
          "a whole number from 0 to 31",
          "How many days an exchange rate stands in for later days without one.");

  public static final Setting<Optional<LocalDate>> PERIODS_CLOSED_UNTIL =
      Setting.of(
          "periods.closed-until",
          "none",
          Parsers.optional("none", Parsers.date("1970-01-01")),
          "none, or a date from 1970-01-01 on",
          "Figures up to this date stand: what changes them later is a movement.");

  public static final Setting<Set<AttributionSettings.Model>> ATTRIBUTION_MODELS =
      Setting.of(
          "attribution.models",
          "all",
          Parsers.allOr(AttributionSettings.Model.class, AttributionSettings.Model.LAST_TOUCH),
          "all, or a list with last_touch of first_touch, last_touch, last_non_direct, linear,"
              + " position_based, j_shaped, inverse_j, time_decay, platform_window, shapley and"
              + " markov",
          "The models that are computed; each adds its rows to gold.attribution_credits.");
  public static final Setting<Duration> ATTRIBUTION_LOOKBACK =
      Setting.of(
          "attribution.lookback",
          "30d",
          Parsers.duration("1s", "30d"),
          "a duration from 1s to 30d, such as 90s, 30m, 24h or 7d",
          "How long before an order a touch can earn credit.");
  public static final Setting<Duration> ATTRIBUTION_CLICK_WINDOW =
      Setting.of(
          "attribution.click-window",
          "168h",
          Parsers.duration("0s", "30d"),
          "a duration from 0s to 30d, such as 90s, 30m, 24h or 7d, not over attribution.lookback",
          "Model platform_window: how long a click counts.");
  public static final Setting<Duration> ATTRIBUTION_VIEW_WINDOW =
      Setting.of(
          "attribution.view-window",
          "24h",
          Parsers.duration("0s", "30d"),
          "a duration from 0s to 30d, such as 90s, 30m, 24h or 7d, not over attribution.lookback",
          "Model platform_window: how long a view counts.");
  public static final Setting<Map<String, Map<String, Duration>>> ATTRIBUTION_MARKET_WINDOWS =
      Setting.of(
          "attribution.market-windows",
          "none",
          Parsers::marketWindows,
          "none, or a list of a market, lookback, click-window or view-window, and a duration, such"
              + " as [ID lookback 14d, ID click-window 72h]",
          "Windows of single markets, in place of those above.");
  public static final Setting<Long> ATTRIBUTION_MAXIMUM_TOUCHES =
      Setting.of(
          "attribution.maximum-touches",
          "200",
          Parsers.whole(2, 1000),
          "a whole number from 2 to 1000",
          "Touches a path keeps: the first, and the latest of the others.");

  public static final Setting<Set<AttributionSettings.PathOption>> ATTRIBUTION_PATH_OPTIONS =
      Setting.of(
          "attribution.path-options",
          "none",
          Parsers.choices(AttributionSettings.PathOption.class),
          "none, or a list of collapse_repeats, first_per_session and drop_direct",
          "What is left out of paths: touches of the same channel as the one before, all but the"
              + " first touch of a session, direct touches unless all are.");
  public static final Setting<List<String>> ATTRIBUTION_AD_CHANNELS =
      Setting.of(
          "attribution.ad-channels",
          "shop_ads",
          Parsers::names,
          "none, or a list of channels",
          "Channels whose touches the ad platform claims orders by, within click and view window.");
  public static final Setting<List<String>> ATTRIBUTION_AFFILIATE_CHANNELS =
      Setting.of(
          "attribution.affiliate-channels",
          "affiliate",
          Parsers::names,
          "none, or a list of channels",
          "Channels whose clicks affiliates claim orders by.");
  public static final Setting<Duration> ATTRIBUTION_AFFILIATE_WINDOW =
      Setting.of(
          "attribution.affiliate-window",
          "14d",
          Parsers.duration("0s", "30d"),
          "a duration from 0s to 30d, such as 90s, 30m, 24h or 7d",
          "How long a click within the look-back claims an order for an affiliate.");

  public static final Setting<BigDecimal> LEAKAGE_OPAQUE_SHORTENER =
      Setting.of(
          "leakage.opaque-competitor.shortener",
          "0.3",
          Parsers::share,
          "a decimal from 0 to 1",
          "Probability that an unresolved short link leads to a competitor.");
  public static final Setting<BigDecimal> LEAKAGE_OPAQUE_LINK_HUB =
      Setting.of(
          "leakage.opaque-competitor.link_hub",
          "0.2",
          Parsers::share,
          "a decimal from 0 to 1",
          "The same for a link hub, a page of links.");

  public static final Setting<String> REFERENCE_DIR =
      Setting.of("reference.dir", ".", Parsers::path, PATH, "Folder of the reference tables.");
  public static final Setting<String> REFERENCE_MARKETS =
      reference("markets", "Markets: zone, currency, take rate, goal, loss budget, fixed cost.");
  public static final Setting<String> REFERENCE_REGION_ZONES =
      reference("region-zones", "Zones of regions that differ from their market's.");
  public static final Setting<String> REFERENCE_FX_RATES =
      reference("fx-rates", "Exchange rates by date: units of a currency per unit of the base.");
  public static final Setting<String> REFERENCE_RESTRICTIONS =
      reference("restrictions", "Regions whose trade is, or may be, restricted.");
  public static final Setting<String> REFERENCE_MERCHANTS =
      reference("merchants", "Domains of merchants, their groups and owners.");
  public static final Setting<String> REFERENCE_REDIRECTORS =
      reference("redirectors", "Wrappers that carry their target in a parameter.");
  public static final Setting<String> REFERENCE_SHORTENERS =
      reference("shorteners", "Hosts whose links can't be resolved without a network.");
  public static final Setting<String> REFERENCE_KNOWN_REDIRECTS =
      reference("known-redirects", "Links whose target is known.");
  public static final Setting<String> REFERENCE_OWN_DOMAINS =
      reference("own-domains", "Our own and payment domains: never referrers.");
  public static final Setting<String> REFERENCE_TOUCH_RULES =
      reference("touch-rules", "Class and interaction by event type and surface.");
  public static final Setting<String> REFERENCE_CHANNEL_RULES =
      reference("channel-rules", "Channels; first match wins.");
  public static final Setting<String> REFERENCE_CRAWLERS =
      reference("crawlers", "Substrings of user agents that mark a bot.");
  public static final Setting<String> REFERENCE_QUERY_PARAMETERS =
      reference("query-parameters", "Query parameters of links, by their role.");

  /** Every setting. */
  public static final List<Setting<?>> ALL =
      List.of(
          LAKE_ROOT,
          LAKE_DRIVERS,
          LAKE_SECOND_RUN,
          LAKE_WAIT_LIMIT,
          LAKE_LEASE_EXPIRY,
          LAKE_KEEP,
          INGEST_EARLIEST_DATE,
          INGEST_FUTURE_TOLERANCE,
          INGEST_FILE_REJECT_LIMIT,
          INGEST_RUN_REJECT_LIMIT,
          INGEST_RECORD_LIMIT,
          INGEST_NESTING_LIMIT,
          INGEST_LOOK_BACK_DAYS,
          PRIVACY_PSEUDONYMS,
          PRIVACY_KEY_FILE,
          PRIVACY_QUARANTINE_RETENTION,
          WATERMARK_GRACE,
          CLICKSTREAM_SESSION_GAP,
          CLICKSTREAM_SESSION_LIMIT,
          CLICKSTREAM_IDENTITY_WINDOW,
          BOT_EVENTS_PER_HOUR,
          BOT_EVENTS_PER_DAY,
          GMV_PRESET,
          GMV_BASIS,
          GMV_INCLUDE,
          GMV_REPORTING_CURRENCY,
          GMV_RATES_CARRIED_DAYS,
          PERIODS_CLOSED_UNTIL,
          ATTRIBUTION_MODELS,
          ATTRIBUTION_LOOKBACK,
          ATTRIBUTION_CLICK_WINDOW,
          ATTRIBUTION_VIEW_WINDOW,
          ATTRIBUTION_MARKET_WINDOWS,
          ATTRIBUTION_MAXIMUM_TOUCHES,
          ATTRIBUTION_PATH_OPTIONS,
          ATTRIBUTION_AD_CHANNELS,
          ATTRIBUTION_AFFILIATE_CHANNELS,
          ATTRIBUTION_AFFILIATE_WINDOW,
          LEAKAGE_OPAQUE_SHORTENER,
          LEAKAGE_OPAQUE_LINK_HUB,
          REFERENCE_DIR,
          REFERENCE_MARKETS,
          REFERENCE_REGION_ZONES,
          REFERENCE_FX_RATES,
          REFERENCE_RESTRICTIONS,
          REFERENCE_MERCHANTS,
          REFERENCE_REDIRECTORS,
          REFERENCE_SHORTENERS,
          REFERENCE_KNOWN_REDIRECTS,
          REFERENCE_OWN_DOMAINS,
          REFERENCE_TOUCH_RULES,
          REFERENCE_CHANNEL_RULES,
          REFERENCE_CRAWLERS,
          REFERENCE_QUERY_PARAMETERS);

  private static final Map<String, Setting<?>> BY_KEY = new TreeMap<>();

  static {
    ALL.forEach(setting -> BY_KEY.put(setting.key(), setting));
  }

  private Settings() {}

  /** The setting of this key. */
  public static Optional<Setting<?>> named(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }

  private static Setting<String> reference(String table, String help) {
    return Setting.of(
        "reference." + table, table.replace('-', '_') + ".csv", Parsers::path, PATH, help);
  }
}
