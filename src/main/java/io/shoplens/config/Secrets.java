package io.shoplens.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Keeps secrets out of messages, logs and listings. */
public final class Secrets {
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(secret|password|passwd|passphrase|pwd|token|credential|credentials"
              + "|access[._-]?key|secret[._-]?key|private[._-]?key|encryption[._-]?key"
              + "|api[._-]?key)$");
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*@");
  private static final int SHOWN_LENGTH = 120;

  private Secrets() {}

  /** Whether a key's name says that its value is a secret. */
  public static boolean isSecret(String key) {
    return SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).find();
  }

  /**
   * A value as a message may show it, in quotes: a secret key's as {@code (hidden)}, user names and
   * passwords of URIs left out, control characters escaped, long ones cut.
   */
  public static String shown(String key, String value) {
    return isSecret(key) ? "(hidden)" : shown(value);
  }

  static String shown(String value) {
    String masked = masked(value);
    StringBuilder text = new StringBuilder("\"");
    masked
        .codePoints()
        .limit(SHOWN_LENGTH)
        .forEach(
            point -> {
              if (point == '"') {
                text.append("\\\"");
              } else if (Character.isISOControl(point)) {
                text.append(String.format("\\u%04x", point));
              } else {
                text.appendCodePoint(point);
              }
            });
    boolean isCut = masked.codePointCount(0, masked.length()) > SHOWN_LENGTH;
    return text.append(isCut ? "...\"" : "\"").toString();
  }

  /** Text without the user names and passwords of the URIs in it. */
  public static String masked(String text) {
    return USER_INFO.matcher(text).replaceAll("");
  }
}
