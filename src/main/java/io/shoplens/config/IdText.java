package io.shoplens.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Ids of persons within other text: as words of their own, plain or percent-encoded. An id that is
 * only part of a longer word is another word; one shorter than {@link #LEAST_LENGTH} is too likely
 * to be anything else, such as a number of a page.
 */
public final class IdText {
  /** Characters from which on an id is looked for in text. */
  public static final int LEAST_LENGTH = 6;

  private IdText() {}

  /** Whether a text holds an id. */
  public static boolean holds(String text, String id) {
    return isSought(text, id) && (find(text, id, 0) >= 0 || find(text, encoded(id), 0) >= 0);
  }

  /** Whether a record holds an id of whatever length as a word of its own. */
  public static boolean occursIn(String record, String id) {
    return find(record, id, 0) >= 0 || find(record, encoded(id), 0) >= 0;
  }

  /** Text with another word in the place of an id. */
  public static String replaced(String text, String id, String word) {
    if (!isSought(text, id)) {
      return text;
    }
    String plain = replacedAll(text, id, word);
    return encoded(id).equals(id) ? plain : replacedAll(plain, encoded(id), word);
  }

  /** JSON text with another word in the place of an id; a number that is the id becomes a text. */
  public static String replacedInJson(String json, String id, String word) {
    if (!isSought(json, id)) {
      return json;
    }
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (int at = find(json, id, 0); at >= 0; at = find(json, id, at + id.length())) {
      boolean isQuoted = isInString(json, at);
      if (isQuoted || isWhole(json, at, at + id.length())) {
        out.append(json, done, at).append(isQuoted ? word : '"' + word + '"');
        done = at + id.length();
      }
    }
    String plain = out.append(json, done, json.length()).toString();
    return encoded(id).equals(id) ? plain : replacedAll(plain, encoded(id), word);
  }

  private static boolean isSought(String text, String id) {
    return text != null && id != null && id.length() >= LEAST_LENGTH;
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  private static String replacedAll(String text, String id, String word) {
    int at = find(text, id, 0);
    if (at < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (; at >= 0; at = find(text, id, done)) {
      out.append(text, done, at).append(word);
      done = at + id.length();
    }
    return out.append(text, done, text.length()).toString();
  }

  private static int find(String text, String id, int from) {
    for (int at = text.indexOf(id, from); at >= 0; at = text.indexOf(id, at + 1)) {
      int end = at + id.length();
      boolean isFirst = at == 0 || !isWord(text.charAt(at - 1)) || isEscape(text, at);
      if (isFirst && (end == text.length() || !isWord(text.charAt(end)))) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  /** Whether what ends here stands for one character: {@code %3D}, or {@code \n} in JSON. */
  private static boolean isEscape(String text, int end) {
    return (end >= 3 && text.substring(end - 3, end).matches("%[0-9A-Fa-f]{2}"))
        || (end >= 2 && text.charAt(end - 2) == '\\' && "nrtbf".indexOf(text.charAt(end - 1)) >= 0);
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

  private static boolean isWhole(String json, int from, int to) {
    return (from == 0 || ":,[ \t\n".indexOf(json.charAt(from - 1)) >= 0)
        && (to == json.length() || ",]} \t\n".indexOf(json.charAt(to)) >= 0);
  }
}
