package io.shoplens.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that a run is told: settings, feeds and reference tables, validated.
 *
 * @param lakeRoot folder or bucket of the Delta tables, as a Hadoop path
 * @param lake who may work on the lake at once, and for how long its past is kept
 * @param watermarkGrace how long a market's watermark stays behind its data
 * @param feeds the feeds, in the order of the configuration
 * @param reference the reference tables
 * @param ingest what a record may be
 * @param privacy how the ids of persons are stored
 * @param clickstream sessions, bots and identities
 * @param gmv how GMV is counted
 * @param attribution windows of attribution
 * @param leakage bounds of the leak rate
 * @param spark Spark and Hadoop settings to start the session with
 * @param digest digest of all of the above but the lake's own settings and Spark's
 */
public record ShoplensConfig(
    String lakeRoot,
    LakeSettings lake,
    Duration watermarkGrace,
    List<Feed> feeds,
    Reference reference,
    IngestSettings ingest,
    PrivacySettings privacy,
    ClickstreamSettings clickstream,
    GmvSettings gmv,
    AttributionSettings attribution,
    LeakageSettings leakage,
    Map<String, String> spark,
    String digest) {
  public ShoplensConfig {
    feeds = List.copyOf(feeds);
    spark = Map.copyOf(spark);
  }

  /** Names of the feeds that are configured. */
  public Set<String> feedNames() {
    return feeds.stream().map(Feed::name).collect(Collectors.toSet());
  }
}
