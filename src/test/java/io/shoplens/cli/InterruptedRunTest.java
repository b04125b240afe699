package io.shoplens.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import io.shoplens.table.Checks;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.Ledger;
import io.shoplens.table.Runs;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that died is completed by the next one. */
class InterruptedRunTest {
  private static final String CLICK =
      "{\"event_id\":\"e1\",\"event_type\":\"product_click\",\"event_at\":\"2026-03-02T10:00:00Z\","
          + "\"user_id\":\"u1\",\"market\":\"GB\",\"surface\":\"live\",\"product_id\":\"p1\"}";
  private static final String PLACED =
      "{\"order_event_id\":\"1\",\"order_id\":\"o1\",\"order_event\":\"placed\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-02T11:00:00Z\",\"user_id\":\"u1\",\"currency\":\"GBP\",\"lines\":"
          + "[{\"line_id\":\"1\",\"product_id\":\"p1\",\"quantity\":2,\"unit_price\":\"12.50\"}]}";
  private static final String PAID =
      "{\"order_event_id\":\"2\",\"order_id\":\"o1\",\"order_event\":\"paid\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-02T11:01:00Z\",\"user_id\":\"u1\",\"currency\":\"GBP\"}";

  @Test
  void aRunThatDiedBeforeItsLedgerWasSettledIsTakenUp(@TempDir Path folder) throws IOException {
    Path events = Files.write(folder.resolve("events.json"), List.of(CLICK, CLICK, CLICK));
    Path orders = Files.write(folder.resolve("orders.json"), List.of(PLACED, PAID, PAID));
    Lake lake = EndToEnd.lake(folder.resolve("lake"));
    EndToEnd.run(events, orders, folder.resolve("lake"));
    List<String> gold = Rows.json(lake.read(DailyGmv.TABLE));

    // What is left where the driver ended after it took the repeats out of bronze.
    lake.delete(Ledger.TABLE, col("file_state").notEqual("planned"));
    lake.delete(Runs.TABLE, lit(true));
    lake.delete(Checks.TABLE, lit(true));
    lake.delete(DailyGmv.TABLE, lit(true));
    EndToEnd.run(events, orders, folder.resolve("lake"));

    assertThat(
            Rows.json(
                lake.read(Ledger.TABLE).where("file_state = 'done'"),
                "feed",
                "records",
                "accepted",
                "duplicate"))
        .containsExactly(
            "{'feed':'clicks','records':3,'accepted':1,'duplicate':2}",
            "{'feed':'orders','records':3,'accepted':2,'duplicate':1}");
    assertThat(Rows.json(lake.read(DailyGmv.TABLE))).isEqualTo(gold).isNotEmpty();
  }
}
