package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void theNameWithTheFewestEditsIsNearest() {
    List<String> known = List.of("gmv.basis", "gmv.include", "lake.root");
    assertThat(Nearest.to("gmv.bassi", known)).contains("gmv.basis");
    assertThat(Nearest.to("GMV_INCLUDE", known)).contains("gmv.include");
    assertThat(Nearest.to("rake.loot", known)).contains("lake.root");
    assertThat(Nearest.to("anything", List.of())).isEmpty();
  }

  @Test
  void distancesAreThoseOfTheRecursiveDefinition() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      String left = word(random);
      String right = word(random);
      assertThat(Nearest.distance(left, right)).as(left + "/" + right).isEqualTo(slow(left, right));
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  private static int slow(String left, String right) {
    int m = left.length();
    int n = right.length();
    if (m == 0 || n == 0) {
      return m + n;
    }
    String shorter = left.substring(0, m - 1);
    String narrower = right.substring(0, n - 1);
    int least = Math.min(slow(shorter, right), slow(left, narrower)) + 1;
    boolean isSame = left.charAt(m - 1) == right.charAt(n - 1);
    least = Math.min(least, slow(shorter, narrower) + (isSame ? 0 : 1));
    boolean isSwap =
        m > 1
            && n > 1
            && left.charAt(m - 1) == right.charAt(n - 2)
            && left.charAt(m - 2) == right.charAt(n - 1);
    return isSwap
        ? Math.min(least, slow(left.substring(0, m - 2), right.substring(0, n - 2)) + 1)
        : least;
  }
}
