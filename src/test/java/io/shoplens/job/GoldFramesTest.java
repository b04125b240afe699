package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import io.shoplens.table.DailyGmv;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldFramesTest {
  @TempDir Path folder;

  /** A check that looks at some dates is not to meet rows of others that were computed as well. */
  @Test
  void aTableIsTheComputedRowsOfTheDatesAskedForAndTheStoredOnesOfOthers() {
    Lake lake = new Lake(LocalSpark.session(), folder.resolve("lake").toString());
    lake.replaceDates(
        DailyGmv.TABLE,
        rows("{'market':'GB','gmv_date':'2026-03-01','orders':1}"),
        dates("2026-03-01"));
    try (GoldFrames gold = new GoldFrames(lake, Optional.empty(), Set.of())) {
      gold.put(
          DailyGmv.TABLE,
          rows(
              "{'market':'GB','gmv_date':'2026-03-02','orders':2}",
              "{'market':'GB','gmv_date':'2026-03-03','orders':3}"),
          dates("2026-03-02", "2026-03-03"));

      assertThat(seen(gold, "2026-03-01", "2026-03-02"))
          .containsExactlyInAnyOrder(
              "{'gmv_date':'2026-03-01','orders':1}", "{'gmv_date':'2026-03-02','orders':2}");
      assertThat(seen(gold, "2026-03-03")).containsExactly("{'gmv_date':'2026-03-03','orders':3}");
    }
  }

  private static List<String> seen(GoldFrames gold, String... dates) {
    return Rows.json(gold.rows(DailyGmv.TABLE, dates(dates)), "gmv_date", "orders");
  }

  private static Dataset<Row> rows(String... rows) {
    return Rows.of(DailyGmv.TABLE, rows);
  }

  private static SortedSet<LocalDate> dates(String... dates) {
    return Arrays.stream(dates)
        .map(LocalDate::parse)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
