package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OrderHistory;
import io.shoplens.table.OrderLines;
import io.shoplens.table.Orders;
import io.shoplens.table.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Orders, their lines and their movements from order events, whatever the order of arrival.
 *
 * <p>One shuffle brings an order's events together. They are folded by {@link OrderLife} in Java
 * and not by expressions, because the state of an order is sequential: what a reversal takes off a
 * line depends on every reversal before it.
 */
public final class OrderFold {
  private static final String ORDER = "folded_order";
  private static final String HISTORY = "history";
  private static final String PART = "part";
  private static final String AT = "at_micros";
  private static final String PLACED = "placed";
  private static final String IN_APP = "in_app";

  /** Columns of the fold's input, in the order {@link #event} reads them. */
  private static final List<String> INPUT_COLUMNS =
      List.of(
          ORDER_ID,
          RECORD_ID,
          ORDER_EVENT_ID,
          ORDER_EVENT,
          AT,
          MARKET,
          REGION,
          CURRENCY,
          SALES_CHANNEL,
          MERCHANT_DOMAIN,
          MERCHANT_GROUP,
          USER_ID,
          DEVICE_ID,
          SHIPPING_FEE,
          SHIPPING_SUBSIDY,
          TAX,
          LINES,
          REVERSAL,
          SHIPPING_COST,
          FULFILMENT_COST,
          CONTENT_HASH);

  private static final StructType INPUT_SCHEMA = inputSchema();
  private static final StructType LINE = elements(declared(OrderEvents.TABLE, LINES));
  private static final StructType REVERSED =
      elements(((StructType) declared(OrderEvents.TABLE, REVERSAL)).apply(LINES).dataType());

  private static final List<String> ORDER_COLUMNS = List.of(Orders.TABLE.schema().fieldNames());

  /** What an order line adds to its order, in the order {@link #lineRow} writes it. */
  private static final List<String> LINE_COLUMNS =
      List.of(
          LINE_ID,
          PRODUCT_ID,
          CATEGORY,
          SELLER_ID,
          CREATOR_ID,
          QUANTITY,
          UNIT_PRICE,
          GROSS_LOCAL,
          SELLER_DISCOUNT_LOCAL,
          PLATFORM_DISCOUNT_LOCAL,
          SHIPPING_FEE_LOCAL,
          SHIPPING_SUBSIDY_LOCAL,
          TAX_LOCAL,
          GMV_LOCAL,
          GMV_REPORTING,
          COMMISSION_RATE,
          CREATOR_COMMISSION_RATE);

  /** What a movement adds to its order, in the order {@link #movementRow} writes it. */
  private static final List<String> MOVEMENT_COLUMNS =
      List.of(
          ORDER_EVENT_ID,
          LINE_ID,
          ENTRY,
          ENTRY_AT,
          ENTRY_DATE,
          CURRENCY,
          PRODUCT_ID,
          CATEGORY,
          SELLER_ID,
          CREATOR_ID,
          IS_LINKED,
          UNITS,
          GROSS_LOCAL,
          SELLER_DISCOUNT_LOCAL,
          PLATFORM_DISCOUNT_LOCAL,
          SHIPPING_FEE_LOCAL,
          SHIPPING_SUBSIDY_LOCAL,
          TAX_LOCAL,
          GMV_LOCAL,
          GROSS_REPORTING,
          SELLER_DISCOUNT_REPORTING,
          PLATFORM_DISCOUNT_REPORTING,
          SHIPPING_FEE_REPORTING,
          SHIPPING_SUBSIDY_REPORTING,
          TAX_REPORTING,
          GMV_REPORTING,
          REVERSED_LOCAL,
          REVERSED_REPORTING,
          FX_EFFECT_REPORTING,
          COMMISSION_LOCAL,
          CREATOR_COMMISSION_LOCAL,
          SHIPPING_COST_LOCAL,
          FULFILMENT_COST_LOCAL,
          COMMISSION_REPORTING,
          CREATOR_COMMISSION_REPORTING,
          SHIPPING_COST_REPORTING,
          FULFILMENT_COST_REPORTING,
          IS_RATE_MISSING);

