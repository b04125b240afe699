package io.shoplens.cli;

import io.shoplens.job.IngestPreview;
import io.shoplens.job.Progress;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.TableFacts;
import io.shoplens.table.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Keeps what it is asked, and answers as a test says. */
final class TestEngine implements Engine {
  final List<RunRequest> requests = new ArrayList<>();
  private final Function<RunRequest, RunReport> run;
  private final Function<String, Dataset<Row>> query;
  private final List<TableFacts> facts;

  private TestEngine(
      Function<RunRequest, RunReport> run,
      Function<String, Dataset<Row>> query,
      List<TableFacts> facts) {
    this.run = run;
    this.query = query;
    this.facts = facts;
  }

  static TestEngine running(Function<RunRequest, RunReport> run) {
    return new TestEngine(run, null, List.of());
  }

  static TestEngine answering(Function<String, Dataset<Row>> query) {
    return new TestEngine(null, query, List.of());
  }

  static TestEngine describing(TableFacts... facts) {
    return new TestEngine(null, null, List.of(facts));
  }

  @Override
  public RunReport run(RunRequest request, Progress progress) {
    requests.add(request);
    return run.apply(request);
  }

  @Override
  public List<IngestPreview> preview(RunRequest request) {
    requests.add(request);
    return List.of();
  }

  @Override
  public Dataset<Row> query(String sql) {
    return query.apply(sql);
  }

  @Override
  public List<TableFacts> describe(Collection<Table> tables) {
    return facts.stream().filter(each -> tables.contains(each.table())).toList();
  }
}
