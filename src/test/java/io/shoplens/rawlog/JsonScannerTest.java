package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.shoplens.config.Feed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
  private static final List<LexicalField> FIELDS =
      List.of(
          new LexicalField("a", "$.a", LexicalField.Type.ANY),
          new LexicalField("b", "$.b.c[1]", LexicalField.Type.ANY),
          new LexicalField("t", "$.t", LexicalField.Type.TEXT));

  private static final JsonFactory JACKSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final LexicalPlan PLAN =
      new LexicalPlan(List.of(), Feed.Format.JSON, FIELDS, "", "", ',', true, "UTF-8", 1 << 20, 50);

  private final LexicalRow row =
      new LexicalRow(PLAN, new String[] {"a", "b", "t", LexicalPlan.EXTRA});
  private final JsonScanner scanner =
      new JsonScanner(FieldTree.of(FIELDS, '$', "f"), row, 50, true);

  private JsonScanner.Outcome read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(bytes, bytes.length + 16);
    padded[bytes.length] = '\n';
    row.clear();
    return scanner.read(padded, 0, bytes.length);
  }

  private String field(int slot) {
    return row.length[slot] < 0
        ? null
        : new String(row.base[slot], row.from[slot], row.length[slot], StandardCharsets.UTF_8);
  }

  @Test
  void valuesComeAsTheyStand() {
    assertThat(
            read(
                "{\"x\": 1.50 ,\"a\":{\"k\" : [1, 2]},\"b\":{\"c\":[0,\"\\u00e9\\n"
                    + "\"]},\"t\":7,\"y\":\"z\"}"))
        .isEqualTo(JsonScanner.Outcome.READ);
    assertThat(field(0)).isEqualTo("{\"k\" : [1, 2]}");
    assertThat(field(1)).isEqualTo("\u00e9\n");
    assertThat(field(2)).isNull();
    assertThat(row.wrong).isEqualTo(2);
    assertThat(field(3)).isEqualTo("{\"x\":1.50,\"y\":\"z\"}");
  }

  @Test
  void unknownFieldsStandInTheOrderOfTheirNamesInWhateverTheyCame() {
    String sorted = "{\"1\":[],\"B\":{\"z\":1,\"y\":2},\"x\":0,\"xy\":1,\"\u00e9\":null}";
    for (String text :
        List.of(
            "{\"x\":0,\"B\":{\"z\":1,\"y\":2},\"t\":\"\",\"\u00e9\":null,\"xy\":1,\"1\":[]}",
            "{\"\u00e9\":null,\"xy\":1,\"x\":0,\"B\":{\"z\":1,\"y\":2},\"1\":[]}",
            sorted)) {
      assertThat(read(text)).isEqualTo(JsonScanner.Outcome.READ);
      assertThat(field(3)).isEqualTo(sorted);
    }
  }

  @Test
  void aKeyTwiceInOneObjectIsFoundAtAnyDepthHoweverItIsWritten() {
    StringBuilder many = new StringBuilder("{\"q\":{");
    for (int i = 0; i < 200; i++) {
      many.append("\"k").append(i).append("\":0,");
    }
    assertThat(read(many + "\"k7\":1}}")).isEqualTo(JsonScanner.Outcome.REPEATED_KEY);
    assertThat(read(many + "\"k200\":1}}")).isEqualTo(JsonScanner.Outcome.READ);
    assertThat(read("{\"a\":1,\"\\u0061\":1}")).isEqualTo(JsonScanner.Outcome.REPEATED_KEY);
    assertThat(read("{\"a\":[{\"a\":1},{\"a\":1}],\"b\":{\"a\":1}}"))
        .isEqualTo(JsonScanner.Outcome.READ);
    assertThat(read("{\"a\":1,\"a\":1")).isEqualTo(JsonScanner.Outcome.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void damagedTextIsJudgedAsJacksonDoes(long seed) throws IOException {
    Random random = new Random(seed);
    TreeMap<JsonScanner.Outcome, Integer> seen = new TreeMap<>();
    for (int i = 0; i < 4000; i++) {
      StringBuilder text = new StringBuilder();
      object(random, text, 0);
      for (int edits = random.nextInt(3); edits > 0; edits--) {
        int at = random.nextInt(text.length());
        String alphabet = "{}[]\",:\\u0eE+-.1tfn \t\raA\u00e9";
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, c);
          case 1 -> text.insert(at, c);
          default -> text.deleteCharAt(at);
        }
        if (text.isEmpty()) {
          text.append('{');
        }
      }
      JsonScanner.Outcome outcome = read(text.toString());
      if (outcome == JsonScanner.Outcome.BAD_ENCODING) {
        continue;
      }
      seen.merge(outcome, 1, Integer::sum);
      assertThat(outcome).as(text.toString()).isEqualTo(byJackson(text.toString()));
    }
    assertThat(seen.keySet())
        .containsExactly(
            JsonScanner.Outcome.READ,
            JsonScanner.Outcome.MALFORMED,
            JsonScanner.Outcome.REPEATED_KEY);
  }

  private static JsonScanner.Outcome byJackson(String text) throws IOException {
    boolean isObject;
    try (JsonParser parser =
        new JsonFactory().createParser(text.getBytes(StandardCharsets.UTF_8))) {
      isObject = parser.nextToken() == JsonToken.START_OBJECT;
      parser.skipChildren();
      isObject &= parser.nextToken() == null;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      isObject = false;
    }
    if (!isObject) {
      return JsonScanner.Outcome.MALFORMED;
    }
    try (JsonParser parser = JACKSON.createParser(text.getBytes(StandardCharsets.UTF_8))) {
      while (parser.nextToken() != null) {
        continue;
      }
      return JsonScanner.Outcome.READ;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return JsonScanner.Outcome.REPEATED_KEY;
    }
  }

  private static void object(Random random, StringBuilder out, int depth) {
    out.append('{');
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ",").append(random.nextInt(4) == 0 ? " " : "");
      out.append('"').append("abckxyzt".charAt(random.nextInt(8))).append(i).append('"');
      if (random.nextInt(6) == 0) {
        out.setCharAt(out.length() - 2, '0');
      }
      out.append(':');
      value(random, out, depth + 1);
    }
    out.append('}');
  }

  private static void value(Random random, StringBuilder out, int depth) {
    switch (random.nextInt(depth > 4 ? 5 : 7)) {
      case 0 -> out.append("true");
      case 1 -> out.append("null");
      case 2 -> out.append(random.nextInt()).append(random.nextBoolean() ? ".5e-3" : "");
      case 3 -> out.append("\"a\\u00e9\\n\\\"\u20ac longer than eight bytes\"");
      case 4 -> out.append("false");
      case 5 -> object(random, out, depth);
      default -> {
        out.append('[');
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
          out.append(i == 0 ? "" : " , ");
          value(random, out, depth + 1);
        }
        out.append(']');
      }
    }
  }
}
