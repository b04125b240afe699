package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IdWordsTest {
  private static final int IDS = 60;
  private static final int TEXTS = 500;

  @Test
  void manyAreFoundWhereEachOfThemIs() {
    Random random = new Random(7);
    List<String> ids = new ArrayList<>(List.of("user & son", "?u=1,2", "a"));
    for (int i = 0; i < IDS; i++) {
      ids.add("user-" + Integer.toString(random.nextInt(1 << 20), 36));
    }
    IdWords many = IdWords.of(ids);
    int found = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random, ids);
      TreeSet<String> expected = new TreeSet<>(ids);
      expected.removeIf(id -> !IdText.occursIn(text, id));

      assertThat(many.in(text)).as(text).isEqualTo(expected);
      found += expected.size();
    }
    assertThat(found).isGreaterThan(TEXTS);
  }

  private static String text(Random random, List<String> ids) {
    List<String> between = List.of(" ", "-", "/", "%2F", "\\u003d", "&v=", "x", "%253D");
    StringBuilder text = new StringBuilder("{\"a\":\"");
    for (int i = 0; i < 4; i++) {
      text.append(ids.get(random.nextInt(ids.size())));
      text.append(between.get(random.nextInt(between.size())));
    }
    return text.append("\"}").toString();
  }

  @Test
  void theyAreReplacedInTextAndInJson() {
    IdWords words = IdWords.of(List.of("user-17", "1234567"));

    assertThat(words.replacedIn("by user-17, user-171")).isEqualTo("by erased, user-171");
    assertThat(words.replacedInJson("{\"a\":1234567}")).isEqualTo("{\"a\":\"erased\"}");
    assertThat(words.replacedIn(null)).isNull();
  }
}
