package io.shoplens.commerce;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MoneyTest {
  @Test
  void minorUnitsFollowIso4217() {
    assertThat(Stream.of("USD", "JPY", "KWD", "IDR", "VND", "CLF").map(Money::digits))
        .containsExactly(2, 0, 3, 2, 0, 4);
  }

  @Test
  void aLineIsRoundedOnceHalfUp() {
    assertThat(Money.lineValue(3, new BigDecimal("3.335"), "USD")).isEqualTo("10.01");
    assertThat(Money.lineValue(1, new BigDecimal("0.005"), "USD")).isEqualTo("0.01");
    assertThat(Money.lineValue(1, new BigDecimal("0.004999"), "USD")).isEqualTo("0.00");
    assertThat(Money.lineValue(7, new BigDecimal("99.5"), "JPY")).isEqualTo("697");
  }

  @Test
  void aSplitGoesByLargestRemainderAndTiesToTheEarlierPart() {
    assertThat(split("1.00", "1", "1", "1")).containsExactly("0.34", "0.33", "0.33");
    assertThat(split("0.05", "10", "20", "70")).containsExactly("0.01", "0.01", "0.03");
    assertThat(split("0.02", "1", "1", "1")).containsExactly("0.01", "0.01", "0.00");
    assertThat(split("1.00", "0", "3", "0")).containsExactly("0.00", "1.00", "0.00");
    assertThat(split("0.01", "0", "0", "0")).containsExactly("0.01", "0.00", "0.00");
    assertThat(split("0.00", "5", "1")).containsExactly("0.00", "0.00");
  }

  private static List<String> split(String amount, String... weights) {
    return Money.split(new BigDecimal(amount), Stream.of(weights).map(BigDecimal::new).toList(), 2)
        .stream()
        .map(BigDecimal::toPlainString)
        .toList();
  }

  @Test
  void partsAddUpAndLieWithinOneUnitOfTheirShare() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      BigDecimal amount = BigDecimal.valueOf(random.nextInt(100_000), 2);
      List<BigDecimal> weights = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(6); i++) {
        weights.add(BigDecimal.valueOf(random.nextInt(5_000), random.nextInt(3)));
      }
      BigDecimal sum = weights.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      List<BigDecimal> parts = Money.split(amount, weights, 2);
      assertThat(parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
          .isEqualByComparingTo(amount);
      for (int i = 0; i < parts.size() && sum.signum() > 0; i++) {
        BigDecimal off = parts.get(i).multiply(sum).subtract(amount.multiply(weights.get(i))).abs();
        assertThat(off).isLessThan(sum.movePointLeft(2));
      }
    }
  }
}
