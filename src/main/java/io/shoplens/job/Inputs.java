package io.shoplens.job;

import static io.shoplens.table.Columns.SOURCE_PART;

import io.shoplens.config.Feed;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.State;
import io.shoplens.rawlog.InputFile;
import io.shoplens.rawlog.ParquetDamage;
import io.shoplens.rawlog.RawLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The files of an ingest as a reader takes them. Of Parquet files that are damaged inside it must
 * know where; that is found when they could not be read, and stands in the ledger from then on.
 */
final class Inputs {
  /** Part of a record of which all others are made: where its bytes are found. */
  static final String FIRST_PART = "first_part";

  private final RunContext run;
  private final FileLedger ledger;

  /** Rows before the damage, by path. */
  private final Map<String, Long> damaged = new TreeMap<>();

  Inputs(RunContext run, FileLedger ledger) {
    this.run = run;
    this.ledger = ledger;
  }

  List<InputFile> of(List<FeedFile> files) {
    Map<String, Entry> latest =
        files.stream().anyMatch(this::isParquet) ? ledger.latest() : Map.of();
    return files.stream()
        .map(
            file ->
                new InputFile(
                    file.path(),
                    file.size(),
                    isParquet(file)
                        ? rows(file, Optional.ofNullable(latest.get(file.path())))
                        : InputFile.WHOLE))
        .toList();
  }

  private boolean isParquet(FeedFile file) {
    return run.config().feeds().stream()
        .anyMatch(feed -> feed.name().equals(file.feed()) && feed.format() == Feed.Format.PARQUET);
  }

  /** As found in this run, else as the file was settled last: a plan to replay it says nothing. */
  private long rows(FeedFile file, Optional<Entry> known) {
    return Optional.ofNullable(damaged.get(file.path()))
        .or(
            () ->
                known
                    .flatMap(entry -> ledger.settledBefore(entry.sequence() + 1, file.path()))
                    .filter(entry -> entry.state() == State.DAMAGED)
                    .filter(entry -> entry.file().isSameContent(file))
                    .flatMap(Entry::balance)
                    .flatMap(Balance::damagedAt))
        .orElse(InputFile.WHOLE);
  }

  /** Place and bytes of every record of files of a feed; its part is called {@link #FIRST_PART}. */
  Dataset<Row> bytes(Feed feed, List<FeedFile> files) {
    return RawLog.bytes(run.session(), feed, of(files), run.config().ingest())
        .withColumnRenamed(SOURCE_PART, FIRST_PART);
  }

  /**
   * What reading files gives.
   *
   * @param again the same once more, which reads up to the damage where files could not be decoded
   */
  <T> T read(List<FeedFile> files, Supplier<T> reading, Supplier<T> again) {
    try {
      return reading.get();
    } catch (Exception end) {
      if (!ParquetDamage.isPossible(end) || !isAnyDamaged(files)) {
        throw end;
      }
    }
    return again.get();
  }

  private boolean isAnyDamaged(List<FeedFile> files) {
    Map<String, Long> found =
        ParquetDamage.rowsBefore(
            run.session(),
            of(files.stream().filter(file -> isParquet(file) && file.size() > 0).toList()).stream()
                .filter(file -> file.rows() == InputFile.WHOLE)
                .toList());
    damaged.putAll(found);
    return !found.isEmpty();
  }
}
