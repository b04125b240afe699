package io.shoplens.link;

import io.shoplens.config.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Lines of the catalogues that can't do what they say: those that another line outdoes, and those
 * that no link can meet. None of them stops a run.
 */
public final class CatalogueFindings {
  private CatalogueFindings() {}

  /** One sentence for each, in the order of the catalogues. */
  public static List<String> of(Reference reference) {
    List<String> findings = new ArrayList<>();
    Map<String, Reference.Merchant> merchants = merchants(reference, findings);
    shorteners(reference, merchants, findings);
    redirectors(reference, merchants, findings);
    knownRedirects(reference, findings);
    queryParameters(reference, findings);
    return findings;
  }

  private static Map<String, Reference.Merchant> merchants(
      Reference reference, List<String> findings) {
    Map<String, Reference.Merchant> standing = new HashMap<>();
    for (Reference.Merchant line : LinkResolver.byPrecedence(reference.merchants())) {
      String domain = lower(line.domain());
      Reference.Merchant first = standing.putIfAbsent(domain, line);
      if (first != null) {
        findings.add(
            "merchants: %s of %s is dead, for %s has it already"
                .formatted(domain, line.merchant(), first.merchant()));
      } else if (isPublic(domain)) {
        findings.add(
            "merchants: %s of %s is dead, for it is a public suffix"
                .formatted(domain, line.merchant()));
      } else if (isOwn(reference, domain)) {
        findings.add(
            "merchants: %s of %s is dead, for it is an own domain"
                .formatted(domain, line.merchant()));
      }
    }
    return standing;
  }

  private static boolean isPublic(String domain) {
    boolean isHost = !domain.endsWith(":") && domain.indexOf('.') >= 0;
    String registrable = isHost ? RegistrableDomains.of(domain) : domain;
    return registrable == null || isHost && domain.length() < registrable.length();
  }

  private static boolean isOwn(Reference reference, String domain) {
    return reference.ownDomains().stream()
        .filter(own -> own.role().equals(LinkKinds.OWN))
        .map(own -> lower(own.domain()))
        .anyMatch(own -> isAtOrBelow(domain, own));
  }

  private static void shorteners(
      Reference reference, Map<String, Reference.Merchant> merchants, List<String> findings) {
    Set<String> seen = new HashSet<>();
    for (Reference.Shortener line : reference.shorteners()) {
      String host = lower(line.host());
      if (!seen.add(host)) {
        findings.add("shorteners: %s stands twice, and the first line counts".formatted(host));
      } else if (merchants.containsKey(host)) {
        findings.add(
            "shorteners: %s is dead, for it is merchant %s"
                .formatted(host, merchants.get(host).merchant()));
      } else if (isOwn(reference, host)) {
        findings.add("shorteners: %s is dead, for it is an own domain".formatted(host));
      }
    }
  }

  private static void redirectors(
      Reference reference, Map<String, Reference.Merchant> merchants, List<String> findings) {
    Map<String, List<Wrapper>> byParameter = new HashMap<>();
    for (Reference.Redirector line : reference.redirectors()) {
      byParameter
          .computeIfAbsent(lower(line.parameter()), parameter -> new ArrayList<>())
          .add(Wrapper.of(line));
    }
    Set<List<String>> seen = new HashSet<>();
    Set<String> told = new HashSet<>();
    for (Reference.Redirector line : reference.redirectors()) {
      Wrapper wrapper = Wrapper.of(line);
      String host = lower(line.host());
      if (!seen.add(List.of(host, line.pathPrefix(), lower(line.parameter())))) {
        findings.add(
            "redirectors: %s stands twice, and the first line counts".formatted(text(wrapper)));
      } else {
        byParameter.get(lower(line.parameter())).stream()
            .filter(other -> isCovered(wrapper, other))
            .findFirst()
            .ifPresent(
                other ->
                    findings.add(
                        "redirectors: %s is covered by %s".formatted(text(wrapper), text(other))));
      }
      reference.shorteners().stream()
          .filter(shortener -> isAtOrBelow(host, lower(shortener.host())))
          .filter(shortener -> !merchants.containsKey(lower(shortener.host())))
          .filter(shortener -> !shortener.linkKind().equals(line.linkKind()))
          .filter(shortener -> told.add(host + " " + line.linkKind()))
          .findFirst()
          .ifPresent(
              shortener ->
                  findings.add(
                      "redirectors: kind %s of %s never counts, for shorteners have %s as %s"
                          .formatted(
                              line.linkKind(), host, shortener.host(), shortener.linkKind())));
    }
  }

  /** Whether whatever meets a line would be decoded in the same way without it. */
  private static boolean isCovered(Wrapper line, Wrapper by) {
    boolean isWider =
        !line.host().equalsIgnoreCase(by.host()) || !line.pathPrefix().equals(by.pathPrefix());
    return isWider
        && isAtOrBelow(lower(line.host()), lower(by.host()))
        && by.covers(line.pathPrefix())
        && line.network().equals(by.network())
        && line.linkKind().equals(by.linkKind());
  }

  private static String text(Wrapper line) {
    return line.host() + " " + line.pathPrefix() + " " + line.parameter();
  }

  private static boolean isAtOrBelow(String host, String suffix) {
    return host.equals(suffix) || host.endsWith("." + suffix);
  }

  private static void knownRedirects(Reference reference, List<String> findings) {
    reference
        .knownRedirects()
        .forEach(
            (url, target) -> {
              ParsedLink link = LinkParser.parse(url);
              if (link == null || link.host() == null) {
                findings.add("known_redirects: %s is dead, for it is no link".formatted(url));
              } else if (LinkParser.parse(target) == null) {
                findings.add(
                    "known_redirects: %s is dead, for its target is no link".formatted(url));
              }
            });
  }

  private static void queryParameters(Reference reference, List<String> findings) {
    Set<String> groups = new HashSet<>();
    reference.merchants().forEach(line -> groups.add(line.merchantGroup()));
    for (Reference.QueryParameter line : reference.queryParameters()) {
      line.merchantGroup()
          .filter(group -> !groups.contains(group))
          .ifPresent(
              group ->
                  findings.add(
                      "query_parameters: %s is dead, for there is no merchant group %s"
                          .formatted(line.parameter(), group)));
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
