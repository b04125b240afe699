package io.shoplens.link;

/** What may stand as a host, by the URL standard where the parser is more lenient. */
final class Hosts {
  /** ASCII that no domain may hold; control characters, blanks and DEL apart. */
  private static final String FORBIDDEN = "#/:<>?@[\\]^|%";

  private Hosts() {}

  /**
   * The host in one spelling: without the dot at its end, IPv4 addresses as four decimal numbers;
   * null if it can't be one.
   */
  static String canonical(String host) {
    int end = host.length();
    if (end > 0 && host.charAt(end - 1) == '.') {
      end--;
    }
    String name = host.substring(0, end);
    if (name.isEmpty() || name.indexOf(':') >= 0) {
      return name.isEmpty() ? null : name;
    }
    for (int i = 0; i < end; i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7F || FORBIDDEN.indexOf(c) >= 0) {
        return null;
      }
    }
    return isNumber(name.substring(name.lastIndexOf('.') + 1)) ? address(name) : name;
  }

  /** Whether a canonical host is an IP address. */
  static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || isNumber(host.substring(host.lastIndexOf('.') + 1));
  }

  /** Decimal digits, or {@code 0x} and hexadecimal ones: then the host is an address or nothing. */
  private static boolean isNumber(String label) {
    boolean hex = label.regionMatches(true, 0, "0x", 0, 2);
    for (int i = hex ? 2 : 0; i < label.length(); i++) {
      if (digit(label.charAt(i), hex ? 16 : 10) < 0) {
        return false;
      }
    }
    return !label.isEmpty();
  }

  private static String address(String name) {
    String[] parts = name.split("\\.", -1);
    if (parts.length > 4) {
      return null;
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      long value = value(parts[i]);
      boolean last = i == parts.length - 1;
      long limit = last ? 1L << 8 * (4 - i) : 1L << 8;
      if (value < 0 || value >= limit) {
        return null;
      }
      address = last ? address + value : address + (value << 8 * (3 - i));
    }
    return (address >> 24)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }

  /** Decimal, octal behind {@code 0}, hexadecimal behind {@code 0x}; -1 if none or too large. */
  private static long value(String part) {
    boolean hex = part.regionMatches(true, 0, "0x", 0, 2);
    boolean octal = !hex && part.length() > 1 && part.charAt(0) == '0';
    int radix = hex ? 16 : octal ? 8 : 10;
    long value = part.isEmpty() ? -1 : 0;
    for (int i = hex ? 2 : 0; i < part.length() && value >= 0; i++) {
      int digit = digit(part.charAt(i), radix);
      value = digit < 0 || value > 1L << 40 ? -1 : value * radix + digit;
    }
    return value;
  }

  private static int digit(char c, int radix) {
    return c < 128 ? Character.digit(c, radix) : -1;
  }
}
