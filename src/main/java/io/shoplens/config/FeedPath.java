package io.shoplens.config;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a feed's files lie: a file, a folder (all files below it) or a glob, in which {@code **}
 * crosses folders. In a glob {@code {date}} stands for a date as 2026-03-02, and {@code {yyyy}},
 * {@code {MM}} and {@code {dd}} for its parts. Where folders carry the whole date, those of days
 * long past need not be listed.
 */
public final class FeedPath {
  private static final String DIGIT = "[0-9]";
  private static final Map<String, String> TOKENS =
      Map.of(
          "{date}", "(?<y>\\d{4})-(?<m>\\d{2})-(?<d>\\d{2})",
          "{yyyy}", "(?<y>\\d{4})",
          "{MM}", "(?<m>\\d{2})",
          "{dd}", "(?<d>\\d{2})");

  private final String base;
  private final Optional<PathMatcher> matcher;
  private final List<Pattern> folders;

  private FeedPath(String base, Optional<PathMatcher> matcher, List<Pattern> folders) {
    this.base = base;
    this.matcher = matcher;
    this.folders = folders;
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException where it has parts of a date, and not each of them once
   */
  public static FeedPath of(String path) {
    int wildcard = firstWildcard(path);
    if (wildcard < 0) {
      return new FeedPath(path, Optional.empty(), List.of());
    }
    int slash = path.lastIndexOf('/', wildcard);
    String names = slash < 0 ? path : path.substring(slash + 1);
    requireWholeDates(names);
    String local = path.replaceFirst("^[a-zA-Z][a-zA-Z0-9+.-]*:(//[^/]*)?", "");
    String glob =
        local
            .replace("{date}", "{yyyy}-{MM}-{dd}")
            .replace("{yyyy}", DIGIT.repeat(4))
            .replace("{MM}", DIGIT.repeat(2))
            .replace("{dd}", DIGIT.repeat(2));
    return new FeedPath(
        slash < 0 ? "." : path.substring(0, slash),
        Optional.of(FileSystems.getDefault().getPathMatcher("glob:" + glob)),
        folders(names.split("/")));
  }

  /** The part before the first wildcard, up to the last slash. */
  public String base() {
    return base;
  }

  /** Whether a file, by the path in its store, is one of the feed. */
  public boolean matches(String file) {
    return matcher.isEmpty() || matcher.get().matches(java.nio.file.Path.of(file));
  }

  /**
   * How the folders below the base are called, down to the one with which the date is known; none
   * where no folder carries a date.
   */
  public List<Pattern> folders() {
    return folders;
  }

  /** The date of a file, by its path below the base; empty where its folders carry none. */
  public Optional<LocalDate> date(String below) {
    String[] names = below.replaceFirst("^/+", "").split("/");
    if (folders.isEmpty() || names.length <= folders.size()) {
      return Optional.empty();
    }
    DateParts parts = DateParts.NONE;
    for (int i = 0; i < folders.size(); i++) {
      Optional<DateParts> next = parts.with(folders.get(i), names[i]);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      parts = next.get();
    }
    return parts.date();
  }

  /**
   * What folders have told of a date so far.
   *
   * @param year four digits, or empty
   * @param month two digits, or empty
   * @param day two digits, or empty
   */
  public record DateParts(String year, String month, String day) {
    /** Nothing so far. */
    public static final DateParts NONE = new DateParts("", "", "");

    /** With what a folder's name tells; empty where it is none of the feed's folders. */
    public Optional<DateParts> with(Pattern folder, String name) {
      Matcher found = folder.matcher(name);
      if (!found.matches()) {
        return Optional.empty();
      }
      return Optional.of(
          new DateParts(part(found, "y", year), part(found, "m", month), part(found, "d", day)));
    }

    private static String part(Matcher found, String group, String before) {
      return found.pattern().pattern().contains("(?<" + group + ">") ? found.group(group) : before;
    }

    /** Whether a date can be meant by what is known so far. */
    public boolean mayBe(LocalDate date) {
      String text = date.toString();
      return (year.isEmpty() || text.startsWith(year))
          && (month.isEmpty() || text.startsWith(month, 5))
          && (day.isEmpty() || text.startsWith(day, 8));
    }

    /** Whether a date or a later one can be meant. */
    public boolean mayReach(LocalDate date) {
      String text = date.toString();
      String known =
          year.isEmpty()
              ? ""
              : month.isEmpty() ? year : year + "-" + month + (day.isEmpty() ? "" : "-" + day);
      return known.compareTo(text.substring(0, known.length())) >= 0;
    }

    private Optional<LocalDate> date() {
      try {
        return Optional.of(LocalDate.parse(year + "-" + month + "-" + day));
      } catch (DateTimeException none) {
        return Optional.empty();
      }
    }
  }

  private static int firstWildcard(String path) {
    for (int i = 0; i < path.length(); i++) {
      if ("*?[{".indexOf(path.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static void requireWholeDates(String names) {
    String parts = names.replace("{date}", "{yyyy}-{MM}-{dd}");
    int years = occurrences(parts, "{yyyy}");
    int months = occurrences(parts, "{MM}");
    int days = occurrences(parts, "{dd}");
    if (years > 1 || years != months || years != days) {
      throw new IllegalArgumentException("not one date: " + names);
    }
  }

  private static int occurrences(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }

  private static List<Pattern> folders(String[] names) {
    List<Pattern> folders = new ArrayList<>();
    String seen = "";
    for (int i = 0; i < names.length - 1 && !names[i].contains("**"); i++) {
      folders.add(Pattern.compile(regex(names[i])));
      seen += names[i];
      boolean isDated =
          seen.contains("{date}")
              || seen.contains("{yyyy}") && seen.contains("{MM}") && seen.contains("{dd}");
      if (isDated) {
        return List.copyOf(folders);
      }
    }
    return List.of();
  }

  /** A glob of one name as a regular expression, with the parts of the date as groups. */
  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int alternatives = 0;
    for (int i = 0; i < glob.length(); i++) {
      int at = i;
      Optional<String> token =
          TOKENS.keySet().stream().filter(each -> glob.startsWith(each, at)).findFirst();
      char c = glob.charAt(i);
      if (token.isPresent()) {
        regex.append(TOKENS.get(token.get()));
        i += token.get().length() - 1;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[') {
        int end = glob.indexOf(']', i + 1);
        String set = glob.substring(i + 1, end < 0 ? glob.length() : end).replace("\\", "\\\\");
        regex.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set).append(']');
        i += set.length() + 1;
      } else if (c == '{') {
        alternatives++;
        regex.append("(?:");
      } else if (c == '}' && alternatives > 0) {
        alternatives--;
        regex.append(')');
      } else if (c == ',' && alternatives > 0) {
        regex.append('|');
      } else if (c == '\\' && i + 1 < glob.length()) {
        regex.append(Pattern.quote(String.valueOf(glob.charAt(++i))));
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }
}
