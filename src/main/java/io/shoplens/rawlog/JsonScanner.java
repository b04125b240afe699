package io.shoplens.rawlog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads one JSON object in place, strictly by RFC 8259: checks all of it, repeated keys in every
 * object included, and keeps slices of the values that a {@link FieldTree} asks for. Relies on a
 * {@code \n} behind the record, which is never part of one, in place of bounds checks; expects
 * UTF-8 that has been checked.
 */
final class JsonScanner {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = 0x2222222222222222L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;
  private static final long SPACES = 0x2020202020202020L;

  /** Keys of one object up to which they are compared one by one. */
  private static final int FEW_KEYS = 48;

  /** Thrown where a record is not JSON; one instance, without a stack, as it says all there is. */
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super(null, null, false, false);
    }
  }

  private static final Malformed MALFORMED = new Malformed();

  private enum Kind {
    STRING,
    NUMBER,
    BOOLEAN,
    NULL,
    OBJECT,
    ARRAY
  }

  /** What became of a record. */
  enum Outcome {
    READ,
    MALFORMED,
    BAD_ENCODING,
    REPEATED_KEY
  }

  private final FieldTree root;
  private final LexicalRow row;
  private final int nestingLimit;
  private final boolean fillsExtra;

  private byte[] bytes;
  private int p;
  private boolean hasEscape;
  private boolean hasLoneSurrogate;
  private byte[] repeatedKey;
  private long objects;

  /** Keys of the objects that are open, innermost last: start, length and hash of each. */
  private int[] keys = new int[3 * 64];

  private int keyCount;

  private byte[] scratch = new byte[1 << 12];
  private int scratchUsed;

  /** The unknown fields as JSON without its last bracket, and where each ends in it. */
  private byte[] extra = new byte[1 << 12];

  private int extraUsed;
  private int[] extraEnds = new int[64];
  private int unknown;
  private boolean isSorted;

  /** The exploded array: position of its bracket, or -1 where there is none. */
  private int explodedAt;

  /** Behind it. */
  private int explodedTo;

  private Kind explodedKind;

  JsonScanner(FieldTree root, LexicalRow row, int nestingLimit, boolean fillsExtra) {
    this.root = root;
    this.row = row;
    this.nestingLimit = nestingLimit;
    this.fillsExtra = fillsExtra;
  }

  /** Reads the object that takes up these bytes; the byte at {@code to} must be a line end. */
  Outcome read(byte[] source, int from, int to) {
    bytes = source;
    p = from;
    hasLoneSurrogate = false;
    repeatedKey = null;
    keyCount = 0;
    scratchUsed = 0;
    extraUsed = 0;
    unknown = 0;
    isSorted = true;
    explodedAt = -1;
    explodedKind = null;
    try {
      space();
      if (bytes[p] != '{') {
        return Outcome.MALFORMED;
      }
      object(root, 1);
      space();
      if (p != to) {
        return Outcome.MALFORMED;
      }
    } catch (Malformed e) {
      return Outcome.MALFORMED;
    }
    if (hasLoneSurrogate) {
      return Outcome.BAD_ENCODING;
    }
    if (repeatedKey != null) {
      return Outcome.REPEATED_KEY;
    }
    if (extraUsed > 0) {
      sortExtra();
      extraByte('}');
      row.base[row.extra()] = extra;
      row.from[row.extra()] = 0;
      row.length[row.extra()] = extraUsed;
    }
    return Outcome.READ;
  }

  /** The key that was repeated. */
  byte[] repeatedKey() {
    return repeatedKey;
  }

  /** Whether the record has an array to explode. */
  boolean hasExploded() {
    return explodedKind == Kind.ARRAY;
  }

  /** Whether what should be exploded is there, but is no array. */
  boolean explodesWrongType() {
    return explodedKind != null && explodedKind != Kind.ARRAY && explodedKind != Kind.NULL;
  }

  /** Whether what should be exploded is text, which may hold JSON. */
  boolean explodesText() {
    return explodedKind == Kind.STRING;
  }

  /** Reads the text to be exploded as JSON: an array of records, or one record. */
  Outcome readExplodedText() {
    unescape(explodedAt + 1, explodedTo - 1);
    int size = scratchUsed - unescapedFrom;
    byte[] text = new byte[size + 2 + RecordBuffer.SLACK];
    Arrays.fill(text, (byte) ' ');
    System.arraycopy(scratch, unescapedFrom, text, 1, size);
    for (int i = 1; i <= size; i++) {
      // A line end here is space between tokens; behind the text it ends it.
      text[i] = text[i] == '\n' ? (byte) ' ' : text[i];
    }
    int to = size + 1;
    int from = 1;
    while (from < to && (text[from] == ' ' || text[from] == '\t' || text[from] == '\r')) {
      from++;
    }
    if (text[from] == '{') {
      from--;
      text[from] = '[';
      text[to++] = ']';
    }
    text[to] = '\n';
    bytes = text;
    p = from;
    keyCount = 0;
    explodedAt = from;
    try {
      if (bytes[p] != '[') {
        return Outcome.MALFORMED;
      }
      array(null, 1);
      space();
      if (p != to) {
        return Outcome.MALFORMED;
      }
    } catch (Malformed e) {
      return Outcome.MALFORMED;
    }
    explodedKind = Kind.ARRAY;
    return hasLoneSurrogate
        ? Outcome.BAD_ENCODING
        : repeatedKey != null ? Outcome.REPEATED_KEY : Outcome.READ;
  }

  /** Moves before the first element of the exploded array. */
  void toElements() {
    p = explodedAt + 1;
  }

  /** Reads the next element of the exploded array; false where there is none. */
  boolean readElement(FieldTree tree) {
    space();
    if (bytes[p] == ',') {
      p++;
      space();
    }
    if (bytes[p] == ']') {
      return false;
    }
    value(tree, 1);
    return true;
  }

  private void space() {
    while (bytes[p] == ' ' || bytes[p] == '\t' || bytes[p] == '\r') {
      p++;
    }
  }

  private void value(FieldTree node, int depth) {
    int from = p;
    Kind kind;
    boolean escaped = false;
    switch (bytes[p]) {
      case '"' -> {
        string();
        escaped = hasEscape;
        kind = Kind.STRING;
      }
      case '{' -> {
        object(node, depth + 1);
        kind = Kind.OBJECT;
      }
      case '[' -> {
        array(node, depth + 1);
        kind = Kind.ARRAY;
      }
      case 't' -> {
        literal("true");
        kind = Kind.BOOLEAN;
      }
      case 'f' -> {
        literal("false");
        kind = Kind.BOOLEAN;
      }
      case 'n' -> {
        literal("null");
        kind = Kind.NULL;
      }
      default -> {
        number();
        kind = Kind.NUMBER;
      }
    }
    if (node != null) {
      if (node.slot >= 0) {
        keep(node, from, kind, escaped);
      }
      if (node.isExploded) {
        explodedAt = from;
        explodedTo = p;
        explodedKind = kind;
      }
    }
  }

  private void keep(FieldTree node, int from, Kind kind, boolean escaped) {
    if (kind == Kind.NULL) {
      return;
    }
    boolean fits =
        switch (node.type) {
          case ANY -> true;
          case TEXT -> kind == Kind.STRING;
          case INSTANT, DECIMAL -> kind == Kind.STRING || kind == Kind.NUMBER;
          case ARRAY -> kind == Kind.ARRAY;
          case OBJECT -> kind == Kind.OBJECT;
        };
    int slot = node.slot;
    if (!fits) {
      if (row.wrong < 0 || slot < row.wrong) {
        row.wrong = slot;
      }
      return;
    }
    if (kind == Kind.STRING) {
      if (escaped) {
        unescape(from + 1, p - 1);
        row.base[slot] = scratch;
        row.from[slot] = unescapedFrom;
        row.length[slot] = scratchUsed - unescapedFrom;
        return;
      }
      row.base[slot] = bytes;
      row.from[slot] = from + 1;
      row.length[slot] = p - from - 2;
      return;
    }
    if (kind == Kind.NUMBER && node.type == LexicalField.Type.INSTANT && !isDigits(from, p)) {
      // A number that is no plain integer must stay apart from a string that looks like one.
      reserve(p - from + 1);
      row.base[slot] = scratch;
      row.from[slot] = scratchUsed;
      row.length[slot] = p - from + 1;
      scratch[scratchUsed++] = Instants.NUMBER_MARK;
      System.arraycopy(bytes, from, scratch, scratchUsed, p - from);
      scratchUsed += p - from;
      return;
    }
    row.base[slot] = bytes;
    row.from[slot] = from;
    row.length[slot] = p - from;
  }

  private boolean isDigits(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private void object(FieldTree node, int depth) {
    if (depth > nestingLimit) {
      throw MALFORMED;
    }
    boolean keeps = fillsExtra && depth == 1;
    long number = ++objects;
    int firstKey = keyCount;
    Set<String> many = null;
    p++;
    space();
    if (bytes[p] == '}') {
      p++;
      return;
    }
    while (true) {
      if (bytes[p] != '"') {
        throw MALFORMED;
      }
      int keyFrom = p;
      string();
      int keyTo = p;
      FieldTree child = null;
      boolean isRepeated = false;
      if (hasEscape || many != null || keyCount - firstKey > FEW_KEYS) {
        if (many == null) {
          many = keysSince(firstKey);
        }
        byte[] name = keyBytes(keyFrom + 1, keyTo - 1);
        isRepeated = !many.add(new String(name, StandardCharsets.UTF_8));
        child = node == null ? null : node.find(name, 0, name.length, hashOf(name));
      } else {
        int hash = FieldTree.hash(bytes, keyFrom + 1, keyTo - 1);
        if (node != null) {
          child = node.find(bytes, keyFrom + 1, keyTo - 1, hash);
        }
        if (child != null) {
          isRepeated = child.seenIn == number;
        } else {
          isRepeated = isAmong(firstKey, keyFrom + 1, keyTo - keyFrom - 2, hash);
        }
        remember(keyFrom + 1, keyTo - keyFrom - 2, hash);
      }
      if (child != null) {
        child.seenIn = number;
      }
      if (isRepeated && repeatedKey == null) {
        repeatedKey = keyBytes(keyFrom + 1, keyTo - 1);
      }
      space();
      if (bytes[p] != ':') {
        throw MALFORMED;
      }
      p++;
      space();
      int valueFrom = p;
      value(child, depth);
      if (keeps && child == null) {
        keepUnknown(keyFrom, keyTo, valueFrom);
      }
      space();
      byte c = bytes[p];
      if (c == ',') {
        p++;
        space();
      } else if (c == '}') {
        p++;
        keyCount = firstKey;
        return;
      } else {
        throw MALFORMED;
      }
    }
  }

  private void array(FieldTree node, int depth) {
    if (depth > nestingLimit) {
      throw MALFORMED;
    }
    p++;
    space();
    if (bytes[p] == ']') {
      p++;
      return;
    }
    for (int i = 0; ; i++) {
      value(node == null ? null : node.elementAt(i), depth);
      space();
      byte c = bytes[p];
      if (c == ',') {
        p++;
        space();
      } else if (c == ']') {
        p++;
        return;
      } else {
        throw MALFORMED;
      }
    }
  }

  private void literal(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (bytes[p] != word.charAt(i)) {
        throw MALFORMED;
      }
      p++;
    }
  }

  private void number() {
    if (bytes[p] == '-') {
      p++;
    }
    if (bytes[p] == '0') {
      p++;
    } else {
      digits();
    }
    if (bytes[p] == '.') {
      p++;
      digits();
    }
    if (bytes[p] == 'e' || bytes[p] == 'E') {
      p++;
      if (bytes[p] == '+' || bytes[p] == '-') {
        p++;
      }
      digits();
    }
  }

  private void digits() {
    int from = p;
    while (bytes[p] >= '0' && bytes[p] <= '9') {
      p++;
    }
    if (p == from) {
      throw MALFORMED;
    }
  }

  /** Moves from the opening quote to behind the closing one. */
  private void string() {
    hasEscape = false;
    int q = p + 1;
    while (true) {
      long x = (long) RecordBuffer.LONGS.get(bytes, q);
      long quote = x ^ QUOTES;
      long backslash = x ^ BACKSLASHES;
      long hit =
          (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((x - SPACES) & ~x))
              & HIGHS;
      if (hit == 0) {
        q += 8;
        continue;
      }
      q += Long.numberOfTrailingZeros(hit) >>> 3;
      byte c = bytes[q];
      if (c == '"') {
        p = q + 1;
        return;
      }
      if (c != '\\') {
        throw MALFORMED;
      }
      hasEscape = true;
      q = escape(q + 1);
    }
  }

  /** Checks the escape whose letter is here; gives the position behind it. */
  private int escape(int at) {
    switch (bytes[at]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return at + 1;
      }
      case 'u' -> {
        int unit = hex(at + 1);
        int end = at + 5;
        if (Character.isHighSurrogate((char) unit)) {
          if (bytes[end] == '\\' && bytes[end + 1] == 'u') {
            int low = hex(end + 2);
            if (Character.isLowSurrogate((char) low)) {
              return end + 6;
            }
          }
          hasLoneSurrogate = true;
        } else if (Character.isLowSurrogate((char) unit)) {
          hasLoneSurrogate = true;
        }
        return end;
      }
      default -> throw MALFORMED;
    }
  }

  private int hex(int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit((char) (bytes[i] & 0xFF), 16);
      if (digit < 0) {
        throw MALFORMED;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private int unescapedFrom;

  /** Writes a string without its escapes to the scratch space. */
  private void unescape(int from, int to) {
    // Never longer than its escaped form.
    reserve(to - from);
    unescapedFrom = scratchUsed;
    int q = from;
    while (q < to) {
      byte c = bytes[q++];
      if (c != '\\') {
        scratch[scratchUsed++] = c;
        continue;
      }
      c = bytes[q++];
      switch (c) {
        case 'b' -> scratch[scratchUsed++] = '\b';
        case 'f' -> scratch[scratchUsed++] = '\f';
        case 'n' -> scratch[scratchUsed++] = '\n';
        case 'r' -> scratch[scratchUsed++] = '\r';
        case 't' -> scratch[scratchUsed++] = '\t';
        case 'u' -> {
          int point = hex(q);
          q += 4;
          if (Character.isHighSurrogate((char) point) && bytes[q] == '\\' && bytes[q + 1] == 'u') {
            int low = hex(q + 2);
            if (Character.isLowSurrogate((char) low)) {
              point = Character.toCodePoint((char) point, (char) low);
              q += 6;
            }
          }
          utf8(point);
        }
        default -> scratch[scratchUsed++] = c;
      }
    }
  }

  private void utf8(int point) {
    if (point < 0x80) {
      scratch[scratchUsed++] = (byte) point;
    } else if (point < 0x800) {
      scratch[scratchUsed++] = (byte) (0xC0 | point >> 6);
      scratch[scratchUsed++] = (byte) (0x80 | point & 0x3F);
    } else if (point < 0x10000) {
      scratch[scratchUsed++] = (byte) (0xE0 | point >> 12);
      scratch[scratchUsed++] = (byte) (0x80 | point >> 6 & 0x3F);
      scratch[scratchUsed++] = (byte) (0x80 | point & 0x3F);
    } else {
      scratch[scratchUsed++] = (byte) (0xF0 | point >> 18);
      scratch[scratchUsed++] = (byte) (0x80 | point >> 12 & 0x3F);
      scratch[scratchUsed++] = (byte) (0x80 | point >> 6 & 0x3F);
      scratch[scratchUsed++] = (byte) (0x80 | point & 0x3F);
    }
  }

  /** Makes room; fields read before keep the old array, which is not written to again. */
  private void reserve(int count) {
    if (scratch.length - scratchUsed < count) {
      scratch = new byte[Math.max(scratch.length * 2, count)];
      scratchUsed = 0;
    }
  }

  private void keepUnknown(int keyFrom, int keyTo, int valueFrom) {
    extraByte(extraUsed == 0 ? '{' : ',');
    extraBytes(keyFrom, keyTo);
    extraByte(':');
    extraBytes(valueFrom, p);
    if (unknown == extraEnds.length) {
      extraEnds = Arrays.copyOf(extraEnds, unknown * 2);
    }
    extraEnds[unknown++] = extraUsed;
    isSorted = isSorted && (unknown == 1 || byName(unknown - 2, unknown - 1) < 0);
  }

  /**
   * Puts the unknown fields in the order of their names: whoever sends a record again may write
   * them in another one, and it is the same record.
   */
  private void sortExtra() {
    if (isSorted) {
      return;
    }
    Integer[] order = new Integer[unknown];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, this::byName);
    byte[] sorted = new byte[extraUsed + 1];
    int used = 0;
    for (int i : order) {
      int from = extraFrom(i);
      sorted[used++] = (byte) (used == 1 ? '{' : ',');
      System.arraycopy(extra, from, sorted, used, extraEnds[i] - from);
      used += extraEnds[i] - from;
    }
    extra = sorted;
  }

  /** Where an unknown field begins, behind the bracket or the comma before it. */
  private int extraFrom(int number) {
    return number == 0 ? 1 : extraEnds[number - 1] + 1;
  }

  /** No name is the beginning of another one: all end in a quote. */
  private int byName(int one, int other) {
    return Arrays.compareUnsigned(
        extra, extraFrom(one), extraEnds[one], extra, extraFrom(other), extraEnds[other]);
  }

  private void extraByte(int c) {
    if (extraUsed == extra.length) {
      extra = Arrays.copyOf(extra, extra.length * 2);
    }
    extra[extraUsed++] = (byte) c;
  }

  private void extraBytes(int from, int to) {
    int count = to - from;
    if (extra.length - extraUsed < count) {
      extra = Arrays.copyOf(extra, Math.max(extra.length * 2, extraUsed + count));
    }
    System.arraycopy(bytes, from, extra, extraUsed, count);
    extraUsed += count;
  }

  private void remember(int from, int length, int hash) {
    int i = keyCount * 3;
    if (i == keys.length) {
      keys = Arrays.copyOf(keys, keys.length * 2);
    }
    keys[i] = from;
    keys[i + 1] = length;
    keys[i + 2] = hash;
    keyCount++;
  }

  private boolean isAmong(int firstKey, int from, int length, int hash) {
    for (int i = firstKey * 3; i < keyCount * 3; i += 3) {
      if (keys[i + 2] == hash
          && keys[i + 1] == length
          && Arrays.equals(bytes, keys[i], keys[i] + length, bytes, from, from + length)) {
        return true;
      }
    }
    return false;
  }

  private Set<String> keysSince(int firstKey) {
    Set<String> names = new HashSet<>();
    for (int i = firstKey * 3; i < keyCount * 3; i += 3) {
      names.add(new String(bytes, keys[i], keys[i + 1], StandardCharsets.UTF_8));
    }
    return names;
  }

  private byte[] keyBytes(int from, int to) {
    int used = scratchUsed;
    unescape(from, to);
    byte[] name = Arrays.copyOfRange(scratch, unescapedFrom, scratchUsed);
    if (unescapedFrom == used) {
      scratchUsed = used;
    }
    return name;
  }

  private static int hashOf(byte[] name) {
    return FieldTree.hash(name, 0, name.length);
  }
}
