package io.shoplens.attribution;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.shoplens.table.Types;
import java.math.BigDecimal;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A movement of an order line.
 *
 * @param opens whether it opens the look-back of its order, or closes it and asks for the credits
 * @param markerAt instant at which it does, in microseconds
 * @param creditDate business date, in days of the epoch
 * @param amountLocal negative for a reversal
 * @param amountReporting the same in the reporting currency; NULL without a rate
 * @param isWanted whether its credits are asked for; a reversal is there without for those after it
 */
record Movement(
    boolean opens,
    long markerAt,
    PersonPaths.Order order,
    String orderEventId,
    String lineId,
    String entry,
    String productId,
    String category,
    String market,
    String region,
    String currency,
    int creditDate,
    BigDecimal amountLocal,
    BigDecimal amountReporting,
    boolean isWanted) {

  static final String SALE = "sale";
  static final String PERSON = "person";
  static final String MARKER = "marker";
  static final String MARKER_AT = "marker_at";
  static final String AMOUNT_LOCAL = "amount_local";
  static final String AMOUNT_REPORTING = "amount_reporting";
  static final String IS_WANTED = "is_wanted";

  /** {@link #MARKER} of the row that opens a look-back. */
  static final int OPEN = 0;

  /** {@link #MARKER} of the row that closes it and asks for the credits of a movement. */
  static final int CLOSE = 1;

  static final DataType MONEY = DataType.fromDDL(Types.MONEY);

  /**
   * An order's movement, twice: once to open the look-back and once to close it. One whose credits
   * are not wanted opens none.
   */
  static final StructType SCHEMA =
      new StructType()
          .add(PERSON, StringType)
          .add(MARKER_AT, LongType)
          .add(MARKER, IntegerType)
          .add(ORDER_ID, StringType)
          .add(ORDER_AT, LongType)
          .add(SALES_CHANNEL, StringType)
          .add(MERCHANT_GROUP, StringType)
          .add(ORDER_EVENT_ID, StringType)
          .add(LINE_ID, StringType)
          .add(ENTRY, StringType)
          .add(PRODUCT_ID, StringType)
          .add(CATEGORY, StringType)
          .add(MARKET, StringType)
          .add(REGION, StringType)
          .add(CURRENCY, StringType)
          .add(CREDIT_DATE, IntegerType)
          .add(AMOUNT_LOCAL, MONEY)
          .add(AMOUNT_REPORTING, MONEY)
          .add(IS_WANTED, BooleanType)
          .add(ENTRY_AT, LongType);

  boolean isSale() {
    return SALE.equals(entry);
  }

  /** Reads a row of {@link #SCHEMA}. */
  static Movement of(Row row) {
    return new Movement(
        row.getInt(2) == OPEN,
        row.getLong(1),
        new PersonPaths.Order(row.getString(3), row.getLong(4), row.getString(5), row.getString(6)),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getString(13),
        row.getString(14),
        row.getInt(15),
        row.getDecimal(16),
        row.getDecimal(17),
        row.getBoolean(18));
  }
}
