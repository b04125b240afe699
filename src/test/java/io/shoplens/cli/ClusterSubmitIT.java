package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import io.shoplens.testing.StandaloneCluster;
import io.shoplens.testing.StandaloneCluster.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged job jar on a real standalone cluster, by spark-submit. Its executors have no other
 * class path: what they read, resolve and credit is by the classes of the jar.
 */
class ClusterSubmitIT {
  private static final Path JOB_JAR = Path.of("target", "shoplens.jar").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Not a temporary folder of JUnit, which warns of every link that leads out of it. */
  private static final Path HOME = Path.of("target", "cluster");

  @TempDir static Path folder;

  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.start(HOME, StandaloneCluster.packagedClassPath());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
      assertThat(cluster.processes()).isEmpty();
    }
  }

  @Test
  void aRunOnTheClusterMakesTheFigures() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.writeString(
        logs.resolve("events.json"),
        """
        {"event_id":"e1","event_type":"product_click","event_at":"2026-03-02T10:00:00Z",\
        "user_id":"u1","device_id":"d1","market":"GB","surface":"live","product_id":"p1"}
        {"event_id":"e2","event_type":"outbound_click","event_at":"2026-03-02T10:01:00Z",\
        "user_id":"u1","market":"GB","link_url":"https://www.amazon.co.uk/dp/B000000001"}
        """);
    Files.writeString(
        logs.resolve("orders.json"),
        """
        {"order_event_id":"1","order_id":"o1","order_event":"placed","market":"GB",\
        "event_at":"2026-03-02T11:00:00Z","user_id":"u1","currency":"GBP","lines":\
        [{"line_id":"1","product_id":"p1","quantity":2,"unit_price":"12.50"}]}
        {"order_event_id":"2","order_id":"o1","order_event":"paid","market":"GB",\
        "event_at":"2026-03-02T11:01:00Z","user_id":"u1","currency":"GBP"}
        {"order_event_id":"3","order_id":"o1","order_event":"refunded","market":"GB",\
        "event_at":"2026-03-03T09:00:00Z","currency":"GBP","reversal":\
        {"lines":[{"line_id":"1","quantity":1}]}}
        """);
    Path conf = folder.resolve("cluster.yaml");
    Files.writeString(
        conf,
        """
        lake:
          root: lake
        feeds:
          clicks:
            kind: events
            path: logs/events.json
          orders:
            kind: orders
            path: logs/orders.json
        reference:
          dir: %s
        spark:
          # Two cores, a few rows.
          sql.shuffle.partitions: 2
        """
            .formatted(Path.of("conf").toAbsolutePath()));

    Finished run =
        cluster.submit(
            LIMIT,
            List.of("--class", Main.class.getName()),
            List.of(JOB_JAR.toString(), "run", "--conf", conf.toString()));

    assertThat(run.exit()).as(run.out() + run.err()).isZero();
    Dataset<Row> gmv =
        LocalSpark.session().read().format("delta").load(folder + "/lake/gold/daily_gmv");
    assertThat(Rows.json(gmv, "gmv_date", "orders", "units", "gmv_local", "refunded_local"))
        .containsExactly(
            "{'gmv_date':'2026-03-02','orders':1,'units':2,'gmv_local':25.0000,"
                + "'refunded_local':0.0000}",
            "{'gmv_date':'2026-03-03','orders':0,'units':0,'gmv_local':0.0000,"
                + "'refunded_local':12.5000}");
  }
}
