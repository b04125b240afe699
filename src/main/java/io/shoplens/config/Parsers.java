package io.shoplens.config;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text to values. Every parser takes stripped text and throws on what it does not allow. */
final class Parsers {
  /** What a market can have of its own, and the least it can be. */
  private static final Map<String, String> MARKET_WINDOWS =
      Map.of("lookback", "1s", "click-window", "0s", "view-window", "0s");

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(s|m|h|d)");
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86_400L);
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,18}(\\.\\d{1,18})?");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,10})( ?)(B|KiB|MiB)");
  private static final Map<String, Integer> FACTORS =
      Map.of("B", 1, "KiB", 1 << 10, "MiB", 1 << 20);
  private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();

  private Parsers() {}

  static Function<String, Duration> duration(String least, String most) {
    Duration low = duration(least);
    Duration high = duration(most);
    return text -> {
      Duration value = duration(text);
      require(value.compareTo(low) >= 0 && value.compareTo(high) <= 0, text);
      return value;
    };
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    require(matcher.matches(), text);
    return Duration.ofSeconds(
        Math.multiplyExact(Long.parseLong(matcher.group(1)), SECONDS.get(matcher.group(2))));
  }

  static Function<String, Integer> bytes(int least, int most) {
    return text -> {
      Matcher matcher = BYTES.matcher(text);
      require(matcher.matches(), text);
      long value =
          Math.multiplyExact(Long.parseLong(matcher.group(1)), FACTORS.get(matcher.group(3)));
      require(value >= least && value <= most, text);
      return Math.toIntExact(value);
    };
  }

  static Function<String, Long> whole(long least, long most) {
    return text -> {
      long value = Long.parseLong(text);
      require(value >= least && value <= most, text);
      return value;
    };
  }

  /** A share or probability: 0 to 1. */
  static BigDecimal share(String text) {
    BigDecimal value = decimal(text);
    require(value.compareTo(BigDecimal.ONE) <= 0, text);
    return value;
  }

  /** A plain decimal, 0 or more; no exponents, at most 18 digits before and after the point. */
  static BigDecimal decimal(String text) {
    require(DECIMAL.matcher(text).matches(), text);
    return new BigDecimal(text);
  }

  static Function<String, LocalDate> date(String least) {
    LocalDate first = LocalDate.parse(least);
    return text -> {
      LocalDate value = LocalDate.parse(text);
      require(!value.isBefore(first) && value.getYear() <= 9999, text);
      return value;
    };
  }

  /** A value, or a word that stands for none. */
  static <T> Function<String, Optional<T>> optional(String none, Function<String, T> parser) {
    return text -> text.equals(none) ? Optional.empty() : Optional.of(parser.apply(text));
  }

  /** An ISO 4217 code with a minor unit. */
  static String currency(String text) {
    require(text.matches("[A-Z]{3}"), text);
    require(Currency.getInstance(text).getDefaultFractionDigits() >= 0, text);
    return text;
  }

  /** A zone of the IANA database, by its exact name. */
  static ZoneId zone(String text) {
    require(ZONES.contains(text), text);
    return ZoneId.of(text);
  }

  static String market(String text) {
    require(text.matches("[A-Z]{2}"), text);
    return text;
  }

  static String region(String text) {
    require(text.matches("[A-Z]{2}-[A-Z0-9]{1,3}"), text);
    return text;
  }

  static boolean truth(String text) {
    require(text.equals("true") || text.equals("false"), text);
    return text.equals("true");
  }

  static char delimiter(String text) {
    if (text.equals("\\t") || text.equals("tab")) {
      return '\t';
    }
    require(text.length() == 1 && text.charAt(0) < 128, text);
    require("\"\r\n".indexOf(text.charAt(0)) < 0, text);
    return text.charAt(0);
  }

  /** The name of UTF-8, or of a character set with a byte a character that begins with ASCII. */
  static String encoding(String text) {
    require(text.matches("[A-Za-z0-9_.:-]+") && Charset.isSupported(text), text);
    Charset charset = Charset.forName(text);
    if (!charset.equals(StandardCharsets.UTF_8)) {
      require(charset.canEncode() && charset.newEncoder().maxBytesPerChar() == 1, text);
      byte[] ascii = new byte[128];
      for (int i = 0; i < ascii.length; i++) {
        ascii[i] = (byte) i;
      }
      String decoded = new String(ascii, charset);
      require(decoded.equals(new String(ascii, StandardCharsets.US_ASCII)), text);
    }
    return charset.name();
  }

  static <E extends Enum<E>> Function<String, E> choice(Class<E> values) {
    return text -> {
      require(text.equals(text.toLowerCase(Locale.ROOT)), text);
      return Enum.valueOf(values, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    };
  }

  /** Values separated by commas, each at most once; {@code none} for no value. */
  static <E extends Enum<E>> Function<String, Set<E>> choices(Class<E> values) {
    Function<String, E> one = choice(values);
    return text -> {
      Set<E> chosen = EnumSet.noneOf(values);
      if (!text.equals("none")) {
        for (String part : text.split(",", -1)) {
          require(chosen.add(one.apply(part.strip())), text);
        }
      }
      return chosen;
    };
  }

  /**
   * Values separated by commas, each at most once, or {@code all}; {@code needed} must be there.
   */
  static <E extends Enum<E>> Function<String, Set<E>> allOr(Class<E> values, E needed) {
    Function<String, Set<E>> some = choices(values);
    return text -> {
      Set<E> chosen = text.equals("all") ? EnumSet.allOf(values) : some.apply(text);
      require(chosen.contains(needed), text);
      return chosen;
    };
  }

  /** Names separated by commas; {@code none} for no name. */
  static List<String> names(String text) {
    if (text.equals("none")) {
      return List.of();
    }
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    require(names.stream().noneMatch(String::isEmpty), text);
    return names;
  }

  /** Durations by market and the last word of the setting that they stand in for. */
  static Map<String, Map<String, Duration>> marketWindows(String text) {
    Map<String, Map<String, Duration>> windows = new TreeMap<>();
    for (String window : names(text)) {
      String[] words = window.split(" +");
      require(words.length == 3 && MARKET_WINDOWS.containsKey(words[1]), text);
      Duration length = duration(MARKET_WINDOWS.get(words[1]), "30d").apply(words[2]);
      Duration earlier =
          windows.computeIfAbsent(market(words[0]), code -> new TreeMap<>()).put(words[1], length);
      require(earlier == null, text);
    }
    return windows;
  }

  /** A path or URI; {@code ~} and <code>${...}</code> are refused because nothing expands them. */
  static String path(String text) {
    require(!text.startsWith("~") && !text.contains("${"), text);
    return text;
  }

  static String any(String text) {
    return text;
  }

  private static void require(boolean isAllowed, String text) {
    if (!isAllowed) {
      throw new IllegalArgumentException(text);
    }
  }
}
