package io.shoplens.config;

import io.shoplens.error.Errors;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the reference tables; the first value that is not allowed is an error with its place. */
public final class ReferenceFiles {
  /** The tables, by the setting that names their file. */
  static final List<Setting<String>> SETTINGS =
      List.of(
          Settings.REFERENCE_MARKETS,
          Settings.REFERENCE_REGION_ZONES,
          Settings.REFERENCE_FX_RATES,
          Settings.REFERENCE_MERCHANTS,
          Settings.REFERENCE_REDIRECTORS,
          Settings.REFERENCE_SHORTENERS,
          Settings.REFERENCE_KNOWN_REDIRECTS,
          Settings.REFERENCE_OWN_DOMAINS,
          Settings.REFERENCE_TOUCH_RULES,
          Settings.REFERENCE_CHANNEL_RULES,
          Settings.REFERENCE_CRAWLERS,
          Settings.REFERENCE_QUERY_PARAMETERS,
          Settings.REFERENCE_RESTRICTIONS);

  private static final String ZONE = "a zone of the IANA database, such as Asia/Jakarta";
  private static final String CURRENCY = "an ISO 4217 code in capitals, such as IDR";
  private static final String AMOUNT = "a decimal of 0 or more";
  private static final String HOST = "a host or domain in lower case";
  private static final String HOST_OR_SCHEME = HOST + ", or an app scheme such as amzn:";
  private static final String REGION = "an ISO 3166-2 code in capitals, such as US-CA";
  private static final String EURO_REFERENCE_DATE = "Date";
  private static final Function<String, LocalDate> RATE_DATE = Parsers.date("1970-01-01");
  private static final String RATE_DATES = "a date, such as 2026-03-02";
  private static final List<String> LINK_KINDS =
      List.of(
          "marketplace",
          "shop",
          "affiliate_network",
          "link_hub",
          "shortener",
          "social",
          "own",
          "other");

  private static final List<String> CHANNEL_CONDITIONS =
      List.of(
          "touch_class",
          "event_type",
          "surface",
          "utm_source",
          "utm_medium",
          "utm_campaign",
          "referrer_domain",
          "merchant_group");

  /** Further fields of a touch that channel rules may ask for, in columns behind the others. */
  private static final List<String> MORE_CHANNEL_CONDITIONS =
      List.of(
          "market",
          "region",
          "interaction",
          "product_id",
          "category",
          "content_id",
          "creator_id",
          "ad_id",
          "platform",
          "app_version");

  private ReferenceFiles() {}

  /** The tables of a folder, each under its default name. */
  public static Reference load(Path folder) {
    Map<Setting<String>, Path> files = new LinkedHashMap<>();
    SETTINGS.forEach(
        setting -> files.put(setting, folder.resolve(setting.fallback().orElseThrow())));
    return load(files);
  }

  static Reference load(Map<Setting<String>, Path> files) {
    files.forEach(ReferenceFiles::requireFile);
    return new Reference(
        markets(files.get(Settings.REFERENCE_MARKETS)),
        regionZones(files.get(Settings.REFERENCE_REGION_ZONES)),
        rates(files.get(Settings.REFERENCE_FX_RATES)),
        merchants(files.get(Settings.REFERENCE_MERCHANTS)),
        redirectors(files.get(Settings.REFERENCE_REDIRECTORS)),
        shorteners(files.get(Settings.REFERENCE_SHORTENERS)),
        knownRedirects(files.get(Settings.REFERENCE_KNOWN_REDIRECTS)),
        ownDomains(files.get(Settings.REFERENCE_OWN_DOMAINS)),
        touchRules(files.get(Settings.REFERENCE_TOUCH_RULES)),
        channelRules(files.get(Settings.REFERENCE_CHANNEL_RULES)),
        crawlers(files.get(Settings.REFERENCE_CRAWLERS)),
        queryParameters(files.get(Settings.REFERENCE_QUERY_PARAMETERS)),
        restrictions(files.get(Settings.REFERENCE_RESTRICTIONS)));
  }

