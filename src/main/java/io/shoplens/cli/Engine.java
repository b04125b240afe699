package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.job.IngestPreview;
import io.shoplens.job.Progress;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.TableFacts;
import io.shoplens.table.Table;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What commands ask of the pipeline; one per session and configuration. */
public interface Engine {
  /** Takes the steps of the request and reports what they did. */
  RunReport run(RunRequest request, Progress progress);

  /** What the ingest of a request would do; nothing is written. */
  List<IngestPreview> preview(RunRequest request);

  /** The answer to a query over the tables by name, such as {@code gold.daily_gmv}. */
  Dataset<Row> query(String sql);

  /** These tables and views as they stand in the lake; no other is looked at. */
  List<TableFacts> describe(Collection<Table> tables);

  /** How an engine is made once the session is there. */
  @FunctionalInterface
  interface Factory {
    Engine engine(SparkSession session, ShoplensConfig config);
  }
}
