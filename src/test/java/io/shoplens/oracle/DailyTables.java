package io.shoplens.oracle;

import io.shoplens.oracle.Oracle.Row;
import io.shoplens.oracle.Sales.Amounts;
import io.shoplens.oracle.Sales.Movement;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Daily tables of commerce beside daily GMV: loops over the movements of each group. */
final class DailyTables {
  /** t(.90, degrees of freedom), from a printed table. */
  private static final double[] T_90 = {
    3.0777, 1.8856, 1.6377, 1.5332, 1.4759, 1.4398, 1.4149, 1.3968, 1.3830, 1.3722, 1.3634, 1.3562,
    1.3502, 1.3450, 1.3406, 1.3368, 1.3334, 1.3304, 1.3277, 1.3253, 1.3232, 1.3212, 1.3195, 1.3178,
    1.3163, 1.3150
  };

  private static final Map<String, Function<Amounts, BigDecimal>> SALE_AMOUNTS = new TreeMap<>();

  static {
    SALE_AMOUNTS.put("gmv", Amounts::gmv);
    SALE_AMOUNTS.put("external_gmv", Amounts::gmv);
    SALE_AMOUNTS.put("seller_discount", Amounts::sellerDiscount);
    SALE_AMOUNTS.put("platform_discount", Amounts::platformDiscount);
    SALE_AMOUNTS.put("shipping_fee", Amounts::shippingFee);
    SALE_AMOUNTS.put("shipping_subsidy", Amounts::shippingSubsidy);
    SALE_AMOUNTS.put("tax", Amounts::tax);
    SALE_AMOUNTS.put("fulfilment_cost", Amounts::fulfilmentCost);
    SALE_AMOUNTS.put("shipping_margin", Amounts::shippingMargin);
  }

  private final Conf conf;
  private final List<Movement> inApp;
  private final List<Movement> external;
  private final BiPredicate<String, LocalDate> isComplete;

  DailyTables(Conf conf, List<Movement> movements, BiPredicate<String, LocalDate> isComplete) {
    this.conf = conf;
    this.inApp = of(movements, "in_app");
    this.external = of(movements, "external");
    this.isComplete = isComplete;
  }

  private static List<Movement> of(List<Movement> movements, String channel) {
    return movements.stream()
        .filter(movement -> movement.order().salesChannel().equals(channel))
        .toList();
  }

  /** gold.daily_gmv_category. */
  List<Map<String, String>> byCategory() {
    List<String> amounts =
        List.of(
            "gmv",
            "seller_discount",
            "platform_discount",
            "shipping_fee",
            "shipping_subsidy",
            "tax",
            "cancelled",
            "refunded",
            "net_gmv");
    return byDay(inApp, "category", Movement::category, false, amounts);
  }

  /** gold.creator_daily. */
  List<Map<String, String>> byCreator() {
    List<String> amounts =
        List.of("gmv", "seller_discount", "cancelled", "refunded", "net_gmv", "creator_commission");
    return byDay(inApp, "creator_id", Movement::creatorId, true, amounts);
  }

  /** gold.daily_external_gmv. */
  List<Map<String, String>> external() {
    List<String> amounts = List.of("external_gmv", "cancelled", "refunded", "net_external_gmv");
    return byDay(external, "merchant_group", move -> move.order().merchantGroup(), true, amounts);
  }

  private List<Map<String, String>> byDay(
      List<Movement> movements,
      String dimension,
      Function<Movement, String> value,
      boolean isCounted,
      List<String> amounts) {
    List<Map<String, String>> rows = new ArrayList<>();
    grouped(
            movements,
            move ->
                Arrays.asList(
                    move.order().market(), move.date(), move.order().currency(), value.apply(move)))
        .forEach(
            (key, moves) -> {
              Row row = new Row();
              row.put("market", key.get(0));
              row.put("gmv_date", key.get(1));
              row.put("currency", key.get(2));
              row.put(dimension, key.get(3));
              row.put("reporting_currency", Conf.REPORTING_CURRENCY);
              row.put("is_complete", isComplete.test((String) key.get(0), (LocalDate) key.get(1)));
              if (isCounted) {
                row.put("orders", orders(moves));
                row.put("buyers", buyers(moves));
              }
              row.put("units", units(moves));
              for (String amount : amounts) {
                row.put(amount + "_local", sum(moves, amount, Movement::local));
              }
              for (String amount : amounts) {
                row.put(amount + "_reporting", sum(moves, amount, Movement::reporting));
              }
              if (dimension.equals("category")) {
                row.put("fx_effect_reporting", fxEffect(moves));
              }
              forgetUnknown(row, moves);
              row.put("missing_rates", missing(moves));
              rows.add(row.cells());
            });
    return rows;
  }

