package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Figures of leaks without Spark: rows in, rows out. */
class LeakFiguresTest {
  private final LeakFigures figures =
      new LeakFigures(
          Map.of("shortener", new BigDecimal("0.5")), Map.of("SG", new BigDecimal("0.1")), 2);

  private static Row leak(
      String id, String state, String category, String product, Long after, String gmv) {
    boolean isOpaque = state.equals("possible");
    return RowFactory.create(
        "SG",
        100,
        7,
        id,
        state,
        !state.equals("pending"),
        isOpaque ? null : "Shopee",
        isOpaque ? null : "Sea",
        "creator",
        null,
        category,
        product,
        isOpaque ? "shortener" : "marketplace",
        after,
        gmv == null ? null : new BigDecimal(gmv));
  }

  private static Row sales(int date, String category, String product, long clicks, long lines) {
    return RowFactory.create(
        "SG",
        date,
        category,
        product,
        clicks,
        lines,
        2 * lines,
        BigDecimal.valueOf(30 * lines),
        0L,
        lines);
  }

  private List<Row> figures(List<Row> leaks, List<Row> sales) {
    List<Row> rows = new ArrayList<>();
    figures.call("SG", leaks.iterator(), sales.iterator()).forEachRemaining(rows::add);
    return rows;
  }

  private static Object of(Row row, String column) {
    return row.get(LeakFigures.FIGURE.fieldIndex(column));
  }

  private static Row level(List<Row> rows, String level) {
    return rows.stream().filter(row -> of(row, LEVEL).equals(level)).findFirst().orElseThrow();
  }

  @Test
  void leaksAreCountedByStateAndWorthWhatTheShopSellsTheProductFor() {
    List<Row> rows =
        figures(
            List.of(
                leak("a", "leaked", "c", "p", null, null),
                leak("b", "confirmed", "c", "p", null, "12.50"),
                leak("c", "recaptured", "c", "p", 3_000_000L, null),
                leak("d", "recaptured", "c", "p", 6_999_999L, null),
                leak("e", "pending", "c", "p", null, null),
                leak("f", "possible", "c", "x", null, null)),
            List.of(sales(72, "c", "p", 1_000, 1_000), sales(73, "c", "p", 99, 19)));

    Row market = level(rows, "market");
    assertThat(of(market, LEAKS)).isEqualTo(5L);
    assertThat(of(market, MATURE_LEAKS)).isEqualTo(4L);
    assertThat(of(market, NET_LEAKS)).isEqualTo(2L);
    assertThat(of(market, RECAPTURE_RATE)).isEqualTo(new BigDecimal("0.500000"));
    assertThat(of(market, MEDIAN_RECAPTURE_SECONDS)).isEqualTo(4L);
    // p_m = 19.5 / 100; p = (19 + 19.5) / 199 = 0.193467336683; the product's price is 15.
    assertThat(of(market, LEAKED_GMV_REPORTING)).isEqualTo(new BigDecimal("15.40"));
    assertThat(of(market, COMMISSION_FOREGONE_REPORTING)).isEqualTo(new BigDecimal("1.54"));
    // Of product x nothing was sold: a line of its category is worth 30.
    assertThat(of(market, OPAQUE_GMV_HIGH_REPORTING)).isEqualTo(new BigDecimal("5.80"));
    assertThat(of(market, OPAQUE_GMV_REPORTING)).isEqualTo(new BigDecimal("2.90"));
    assertThat(of(level(rows, "destination"), LEAKS)).isEqualTo(5L);
    assertThat(of(level(rows, "destination"), POSSIBLE_LEAKS)).isEqualTo(0L);
    assertThat(rows).extracting(row -> of(row, LEVEL)).doesNotContain("content");
  }

  @Test
  void whatTheShopDoesNotSellIsShownApart() {
    List<Row> rows =
        figures(
            List.of(leak("a", "leaked", "other", "q", null, null)),
            List.of(sales(100, "c", "p", 99, 19)));

    Row market = level(rows, "market");
    assertThat(of(market, LEAKED_GMV_REPORTING)).isEqualTo(new BigDecimal("0.00"));
    assertThat(of(market, LEAKED_GMV_HIGH_REPORTING)).isEqualTo(new BigDecimal("0.00"));
    assertThat(of(market, UNAVOIDABLE_LEAKS)).isEqualTo(1L);
    // At the market's p of 19.5 / 100 and its mean line of 30.
    assertThat(of(market, UNAVOIDABLE_GMV_REPORTING)).isEqualTo(new BigDecimal("5.85"));
  }
}
