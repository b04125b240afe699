package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.config.ConfFolder;
import io.shoplens.testing.LoopbackS3;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What bad input gets, through the real command line: one message of problem, cause and cure, the
 * exit code, and nothing half-written.
 */
class BadInputTest {
  private static final String EVENT =
      """
      {"event_id":"e1","event_type":"product_click","event_at":"2026-03-02T10:00:00Z",\
      "user_id":"u1","market":"ID","product_id":"p1"}
      """;

  private static final String CLICKS =
      """
      lake.root: lake
      feeds.clicks.kind: events
      feeds.clicks.path: logs
      """;

  private static LoopbackS3 s3;

  @TempDir private Path folder;
  private ConfFolder conf;

  @BeforeAll
  static void start(@TempDir Path buckets) throws Exception {
    s3 = LoopbackS3.start(buckets, "locked");
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @BeforeEach
  void write() throws IOException {
    conf = ConfFolder.in(folder);
    Files.createDirectories(folder.resolve("logs"));
    Files.writeString(folder.resolve("logs/a.jsonl"), EVENT);
  }

  @Test
  void aMissingBucketOfAFeed() {
    assertRefused(
        3,
        run(CLICKS, with(s3.hadoopSettings(), "feeds.clicks.path=s3a://no-such-logs/raw")),
        """
        The bucket does not exist.
          Cause: UnknownStoreException: `s3a://no-such-logs/raw': listObjects() on \
        s3a://no-such-logs/raw: The specified bucket does not exist
          Cure:  Check the bucket's name in lake.root and in the feeds' paths, and the \
        endpoint and region (fs.s3a.endpoint, fs.s3a.endpoint.region).""");
  }

  @Test
  void aMissingBucketOfTheLake() {
    assertRefused(
        3,
        run(CLICKS, with(s3.hadoopSettings(), "lake.root=s3a://no-such-lake/tables")),
        """
        The bucket does not exist.
          Cause: UnknownStoreException: `s3a://no-such-lake/tables/_shoplens/probe-ID': \
        getFileStatus on s3a://no-such-lake/tables/_shoplens/probe-ID: The specified \
        bucket does not exist
          Cure:  Check the bucket's name in lake.root and in the feeds' paths, and the \
        endpoint and region (fs.s3a.endpoint, fs.s3a.endpoint.region).""");
  }

  @Test
  void aWrongSecret() {
    assertRefused(
        3,
        run(
            CLICKS,
            with(
                s3.hadoopSettings(),
                "fs.s3a.secret.key=not-the-secret",
                "feeds.clicks.path=s3a://locked/raw")),
        """
        The store refuses the credentials.
          Cause: AccessDeniedException: s3a://locked/raw: listObjects() on s3a://locked/raw: \
        The request signature we calculated does not match the signature you provided. Check \
        your key and signing method.
          Cure:  Check the access key and its secret, and that they belong to this endpoint.""");
  }

  @Test
  void anEndpointWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertRefused(
        3,
        run(
            CLICKS,
            with(
                s3.hadoopSettings(),
                "fs.s3a.endpoint=http://127.0.0.1:" + port,
                "lake.root=s3a://unheard/tables")),
        """
        The store can't be reached.
          Cause: ConnectException: getFileStatus on \
        s3a://unheard/tables/_shoplens/probe-ID: Unable to execute HTTP request: Connect \
        to 127.0.0.1:PORT [/127.0.0.1] failed: Connection refused
          Cure:  Check fs.s3a.endpoint and fs.s3a.endpoint.region, the network and the proxy; \
        then run again: what is done is kept.""");
  }

  @Test
  void aMissingInputPath() {
    assertRefused(
        3,
        run(CLICKS, "-D", "feeds.clicks.path=" + folder + "/none/*.jsonl"),
        """
        Feed clicks has no input: FOLDER/none/*.jsonl does not exist.
          Cause: There is no FOLDER/none.
          Cure:  Correct feeds.clicks.path, or put the files there.""");
  }

  @Test
  void twoFeedsOfOneFile() {
    assertRefused(
        2,
        run(
            CLICKS,
            "-D",
            "feeds.more.kind=orders",
            "-D",
            "feeds.more.path=" + folder + "/logs/a.jsonl"),
        """
        Feeds clicks and more both read file:FOLDER/logs/a.jsonl.
          Cause: A file is known by its path, and its records belong to one feed.
          Cure:  Give each feed a path of its own; what two feeds are to read, deliver to both.""");
  }

  @Test
  void aReferenceTableWithAnInvalidValue() {
    conf.write(
        "fx_rates.csv", "rate_date,currency,rate\n2026-03-02,USD,1.1767\n2026-03-03,USD,x\n");

    assertRefused(
        2,
        run(CLICKS),
        """
        The reference table FOLDER/fx_rates.csv can't be used.
          Cause: FOLDER/fx_rates.csv:3: Column rate is "x"; allowed is a decimal over 0: \
        units per unit of base.
          Cure:  Correct that line.""");
  }