  private static final StructType FOLDED =
      new StructType()
          .add(ORDER, packed(Orders.TABLE, ORDER_COLUMNS))
          .add(LINES, DataTypes.createArrayType(packed(OrderLines.TABLE, LINE_COLUMNS)))
          .add(HISTORY, DataTypes.createArrayType(packed(OrderHistory.TABLE, MOVEMENT_COLUMNS)));

  private OrderFold() {}

  /**
   * The tables a fold gives.
   *
   * @param folded one row per order with all that follows from it; the other three are read out of
   *     it, so keeping it spares the fold
   * @param orders {@code silver.orders}
   * @param lines {@code silver.order_lines}
   * @param history {@code silver.order_history}
   */
  public record Result(
      Dataset<Row> folded, Dataset<Row> orders, Dataset<Row> lines, Dataset<Row> history) {}

  /**
   * Folds order events. An order needs all its events, of any date; their order and repetition do
   * not matter.
   *
   * @param orderEvents accepted rows of {@code bronze.order_events} and the {@code merchant_group}
   *     of their merchant
   */
  public static Result of(Dataset<Row> orderEvents, GmvSettings settings, Reference reference) {
    FoldRules rules = FoldRules.of(settings, reference);
    Dataset<Row> folded =
        orderEvents
            .select(INPUT_COLUMNS.stream().map(OrderFold::input).toArray(Column[]::new))
            .groupBy(col(ORDER_ID))
            .as(Encoders.STRING(), Encoders.row(INPUT_SCHEMA))
            .flatMapSortedGroups(
                new Column[] {
                  col(ORDER_EVENT_ID), col(ORDER_EVENT), col(AT), col(RECORD_ID), col(CONTENT_HASH)
                },
                (FlatMapGroupsFunction<String, Row, Row>)
                    (orderId, records) -> List.of(folded(orderId, records, rules)).iterator(),
                Encoders.row(FOLDED));
    return new Result(folded, orders(folded), lines(folded), history(folded));
  }

  private static Dataset<Row> orders(Dataset<Row> folded) {
    return folded.select(unpacked(Orders.TABLE, List.of()));
  }

  private static Dataset<Row> lines(Dataset<Row> folded) {
    return folded
        .select(col(ORDER), explode(col(LINES)).as(PART))
        .select(unpacked(OrderLines.TABLE, LINE_COLUMNS));
  }

  private static Dataset<Row> history(Dataset<Row> folded) {
    return folded
        .select(col(ORDER), explode(col(HISTORY)).as(PART))
        .select(unpacked(OrderHistory.TABLE, MOVEMENT_COLUMNS));
  }

  private static Row folded(String orderId, Iterator<Row> records, FoldRules rules) {
    OrderLife life = new OrderLife(rules);
    JoinedRecords joined = new JoinedRecords();
    while (records.hasNext()) {
      OrderEvent event = event(records.next());
      if (!joined.isOf(event)) {
        joined.events().forEach(life::take);
        joined = new JoinedRecords();
      }
      joined.add(event);
    }
    joined.events().forEach(life::take);
    OrderLife.Outcome outcome = life.outcome();
    Map<String, BigDecimal> gmvReporting = outcome.gmvReporting();
    return RowFactory.create(
        orderRow(orderId, outcome),
        rows(
            outcome.lines().stream()
                .map(line -> lineRow(line, gmvReporting.get(line.line().lineId())))),
        rows(outcome.movements().stream().map(OrderFold::movementRow)));
  }

  private static Object rows(Stream<Row> rows) {
    return CollectionConverters.asScala(rows.toList()).toSeq();
  }

