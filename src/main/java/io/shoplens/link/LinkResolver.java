package io.shoplens.link;

import io.shoplens.config.Reference;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import okhttp3.HttpUrl;

/**
 * Tells where links lead, from the links themselves and the catalogues, without a network call.
 *
 * <p>In this order: known redirects, Android intents and wrappers, up to {@value #DEEPEST} deep;
 * own domains; the longest host suffix among merchants and shorteners; wrappers whose target can't
 * be told. Where two lines of a catalogue name the same host, the first stands; a merchant's line
 * whose source is {@code custom} comes before all others. Immutable, and safe for use by several
 * threads.
 */
public final class LinkResolver implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Wrappers are looked through to this depth; what lies deeper is opaque. */
  public static final int DEEPEST = 5;

  /** Source of merchants' lines that take precedence over all others. */
  static final String CUSTOM = "custom";

  private final HostSuffixes<Shop> merchants = new HostSuffixes<>();
  private final HostSuffixes<String> shorteners = new HostSuffixes<>();
  private final HostSuffixes<ArrayList<Wrapper>> wrappers = new HostSuffixes<>();
  private final HostSuffixes<String> owned = new HostSuffixes<>();
  private final HashMap<String, String> knownRedirects = new HashMap<>();
  private final HashSet<String> destinationParameters = new HashSet<>();
  private final HashMap<String, ArrayList<PartnerParameter>> partnerParameters = new HashMap<>();

  /** A parameter that is kept apart; null where the line says nothing. */
  private record PartnerParameter(
      boolean isAffiliate, boolean isValueStored, String network, String merchantGroup)
      implements Serializable {}

  /** A merchant's line; null where the line says nothing. */
  private record Shop(
      String merchant, String group, String parent, String kind, boolean isCompetitor)
      implements Serializable {

    boolean sells() {
      return kind.equals(LinkKinds.MARKETPLACE) || kind.equals(LinkKinds.SHOP);
    }
  }

  /** A resolver over the catalogues of a run. */
  public static LinkResolver of(Reference reference) {
    return new LinkResolver(reference);
  }

  private LinkResolver(Reference reference) {
    for (Reference.Merchant line : byPrecedence(reference.merchants())) {
      merchants.add(
          line.domain().toLowerCase(Locale.ROOT),
          new Shop(
              line.merchant(),
              line.merchantGroup(),
              line.parentGroup().orElse(null),
              line.linkKind(),
              line.isCompetitor()));
    }
    for (Reference.Shortener line : reference.shorteners()) {
      shorteners.add(line.host().toLowerCase(Locale.ROOT), line.linkKind());
    }
    for (Reference.Redirector line : reference.redirectors()) {
      String host = line.host().toLowerCase(Locale.ROOT);
      wrappers.add(host, new ArrayList<>());
      wrappers.exactly(host).add(Wrapper.of(line));
    }
    for (ArrayList<Wrapper> lines : wrappers.all()) {
      lines.sort(Comparator.comparingInt((Wrapper line) -> -line.pathPrefix().length()));
    }
    for (Reference.OwnDomain line : reference.ownDomains()) {
      if (line.role().equals(LinkKinds.OWN)) {
        owned.add(line.domain().toLowerCase(Locale.ROOT), LinkKinds.OWN);
      }
    }
    reference
        .knownRedirects()
        .forEach(
            (url, target) -> {
              ParsedLink link = LinkParser.parse(url);
              if (link != null && link.host() != null) {
                knownRedirects.putIfAbsent(redirectKey(link, link.url().encodedQuery()), target);
              }
            });
    for (Reference.QueryParameter line : reference.queryParameters()) {
      if (line.role().equals("destination")) {
        destinationParameters.add(line.parameter());
      } else {
        partnerParameters
            .computeIfAbsent(line.parameter(), parameter -> new ArrayList<>())
            .add(
                new PartnerParameter(
                    line.role().equals("affiliate"),
                    line.stored().equals("value"),
                    line.network().orElse(null),
                    line.merchantGroup().orElse(null)));
      }
    }
  }

  /** Lines of one's own, whose source is {@value #CUSTOM}, before all others. */
  static List<Reference.Merchant> byPrecedence(List<Reference.Merchant> lines) {
    return lines.stream()
        .sorted(Comparator.comparing((Reference.Merchant line) -> !line.source().equals(CUSTOM)))
        .toList();
  }

  /** Where a link leads, looking through wrappers and known redirects. */
  public ResolvedLink resolve(String url) {
    Trail trail = new Trail();
    ParsedLink link = LinkParser.parse(url);
    if (link == null) {
      return unparsable();
    }
    for (int depth = 0; ; depth++) {
      keepParameters(link, trail);
      ParsedLink target = next(link, trail);
      if (target == null) {
        return verdict(link, trail);
      }
      if (depth == DEEPEST) {
        trail.add("wrappers deeper than " + DEEPEST, "opaque");
        return opaque(link, LinkKinds.OTHER, trail);
      }
      trail.opened(stored(target));
      link = target;
    }
  }

  /**
   * What a visit's referrer is. A referrer is where somebody came from, so wrappers are not looked
   * through: the visit came from the wrapper's host, whatever its target.
   */
  public ResolvedLink origin(String url) {
    ParsedLink link = LinkParser.parse(url);
    return link == null ? unparsable() : verdict(link, new Trail());
  }

  /** The group of a merchant known by host or URL, such as {@code www.shopee.sg}. */
  public Optional<String> merchantGroup(String hostOrUrl) {
    ParsedLink link = LinkParser.parse(hostOrUrl);
    HostSuffixes.Match<Shop> shop = link == null ? null : shop(link);
    return shop == null ? Optional.empty() : Optional.of(shop.value().group());
  }

  /** What is known of a link while it is followed. */
  private static final class Trail {
    private final List<ResolvedLink.Step> steps = new ArrayList<>();
    private Certainty certainty = Certainty.DIRECT;
    private String network;
    private String rule;
    private Wrapper unopened;
    private SortedMap<String, String> tracking = Collections.emptySortedMap();
    private SortedMap<String, String> affiliate = Collections.emptySortedMap();
    private String toldNetwork;

    void keep(PartnerParameter parameter, String name, String value) {
      if (parameter.isAffiliate()) {
        affiliate = affiliate.isEmpty() ? new TreeMap<>() : affiliate;
        affiliate.put(name, value);
        toldNetwork = parameter.network() == null ? toldNetwork : parameter.network();
      } else {
        tracking = tracking.isEmpty() ? new TreeMap<>() : tracking;
        tracking.put(name, value);
      }
    }

    Optional<String> affiliateNetwork() {
      return Optional.ofNullable(network == null ? toldNetwork : network);
    }

    void add(String applied, String outcome) {
      steps.add(new ResolvedLink.Step(applied, outcome));
    }

    /** The rule that led on, and what the link is as sure as from here. */
    void leads(String applied, Certainty by) {
      rule = applied;
      certainty = certainty == Certainty.KNOWN ? Certainty.KNOWN : by;
    }

    void opened(String target) {
      add(rule, target);
    }

    void passes(Wrapper wrapper) {
      if (network == null && wrapper.belongsToNetwork()) {
        network = wrapper.network();
      }
    }
  }

  /** From the last parameter to the first, so that of equal ones the first stands. */
  private void keepParameters(ParsedLink link, Trail trail) {
    HttpUrl url = link.url();
    for (int i = url == null ? -1 : url.querySize() - 1; i >= 0; i--) {
      String name = ParsedLink.plainName(url.queryParameterName(i)).toLowerCase(Locale.ROOT);
      List<PartnerParameter> lines = partnerParameters.get(name);
      String value = lines == null ? null : url.queryParameterValue(i);
      if (value != null && !value.isEmpty()) {
        for (PartnerParameter line : lines) {
          if (isMeant(line, link)) {
            trail.keep(
                line, name, line.isValueStored() ? StoredUrls.value(value) : StoredUrls.MASK);
            break;
          }
        }
      }
    }
  }

  private boolean isMeant(PartnerParameter parameter, ParsedLink link) {
    if (parameter.merchantGroup() == null) {
      return true;
    }
    HostSuffixes.Match<Shop> shop = shop(link);
    return shop != null && shop.value().group().equals(parameter.merchantGroup());
  }

  /** The link that this one leads on to, or null. */
  private ParsedLink next(ParsedLink link, Trail trail) {
    ParsedLink target = knownTarget(link);
    if (target != null) {
      trail.leads("known redirect", Certainty.KNOWN);
      return target;
    }
    target = IntentLinks.target(link);
    if (target != null && (target.isWeb() || shop(target) != null)) {
      trail.leads("android intent", trail.certainty);
      return target;
    }
    target = IntentLinks.fallback(link);
    if (target != null) {
      trail.leads("android intent's fallback", Certainty.DECODED);
      return target;
    }
    return unwrapped(link, trail);
  }

  private ParsedLink unwrapped(ParsedLink link, Trail trail) {
    trail.unopened = null;
    for (Wrapper wrapper : wrappersOf(link)) {
      String carried = wrapper.carried(link);
      ParsedLink target = carried == null || carried.isBlank() ? null : Targets.of(carried, link);
      if (target != null) {
        trail.leads(wrapper.rule(), Certainty.DECODED);
        trail.passes(wrapper);
        return target;
      }
      trail.unopened = trail.unopened == null ? wrapper : trail.unopened;
    }
    return null;
  }

  private List<Wrapper> wrappersOf(ParsedLink link) {
    List<Wrapper> found = new ArrayList<>();
    String start = link.isWeb() ? link.host() : link.schemeKey();
    for (ArrayList<Wrapper> lines : wrappers.along(start)) {
      for (Wrapper wrapper : lines) {
        if (wrapper.covers(link.path())) {
          found.add(wrapper);
        }
      }
    }
    return found;
  }

  private ParsedLink knownTarget(ParsedLink link) {
    if (link.host() == null || knownRedirects.isEmpty()) {
      return null;
    }
    String query = link.url().encodedQuery();
    String target = query == null ? null : knownRedirects.get(redirectKey(link, query));
    if (target == null) {
      target = knownRedirects.get(redirectKey(link, null));
    }
    return target == null ? null : LinkParser.parse(target);
  }

  /** One spelling of a redirect: without scheme, {@code www.} and the slash at its end. */
  private static String redirectKey(ParsedLink link, String query) {
    String host = link.host().startsWith("www.") ? link.host().substring(4) : link.host();
    String path = link.path();
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return query == null ? host + trimmed : host + trimmed + "?" + query;
  }

  private ResolvedLink verdict(ParsedLink link, Trail trail) {
    Wrapper unopened = trail.unopened;
    if (unopened != null) {
      trail.passes(unopened);
    }
    HostSuffixes.Match<String> own =
        link.host() == null || !link.isWeb() ? null : owned.longest(link.host());
    if (own != null) {
      trail.add("own domain " + own.suffix(), LinkKinds.OWN);
      return plain(link, LinkKinds.OWN, trail);
    }
    HostSuffixes.Match<Shop> shop = shop(link);
    HostSuffixes.Match<String> shortener = link.isWeb() ? shorteners.longest(link.host()) : null;
    if (shortener != null
        && (shop == null || shortener.suffix().length() > shop.suffix().length())) {
      trail.add(shortener.value() + " " + shortener.suffix(), "opaque");
      return opaque(link, shortener.value(), trail);
    }
    if (unopened != null && (shop == null || link.isWeb() && !shop.value().sells())) {
      trail.add(unopened.rule() + " without a target", "opaque");
      return opaque(link, unopened.linkKind(), trail);
    }
    if (shop != null) {
      trail.add("merchant " + shop.suffix(), shop.value().group());
      return merchant(link, shop.value(), trail);
    }
    if (link.isWeb()) {
      trail.add("no rule for " + link.host(), LinkKinds.OTHER);
      return plain(link, LinkKinds.OTHER, trail);
    }
    return unknownApp(link, trail);
  }

  /** An app we don't know may lead anywhere; mail, phone and the like lead to no shop. */
  private ResolvedLink unknownApp(ParsedLink link, Trail trail) {
    trail.add("no rule for scheme " + link.schemeKey(), LinkKinds.OTHER);
    return link.host() == null
        ? plain(link, LinkKinds.OTHER, trail)
        : opaque(link, LinkKinds.OTHER, trail);
  }

  private HostSuffixes.Match<Shop> shop(ParsedLink link) {
    if (link.isWeb()) {
      return shop(link.host());
    }
    String key = link.schemeKey();
    String app = key;
    if (merchants.exactly(app) == null) {
      app = IntentLinks.packageKey(link);
    }
    Shop shop = app == null ? null : merchants.exactly(app);
    return shop == null ? null : new HostSuffixes.Match<>(app, shop);
  }

  /**
   * The merchant of a host. Its suffix is never shorter than the registrable domain: whoever rents
   * a name below a public suffix is not the suffix's owner.
   */
  private HostSuffixes.Match<Shop> shop(String host) {
    HostSuffixes.Match<Shop> match = merchants.longest(host);
    if (match == null) {
      return null;
    }
    String domain = RegistrableDomains.of(host);
    return domain == null || match.suffix().length() < domain.length() ? null : match;
  }

  private ResolvedLink merchant(ParsedLink link, Shop shop, Trail trail) {
    Optional<String> host = Optional.ofNullable(link.host());
    Optional<String> domain = host.map(RegistrableDomains::of);
    if (!link.isWeb()) {
      // An app's link may name any host; only one of the merchant's own says where it leads.
      domain =
          domain.filter(
              name -> {
                HostSuffixes.Match<Shop> match = shop(link.host());
                return match != null && match.value().group().equals(shop.group());
              });
    }
    return new ResolvedLink(
        Optional.of(stored(link)),
        host,
        domain,
        Optional.of(shop.merchant()),
        Optional.of(shop.group()),
        Optional.ofNullable(shop.parent()),
        shop.kind(),
        trail.certainty,
        shop.isCompetitor(),
        ProductKeys.of(shop.group(), link),
        trail.affiliateNetwork(),
        trail.tracking,
        trail.affiliate,
        trail.steps);
  }

  private ResolvedLink plain(ParsedLink link, String kind, Trail trail) {
    return nobodys(link, kind, trail.certainty, trail);
  }

  private ResolvedLink opaque(ParsedLink link, String kind, Trail trail) {
    return nobodys(link, kind, Certainty.OPAQUE, trail);
  }

  private ResolvedLink nobodys(ParsedLink link, String kind, Certainty certainty, Trail trail) {
    Optional<String> host = Optional.ofNullable(link.host());
    return new ResolvedLink(
        Optional.of(stored(link)),
        host,
        host.map(RegistrableDomains::of),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        kind,
        certainty,
        false,
        Optional.empty(),
        trail.affiliateNetwork(),
        trail.tracking,
        trail.affiliate,
        trail.steps);
  }

  private static ResolvedLink unparsable() {
    return new ResolvedLink(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        LinkKinds.UNPARSABLE,
        Certainty.UNPARSABLE,
        false,
        Optional.empty(),
        Optional.empty(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        List.of(new ResolvedLink.Step("not a link", LinkKinds.UNPARSABLE)));
  }

  private String stored(ParsedLink link) {
    return StoredUrls.of(link, destinationParameters);
  }
}
