package io.shoplens.bench;

import io.shoplens.config.ConfigFile;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.job.Pipeline;
import io.shoplens.job.Progress;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import io.shoplens.lake.Lake;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** The ingest itself, ledger and all. */
final class Shoplens implements Contender {
  private final SparkSession session;
  private final Sessions.Counter counter;

  Shoplens() {
    this.session = Sessions.tuned().getOrCreate();
    this.counter = Sessions.Counter.on(session);
  }

  /** Where the events of a lake lie. */
  static Path events(Path out) {
    return out.resolve("bronze").resolve("events");
  }

  @Override
  public Work write(Path logs, Path out) throws InterruptedException {
    ShoplensConfig config =
        ConfigFile.load(
            "conf/shoplens.yaml",
            Map.of(
                "lake.root", out.toString(),
                "feeds.clicks.kind", "events",
                "feeds.clicks.path", logs.toString()),
            Map.of());
    Pipeline pipeline =
        new Pipeline(new Lake(session, config.lakeRoot()), config, Clock.systemUTC(), "benchmark");
    RunReport report =
        pipeline.run(RunRequest.of("ingest", Set.of(Step.INGEST)), Progress.silent());
    if (!report.heldFiles().isEmpty()) {
      throw new IllegalStateException("held " + report.heldFiles());
    }
    return counter.take(report.rejected());
  }

  @Override
  public void close() {
    session.stop();
  }
}