  private static OrderEvent event(Row row) {
    Row reversal = row.isNullAt(17) ? null : row.getStruct(17);
    return new OrderEvent(
        row.getString(2),
        OrderEvent.Kind.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
        row.getLong(4),
        row.getString(1),
        new OrderEvent.Header(
            row.getString(5),
            row.getString(6),
            row.getString(7),
            row.getString(8),
            row.getString(9),
            row.getString(10),
            row.getString(11),
            row.getString(12),
            row.getDecimal(13),
            row.getDecimal(14),
            row.getDecimal(15),
            row.getDecimal(18),
            row.getDecimal(19)),
        row.isNullAt(16) ? List.of() : row.<Row>getList(16).stream().map(OrderFold::line).toList(),
        reversal == null || reversal.isNullAt(0)
            ? List.of()
            : reversal.<Row>getList(0).stream().map(OrderFold::reversedLine).toList(),
        reversal == null ? null : reversal.getDecimal(1));
  }

  private static OrderEvent.Line line(Row line) {
    return new OrderEvent.Line(
        line.getAs(LINE.fieldIndex(LINE_ID)),
        line.getAs(LINE.fieldIndex(PRODUCT_ID)),
        line.getAs(LINE.fieldIndex(CATEGORY)),
        line.getAs(LINE.fieldIndex(SELLER_ID)),
        line.getAs(LINE.fieldIndex(CREATOR_ID)),
        line.getAs(LINE.fieldIndex(QUANTITY)),
        line.getAs(LINE.fieldIndex(UNIT_PRICE)),
        line.getAs(LINE.fieldIndex("seller_discount")),
        line.getAs(LINE.fieldIndex("platform_discount")),
        line.getAs(LINE.fieldIndex(COMMISSION_RATE)),
        line.getAs(LINE.fieldIndex(CREATOR_COMMISSION_RATE)));
  }

  private static OrderEvent.Line reversedLine(Row line) {
    return new OrderEvent.Line(
        line.getAs(REVERSED.fieldIndex(LINE_ID)),
        line.getAs(REVERSED.fieldIndex(PRODUCT_ID)),
        line.getAs(REVERSED.fieldIndex(CATEGORY)),
        null,
        null,
        line.getAs(REVERSED.fieldIndex(QUANTITY)),
        line.getAs(REVERSED.fieldIndex(UNIT_PRICE)),
        line.getAs(REVERSED.fieldIndex("seller_discount")),
        null,
        null,
        null);
  }

  private static Row orderRow(String orderId, OrderLife.Outcome outcome) {
    OrderEvent.Header header = outcome.defining().header();
    Amounts total = outcome.total();
    return RowFactory.create(
        orderId,
        header.market(),
        header.region(),
        header.currency(),
        header.salesChannel() == null ? IN_APP : header.salesChannel(),
        header.merchantDomain(),
        header.merchantGroup(),
        header.userId(),
        header.deviceId(),
        outcome.orderAt(),
        day(outcome.orderDate()),
        outcome.paidAt(),
        day(outcome.basisDate()),
        outcome.state() == null ? null : lowerCase(outcome.state()),
        outcome.isOrphan(),
        (long) outcome.lines().size(),
        outcome.lines().stream().mapToLong(line -> line.line().quantity()).sum(),
        total.gross(),
        total.sellerDiscount(),
        total.platformDiscount(),
        total.shippingFee(),
        total.shippingSubsidy(),
        total.tax(),
        total.gmv(),
        outcome.cancelled(),
        outcome.refunded(),
        outcome.excess());
  }

  private static Row lineRow(SoldLine sold, BigDecimal gmvReporting) {
    OrderEvent.Line line = sold.line();
    Amounts amounts = sold.amounts();
    return RowFactory.create(
        line.lineId(),
        line.productId(),
        line.category(),
        line.sellerId(),
        line.creatorId(),
        line.quantity(),
        line.unitPrice(),
        amounts.gross(),
        amounts.sellerDiscount(),
        amounts.platformDiscount(),
        amounts.shippingFee(),
        amounts.shippingSubsidy(),
        amounts.tax(),
        amounts.gmv(),
        gmvReporting,
        line.commissionRate(),
        line.creatorCommissionRate());
  }

