package io.shoplens.oracle;

import io.shoplens.oracle.EventContract.Event;
import io.shoplens.oracle.Links.Link;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sessions, bots, outbound links and touchpoints of the accepted events. */
final class Clicks {
  static final Duration SESSION_GAP = Duration.ofMinutes(30);
  static final Duration SESSION_LIMIT = Duration.ofHours(24);
  static final int BOT_EVENTS_PER_HOUR = 600;
  static final int BOT_EVENTS_PER_DAY = 5000;

  /** An outbound click, blocked ones included, and where it leads. */
  record Outbound(Event event, LocalDate date, Link link, boolean isBot) {}

  /** A human event that can earn credit. Its session is a number that means nothing else. */
  record Touch(
      Event event,
      LocalDate date,
      int session,
      boolean isEntry,
      boolean isOutbound,
      String touchClass,
      String interaction,
      String channel,
      String merchantGroup) {}

  static final Comparator<Event> BY_TIME_AND_ID =
      Comparator.comparing(Event::at).thenComparing(Event::eventId);

  final List<Outbound> outbounds = new ArrayList<>();
  final List<Touch> touches = new ArrayList<>();
  int sessions;

  private final Conf conf;
  private final Links links;

  Clicks(List<Event> events, Conf conf) {
    this.conf = conf;
    this.links = new Links(conf);
    Set<Event> bots = bots(events);
    Map<String, List<Event>> byPerson = new TreeMap<>();
    for (Event event : events) {
      byPerson.computeIfAbsent(event.observedPerson(), person -> new ArrayList<>()).add(event);
    }
    for (List<Event> ofPerson : byPerson.values()) {
      for (List<Event> session : sessions(ofPerson)) {
        sessions++;
        boolean isEntrySeen = false;
        for (Event event : session) {
          boolean isBot = bots.contains(event);
          LocalDate date = conf.businessDate(event.at(), event.market(), event.region());
          boolean isOutbound = event.eventType().equals("outbound_click");
          if (isOutbound || event.eventType().equals("outbound_blocked")) {
            outbounds.add(new Outbound(event, date, links.resolved(event.linkUrl()), isBot));
          }
          Touch touch = isBot ? null : touch(event, date, !isEntrySeen || isOutbound);
          if (touch != null) {
            touches.add(touch);
            isEntrySeen |= !isOutbound;
          }
        }
      }
    }
  }

  /** Cuts a person's events at gaps of 30 minutes or more, and 24 hours after the first. */
  private static List<List<Event>> sessions(List<Event> ofPerson) {
    List<List<Event>> sessions = new ArrayList<>();
    List<Event> session = null;
    Instant last = null;
    for (Event event : ofPerson.stream().sorted(BY_TIME_AND_ID).toList()) {
      if (session == null
          || Duration.between(last, event.at()).compareTo(SESSION_GAP) >= 0
          || Duration.between(session.get(0).at(), event.at()).compareTo(SESSION_LIMIT) >= 0) {
        session = new ArrayList<>();
        sessions.add(session);
      }
      session.add(event);
      last = event.at();
    }
    return sessions;
  }

  /** Events of crawlers, and of people in any UTC hour or day with more than so many events. */
  private Set<Event> bots(List<Event> events) {
    Map<List<Object>, Integer> counts = new HashMap<>();
    for (Event event : events) {
      counts.merge(hour(event), 1, Integer::sum);
      counts.merge(day(event), 1, Integer::sum);
    }
    Set<Event> bots = new HashSet<>();
    for (Event event : events) {
      String agent = event.userAgent() == null ? "" : event.userAgent().toLowerCase(Locale.ROOT);
      if (conf.crawlers.stream().anyMatch(agent::contains)
          || counts.get(hour(event)) > BOT_EVENTS_PER_HOUR
          || counts.get(day(event)) > BOT_EVENTS_PER_DAY) {
        bots.add(event);
      }
    }
    return bots;
  }

  private static List<Object> hour(Event event) {
    return List.of(event.observedPerson(), event.at().truncatedTo(ChronoUnit.HOURS));
  }

  private static List<Object> day(Event event) {
    return List.of(event.observedPerson(), event.at().atZone(ZoneOffset.UTC).toLocalDate());
  }

  /** The touchpoint an event is, or null: the first touch rule for its type and surface. */
  private Touch touch(Event event, LocalDate date, boolean isEntry) {
    if (event.eventType().equals("outbound_click")) {
      Link link = links.resolved(event.linkUrl());
      String group = link == null ? null : link.merchantGroup();
      return touch(event, date, isEntry, true, "external_link", "click", null, group);
    }
    for (Map<String, String> rule : conf.touchRules) {
      if (!rule.get("event_type").equals(event.eventType())
          || !(rule.get("surface").isEmpty() || rule.get("surface").equals(event.surface()))) {
        continue;
      }
      Link referrer =
          event.eventType().equals("inbound_visit") ? links.resolved(event.referrerUrl()) : null;
      if (referrer != null && links.isOwnOrPayment(referrer.host())) {
        referrer = null;
      }
      String domain = referrer == null ? null : referrer.registrableDomain();
      if (referrer != null && domain == null) {
        domain = referrer.host();
      }
      String group = referrer == null ? null : referrer.merchantGroup();
      String touchClass = rule.get("touch_class");
      if (touchClass.equals("by_source")) {
        boolean isExternal =
            domain != null
                || event.utmSource() != null
                || event.utmMedium() != null
                || event.utmCampaign() != null;
        touchClass = isExternal ? "external_link" : "direct";
      }
      return touch(event, date, isEntry, false, touchClass, rule.get("interaction"), domain, group);
    }
    return null;
  }

  private Touch touch(
      Event event,
      LocalDate date,
      boolean isEntry,
      boolean isOutbound,
      String touchClass,
      String interaction,
      String referrerDomain,
      String group) {
    String channel = channel(event, touchClass, referrerDomain, group);
    return new Touch(
        event, date, sessions, isEntry, isOutbound, touchClass, interaction, channel, group);
  }

  /** The first channel rule whose every condition holds. */
  private String channel(Event event, String touchClass, String referrerDomain, String group) {
    for (Map<String, String> rule : conf.channelRules) {
      if (holds(rule.get("touch_class"), touchClass)
          && holds(rule.get("event_type"), event.eventType())
          && holds(rule.get("surface"), event.surface())
          && holds(rule.get("utm_source"), event.utmSource())
          && holds(rule.get("utm_medium"), event.utmMedium())
          && holds(rule.get("utm_campaign"), event.utmCampaign())
          && holds(rule.get("referrer_domain"), referrerDomain)
          && holds(rule.get("merchant_group"), group)) {
        return rule.get("channel");
      }
    }
    return null;
  }

  /** Values separated by |; a star at a value's end is any rest; empty: anything, NULL included. */
  private static boolean holds(String condition, String value) {
    if (condition.isEmpty()) {
      return true;
    }
    if (value == null) {
      return false;
    }
    String seen = value.toLowerCase(Locale.ROOT);
    for (String one : condition.toLowerCase(Locale.ROOT).split("\\|")) {
      if (one.endsWith("*")
          ? seen.startsWith(one.substring(0, one.length() - 1))
          : seen.equals(one)) {
        return true;
      }
    }
    return false;
  }
}
