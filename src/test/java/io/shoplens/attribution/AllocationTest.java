package io.shoplens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AllocationTest {
  @Test
  void unitsLeftOverGoToTheLargestRemaindersThenToTheEarlierPart() {
    assertThat(split(100, 1, 1, 1)).containsExactly(34, 33, 33);
    assertThat(split(101, 1, 1, 1)).containsExactly(34, 34, 33);
    assertThat(split(10, 1, 5, 4, 0)).containsExactly(1, 5, 4, 0);
    assertThat(split(7, 10, 20, 40)).containsExactly(1, 2, 4);
    assertThat(split(5, 10, 20, 40)).containsExactly(1, 1, 3);
    assertThat(split(2, 0, 1, 1, 1)).containsExactly(0, 1, 1, 0);
  }

  @Test
  void aWholeSplitBitByBitGivesWhatItGivesAtOnce() {
    assertThat(next(0, 3333, 1, 1)).containsExactly(1667, 1666);
    assertThat(next(3333, 3333, 1, 1)).containsExactly(1666, 1667);
    assertThat(next(6666, 3333, 1, 1)).containsExactly(1667, 1666);
    assertThat(next(-6666, -3333, 1, 1)).containsExactly(-1667, -1666);

    Random random = new Random(20260328);
    for (int i = 0; i < 500; i++) {
      long[] weights = LongStream.generate(() -> random.nextLong(1, 9)).limit(1 + i % 9).toArray();
      long[] together = new long[weights.length];
      long before = 0;
      for (int bit = 0; bit < 5; bit++) {
        long amount = random.nextLong(0, 40);
        long[] parts = next(before, amount, weights);
        before += amount;
        assertThat(LongStream.of(parts).sum()).isEqualTo(amount);
        assertThat(LongStream.of(parts).min().orElseThrow()).isGreaterThanOrEqualTo(-1);
        Arrays.setAll(together, part -> together[part] + parts[part]);
      }
      assertThat(together).containsExactly(split(before, weights));
    }
  }

  @Test
  void aLargerAmountCanGiveAShareLess() {
    assertThat(split(3, 1, 3, 3)).containsExactly(1, 1, 1);
    assertThat(next(3, 1, 1, 3, 3)).containsExactly(-1, 1, 1);
  }

  @Test
  void anAmountOfNothingGivesPartsOfNothing() {
    assertThat(split(0, 3, 1)).containsExactly(0, 0);
  }

  @Test
  void aNegativeAmountIsSplitByItsAbsoluteValue() {
    assertThat(split(-100, 1, 1, 1)).containsExactly(-34, -33, -33);
  }

  @Test
  void amountsBeyondTheRangeOfALongAreExact() {
    BigInteger amount = new BigInteger("123456789012345678901234");
    BigInteger weight = BigInteger.valueOf(Long.MAX_VALUE);
    assertThat(Allocation.split(amount, new BigInteger[] {weight, weight}))
        .containsExactly(
            new BigInteger("61728394506172839450617"), new BigInteger("61728394506172839450617"));
  }

  @Test
  void weightsThatGiveNoProportionAreRefused() {
    assertThatThrownBy(() -> split(1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no weight is positive: [0, 0]");
    assertThatThrownBy(() -> split(1, 2, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a weight is negative: [2, -1]");
  }

  @Test
  void splitsEqualThoseOfHandingOutUnitByUnit() {
    Random random = new Random(20260302);
    for (int i = 0; i < 2000; i++) {
      long bound = i % 2 == 0 ? 50 : 5_000;
      long amount = random.nextLong(-bound, bound);
      long[] weights = LongStream.generate(() -> random.nextLong(0, 9)).limit(1 + i % 30).toArray();
      weights[random.nextInt(weights.length)] =
          i % 3 == 0 ? 1 : i % 3 == 1 ? 1_000_000_000_000L : 1_000_000_000_000_000_000L;

      assertThat(split(amount, weights))
          .as("%d over %s", amount, Arrays.toString(weights))
          .containsExactly(unitByUnit(amount, weights));
    }
  }

  /** Gives each unit to the part that lacks most of its exact share, which is the same rule. */
  private static long[] unitByUnit(long amount, long... weights) {
    BigInteger total = BigInteger.valueOf(LongStream.of(weights).sum());
    BigInteger[] lacks = new BigInteger[weights.length];
    for (int i = 0; i < weights.length; i++) {
      lacks[i] = BigInteger.valueOf(Math.abs(amount)).multiply(BigInteger.valueOf(weights[i]));
    }
    long[] parts = new long[weights.length];
    for (long unit = 0; unit < Math.abs(amount); unit++) {
      int neediest = 0;
      for (int i = 1; i < lacks.length; i++) {
        if (lacks[i].compareTo(lacks[neediest]) > 0) {
          neediest = i;
        }
      }
      parts[neediest] += Long.signum(amount);
      lacks[neediest] = lacks[neediest].subtract(total);
    }
    return parts;
  }

  private static long[] split(long amount, long... weights) {
    return longs(Allocation.split(BigInteger.valueOf(amount), whole(weights)));
  }

  private static long[] next(long before, long amount, long... weights) {
    return longs(
        Allocation.next(BigInteger.valueOf(before), BigInteger.valueOf(amount), whole(weights)));
  }

  private static BigInteger[] whole(long... weights) {
    return LongStream.of(weights).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new);
  }

  private static long[] longs(BigInteger[] parts) {
    return Arrays.stream(parts).mapToLong(BigInteger::longValueExact).toArray();
  }
}
