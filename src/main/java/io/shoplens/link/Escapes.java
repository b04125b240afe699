package io.shoplens.link;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Percent escapes and base64, as found in links. */
final class Escapes {
  private Escapes() {}

  /** Percent escapes decoded once; whatever is none stays as it is. */
  static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    StringBuilder plain = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int value = escapedByte(text, i);
      if (value < 0) {
        plain.append(text.charAt(i++));
        continue;
      }
      bytes.reset();
      while (value >= 0) {
        bytes.write(value);
        i += 3;
        value = escapedByte(text, i);
      }
      plain.append(bytes.toString(StandardCharsets.UTF_8));
    }
    return plain.toString();
  }

  /** The text that base64, plain or URL-safe, padded or not, stands for; null if it is none. */
  static String fromBase64(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    // Twelve characters hold nine bytes: no URL is shorter.
    if (end < 12 || end % 4 == 1) {
      return null;
    }
    char[] standard = new char[end];
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      // A plus sign that was not escaped arrives as a space.
      char mapped = c == '-' || c == ' ' ? '+' : c == '_' ? '/' : c;
      boolean alphabet =
          mapped >= 'a' && mapped <= 'z'
              || mapped >= 'A' && mapped <= 'Z'
              || mapped >= '0' && mapped <= '9'
              || mapped == '+'
              || mapped == '/';
      if (!alphabet) {
        return null;
      }
      standard[i] = mapped;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(new String(standard));
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // Not base64 of text: that is an answer, not a fault.
      return null;
    }
  }

  private static int escapedByte(String text, int at) {
    if (at + 2 >= text.length() || text.charAt(at) != '%') {
      return -1;
    }
    int high = digit(text.charAt(at + 1));
    int low = digit(text.charAt(at + 2));
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static int digit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
