package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.config.ConfFolder;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with too many rejected records, until it is mended or accepted. */
class HeldFilesTest {
  @TempDir Path folder;
  private ConfFolder conf;
  private Lake lake;

  @BeforeEach
  void logs() throws IOException {
    Files.createDirectories(folder.resolve("events"));
    Files.createDirectories(folder.resolve("orders"));
    Files.writeString(folder.resolve("events/good.jsonl"), click("e1", "US") + click("e2", "US"));
    Files.writeString(
        folder.resolve("events/bad.jsonl"),
        click("e3", "US") + click("e4", "NZ") + "{}\n" + click("e5", "NZ"));
    Files.writeString(
        folder.resolve("orders/o.jsonl"),
        """
        {"order_event_id":"o1-1","order_id":"o1","order_event":"placed","event_at":"2026-03-02T18:10:00Z",\
        "user_id":"u1","market":"US","currency":"USD","lines":[{"line_id":"1","quantity":1,"unit_price":10}]}
        """);
    conf =
        ConfFolder.in(folder)
            .write(
                "a.yaml",
                """
                lake.root: %1$s/lake
                feeds:
                  clicks: {kind: events, path: %1$s/events}
                  orders: {kind: orders, path: %1$s/orders}
                """
                    .formatted(folder));
    lake = EndToEnd.lake(folder.resolve("lake"));
  }

  @Test
  void areHeldUntilTheConfigurationIsMended() {
    Outcome tried = shoplens("ingest", "--dry-run");
    assertThat(tried.exit()).as(tried.err()).isZero();
    assertThat(tried.out())
        .contains(
            "feed clicks: 2 of 2 files would be read, ",
            "  of the first 6 records of 2 files 3 would be rejected\n",
            "  A file like this would be held: 50.0% rejected is over ingest.file-reject-limit",
            "feed orders: 1 of 1 file would be read, ",
            "Nothing was written.\n")
        .containsPattern("unknown_value +market +2 +bad.jsonl +2 +\\{\"event_id\":\"e4\"")
        .containsPattern("missing_field +event_id +1 +bad.jsonl +3 +\\{}");
    assertThat(folder.resolve("lake")).doesNotExist();

    Outcome held = shoplens("run");
    assertThat(held.exit()).isEqualTo(3);
    assertThat(held.err())
        .contains(
            """
            The run is held: too many records are rejected.
              Cause: Held files: %s. Most of all: unknown_value of market in 2 of feed clicks, such as NZ.
              Cure:  Add the market NZ to markets.csv and run again, or take the files as they are with \
            shoplens ingest --accept FILE. ops.quarantine holds what was rejected and why.
            """
                .formatted(bad()));
    assertThat(states()).containsExactly("bad 1 held", "good 1 done", "o 1 done");

    Outcome again = shoplens("run");
    assertThat(again.exit()).isEqualTo(3);
    assertThat(again.err()).contains(bad()).contains("unknown_value of market");
    assertThat(states()).containsExactly("bad 1 held", "good 1 done", "o 1 done");

    conf.write(
        "markets.csv",
        """
        market,zone,currency,take_rate,daily_goal,yearly_loss_budget,daily_fixed_cost
        US,America/New_York,USD,0.06,10000000,500000000,350000
        NZ,Pacific/Auckland,NZD,0.06,,,
        """);
    Outcome mended =
        shoplens("run", "-D", "ingest.file-reject-limit=0.5", "-D", "ingest.run-reject-limit=0.5");

    assertThat(mended.exit()).as(mended.err()).isZero();
    assertThat(states()).containsExactly("bad 2 done", "good 1 done", "o 1 done");
    assertThat(events()).containsExactly("e1 US 1", "e2 US 1", "e3 US 2", "e4 NZ 2", "e5 NZ 2");
    assertThat(
            Rows.json(lake.query("SELECT source_line, reject_code, sequence FROM ops.quarantine")))
        .containsExactly("{'source_line':3,'reject_code':'missing_field','sequence':2}");
    assertThat(runs()).containsExactly("held", "held", "published");

    assertThat(shoplens("quarantine", "list").out())
        .containsPattern("feed +reject_code +reject_field +records +files +first_ingest")
        .containsPattern("clicks +missing_field +event_id +1 +1 +2");
    assertThat(shoplens("quarantine", "list", "--code", "not_json", "--json").out()).isEmpty();
    assertThat(shoplens("quarantine", "show", "--file", "bad.jsonl", "--json").out())
        .isEqualTo(
            "{\"feed\":\"clicks\",\"source_file\":\"%s\",\"source_line\":3,\"source_offset\":256,"
                    .formatted(bad())
                + "\"reject_code\":\"missing_field\",\"reject_field\":\"event_id\","
                + "\"reject_raw\":\"e30=\",\"reject_text\":\"{}\"}\n");
    Outcome replayed = shoplens("quarantine", "replay", "--file", "bad.jsonl");
    // The limits are what they were: the configuration is another, and the record the same.
    assertThat(replayed.exit()).as(replayed.err()).isZero();
    assertThat(replayed.out())
        .contains("records 1 = accepted 0 + duplicate 0 + rejected 1 + blank 0");
    assertThat(states()).containsExactly("bad 3 done", "good 1 done", "o 1 done");
  }

