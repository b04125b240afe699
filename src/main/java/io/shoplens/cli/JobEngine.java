package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.job.Exclusively;
import io.shoplens.job.IngestPreview;
import io.shoplens.job.Pipeline;
import io.shoplens.job.Progress;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import io.shoplens.job.StepFacts;
import io.shoplens.job.TableFacts;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Lease;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import io.shoplens.table.View;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The engine over a lake. */
final class JobEngine implements Engine {
  private final Lake lake;
  private final ShoplensConfig config;
  private final Pipeline pipeline;

  JobEngine(SparkSession session, ShoplensConfig config) {
    this(session, config, Clock.systemUTC());
  }

  JobEngine(SparkSession session, ShoplensConfig config, Clock clock) {
    this.lake = new Lake(session, config.lakeRoot());
    this.config = config;
    this.pipeline = new Pipeline(lake, config, clock, Version.text());
  }

  @Override
  public RunReport run(RunRequest request, Progress progress) {
    return Exclusively.on(
        lake,
        config,
        request.command(),
        progress::notice,
        lease -> pipeline.run(request, guarded(progress, lease)));
  }

  @Override
  public List<IngestPreview> preview(RunRequest request) {
    return pipeline.preview(request);
  }

  /** Before every step the run makes sure that it has not been taken for dead. */
  private static Progress guarded(Progress progress, Lease lease) {
    return new Progress() {
      @Override
      public void started(Step step) {
        lease.require();
        progress.started(step);
      }

      @Override
      public void advanced(Step step, long files, long rows) {
        progress.advanced(step, files, rows);
      }

      @Override
      public void finished(StepFacts facts) {
        progress.finished(facts);
      }

      @Override
      public void notice(String text) {
        progress.notice(text);
      }
    };
  }

  @Override
  public Dataset<Row> query(String sql) {
    return lake.query(sql);
  }

  @Override
  public List<TableFacts> describe(Collection<Table> tables) {
    return Stream.concat(
            Tables.ALL.stream().filter(tables::contains).map(this::facts),
            Tables.VIEWS.stream().filter(view -> tables.contains(view.table())).map(this::facts))
        .toList();
  }

  private TableFacts facts(View view) {
    return new TableFacts(
        view.table(),
        lake.read(view).count(),
        -1,
        view.sources().stream()
            .flatMap(source -> lake.updatedAt(source).stream())
            .max(Comparator.naturalOrder()));
  }

  private TableFacts facts(Table table) {
    return new TableFacts(
        table, lake.read(table).count(), lake.version(table).orElse(-1), lake.updatedAt(table));
  }
}
