package io.shoplens.commerce;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.GmvSettings;
import io.shoplens.config.GmvSettings.Basis;
import io.shoplens.config.GmvSettings.Include;
import io.shoplens.config.Reference;
import io.shoplens.testing.Rows;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderLedgerTest {
  private static final Map<String, TreeMap<LocalDate, Long>> RATES = randomRates();
  private static final Reference REFERENCE = Shop.reference(asDecimals(RATES));

  @ParameterizedTest
  @CsvSource({"1, PAID, ''", "2, PLACED, 'SHIPPING TAX'", "3, PAID, 'TAX'"})
  void theFoldEqualsALedgerKeptByHand(long seed, Basis basis, String include) {
    holdAgainstALedger(OrderLog.random(seed, 400), seed, basis, include);
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "101, PAID, ''",
    "102, PLACED, 'SHIPPING TAX'",
    "103, PAID, 'TAX'",
    "104, PLACED, ''"
  })
  void thousandsOfOrderLivesEqualALedgerKeptByHand(long seed, Basis basis, String include) {
    holdAgainstALedger(OrderLog.random(seed, 5000), seed, basis, include);
  }

  private static void holdAgainstALedger(
      List<OrderLog.Entry> log, long seed, Basis basis, String include) {
    Set<String> included = Set.of(include.split(" "));
    PlainLedger ledger =
        PlainLedger.of(
            log,
            lowerCase(basis.name()),
            included.stream().map(OrderLedgerTest::lowerCase).collect(Collectors.toSet()),
            RATES);
    GmvSettings settings =
        Shop.settings(
            basis,
            Stream.of(Include.values())
                .filter(value -> included.contains(value.name()))
                .toArray(Include[]::new));
    Dataset<Row> history =
        OrderFold.of(rows(log, seed), settings, REFERENCE).history().localCheckpoint();
    assertThat(lines(movements(history))).isEqualTo(ledger.movements());
    assertThat(lines(days(history, settings))).isEqualTo(ledger.days());
    assertThat(ledger.movements())
        .anyMatch(row -> row.contains(" excess_refund "))
        .anyMatch(row -> row.contains(" other_currency "))
        .anyMatch(row -> row.contains(" cancelled "))
        .anyMatch(row -> row.endsWith(" null"));
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({"201", "202", "203", "204", "205", "206", "207", "208", "209", "210"})
  void noOrderOfArrivalRepetitionOrBatchingChangesAnythingAtAll(long seed) {
    noOrderOfArrivalRepetitionOrBatchingChangesAnything(seed);
  }

  @ParameterizedTest
  @CsvSource({"11", "12", "13"})
  void noOrderOfArrivalRepetitionOrBatchingChangesAnything(long seed) {
    List<OrderLog.Entry> log = OrderLog.random(seed, 60);
    List<String> expected = tables(rows(log, seed));
    List<OrderLog.Entry> again = new ArrayList<>(log);
    Random random = new Random(seed);
    for (OrderLog.Entry entry : log) {
      for (int i = random.nextInt(3); i > 0; i--) {
        again.add(entry);
      }
    }
    Collections.shuffle(again, random);
    int cut = random.nextInt(again.size());
    Dataset<Row> batches =
        rows(again.subList(0, cut), seed + 1)
            .unionByName(rows(again.subList(cut, again.size()), seed + 2))
            .repartition(3);
    assertThat(tables(batches)).isEqualTo(expected);
  }

  @Test
  void anOrderSplitIntoItsLinesIsTheSameOrder() {
    List<OrderLog.Entry> log = OrderLog.random(21, 60);
    List<String> lineRecords = new ArrayList<>();
    for (OrderLog.Entry entry : log) {
      List<OrderLog.Item> parts = entry.items().isEmpty() ? entry.reversed() : entry.items();
      if (parts.isEmpty()) {
        lineRecords.add(OrderLog.json(entry));
      }
      for (OrderLog.Item part : parts) {
        boolean isPlaced = !entry.items().isEmpty();
        OrderLog.Entry one =
            new OrderLog.Entry(
                entry.order(),
                entry.id(),
                entry.kind(),
                entry.at(),
                entry.user(),
                entry.channel(),
                entry.market(),
                entry.region(),
                entry.currency(),
                entry.digits(),
                isPlaced ? List.of(part) : List.of(),
                entry.shipping(),
                entry.subsidy(),
                entry.tax(),
                isPlaced ? List.of() : List.of(part),
                entry.amount());
        lineRecords.add(
            OrderLog.json(one)
                .replace(":" + one.kind() + "'", ":" + one.kind() + part.line() + "'"));
      }
    }
    Collections.shuffle(lineRecords, new Random(21));
    assertThat(tables(Rows.of(Shop.INPUT, lineRecords.toArray(String[]::new))))
        .isEqualTo(tables(rows(log, 21)));
  }

  private static List<String> tables(Dataset<Row> orderEvents) {
    OrderFold.Result result = OrderFold.of(orderEvents, Shop.PAID, REFERENCE);
    List<String> rows = new ArrayList<>();
    rows.addAll(Rows.json(result.orders()));
    rows.addAll(Rows.json(result.lines()));
    rows.addAll(Rows.json(result.history()));
    Dataset<Row> movements = DailyMovements.of(result.history());
    DailySales sales = DailySales.under(Shop.PAID, Shop.COMPLETE);
    rows.addAll(Rows.json(sales.daily(movements)));
    rows.addAll(Rows.json(Economics.of(movements, Shop.COMPLETE, Shop.PAID, REFERENCE)));
    rows.addAll(Rows.json(Customers.of(result.history(), Shop.COMPLETE, Shop.PAID)));
    rows.addAll(Rows.json(sales.byCategory(movements)));
    rows.addAll(Rows.json(sales.byCreator(movements)));
    rows.addAll(Rows.json(sales.external(movements)));
    rows.addAll(Rows.json(RegionExposures.of(movements, Shop.COMPLETE, Shop.PAID, REFERENCE)));
    assertThat(rows).hasSizeGreaterThan(200);
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"31, PAID, ''", "32, PLACED, 'SHIPPING TAX'"})
  void grossLessWhatIsTakenOffIsNetAndEveryDimensionAddsUp(long seed, Basis basis, String include) {
    GmvSettings settings =
        Shop.settings(
            basis,
            Stream.of(Include.values())
                .filter(value -> List.of(include.split(" ")).contains(value.name()))
                .toArray(Include[]::new));
    Dataset<Row> history =
        OrderFold.of(rows(OrderLog.random(seed, 300), seed), settings, REFERENCE)
            .history()
            .localCheckpoint();
    Dataset<Row> movements = DailyMovements.of(history).localCheckpoint();
    DailySales sales = DailySales.under(settings, Shop.COMPLETE);
    Dataset<Row> daily = sales.daily(movements).localCheckpoint();
    List<String> figures =
        List.of(
            UNITS,
            GMV_LOCAL,
            SELLER_DISCOUNT_LOCAL,
            CANCELLED_LOCAL,
            REFUNDED_LOCAL,
            NET_GMV_LOCAL);
    List<String> days = added(daily, figures, MARKET, GMV_DATE, CURRENCY);
    assertThat(days).hasSizeGreaterThan(40);
    for (String currency : List.of("_local", "_reporting")) {
      Column net =
          col("gmv" + currency)
              .minus(col("seller_discount" + currency))
              .minus(col("cancelled" + currency))
              .minus(col("refunded" + currency));
      assertThat(Rows.json(daily.where(net.notEqual(col("net_gmv" + currency))))).isEmpty();
    }
    assertThat(added(sales.byCategory(movements), figures, MARKET, GMV_DATE, CURRENCY))
        .as("by category")
        .isEqualTo(days);
    List<String> effects = List.of(FX_EFFECT_REPORTING);
    assertThat(added(sales.byCategory(movements), effects, MARKET, GMV_DATE, CURRENCY))
        .as("effects by category")
        .isEqualTo(added(daily, effects, MARKET, GMV_DATE, CURRENCY))
        .anyMatch(row -> row.contains("'fx_effect_reporting':-"));
    assertThat(added(sales.byCreator(movements), figures, MARKET, GMV_DATE, CURRENCY))
        .as("by creator")
        .isEqualTo(days);
    // Where rates are missing, a region's amount is NULL and the others' are not.
    Column isRated = col(MARKET).notEqual("ID");
    List<String> reported = List.of(UNITS, GMV_REPORTING, NET_GMV_REPORTING);
    assertThat(
            added(
                RegionExposures.of(movements, Shop.COMPLETE, settings, REFERENCE).where(isRated),
                reported,
                MARKET,
                GMV_DATE))
        .as("by region")
        .isEqualTo(added(daily.where(isRated), reported, MARKET, GMV_DATE));
    Column moved =
        when(col(ENTRY).equalTo("sale"), col(GMV_LOCAL).minus(col(SELLER_DISCOUNT_LOCAL)))
            .when(col(ENTRY).isin("cancelled", "refunded"), negate(col(REVERSED_LOCAL)));
    assertThat(
            added(
                history
                    .where(col(SALES_CHANNEL).equalTo("in_app"))
                    .withColumn(NET_GMV_LOCAL, moved),
                List.of(NET_GMV_LOCAL),
                CURRENCY))
        .as("in total")
        .isEqualTo(added(daily, List.of(NET_GMV_LOCAL), CURRENCY));
  }

  /** Sums of figures by some columns, where any is not 0. */
  private static List<String> added(Dataset<Row> rows, List<String> figures, String... by) {
    Column isAny =
        figures.stream().map(figure -> col(figure).notEqual(0)).reduce(Column::or).orElseThrow();
    return Rows.json(
        rows.groupBy(Stream.of(by).map(functions::col).toArray(Column[]::new))
            .agg(
                lit(true).as("is_added"),
                figures.stream()
                    .map(figure -> sum(figure).cast("decimal(38,4)").as(figure))
                    .toArray(Column[]::new))
            .where(isAny));
  }

  private static Dataset<Row> rows(List<OrderLog.Entry> log, long seed) {
    List<String> json = new ArrayList<>(log.stream().map(OrderLog::json).toList());
    Collections.shuffle(json, new Random(seed));
    return Rows.of(Shop.INPUT, json.toArray(String[]::new));
  }

  private static Dataset<Row> movements(Dataset<Row> history) {
    Column isSale = col(ENTRY).equalTo("sale");
    return history.select(
        concat_ws(
            " ",
            col(ORDER_ID),
            col(ORDER_EVENT_ID),
            orNull(LINE_ID),
            col(ENTRY),
            col(ENTRY_DATE),
            col(UNITS),
            when(
                    isSale,
                    orNulls(
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
                        GMV_REPORTING))
                .otherwise(orNulls(REVERSED_LOCAL, REVERSED_REPORTING, FX_EFFECT_REPORTING))));
  }

  private static Dataset<Row> days(Dataset<Row> history, GmvSettings settings) {
    Column[] amounts =
        Stream.of(
                GMV_LOCAL,
                SELLER_DISCOUNT_LOCAL,
                PLATFORM_DISCOUNT_LOCAL,
                SHIPPING_FEE_LOCAL,
                SHIPPING_SUBSIDY_LOCAL,
                TAX_LOCAL,
                CANCELLED_LOCAL,
                REFUNDED_LOCAL,
                NET_GMV_LOCAL,
                GMV_REPORTING,
                SELLER_DISCOUNT_REPORTING,
                PLATFORM_DISCOUNT_REPORTING,
                SHIPPING_FEE_REPORTING,
                SHIPPING_SUBSIDY_REPORTING,
                TAX_REPORTING,
                CANCELLED_REPORTING,
                REFUNDED_REPORTING,
                NET_GMV_REPORTING,
                FX_EFFECT_REPORTING,
                ADJUSTMENT_LOCAL,
                EXCESS_REFUND_LOCAL,
                ADJUSTMENT_REPORTING,
                EXCESS_REFUND_REPORTING)
            .map(amount -> coalesce(col(amount).cast("string"), lit("0.0000")))
            .toArray(Column[]::new);
    List<Column> columns = new ArrayList<>();
    for (String column : List.of(MARKET, GMV_DATE, CURRENCY, ORDERS, BUYERS, UNITS)) {
      columns.add(col(column));
    }
    columns.addAll(Arrays.asList(amounts));
    return DailySales.under(settings, CompleteDates.of(Map.of(), REFERENCE))
        .figures(DailyMovements.of(history))
        .select(concat_ws(" ", columns.toArray(Column[]::new)));
  }

  private static Column orNull(String column) {
    return coalesce(col(column).cast("string"), lit("null"));
  }

  private static Column orNulls(String... columns) {
    return concat_ws(" ", Stream.of(columns).map(OrderLedgerTest::orNull).toArray(Column[]::new));
  }

  private static List<String> lines(Dataset<Row> rows) {
    return rows.as(Encoders.STRING()).collectAsList().stream().sorted().toList();
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Rates on working days of two spans; in the first IDR only until 27 February: it is carried to 6
   * March and no further.
   */
  private static Map<String, TreeMap<LocalDate, Long>> randomRates() {
    Random random = new Random(5);
    Map<String, Long> around =
        Map.of("USD", 1_150_000L, "JPY", 182_000_000L, "IDR", 19_400_000_000L, "KWD", 353_000L);
    Map<String, TreeMap<LocalDate, Long>> rates = new TreeMap<>();
    for (String currency : new TreeMap<>(around).keySet()) {
      TreeMap<LocalDate, Long> dated = new TreeMap<>();
      long middle = around.get(currency);
      LocalDate gap = LocalDate.parse(currency.equals("IDR") ? "2026-03-01" : "2026-03-31");
      for (LocalDate date = LocalDate.parse("2026-02-20");
          date.isBefore(LocalDate.parse("2026-11-30"));
          date = date.plusDays(1)) {
        boolean isWorkday = date.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0;
        boolean isInGap = date.isAfter(gap) && date.isBefore(LocalDate.parse("2026-10-20"));
        if (isWorkday && !isInGap) {
          dated.put(date, middle + Math.floorMod(random.nextLong(), middle / 20));
        }
      }
      rates.put(currency, dated);
    }
    return rates;
  }

  private static Map<String, NavigableMap<LocalDate, BigDecimal>> asDecimals(
      Map<String, TreeMap<LocalDate, Long>> rates) {
    Map<String, NavigableMap<LocalDate, BigDecimal>> decimals = new HashMap<>();
    rates.forEach(
        (currency, dated) -> {
          NavigableMap<LocalDate, BigDecimal> of = new TreeMap<>();
          dated.forEach((date, rate) -> of.put(date, BigDecimal.valueOf(rate, 6)));
          decimals.put(currency, of);
        });
    return decimals;
  }
}