  @Test
  void aReferenceTableThatIsNotThere() {
    assertRefused(
        2,
        run(CLICKS + "reference.markets: elsewhere.csv\n"),
        """
        The reference table FOLDER/elsewhere.csv does not exist.
          Cause: Every reference table must be there; reference.markets names this one.
          Cure:  Put markets.csv there, set reference.markets to where it is, or set \
        reference.dir to a folder with all of them, such as the conf folder that comes with \
        the software.""");
  }

  @Test
  void aMappingExpressionThatDoesNotCompile() {
    assertRefused(
        2,
        run(
            CLICKS
                + """
                feeds.clicks.fields: {id: $.event_id, at: $.event_at}
                feeds.clicks.mapping: {event_id: id, event_at: to_timestmp(at)}
                """),
        """
        Feed clicks: the mapping of event_at does not compile: to_timestmp(at)
          Cause: [UNRESOLVED_ROUTINE] Cannot resolve routine `to_timestmp`.
          Cure:  It can use the fields id, at and _file, _line, _offset, _part, and Spark's \
        SQL functions.""");
  }

  @Test
  void aMappingOfAFieldThatTheContractDoesNotHave() {
    assertRefused(
        2,
        run(
            CLICKS
                + """
                feeds.clicks.fields: {id: $.event_id}
                feeds.clicks.mapping: {event_idd: id}
                """),
        """
        feeds.clicks.mapping.event_idd is no field of the contract.
          Cause: Allowed are event_id, event_type, event_at, received_at, user_id, device_id, \
        market, region, surface, content_id, creator_id, product_id, category, ad_id, \
        link_url, referrer_url, utm_source, utm_medium, utm_campaign, app_version, platform, \
        user_agent, extra, _keep.
          Cure:  The nearest is event_id.""");
  }

  @Test
  void aMarketThatIsNotConfiguredHoldsTheFile() throws IOException {
    Files.writeString(folder.resolve("logs/a.jsonl"), EVENT.replace("\"ID\"", "\"AQ\""));

    Outcome held = run(CLICKS);

    assertThat(held.exit()).as(held.err()).isEqualTo(3);
    assertThat(held.out())
        .contains("records 1 = accepted 0 + duplicate 0 + rejected 1 + blank 0")
        .contains(" held in ");
    assertThat(held.err()).doesNotContain("\tat ").contains(folder + "/logs/a.jsonl");
    assertThat(folder.resolve("lake/gold")).doesNotExist();
  }

  @Test
  void aDateThatIsNone() {
    assertRefused(
        2,
        run(CLICKS, "--from", "2026-02-30", "--to", "2026-03-02"),
        """
        --from 2026-02-30 is not a date.
          Cause: Allowed is a calendar date as 2026-03-02.
          Cure:  Correct it.""");
  }

  @Test
  void anUnknownSetting() {
    assertRefused(
        2,
        run(CLICKS + "gmv.bassis: paid\n"),
        """
        Unknown key gmv.bassis = "paid".
          Cause: FOLDER/a.yaml:4 gives it, and no setting is called so. Allowed are the keys \
        listed in conf/shoplens.yaml, feeds.<name>.*, spark.* and fs.*.
          Cure:  The nearest known key is gmv.basis.""");
  }

  @Test
  void aLakeThatIsAFile() throws IOException {
    Files.writeString(folder.resolve("lake"), "not a folder");

    Outcome refused = run(CLICKS);

    assertThat(message(refused))
        .isEqualTo(
            """
        A file stands where a folder is needed.
          Cause: ParentNotDirectoryException: Parent path is not a directory: FOLDER/lake
          Cure:  Point lake.root and the feeds' paths to folders, or to where nothing is yet.""");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(folder.resolve("lake")).hasContent("not a folder");
  }

  private Outcome run(String yaml, String... more) {
    conf.write("a.yaml", yaml);
    List<String> arguments = new ArrayList<>(List.of("run", "--conf", conf.path("a.yaml")));
    arguments.addAll(Arrays.asList(more));
    return EndToEnd.shoplens(arguments.toArray(String[]::new));
  }

  private static String[] with(Map<String, String> settings, String... more) {
    return Stream.concat(
            settings.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()),
            Stream.of(more))
        .flatMap(setting -> Stream.of("-D", setting))
        .toArray(String[]::new);
  }

  /** The whole message, the exit code, and no lake. */
  private void assertRefused(int exit, Outcome outcome, String message) {
    assertThat(message(outcome)).isEqualTo(message.strip());
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.exit()).isEqualTo(exit);
    assertThat(folder.resolve("lake")).doesNotExist();
  }

  private String message(Outcome outcome) {
    return outcome
        .err()
        .replace(folder.toString(), "FOLDER")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT")
        .replaceAll("probe-[0-9a-f-]{36}", "probe-ID")
        .strip();
  }
}
