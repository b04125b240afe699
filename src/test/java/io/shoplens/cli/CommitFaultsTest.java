package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.Lake;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.Table;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.Moment;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The driver ends right after a commit, on a real S3 server; the next run completes the work to the
 * figures of the oracle, every record once. All other faults are in {@code io.shoplens.faults}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommitFaultsTest {
  private static final String CLICK =
      "{\"event_id\":\"e%1$d\",\"event_type\":\"product_click\",\"user_id\":\"u1\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT10:00:00Z\",\"surface\":\"live\",\"product_id\":\"p1\"}";
  private static final String LEAK =
      "{\"event_id\":\"l%1$d\",\"event_type\":\"outbound_click\",\"user_id\":\"u1\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT10:01:00Z\",\"link_url\":\"https://www.amazon.co.uk/dp/B0\"}";
  private static final String PLACED =
      "{\"order_event_id\":\"%1$d\",\"order_id\":\"o%1$d\",\"order_event\":\"placed\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT11:00:00Z\",\"user_id\":\"u1\",\"currency\":\"GBP\",\"lines\":"
          + "[{\"line_id\":\"1\",\"product_id\":\"p1\",\"quantity\":2,\"unit_price\":\"12.50\"}]}";
  private static final String PAID =
      "{\"order_event_id\":\"p%1$d\",\"order_id\":\"o%1$d\",\"order_event\":\"paid\",\"market\":\"GB\","
          + "\"event_at\":\"2026-03-0%1$dT11:01:00Z\",\"user_id\":\"u1\",\"currency\":\"GBP\"}";

  /** Columns that say when and by which run a row was made. */
  private static final List<String> PROVENANCE = List.of("sequence");

  private Path folder;
  private LoopbackS3 s3;
  private List<List<String>> bronze;

  @BeforeAll
  void ingestUndisturbed(@TempDir Path temporary) throws Exception {
    folder = temporary;
    s3 = LoopbackS3.start(folder.resolve("buckets"), "faults");
    // Repeats, so that they are taken out; within a file and between two.
    Files.createDirectories(folder.resolve("events"));
    Files.createDirectories(folder.resolve("orders"));
    write("events/a.json", CLICK.formatted(2), LEAK.formatted(2), CLICK.formatted(2));
    write("events/b.json", CLICK.formatted(3), CLICK.formatted(2), LEAK.formatted(3));
    write("orders/a.json", PLACED.formatted(2), PAID.formatted(2), PAID.formatted(2));
    write("orders/b.json", PLACED.formatted(3), PAID.formatted(3), PLACED.formatted(2));
    // What bronze holds does not depend on where it lies.
    Outcome outcome =
        EndToEnd.shoplens(
            "ingest",
            "--conf",
            EndToEnd.CONF.resolve("samples.yaml").toString(),
            "-D",
            "lake.root=" + folder.resolve("undisturbed"),
            "-D",
            "feeds.clicks.path=" + folder.resolve("events"),
            "-D",
            "feeds.orders.path=" + folder.resolve("orders"));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    bronze = bronze(EndToEnd.lake(folder.resolve("undisturbed")));
  }

  @AfterEach
  void disarm() {
    CommitFaults.disarm();
  }

  @AfterAll
  void stop() {
    s3.close();
  }

  @Test
  void aRunThatDiedAfterItsSecondCommitIsCompleted() {
    assertCompleted(Moment.AFTER, 2);
  }

  private void assertCompleted(Moment moment, int commit) {
    String lake = moment + "-" + commit;
    CommitFaults.arm(moment, commit);
    Outcome died = run(lake);
    CommitFaults.disarm();
    String struck = CommitFaults.fired();
    assertThat(struck).as("the fault has struck %s commit %d", moment, commit).isNotEmpty();
    assertThat(died.exit()).as(died.err()).isEqualTo(70);

    // A new driver knows nothing of the tables.
    DeltaLog.clearCache();
    Outcome next = run(lake);

    assertThat(next.exit()).as("after %s %d: %s", moment, commit, next.err()).isZero();
    EndToEnd.assertGold(
        lake(lake), Expected.of(folder.resolve("events"), folder.resolve("orders")));
    assertThat(bronze(lake(lake))).as("after %s %d", moment, commit).isEqualTo(bronze);
  }

  private static List<List<String>> bronze(Lake lake) {
    List<List<String>> rows = new ArrayList<>();
    for (Table table : List.of(Events.TABLE, OrderEvents.TABLE)) {
      String[] columns =
          Stream.of(table.schema().fieldNames())
              .filter(name -> !PROVENANCE.contains(name))
              .toArray(String[]::new);
      rows.add(Rows.json(lake.read(table), columns));
    }
    return rows;
  }

  private Outcome run(String lake) {
    List<String> settings = new ArrayList<>();
    s3.hadoopSettings().forEach((key, value) -> settings.addAll(List.of("-D", key + "=" + value)));
    return EndToEnd.attempt(
        folder.resolve("events").toString(),
        folder.resolve("orders").toString(),
        root(lake),
        settings.toArray(String[]::new));
  }

  private Lake lake(String name) {
    SparkSession session = LocalSpark.session().newSession();
    s3.hadoopSettings().forEach(session.conf()::set);
    return new Lake(session, root(name));
  }

  private static String root(String lake) {
    return "s3a://faults/" + lake;
  }

  private void write(String file, String... lines) throws IOException {
    Files.write(folder.resolve(file), List.of(lines));
  }
}
