package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.AttributionSettings.Windows;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ConfigFileTest {
  private static final String LAKE = "lake.root: s3a://bucket/lake\n";

  @TempDir private Path folder;
  private ConfFolder conf;

  @BeforeEach
  void folder() {
    conf = ConfFolder.in(folder);
  }

  @Test
  void whatNobodySetsIsTheDefault() {
    ShoplensConfig config = conf.load(LAKE);

    assertThat(config.gmv())
        .isEqualTo(new GmvSettings(GmvSettings.Basis.PAID, Set.of(), "USD", 7, Optional.empty()));
    assertThat(config.attribution())
        .isEqualTo(
            new AttributionSettings(
                List.of(AttributionSettings.Model.values()),
                new Windows(Duration.ofDays(30), Duration.ofHours(168), Duration.ofHours(24)),
                Map.of(),
                200,
                List.of(),
                new AttributionSettings.Claims(
                    List.of("shop_ads"), List.of("affiliate"), Duration.ofDays(14))));
    assertThat(config.clickstream())
        .isEqualTo(
            new ClickstreamSettings(
                Duration.ofMinutes(30), Duration.ofHours(24), Duration.ofDays(30), 600, 5000));
    assertThat(config.ingest())
        .isEqualTo(
            new IngestSettings(
                java.time.LocalDate.parse("2000-01-01"),
                Duration.ofHours(24),
                new java.math.BigDecimal("0.05"),
                new java.math.BigDecimal("0.01"),
                1 << 20,
                64,
                7));
    assertThat(config.leakage().opaqueCompetitor())
        .isEqualTo(
            Map.of(
                "shortener", new java.math.BigDecimal("0.3"),
                "link_hub", new java.math.BigDecimal("0.2")));
    assertThat(config.watermarkGrace()).isEqualTo(Duration.ZERO);
    assertThat(config.feeds()).isEmpty();
    assertThat(config.spark()).isEmpty();
    assertThat(config.lakeRoot()).isEqualTo("s3a://bucket/lake");
  }

  @Test
  void aMarketMayHaveWindowsOfItsOwn() {
    AttributionSettings attribution =
        conf.load(
                LAKE
                    + "attribution.market-windows: [ID lookback 14d, ID click-window 72h, SG"
                    + " view-window 1h]\n")
            .attribution();

    assertThat(attribution.windowsOf("ID"))
        .isEqualTo(new Windows(Duration.ofDays(14), Duration.ofHours(72), Duration.ofHours(24)));
    assertThat(attribution.windowsOf("SG"))
        .isEqualTo(new Windows(Duration.ofDays(30), Duration.ofHours(168), Duration.ofHours(1)));
    assertThat(attribution.windowsOf("US")).isEqualTo(attribution.windows());
    assertThat(attribution.longestLookback()).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void anOverrideWinsOverTheEnvironmentAndThatOverTheFile() {
    String yaml = LAKE + "gmv: {basis: placed, reporting-currency: EUR, rates-carried-days: 3}\n";
    Map<String, String> environment =
        Map.of("SHOPLENS_GMV_REPORTING_CURRENCY", "GBP", "SHOPLENS_GMV_RATES_CARRIED_DAYS", "4");

    ShoplensConfig config = conf.load(yaml, Map.of("gmv.rates-carried-days", "5"), environment);

    assertThat(config.gmv())
        .isEqualTo(new GmvSettings(GmvSettings.Basis.PLACED, Set.of(), "GBP", 5, Optional.empty()));
  }

  @Test
  void keysMayBeNestedOrWrittenWithDots() {
    String nested = "lake:\n  root: /l\nleakage:\n  opaque-competitor:\n    shortener: 0.5\n";
    String dotted = "lake.root: /l\nleakage:\n  opaque-competitor.shortener: 0.5\n";

    assertThat(conf.load(nested)).isEqualTo(conf.load(dotted));
    assertThat(conf.load(nested).leakage().opaqueCompetitor())
        .containsEntry("shortener", new java.math.BigDecimal("0.5"));
  }

  @Test
  void aListMayBeWrittenAsAListOrAsText() {
    Set<GmvSettings.Include> both = Set.of(GmvSettings.Include.SHIPPING, GmvSettings.Include.TAX);

    assertThat(conf.load(LAKE + "gmv.include: [shipping, tax]\n").gmv().include()).isEqualTo(both);
    assertThat(conf.load(LAKE + "gmv.include: tax,shipping\n").gmv().include()).isEqualTo(both);
    assertThat(conf.load(LAKE + "gmv.include: []\n").gmv().include()).isEmpty();
  }

  @Test
  void relativePathsOfTheFileAreRelativeToItsFolder() {
    ShoplensConfig config =
        conf.load(
            """
            lake.root: ../lake
            feeds:
              clicks: {kind: events, path: 'logs/**/*.gz'}
              orders: {kind: orders, path: 's3a://bucket/orders'}
              more: {kind: events, path: /var/log/shop}
            """);

    assertThat(config.lakeRoot()).isEqualTo(folder.resolveSibling("lake").toString());
    assertThat(config.feeds().stream().map(Feed::path))
        .containsExactly(folder + "/logs/**/*.gz", "s3a://bucket/orders", "/var/log/shop");
  }

  @Test
  void relativePathsOfOverridesAndTheEnvironmentAreRelativeToTheWorkingFolder() {
    Path working = Path.of("").toAbsolutePath();

    assertThat(conf.load("", Map.of("lake.root", "out/lake"), Map.of()).lakeRoot())
        .isEqualTo(working.resolve("out/lake").toString());
    assertThat(conf.load(LAKE, Map.of(), Map.of("SHOPLENS_LAKE_ROOT", "lake")).lakeRoot())
        .isEqualTo(working.resolve("lake").toString());
  }

  @Test
  void aNativeFeedNeedsItsKindAndPathOnly() {
    ShoplensConfig config = conf.load(LAKE + "feeds.clicks: {kind: events, path: /logs}\n");

    assertThat(config.feeds())
        .containsExactly(
            new Feed(
                "clicks",
                Feed.Kind.EVENTS,
                "/logs",
                Feed.Format.JSON,
                Feed.Grain.ORDER,
                Optional.empty(),
                ',',
                true,
                "UTF-8",
                Optional.empty(),
                Map.of(),
                Map.of()));
    assertThat(config.feeds().get(0).isNative()).isTrue();
  }

  @Test
  void aMappedFeedKeepsItsFieldsAndExpressionsAsWrittenAndInOrder() {
    ShoplensConfig config =
        conf.load(
            LAKE
                + """
                feeds:
                  invoices:
                    kind: orders
                    path: /invoices/*.csv
                    format: csv
                    grain: line
                    zone: Europe/London
                    csv:
                      delimiter: tab
                      header: false
                    fields:
                      invoice: InvoiceNo
                      price: UnitPrice
                    mapping:
                      order_id: invoice
                      market: "'GB'"
                      order_event: |
                        CASE WHEN invoice LIKE 'C%'
                          THEN 'refunded' ELSE 'placed' END
                """);

    Feed feed = config.feeds().get(0);
    assertThat(feed.format()).isEqualTo(Feed.Format.CSV);
    assertThat(feed.grain()).isEqualTo(Feed.Grain.LINE);
    assertThat(feed.zone()).contains(ZoneId.of("Europe/London"));
    assertThat(feed.delimiter()).isEqualTo('\t');
    assertThat(feed.header()).isFalse();
    assertThat(feed.fields().toString()).isEqualTo("{invoice=InvoiceNo, price=UnitPrice}");
    assertThat(feed.mapping().toString())
        .isEqualTo(
            "{order_id=invoice, market='GB', order_event=CASE WHEN invoice LIKE 'C%'\n"
                + "  THEN 'refunded' ELSE 'placed' END}");
  }

  @Test
  void aFeedsPlainKeysCanBeSetFromTheEnvironment() {
    String yaml = LAKE + "feeds.web-clicks: {kind: events, path: /logs}\n";

    ShoplensConfig config =
        conf.load(yaml, Map.of(), Map.of("SHOPLENS_FEEDS_WEB_CLICKS_PATH", "/other"));

    assertThat(config.feeds().get(0).path()).isEqualTo("/other");
  }

  @Test
  void settingsOfSparkAndHadoopPassThrough() {
    ShoplensConfig config =
        conf.load(
            LAKE
                + """
                spark:
                  master: local[1]
                  sql.shuffle.partitions: 3
                fs:
                  s3a.endpoint: http://127.0.0.1:1
                """,
            Map.of("spark.executor.memory", "1g", "fs.s3a.secret.key", "sesame"),
            Map.of());

    assertThat(config.spark())
        .isEqualTo(
            Map.of(
                "spark.master", "local[1]",
                "spark.sql.shuffle.partitions", "3",
                "spark.executor.memory", "1g",
                "spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:1",
                "spark.hadoop.fs.s3a.secret.key", "sesame"));
  }

  @Test
  void sectionsWithoutLinesAndVariablesOfOthersAreNotSettings() {
    Map<String, String> environment =
        Map.of(
            "PATH", "/bin",
            "SHOPLENS_HOME", "/opt/shoplens",
            "SHOPLENS_SERVICE_HOST", "10.0.0.1",
            "SHOPLENS_PORT_80_TCP", "tcp://10.0.0.1:80");

    assertThat(conf.load(LAKE + "gmv:\nfeeds:\nspark:\nfs:\n", Map.of(), environment))
        .isEqualTo(conf.load(LAKE));
  }

  @Test
  void theDigestChangesWithWhatResultsDependOnAndWithNothingElse() {
    String digest = conf.load(LAKE).digest();

    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(conf.load("lake.root: /other\nspark.master: local[1]\ngmv.basis: paid\n").digest())
        .isEqualTo(digest);
    assertThat(conf.load(LAKE + "gmv.basis: placed\n").digest()).isNotEqualTo(digest);
    assertThat(conf.load(LAKE + "feeds.c: {kind: events, path: /l}\n").digest())
        .isNotEqualTo(digest);
    conf.write("crawlers.csv", "# another comment\npattern\n\ngooglebot\n");
    assertThat(conf.load(LAKE).digest()).isEqualTo(digest);
    conf.write("crawlers.csv", "pattern\ngooglebot\nbingbot\n");
    assertThat(conf.load(LAKE).digest()).isNotEqualTo(digest);
  }

  @Test
  void referenceTablesMayLieElsewhereTogetherOrOneByOne() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    ConfFolder.in(other).write("crawlers.csv", "pattern\nother\n");
    conf.write("mine.csv", "pattern\nmine\n");

    assertThat(conf.load(LAKE + "reference.dir: other\n").reference().crawlers())
        .containsExactly("other");
    assertThat(
            conf.load(LAKE + "reference: {dir: other, crawlers: mine.csv}\n")
                .reference()
                .crawlers())
        .containsExactly("mine");
  }

  static final List<Refused> REFUSED =
      List.of(
          new Refused(
              "gmv.basos: placed",
              """
              Unknown key gmv.basos = "placed".
                Cause: CONF/a.yaml:2 gives it, and no setting is called so. Allowed are the keys listed in \
              conf/shoplens.yaml, feeds.<name>.*, spark.* and fs.*.
                Cure:  The nearest known key is gmv.basis."""),
          new Refused(
              "feeds:\n  c: {kind: events, path: /l}\n  d:\n    mapings:\n      user_id: uid",
              """
              Unknown key feeds.d.mapings.user_id = "uid".
                Cause: CONF/a.yaml:6 gives it, and no setting is called so. Allowed are the keys listed in \
              conf/shoplens.yaml, feeds.<name>.*, spark.* and fs.*.
                Cure:  The nearest known key is feeds.d.mapping.user_id."""),
          new Refused(
              "gmv: {basis: payed}",
              """
              gmv.basis = "payed" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is placed or paid.
                Cure:  Correct it, or leave it out for the default, paid."""),
          new Refused(
              "gmv.include: [shipping, shipping]",
              """
              gmv.include = "shipping, shipping" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is none, or a list of shipping and tax.
                Cure:  Correct it, or leave it out for the default, none."""),
          new Refused(
              "gmv.reporting-currency: XXX",
              """
              gmv.reporting-currency = "XXX" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is an ISO 4217 code in capitals, such as USD.
                Cure:  Correct it, or leave it out for the default, USD."""),
          new Refused(
              "attribution.lookback: 31d",
              """
              attribution.lookback = "31d" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is a duration from 1s to 30d, such as 90s, 30m, \
              24h or 7d.
                Cure:  Correct it, or leave it out for the default, 30d."""),
          new Refused(
              "attribution.lookback: 1d",
              """
              attribution.click-window = 168h is longer than attribution.lookback = 1d.
                Cause: the default and CONF/a.yaml:2 give them.
                Cure:  Shorten the one or lengthen the other."""),
          new Refused(
              "attribution.market-windows: [ID lookback 14d, ID click 3d]",
              """
              attribution.market-windows = "ID lookback 14d, ID click 3d" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is none, or a list of a market, lookback, \
              click-window or view-window, and a duration, such as [ID lookback 14d, ID \
              click-window 72h].
                Cure:  Correct it, or leave it out for the default, none."""),
          new Refused(
              "attribution.market-windows: [ID lookback 6d]",
              """
              attribution.market-windows = ID lookback 6d leaves market ID a click or view window \
              longer than its look-back.
                Cause: CONF/a.yaml:2 gives it; what it leaves out is as for other markets.
                Cure:  Give ID a shorter click-window and view-window too."""),
          new Refused(
              "ingest.record-limit: 65MiB",
              """
              ingest.record-limit = "65MiB" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is a size from 1KiB to 64MiB.
                Cure:  Correct it, or leave it out for the default, 1MiB."""),
          new Refused(
              "ingest.file-reject-limit: 5%",
              """
              ingest.file-reject-limit = "5%" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is a decimal from 0 to 1.
                Cure:  Correct it, or leave it out for the default, 0.05."""),
          new Refused(
              "ingest.earliest-date: 2026-02-30",
              """
              ingest.earliest-date = "2026-02-30" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is a date from 1970-01-01 on.
                Cure:  Correct it, or leave it out for the default, 2000-01-01."""),
          new Refused(
              "gmv.basis:",
              """
              gmv.basis has no value.
                Cause: CONF/a.yaml:2 gives the key alone.
                Cure:  Give it a value, or leave the key out for its default."""),
          new Refused(
              "gmv.basis: paid\ngmv:\n  basis: placed",
              """
              The key gmv.basis is given twice.
                Cause: CONF/a.yaml:2 and CONF/a.yaml:4 set it.
                Cure:  Keep one of them."""),
          new Refused(
              "fs.s3a.secret.key: sesame",
              """
              fs.s3a.secret.key is a secret, and the configuration file holds it.
                Cause: CONF/a.yaml:2 gives it. Files are copied, committed and shown.
                Cure:  Remove it there and change the secret. For S3 use an instance role, or the \
              variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; see conf/s3.yaml."""),
          new Refused(
              "feeds.c: {kind: clicks, path: /l}",
              """
              feeds.c.kind = "clicks" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is events or orders.
                Cure:  Correct it."""),
          new Refused(
              "feeds.c: {kind: events}",
              """
              feeds.c.path is not set.
                Cause: CONF/a.yaml:2 begins the feed, and nothing gives its path.
                Cure:  Set it to a path, folder, glob or URI."""),
          new Refused(
              "feeds.c: {kind: events, path: ~/logs}",
              """
              feeds.c.path = "~/logs" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is a path, folder, glob or URI.
                Cure:  Correct it."""),
          new Refused(
              "feeds.c: {kind: events, path: 's3a://key:sesame@b/${DAY}'}",
              """
              feeds.c.path = "s3a://b/${DAY}" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is a path, folder, glob or URI.
                Cure:  Correct it."""),
          new Refused(
              "feeds.c: {kind: orders, path: /l, zone: GMT+25}",
              """
              feeds.c.zone = "GMT+25" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is a zone of the IANA database, such as \
              Europe/London.
                Cure:  Correct it."""),
          new Refused(
              "feeds.c: {kind: events, path: /l, grain: line}",
              """
              feeds.c.grain = "line" has no effect.
                Cause: CONF/a.yaml:2 gives it. Only order feeds have a grain.
                Cure:  Leave it out."""),
          new Refused(
              "feeds.c: {kind: events, path: /l, csv.header: false}",
              """
              feeds.c.csv.header = "false" has no effect.
                Cause: CONF/a.yaml:2 gives it. The feed's format is not csv.
                Cure:  Leave it out."""),
          new Refused(
              "feeds.c: {kind: events, path: /l, format: csv, csv.delimiter: '||'}",
              """
              feeds.c.csv.delimiter = "||" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is one ASCII character, or tab.
                Cure:  Correct it."""),
          new Refused(
              "feeds.c: {kind: events, path: /l, format: csv, csv.encoding: UTF-16}",
              """
              feeds.c.csv.encoding = "UTF-16" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed is UTF-8, or a character set of one byte a character, \
              such as ISO-8859-1 or windows-1252.
                Cure:  Correct it."""),
          new Refused(
              "feeds.Web Clicks: {kind: events, path: /l}",
              """
              The feed name "Web Clicks" is not allowed.
                Cause: CONF/a.yaml:2 gives it; allowed are a-z, 0-9, - and _, with a letter or digit \
              first.
                Cure:  Rename the feed."""),
          new Refused(
              "reference.dir: nowhere",
              """
              The reference table CONF/nowhere/markets.csv does not exist.
                Cause: Every reference table must be there; reference.markets names this one.
                Cure:  Put markets.csv there, set reference.markets to where it is, or set \
              reference.dir to a folder with all of them, such as the conf folder that comes with the \
              software."""),
          new Refused(
              "reference.dir: s3a://bucket/conf",
              """
              reference.dir = "s3a://bucket/conf" is not a local path.
                Cause: CONF/a.yaml:2 gives it; reference tables are read before there is a session.
                Cure:  Copy the tables to this machine; with spark-submit, ship them with --files."""),
          new Refused(
              "gmv: [a, b",
              """
              The file CONF/a.yaml is not YAML.
                Cause: CONF/a.yaml:3: expected ',' or ']', but got <stream end>
                Cure:  Mend that line; values with a colon, # or quotes need quotes around them."""),
          new Refused(
              "gmv: [[a]]",
              """
              The file CONF/a.yaml is not a configuration.
                Cause: CONF/a.yaml:2 nests values in the list gmv.
                Cure:  Write a list of plain values."""),
          new Refused(
              "gmv: &a\n  b: *a",
              """
              The file CONF/a.yaml is not a configuration.
                Cause: CONF/a.yaml:2 is nested too deeply.
                Cure:  Write the keys with dots, such as gmv.basis."""));

  record Refused(String yaml, String message) {}

  @ParameterizedTest
  @FieldSource("REFUSED")
  void whatIsNotAllowedIsToldWithPlaceAndCure(Refused refused) {
    assertThat(conf.failure(LAKE + refused.yaml() + "\n")).isEqualTo(refused.message());
  }

  @Test
  void anOverrideIsToldBySource() {
    assertThat(conf.failure(LAKE, Map.of("gmv.basis", "none"), Map.of()))
        .isEqualTo(
            """
            gmv.basis = "none" is not allowed.
              Cause: -D gmv.basis gives it; allowed is placed or paid.
              Cure:  Correct it, or leave it out for the default, paid.""");
    assertThat(conf.failure(LAKE, Map.of("api.token", "sesame"), Map.of()))
        .isEqualTo(
            """
            Unknown key api.token = (hidden).
              Cause: -D api.token gives it, and no setting is called so. Allowed are the keys listed in \
            conf/shoplens.yaml, feeds.<name>.*, spark.* and fs.*.
              Cure:  The nearest known key is lake.keep.""");
  }

  @Test
  void anEnvironmentVariableIsToldByName() {
    assertThat(conf.failure(LAKE, Map.of(), Map.of("SHOPLENS_GMV_RATES_CARRIED_DAYS", "-1")))
        .isEqualTo(
            """
            gmv.rates-carried-days = "-1" is not allowed.
              Cause: environment variable SHOPLENS_GMV_RATES_CARRIED_DAYS gives it; allowed is a whole \
            number from 0 to 31.
              Cure:  Correct it, or leave it out for the default, 7.""");
    assertThat(conf.failure(LAKE, Map.of(), Map.of("SHOPLENS_GMV_BASE", "paid")))
        .isEqualTo(
            """
            Unknown environment variable SHOPLENS_GMV_BASE = "paid".
              Cause: Variables that begin with SHOPLENS_ are settings, and none is called so.
              Cure:  The nearest known one is SHOPLENS_GMV_BASIS; other keys can be given with -D.""");
  }

  @Test
  void theLakesRootHasToBeGiven() {
    assertThat(conf.failure("gmv.basis: paid\n"))
        .isEqualTo(
            """
            lake.root is not set.
              Cause: It has no default, and neither the file nor SHOPLENS_LAKE_ROOT nor -D gives it.
              Cure:  Set it to a path or URI, without ~ and ${...}, which nothing expands.""");
  }

  @Test
  void aFileThatIsNotThereOrNotTextIsTold() throws Exception {
    String missing = conf.path("b.yaml");
    assertThat(message(missing).replace(folder.toString(), "CONF"))
        .isEqualTo(
            """
            The file CONF/b.yaml does not exist.
              Cause: Nothing lies at CONF/b.yaml.
              Cure:  Check the path, or copy the file from the conf folder that comes with the software.""");
    Files.write(folder.resolve("b.yaml"), "lake.root: é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(message(missing).replace(folder.toString(), "CONF"))
        .isEqualTo(
            """
            The file CONF/b.yaml is not UTF-8.
              Cause: It has bytes that are no text in that encoding.
              Cure:  Save it as UTF-8.""");
    assertThat(message("s3a://me:sesame@bucket/a.yaml"))
        .isEqualTo(
            """
            The configuration s3a://bucket/a.yaml is not a local file.
              Cause: Configuration is read before there is a session that could read other storage.
              Cure:  Copy it to this machine; with spark-submit, ship it with --files.""");
  }

  @Test
  void noYamlWhateverItsBytesEndsInAnythingButAnErrorOrAConfiguration() {
    java.util.Random random = new java.util.Random(7);
    String letters = "gmv:.- \n\t[]{}&*!|>'\"#%@`,abasispaid0";
    int failures = 0;
    for (int round = 0; round < 2000; round++) {
      char[] text = new char[random.nextInt(40)];
      for (int i = 0; i < text.length; i++) {
        text[i] = letters.charAt(random.nextInt(letters.length()));
      }
      try {
        conf.load(LAKE + new String(text) + "\n");
      } catch (io.shoplens.error.ShoplensException expected) {
        failures++;
      }
    }
    assertThat(failures).isBetween(1000, 2000);
    assertThat(Arrays.stream(folder.toFile().list())).contains("a.yaml");
  }

  private static String message(String path) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
            io.shoplens.error.ShoplensException.class,
            () -> ConfigFile.load(path, Map.of(), Map.of()))
        .getMessage();
  }
}
