package io.shoplens.oracle;

import io.shoplens.oracle.Leaks.Leak;
import io.shoplens.oracle.Leaks.Line;
import io.shoplens.oracle.Leaks.ProductClick;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;

/** What a leak would have been worth in the app: p and value of one market, date and window. */
final class Worth {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final List<Line> sold;
  private final List<Line> following;
  private final List<ProductClick> clicks;

  /** In-app lines, those of them that follow a click, and clicks, of all markets and dates. */
  Worth(
      List<Line> sold,
      List<Line> following,
      List<ProductClick> clicks,
      String market,
      LocalDate date) {
    this.sold =
        sold.stream().filter(line -> isNear(line.market(), line.date(), market, date)).toList();
    this.following =
        following.stream()
            .filter(line -> isNear(line.market(), line.date(), market, date))
            .toList();
    this.clicks =
        clicks.stream()
            .filter(click -> isNear(click.market(), click.date(), market, date))
            .toList();
  }

  private static boolean isNear(String of, LocalDate on, String market, LocalDate date) {
    return of.equals(market) && !on.isAfter(date) && on.isAfter(date.minusDays(28));
  }

  /** Whether neither what the leak was for nor anything of its kind was clicked or sold. */
  boolean isUnavoidable(Leak leak) {
    String product = leak.opening.product();
    String category = leak.opening.category();
    return (product != null || category != null)
        && sold.stream().noneMatch(line -> isFor(line.product(), line.category(), leak))
        && clicks.stream().noneMatch(click -> isFor(click.product(), click.category(), leak));
  }

  private static boolean isFor(String product, String category, Leak leak) {
    return product != null && product.equals(leak.opening.product())
        || category != null && category.equals(leak.opening.category());
  }

  BigDecimal of(Leak leak) {
    return p(isUnavoidable(leak) ? null : leak.opening.category()).multiply(value(leak));
  }

  private BigDecimal p(String category) {
    long n = clicks.size();
    long c = Math.min(n, following.size());
    BigDecimal market =
        BigDecimal.valueOf(2 * c + 1)
            .divide(BigDecimal.valueOf(2 * (n + 1)), 12, RoundingMode.HALF_UP);
    if (category == null) {
      return market;
    }
    long clicked = clicks.stream().filter(click -> category.equals(click.category())).count();
    long followed = following.stream().filter(line -> category.equals(line.category())).count();
    return BigDecimal.valueOf(Math.min(clicked, followed))
        .add(HUNDRED.multiply(market))
        .divide(BigDecimal.valueOf(clicked).add(HUNDRED), 12, RoundingMode.HALF_UP);
  }

  private BigDecimal value(Leak leak) {
    String product = leak.opening.product();
    String category = leak.opening.category();
    List<Line> ofProduct = only(line -> product != null && product.equals(line.product()));
    if (!ofProduct.isEmpty()) {
      return mean(ofProduct, ofProduct.stream().mapToLong(Line::units).sum());
    }
    List<Line> ofCategory = only(line -> category != null && category.equals(line.category()));
    if (!ofCategory.isEmpty()) {
      return mean(ofCategory, ofCategory.size());
    }
    return sold.isEmpty() ? BigDecimal.ZERO : mean(sold, sold.size());
  }

  private List<Line> only(Predicate<Line> condition) {
    return sold.stream().filter(condition).toList();
  }

  private static BigDecimal mean(List<Line> lines, long over) {
    return Money.sum(lines.stream().map(Line::gmv).filter(java.util.Objects::nonNull).toList())
        .divide(BigDecimal.valueOf(over), 6, RoundingMode.HALF_UP);
  }
}
