package io.shoplens.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Ids of persons within other text: as words of their own, plain or escaped as links and JSON do,
 * also a few times over. An id that is only part of a longer word is another word; one shorter than
 * {@link #LEAST_LENGTH} is too likely to be anything else, such as a number of a page.
 */
public final class IdText {
  /** Characters from which on an id is looked for in text. */
  public static final int LEAST_LENGTH = 6;

  /** What ends a value in links, JSON and prose. */
  private static final String ENDS = " \t\r\n\"'<>()[]{}\\?&#,;";

  /** A link in a link's parameter is escaped twice, and JSON that holds it escapes once more. */
  private static final int ESCAPED_TIMES = 3;

  /** What stands for one character: bytes of its UTF-8 as in links, or an escape of JSON. */
  private static final Pattern ESCAPE =
      Pattern.compile(
          "%[CDcd]\\p{XDigit}%[89ABab]\\p{XDigit}|%[Ee]\\p{XDigit}(?:%[89ABab]\\p{XDigit}){2}"
              + "|%[Ff][0-7](?:%[89ABab]\\p{XDigit}){3}|%\\p{XDigit}{2}"
              + "|\\\\u\\p{XDigit}{4}|\\\\[\"\\\\/bfnrt]");

  /**
   * A text, or what it reads without its escapes.
   *
   * @param from where each character stands in the text as it came, and behind them its end
   */
  private record Reading(String text, int[] from) {}

  private IdText() {}

  /** Whether a record holds an id of whatever length as a word of its own. */
  public static boolean occursIn(String record, String id) {
    return !places(record, id).isEmpty();
  }

  /** Text with another word in the place of an id. */
  public static String replaced(String text, String id, String word) {
    return isSought(text, id) ? replaced(text, places(text, id), from -> word) : text;
  }

  /** JSON text with another word in the place of an id; a number that is the id becomes a text. */
  public static String replacedInJson(String json, String id, String word) {
    if (!isSought(json, id)) {
      return json;
    }
    Map<Integer, Integer> places = places(json, id);
    places.entrySet().removeIf(at -> !isInString(json, at.getKey()) && !isWhole(json, at));
    return replaced(json, places, from -> isInString(json, from) ? word : '"' + word + '"');
  }

  /** What may be an id of one of the lengths in a text: words of their own, each in one value. */
  static Set<String> words(String text, Set<Integer> lengths) {
    Set<String> words = new HashSet<>();
    for (Reading reading : readings(text)) {
      String read = reading.text();
      int valueEnd = 0;
      for (int from = 0; from < read.length(); from++) {
        if (from >= valueEnd) {
          valueEnd = valueEnd(read, from);
        }
        if (begins(read, from)) {
          for (int length : lengths) {
            int to = from + length;
            if (to <= valueEnd && ends(read, to)) {
              words.add(read.substring(from, to));
            }
          }
        }
      }
    }
    return words;
  }

  /** Whether an id has no character that ends a value, so that {@link #words} can find it. */
  static boolean isOneValue(String id) {
    return valueEnd(id, 0) == id.length();
  }

  private static int valueEnd(String text, int from) {
    int end = from;
    while (end < text.length() && ENDS.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static boolean isSought(String text, String id) {
    return text != null && id != null && id.length() >= LEAST_LENGTH;
  }

  /** Where an id stands in a text: from and to, none within another. */
  private static Map<Integer, Integer> places(String text, String id) {
    TreeMap<Integer, Integer> places = new TreeMap<>();
    if (id.isEmpty() || (!text.contains(id) && !isEscaped(text))) {
      return places;
    }
    for (Reading reading : readings(text)) {
      for (int at = find(reading, id, 0); at >= 0; at = find(reading, id, at + 1)) {
        int from = reading.from()[at];
        int to = reading.from()[at + id.length()];
        Map.Entry<Integer, Integer> before = places.lowerEntry(to);
        if (before == null || before.getValue() <= from) {
          places.put(from, to);
        }
      }
    }
    return places;
  }

  private static int find(Reading reading, String id, int from) {
    String text = reading.text();
    int at = text.indexOf(id, from);
    while (at >= 0 && !(begins(text, at) && ends(text, at + id.length()))) {
      at = text.indexOf(id, at + 1);
    }
    return at;
  }

  private static boolean begins(String text, int from) {
    return from == 0 || !isInWord(text.charAt(from - 1));
  }

  private static boolean ends(String text, int to) {
    return to == text.length() || !isInWord(text.charAt(to));
  }

  private static boolean isInWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  private static String replaced(
      String text, Map<Integer, Integer> places, IntFunction<String> word) {
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (Map.Entry<Integer, Integer> place : places.entrySet()) {
      out.append(text, done, place.getKey()).append(word.apply(place.getKey()));
      done = place.getValue();
    }
    return out.append(text, done, text.length()).toString();
  }

  private static boolean isEscaped(String text) {
    return text.indexOf('%') >= 0 || text.indexOf('\\') >= 0;
  }

  /** A text as it came, and what it reads as often as it is escaped. */
  private static List<Reading> readings(String text) {
    List<Reading> readings = new ArrayList<>();
    Reading latest = new Reading(text, IntStream.rangeClosed(0, text.length()).toArray());
    readings.add(latest);
    for (int time = 1; time <= ESCAPED_TIMES && isEscaped(latest.text()); time++) {
      Reading next = unescaped(latest);
      if (next.text().length() == latest.text().length()) {
        break;
      }
      readings.add(next);
      latest = next;
    }
    return readings;
  }

  private static Reading unescaped(Reading escaped) {
    String text = escaped.text();
    StringBuilder out = new StringBuilder();
    int[] from = new int[text.length() + 1];
    Matcher escape = ESCAPE.matcher(text);
    int done = 0;
    while (done < text.length()) {
      boolean isFound = escape.find();
      for (int end = isFound ? escape.start() : text.length(); done < end; done++) {
        from[out.length()] = escaped.from()[done];
        out.append(text.charAt(done));
      }
      if (isFound) {
        for (char character : character(escape.group()).toCharArray()) {
          from[out.length()] = escaped.from()[done];
          out.append(character);
        }
        done = escape.end();
      }
    }
    from[out.length()] = escaped.from()[text.length()];
    return new Reading(out.toString(), from);
  }

  private static String character(String escape) {
    if (escape.charAt(0) == '%') {
      return new String(HexFormat.of().parseHex(escape.replace("%", "")), StandardCharsets.UTF_8);
    }
    char kind = escape.charAt(1);
    if (kind == 'u') {
      return String.valueOf((char) HexFormat.fromHexDigits(escape, 2, escape.length()));
    }
    // Line ends and the like end words, whichever they are.
    return String.valueOf("bfnrt".indexOf(kind) < 0 ? kind : '\n');
  }

  private static boolean isInString(String json, int at) {
    boolean isInside = false;
    for (int i = 0; i < at; i++) {
      if (json.charAt(i) == '\\') {
        i++;
      } else if (json.charAt(i) == '"') {
        isInside = !isInside;
      }
    }
    return isInside;
  }

  private static boolean isWhole(String json, Map.Entry<Integer, Integer> place) {
    int from = place.getKey();
    int to = place.getValue();
    return (from == 0 || ":,[ \t\n".indexOf(json.charAt(from - 1)) >= 0)
        && (to == json.length() || ",]} \t\n".indexOf(json.charAt(to)) >= 0);
  }
}
