package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.table.Runs;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The publication of tables that hold the same figures as before in other rows: what work on ids
 * leaves. Where something was not published before, it is not by this.
 */
public final class PublishedAgain {
  private static final DateTimeFormatter RUN_ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * A lake before the work.
   *
   * @param last its last publication
   * @param isCurrent whether that is all there is
   */
  record Before(String runId, Instant startedAt, Optional<Row> last, boolean isCurrent) {}

  private final Lake lake;
  private final ShoplensConfig config;
  private final Clock clock;
  private final String version;

  /**
   * Publications of a lake.
   *
   * @param version version of the software, as recorded in ops.runs
   */
  public PublishedAgain(Lake lake, ShoplensConfig config, Clock clock, String version) {
    this.lake = lake;
    this.config = config;
    this.clock = clock;
    this.version = version;
  }

  /** The lake as it is before the work. */
  Before before() {
    Optional<Row> last =
        lake
            .read(Runs.TABLE)
            .where(col(RUN_STATE).equalTo("published"))
            .orderBy(col(SEQUENCE).desc(), col(FINISHED_AT).desc())
            .select(SEQUENCE, CONFIG_DIGEST, FINISHED_AT)
            .takeAsList(1)
            .stream()
            .findFirst();
    boolean isCurrent = last.map(this::isAll).orElse(false);
    Instant now = clock.instant();
    return new Before(RUN_ID.format(now), now, last, isCurrent);
  }

  /** Whether nothing was taken in or computed since a publication. */
  private boolean isAll(Row publication) {
    FileLedger ledger = FileLedger.of(lake);
    return ledger.unfinished().isEmpty()
        && ledger.settledAfter(publication.<Long>getAs(SEQUENCE)).isEmpty()
        && lake.read(Runs.TABLE)
            .where(col(RUN_STATE).notEqual("published"))
            .where(col(FINISHED_AT).gt(publication.<Timestamp>getAs(FINISHED_AT)))
            .isEmpty();
  }

  /** Publishes the tables as they are now. */
  void record(Before before, String command) {
    Row row =
        RowFactory.create(
            before.runId(),
            before.last().map(known -> known.<Long>getAs(SEQUENCE)).orElse(0L),
            command,
            before.isCurrent() ? "published" : "partial",
            Timestamp.from(before.startedAt()),
            Timestamp.from(clock.instant()),
            new Date[0],
            new Row[0],
            CollectionConverters.asScala(new HashMap<String, Date[]>()),
            CollectionConverters.asScala(lake.versions()),
            before
                .last()
                .map(known -> known.<String>getAs(CONFIG_DIGEST))
                .orElseGet(config::digest),
            version);
    lake.append(Runs.TABLE, lake.session().createDataFrame(List.of(row), Runs.TABLE.schema()));
  }
}
