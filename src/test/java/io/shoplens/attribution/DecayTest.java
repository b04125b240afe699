package io.shoplens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecayTest {
  private static final long WEEK = CreditRows.micros(Duration.ofDays(7));

  @Test
  void aWeightHalvesEverySevenDays() {
    assertThat(Decay.weight(0)).isEqualTo(units("1000000000000"));
    assertThat(Decay.weight(WEEK)).isEqualTo(units("500000000000"));
    assertThat(Decay.weight(4 * WEEK)).isEqualTo(units("62500000000"));
  }

  @Test
  void halfADigitGoesToTheEvenOne() {
    // 10^12 / 2^13 = 122070312.5 and 10^12 / 2^14 = 61035156.25
    assertThat(Decay.weight(13 * WEEK)).isEqualTo(units("122070312"));
    assertThat(Decay.weight(14 * WEEK)).isEqualTo(units("61035156"));
  }

  @Test
  void theQuickWayGivesTheDigitsOfTheExactOne() {
    Random random = new Random(12);
    for (int i = 0; i < 2_000; i++) {
      long age = random.nextLong(5 * WEEK);
      assertThat(Decay.weight(age)).as("age %d", age).isEqualTo(Decay.exactly(age));
    }
  }

  private static BigInteger units(String text) {
    return new BigInteger(text);
  }
}
