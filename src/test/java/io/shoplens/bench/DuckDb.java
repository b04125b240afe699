package io.shoplens.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/** DuckDB in this process: read_json, one row per event, one Parquet file. */
final class DuckDb implements Contender {
  private final Connection connection;

  DuckDb() throws SQLException {
    this.connection = DriverManager.getConnection("jdbc:duckdb:");
    run("SET threads = 2");
    run("SET memory_limit = '2GB'");
    run("SET temp_directory = 'target/bench/duckdb'");
    run("SET preserve_insertion_order = false");
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static Path events(Path out) {
    return out.resolve("events.parquet");
  }

  @Override
  public Work write(Path logs, Path out) throws SQLException, IOException {
    String columns =
        FIELDS.stream()
            .map(
                field ->
                    field
                        + (field.equals("event_at") || field.equals("received_at")
                            ? ": 'TIMESTAMP'"
                            : ": 'VARCHAR'"))
            .collect(Collectors.joining(", ", "{", "}"));
    Files.createDirectories(out);
    run(
        """
        COPY (
          SELECT DISTINCT ON (event_id) *
          FROM read_json('%s/**/*.json.gz', format = 'newline_delimited', columns = %s)
        ) TO '%s' (FORMAT parquet, COMPRESSION %s)"""
            .formatted(logs, columns, events(out), CODEC));
    return new Work(-1, Files.size(events(out)), 0);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
