package io.shoplens.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** A digest of what results depend on: equal for equal settings, feeds and reference tables. */
final class Digest {
  private Digest() {}

  /** Lower-case hex of the SHA-256 of the values' canonical text. */
  static String of(
      Duration watermarkGrace,
      List<Feed> feeds,
      Reference reference,
      IngestSettings ingest,
      PrivacySettings privacy,
      ClickstreamSettings clickstream,
      GmvSettings gmv,
      AttributionSettings attribution,
      LeakageSettings leakage) {
    StringBuilder text = new StringBuilder();
    List.of(
            watermarkGrace,
            ingest,
            privacy.pseudonyms(),
            clickstream,
            gmv.basis(),
            new TreeSet<>(gmv.include()),
            gmv.reportingCurrency(),
            gmv.ratesCarriedDays(),
            gmv.closedUntil(),
            attribution,
            new TreeMap<>(leakage.opaqueCompetitor()))
        .forEach(value -> text.append(value).append('\n'));
    feeds.forEach(feed -> text.append(feed).append('\n'));
    List.of(
            new TreeMap<>(reference.markets()),
            new TreeMap<>(reference.regionZones()),
            new TreeMap<>(reference.rates()),
            reference.merchants(),
            reference.redirectors(),
            reference.shorteners(),
            new TreeMap<>(reference.knownRedirects()),
            reference.ownDomains(),
            reference.touchRules(),
            reference.channelRules(),
            reference.crawlers(),
            reference.queryParameters(),
            reference.restrictions())
        .forEach(value -> text.append(value).append('\n'));
    return sha256(text.toString());
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
