package io.shoplens.rawlog;

import io.shoplens.config.Feed;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads the files of a task one after the other: their records, then a row of totals for each. */
final class LexicalReader implements PartitionReader<InternalRow> {
  private final LexicalPlan plan;
  private final List<InputFile> files;
  private final Configuration configuration;
  private final LexicalRow row;
  private final JsonScanner scanner;
  private final FieldTree elements;
  private final boolean countsUnknown;
  private int opened;
  private Records records;
  private UnknownFields unknown;

  LexicalReader(
      LexicalPlan plan, String[] columns, List<InputFile> files, Configuration configuration) {
    this.plan = plan;
    this.files = files;
    this.configuration = configuration;
    this.row = new LexicalRow(plan, columns);
    this.countsUnknown = row.reads(LexicalPlan.UNKNOWN);
    if (plan.format() == Feed.Format.JSON) {
      FieldTree root = FieldTree.of(plan.fields(), '$', "");
      if (!plan.explode().isEmpty()) {
        root.at(FieldTree.steps(plan.explode(), "")).isExploded = true;
      }
      this.elements = FieldTree.of(plan.fields(), '@', "");
      this.scanner = new JsonScanner(root, row, plan.nestingLimit(), row.fillsExtra());
    } else {
      this.elements = null;
      this.scanner = null;
    }
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      if (records == null) {
        if (opened == files.size()) {
          return false;
        }
        InputFile file = files.get(opened++);
        row.file = UTF8String.fromString(file.path());
        records = open(file);
        unknown = new UnknownFields(plan);
      }
      row.forget();
      if (records.next()) {
        if (countsUnknown && row.code == null) {
          unknown.count(row);
        }
        return true;
      }
      row.clear();
      row.isTotals = true;
      row.records = records.records();
      row.blank = records.blank();
      row.damagedAt = records.damagedAt();
      row.unknown = UTF8String.fromString(unknown.json());
      Records done = records;
      records = null;
      done.close();
      return true;
    }
  }

  private Records open(InputFile file) throws IOException {
    Path path = new Path(file.path());
    InputStream stored =
        FutureIO.awaitFuture(
            path.getFileSystem(configuration)
                .openFile(path)
                .opt("fs.option.openfile.read.policy", "whole-file")
                .build());
    RecordBuffer buffer = new RecordBuffer(Archives.open(stored, file.path()), plan.recordLimit());
    return plan.format() == Feed.Format.JSON
        ? new JsonRecords(buffer, row, scanner, elements, plan)
        : new CsvRecords(buffer, row, plan);
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return new CustomTaskMetric[] {FilesRead.of(records == null ? opened : opened - 1)};
  }

  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public void close() throws IOException {
    if (records != null) {
      records.close();
      records = null;
    }
  }

  /** Columns in text, for messages. */
  @Override
  public String toString() {
    return "raw logs " + Arrays.toString(files.stream().map(InputFile::path).toArray());
  }
}
