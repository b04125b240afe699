package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_date;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.commerce.OrderLog;
import io.shoplens.config.Feed;
import io.shoplens.lake.Lake;
import io.shoplens.quality.Freshness;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Orders;
import io.shoplens.table.Table;
import io.shoplens.table.Watermarks;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order events come in any order, some of them again, in any batches, and a run follows each. */
class OrderBatchesTest {
  private static final Path CONF = Path.of("conf").toAbsolutePath();

  private static final List<Table> TABLES =
      List.of(Orders.TABLE, OrderLines.TABLE, OrderHistory.TABLE, DailyGmv.TABLE);

  @TempDir private Path folder;

  @Test
  void noBatchingOfOrderEventsChangesAnyTable() throws IOException {
    holdAgainstOneRun(1, 3);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110})
  void noBatchingIntoManySmallOnesChangesAnyTable(long seed) throws IOException {
    holdAgainstOneRun(seed, 8);
  }

  private void holdAgainstOneRun(long seed, int batches) throws IOException {
    List<String> log = OrderLog.random(seed, 40).stream().map(OrderLog::json).toList();
    Lake atOnce = arrived("at-once", List.of(log));
    Lake inBatches = arrived("in-batches", cut(withRepeats(log, seed), batches, seed));
    for (Table table : TABLES) {
      assertThat(Rows.json(inBatches.read(table)))
          .as(table.name())
          .isNotEmpty()
          .isEqualTo(Rows.json(atOnce.read(table)));
    }
  }

  /** The log shuffled, with every fourth record or so a second time. */
  private static List<String> withRepeats(List<String> log, long seed) {
    Random random = new Random(seed);
    List<String> records = new ArrayList<>(log);
    log.stream().filter(entry -> random.nextInt(4) == 0).forEach(records::add);
    Collections.shuffle(records, random);
    return records;
  }

  /** Batches of any size but none; the smaller they are, the more orders have to be left alone. */
  private static List<List<String>> cut(List<String> records, int batches, long seed) {
    SortedSet<Integer> ends = new TreeSet<>(Set.of(records.size()));
    Random random = new Random(seed);
    while (ends.size() < batches) {
      ends.add(1 + random.nextInt(records.size()));
    }
    List<List<String>> cut = new ArrayList<>();
    int start = 0;
    for (int end : ends) {
      cut.add(records.subList(start, end));
      start = end;
    }
    return cut;
  }

  /** A lake in which each batch came in by an ingest of its own, a run after each. */
  private Lake arrived(String name, List<List<String>> batches) throws IOException {
    Place place =
        new Place(
            folder,
            name,
            "clicks",
            Map.of(
                "reference.markets", CONF.resolve("markets.csv").toString(),
                "reference.fx-rates", CONF.resolve("fx_rates.csv").toString()));
    for (int i = 0; i < batches.size(); i++) {
      Map<String, Long> published = place.lake().versions();
      Dataset<Row> records = records(batches.get(i), i + 1);
      place.lake().append(OrderEvents.TABLE, records);
      run(place, records, i, published);
    }
    return place.lake();
  }

  private static Dataset<Row> records(List<String> batch, long sequence) {
    return Rows.of(OrderEvents.TABLE, batch.toArray(String[]::new))
        .withColumn(RECORD_KIND, lit("accepted"))
        .withColumn(SEQUENCE, lit(sequence))
        .withColumn(EVENT_UTC_DATE, to_date(col(EVENT_AT)));
  }

  /** The steps from order events to daily GMV, as the pipeline takes them. */
  private static void run(
      Place place, Dataset<Row> records, long publishedSequence, Map<String, Long> published) {
    SortedSet<LocalDate> none = new TreeSet<>();
    Scope scope = new Scope(publishedSequence, published, none, none, none, none, List.of());
    Lake lake = place.lake();
    new OrdersJob(place.context()).run(scope);
    lake.replace(
        Watermarks.TABLE,
        Freshness.watermarks(
            lake.read(Events.TABLE),
            records,
            lake.read(Watermarks.TABLE),
            Set.of(Feed.Kind.ORDERS),
            Duration.ZERO));
    try (GoldFrames gold = new GoldFrames(lake, Optional.empty(), published.keySet())) {
      SortedSet<LocalDate> dates = new GmvJob(place.context()).run(scope, gold);
      // The other tables of gold are sums of the same movements: to commit them too takes longer.
      lake.replaceDates(DailyGmv.TABLE, gold.rows(DailyGmv.TABLE, dates), dates);
    }
  }
}
