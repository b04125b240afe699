package io.shoplens.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shoplens.error.ExitStatus;
import io.shoplens.error.ShoplensException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A folder with a small set of reference tables and a configuration, for tests. */
public final class ConfFolder {
  private static final Map<String, String> TABLES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "markets.csv",
                  """
                  # Markets.
                  market,zone,currency,take_rate,daily_goal,yearly_loss_budget,daily_fixed_cost
                  US,America/New_York,USD,0.06,10000000,500000000,350000
                  ID,Asia/Jakarta,IDR,0.065,,,
                  """),
              Map.entry("region_zones.csv", "region,zone\nUS-CA,America/Los_Angeles\n"),
              Map.entry(
                  "fx_rates.csv",
                  "rate_date,currency,rate\n2026-03-02,USD,1.1767\n2026-03-03,USD,1.18\n"),
              Map.entry(
                  "merchants.csv",
                  """
                  merchant_group,parent_group,merchant,domain,link_kind,is_competitor,source
                  Shopee,Sea,"Shopee, Indonesia",shopee.co.id,marketplace,true,"says ""so""\"
                  Tinyco,,Tinyco,tinyco:,shop,false,
                  """),
              Map.entry(
                  "redirectors.csv",
                  "host,path_prefix,parameter,network,link_kind\n"
                      + "click.example,/go,url,Net,affiliate_network\n"),
              Map.entry("shorteners.csv", "host,link_kind\nbit.ly,shortener\n"),
              Map.entry(
                  "known_redirects.csv", "url,target\nhttps://a.example/1,https://b.example/\n"),
              Map.entry("own_domains.csv", "domain,role\nshop.example,own\npaypal.com,payment\n"),
              Map.entry(
                  "touch_rules.csv",
                  "event_type,surface,touch_class,interaction\n"
                      + "product_click,,in_app_shop,click\ninbound_visit,feed,by_source,click\n"),
              Map.entry(
                  "channel_rules.csv",
                  "channel,touch_class,event_type,surface,utm_source,utm_medium,utm_campaign,"
                      + "referrer_domain,merchant_group\nlive,in_app_shop,,live,,,,,\n"),
              Map.entry("crawlers.csv", "pattern\nGoogleBot\n"),
              Map.entry(
                  "query_parameters.csv",
                  "parameter,parameter_role,stored,network,merchant_group\n"
                      + "ID,destination,value,,\ntag,affiliate,name,Net,Shopee\n"),
              Map.entry(
                  "restrictions.csv",
                  "region,restriction,restriction_state,from_date,until_date,source\n"
                      + "US-MT,Ban,halted,2023-11-30,,court\n")));

  private final Path folder;

  private ConfFolder(Path folder) {
    this.folder = folder;
  }

  /** A new set of tables in a folder. */
  public static ConfFolder in(Path folder) {
    ConfFolder conf = new ConfFolder(folder);
    TABLES.forEach(conf::write);
    return conf;
  }

  /** Writes a file of the folder. */
  public ConfFolder write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path of a file of the folder. */
  public String path(String name) {
    return folder.resolve(name).toString();
  }

  /** The configuration of some YAML. */
  ShoplensConfig load(String yaml) {
    return load(yaml, Map.of(), Map.of());
  }

  ShoplensConfig load(String yaml, Map<String, String> overrides, Map<String, String> environment) {
    write("a.yaml", yaml);
    return ConfigFile.load(path("a.yaml"), overrides, environment);
  }

  /** The message that some YAML fails with, the folder written as CONF. */
  String failure(String yaml) {
    return failure(yaml, Map.of(), Map.of());
  }

  String failure(String yaml, Map<String, String> overrides, Map<String, String> environment) {
    ShoplensException fault =
        catchThrowableOfType(ShoplensException.class, () -> load(yaml, overrides, environment));
    if (fault == null) {
      throw new AssertionError("nothing failed");
    }
    if (fault.status() != ExitStatus.USAGE) {
      throw new AssertionError("exit status " + fault.status());
    }
    return fault.getMessage().replace(folder.toString(), "CONF");
  }
}
