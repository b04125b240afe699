package io.shoplens.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The reference tables of {@code conf/}, read and validated once at the start.
 *
 * @param markets every market, by its code
 * @param regionZones zone of a region that differs from its market's
 * @param rates exchange rates, by currency and date
 * @param merchants domains of merchants
 * @param redirectors wrappers that carry their target in a parameter
 * @param shorteners hosts whose links can't be resolved here
 * @param knownRedirects links whose target is known
 * @param ownDomains domains that are never referrers
 * @param touchRules class and interaction by event type and surface, first match wins
 * @param channelRules channels, first match wins
 * @param crawlers substrings of user agents that mark a bot, in lower case
 * @param queryParameters query parameters of which anything may be stored
 * @param restrictions regions whose trade is, or may be, restricted
 */
public record Reference(
    Map<String, Market> markets,
    Map<String, ZoneId> regionZones,
    Map<String, NavigableMap<LocalDate, BigDecimal>> rates,
    List<Merchant> merchants,
    List<Redirector> redirectors,
    List<Shortener> shorteners,
    Map<String, String> knownRedirects,
    List<OwnDomain> ownDomains,
    List<TouchRule> touchRules,
    List<ChannelRule> channelRules,
    List<String> crawlers,
    List<QueryParameter> queryParameters,
    List<Restriction> restrictions) {

  /** A line of markets.csv. Amounts are in the market's currency. */
  public record Market(
      String code,
      ZoneId zone,
      String currency,
      BigDecimal takeRate,
      Optional<BigDecimal> dailyGoal,
      Optional<BigDecimal> yearlyLossBudget,
      Optional<BigDecimal> dailyFixedCost) {}

  /**
   * A line of restrictions.csv: a state that a region's restriction is in for some dates.
   *
   * @param region ISO 3166-2 code
   * @param restriction what it is
   * @param state {@code pending}, {@code in_force} or {@code halted}
   * @param from first date of that state
   * @param until first date after it; empty where it has no end
   * @param source where it is known from
   */
  public record Restriction(
      String region,
      String restriction,
      String state,
      LocalDate from,
      Optional<LocalDate> until,
      String source) {}

  /**
   * A line of merchants.csv.
   *
   * @param domain a registrable domain, a host below one, or an app scheme such as {@code amzn:}
   */
  public record Merchant(
      String merchantGroup,
      Optional<String> parentGroup,
      String merchant,
      String domain,
      String linkKind,
      boolean isCompetitor,
      String source) {}

  /** A line of redirectors.csv: host, path prefix and the parameter that holds the target. */
  public record Redirector(
      String host, String pathPrefix, String parameter, String network, String linkKind) {}

  /** A line of shorteners.csv; the kind is {@code shortener} or {@code link_hub}. */
  public record Shortener(String host, String linkKind) {}

  /**
   * A line of query_parameters.csv.
   *
   * @param parameter its name, in lower case
   * @param role {@code destination}: it stays in the stored URL; {@code tracking} or {@code
   *     affiliate}: it is kept apart
   * @param stored {@code value}, or {@code name} where the value may be anything
   * @param network the network that it tells of
   * @param merchantGroup the group on whose links only it is meant
   */
  public record QueryParameter(
      String parameter,
      String role,
      String stored,
      Optional<String> network,
      Optional<String> merchantGroup) {}

  /** A line of own_domains.csv; the role is {@code own} or {@code payment}. */
  public record OwnDomain(String domain, String role) {}

  /**
   * A line of touch_rules.csv.
   *
   * @param eventType event type
   * @param surface surface, or empty for any
   * @param touchClass in_app_shop, external_link, direct, or by_source: external_link where the
   *     referrer or campaign is external, else direct
   * @param interaction view or click
   */
  public record TouchRule(
      String eventType, Optional<String> surface, String touchClass, String interaction) {}

  /**
   * A line of channel_rules.csv.
   *
   * @param conditions values by field of a touch, in the order of the columns; fields that may be
   *     anything are left out. Values are separated by {@code |}, of which one must match without
   *     regard to case; {@code *} at a value's end matches any rest; {@code *} alone matches any
   *     value but NULL
   */
  public record ChannelRule(String channel, Map<String, String> conditions) {
    public ChannelRule {
      conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
    }
  }
}
