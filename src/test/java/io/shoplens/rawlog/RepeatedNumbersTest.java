package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatedNumbersTest {
  @Test
  void aNumberIsToldOnceHoweverOftenItOccurs() {
    assertThat(repeated(List.of(5L, -7L, 5L, 0L, 5L, -7L, 5L), 1)).containsExactly(-7L, 5L);
  }

  @Test
  void smallestAndLargestNumbersAreNumbers() {
    assertThat(repeated(List.of(Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE), 2))
        .containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Test
  void ofNoneThereIsNone() {
    assertThat(repeated(List.of(), 1)).isEmpty();
  }

  /** Many enough to travel in several arrays, from several tasks. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsRepeatedIsWhatACountSays(long seed) {
    Random random = new Random(seed);
    List<Long> numbers = new ArrayList<>();
    TreeMap<Long, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 60_000; i++) {
      long number = random.nextInt(10) == 0 ? random.nextInt(1000) - 500 : random.nextLong();
      numbers.add(number);
      counts.merge(number, 1, Integer::sum);
    }
    counts.values().removeIf(count -> count < 2);

    assertThat(repeated(numbers, 3)).containsExactlyElementsOf(counts.keySet());
  }

  private static List<Long> repeated(List<Long> numbers, int tasks) {
    Dataset<Long> spread =
        LocalSpark.session().createDataset(numbers, Encoders.LONG()).repartition(tasks);
    List<Long> repeated =
        new ArrayList<>(
            RepeatedNumbers.of(spread.toDF("number")).as(Encoders.LONG()).collectAsList());
    Collections.sort(repeated);
    return repeated;
  }
}
