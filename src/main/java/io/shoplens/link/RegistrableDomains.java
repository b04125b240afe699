package io.shoplens.link;

import crawlercommons.domains.EffectiveTldFinder;

/** The registrable domain of a host: its public suffix and one label more. */
final class RegistrableDomains {
  private RegistrableDomains() {}

  /**
   * The registrable domain, or null for IP addresses, bare names and public suffixes. Private
   * suffixes count, because {@code a.myshopify.com} and {@code b.myshopify.com} belong to different
   * people. Below a suffix that the list doesn't know it is the last two labels.
   */
  static String of(String host) {
    int dot = host.lastIndexOf('.');
    if (dot <= 0 || host.charAt(0) == '.' || Hosts.isAddress(host)) {
      return null;
    }
    if (EffectiveTldFinder.getEffectiveTLD(host, false) != null) {
      return EffectiveTldFinder.getAssignedDomain(host, true, false);
    }
    return host.substring(host.lastIndexOf('.', dot - 1) + 1);
  }

  /** Whether the host ends in a suffix that the list knows by name. */
  static boolean isListed(String host) {
    String last = host.substring(host.lastIndexOf('.') + 1);
    return host.indexOf('.') > 0 && EffectiveTldFinder.getEffectiveTLDs().containsKey(last);
  }
}