  @Test
  void areTakenAsTheyAreWhereThatIsSaid() {
    assertThat(shoplens("run").exit()).isEqualTo(3);

    Outcome wrong = shoplens("ingest", "--accept", "good.jsonl");
    assertThat(wrong.exit()).isEqualTo(3);
    assertThat(wrong.err()).contains("It is not held; held are: [" + bad() + "].");

    Outcome accepted = shoplens("ingest", "--accept", bad());
    assertThat(accepted.exit()).as(accepted.err()).isZero();
    assertThat(states()).containsExactly("bad 2 done", "good 1 done", "o 1 done");

    Outcome sessions = shoplens("clickstream");
    assertThat(sessions.exit()).as(sessions.err()).isZero();
    assertThat(events()).containsExactly("e1 US 1", "e2 US 1", "e3 US 2");
    assertThat(Rows.json(lake.query("SELECT event_count FROM silver.sessions")))
        .containsExactly("{'event_count':3}");
    assertThat(runs()).containsExactly("held", "partial", "partial");
  }

  private Outcome shoplens(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--conf", conf.path("a.yaml")));
    return EndToEnd.shoplens(arguments.toArray(String[]::new));
  }

  @Test
  void areLetGoWhereTheyAreTakenBack() throws IOException {
    assertThat(shoplens("run").exit()).isEqualTo(3);

    Files.delete(folder.resolve("events/bad.jsonl"));
    Outcome without = shoplens("run");

    assertThat(without.exit()).as(without.err()).isZero();
    assertThat(without.err()).contains(bad() + " was held and is not there any more");
    assertThat(states()).containsExactly("bad 2 gone", "good 1 done", "o 1 done");
    assertThat(events()).containsExactly("e1 US 1", "e2 US 1");
    assertThat(Rows.json(lake.query("SELECT source_line FROM ops.quarantine"))).isEmpty();
  }

  private String bad() {
    return "file:" + folder.resolve("events/bad.jsonl");
  }

  /** Name, sequence and state of every file as the ledger has it last. */
  private List<String> states() {
    return FileLedger.of(lake).latest().values().stream()
        .map(
            entry ->
                entry.file().path().replaceAll(".*/|\\.jsonl", "")
                    + " "
                    + entry.sequence()
                    + " "
                    + entry.state().name().toLowerCase(Locale.ROOT))
        .sorted()
        .toList();
  }

  private List<String> events() {
    return texts(
        "SELECT concat_ws(' ', event_id, market, sequence) FROM bronze.events WHERE record_kind ="
            + " 'accepted' ORDER BY 1");
  }

  private List<String> runs() {
    return texts("SELECT run_state FROM ops.runs ORDER BY run_id");
  }

  private List<String> texts(String sql) {
    return lake.query(sql).collectAsList().stream().map(row -> row.getString(0)).toList();
  }

  private static String click(String id, String market) {
    return """
        {"event_id":"%s","event_type":"product_click","event_at":"2026-03-02T18:05:00Z",\
        "user_id":"u1","market":"%s","product_id":"p1"}
        """
        .formatted(id, market);
  }
}