  private static void requireFile(Setting<String> setting, Path file) {
    if (!Files.isRegularFile(file)) {
      throw Errors.configuration(
          "The reference table " + file + " does not exist.",
          "Every reference table must be there; " + setting.key() + " names this one.",
          "Put "
              + setting.fallback().orElseThrow()
              + " there, set "
              + setting.key()
              + " to where it is, or set reference.dir to a folder with all of them, such as the"
              + " conf folder that comes with the software.");
    }
  }

  private static Map<String, Reference.Market> markets(Path file) {
    Map<String, Reference.Market> markets = new TreeMap<>();
    List<CsvTable.Row> rows =
        CsvTable.read(
            file,
            "market",
            "zone",
            "currency",
            "take_rate",
            "daily_goal",
            "yearly_loss_budget",
            "daily_fixed_cost");
    for (CsvTable.Row row : rows) {
      String code = row.value("market", Parsers::market, "an ISO 3166-1 alpha-2 code in capitals");
      Reference.Market market =
          new Reference.Market(
              code,
              row.value("zone", Parsers::zone, ZONE),
              row.value("currency", Parsers::currency, CURRENCY),
              row.value("take_rate", Parsers::share, "a decimal from 0 to 1"),
              row.optional("daily_goal", Parsers::decimal, AMOUNT),
              row.optional("yearly_loss_budget", Parsers::decimal, AMOUNT),
              row.optional("daily_fixed_cost", Parsers::decimal, AMOUNT));
      if (markets.put(code, market) != null) {
        throw row.repeated(code);
      }
    }
    if (markets.isEmpty()) {
      throw Errors.configuration(
          "The reference table " + file + " has no market.",
          "Every record belongs to a market, and a market must be configured.",
          "Add a line for each market.");
    }
    return Collections.unmodifiableMap(markets);
  }

  private static Map<String, ZoneId> regionZones(Path file) {
    Map<String, ZoneId> zones = new TreeMap<>();
    for (CsvTable.Row row : CsvTable.read(file, "region", "zone")) {
      String region = row.value("region", Parsers::region, REGION);
      if (zones.put(region, row.value("zone", Parsers::zone, ZONE)) != null) {
        throw row.repeated(region);
      }
    }
    return Collections.unmodifiableMap(zones);
  }

  private static Map<String, NavigableMap<LocalDate, BigDecimal>> rates(Path file) {
    List<String> wide = CsvTable.header(file);
    return wide.get(0).equals(EURO_REFERENCE_DATE)
        ? euroReferenceRates(file, wide)
        : listedRates(file);
  }

  private static Map<String, NavigableMap<LocalDate, BigDecimal>> listedRates(Path file) {
    Map<String, NavigableMap<LocalDate, BigDecimal>> rates = new TreeMap<>();
    for (CsvTable.Row row : CsvTable.read(file, "rate_date", "currency", "rate")) {
      LocalDate date = row.value("rate_date", RATE_DATE, RATE_DATES);
      String currency = row.value("currency", Parsers::currency, CURRENCY);
      BigDecimal rate =
          row.value("rate", ReferenceFiles::positive, "a decimal over 0: units per unit of base");
      if (rates.computeIfAbsent(currency, any -> new TreeMap<>()).put(date, rate) != null) {
        throw row.repeated(date + " " + currency);
      }
    }
    return Collections.unmodifiableMap(rates);
  }

  /**
   * The European Central Bank's eurofxref-hist.csv as it is: a column per currency, {@code N/A}
   * where there is no rate, a comma at the end of every line.
   */
  private static Map<String, NavigableMap<LocalDate, BigDecimal>> euroReferenceRates(
      Path file, List<String> columns) {
    Map<String, NavigableMap<LocalDate, BigDecimal>> rates = new TreeMap<>();
    List<String> currencies =
        columns.subList(1, columns.size()).stream().filter(name -> !name.isEmpty()).toList();
    currencies.forEach(currency -> rates.put(currency, new TreeMap<>()));
    for (CsvTable.Row row : CsvTable.read(file, columns.toArray(String[]::new))) {
      LocalDate date = row.value(EURO_REFERENCE_DATE, RATE_DATE, RATE_DATES);
      for (String currency : currencies) {
        if (!row.text(currency).equals("N/A") && !row.text(currency).isEmpty()) {
          BigDecimal rate =
              row.value(currency, ReferenceFiles::positive, "a decimal over 0, or N/A");
          if (rates.get(currency).put(date, rate) != null) {
            throw row.repeated(date.toString());
          }
        }
      }
    }
    rates.values().removeIf(NavigableMap::isEmpty);
    return Collections.unmodifiableMap(rates);
  }

