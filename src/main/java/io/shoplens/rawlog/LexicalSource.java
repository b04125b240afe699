package io.shoplens.rawlog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The raw-log reader as a Spark data source: an explicit list of files, whose records come as rows
 * of text fields with their place in the file, records that can't be read as rows with a code and
 * their bytes, and one row of totals per file. Its one option, {@code plan}, is a {@link
 * LexicalPlan}. Public only because Spark makes it by name.
 */
public final class LexicalSource implements TableProvider {
  static final String PLAN = "plan";

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return LexicalPlan.decoded(options.get(PLAN)).schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new LexicalTable(
        LexicalPlan.decoded(new CaseInsensitiveStringMap(properties).get(PLAN)));
  }

  private record LexicalTable(LexicalPlan plan) implements Table, SupportsRead {
    @Override
    public String name() {
      return "raw logs (" + plan.files().size() + " files)";
    }

    @Override
    public Column[] columns() {
      return Arrays.stream(plan.schema().fields())
          .map(field -> Column.create(field.name(), field.dataType(), true))
          .toArray(Column[]::new);
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return new LexicalScan(plan);
    }
  }

  private static final class LexicalScan
      implements ScanBuilder,
          SupportsPushDownRequiredColumns,
          Scan,
          SupportsReportStatistics,
          Batch {
    /** Bytes in a task at most, where there are enough files. */
    private static final long TASK_BYTES = 1L << 30;

    /** What opening a file costs, in bytes read. */
    private static final long FILE_BYTES = 1L << 18;

    private final LexicalPlan plan;
    private StructType required;

    LexicalScan(LexicalPlan plan) {
      this.plan = plan;
      this.required = plan.schema();
    }

    @Override
    public void pruneColumns(StructType requiredSchema) {
      this.required = requiredSchema;
    }

    @Override
    public Scan build() {
      return this;
    }

    @Override
    public StructType readSchema() {
      return required;
    }

    @Override
    public String description() {
      return "raw logs (" + plan.files().size() + " files)";
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
      return new CustomMetric[] {new FilesRead()};
    }

    @Override
    public Batch toBatch() {
      return this;
    }

    @Override
    public Statistics estimateStatistics() {
      // Archives unpack to several times their size.
      long bytes = plan.files().stream().mapToLong(InputFile::size).sum() * 8;
      return new Statistics() {
        @Override
        public OptionalLong sizeInBytes() {
          return OptionalLong.of(bytes);
        }

        @Override
        public OptionalLong numRows() {
          return OptionalLong.empty();
        }
      };
    }

    @Override
    public InputPartition[] planInputPartitions() {
      int parallelism = SparkSession.active().sparkContext().defaultParallelism();
      return packed(plan.files(), parallelism).toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      LexicalPlan shared =
          new LexicalPlan(
              List.of(),
              plan.format(),
              plan.fields(),
              plan.explode(),
              plan.zone(),
              plan.delimiter(),
              plan.header(),
              plan.encoding(),
              plan.recordLimit(),
              plan.nestingLimit());
      return new LexicalReaders(
          shared,
          required.fieldNames(),
          new SerializableConfiguration(SparkSession.active().sessionState().newHadoopConf()));
    }

    /** Files dealt out largest first, each to the lightest task; a task reads them by path. */
    static List<LexicalPartition> packed(List<InputFile> files, int parallelism) {
      long total = files.stream().mapToLong(LexicalScan::weight).sum();
      int tasks =
          (int)
              Math.max(
                  1,
                  Math.min(
                      files.size(), Math.max(parallelism, (total + TASK_BYTES - 1) / TASK_BYTES)));
      record Bin(int number, long[] weight, List<InputFile> files) {}
      PriorityQueue<Bin> bins =
          new PriorityQueue<>(
              Comparator.<Bin>comparingLong(bin -> bin.weight()[0]).thenComparingInt(Bin::number));
      for (int i = 0; i < tasks; i++) {
        bins.add(new Bin(i, new long[1], new ArrayList<>()));
      }
      List<InputFile> sorted = new ArrayList<>(files);
      sorted.sort(
          Comparator.comparingLong(LexicalScan::weight).reversed().thenComparing(InputFile::path));
      for (InputFile file : sorted) {
        Bin bin = bins.remove();
        bin.files().add(file);
        bin.weight()[0] += weight(file);
        bins.add(bin);
      }
      List<Bin> ordered = new ArrayList<>(bins);
      ordered.sort(Comparator.comparingInt(Bin::number));
      return ordered.stream()
          .filter(bin -> !bin.files().isEmpty())
          .map(
              bin -> {
                List<InputFile> mine = new ArrayList<>(bin.files());
                mine.sort(Comparator.comparing(InputFile::path));
                return new LexicalPartition(mine);
              })
          .toList();
    }

    private static long weight(InputFile file) {
      return Math.max(0, file.size()) + FILE_BYTES;
    }
  }

  /** The files of one task. */
  record LexicalPartition(List<InputFile> files) implements InputPartition, Serializable {}

  /** Deals the files of a session's scan out to tasks. */
  static List<List<InputFile>> tasks(List<InputFile> files, int parallelism) {
    return LexicalScan.packed(files, parallelism).stream().map(LexicalPartition::files).toList();
  }

  private record LexicalReaders(
      LexicalPlan plan, String[] columns, SerializableConfiguration configuration)
      implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new LexicalReader(
          plan, columns, ((LexicalPartition) partition).files(), configuration.value());
    }
  }
}
