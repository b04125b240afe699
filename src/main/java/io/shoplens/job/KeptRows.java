package io.shoplens.job;

import io.shoplens.lake.SessionSettings;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.MutableProjection;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.unsafe.Platform;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows that are computed once and kept on the executors' disks as they lie in memory: packed by the
 * thousand and compressed. Memory is for what is made of them: kept there, ten million events leave
 * a heap of 2 GB no room to count their keys.
 *
 * <p>Spark's own cache takes rows apart into columns, with statistics and a choice of compression
 * for each. For wide rows that are read three times and then forgotten that costs several times
 * what computing them does.
 */
final class KeptRows implements AutoCloseable {
  /** Bytes of rows that are packed together, but for a row that is larger by itself. */
  private static final int BATCH_BYTES = 1 << 20;

  /** Before each row, its length; 8 bytes, as rows lie at multiples of 8. */
  private static final int LENGTH_BYTES = 8;

  private final Dataset<Row> rows;
  private final JavaRDD<Batch> batches;

  private KeptRows(Dataset<Row> rows, JavaRDD<Batch> batches) {
    this.rows = rows;
    this.batches = batches;
  }

  /**
   * Rows that the first to look at them computes.
   *
   * <p>They are planned operator by operator: the loop that Spark would generate for the whole of
   * an ingest's checks is a method beyond 8000 bytes of code, which the JVM never compiles.
   */
  static KeptRows of(Dataset<Row> computed) {
    StructType schema = computed.schema();
    RDD<InternalRow> source =
        SessionSettings.during(
            computed.sparkSession(),
            Map.of("spark.sql.codegen.wholeStage", "false"),
            () ->
                computed(((org.apache.spark.sql.classic.Dataset<Row>) computed).queryExecution()));
    JavaRDD<Batch> batches =
        source
            .toJavaRDD()
            .mapPartitions(rows -> new Packed(rows, schema))
            .persist(StorageLevel.DISK_ONLY());
    int fields = schema.size();
    RDD<InternalRow> unpacked =
        batches.mapPartitions(packed -> (Iterator<InternalRow>) new Unpacked(packed, fields)).rdd();
    return new KeptRows(
        ((org.apache.spark.sql.classic.SparkSession) computed.sparkSession())
            .internalCreateDataFrame(unpacked, schema, false),
        batches);
  }

  /**
   * The rows of a query. Where its last two steps are projections, what the first only passes on is
   * not copied for the second.
   */
  private static RDD<InternalRow> computed(QueryExecution query) {
    if (!(query.executedPlan() instanceof ProjectExec last)
        || !(last.child() instanceof ProjectExec first)) {
      return query.toRdd();
    }
    List<NamedExpression> made =
        CollectionConverters.asJava(first.projectList()).stream()
            .filter(expression -> !(expression instanceof Attribute))
            .toList();
    List<Attribute> passed = CollectionConverters.asJava(first.child().output());
    Seq<Expression> between = expressions(made);
    Seq<Attribute> given = CollectionConverters.asScala(passed).toSeq();
    Seq<Attribute> all =
        CollectionConverters.asScala(
                Stream.concat(passed.stream(), made.stream().map(NamedExpression::toAttribute))
                    .toList())
            .toSeq();
    Seq<Expression> results = expressions(CollectionConverters.asJava(last.projectList()));
    return first
        .child()
        .execute()
        .toJavaRDD()
        .mapPartitionsWithIndex(
            (partition, rows) -> new Projected(rows, partition, between, given, results, all), true)
        .rdd();
  }

  /** Named expressions are expressions, but not to Java. */
  private static Seq<Expression> expressions(List<NamedExpression> named) {
    return CollectionConverters.asScala(named.stream().map(Expression.class::cast).toList())
        .toSeq();
  }

  /** The rows. */
  Dataset<Row> rows() {
    return rows;
  }

  /** Forgets them. */
  @Override
  public void close() {
    batches.unpersist(false);
  }

  /** Rows of two projections; a row is valid until the next one. */
  private static final class Projected implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final MutableProjection between;
    private final UnsafeProjection result;
    private final JoinedRow joined = new JoinedRow();

    Projected(
        Iterator<InternalRow> rows,
        int partition,
        Seq<Expression> between,
        Seq<Attribute> given,
        Seq<Expression> results,
        Seq<Attribute> all) {
      this.rows = rows;
      this.between = MutableProjection.create(between, given);
      this.result = UnsafeProjection.create(results, all);
      this.between.initialize(partition);
      this.result.initialize(partition);
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      InternalRow row = rows.next();
      return result.apply(joined.apply(row, between.apply(row)));
    }
  }

  /** Rows one behind the other, compressed. */
  private record Batch(int length, byte[] compressed) implements Serializable {
    static Batch of(byte[] bytes, int length) {
      LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
      byte[] compressed = new byte[compressor.maxCompressedLength(length)];
      int size = compressor.compress(bytes, 0, length, compressed, 0);
      return new Batch(length, Arrays.copyOf(compressed, size));
    }

    void into(byte[] bytes) {
      LZ4Factory.fastestInstance().safeDecompressor().decompress(compressed, bytes);
    }
  }

  /** Rows to batches. */
  private static final class Packed implements Iterator<Batch> {
    private final Iterator<InternalRow> rows;
    private final UnsafeProjection projection;
    private byte[] bytes = new byte[BATCH_BYTES];

    /** A row that did not fit into the batch before it. */
    private UnsafeRow next;

    Packed(Iterator<InternalRow> rows, StructType schema) {
      this.rows = rows;
      this.projection = UnsafeProjection.create(schema);
    }

    @Override
    public boolean hasNext() {
      return next != null || rows.hasNext();
    }

    @Override
    public Batch next() {
      int length = 0;
      while (hasNext()) {
        if (next == null) {
          next = unsafe(rows.next());
        }
        int end = length + LENGTH_BYTES + next.getSizeInBytes();
        if (end > bytes.length) {
          if (length > 0) {
            break;
          }
          bytes = new byte[end];
        }
        Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + length, next.getSizeInBytes());
        next.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + length + LENGTH_BYTES);
        length = end;
        next = null;
      }
      if (length == 0) {
        throw new NoSuchElementException();
      }
      Batch batch = Batch.of(bytes, length);
      if (bytes.length > BATCH_BYTES) {
        bytes = new byte[BATCH_BYTES];
      }
      return batch;
    }

    private UnsafeRow unsafe(InternalRow row) {
      return row instanceof UnsafeRow unsafe ? unsafe : projection.apply(row);
    }
  }

  /** Batches to rows; a row is valid until the next one. */
  private static final class Unpacked implements Iterator<InternalRow> {
    private final Iterator<Batch> batches;
    private final UnsafeRow row;
    private byte[] bytes = {};
    private int position;
    private int length;

    Unpacked(Iterator<Batch> batches, int fields) {
      this.batches = batches;
      this.row = new UnsafeRow(fields);
    }

    @Override
    public boolean hasNext() {
      return position < length || batches.hasNext();
    }

    @Override
    public InternalRow next() {
      if (position == length) {
        Batch batch = batches.next();
        length = batch.length();
        position = 0;
        if (bytes.length < length) {
          bytes = new byte[length];
        }
        batch.into(bytes);
      }
      int size = (int) Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + position);
      row.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET + position + LENGTH_BYTES, size);
      position += LENGTH_BYTES + size;
      return row;
    }
  }
}