  private static Row movementRow(Movement movement) {
    OrderEvent.Line line = movement.line();
    Amounts sale = movement.sale();
    Amounts reporting = movement.saleReporting();
    Costs costs = movement.costs();
    Costs costsReporting = movement.costsReporting();
    return RowFactory.create(
        movement.orderEventId(),
        movement.lineId(),
        lowerCase(movement.entry()),
        movement.at(),
        day(movement.date()),
        movement.currency(),
        line == null ? null : line.productId(),
        line == null ? null : line.category(),
        line == null ? null : line.sellerId(),
        line == null ? null : line.creatorId(),
        movement.isLinked(),
        movement.units(),
        sale == null ? null : sale.gross(),
        sale == null ? null : sale.sellerDiscount(),
        sale == null ? null : sale.platformDiscount(),
        sale == null ? null : sale.shippingFee(),
        sale == null ? null : sale.shippingSubsidy(),
        sale == null ? null : sale.tax(),
        sale == null ? null : sale.gmv(),
        reporting == null ? null : reporting.gross(),
        reporting == null ? null : reporting.sellerDiscount(),
        reporting == null ? null : reporting.platformDiscount(),
        reporting == null ? null : reporting.shippingFee(),
        reporting == null ? null : reporting.shippingSubsidy(),
        reporting == null ? null : reporting.tax(),
        reporting == null ? null : reporting.gmv(),
        movement.reversed(),
        movement.reversedReporting(),
        movement.fxEffect(),
        costs == null ? null : costs.commission(),
        costs == null ? null : costs.creatorCommission(),
        costs == null ? null : costs.shippingCost(),
        costs == null ? null : costs.fulfilmentCost(),
        costsReporting == null ? null : costsReporting.commission(),
        costsReporting == null ? null : costsReporting.creatorCommission(),
        costsReporting == null ? null : costsReporting.shippingCost(),
        costsReporting == null ? null : costsReporting.fulfilmentCost(),
        movement.isRateMissing());
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Integer day(LocalDate date) {
    return date == null ? null : Math.toIntExact(date.toEpochDay());
  }

  /** The columns as the fold writes them: instants and dates as numbers, free of any zone. */
  private static StructType packed(Table table, List<String> columns) {
    StructType schema = new StructType();
    for (String column : columns) {
      DataType type = declared(table, column);
      schema =
          schema.add(
              column,
              type.equals(DataTypes.TimestampType)
                  ? DataTypes.LongType
                  : type.equals(DataTypes.DateType) ? DataTypes.IntegerType : type);
    }
    return schema;
  }

  /** A table's columns from the part that has them, the others from the order. */
  private static Column[] unpacked(Table table, List<String> partColumns) {
    Set<String> ofPart = Set.copyOf(partColumns);
    return Stream.of(table.schema().fields())
        .map(
            field -> {
              Column packed =
                  col(ofPart.contains(field.name()) ? PART : ORDER).getField(field.name());
              DataType type = field.dataType();
              Column value =
                  type.equals(DataTypes.TimestampType)
                      ? timestamp_micros(packed)
                      : type.equals(DataTypes.DateType) ? date_from_unix_date(packed) : packed;
              return value.as(field.name());
            })
        .toArray(Column[]::new);
  }

  private static DataType declared(Table table, String column) {
    return table.schema().apply(column).dataType();
  }

  private static StructType elements(DataType array) {
    return (StructType) ((ArrayType) array).elementType();
  }

  private static StructType inputSchema() {
    StructType schema = new StructType();
    for (String column : INPUT_COLUMNS) {
      DataType type =
          switch (column) {
            case AT -> DataTypes.LongType;
            case MERCHANT_GROUP -> DataTypes.StringType;
            default -> declared(OrderEvents.TABLE, column);
          };
      schema = schema.add(column, type);
    }
    return schema;
  }

  /** What the fold reads of a column: no lines but an order's own, no reversal but a real one. */
  private static Column input(String column) {
    return switch (column) {
      case AT -> unix_micros(col(EVENT_AT)).as(AT);
      case LINES -> when(col(ORDER_EVENT).equalTo(PLACED), col(LINES)).as(LINES);
      case REVERSAL ->
          when(col(ORDER_EVENT).isin("cancelled", "refunded", "adjusted"), col(REVERSAL))
              .as(REVERSAL);
      default -> col(column);
    };
  }
}
