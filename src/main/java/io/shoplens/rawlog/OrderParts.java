package io.shoplens.rawlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.shoplens.table.OrderEvents;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Order lines and reversals from their JSON text, checked by the contract in the order of its
 * fields; the first fault wins. A fault is 16 times the number of the field in {@link #FIELDS} plus
 * the number of the code.
 */
final class OrderParts {
  /** Fields that a fault can be of. */
  static final List<String> FIELDS =
      List.of(
          "",
          "line_id",
          "product_id",
          "category",
          "seller_id",
          "creator_id",
          "quantity",
          "unit_price",
          "seller_discount",
          "platform_discount",
          "commission_rate",
          "creator_commission_rate",
          "lines",
          "amount");

  private static final int LINE_ID = 1;
  private static final int SELLER_ID = 4;
  private static final int CREATOR_ID = 5;
  private static final int QUANTITY = 6;
  private static final int UNIT_PRICE = 7;
  private static final int SELLER_DISCOUNT = 8;
  private static final int PLATFORM_DISCOUNT = 9;
  private static final int COMMISSION_RATE = 10;
  private static final int CREATOR_COMMISSION_RATE = 11;
  private static final int LINES = 12;
  private static final int AMOUNT = 13;

  /** Lines of an order: each must have a price. */
  static final int SOLD = 0;

  /** Lines of a reversal: a price only where it is of no known order. */
  static final int RETURNED = 1;

  /** Style of an adjustment: its amount may be negative. */
  static final int ADJUSTED = 2;

  /** Lines of an event that is no sale: a price is not asked for. */
  static final int UNPRICED = 3;

  static final DataType CHECKED_LINES =
      new StructType()
          .add("fault", DataTypes.IntegerType)
          .add("value", OrderEvents.TABLE.schema().apply("lines").dataType())
          .add("has_more", DataTypes.BooleanType);

  static final DataType CHECKED_REVERSAL =
      new StructType()
          .add("fault", DataTypes.IntegerType)
          .add("value", OrderEvents.TABLE.schema().apply("reversal").dataType())
          .add("has_more", DataTypes.BooleanType);

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private OrderParts() {}

  /** The first fault of a part. */
  private static final class Faulty extends Exception {
    private static final long serialVersionUID = 1L;
    private final int fault;

    Faulty(int field, int code) {
      super(null, null, false, false);
      this.fault = field * 16 + code;
    }
  }

  static InternalRow lines(UTF8String json, int decimals, int style) {
    if (json == null) {
      return row(null, null);
    }
    try (JsonParser parser = JSON.createParser(json.getBytes())) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return row(Codes.WRONG_TYPE, null);
      }
      Lines lines = lines(parser, decimals, style, 0);
      if (parser.nextToken() != null) {
        return row(Codes.WRONG_TYPE, null);
      }
      return row(null, lines.array(), lines.hasMore);
    } catch (Faulty e) {
      return row(e.fault, null);
    } catch (JsonProcessingException e) {
      return row(malformed(e), null);
    } catch (IOException e) {
      return row(Codes.WRONG_TYPE, null);
    }
  }

  static InternalRow reversal(UTF8String json, int decimals, int style) {
    if (json == null) {
      return row(null, null);
    }
    try (JsonParser parser = JSON.createParser(json.getBytes())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return row(Codes.WRONG_TYPE, null);
      }
      Object lines = null;
      BigDecimal amount = null;
      int linesFault = -1;
      int amountFault = -1;
      boolean hasMore = false;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
          continue;
        }
        if (name.equals("lines")) {
          if (token != JsonToken.START_ARRAY) {
            linesFault = LINES * 16 + Codes.WRONG_TYPE;
            parser.skipChildren();
          } else {
            Lines read = lines(parser, decimals, RETURNED, LINES);
            lines = read.array();
            hasMore |= read.hasMore;
          }
        } else if (name.equals("amount")) {
          amount = number(parser, token);
          if (amount == null) {
            amountFault = Codes.WRONG_TYPE;
          } else {
            amountFault =
                style == ADJUSTED
                    ? Amounts.sizeFault(amount, decimals)
                    : Amounts.fault(amount, decimals);
          }
        } else {
          hasMore = true;
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        return row(Codes.WRONG_TYPE, null);
      }
      if (linesFault >= 0) {
        return row(linesFault, null);
      }
      if (amountFault >= 0) {
        return row(AMOUNT * 16 + amountFault, null);
      }
      Object value = amount == null ? null : Amounts.decimal(amount, 24, 4);
      return row(null, new GenericInternalRow(new Object[] {lines, value}), hasMore);
    } catch (Faulty e) {
      return row(e.fault, null);
    } catch (JsonProcessingException e) {
      return row(malformed(e), null);
    } catch (IOException e) {
      return row(Codes.WRONG_TYPE, null);
    }
  }

  private static int malformed(JsonProcessingException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Duplicate") ? Codes.REPEATED_KEY : Codes.WRONG_TYPE;
  }

  private static InternalRow row(Integer fault, Object value) {
    return row(fault, value, false);
  }

  private static InternalRow row(Integer fault, Object value, boolean hasMore) {
    return new GenericInternalRow(new Object[] {fault, value, hasMore});
  }

  /** Lines as read, and whether they held fields that the contract does not have. */
  private static final class Lines {
    final List<Object> rows = new ArrayList<>();
    boolean hasMore;

    ArrayData array() {
      return ArrayData.toArrayData(rows.toArray());
    }
  }

  /**
   * The lines of the array that has been entered.
   *
   * @param whole field at fault where an element is no line: 0, or that of a reversal's lines
   */
  private static Lines lines(JsonParser parser, int decimals, int style, int whole)
      throws IOException, Faulty {
    Lines lines = new Lines();
    Set<Object> ids = new HashSet<>();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (token != JsonToken.START_OBJECT) {
        throw new Faulty(whole, Codes.WRONG_TYPE);
      }
      Object[] line = line(parser, decimals, style, lines);
      if (!ids.add(line[0])) {
        throw new Faulty(LINE_ID, Codes.OUT_OF_RANGE);
      }
      lines.rows.add(new GenericInternalRow(line));
    }
    return lines;
  }

  private static Object[] line(JsonParser parser, int decimals, int style, Lines lines)
      throws IOException, Faulty {
    Object[] texts = new Object[6];
    BigDecimal[] numbers = new BigDecimal[12];
    int wrong = Integer.MAX_VALUE;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      int field = FIELDS.indexOf(parser.currentName());
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      if (field >= LINE_ID && field < QUANTITY) {
        if (token == JsonToken.VALUE_STRING) {
          texts[field] = UTF8String.fromString(parser.getText());
        } else {
          wrong = Math.min(wrong, field);
        }
      } else if (field >= QUANTITY && field <= CREATOR_COMMISSION_RATE) {
        numbers[field] = number(parser, token);
        if (numbers[field] == null) {
          wrong = Math.min(wrong, field);
        }
      } else {
        lines.hasMore = true;
      }
      // A line that is taken back has no place for these.
      lines.hasMore |=
          style == RETURNED
              && (field == SELLER_ID || field == CREATOR_ID || field >= PLATFORM_DISCOUNT);
      parser.skipChildren();
    }
    if (wrong > LINE_ID && (texts[LINE_ID] == null || texts[LINE_ID].toString().isEmpty())) {
      throw new Faulty(LINE_ID, Codes.MISSING_FIELD);
    }
    judge(wrong, QUANTITY);
    if (numbers[QUANTITY] == null) {
      throw new Faulty(QUANTITY, Codes.MISSING_FIELD);
    }
    long quantity = quantity(numbers[QUANTITY]);
    judge(wrong, UNIT_PRICE);
    BigDecimal price = numbers[UNIT_PRICE];
    if (price == null && style == SOLD) {
      throw new Faulty(UNIT_PRICE, Codes.MISSING_FIELD);
    }
    check(price, UNIT_PRICE, 6);
    BigDecimal value =
        price == null
            ? null
            : price.multiply(BigDecimal.valueOf(quantity)).setScale(decimals, RoundingMode.HALF_UP);
    if (value != null && value.precision() - value.scale() > 18) {
      throw new Faulty(QUANTITY, Codes.OUT_OF_RANGE);
    }
    for (int discount = SELLER_DISCOUNT; discount <= PLATFORM_DISCOUNT; discount++) {
      judge(wrong, discount);
      check(numbers[discount], discount, decimals);
      if (value != null && numbers[discount] != null && numbers[discount].compareTo(value) > 0) {
        throw new Faulty(discount, Codes.OUT_OF_RANGE);
      }
    }
    for (int rate = COMMISSION_RATE; rate <= CREATOR_COMMISSION_RATE; rate++) {
      judge(wrong, rate);
      check(numbers[rate], rate, 6);
      if (numbers[rate] != null && numbers[rate].compareTo(BigDecimal.ONE) > 0) {
        throw new Faulty(rate, Codes.OUT_OF_RANGE);
      }
    }
    if (style == RETURNED) {
      return new Object[] {
        texts[1],
        texts[2],
        texts[3],
        quantity,
        decimal(price, 24, 6),
        decimal(numbers[SELLER_DISCOUNT], 24, 4)
      };
    }
    return new Object[] {
      texts[1],
      texts[2],
      texts[3],
      texts[4],
      texts[5],
      quantity,
      decimal(price, 24, 6),
      decimal(numbers[SELLER_DISCOUNT], 24, 4),
      decimal(numbers[PLATFORM_DISCOUNT], 24, 4),
      decimal(numbers[COMMISSION_RATE], 9, 6),
      decimal(numbers[CREATOR_COMMISSION_RATE], 9, 6)
    };
  }

  /** Throws where the first field of a wrong type is this one or stands before it. */
  private static void judge(int wrong, int field) throws Faulty {
    if (wrong <= field) {
      throw new Faulty(wrong, Codes.WRONG_TYPE);
    }
  }

  private static void check(BigDecimal value, int field, int decimals) throws Faulty {
    int fault = value == null ? -1 : Amounts.fault(value, decimals);
    if (fault >= 0) {
      throw new Faulty(field, fault);
    }
  }

  private static long quantity(BigDecimal number) throws Faulty {
    if (number.signum() <= 0 || (long) number.precision() - number.scale() > 15) {
      throw new Faulty(QUANTITY, Codes.OUT_OF_RANGE);
    }
    if (number.scale() > 1000 || number.stripTrailingZeros().scale() > 0) {
      throw new Faulty(QUANTITY, Codes.WRONG_TYPE);
    }
    return number.longValueExact();
  }

  private static Object decimal(BigDecimal value, int precision, int scale) {
    return value == null ? null : Amounts.decimal(value, precision, scale);
  }

  private static BigDecimal number(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Amounts.parsed(parser.getText());
      default -> null;
    };
  }
}
