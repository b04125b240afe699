package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.Lake;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.Runs;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of a run as commands of their own. */
class StepsTest {
  private static final List<String> EVENTS =
      List.of(
          "{'event_id':'e1','event_type':'product_click','event_at':'2026-03-02T10:00:00Z',"
              + "'user_id':'u1','market':'GB','surface':'live','product_id':'p1'}");
  private static final List<String> ORDERS =
      List.of(
          "{'order_event_id':'1','order_id':'o1','order_event':'placed','market':'GB',"
              + "'event_at':'2026-03-02T11:00:00Z','user_id':'u1','currency':'GBP','lines':"
              + "[{'line_id':'1','product_id':'p1','quantity':2,'unit_price':'12.50'}]}",
          "{'order_event_id':'2','order_id':'o1','order_event':'paid','market':'GB',"
              + "'event_at':'2026-03-02T11:01:00Z','user_id':'u1','currency':'GBP'}");

  @Test
  void oneByOneTheyPublishWhatARunWouldAndNothingBefore(@TempDir Path folder) throws IOException {
    Path events = lines(folder.resolve("events.json"), EVENTS);
    Path orders = lines(folder.resolve("orders.json"), ORDERS);
    Lake lake = EndToEnd.lake(folder.resolve("lake"));

    assertThat(step("ingest", events, orders, folder).exit()).isZero();
    Outcome early = step("checks", events, orders, folder);
    assertThat(early.exit()).isEqualTo(3);
    assertThat(early.err())
        .contains(
            "Ingest 1 is not ready to be published.\n"
                + "  Cause: Step clickstream has not run over it, or a step it builds on has run"
                + " since.\n"
                + "  Cure:  Run shoplens clickstream and the steps after it, or shoplens run.");
    for (String step : List.of("clickstream", "orders", "attribution", "gmv", "leakage")) {
      assertThat(step(step, events, orders, folder).exit()).as(step).isZero();
    }
    Outcome checks = step("checks", events, orders, folder);

    assertThat(checks.exit()).as(checks.err()).isZero();
    assertThat(Rows.json(lake.read(DailyGmv.TABLE), "gmv_date", "orders", "gmv_local"))
        .containsExactly("{'gmv_date':'2026-03-02','orders':1,'gmv_local':25.0000}");
    assertThat(Rows.json(lake.read(Runs.TABLE).where("run_state = 'published'"), "command"))
        .containsExactly("{'command':'checks'}");
  }

  private static Path lines(Path file, List<String> lines) throws IOException {
    return Files.write(file, lines.stream().map(line -> line.replace('\'', '"')).toList());
  }

  private static Outcome step(String name, Path events, Path orders, Path folder) {
    List<String> arguments =
        new ArrayList<>(List.of(name, "--conf", EndToEnd.CONF.resolve("samples.yaml").toString()));
    for (String setting :
        List.of(
            "lake.root=" + folder.resolve("lake"),
            "feeds.clicks.path=" + events,
            "feeds.orders.path=" + orders)) {
      arguments.add("-D");
      arguments.add(setting);
    }
    return EndToEnd.shoplens(arguments.toArray(String[]::new));
  }
}
