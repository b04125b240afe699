package io.shoplens.generate;

import java.util.Arrays;

/** Bytes that grow: UTF-8 text written without intermediate strings. */
final class Text {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  byte[] bytes;
  int length;

  Text(int capacity) {
    bytes = new byte[capacity];
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  Text put(char ascii) {
    room(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  Text put(byte[] raw) {
    room(raw.length);
    System.arraycopy(raw, 0, bytes, length, raw.length);
    length += raw.length;
    return this;
  }

  Text put(String text) {
    int n = text.length();
    room(n * 3);
    for (int i = 0; i < n; i++) {
      int c = text.charAt(i);
      if (Character.isHighSurrogate((char) c) && i + 1 < n) {
        c = Character.toCodePoint((char) c, text.charAt(++i));
        room(4 + (n - i) * 3);
        bytes[length++] = (byte) (0xF0 | c >> 18);
        bytes[length++] = (byte) (0x80 | c >> 12 & 0x3F);
        bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | c & 0x3F);
      } else if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xC0 | c >> 6);
        bytes[length++] = (byte) (0x80 | c & 0x3F);
      } else {
        bytes[length++] = (byte) (0xE0 | c >> 12);
        bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | c & 0x3F);
      }
    }
    return this;
  }

  /** Text inside a JSON string. */
  Text escaped(String text) {
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      char c = text.charAt(i);
      plain = c >= ' ' && c != '"' && c != '\\';
    }
    if (plain) {
      return put(text);
    }
    StringBuilder safe = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        safe.append('\\').append(c);
      } else if (c == '\t') {
        safe.append("\\t");
      } else if (c < ' ') {
        safe.append("\\u00").append((char) HEX[c >> 4]).append((char) HEX[c & 15]);
      } else {
        safe.append(c);
      }
    }
    return put(safe.toString());
  }

  Text put(long number) {
    if (number < 0) {
      put('-');
      return put(-number);
    }
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return padded(number, digits);
  }

  /** A number of at least 0 with leading zeros. */
  Text padded(long number, int digits) {
    room(digits);
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Sixteen hexadecimal digits. */
  Text hex(long number) {
    room(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[(int) (number >>> shift) & 15];
    }
    return this;
  }

  /** A field of a JSON object and the comma after it; nothing where the value is NULL. */
  Text field(String name, String value) {
    if (value == null) {
      return this;
    }
    return key(name).put('"').escaped(value).put("\",");
  }

  Text key(String name) {
    return put('"').put(name).put("\":");
  }

  /** A field that holds a letter and sixteen hexadecimal digits. */
  Text id(String name, char letter, long number) {
    return key(name).put('"').put(letter).hex(number).put("\",");
  }

  /** Ends an object begun by a brace: the last comma becomes the closing brace. */
  Text close() {
    bytes[length - 1] = '}';
    return this;
  }

  static String hexId(char letter, long number) {
    return letter + String.format("%016x", number);
  }
}