  private static List<Reference.Restriction> restrictions(Path file) {
    List<String> states = List.of("pending", "in_force", "halted");
    List<Reference.Restriction> restrictions = new ArrayList<>();
    List<CsvTable.Row> rows =
        CsvTable.read(
            file,
            "region",
            "restriction",
            "restriction_state",
            "from_date",
            "until_date",
            "source");
    for (CsvTable.Row row : rows) {
      LocalDate from = row.value("from_date", RATE_DATE, RATE_DATES);
      Optional<LocalDate> until = row.optional("until_date", RATE_DATE, RATE_DATES);
      if (until.isPresent() && !until.get().isAfter(from)) {
        throw row.refused("until_date", "a date after from_date, or nothing");
      }
      restrictions.add(
          new Reference.Restriction(
              row.value("region", Parsers::region, REGION),
              row.value("restriction", Parsers::any, "a name"),
              row.value("restriction_state", oneOf(states), listed(states)),
              from,
              until,
              row.text("source")));
    }
    return List.copyOf(restrictions);
  }

  private static BigDecimal positive(String text) {
    BigDecimal value = Parsers.decimal(text);
    if (value.signum() == 0) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static List<Reference.Merchant> merchants(Path file) {
    List<Reference.Merchant> merchants = new ArrayList<>();
    Set<String> domains = new HashSet<>();
    List<CsvTable.Row> rows =
        CsvTable.read(
            file,
            "merchant_group",
            "parent_group",
            "merchant",
            "domain",
            "link_kind",
            "is_competitor",
            "source");
    for (CsvTable.Row row : rows) {
      Reference.Merchant merchant =
          new Reference.Merchant(
              row.value("merchant_group", Parsers::any, "a name"),
              row.optional("parent_group", Parsers::any, "a name"),
              row.value("merchant", Parsers::any, "a name"),
              row.value("domain", ReferenceFiles::domain, HOST_OR_SCHEME),
              row.value("link_kind", oneOf(LINK_KINDS), listed(LINK_KINDS)),
              row.value("is_competitor", Parsers::truth, "true or false"),
              row.text("source"));
      if (!domains.add(merchant.domain())) {
        throw row.repeated(merchant.domain());
      }
      merchants.add(merchant);
    }
    return List.copyOf(merchants);
  }

  private static List<Reference.Redirector> redirectors(Path file) {
    List<Reference.Redirector> redirectors = new ArrayList<>();
    List<CsvTable.Row> rows =
        CsvTable.read(file, "host", "path_prefix", "parameter", "network", "link_kind");
    for (CsvTable.Row row : rows) {
      redirectors.add(
          new Reference.Redirector(
              row.value("host", ReferenceFiles::domain, HOST_OR_SCHEME),
              row.text("path_prefix"),
              row.text("parameter"),
              row.text("network"),
              row.value("link_kind", oneOf(LINK_KINDS), listed(LINK_KINDS))));
    }
    return List.copyOf(redirectors);
  }

  private static List<Reference.Shortener> shorteners(Path file) {
    List<String> kinds = List.of("shortener", "link_hub");
    List<Reference.Shortener> shorteners = new ArrayList<>();
    Set<String> hosts = new HashSet<>();
    for (CsvTable.Row row : CsvTable.read(file, "host", "link_kind")) {
      String host = row.value("host", ReferenceFiles::host, HOST);
      if (!hosts.add(host)) {
        throw row.repeated(host);
      }
      shorteners.add(
          new Reference.Shortener(host, row.value("link_kind", oneOf(kinds), listed(kinds))));
    }
    return List.copyOf(shorteners);
  }

  private static Map<String, String> knownRedirects(Path file) {
    Map<String, String> redirects = new TreeMap<>();
    for (CsvTable.Row row : CsvTable.read(file, "url", "target")) {
      String url = row.value("url", Parsers::any, "a URL");
      if (redirects.put(url, row.value("target", Parsers::any, "a URL")) != null) {
        throw row.repeated(url);
      }
    }
    return Collections.unmodifiableMap(redirects);
  }

  private static List<Reference.OwnDomain> ownDomains(Path file) {
    List<String> roles = List.of("own", "payment");
    List<Reference.OwnDomain> domains = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (CsvTable.Row row : CsvTable.read(file, "domain", "role")) {
      String domain = row.value("domain", ReferenceFiles::host, HOST);
      if (!seen.add(domain)) {
        throw row.repeated(domain);
      }
      domains.add(new Reference.OwnDomain(domain, row.value("role", oneOf(roles), listed(roles))));
    }
    return List.copyOf(domains);
  }

  private static List<Reference.TouchRule> touchRules(Path file) {
    List<String> classes = List.of("in_app_shop", "external_link", "direct", "by_source");
    List<String> interactions = List.of("view", "click");
    List<Reference.TouchRule> rules = new ArrayList<>();
    List<CsvTable.Row> rows =
        CsvTable.read(file, "event_type", "surface", "touch_class", "interaction");
    for (CsvTable.Row row : rows) {
      rules.add(
          new Reference.TouchRule(
              row.value("event_type", Parsers::any, "an event type"),
              row.optional("surface", Parsers::any, "a surface"),
              row.value("touch_class", oneOf(classes), listed(classes)),
              row.value("interaction", oneOf(interactions), listed(interactions))));
    }
    return List.copyOf(rules);
  }

  private static List<Reference.ChannelRule> channelRules(Path file) {
    List<Reference.ChannelRule> rules = new ArrayList<>();
    List<String> columns = new ArrayList<>(List.of("channel"));
    columns.addAll(CHANNEL_CONDITIONS);
    for (CsvTable.Row row : CsvTable.read(file, columns, MORE_CHANNEL_CONDITIONS)) {
      Map<String, String> conditions = row.texts();
      conditions.remove("channel");
      conditions.values().removeIf(String::isEmpty);
      rules.add(
          new Reference.ChannelRule(row.value("channel", Parsers::any, "a name"), conditions));
    }
    return List.copyOf(rules);
  }

  private static List<String> crawlers(Path file) {
    return CsvTable.read(file, "pattern").stream()
        .map(row -> row.value("pattern", Parsers::any, "a part of a user agent"))
        .map(pattern -> pattern.toLowerCase(Locale.ROOT))
        .toList();
  }

  private static List<Reference.QueryParameter> queryParameters(Path file) {
    List<String> roles = List.of("destination", "tracking", "affiliate");
    List<String> stored = List.of("value", "name");
    List<Reference.QueryParameter> parameters = new ArrayList<>();
    Map<String, String> roleOf = new HashMap<>();
    Set<List<String>> seen = new HashSet<>();
    List<CsvTable.Row> rows =
        CsvTable.read(file, "parameter", "parameter_role", "stored", "network", "merchant_group");
    for (CsvTable.Row row : rows) {
      Reference.QueryParameter parameter =
          new Reference.QueryParameter(
              row.value("parameter", Parsers::any, "a query parameter").toLowerCase(Locale.ROOT),
              row.value("parameter_role", oneOf(roles), listed(roles)),
              row.value("stored", oneOf(stored), listed(stored)),
              row.optional("network", Parsers::any, "a name"),
              row.optional("merchant_group", Parsers::any, "a name"));
      if (!seen.add(List.of(parameter.parameter(), row.text("merchant_group")))) {
        throw row.repeated(parameter.parameter());
      }
      if (!roleOf
          .computeIfAbsent(parameter.parameter(), name -> parameter.role())
          .equals(parameter.role())) {
        throw row.refused("parameter_role", "that of the lines above for the same parameter");
      }
      parameters.add(parameter);
    }
    return List.copyOf(parameters);
  }

  private static String host(String text) {
    return matching(text, "[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+");
  }

  private static String domain(String text) {
    return text.endsWith(":") ? matching(text, "[a-z][a-z0-9+.-]*:") : host(text);
  }

  private static String matching(String text, String pattern) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static Function<String, String> oneOf(List<String> allowed) {
    return text -> {
      if (!allowed.contains(text)) {
        throw new IllegalArgumentException(text);
      }
      return text;
    };
  }

  private static String listed(List<String> values) {
    return String.join(", ", values.subList(0, values.size() - 1))
        + " or "
        + values.get(values.size() - 1);
  }
}
