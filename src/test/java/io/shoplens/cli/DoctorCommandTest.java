package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ErasedPersons.Mark;
import io.shoplens.lake.ErasureList;
import io.shoplens.lake.ErasureList.Published;
import io.shoplens.lake.Lake;
import io.shoplens.lake.PersonKeys;
import io.shoplens.table.Events;
import io.shoplens.table.Orders;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.Rows;
import io.shoplens.testing.S3Relay;
import io.shoplens.testing.S3Relay.Fate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final Path CONF = Path.of("conf").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void aSoundInstallationIsSoundLineByLine() {
    CommandLineRun run = doctor("-D", "lake.root=file:" + folder.resolve("lake"));

    assertThat(run.out().lines().map(line -> line.substring(0, 28).strip()))
        .startsWith(
            "ok      configuration",
            "ok      spark",
            "ok      delta",
            "ok      lake",
            "ok      feed clicks",
            "ok      feed orders",
            "ok      conditional writes",
            "ok      clock",
            "ok      runs",
            "ok      pseudonyms",
            "ok      erased persons",
            "ok      tables",
            "ok      markets");
    assertThat(run.out())
        .contains(" MiB free at ")
        .containsPattern("\\w+ +lake space ")
        .doesNotContain("fault");
    assertThat(run.exit()).as(run.err()).isZero();
  }

  @Test
  void aWrongSettingIsAFindingWithItsCure() {
    CommandLineRun run = doctor("-D", "gmv.basis=shipped");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("fault   configuration       gmv.basis = \"shipped\" is not allowed.")
        .contains("  Cure: Correct it, or leave it out for the default, paid.");
  }

  @Test
  void aFeedThatIsNotThereIsAFinding() {
    CommandLineRun run =
        doctor(
            "--json",
            "-D",
            "lake.root=" + folder.resolve("lake"),
            "-D",
            "feeds.clicks.path=" + folder.resolve("nowhere"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "{\"check\":\"feed clicks\",\"state\":\"fault\",\"text\":\"Feed clicks has no input:");
  }

  @Test
  void aFeedThatMayBeListedAndNotReadIsAFinding() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("listed/raw"));
    Files.writeString(logs.resolve("a.json"), "{}\n");
    try (LoopbackS3 s3 = LoopbackS3.startOpen(folder, "listed");
        S3Relay relay =
            S3Relay.before(
                s3,
                request ->
                    request.method().equals("GET") && request.target().startsWith("/listed/raw/a")
                        ? Fate.DENIED
                        : Fate.PASS)) {
      CommandLineRun run =
          doctorOnS3(
              relay,
              "-D",
              "lake.root=" + folder.resolve("lake"),
              "-D",
              "feeds.clicks.path=s3a://listed/raw");

      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out())
          .contains("fault   feed clicks         Access is denied. ")
          .contains(
              "  Cure: Grant this user or role list, read and write on the lake, and list and");
    }
  }

  @Test
  void aConnectorWithoutTheClassesThatItNeedsIsAFinding() {
    CommandLineRun run =
        doctor(
            "-D",
            "lake.root=" + folder.resolve("lake"),
            "-D",
            "fs.bare.impl=" + BareConnector.class.getName(),
            "-D",
            "feeds.clicks.path=bare://bucket/raw");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "fault   feed clicks         The store's client is not on the class path. "
                + "NoClassDefFoundError: software/amazon/awssdk/core/exception/SdkException  Cure: ")
        .contains("ok      feed orders");
  }

  /** As S3A where hadoop-aws is there and the AWS SDK is not. */
  public static final class BareConnector extends RawLocalFileSystem {
    @Override
    public void initialize(URI name, Configuration conf) {
      throw new NoClassDefFoundError("software/amazon/awssdk/core/exception/SdkException");
    }
  }

  @Test
  void ratesThatEndBeforeTheDataAreAFinding() throws IOException {
    Path rates = folder.resolve("rates.csv");
    Files.write(
        rates,
        Files.readAllLines(CONF.resolve("fx_rates.csv")).stream()
            .filter(line -> !line.contains(",SGD,"))
            .toList());

    CommandLineRun run =
        doctor("-D", "lake.root=" + folder.resolve("lake"), "-D", "reference.fx-rates=" + rates);

    assertThat(run.out())
        .contains("warning rates of SGD        none  Cure: Add rates of SGD to fx_rates.csv.");
    assertThat(run.exit()).isZero();
  }

  @Test
  void theReportingCurrencyNeedsRatesUpToTheNewestDataOfAnyMarket() throws IOException {
    Path rates = folder.resolve("rates.csv");
    Files.write(
        rates,
        Files.readAllLines(CONF.resolve("fx_rates.csv")).stream()
            .filter(line -> !line.contains(",USD,") || line.startsWith("2026-02-27"))
            .toList());
    EndToEnd.lake(folder.resolve("lake"))
        .append(
            Watermarks.TABLE,
            Rows.of(Watermarks.TABLE, "{'market':'GB','watermark_at':'2026-03-10T12:00:00Z'}"));

    CommandLineRun run =
        doctor("-D", "lake.root=" + folder.resolve("lake"), "-D", "reference.fx-rates=" + rates);

    assertThat(run.out())
        .contains("fault   rates of USD        end on 2026-02-27, the data on 2026-03-10  Cure: ");
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void whatWasCutShortIsAFindingWithTheCommandToRepeat() {
    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    new ErasureList(lake).begin(List.of("a mark"), Published.ALL);
    PersonKeys.storeUnfinished(lake);

    CommandLineRun run = doctor("-D", "lake.root=" + folder.resolve("lake"));

    assertThat(run.out())
        .contains(
            "warning erasure             one was cut short, and nothing else is done before it")
        .contains(
            "warning rekey               one was cut short, and nothing else is done before it");
    assertThat(run.exit()).isZero();
  }

  @Test
  void ratesThatBeginAfterTheDataAreAFinding() {
    sold("2026-02-10", "2026-03-10");

    CommandLineRun run = doctor("-D", "lake.root=" + folder.resolve("lake"));

    assertThat(run.out())
        .contains(
            "fault   rates of GBP        none for 2026-02-10, the data begin on 2026-02-10  Cure: Add"
                + " rates of GBP to fx_rates.csv.");
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void aGapOfTheRatesThatIsLongerThanTheyAreCarriedIsAFinding() throws IOException {
    sold("2026-02-24", "2026-03-10");
    Path rates = folder.resolve("rates.csv");
    Files.write(
        rates,
        Files.readAllLines(CONF.resolve("fx_rates.csv")).stream()
            .filter(line -> !line.matches("2026-03-0[1-8],GBP,.*"))
            .toList());

    CommandLineRun run =
        doctor("-D", "lake.root=" + folder.resolve("lake"), "-D", "reference.fx-rates=" + rates);

    assertThat(run.out())
        .contains(
            "fault   rates of GBP        none for 2026-03-07, the data begin on 2026-02-24  Cure: ")
        .doesNotContain("rates of USD");
  }

  @Test
  void aCurrencyThatNoMarketHasNeedsRatesFromItsFirstOrderToItsLast() throws IOException {
    sold("2026-03-02", "2026-03-10");
    ordered("CHF", "2026-03-03");
    ordered("CHF", "2026-03-05");
    String root = "lake.root=" + folder.resolve("lake");

    CommandLineRun none = doctor("-D", root);
    CommandLineRun until = doctor("-D", root, "-D", rates("2026-03-04,CHF,0.94"));
    CommandLineRun from = doctor("-D", root, "-D", rates("2026-03-03,CHF,0.94"));

    assertThat(none.out())
        .contains("fault   rates of CHF        none, and there are orders  Cure: Add rates of CHF");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(until.out())
        .contains("fault   rates of CHF        none for 2026-03-03, the data begin on 2026-03-03");
    assertThat(from.out()).contains("each with its zone, and rates of 14 currencies");
    assertThat(from.exit()).as(from.out()).isZero();
  }

  @Test
  void anOrderInAnotherCurrencyIsConvertedWhereNoMarketIs() throws IOException {
    Path markets =
        Files.writeString(
            folder.resolve("markets.csv"),
            "market,zone,currency,take_rate,daily_goal,yearly_loss_budget,daily_fixed_cost\n"
                + "GB,Europe/London,GBP,0.05,,,\n");
    String[] arguments = {
      "-D", "lake.root=" + folder.resolve("lake"),
      "-D", "reference.markets=" + markets,
      "-D", "gmv.reporting-currency=GBP"
    };
    sold("2026-02-10", "2026-03-10");

    CommandLineRun before = doctor(arguments);
    ordered("CHF", "2026-03-03");
    CommandLineRun after = doctor(arguments);

    assertThat(before.out()).contains("ok      markets").doesNotContain("rates of GBP");
    assertThat(after.out())
        .contains("fault   rates of CHF        none, and there are orders")
        .doesNotContain("rates of GBP");
  }

  /** The setting of rates with one more line. */
  private String rates(String line) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(CONF.resolve("fx_rates.csv")));
    lines.add(line);
    return "reference.fx-rates=" + Files.write(folder.resolve("rates.csv"), lines);
  }

  private void ordered(String currency, String date) {
    EndToEnd.lake(folder.resolve("lake"))
        .append(
            Orders.TABLE,
            Rows.of(
                Orders.TABLE,
                "{'order_id':'%s %s','market':'GB','currency':'%s','order_date':'%s'}"
                    .formatted(currency, date, currency, date)));
  }

  private void sold(String first, String last) {
    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    ordered("GBP", first);
    lake.append(
        Watermarks.TABLE,
        Rows.of(Watermarks.TABLE, "{'market':'GB','watermark_at':'%sT12:00:00Z'}".formatted(last)));
  }

  @Test
  void keysThatTheNextRunWouldMissAreFindings() throws IOException {
    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    lake.append(Events.TABLE, Rows.of(Events.TABLE, "{'event_id':'e1','user_id':'u1'}"));
    PersonKeys.store(lake, List.of("k1"));
    new ErasureList(lake).add("r1", List.of(new Mark("k9", "m", Optional.empty())));
    Path keys =
        Files.writeString(
            folder.resolve("keys"),
            "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
                + " k2:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=");
    String root = "lake.root=" + folder.resolve("lake");
    String on = "privacy.pseudonyms=on";

    CommandLineRun added = doctor("-D", root, "-D", on, "-D", "privacy.key-file=" + keys);
    CommandLineRun none = doctor("-D", root, "-D", on);

    assertThat(added.exit()).isEqualTo(1);
    assertThat(added.out())
        .contains(
            "fault   pseudonyms          The lake stores ids under k1, and this run is to store them"
                + " under k1, k2. ",
            "Cure: Run shoplens rekey, ",
            "fault   erased persons      The list of erased persons can't be used. It is keyed with k9,");
    assertThat(none.out()).contains("fault   pseudonyms          There is no key of pseudonyms. ");
    assertThat(PersonKeys.stored(lake)).containsExactly("k1");
  }

  @Test
  void theKeysOfALakeWithoutIdsAreNotNotedByLooking() throws IOException {
    Path keys =
        Files.writeString(
            folder.resolve("keys"), "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    Lake lake = EndToEnd.lake(folder.resolve("lake"));

    CommandLineRun run =
        doctor(
            "-D",
            "lake.root=" + folder.resolve("lake"),
            "-D",
            "privacy.pseudonyms=on",
            "-D",
            "privacy.key-file=" + keys);

    assertThat(run.out()).contains("ok      pseudonyms          under k1");
    assertThat(PersonKeys.stored(lake)).isEmpty();
  }

  @Test
  void aColumnThatWasDeclaredSinceComesByItself() {
    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    Rows.of(Watermarks.TABLE, "{'market':'GB'}")
        .drop("complete_until")
        .write()
        .format("delta")
        .option("delta.enableDeletionVectors", "false")
        .option("delta.dataSkippingStatsColumns", "market")
        .save(lake.path(Watermarks.TABLE));

    CommandLineRun run = doctor("-D", "lake.root=" + folder.resolve("lake"));

    assertThat(run.out())
        .contains(
            "warning ops.watermarks      was written before these columns were declared:"
                + " complete_until  Cure: None is needed: ");
    assertThat(run.exit()).as(run.out()).isZero();
  }

  @Test
  void aTableThatWasChangedByHandIsAFinding() {
    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    lake.append(Watermarks.TABLE, Rows.of(Watermarks.TABLE, "{'market':'GB'}"));
    LocalSpark.session()
        .sql(
            "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
                .formatted(lake.path(Watermarks.TABLE)));

    CommandLineRun run = doctor("-D", "lake.root=" + folder.resolve("lake"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "fault   ops.watermarks      delta.enableDeletionVectors is true, not false; readers need"
                + " protocol 3  Cure: ");
  }

  @Test
  void aStoreWithoutConditionalWritesIsAFinding() throws Exception {
    try (LoopbackS3 s3 = LoopbackS3.startOpen(folder, "examined");
        S3Relay relay =
            S3Relay.before(
                s3, request -> request.isConditional() ? Fate.CONDITION_IGNORED : Fate.PASS)) {
      CommandLineRun run = doctorOnS3(relay, "-D", "lake.root=s3a://examined/lake");

      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out())
          .contains("ok      hadoop-aws          3.5.0")
          .containsPattern("\\w+ +upload space ")
          .contains(
              "fault   conditional writes  not enforced by the store (ignored)  Cure: Use a store"
                  + " that enforces If-None-Match (AWS S3 does), or make sure that one driver at a"
                  + " time writes and set lake.drivers: one.");
    }
  }

  private static CommandLineRun doctorOnS3(S3Relay relay, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    LoopbackS3.hadoopSettings(relay.endpoint())
        .forEach((key, value) -> all.addAll(List.of("-D", key + "=" + value)));
    return doctor(all.toArray(String[]::new));
  }

  private static CommandLineRun doctor(String... arguments) {
    LocalSpark.session();
    List<String> all =
        new ArrayList<>(List.of("doctor", "--conf", CONF.resolve("samples.yaml").toString()));
    all.addAll(List.of(arguments));
    return CommandLineRun.of(JobEngine::new, Map.of(), all.toArray(String[]::new));
  }
}
