package io.shoplens.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet as other writers than Spark make it. */
public final class ParquetFile {
  private ParquetFile() {}

  /**
   * Writes a file of one row.
   *
   * @param fields fields of the file's schema, in Parquet's own words
   */
  public static void write(Path file, String fields, UnaryOperator<Group> row) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m {" + fields + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      writer.write(row.apply(new SimpleGroupFactory(schema).newGroup()));
    }
  }
}
