package io.shoplens.rawlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * The numbers that occur more than once among very many of which nearly all are different.
 *
 * <p>Spark's aggregate builds a table of them twice, on either side of the shuffle, and hashes what
 * are hashes already. Here they are dealt out in arrays and each part is sorted: 8 bytes a number
 * on the wire, and 8 to 16 in memory.
 */
final class RepeatedNumbers {
  /** Numbers that travel together; fewer where there are many parts to deal them out to. */
  private static final int MOST_TOGETHER = 1 << 12;

  private static final int FEWEST_TOGETHER = 1 << 6;

  /** Numbers that wait in a task until there are enough of their part. */
  private static final int MOST_WAITING = 1 << 20;

  private RepeatedNumbers() {}

  /**
   * Each number that occurs more than once, once.
   *
   * @param numbers one column of numbers without NULL, spread evenly over all values as hashes are
   */
  static Dataset<Row> of(Dataset<Row> numbers) {
    JavaRDD<Long> all = numbers.as(Encoders.LONG()).javaRDD();
    int shuffled =
        Integer.parseInt(numbers.sparkSession().conf().get("spark.sql.shuffle.partitions"));
    int parts = Math.max(shuffled, all.getNumPartitions());
    int together = Math.max(FEWEST_TOGETHER, Math.min(MOST_TOGETHER, MOST_WAITING / parts));
    JavaRDD<Long> repeated =
        all.mapPartitionsToPair(dealt -> new Dealt(dealt, parts, together))
            // A number of a part is its own hash.
            .partitionBy(new HashPartitioner(parts))
            .values()
            .mapPartitions(RepeatedNumbers::repeated);
    return numbers
        .sparkSession()
        .createDataset(repeated.rdd(), Encoders.LONG())
        .toDF(numbers.columns());
  }

  private static Iterator<Long> repeated(Iterator<long[]> dealt) {
    long[] numbers = new long[MOST_TOGETHER];
    int count = 0;
    while (dealt.hasNext()) {
      long[] more = dealt.next();
      if (numbers.length - count < more.length) {
        numbers = Arrays.copyOf(numbers, Math.max(count + more.length, count + (count >> 1)));
      }
      System.arraycopy(more, 0, numbers, count, more.length);
      count += more.length;
    }
    Arrays.sort(numbers, 0, count);
    List<Long> repeated = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      boolean isSecond = numbers[i] == numbers[i - 1] && (i == 1 || numbers[i - 2] != numbers[i]);
      if (isSecond) {
        repeated.add(numbers[i]);
      }
    }
    return repeated.iterator();
  }

  /** Numbers as they come to arrays of numbers of one part. */
  private static final class Dealt implements Iterator<Tuple2<Integer, long[]>> {
    private final Iterator<Long> numbers;
    private final long[][] waiting;
    private final int[] counts;
    private final Queue<Tuple2<Integer, long[]>> last = new ArrayDeque<>();
    private boolean isEnded;

    Dealt(Iterator<Long> numbers, int parts, int together) {
      this.numbers = numbers;
      this.waiting = new long[parts][together];
      this.counts = new int[parts];
    }

    @Override
    public boolean hasNext() {
      if (!isEnded && !numbers.hasNext()) {
        isEnded = true;
        for (int part = 0; part < waiting.length; part++) {
          if (counts[part] > 0) {
            last.add(taken(part));
          }
        }
      }
      return !isEnded || !last.isEmpty();
    }

    @Override
    public Tuple2<Integer, long[]> next() {
      while (hasNext() && !isEnded) {
        long number = numbers.next();
        int part = (int) Math.floorMod(number, (long) waiting.length);
        waiting[part][counts[part]++] = number;
        if (counts[part] == waiting[part].length) {
          return taken(part);
        }
      }
      return last.remove();
    }

    private Tuple2<Integer, long[]> taken(int part) {
      long[] taken = Arrays.copyOf(waiting[part], counts[part]);
      counts[part] = 0;
      return new Tuple2<>(part, taken);
    }
  }
}
