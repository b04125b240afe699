package io.shoplens.link;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a link leads to, and how that was found. Texts are as they may be stored.
 *
 * @param finalUrl where it leads, as far as known, without fragment, userinfo and parameters that
 *     do not name the destination; empty where unparsable
 * @param host ASCII host of finalUrl, lower case, without a trailing dot; empty for app links
 *     without one
 * @param registrableDomain registrable domain of the host by the Public Suffix List, private
 *     suffixes included; empty for IP addresses and bare names
 * @param merchant merchant, as in the catalogue
 * @param merchantGroup its group
 * @param parentGroup the company that owns the group
 * @param linkKind marketplace, shop, affiliate_network, link_hub, shortener, social, own, other or
 *     unparsable
 * @param certainty how sure it is
 * @param isCompetitor whether the group is marked as a competitor
 * @param productKey the destination's product, as {@code group:id}, where the URL carries one
 * @param affiliateNetwork network of the outermost wrapper that belongs to one, else the one that
 *     an affiliate parameter tells of
 * @param trackingParameters parameters that name a campaign, by name in lower case, of the link and
 *     all it led through; where several links have one, as the last has it
 * @param affiliateParameters parameters that name a partner, likewise
 * @param steps the rules that decided, in order
 */
public record ResolvedLink(
    Optional<String> finalUrl,
    Optional<String> host,
    Optional<String> registrableDomain,
    Optional<String> merchant,
    Optional<String> merchantGroup,
    Optional<String> parentGroup,
    String linkKind,
    Certainty certainty,
    boolean isCompetitor,
    Optional<String> productKey,
    Optional<String> affiliateNetwork,
    SortedMap<String, String> trackingParameters,
    SortedMap<String, String> affiliateParameters,
    List<Step> steps) {

  /**
   * A rule that applied.
   *
   * @param rule what applied, such as {@code redirector facebook.com /l.php u}
   * @param outcome what came of it: the URL it led to, or the verdict
   */
  public record Step(String rule, String outcome) {}

  public ResolvedLink {
    steps = List.copyOf(steps);
  }
}
