package io.shoplens.config;

import io.shoplens.error.Errors;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys below {@code feeds.<name>}, and feeds made of them. */
final class Feeds {
  private static final Pattern KEY = Pattern.compile("feeds\\.([^.]+)\\.(.+)");
  private static final Pattern SECTION =
      Pattern.compile("feeds(\\.[^.]+(\\.(fields|mapping|csv))?)?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*");
  private static final List<String> PLAIN =
      List.of(
          "kind",
          "path",
          "format",
          "grain",
          "zone",
          "csv.delimiter",
          "csv.header",
          "csv.encoding",
          "explode");
  private static final List<String> OPEN = List.of("fields.", "mapping.");

  private Feeds() {}

  static Optional<String> name(String key) {
    Matcher matcher = KEY.matcher(key);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether a key is one of a feed's. */
  static boolean isKnown(String key) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return false;
    }
    String rest = matcher.group(2);
    return PLAIN.contains(rest)
        || OPEN.stream().anyMatch(open -> rest.startsWith(open) && !rest.equals(open));
  }

  /** Whether a key stands for a group of a feed's keys. */
  static boolean isSection(String key) {
    return SECTION.matcher(key).matches();
  }

  /** The keys of one feed that have fixed names. */
  static List<String> keysOf(String feed) {
    return PLAIN.stream().map(key -> "feeds." + feed + "." + key).toList();
  }

  /** The keys that an unknown one below {@code feeds} may have been meant to be. */
  static List<String> keysLike(String key) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return List.of();
    }
    String feed = matcher.group(1);
    String rest = matcher.group(2);
    List<String> keys = new ArrayList<>(keysOf(feed));
    String below = rest.contains(".") ? rest.substring(rest.indexOf('.') + 1) : "<field>";
    OPEN.forEach(open -> keys.add("feeds." + feed + "." + open + below));
    return keys;
  }

  /** The feeds, in the order in which their names first come. */
  static List<Feed> of(Map<String, Given> given) {
    Set<String> names = new LinkedHashSet<>();
    given.keySet().forEach(key -> name(key).ifPresent(names::add));
    return names.stream().map(name -> feed(name, given)).toList();
  }

  private static Feed feed(String name, Map<String, Given> given) {
    Given any =
        given.values().stream()
            .filter(entry -> entry.key().startsWith("feeds." + name + "."))
            .findFirst()
            .orElseThrow();
    if (!NAME.matcher(name).matches()) {
      throw Errors.configuration(
          "The feed name " + Secrets.shown(name) + " is not allowed.",
          any.origin() + " gives it; allowed are a-z, 0-9, - and _, with a letter or digit first.",
          "Rename the feed.");
    }
    Reader reader = new Reader(name, given, any.origin());
    Feed.Kind kind = reader.required("kind", Parsers.choice(Feed.Kind.class), "events or orders");
    String path = reader.required("path", Parsers::path, "a path, folder, glob or URI");
    try {
      FeedPath.of(path);
    } catch (IllegalArgumentException notOneDate) {
      throw Errors.configuration(
          "feeds." + name + ".path = " + reader.given("path").shown() + " is not allowed.",
          reader.given("path").origin()
              + " gives it; a date is {date} once, or {yyyy}, {MM} and {dd} once each.",
          "Correct it.");
    }
    Feed.Format format =
        reader.or(
            "format", Feed.Format.JSON, Parsers.choice(Feed.Format.class), "json, csv or parquet");
    Feed.Grain grain =
        reader.or("grain", Feed.Grain.ORDER, Parsers.choice(Feed.Grain.class), "order or line");
    Optional<ZoneId> zone =
        reader.optional(
            "zone", Parsers::zone, "a zone of the IANA database, such as Europe/London");
    char delimiter =
        reader.or("csv.delimiter", ',', Parsers::delimiter, "one ASCII character, or tab");
    boolean header = reader.or("csv.header", true, Parsers::truth, "true or false");
    String encoding =
        reader.or(
            "csv.encoding",
            "UTF-8",
            Parsers::encoding,
            "UTF-8, or a character set of one byte a character, such as ISO-8859-1 or windows-1252");
    Optional<String> explode =
        reader.optional("explode", Parsers::any, "the path of an array field");
    Map<String, String> fields = reader.below("fields");
    Map<String, String> mapping = reader.below("mapping");
    if (kind == Feed.Kind.EVENTS && reader.has("grain")) {
      throw reader.pointless("grain", "Only order feeds have a grain.");
    }
    for (String key : List.of("csv.delimiter", "csv.header", "csv.encoding")) {
      if (format != Feed.Format.CSV && reader.has(key)) {
        throw reader.pointless(key, "The feed's format is not csv.");
      }
    }
    return new Feed(
        name,
        kind,
        Given.located(path, reader.given("path").folder()),
        format,
        grain,
        zone,
        delimiter,
        header,
        encoding,
        explode,
        fields,
        mapping);
  }

  private record Reader(String feed, Map<String, Given> all, String origin) {
    Given given(String key) {
      return all.get("feeds." + feed + "." + key);
    }

    boolean has(String key) {
      return given(key) != null;
    }

    <T> T required(String key, Function<String, T> parser, String allowed) {
      return optional(key, parser, allowed)
          .orElseThrow(
              () ->
                  Errors.configuration(
                      "feeds." + feed + "." + key + " is not set.",
                      origin + " begins the feed, and nothing gives its " + key + ".",
                      "Set it to " + allowed + "."));
    }

    <T> T or(String key, T fallback, Function<String, T> parser, String allowed) {
      return optional(key, parser, allowed).orElse(fallback);
    }

    <T> Optional<T> optional(String key, Function<String, T> parser, String allowed) {
      Given entry = given(key);
      if (entry == null) {
        return Optional.empty();
      }
      try {
        String text = key.equals("csv.delimiter") ? entry.value() : entry.text();
        return Optional.of(parser.apply(text));
      } catch (IllegalArgumentException notAllowed) {
        throw Errors.configuration(
            entry.key() + " = " + entry.shown() + " is not allowed.",
            entry.origin() + " gives it; allowed is " + allowed + ".",
            "Correct it.");
      }
    }

    Map<String, String> below(String group) {
      String prefix = "feeds." + feed + "." + group + ".";
      Map<String, String> result = new LinkedHashMap<>();
      all.forEach(
          (key, entry) -> {
            if (key.startsWith(prefix)) {
              result.put(key.substring(prefix.length()), entry.text());
            }
          });
      return Collections.unmodifiableMap(result);
    }

    RuntimeException pointless(String key, String why) {
      return Errors.configuration(
          given(key).key() + " = " + given(key).shown() + " has no effect.",
          given(key).origin() + " gives it. " + why,
          "Leave it out.");
    }
  }
}
