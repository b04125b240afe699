package io.shoplens.rawlog;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.BinaryView;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.unsafe.types.VariantVal;

/**
 * The one row of a reader, a view of its buffer: a field is a slice, and is made a string only when
 * it is asked for; the record's bytes are copied only for records that are rejected. Valid until
 * the reader moves on.
 */
final class LexicalRow extends InternalRow {
  private static final long serialVersionUID = 1L;

  private final int fields;
  private final transient LexicalPlan plan;

  /**
   * What a column of the scan is: a field's number, or the number of fields plus that of a meta.
   */
  private final int[] slots;

  /** Instants of the record that were asked for, by slot. */
  private final long[] micros;

  /** Whether a field is an instant, by slot. */
  private final boolean[] isInstant;

  private final boolean[] isRead;

  /** Texts of the record that were asked for, by slot: a field is looked at several times. */
  private final transient UTF8String[] texts;

  final transient byte[][] base;
  final int[] from;

  /** Length of a field's text, or -1 for NULL. */
  final int[] length;

  UTF8String file;
  long line;
  long offset;
  int part;
  int wrong;
  UTF8String code;
  UTF8String at;
  byte[] rawBase;
  int rawFrom;
  int rawLength;
  boolean isTotals;
  long records;
  long blank;
  long damagedAt;
  UTF8String unknown;

  LexicalRow(LexicalPlan plan, String[] columns) {
    List<LexicalField> fields = plan.fields();
    this.plan = plan;
    this.fields = fields.size();
    this.micros = new long[this.fields + 1];
    this.isInstant = new boolean[this.fields + 1];
    this.isRead = new boolean[this.fields + 1];
    this.texts = new UTF8String[this.fields + 1];
    for (int i = 0; i < this.fields; i++) {
      isInstant[i] = fields.get(i).type() == LexicalField.Type.INSTANT;
    }
    // One more for the unknown fields.
    this.base = new byte[this.fields + 1][];
    this.from = new int[this.fields + 1];
    this.length = new int[this.fields + 1];
    this.slots = new int[columns.length];
    List<String> names = fields.stream().map(LexicalField::name).toList();
    for (int i = 0; i < columns.length; i++) {
      int field = names.indexOf(columns[i]);
      slots[i] = field >= 0 ? field : this.fields + LexicalPlan.META.indexOf(columns[i]);
    }
  }

  /** Whether the scan reads a column. */
  boolean reads(String meta) {
    int slot = fields + LexicalPlan.META.indexOf(meta);
    return Arrays.stream(slots).anyMatch(s -> s == slot);
  }

  /** Whether the fields that were not asked for are, to be kept or to be counted. */
  boolean fillsExtra() {
    return reads(LexicalPlan.EXTRA) || reads(LexicalPlan.UNKNOWN);
  }

  /** To be called whenever the record becomes another. */
  void forget() {
    Arrays.fill(isRead, false);
    Arrays.fill(texts, null);
  }

  private long instant(int slot) {
    if (!isRead[slot]) {
      boolean isThere = !isTotals && length[slot] >= 0;
      micros[slot] =
          plan.micros(isThere ? UTF8String.fromBytes(base[slot], from[slot], length[slot]) : null);
      isRead[slot] = true;
    }
    return micros[slot];
  }

  /** The slot of the unknown fields. */
  int extra() {
    return fields;
  }

  void clear() {
    Arrays.fill(length, -1);
    wrong = -1;
    code = null;
    at = null;
    isTotals = false;
  }

  /** Makes this a record that can't be read. */
  void reject(UTF8String why, UTF8String field) {
    Arrays.fill(length, -1);
    wrong = -1;
    code = why;
    at = field;
  }

  void raw(byte[] bytes, int start, int size) {
    rawBase = bytes;
    rawFrom = start;
    rawLength = size;
  }

  @Override
  public int numFields() {
    return slots.length;
  }

  @Override
  public boolean isNullAt(int ordinal) {
    int slot = slots[ordinal];
    if (slot <= fields) {
      return !isInstant[slot] && (isTotals || length[slot] < 0);
    }
    return switch (slot - fields) {
      case 1 -> isTotals || wrong < 0;
      case 2 -> false;
      case 6 -> isTotals || code == null;
      case 7 -> isTotals || at == null;
      case 9, 10 -> !isTotals;
      case 11 -> !isTotals || damagedAt < 0;
      case 12 -> !isTotals || unknown == null;
      default -> isTotals;
    };
  }

  @Override
  public UTF8String getUTF8String(int ordinal) {
    int slot = slots[ordinal];
    if (slot <= fields && texts[slot] != null) {
      return texts[slot];
    }
    if (isNullAt(ordinal)) {
      return null;
    }
    if (slot <= fields) {
      texts[slot] = UTF8String.fromBytes(base[slot], from[slot], length[slot]);
      return texts[slot];
    }
    return switch (slot - fields) {
      case 2 -> file;
      case 6 -> code;
      case 7 -> at;
      case 12 -> unknown;
      default -> throw new IllegalStateException("not a text: " + ordinal);
    };
  }

  @Override
  public long getLong(int ordinal) {
    int slot = slots[ordinal];
    if (slot < fields) {
      return instant(slot);
    }
    return switch (slot - fields) {
      case 3 -> line;
      case 4 -> offset;
      case 9 -> records;
      case 10 -> blank;
      case 11 -> damagedAt;
      default -> throw new IllegalStateException("not a long: " + ordinal);
    };
  }

  @Override
  public int getInt(int ordinal) {
    return switch (slots[ordinal] - fields) {
      case 1 -> wrong;
      case 5 -> part;
      default -> throw new IllegalStateException("not an int: " + ordinal);
    };
  }

  @Override
  public byte[] getBinary(int ordinal) {
    return isNullAt(ordinal) ? null : Arrays.copyOfRange(rawBase, rawFrom, rawFrom + rawLength);
  }

  @Override
  public BinaryView getBinaryView(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object get(int ordinal, DataType type) {
    if (isNullAt(ordinal)) {
      return null;
    }
    int slot = slots[ordinal];
    if (slot <= fields) {
      return isInstant[slot] ? (Object) instant(slot) : getUTF8String(ordinal);
    }
    return switch (slot - fields) {
      case 1, 5 -> getInt(ordinal);
      case 2, 6, 7, 12 -> getUTF8String(ordinal);
      case 8 -> getBinary(ordinal);
      default -> getLong(ordinal);
    };
  }

  @Override
  public InternalRow copy() {
    Object[] values = new Object[slots.length];
    for (int i = 0; i < values.length; i++) {
      Object value = get(i, null);
      values[i] = value instanceof UTF8String text ? text.copy() : value;
    }
    return new GenericInternalRow(values);
  }

  @Override
  public void setNullAt(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void update(int ordinal, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean getBoolean(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte getByte(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public short getShort(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public float getFloat(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double getDouble(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Decimal getDecimal(int ordinal, int precision, int scale) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CalendarInterval getInterval(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public VariantVal getVariant(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public InternalRow getStruct(int ordinal, int size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ArrayData getArray(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MapData getMap(int ordinal) {
    throw new UnsupportedOperationException();
  }
}
