package io.shoplens.generate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextTest {
  private static String written(Text text) {
    return new String(text.bytes, 0, text.length, UTF_8);
  }

  @Test
  void anyTextComesBackFromItsJsonString() {
    Random random = new Random(11);
    for (int i = 0; i < 2000; i++) {
      StringBuilder value = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        int range = new int[] {0x20, 0x80, 0x800, 0xD800, 0x10FFFF}[random.nextInt(5)];
        int point = random.nextInt(range);
        value.appendCodePoint(Character.getType(point) == Character.SURROGATE ? '"' : point);
      }
      Text text = new Text(1);
      text.put('{').field("k", value.toString()).close();
      byte[] line = java.util.Arrays.copyOf(text.bytes, text.length);
      assertThat(LogFiles.parse(line).get("k").asText()).isEqualTo(value.toString());
    }
  }

  @Test
  void numbersAreWrittenAsJavaWouldWriteThem() {
    Random random = new Random(12);
    for (int i = 0; i < 2000; i++) {
      long number = random.nextLong() >> random.nextInt(63);
      if (number == Long.MIN_VALUE) {
        continue;
      }
      assertThat(written(new Text(1).put(number))).isEqualTo(Long.toString(number));
      assertThat(written(new Text(1).hex(number))).isEqualTo(String.format("%016x", number));
    }
  }

  @Test
  void everyFormOfADecimalHasTheSameValue() {
    Random random = new Random(13);
    for (int i = 0; i < 2000; i++) {
      long unscaled = random.nextInt(1 << random.nextInt(31));
      int scale = random.nextInt(7);
      for (int form = -1; form < 12; form++) {
        String text = OrderEvent.decimal(unscaled, scale, form).replace("\"", "");
        assertThat(new BigDecimal(text)).isEqualByComparingTo(BigDecimal.valueOf(unscaled, scale));
      }
    }
  }

  @Test
  void everyFormOfAnInstantIsTheSameInstant() {
    Instants instants = new Instants(LocalDate.of(2026, 3, 2), 7);
    Random random = new Random(14);
    long start = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
    for (int i = 0; i < 2000; i++) {
      long at = start + random.nextLong(7 * Instants.DAY);
      for (int form : new int[] {5, 15, 25, 500}) {
        Text text = new Text(8);
        instants.put(text, at, form);
        String value = written(text).replace("\"", "").replace(' ', 'T');
        assertThat(OffsetDateTime.parse(value).toInstant().toEpochMilli()).isEqualTo(at);
      }
      Text text = new Text(8);
      instants.put(text, at, 0);
      assertThat(written(text)).isEqualTo(Long.toString(at));
    }
  }

  @Test
  void mixedNumbersDoNotCollide() {
    Set<Long> mixed = new HashSet<>();
    for (long i = 0; i < 200_000; i++) {
      mixed.add(Dice.mix(i));
    }
    assertThat(mixed).hasSize(200_000);
  }
}
