package io.shoplens.rawlog;

import static io.shoplens.table.Columns.LINES;
import static io.shoplens.table.Columns.REVERSAL;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The fields in a file's records that nothing reads: of a feed in the contract's form those that
 * the contract does not have, of another those that no path of its configuration leads to or into.
 * In how many records each stands, and what type it first had. Beside fields of the record those of
 * the order lines and of the reversal that the contract has, as {@code lines.size}.
 *
 * <p>They are counted while the file is read, one record after the other, so that it takes no other
 * look at the rows. Past {@value #NAMES} names, and names of more than {@value #NAME_BYTES} bytes,
 * are counted together as {@code *}: keys that are data must not fill the memory.
 */
public final class UnknownFields {
  static final String RECORDS = "records";
  static final String TYPE = "type";

  private static final int NAMES = 1000;
  private static final int NAME_BYTES = 200;
  private static final String FURTHER = "*";
  private static final Set<String> OF_LINES = Set.copyOf(OrderContract.LINE_FIELDS);
  private static final Set<String> OF_REVERSALS = Set.of(LINES, "amount");

  /**
   * An unknown field.
   *
   * @param records records that have it
   * @param type what it first was: string, number, boolean, object, array or null; of Parquet the
   *     column's type
   */
  public record Facts(long records, String type) {
    /** Both together, this one being the earlier. */
    public Facts and(Facts later) {
      return new Facts(records + later.records, type.equals("null") ? later.type : type);
    }
  }

  /** A name as it stands in the file, escapes and all. */
  private static final class Name {
    private final int position;
    private final String prefix;
    private final byte[] key;
    private long records;
    private long lastRecord = -1;
    private String type = "null";

    Name(int position, String prefix, byte[] key) {
      this.position = position;
      this.prefix = prefix;
      this.key = key;
    }

    boolean is(String otherPrefix, byte[] bytes, int from, int to) {
      if (to - from != key.length || !prefix.equals(otherPrefix)) {
        return false;
      }
      for (int i = 0; i < key.length; i++) {
        if (bytes[from + i] != key[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Name> names = new ArrayList<>();
  private final Map<String, Name> byText = new HashMap<>();
  private final int lines;
  private final int reversal;
  private int expected;
  private long record;

  UnknownFields(LexicalPlan plan) {
    lines = plan.fields().indexOf(new LexicalField(LINES, "$." + LINES, LexicalField.Type.ARRAY));
    reversal =
        plan.fields()
            .indexOf(new LexicalField(REVERSAL, "$." + REVERSAL, LexicalField.Type.OBJECT));
  }

  /** Counts the unknown fields of a record that could be read. */
  void count(LexicalRow row) {
    record++;
    expected = 0;
    // The elements of a line share what is unknown in it.
    if (row.part == 0 && row.length[row.extra()] > 0) {
      new Text(row, row.extra()).object("", Set.of());
    }
    if (lines >= 0 && row.length[lines] > 0) {
      new Text(row, lines).array(LINES + ".");
    }
    if (reversal >= 0 && row.length[reversal] > 0) {
      new Text(row, reversal).object(REVERSAL + ".", OF_REVERSALS);
    }
  }

  /** All of them as one JSON object of {@link Facts}, by name; null where there are none. */
  String json() {
    SortedMap<String, Facts> facts = new TreeMap<>();
    for (Name name : names) {
      facts.merge(
          name.prefix + unescaped(name.key), new Facts(name.records, name.type), Facts::and);
    }
    if (facts.isEmpty()) {
      return null;
    }
    StringBuilder json = new StringBuilder();
    facts.forEach(
        (name, each) -> {
          json.append(json.isEmpty() ? '{' : ',');
          JsonText.append(json, name);
          json.append(":{\"").append(RECORDS).append("\":").append(each.records());
          json.append(",\"").append(TYPE).append("\":\"").append(each.type()).append("\"}");
        });
    return json.append('}').toString();
  }

  /** What {@code bronze}'s column file_unknown_fields holds, by name. */
  public static SortedMap<String, Facts> parsed(String json) {
    SortedMap<String, Facts> facts = new TreeMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        long records = 0;
        String type = "";
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean isType = parser.currentName().equals(TYPE);
          parser.nextToken();
          if (isType) {
            type = parser.getText();
          } else {
            records = parser.getLongValue();
          }
        }
        facts.put(name, new Facts(records, type));
      }
      return facts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unescaped(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    if (text.indexOf('\\') < 0) {
      return text;
    }
    try (JsonParser parser = new JsonFactory().createParser('"' + text + '"')) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void found(String prefix, byte[] bytes, int from, int to, byte value) {
    Name name = known(prefix, bytes, from, to);
    expected = name.position + 1;
    if (name.lastRecord != record) {
      name.lastRecord = record;
      name.records++;
    }
    if (name.type.equals("null")) {
      name.type = type(value);
    }
  }

  /** Records mostly have the same fields in the same order: the next name is the likeliest. */
  private Name known(String prefix, byte[] bytes, int from, int to) {
    if (expected < names.size() && names.get(expected).is(prefix, bytes, from, to)) {
      return names.get(expected);
    }
    boolean isKept = to - from <= NAME_BYTES;
    String text = isKept ? prefix + new String(bytes, from, to - from, StandardCharsets.UTF_8) : "";
    if (isKept && (byText.containsKey(text) || names.size() < NAMES)) {
      return byText.computeIfAbsent(
          text, absent -> added(prefix, java.util.Arrays.copyOfRange(bytes, from, to)));
    }
    return byText.computeIfAbsent(
        FURTHER, absent -> added("", FURTHER.getBytes(StandardCharsets.UTF_8)));
  }

  private Name added(String prefix, byte[] key) {
    Name name = new Name(names.size(), prefix, key);
    names.add(name);
    return name;
  }

  private static String type(byte first) {
    return switch (first) {
      case '"' -> "string";
      case '{' -> "object";
      case '[' -> "array";
      case 't', 'f' -> "boolean";
      case 'n' -> "null";
      default -> "number";
    };
  }

  /** JSON that has been checked, in a field of a row. */
  private final class Text {
    private final byte[] bytes;
    private final int end;
    private int p;

    Text(LexicalRow row, int slot) {
      bytes = row.base[slot];
      p = row.from[slot];
      end = p + row.length[slot];
    }

    /** The keys of the object here, but those that are known. */
    void object(String prefix, Set<String> known) {
      p++;
      while (next() && bytes[p] == '"') {
        int from = p + 1;
        string();
        int to = p - 1;
        next();
        p++;
        next();
        byte first = bytes[p];
        boolean isKnown =
            !known.isEmpty()
                && known.contains(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        if (!isKnown) {
          found(prefix, bytes, from, to, first);
        }
        if (isKnown && first == '[' && prefix.equals(REVERSAL + ".")) {
          array(prefix + LINES + ".");
        } else {
          value();
        }
      }
      p++;
    }

    /** The keys of the lines in the array here. */
    void array(String prefix) {
      p++;
      while (next() && bytes[p] != ']') {
        if (bytes[p] == '{') {
          object(prefix, OF_LINES);
        } else {
          value();
        }
      }
      p++;
    }

    /** Moves to what follows spaces and commas; false at the end. */
    private boolean next() {
      while (p < end
          && (bytes[p] == ' ' || bytes[p] == ',' || bytes[p] == '\t' || bytes[p] == '\r')) {
        p++;
      }
      return p < end;
    }

    private void string() {
      for (p++; bytes[p] != '"'; p++) {
        if (bytes[p] == '\\') {
          p++;
        }
      }
      p++;
    }

    private void value() {
      int depth = 0;
      do {
        switch (bytes[p]) {
          case '"' -> string();
          case '{', '[' -> {
            depth++;
            p++;
          }
          case '}', ']' -> {
            depth--;
            p++;
          }
          case ',', ':', ' ', '\t', '\r' -> p++;
          default -> scalar();
        }
      } while (depth > 0);
    }

    private void scalar() {
      while (p < end && ",]} \t\r".indexOf(bytes[p]) < 0) {
        p++;
      }
    }
  }
}
