package io.shoplens.job;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.Lake;
import java.time.Instant;
import org.apache.spark.sql.SparkSession;

/**
 * What every step of one run shares.
 *
 * @param lake the tables
 * @param config what the run is told
 * @param runId the run
 * @param startedAt the run's one instant; rows carry no other
 */
record RunContext(Lake lake, ShoplensConfig config, String runId, Instant startedAt) {
  SparkSession session() {
    return lake.session();
  }
}
