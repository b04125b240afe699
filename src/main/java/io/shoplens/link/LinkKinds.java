package io.shoplens.link;

/** Kinds of links that the resolver itself gives; the catalogues add those of their lines. */
final class LinkKinds {
  static final String MARKETPLACE = "marketplace";
  static final String SHOP = "shop";
  static final String AFFILIATE_NETWORK = "affiliate_network";
  static final String OWN = "own";
  static final String OTHER = "other";
  static final String UNPARSABLE = "unparsable";

  private LinkKinds() {}
}
