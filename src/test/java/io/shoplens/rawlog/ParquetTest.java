package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Feed;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {
  @TempDir Path folder;

  private InputFile write(String name, String query) {
    Path path = folder.resolve(name);
    LocalSpark.session().sql(query).coalesce(1).write().parquet(path.toString());
    try (var files = Files.list(path)) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return new InputFile(file.toUri().toString(), Files.size(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void typedColumnsAreTakenAsTheyAreAndRowsCounted() {
    InputFile some =
        write(
            "a",
            "select concat('e', id) event_id, 'search' event_type, timestamp'2026-03-01 10:05:00Z'"
                + " event_at, if(id = 1, null, 'u') user_id, 'US' market, id other from range(3)");
    InputFile none =
        write("b", "select 'x' event_id, 'search' event_type from range(1) where id > 5");
    Feed feed = Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET);
    Dataset<Row> rows = Raw.read(feed, some, none);
    assertThat(Raw.accepted(rows, "event_id", "event_at", "extra", "source_line"))
        .containsExactly(
            "{'event_id':'e0','event_at':'2026-03-01T10:05:00.000Z','extra':'{\\'other\\':0}','source_line':1}",
            "{'event_id':'e2','event_at':'2026-03-01T10:05:00.000Z','extra':'{\\'other\\':2}','source_line':3}");
    assertThat(Raw.rejected(rows)).containsExactly("2 missing_field user_id");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
    assertThat(
            rows
                .where("record_kind = 'file'")
                .orderBy("file_records")
                .select("source_file", "file_records")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0) + " " + row.getLong(1)))
        .containsExactly(none.path() + " 0", some.path() + " 3");
  }

  @Test
  void mappedColumnsMayBeNestedAndExploded() {
    InputFile file =
        write(
            "c",
            "select 's' session, array(named_struct('t', 1772359500123L, 'k', 'a'),"
                + " named_struct('t', 5L, 'k', 'b')) events, named_struct('shop', 'US') geo");
    Feed feed =
        Raw.exploded(
            Raw.mapped(
                Raw.feed(Feed.Kind.EVENTS, Feed.Format.PARQUET),
                List.of("s", "session", "t", "@.t", "k", "@.k", "m", "$.geo.shop"),
                List.of(
                    "event_id",
                    "concat(s, _part)",
                    "event_type",
                    "k",
                    "event_at",
                    "t",
                    "device_id",
                    "s",
                    "market",
                    "m")),
            "events");
    Dataset<Row> rows = Raw.read(feed, file);
    assertThat(Raw.accepted(rows, "event_id", "event_at", "source_part"))
        .containsExactly("{'event_id':'s0','event_at':'2026-03-01T10:05:00.123Z','source_part':0}");
    assertThat(Raw.rejected(rows)).containsExactly("1 out_of_range event_at");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
    assertThat(Raw.totals(Raw.read(feed, new InputFile("file:/none.parquet", 0))))
        .isEqualTo("0 0 -");
  }
}
