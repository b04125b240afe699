package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ConfFolder;
import io.shoplens.error.Errors;
import io.shoplens.job.CheckFacts;
import io.shoplens.job.RejectFacts;
import io.shoplens.job.Reopened;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import io.shoplens.job.StepFacts;
import io.shoplens.job.UnknownField;
import io.shoplens.quality.Findings;
import io.shoplens.quality.Invariants;
import io.shoplens.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MainTest {
  private static final String YAML =
      "lake.root: lake\nfeeds.clicks: {kind: events, path: clicks}\n";

  @TempDir private Path folder;
  private ConfFolder conf;

  @BeforeEach
  void folder() {
    LocalSpark.session();
    conf = ConfFolder.in(folder).write("a.yaml", YAML);
  }

  record Refused(List<String> arguments, String message) {}

  static final List<Refused> REFUSED =
      List.of(
          new Refused(
              List.of(), "A command is missing.\n  Cure:   shoplens --help says how it is used.\n"),
          new Refused(
              List.of("rum"),
              "Unmatched argument at index 0: 'rum'\n  Meant:  run\n"
                  + "  Cure:   shoplens --help says how it is used.\n"),
          new Refused(
              List.of("run", "--confg", "a"),
              "Unknown options: '--confg', 'a'\n  Meant:  --conf\n"
                  + "  Cure:   shoplens run --help says how it is used.\n"),
          new Refused(
              List.of("run", "--log-level", "loud"),
              "Invalid value for option '--log-level': expected one of [ERROR, WARN, INFO, DEBUG,"
                  + " TRACE] (case-insensitive) but was 'loud'\n"
                  + "  Cure:   shoplens run --help says how it is used.\n"),
          new Refused(
              List.of("sql"),
              "Missing required parameter: 'QUERY'\n"
                  + "  Cure:   shoplens sql --help says how it is used.\n"),
          new Refused(
              List.of("run"),
              """
              No configuration is given.
                Cause: Neither --conf nor SHOPLENS_CONF names a file.
                Cure:  Add --conf FILE; conf/local.yaml is a start.
              """),
          new Refused(
              List.of("run", "--conf", "CONF/a.yaml", "--from", "2026-03-02"),
              """
              --from and --to go together.
                Cause: Only --from is given.
                Cure:  Give both; for one date, give it twice.
              """),
          new Refused(
              List.of("gmv", "--conf", "CONF/a.yaml", "--from", "2026-03-02", "--to", "3/3/26"),
              """
              --to 3/3/26 is not a date.
                Cause: Allowed is a calendar date as 2026-03-02.
                Cure:  Correct it.
              """),
          new Refused(
              List.of("run", "--conf", "CONF/a.yaml", "--from", "2026-03-02", "--to", "2026-03-01"),
              """
              --from 2026-03-02 is after --to 2026-03-01.
                Cause: Dates are rebuilt from the first to the last, both included.
                Cure:  Swap them.
              """),
          new Refused(
              List.of("ingest", "--conf", "CONF/a.yaml", "-D", "gmv.basis=sold"),
              """
              gmv.basis = "sold" is not allowed.
                Cause: -D gmv.basis gives it; allowed is placed or paid.
                Cure:  Correct it, or leave it out for the default, paid.
              """),
          new Refused(
              List.of("run", "--conf", "CONF/none.yaml"),
              """
              No feed is configured.
                Cause: Without a feed there are no logs to take in.
                Cure:  Add feeds.<name>.kind and feeds.<name>.path; conf/local.yaml shows how.
              """),
          new Refused(
              List.of("describe", "gold.daly_gmv", "--conf", "CONF/a.yaml"),
              """
              There is no table gold.daly_gmv.
                Cause: Tables are named by layer and name, such as gold.daily_gmv.
                Cure:  The nearest known table is gold.daily_gmv; shoplens describe lists them.
              """),
          new Refused(
              List.of("explain"),
              "A command is missing: order or touch.\n"
                  + "  Cure:   shoplens explain --help says how it is used.\n"),
          new Refused(
              List.of("mapping"),
              "A command is missing: check.\n"
                  + "  Cure:   shoplens mapping --help says how it is used.\n"),
          new Refused(
              List.of("mapping", "check", "--conf", "CONF/a.yaml", "--feed", "click", "x.json"),
              """
              There is no feed click.
                Cause: The configuration has clicks.
                Cure:  The nearest is clicks.
              """),
          new Refused(
              List.of(
                  "generate", "--events", "9", "--days", "1", "--out", "x", "-D", "gmv.basis=paid"),
              """
              gmv.basis = "paid" has no effect.
                Cause: -D gmv.basis gives it; without a configuration only spark.* and fs.* count.
                Cure:  Leave it out, or add --conf FILE.
              """));

  @ParameterizedTest
  @FieldSource("REFUSED")
  void wrongUseAndConfigurationEndInTwoBeforeAnythingStarts(Refused refused) {
    conf.write("none.yaml", "lake.root: lake\n");
    String[] arguments =
        refused.arguments().stream()
            .map(argument -> argument.replace("CONF", folder.toString()))
            .toArray(String[]::new);

    assertThat(CommandLineRun.of(arguments).naming(folder.toString()))
        .isEqualTo(new CommandLineRun(2, "", refused.message()));
  }

  @Test
  void helpNamesEveryCommandAndTheExitCodes() {
    CommandLineRun run = CommandLineRun.of("--help");

    assertThat(run.exit()).isZero();
    assertThat(run.out().lines().filter(line -> line.startsWith("  ")).map(MainTest::firstWord))
        .contains(
            "quickstart",
            "run",
            "ingest",
            "clickstream",
            "orders",
            "attribution",
            "gmv",
            "leakage",
            "checks",
            "sql",
            "describe",
            "generate",
            "mapping",
            "explain",
            "version");
    assertThat(run.out())
        .contains(
            "Exit codes: 0 done, 1 a check failed, 2 usage or configuration, 3 input or storage,\n"
                + "70 a fault of Shoplens.\n");
  }

  @Test
  void everyCommandHasHelp() {
    for (String command :
        Main.commandLine(new Context(Terminal.system(), Map.of(), null, Clock.systemUTC()))
            .getSubcommands()
            .keySet()) {
      CommandLineRun run = CommandLineRun.of(command, "--help");
      assertThat(run.exit()).as(command).isZero();
      assertThat(run.out()).startsWith("Usage: shoplens " + command).contains("-h, --help");
      assertThat(run.err()).isEmpty();
    }
  }

  @Test
  void aRunTakesEveryStepAndEndsWithASummary() {
    TestEngine engine = TestEngine.running(request -> report("published", List.of()));

    CommandLineRun run = run(engine, "run", "--conf", conf.path("a.yaml"));

    assertThat(run)
        .isEqualTo(
            new CommandLineRun(
                0,
                """
                step    files   rows  dates        time
                ingest      3  1,200      0       2.5 s
                gmv         0      8      2  1 min 10 s
                records 1,300 = accepted 1,200 + duplicate 60 + rejected 30 + blank 10
                dates 2026-03-02 to 2026-03-03 (2)
                reopened 2026-03-02: late data in 2 files of feed clicks
                reopened 2026-03-02 to 2026-03-03 (2): asked for
                damaged s3a://b/cut.gz: read up to the damage; deliver it anew for the rest
                new field screen (string) in 40 records of feed clicks: kept in extra
                checks 1 of 1 passed
                run r1 published in 1 min 12 s
                """,
                ""));
    assertThat(engine.requests).containsExactly(RunRequest.of("run", EnumSet.allOf(Step.class)));
  }

  @Test
  void aStepsCommandTakesThatStepOverTheGivenDates() {
    TestEngine engine = TestEngine.running(request -> report("published", List.of()));

    run(engine, "gmv", "--conf", conf.path("a.yaml"), "--from", "2026-03-02", "--to", "2026-03-02");
    run(engine, "ingest", "--conf", conf.path("a.yaml"), "--accept", "x.gz", "y.gz");
    run(engine, "ingest", "--conf", conf.path("a.yaml"), "--full-listing");

    LocalDate date = LocalDate.parse("2026-03-02");
    assertThat(engine.requests)
        .containsExactly(
            RunRequest.of("gmv", EnumSet.of(Step.GMV)).rebuilding(date, date),
            RunRequest.of("ingest", EnumSet.of(Step.INGEST))
                .accepting(new TreeSet<>(List.of("x.gz", "y.gz"))),
            RunRequest.of("ingest", EnumSet.of(Step.INGEST)).listing(RunRequest.Listing.FULL));
  }

  @Test
  void theConfigurationMayBeNamedByTheEnvironment() {
    TestEngine engine = TestEngine.running(request -> report("published", List.of()));

    CommandLineRun run =
        CommandLineRun.of(
            (session, config) -> engine,
            Map.of("SHOPLENS_CONF", conf.path("a.yaml"), "SHOPLENS_GMV_BASIS", "placed"),
            "orders",
            "--quiet");

    assertThat(run).isEqualTo(new CommandLineRun(0, "", ""));
    assertThat(engine.requests).hasSize(1);
  }

  @Test
  void jsonIsOneObjectOnStandardOutput() {
    TestEngine engine = TestEngine.running(request -> report("published", List.of()));

    CommandLineRun run = run(engine, "run", "--json", "--conf", conf.path("a.yaml"));

    assertThat(run.out())
        .isEqualTo(
            "{\"run_id\":\"r1\",\"run_state\":\"published\",\"seconds\":72.0,\"records\":1300,"
                + "\"accepted\":1200,\"duplicate\":60,\"rejected\":30,\"blank\":10,"
                + "\"touched_dates\":[\"2026-03-02\",\"2026-03-03\"],\"held_files\":[],"
                + "\"damaged_files\":[\"s3a://b/cut.gz\"],\"unknown_fields\":[{\"feed\":\"clicks\","
                + "\"field\":\"screen\",\"records\":40,\"example_type\":\"string\",\"is_kept\":true}],"
                + "\"orphans\":0,\"reopened\":[{\"reason\":\"late data\",\"feed\":\"clicks\",\"files\":2,"
                + "\"dates\":[\"2026-03-02\"]},{\"reason\":\"asked for\",\"feed\":\"\",\"files\":0,"
                + "\"dates\":[\"2026-03-02\",\"2026-03-03\"]}],"
                + "\"steps\":[{\"step\":\"ingest\",\"files\":3,\"rows\":1200,\"dates\":0,"
                + "\"seconds\":2.5},{\"step\":\"gmv\",\"files\":0,\"rows\":8,\"dates\":2,"
                + "\"seconds\":70.0}],\"checks\":[{\"check_name\":\"balance\",\"is_passed\":true,\"severity\":\"error\","
                + "\"expectation\":\"files balance\",\"examined\":3,\"violations\":0,"
                + "\"example\":null}]}\n");
  }

  @Test
  void ordersOfWhichNoPlacingHasComeAreTold() {
    RunReport withOrphans =
        withChecks(
            new CheckFacts(
                Invariants.ORPHANS_STAND_APART, "orphans apart", 1200, 0, Optional.empty()));

    CommandLineRun run =
        run(TestEngine.running(request -> withOrphans), "run", "--conf", conf.path("a.yaml"));

    assertThat(run.out())
        .contains("orphans 1,200 orders of which no placing has come: silver.orders.is_orphan\n");
  }

  @Test
  void whatIsOnlyToldOfTheDataFailsNothing() {
    RunReport told =
        withChecks(
            new CheckFacts("balance", "files balance", 3, 0, Optional.empty()),
            new CheckFacts(
                Findings.EVENT_TYPES_ARE_KNOWN, "known types", 20, 2, Optional.of("clicks 2")));

    CommandLineRun run =
        run(TestEngine.running(request -> told), "run", "--conf", conf.path("a.yaml"));

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains(
            "warning event_types_are_known: 2 of 20 break \"known types\": clicks 2\n"
                + "checks 1 of 2 passed\n");
  }

  @Test
  void aFailedCheckEndsInOne() {
    RunReport failed =
        withChecks(
            new CheckFacts("balance", "files balance", 3, 0, Optional.empty()),
            new CheckFacts("net", "gross - reversals = net", 20, 2, Optional.of("US 2026-03-02")));

    CommandLineRun run =
        run(TestEngine.running(request -> failed), "run", "--conf", conf.path("a.yaml"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("checks 1 of 2 passed\n");
    assertThat(run.err())
        .isEqualTo(
            """
            Checks failed: net.
              Cause: net: 2 of 20 break "gross - reversals = net". For one: US 2026-03-02.
              Cure:  Gold tables are as they were. ops.checks has every result of run r1.
            """);
  }

  @Test
  void aHeldRunEndsInThree() {
    CommandLineRun run =
        run(
            TestEngine.running(request -> report("held", List.of("s3a://b/x.gz"))),
            "run",
            "--quiet",
            "--conf",
            conf.path("a.yaml"));

    assertThat(run)
        .isEqualTo(
            new CommandLineRun(
                3,
                "",
                """
                The run is held: too many records are rejected.
                  Cause: Held files: s3a://b/x.gz. Most of all: unknown_value of market in 1,200 of feed \
                clicks, such as XX.
                  Cure:  Add the market XX to markets.csv and run again, or take the files as they are with \
                shoplens ingest --accept FILE. ops.quarantine holds what was rejected and why.
                """));
  }

  @Test
  void aRequiredFieldThatAFeedHasDroppedIsNamed() {
    RunReport held =
        report(
            "held",
            List.of("s3a://b/x.gz"),
            new RejectFacts("clicks", "missing_field", "market", 900, 1000, "{\"id\":1}"));

    CommandLineRun run =
        run(TestEngine.running(request -> held), "run", "--quiet", "--conf", conf.path("a.yaml"));

    assertThat(run.err())
        .contains(
            """
              Cause: Held files: s3a://b/x.gz. Most of all: market is missing from 900 of the 1,000 \
            records of feed clicks in them: the feed has dropped or renamed a required field. For one: \
            {"id":1}.
              Cure:  Have market delivered again, or map it for feed clicks from what holds it now, and \
            run again,""");
  }

  @Test
  void filesInAnotherCharacterSetAreToldHowToBeRead() {
    RunReport held =
        report(
            "held",
            List.of("s3a://b/x.csv"),
            new RejectFacts("invoices", "bad_encoding", "", 90, 1000, "1,\ufffd5"));

    CommandLineRun run =
        run(TestEngine.running(request -> held), "run", "--quiet", "--conf", conf.path("a.yaml"));

    assertThat(run.err())
        .contains(
            "  Cure:  Have the files written in UTF-8, or set feeds.invoices.csv.encoding where they are"
                + " CSV, and run again,");
  }

  @Test
  void anErrorOfTheEngineEndsInItsOwnStatus() {
    Function<RunRequest, RunReport> failing =
        request -> {
          throw new IllegalStateException(Errors.input("No.", "Because.", "Do."));
        };

    CommandLineRun run = run(TestEngine.running(failing), "run", "--conf", conf.path("a.yaml"));

    assertThat(run).isEqualTo(new CommandLineRun(3, "", "No.\n  Cause: Because.\n  Cure:  Do.\n"));
  }

  @Test
  void anythingUnexpectedEndsInSeventyAndShowsItsTraceOnlyWhenAsked() {
    Function<RunRequest, RunReport> failing =
        request -> {
          throw new IllegalStateException("s3a://me:sesame@b broke");
        };

    CommandLineRun quiet = run(TestEngine.running(failing), "run", "--conf", conf.path("a.yaml"));
    CommandLineRun loud =
        run(
            TestEngine.running(failing),
            "run",
            "--log-level",
            "debug",
            "--conf",
            conf.path("a.yaml"));
    LogLevel.quiet();

    assertThat(quiet.exit()).isEqualTo(70);
    assertThat(quiet.err().lines().toList()).hasSize(3);
    assertThat(quiet.err())
        .startsWith(
            "This is a fault of Shoplens development.\n"
                + "  Cause: java.lang.IllegalStateException: s3a://b broke (at io.shoplens.cli.Main")
        .endsWith(
            "\n  Cure:  Run again with --log-level debug, and report what it writes, with the"
                + " command, to the project's issues.\n");
    assertThat(loud.exit()).isEqualTo(70);
    assertThat(loud.err()).contains("\tat io.shoplens.cli.RunCommand.");
  }

  @Test
  void memoryThatRanOutEndsInSeventyToo() {
    Function<RunRequest, RunReport> failing =
        request -> {
          throw new OutOfMemoryError("Java heap space");
        };

    assertThat(run(TestEngine.running(failing), "run", "--conf", conf.path("a.yaml")))
        .isEqualTo(
            new CommandLineRun(
                70,
                "",
                """
                Memory ran out.
                  Cause: java.lang.OutOfMemoryError: Java heap space
                  Cure:  Give more with SHOPLENS_DRIVER_MEMORY (default 2g), or with --driver-memory and \
                --executor-memory of spark-submit.
                """));
  }

  @Test
  void versionNamesWhatItRunsOn() {
    assertThat(CommandLineRun.of("version"))
        .isEqualTo(
            new CommandLineRun(
                0,
                "shoplens development\nspark 4.2.0\njava "
                    + System.getProperty("java.version")
                    + "\n",
                ""));
    assertThat(CommandLineRun.of("version", "--json").out())
        .startsWith("{\"shoplens\":\"development\",\"spark\":\"4.2.0\",");
  }

  @Test
  void quickstartEmptiesALakeBelowTargetAndNoOther() throws Exception {
    Path old = Files.createDirectories(folder.resolve("target/lake/gold/x"));
    Path mine = Files.createDirectories(folder.resolve("mine/gold/x"));
    Function<RunRequest, RunReport> held = request -> report("held", List.of());
    for (String lake : List.of("target/lake", "mine")) {
      CommandLineRun run =
          CommandLineRun.of(
              (session, config) -> TestEngine.running(held),
              Map.of("SHOPLENS_HOME", folder.toString()),
              "quickstart",
              "--conf",
              conf.path("a.yaml"),
              "-D",
              "lake.root=" + folder.resolve(lake));
      assertThat(run.exit()).isEqualTo(3);
    }
    assertThat(old).doesNotExist();
    assertThat(folder.resolve("target")).exists();
    assertThat(mine).exists();
  }

  private static CommandLineRun run(TestEngine engine, String... arguments) {
    return CommandLineRun.of((session, config) -> engine, Map.of(), arguments);
  }

  private static RunReport report(String state, List<String> held) {
    return report(
        state, held, new RejectFacts("clicks", "unknown_value", "market", 1200, 2000, "XX"));
  }

  private static RunReport report(String state, List<String> held, RejectFacts heldFor) {
    return new RunReport(
        "r1",
        state,
        List.of(new StepFacts(Step.INGEST, 3, 1200, 0, 2.5), new StepFacts(Step.GMV, 0, 8, 2, 70)),
        new TreeSet<>(List.of(LocalDate.parse("2026-03-02"), LocalDate.parse("2026-03-03"))),
        1300,
        1200,
        60,
        30,
        10,
        new TreeSet<>(held),
        held.isEmpty() ? Optional.empty() : Optional.of(heldFor),
        new TreeSet<>(List.of("s3a://b/cut.gz")),
        List.of(new UnknownField("clicks", "screen", 40, "string", true)),
        List.of(
            new Reopened(
                Reopened.Reason.LATE_DATA,
                "clicks",
                2,
                new TreeSet<>(List.of(LocalDate.parse("2026-03-02")))),
            new Reopened(
                Reopened.Reason.ASKED,
                "",
                0,
                new TreeSet<>(
                    List.of(LocalDate.parse("2026-03-02"), LocalDate.parse("2026-03-03"))))),
        List.of(new CheckFacts("balance", "files balance", 3, 0, Optional.empty())),
        72);
  }

  private static RunReport withChecks(CheckFacts... checks) {
    RunReport report = report("failed", List.of());
    return new RunReport(
        report.runId(),
        report.state(),
        report.steps(),
        report.touchedDates(),
        report.records(),
        report.accepted(),
        report.duplicate(),
        report.rejected(),
        report.blank(),
        report.heldFiles(),
        report.heldFor(),
        report.damagedFiles(),
        report.unknownFields(),
        report.reopened(),
        List.of(checks),
        report.seconds());
  }

  private static String firstWord(String line) {
    return line.strip().split(" ")[0];
  }
}