  static BigDecimal fxEffect(List<Movement> moves) {
    return Money.sum(moves.stream().map(Movement::fxEffect).filter(Objects::nonNull).toList());
  }

  private static void forgetUnknown(Row row, List<Movement> moves) {
    if (missing(moves) == moves.size()) {
      row.forgetWhatEndsIn("_reporting");
    }
  }

  /** gold.daily_economics. */
  List<Map<String, String>> economics() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Economy day : economies()) {
      Map<String, String> market = conf.marketRows.get(day.market);
      Row row = new Row();
      row.put("market", day.market);
      row.put("gmv_date", day.date);
      row.put("currency", market.get("currency"));
      row.put("reporting_currency", Conf.REPORTING_CURRENCY);
      row.put("is_complete", isComplete.test(day.market, day.date));
      for (String amount : Economy.COLUMNS) {
        row.put(amount + "_local", day.local.get(amount));
      }
      for (String amount : Economy.COLUMNS) {
        row.put(amount + "_reporting", day.reporting.get(amount));
      }
      row.put(
          "subsidy_rate",
          ratio(
              day.local.get("platform_discount").add(day.local.get("shipping_subsidy")),
              day.local.get("gmv")));
      row.put("fixed_cost_local", figure(market, "daily_fixed_cost"));
      row.put("daily_goal_local", figure(market, "daily_goal"));
      row.put("loss_budget_local", figure(market, "yearly_loss_budget"));
      row.put("missing_rates", day.missing);
      rows.add(row.cells());
    }
    return rows;
  }

  private static BigDecimal figure(Map<String, String> market, String column) {
    return market.get(column).isEmpty() ? null : new BigDecimal(market.get(column));
  }

  /** A market's day. */
  private static final class Economy {
    static final List<String> COLUMNS =
        List.of(
            "gmv",
            "net_gmv",
            "commission",
            "platform_discount",
            "shipping_subsidy",
            "shipping_margin",
            "fulfilment_cost",
            "creator_commission",
            "contribution");

    final String market;
    final LocalDate date;
    final Map<String, BigDecimal> local = new HashMap<>();
    final Map<String, BigDecimal> reporting = new HashMap<>();
    long missing;

    Economy(String market, LocalDate date) {
      this.market = market;
      this.date = date;
    }
  }

  private List<Economy> economies() {
    List<String> summed =
        List.of(
            "gmv",
            "seller_discount",
            "cancelled",
            "refunded",
            "commission",
            "platform_discount",
            "shipping_subsidy",
            "shipping_margin",
            "fulfilment_cost",
            "creator_commission");
    List<Economy> days = new ArrayList<>();
    grouped(inApp, move -> List.of(move.order().market(), move.date()))
        .forEach(
            (key, moves) -> {
              Economy day = new Economy((String) key.get(0), (LocalDate) key.get(1));
              String into = conf.marketRows.get(day.market).get("currency");
              summed.forEach(amount -> day.local.put(amount, BigDecimal.ZERO));
              grouped(moves, move -> List.of(move.order().currency()))
                  .forEach(
                      (currency, ofCurrency) -> {
                        String from = (String) currency.get(0);
                        boolean isKnown =
                            conf.converted(BigDecimal.ZERO, from, into, day.date) != null;
                        day.missing += isKnown ? missing(ofCurrency) : ofCurrency.size();
                        for (String amount : summed) {
                          if (isKnown) {
                            BigDecimal sum = sum(ofCurrency, amount, Movement::local);
                            day.local.merge(
                                amount, conf.converted(sum, from, into, day.date), BigDecimal::add);
                          }
                          if (missing(ofCurrency) < ofCurrency.size()) {
                            day.reporting.merge(
                                amount,
                                sum(ofCurrency, amount, Movement::reporting),
                                BigDecimal::add);
                          }
                        }
                      });
              derive(day.local);
              derive(day.reporting);
              days.add(day);
            });
    return days;
  }

  private static void derive(Map<String, BigDecimal> sums) {
    if (!sums.isEmpty()) {
      sums.put(
          "net_gmv",
          sums.get("gmv")
              .subtract(sums.get("seller_discount"))
              .subtract(sums.get("cancelled"))
              .subtract(sums.get("refunded")));
      sums.put(
          "contribution",
          sums.get("commission")
              .subtract(sums.get("platform_discount"))
              .add(sums.get("shipping_margin"))
              .subtract(sums.get("fulfilment_cost"))
              .subtract(sums.get("creator_commission")));
    }
  }

  /** Complete days of each market by date from its first row on, those without one as null. */
  private Map<String, TreeMap<LocalDate, Economy>> calendars() {
    Map<String, TreeMap<LocalDate, Economy>> calendars = new TreeMap<>();
    for (Economy day : economies()) {
      if (isComplete.test(day.market, day.date)) {
        calendars.computeIfAbsent(day.market, market -> new TreeMap<>()).put(day.date, day);
      }
    }
    calendars.forEach(
        (market, days) -> {
          LocalDate date = days.firstKey();
          while (isComplete.test(market, date)) {
            days.putIfAbsent(date, null);
            date = date.plusDays(1);
          }
        });
    return calendars;
  }

  /** gold.loss_budget. */
  List<Map<String, String>> lossBudget() {
    List<Map<String, String>> rows = new ArrayList<>();
    calendars()
        .forEach(
            (market, days) -> {
              BigDecimal fixed = figure(conf.marketRows.get(market), "daily_fixed_cost");
              BigDecimal budget = figure(conf.marketRows.get(market), "yearly_loss_budget");
              List<BigDecimal> results = new ArrayList<>();
              BigDecimal running = BigDecimal.ZERO;
              LocalDate ranOut = null;
              int year = days.firstKey().getYear();
              for (Map.Entry<LocalDate, Economy> day : days.entrySet()) {
                BigDecimal contribution =
                    day.getValue() == null
                        ? BigDecimal.ZERO
                        : day.getValue().local.get("contribution");
                BigDecimal result = fixed == null ? contribution : contribution.subtract(fixed);
                if (day.getKey().getYear() != year) {
                  year = day.getKey().getYear();
                  running = BigDecimal.ZERO;
                  ranOut = null;
                }
                running = running.add(result);
                results.add(result);
                List<BigDecimal> trailing =
                    results.subList(Math.max(0, results.size() - 28), results.size());
                BigDecimal pace =
                    Money.sum(trailing)
                        .divide(BigDecimal.valueOf(trailing.size()), 4, RoundingMode.HALF_UP);
                BigDecimal left = budget == null ? null : running.add(budget);
                if (ranOut == null && left != null && left.signum() <= 0) {
                  ranOut = day.getKey();
                }
                LocalDate runsOut = ranOut;
                if (runsOut == null && left != null && pace.signum() < 0) {
                  long more = left.divide(pace.negate(), 0, RoundingMode.CEILING).longValueExact();
                  LocalDate then = more > 400 ? null : day.getKey().plusDays(more);
                  runsOut = then != null && then.getYear() == year ? then : null;
                }
                Row row = new Row();
                row.put("market", market);
                row.put("gmv_date", day.getKey());
                row.put("currency", conf.marketRows.get(market).get("currency"));
                row.put("contribution_local", contribution);
                row.put("fixed_cost_local", fixed);
                row.put("result_local", result);
                row.put("running_result_local", running);
                row.put("loss_budget_local", budget);
                row.put("budget_used", budget == null ? null : ratio(running.negate(), budget));
                row.put("pace_local", pace);
                row.put("runs_out_date", runsOut);
                rows.add(row.cells());
              }
            });
    return rows;
  }

  /** gold.goal_progress. */
  List<Map<String, String>> goalProgress() {
    List<Map<String, String>> rows = new ArrayList<>();
    calendars()
        .forEach(
            (market, days) -> {
              List<BigDecimal> sold = new ArrayList<>();
              for (Map.Entry<LocalDate, Economy> day : days.entrySet()) {
                sold.add(
                    day.getValue() == null ? BigDecimal.ZERO : day.getValue().local.get("gmv"));
                rows.add(progress(market, day.getKey(), sold));
              }
            });
    return rows;
  }

  private Map<String, String> progress(String market, LocalDate date, List<BigDecimal> sold) {
    BigDecimal goal = figure(conf.marketRows.get(market), "daily_goal");
    List<BigDecimal> week = sold.subList(Math.max(0, sold.size() - 7), sold.size());
    BigDecimal mean =
        Money.sum(week).divide(BigDecimal.valueOf(week.size()), 4, RoundingMode.HALF_UP);
    List<BigDecimal> month = sold.subList(Math.max(0, sold.size() - 28), sold.size());
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < month.size(); i++) {
      if (month.get(i).signum() > 0) {
        points.add(new double[] {i, Math.log(month.get(i).doubleValue())});
      }
    }
    int n = points.size();
    Double slope = null;
    Double margin = null;
    if (n > 1) {
      double meanX = points.stream().mapToDouble(point -> point[0]).average().orElseThrow();
      double meanY = points.stream().mapToDouble(point -> point[1]).average().orElseThrow();
      double xx = 0;
      double xy = 0;
      for (double[] point : points) {
        xx += (point[0] - meanX) * (point[0] - meanX);
        xy += (point[0] - meanX) * (point[1] - meanY);
      }
      slope = xy / xx;
      if (n > 2) {
        double residuals = 0;
        for (double[] point : points) {
          double off = point[1] - meanY - slope * (point[0] - meanX);
          residuals += off * off;
        }
        margin = T_90[n - 3] * Math.sqrt(residuals / (n - 2) / xx);
      }
    }
    boolean isReached = goal != null && mean.compareTo(goal) >= 0;
    Double gap =
        goal == null || isReached || mean.signum() == 0
            ? null
            : Math.log(goal.doubleValue()) - Math.log(mean.doubleValue());
    LocalDate projected = projected(date, gap, slope);
    Row row = new Row();
    row.put("market", market);
    row.put("gmv_date", date);
    row.put("currency", conf.marketRows.get(market).get("currency"));
    row.put("gmv_local", sold.get(sold.size() - 1));
    row.put("mean_gmv_local", mean);
    row.put("daily_goal_local", goal);
    row.put("goal_share", goal == null ? null : ratio(mean, goal));
    row.put("fitted_dates", n);
    row.put("zero_dates", month.size() - n);
    row.put("growth", sixDecimals(slope));
    row.put("growth_low", margin == null ? null : sixDecimals(slope - margin));
    row.put("growth_high", margin == null ? null : sixDecimals(slope + margin));
    row.put(
        "goal_state",
        goal == null
            ? "no goal"
            : isReached
                ? "reached"
                : slope == null
                    ? "too few dates"
                    : projected == null ? "not at this pace" : "projected");
    row.put("projected_date", projected);
    row.put("projected_date_early", margin == null ? null : projected(date, gap, slope + margin));
    row.put("projected_date_late", margin == null ? null : projected(date, gap, slope - margin));
    return row.cells();
  }

  private static LocalDate projected(LocalDate date, Double gap, Double slope) {
    if (gap == null || slope == null || slope <= 0 || gap / slope > 36525) {
      return null;
    }
    return date.plusDays((long) Math.ceil(gap / slope));
  }

  private static BigDecimal sixDecimals(Double value) {
    return value == null ? null : BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP);
  }

  /** gold.region_exposure. */
  List<Map<String, String>> regions() {
    Map<List<Object>, List<Movement>> markets =
        grouped(inApp, move -> List.of(move.order().market(), move.date()));
    List<Map<String, String>> rows = new ArrayList<>();
    grouped(inApp, move -> Arrays.asList(move.order().market(), move.date(), move.order().region()))
        .forEach(
            (key, moves) -> {
              LocalDate date = (LocalDate) key.get(1);
              List<Movement> market = markets.get(key.subList(0, 2));
              Map<String, String> held = restriction((String) key.get(2), date);
              Row row = new Row();
              row.put("market", key.get(0));
              row.put("gmv_date", date);
              row.put("region", key.get(2));
              row.put("reporting_currency", Conf.REPORTING_CURRENCY);
              row.put("is_complete", isComplete.test((String) key.get(0), date));
              row.put("orders", orders(moves));
              row.put("buyers", buyers(moves));
              row.put(
                  "creators",
                  sold(moves).stream()
                      .map(Movement::creatorId)
                      .filter(Objects::nonNull)
                      .distinct()
                      .count());
              row.put("units", units(moves));
              row.put("gmv_reporting", sum(moves, "gmv", Movement::reporting));
              row.put("net_gmv_reporting", sum(moves, "net_gmv", Movement::reporting));
              forgetUnknown(row, moves);
              row.put(
                  "market_share",
                  missing(moves) == moves.size()
                      ? null
                      : ratio(
                          sum(moves, "gmv", Movement::reporting),
                          sum(market, "gmv", Movement::reporting)));
              row.put("restriction", held.get("restriction"));
              row.put("restriction_state", held.get("restriction_state"));
              row.put("restricted_from", held.get("from_date"));
              row.put("restricted_until", held.get("until_date"));
              row.put("missing_rates", missing(moves));
              rows.add(row.cells());
            });
    return rows;
  }

  private Map<String, String> restriction(String region, LocalDate date) {
    Map<String, String> latest = Map.of();
    for (Map<String, String> line : conf.restrictions) {
      boolean isOver =
          !line.get("until_date").isEmpty()
              && !date.isBefore(LocalDate.parse(line.get("until_date")));
      boolean holds =
          line.get("region").equals(region)
              && !date.isBefore(LocalDate.parse(line.get("from_date")))
              && !isOver;
      if (holds
          && (latest.isEmpty() || line.get("from_date").compareTo(latest.get("from_date")) >= 0)) {
        latest = line;
      }
    }
    return latest;
  }

  /** gold.customer_daily. */
  List<Map<String, String>> customers() {
    List<Movement> bought =
        sold(inApp).stream().filter(move -> move.order().person() != null).toList();
    Map<List<Object>, LocalDate> first = new HashMap<>();
    for (Movement move : bought) {
      first.merge(
          List.of(move.order().market(), move.order().person()),
          move.date(),
          (a, b) -> a.isBefore(b) ? a : b);
    }
    Map<List<Object>, List<Movement>> days =
        grouped(bought, move -> List.of(move.order().market(), move.date()));
    List<Map<String, String>> rows = new ArrayList<>();
    days.forEach(
        (day, ofDay) -> {
          LocalDate date = (LocalDate) day.get(1);
          Function<Movement, LocalDate> firstDate =
              move -> first.get(List.of(move.order().market(), move.order().person()));
          List<Movement> again =
              ofDay.stream().filter(move -> firstDate.apply(move).isBefore(date)).toList();
          grouped(ofDay, move -> List.of(firstDate.apply(move).withDayOfMonth(1)))
              .forEach(
                  (cohort, moves) -> {
                    long all = buyers(moves);
                    long isNew =
                        buyers(
                            moves.stream()
                                .filter(move -> firstDate.apply(move).equals(date))
                                .toList());
                    Row row = new Row();
                    row.put("market", day.get(0));
                    row.put("gmv_date", date);
                    row.put("cohort_month", cohort.get(0));
                    row.put("reporting_currency", Conf.REPORTING_CURRENCY);
                    row.put("is_complete", isComplete.test((String) day.get(0), date));
                    row.put("buyers", all);
                    row.put("new_buyers", isNew);
                    row.put("returning_buyers", all - isNew);
                    row.put("orders", orders(moves));
                    row.put("gmv_reporting", sum(moves, "gmv", Movement::reporting));
                    forgetUnknown(row, moves);
                    row.put(
                        "repeat_rate",
                        ratio(
                            BigDecimal.valueOf(buyers(again)), BigDecimal.valueOf(buyers(ofDay))));
                    rows.add(row.cells());
                  });
        });
    return rows;
  }

  private static List<Movement> sold(List<Movement> moves) {
    return moves.stream().filter(move -> move.entry().equals("sale")).toList();
  }

  private static long orders(List<Movement> moves) {
    return sold(moves).stream().map(move -> move.order().orderId()).distinct().count();
  }

  private static long buyers(List<Movement> moves) {
    return sold(moves).stream()
        .map(move -> move.order().person())
        .filter(Objects::nonNull)
        .distinct()
        .count();
  }

  private static long units(List<Movement> moves) {
    return sold(moves).stream().mapToLong(Movement::units).sum();
  }

  private static long missing(List<Movement> moves) {
    return moves.stream().filter(move -> move.reporting() == null).count();
  }

  /** The sum of one kind of amount; a net one is what the others leave. */
  private static BigDecimal sum(
      List<Movement> moves, String amount, Function<Movement, Amounts> currency) {
    if (amount.startsWith("net_")) {
      return sum(moves, amount.substring(4), currency)
          .subtract(sum(moves, "seller_discount", currency))
          .subtract(sum(moves, "cancelled", currency))
          .subtract(sum(moves, "refunded", currency));
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (Movement move : moves) {
      Amounts amounts = currency.apply(move);
      if (amounts == null) {
        continue;
      }
      switch (amount) {
        case "commission" -> sum = sum.add(amounts.commission());
        case "creator_commission" -> sum = sum.add(amounts.creatorCommission());
        case "cancelled", "refunded" ->
            sum = move.entry().equals(amount) ? sum.add(amounts.reversed()) : sum;
        default ->
            sum =
                move.entry().equals("sale")
                    ? sum.add(SALE_AMOUNTS.get(amount).apply(amounts))
                    : sum;
      }
    }
    return sum;
  }

  private static BigDecimal ratio(BigDecimal part, BigDecimal whole) {
    return whole.signum() == 0
        ? null
        : part.divide(whole, new MathContext(60)).setScale(6, RoundingMode.HALF_UP);
  }

  private static Map<List<Object>, List<Movement>> grouped(
      List<Movement> moves, Function<Movement, List<Object>> key) {
    return moves.stream().collect(Collectors.groupingBy(key));
  }
}
