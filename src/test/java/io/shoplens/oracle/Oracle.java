package io.shoplens.oracle;

import io.shoplens.oracle.Clicks.Outbound;
import io.shoplens.oracle.Clicks.Touch;
import io.shoplens.oracle.Credits.Credit;
import io.shoplens.oracle.Credits.Way;
import io.shoplens.oracle.EventContract.Event;
import io.shoplens.oracle.Links.Link;
import io.shoplens.oracle.OrderContract.OrderEvent;
import io.shoplens.oracle.RawLogs.Balance;
import io.shoplens.oracle.RawLogs.Reading;
import io.shoplens.oracle.RawLogs.Rejection;
import io.shoplens.oracle.Sales.Amounts;
import io.shoplens.oracle.Sales.Movement;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The gold tables, from raw files and reference tables. A row is a map from column to canonical
 * text in the order of the table's columns: decimals plain and without trailing zeros, dates in ISO
 * form, NULL as an empty text. Rows are sorted by their texts.
 */
public final class Oracle {
  /** P(competitor) of an opaque link, by kind of link. */
  static final Map<String, BigDecimal> OPAQUE_COMPETITOR =
      Map.of("shortener", new BigDecimal("0.3"), "link_hub", new BigDecimal("0.2"));

  private static final String UNATTRIBUTED = "unattributed";

  private final Conf conf;
  private final Reading<Event> events;
  private final Reading<OrderEvent> orderEvents;
  private final Clicks clicks;
  private final Sales sales;
  private final Markov markov;
  private final Credits credits;
  private final List<Movement> counted;
  private Leaks leaks;

  private Oracle(Path eventsFolder, Path ordersFolder, Path confFolder) {
    conf = new Conf(confFolder);
    events = RawLogs.read(eventsFolder, new EventContract(conf));
    orderEvents = RawLogs.read(ordersFolder, new OrderContract(conf));
    clicks = new Clicks(events.accepted(), conf);
    sales = new Sales(orderEvents.accepted(), conf);
    counted = sales.movements.stream().filter(move -> !move.isApart()).toList();
    markov = new Markov(clicks.touches, counted, conf);
    credits =
        new Credits(events.accepted(), orderEvents.accepted(), clicks.touches, counted, markov);
  }

  /** Computes everything from folders of raw files and the folder of reference tables. */
  public static Oracle of(Path eventsFolder, Path ordersFolder, Path confFolder) {
    return new Oracle(eventsFolder, ordersFolder, confFolder);
  }

  /**
   * Balance of every file and, with an empty file name, of each feed. Which file keeps a record
   * that several hold is a matter of reading order; a feed's totals are not.
   */
  public List<Map<String, String>> balance() {
    List<Map<String, String>> rows = new ArrayList<>();
    rows.addAll(balance("events", events.balances()));
    rows.addAll(balance("orders", orderEvents.balances()));
    return sorted(rows);
  }

  private static List<Map<String, String>> balance(String feed, List<Balance> files) {
    List<Balance> all = new ArrayList<>(files);
    all.add(
        new Balance(
            "",
            files.stream().mapToLong(Balance::records).sum(),
            files.stream().mapToLong(Balance::accepted).sum(),
            files.stream().mapToLong(Balance::duplicate).sum(),
            files.stream().mapToLong(Balance::rejected).sum(),
            files.stream().mapToLong(Balance::blank).sum()));
    List<Map<String, String>> rows = new ArrayList<>();
    for (Balance file : all) {
      Row row = new Row();
      row.put("feed", feed);
      row.put("file", file.file());
      row.put("records", file.records());
      row.put("accepted", file.accepted());
      row.put("duplicate", file.duplicate());
      row.put("rejected", file.rejected());
      row.put("blank", file.blank());
      rows.add(row.cells());
    }
    return rows;
  }

  /** Every rejected line in reading order: feed, file, line from 1, code and field at fault. */
  public List<Map<String, String>> rejections() {
    List<Map<String, String>> rows = new ArrayList<>();
    rows.addAll(rejections("events", events.rejections()));
    rows.addAll(rejections("orders", orderEvents.rejections()));
    return rows;
  }

  private static List<Map<String, String>> rejections(String feed, List<Rejection> rejections) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Rejection rejection : rejections) {
      Row row = new Row();
      row.put("feed", feed);
      row.put("file", rejection.file());
      row.put("line", rejection.line());
      row.put("code", rejection.code());
      row.put("field", rejection.field());
      rows.add(row.cells());
    }
    return rows;
  }

  /** Rows of the silver tables, and outbound links by certainty (bots and blocked included). */
  public List<Map<String, String>> silverCounts() {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("sessions", (long) clicks.sessions);
    counts.put("touchpoints", (long) clicks.touches.size());
    counts.put("orders", (long) sales.orders.size());
    for (Outbound outbound : clicks.outbounds) {
      String certainty = outbound.link() == null ? "unparsable" : outbound.link().certainty();
      counts.merge("outbound_links " + certainty, 1L, Long::sum);
    }
    List<Map<String, String>> rows = new ArrayList<>();
    counts.forEach(
        (counted, count) -> {
          Row row = new Row();
          row.put("counted", counted);
          row.put("count", count);
          rows.add(row.cells());
        });
    return rows;
  }

  /** silver.outbound_links, some columns: where to look when a figure of leakage differs. */
  public List<Map<String, String>> outboundLinks() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Outbound outbound : clicks.outbounds) {
      Link link = outbound.link();
      Row row = new Row();
      row.put("event_id", outbound.event().eventId());
      row.put("event_type", outbound.event().eventType());
      row.put("event_at", outbound.event().at());
      row.put("event_date", outbound.date());
      row.put("market", outbound.event().market());
      row.put("registrable_domain", link == null ? null : link.registrableDomain());
      row.put("merchant_group", link == null ? null : link.merchantGroup());
      row.put("parent_group", link == null ? null : link.parentGroup());
      row.put("link_kind", link == null ? "unparsable" : link.kind());
      row.put("certainty", link == null ? "unparsable" : link.certainty());
      row.put("is_competitor", link != null && link.isCompetitor());
      row.put("is_bot", outbound.isBot());
      rows.add(row.cells());
    }
    return sorted(rows);
  }

  /** silver.touchpoints, some columns. */
  public List<Map<String, String>> touchpoints() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Touch touch : clicks.touches) {
      Row row = new Row();
      row.put("event_id", touch.event().eventId());
      row.put("event_type", touch.event().eventType());
      row.put("touch_at", touch.event().at());
      row.put("touch_date", touch.date());
      row.put("market", touch.event().market());
      row.put("is_entry", touch.isEntry());
      row.put("is_outbound", touch.isOutbound());
      row.put("touch_class", touch.touchClass());
      row.put("channel", touch.channel());
      row.put("interaction", touch.interaction());
      row.put("merchant_group", touch.merchantGroup());
      rows.add(row.cells());
    }
    return sorted(rows);
  }

  /** silver.order_history, some columns: sales, cancellations and refunds of lines only. */
  public List<Map<String, String>> orderHistory() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Movement movement : counted) {
      Amounts reporting = movement.reporting();
      boolean isSale = movement.entry().equals("sale");
      Row row = new Row();
      row.put("order_id", movement.order().orderId());
      row.put("order_event_id", movement.orderEventId());
      row.put("line_id", movement.lineId());
      row.put("entry", movement.entry());
      row.put("entry_date", movement.date());
      row.put("order_at", movement.order().orderAt());
      row.put("market", movement.order().market());
      row.put("currency", movement.order().currency());
      row.put("sales_channel", movement.order().salesChannel());
      row.put("merchant_group", movement.order().merchantGroup());
      row.put("is_linked", movement.isLinked());
      row.put("units", movement.units());
      row.put("gmv_local", isSale ? movement.local().gmv() : null);
      row.put("reversed_local", isSale ? null : movement.local().reversed());
      row.put("gmv_reporting", isSale && reporting != null ? reporting.gmv() : null);
      row.put("reversed_reporting", isSale || reporting == null ? null : reporting.reversed());
      rows.add(row.cells());
    }
    return sorted(rows);
  }

  /** gold.attribution_credits, some columns; amounts of reversals are negative. */
  public List<Map<String, String>> attributionCredits() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Credit credit : credits.credits) {
      boolean isSale = credit.movement().entry().equals("sale");
      BigDecimal sign = isSale ? BigDecimal.ONE : BigDecimal.ONE.negate();
      Row row = new Row();
      row.put("order_id", credit.movement().order().orderId());
      row.put("order_event_id", credit.movement().orderEventId());
      row.put("line_id", credit.movement().lineId());
      row.put("entry", credit.movement().entry());
      row.put("model", credit.model());
      row.put("touch_set", credit.touchSet());
      row.put("touch_event_id", credit.touch() == null ? null : credit.touch().event().eventId());
      row.put("touch_class", credit.touch() == null ? UNATTRIBUTED : credit.touch().touchClass());
      row.put("credit_date", credit.movement().date());
      row.put("net_credit_local", credit.local().multiply(sign));
      row.put(
          "net_credit_reporting",
          credit.reporting() == null ? null : credit.reporting().multiply(sign));
      rows.add(row.cells());
    }
    return sorted(rows);
  }

  /** Every gold table the oracle knows, by its name in the order they are written. */
  public Map<String, List<Map<String, String>>> gold() {
    Map<String, List<Map<String, String>>> tables = new LinkedHashMap<>();
    tables.put("daily_gmv", dailyGmv());
    DailyTables daily =
        new DailyTables(
            conf,
            counted,
            (market, date) -> {
              Instant watermark = watermark(market);
              return watermark != null && !watermark.isBefore(conf.endOf(date, market));
            });
    tables.put("daily_gmv_category", sorted(daily.byCategory()));
    tables.put("daily_external_gmv", sorted(daily.external()));
    tables.put("daily_economics", sorted(daily.economics()));
    tables.put("loss_budget", sorted(daily.lossBudget()));
    tables.put("goal_progress", sorted(daily.goalProgress()));
    tables.put("region_exposure", sorted(daily.regions()));
    tables.put("creator_daily", sorted(daily.byCreator()));
    tables.put("customer_daily", sorted(daily.customers()));
    tables.put("daily_attribution", dailyAttribution());
    tables.put("channel_weights", channelWeights());
    tables.put("model_comparison", modelComparison());
    tables.put("paths", paths());
    tables.put("leaked_links", leakedLinks());
    tables.put("daily_leakage", dailyLeakage());
    tables.put("daily_conversion", dailyConversion());
    tables.put("daily_leaks", dailyLeaks());
    tables.put("creator_leakage", creatorLeakage());
    return tables;
  }

  /** gold.daily_gmv. */
  public List<Map<String, String>> dailyGmv() {
    List<Movement> inApp =
        sales.movements.stream()
            .filter(movement -> movement.order().salesChannel().equals("in_app"))
            .toList();
    Map<List<Object>, List<Movement>> groups =
        grouped(
            inApp,
            movement ->
                Arrays.asList(
                    movement.order().market(), movement.date(), movement.order().currency()));
    List<Map<String, String>> rows = new ArrayList<>();
    groups.forEach((key, moves) -> rows.add(dailyGmv(key, moves)));
    return sorted(rows);
  }

  private Map<String, String> dailyGmv(List<Object> key, List<Movement> moves) {
    String market = (String) key.get(0);
    LocalDate date = (LocalDate) key.get(1);
    String currency = (String) key.get(2);
    List<Movement> sold = moves.stream().filter(move -> move.entry().equals("sale")).toList();
    long orders = sold.stream().map(move -> move.order().orderId()).distinct().count();
    Instant watermark = watermark(market);
    Row row = new Row();
    row.put("market", market);
    row.put("gmv_date", date);
    row.put("currency", currency);
    row.put("reporting_currency", Conf.REPORTING_CURRENCY);
    row.put("is_complete", watermark != null && !watermark.isBefore(conf.endOf(date, market)));
    row.put("orders", orders);
    row.put(
        "buyers",
        sold.stream()
            .map(move -> move.order().person())
            .filter(Objects::nonNull)
            .distinct()
            .count());
    row.put("units", sold.stream().mapToLong(Movement::units).sum());
    amounts(row, "_local", moves, Movement::local, orders, Money.digits(currency));
    amounts(
        row,
        "_reporting",
        moves,
        Movement::reporting,
        orders,
        Money.digits(Conf.REPORTING_CURRENCY));
    if (moves.stream().allMatch(move -> move.reporting() == null)) {
      row.forgetWhatEndsIn("_reporting");
    }
    row.put("missing_rates", moves.stream().filter(move -> move.reporting() == null).count());
    return row.cells();
  }

  private static void amounts(
      Row row,
      String suffix,
      List<Movement> moves,
      Function<Movement, Amounts> currency,
      long orders,
      int digits) {
    BigDecimal gmv = sum(moves, "sale", currency, Amounts::gmv);
    BigDecimal sellerDiscount = sum(moves, "sale", currency, Amounts::sellerDiscount);
    BigDecimal cancelled = sum(moves, "cancelled", currency, Amounts::reversed);
    BigDecimal refunded = sum(moves, "refunded", currency, Amounts::reversed);
    row.put("gmv" + suffix, gmv);
    row.put("seller_discount" + suffix, sellerDiscount);
    row.put("platform_discount" + suffix, sum(moves, "sale", currency, Amounts::platformDiscount));
    row.put("shipping_fee" + suffix, sum(moves, "sale", currency, Amounts::shippingFee));
    row.put("shipping_subsidy" + suffix, sum(moves, "sale", currency, Amounts::shippingSubsidy));
    row.put("tax" + suffix, sum(moves, "sale", currency, Amounts::tax));
    row.put("cancelled" + suffix, cancelled);
    row.put("refunded" + suffix, refunded);
    row.put(
        "net_gmv" + suffix, gmv.subtract(sellerDiscount).subtract(cancelled).subtract(refunded));
    if (suffix.equals("_reporting")) {
      row.put("fx_effect" + suffix, DailyTables.fxEffect(moves));
    }
    row.put(
        "average_order_value" + suffix,
        orders == 0 ? null : gmv.divide(BigDecimal.valueOf(orders), digits, RoundingMode.HALF_UP));
    row.put("adjustment" + suffix, sum(moves, "adjustment", currency, Amounts::reversed));
    row.put("excess_refund" + suffix, sum(moves, "excess_refund", currency, Amounts::reversed));
  }

  /** Movements without a rate have no reporting amounts and are left out of their sums. */
  private static BigDecimal sum(
      List<Movement> moves,
      String entry,
      Function<Movement, Amounts> currency,
      Function<Amounts, BigDecimal> amount) {
    return Money.sum(
        moves.stream()
            .filter(move -> move.entry().equals(entry))
            .map(currency)
            .filter(Objects::nonNull)
            .map(amount)
            .toList());
  }

  /** The smaller of both feeds' largest event_at not later than its received_at, or null. */
  private Instant watermark(String market) {
    Instant clicksUntil =
        events.accepted().stream()
            .filter(event -> event.market().equals(market))
            .filter(event -> isInTime(event.at(), event.receivedAt()))
            .map(Event::at)
            .max(Instant::compareTo)
            .orElse(null);
    Instant ordersUntil =
        orderEvents.accepted().stream()
            .filter(event -> event.market().equals(market))
            .filter(event -> isInTime(event.at(), event.receivedAt()))
            .map(OrderEvent::at)
            .max(Instant::compareTo)
            .orElse(null);
    if (clicksUntil == null || ordersUntil == null) {
      return null;
    }
    return clicksUntil.isBefore(ordersUntil) ? clicksUntil : ordersUntil;
  }

  private static boolean isInTime(Instant at, Instant receivedAt) {
    return receivedAt == null || !at.isAfter(receivedAt);
  }

  /** gold.daily_attribution. */
  public List<Map<String, String>> dailyAttribution() {
    Map<List<Object>, List<Credit>> groups =
        grouped(
            credits.credits,
            credit ->
                Arrays.asList(
                    credit.movement().order().market(),
                    credit.movement().date(),
                    credit.movement().order().currency(),
                    credit.movement().order().salesChannel(),
                    credit.model(),
                    credit.touchSet(),
                    credit.touch() == null ? UNATTRIBUTED : credit.touch().touchClass(),
                    credit.touch() == null ? null : credit.touch().channel(),
                    credit.touch() == null ? null : credit.touch().event().surface(),
                    credit.touch() == null ? null : credit.touch().event().creatorId()));
    List<String> keys =
        List.of(
            "market",
            "credit_date",
            "currency",
            "sales_channel",
            "model",
            "touch_set",
            "touch_class",
            "channel",
            "surface",
            "creator_id");
    List<Map<String, String>> rows = new ArrayList<>();
    groups.forEach(
        (key, group) -> {
          Row row = new Row();
          for (int i = 0; i < keys.size(); i++) {
            row.put(keys.get(i), key.get(i));
          }
          List<Credit> sold =
              group.stream().filter(credit -> credit.movement().entry().equals("sale")).toList();
          List<Credit> reversed =
              group.stream().filter(credit -> !credit.movement().entry().equals("sale")).toList();
          BigDecimal local = total(sold, Credit::local);
          BigDecimal reporting = total(sold, Credit::reporting);
          row.put(
              "orders",
              sold.stream().map(credit -> credit.movement().order().orderId()).distinct().count());
          row.put("credit_local", local);
          row.put("credit_reporting", reporting);
          row.put("net_credit_local", local.subtract(total(reversed, Credit::local)));
          row.put("net_credit_reporting", reporting.subtract(total(reversed, Credit::reporting)));
          if (group.stream().allMatch(credit -> credit.reporting() == null)) {
            row.forgetWhatEndsIn("_reporting");
          }
          rows.add(row.cells());
        });
    return sorted(rows);
  }

  private static BigDecimal total(List<Credit> credits, Function<Credit, BigDecimal> amount) {
    return Money.sum(credits.stream().map(amount).filter(Objects::nonNull).toList());
  }

  /** gold.channel_weights. */
  public List<Map<String, String>> channelWeights() {
    List<Map<String, String>> rows = new ArrayList<>();
    markov.weights.forEach(
        (key, known) -> {
          BigDecimal total = Money.sum(List.copyOf(known.byChannel().values()));
          known
              .byChannel()
              .forEach(
                  (channel, weight) -> {
                    BigDecimal share =
                        total.signum() == 0
                            ? BigDecimal.ZERO
                            : weight.divide(total, 12, RoundingMode.HALF_EVEN);
                    Row row = new Row();
                    row.put("market", key.market());
                    row.put("week_date", key.week());
                    row.put("sales_channel", key.salesChannel());
                    row.put("touch_set", key.touchSet());
                    row.put("model", "markov");
                    row.put("channel", channel);
                    row.put("channel_weight", weight);
                    row.put("channel_share", share);
                    row.put(
                        "channel_conversions",
                        share
                            .multiply(BigDecimal.valueOf(known.converted()))
                            .setScale(6, RoundingMode.HALF_EVEN));
                    row.put("period_from", key.week().minusDays(28));
                    row.put("period_to", key.week().minusDays(1));
                    row.put("paths", known.paths());
                    row.put("converted_paths", known.converted());
                    rows.add(row.cells());
                  });
        });
    return sorted(rows);
  }

  /** gold.model_comparison. */
  public List<Map<String, String>> modelComparison() {
    Map<List<Object>, List<Credit>> days =
        grouped(
            credits.credits,
            credit ->
                List.of(
                    credit.movement().order().market(),
                    credit.movement().date(),
                    credit.movement().order().currency(),
                    credit.movement().order().salesChannel(),
                    credit.touchSet()));
    List<Map<String, String>> rows = new ArrayList<>();
    days.forEach((day, ofDay) -> modelComparison(rows, day, ofDay));
    return sorted(rows);
  }

  private static void modelComparison(
      List<Map<String, String>> rows, List<Object> day, List<Credit> ofDay) {
    Map<List<Object>, List<Credit>> cells =
        grouped(ofDay, credit -> List.of(touchClass(credit), credit.model()));
    Map<List<Object>, BigDecimal> shares = new HashMap<>();
    Map<String, BigDecimal> totals = new HashMap<>();
    for (String model : Credits.MODELS) {
      totals.put(
          model,
          total(sold(ofDay).stream().filter(c -> c.model().equals(model)).toList(), Credit::local));
    }
    cells.forEach(
        (cell, ofCell) ->
            shares.put(
                cell, ratio(total(sold(ofCell), Credit::local), totals.get((String) cell.get(1)))));
    cells.forEach(
        (cell, ofCell) -> {
          Row row = new Row();
          row.put("market", day.get(0));
          row.put("credit_date", day.get(1));
          row.put("currency", day.get(2));
          row.put("sales_channel", day.get(3));
          row.put("touch_set", day.get(4));
          row.put("touch_class", cell.get(0));
          row.put("model", cell.get(1));
          row.put("credit_local", total(sold(ofCell), Credit::local));
          row.put(
              "credit_reporting",
              ofCell.stream().allMatch(credit -> credit.reporting() == null)
                  ? null
                  : total(sold(ofCell), Credit::reporting));
          row.put("gmv_local", totals.get((String) cell.get(1)));
          row.put("class_share", shares.get(cell));
          BigDecimal least = null;
          BigDecimal most = null;
          for (String model : Credits.MODELS) {
            List<Object> other = List.of(cell.get(0), model);
            BigDecimal share = cells.containsKey(other) ? shares.get(other) : BigDecimal.ZERO;
            if (share != null) {
              least = least == null ? share : least.min(share);
              most = most == null ? share : most.max(share);
            }
          }
          row.put(
              "model_spread",
              shares.get(cell) == null || least == null ? null : most.subtract(least));
          rows.add(row.cells());
        });
  }

  private static String touchClass(Credit credit) {
    return credit.touch() == null ? UNATTRIBUTED : credit.touch().touchClass();
  }

  private static List<Credit> sold(List<Credit> some) {
    return some.stream().filter(credit -> credit.movement().entry().equals("sale")).toList();
  }

  /** gold.paths. */
  public List<Map<String, String>> paths() {
    Map<List<Object>, List<Way>> groups =
        grouped(
            credits.ways.stream().filter(way -> !way.sales().isEmpty()).toList(),
            way ->
                Arrays.asList(
                    way.order().market(),
                    way.sales().get(0).date(),
                    way.order().currency(),
                    way.order().salesChannel(),
                    way.touchSet(),
                    steps(way.path())));
    List<Map<String, String>> rows = new ArrayList<>();
    groups.forEach(
        (key, ways) -> {
          Row row = new Row();
          row.put("market", key.get(0));
          row.put("credit_date", key.get(1));
          row.put("currency", key.get(2));
          row.put("sales_channel", key.get(3));
          row.put("touch_set", key.get(4));
          row.put("channels", key.get(5));
          row.put("orders", ways.size());
          List<Movement> sales = ways.stream().flatMap(way -> way.sales().stream()).toList();
          row.put("gmv_local", gmv(ways, Movement::local));
          row.put("gmv_reporting", gmv(ways, Movement::reporting));
          row.put(
              "median_length", median(ways.stream().map(way -> (long) way.path().size()).toList()));
          row.put(
              "median_lag_seconds",
              median(
                  ways.stream()
                      .filter(way -> !way.path().isEmpty())
                      .map(
                          way ->
                              Duration.between(
                                      way.path().get(0).event().at(), way.order().orderAt())
                                  .toSeconds())
                      .toList()));
          List<Way> assisted = ways.stream().filter(Oracle::isAssisted).toList();
          row.put("external_assisted_local", gmv(assisted, Movement::local));
          row.put("external_assisted_reporting", gmv(assisted, Movement::reporting));
          List<Way> twice = ways.stream().filter(Oracle::isClaimedTwice).toList();
          row.put("double_claimed_orders", twice.size());
          row.put("double_claimed_local", gmv(twice, Movement::local));
          row.put("double_claimed_reporting", gmv(twice, Movement::reporting));
          if (sales.stream().allMatch(sale -> sale.reporting() == null)) {
            row.forgetWhatEndsIn("_reporting");
          }
          rows.add(row.cells());
        });
    return sorted(rows);
  }

  private static BigDecimal gmv(List<Way> ways, Function<Movement, Amounts> amounts) {
    return Money.sum(
        ways.stream()
            .flatMap(way -> way.sales().stream())
            .map(amounts)
            .filter(Objects::nonNull)
            .map(Amounts::gmv)
            .toList());
  }

  private static String steps(List<Touch> path) {
    List<String> steps = new ArrayList<>();
    String before = null;
    for (Touch touch : path) {
      if (!touch.channel().equals(before)) {
        steps.add(touch.channel());
      }
      before = touch.channel();
    }
    if (steps.size() > 20) {
      List<String> shortened = new ArrayList<>(steps.subList(steps.size() - 19, steps.size()));
      shortened.add(0, "...");
      shortened.add(0, steps.get(0));
      steps = shortened;
    }
    return steps.isEmpty() ? null : String.join(" > ", steps);
  }

  private static BigDecimal median(List<Long> values) {
    if (values.isEmpty()) {
      return null;
    }
    List<Long> ascending = values.stream().sorted().toList();
    long twice = ascending.get((ascending.size() - 1) / 2) + ascending.get(ascending.size() / 2);
    return BigDecimal.valueOf(twice).divide(BigDecimal.valueOf(2));
  }

  private static boolean isAssisted(Way way) {
    List<Touch> path = way.path();
    return path.stream().anyMatch(touch -> touch.touchClass().equals("external_link"))
        && !path.get(path.size() - 1).touchClass().equals("external_link");
  }

  /** By an ad's click of 7 days or view of 1 day, and by an affiliate's click of 14 days. */
  private static boolean isClaimedTwice(Way way) {
    boolean byAd = false;
    boolean byAffiliate = false;
    for (Touch touch : way.path()) {
      Duration ago = Duration.between(touch.event().at(), way.order().orderAt());
      boolean isClick = touch.interaction().equals("click");
      if (touch.channel().equals("shop_ads")) {
        byAd |= ago.compareTo(Duration.ofDays(isClick ? 7 : 1)) <= 0;
      }
      if (touch.channel().equals("affiliate")) {
        byAffiliate |= isClick && ago.compareTo(Duration.ofDays(14)) <= 0;
      }
    }
    return byAd && byAffiliate;
  }

  /** Human outbound clicks, blocked ones apart. */
  private List<Outbound> humanClicks() {
    return clicks.outbounds.stream()
        .filter(outbound -> !outbound.isBot())
        .filter(outbound -> outbound.event().eventType().equals("outbound_click"))
        .toList();
  }

  private static boolean isCompetitor(Outbound outbound) {
    return outbound.link() != null
        && outbound.link().isCompetitor()
        && Set.of("direct", "decoded", "known").contains(outbound.link().certainty());
  }

  private static boolean isOpaque(Outbound outbound) {
    return outbound.link() != null && outbound.link().certainty().equals("opaque");
  }

  /** gold.leaked_links. */
  public List<Map<String, String>> leakedLinks() {
    Map<List<Object>, List<Outbound>> groups =
        grouped(
            humanClicks().stream()
                .filter(outbound -> isCompetitor(outbound) || isOpaque(outbound))
                .toList(),
            outbound ->
                Arrays.asList(
                    outbound.event().market(),
                    outbound.date(),
                    outbound.link().registrableDomain(),
                    outbound.link().merchantGroup(),
                    outbound.link().parentGroup(),
                    outbound.link().certainty(),
                    outbound.event().creatorId(),
                    outbound.event().contentId(),
                    outbound.event().productId()));
    List<String> keys =
        List.of(
            "market",
            "click_date",
            "registrable_domain",
            "merchant_group",
            "parent_group",
            "certainty",
            "creator_id",
            "content_id",
            "product_id");
    List<Map<String, String>> rows = new ArrayList<>();
    groups.forEach(
        (key, group) -> {
          Row row = new Row();
          for (int i = 0; i < keys.size(); i++) {
            row.put(keys.get(i), key.get(i));
          }
          row.put("clicks", group.size());
          row.put("people", people(group));
          rows.add(row.cells());
        });
    return sorted(rows);
  }

  private static long people(Collection<Outbound> outbounds) {
    return outbounds.stream().map(outbound -> outbound.event().person()).distinct().count();
  }

  /** gold.daily_leakage. */
  public List<Map<String, String>> dailyLeakage() {
    List<Touch> productClicks =
        clicks.touches.stream()
            .filter(touch -> touch.event().eventType().equals("product_click"))
            .toList();
    Map<List<Object>, List<Outbound>> outByDay =
        grouped(humanClicks(), click -> List.of(click.event().market(), click.date()));
    Map<List<Object>, List<Touch>> inByDay =
        grouped(productClicks, touch -> List.of(touch.event().market(), touch.date()));
    Set<List<Object>> days = new LinkedHashSet<>(outByDay.keySet());
    days.addAll(inByDay.keySet());
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<Object> day : days) {
      List<Outbound> out = outByDay.getOrDefault(day, List.of());
      List<Touch> in = inByDay.getOrDefault(day, List.of());
      rows.add(leakage(day, "market", "", out, in.size(), highOf(out)));
      ofDestinations(rows, day, "destination", out, in, click -> click.link().merchantGroup());
      ofDestinations(rows, day, "parent", out, in, click -> click.link().parentGroup());
      ofValues(rows, day, "creator", out, in, Event::creatorId);
      ofValues(rows, day, "content", out, in, Event::contentId);
      ofValues(rows, day, "category", out, in, Event::category);
      ofValues(rows, day, "product", out, in, Event::productId);
    }
    return sorted(rows);
  }

  /** Clicks to one destination: K_g / (K + I), with K and I of the market. */
  private static void ofDestinations(
      List<Map<String, String>> rows,
      List<Object> day,
      String level,
      List<Outbound> out,
      List<Touch> in,
      Function<Outbound, String> destination) {
    List<Outbound> competitor = out.stream().filter(Oracle::isCompetitor).toList();
    Set<String> destinations = new HashSet<>();
    competitor.forEach(click -> destinations.add(destination.apply(click)));
    destinations.remove(null);
    for (String one : destinations) {
      List<Outbound> to =
          competitor.stream().filter(click -> one.equals(destination.apply(click))).toList();
      BigDecimal toIt = BigDecimal.valueOf(to.size());
      BigDecimal low = BigDecimal.valueOf((long) competitor.size() + in.size());
      rows.add(leakage(day, level, one, to, in.size(), toIt, ratio(toIt, low), ratio(toIt, low)));
    }
  }

  /** Clicks with one value of a column of the event. */
  private static void ofValues(
      List<Map<String, String>> rows,
      List<Object> day,
      String level,
      List<Outbound> out,
      List<Touch> in,
      Function<Event, String> value) {
    Set<String> values = new HashSet<>();
    out.forEach(click -> values.add(value.apply(click.event())));
    in.forEach(touch -> values.add(value.apply(touch.event())));
    values.remove(null);
    for (String one : values) {
      List<Outbound> outOfIt =
          out.stream().filter(click -> one.equals(value.apply(click.event()))).toList();
      long inOfIt = in.stream().filter(touch -> one.equals(value.apply(touch.event()))).count();
      rows.add(leakage(day, level, one, outOfIt, inOfIt, highOf(outOfIt)));
    }
  }

  /** K high: competitor clicks and the opaque ones by their kind's P(competitor). */
  private static BigDecimal highOf(List<Outbound> out) {
    BigDecimal high = BigDecimal.ZERO;
    for (Outbound click : out) {
      if (isCompetitor(click)) {
        high = high.add(BigDecimal.ONE);
      } else if (isOpaque(click)) {
        high = high.add(OPAQUE_COMPETITOR.getOrDefault(click.link().kind(), BigDecimal.ZERO));
      }
    }
    return high;
  }

  private static Map<String, String> leakage(
      List<Object> day, String level, String value, List<Outbound> out, long in, BigDecimal high) {
    BigDecimal inside = BigDecimal.valueOf(in);
    BigDecimal low = BigDecimal.valueOf(out.stream().filter(Oracle::isCompetitor).count());
    return leakage(
        day,
        level,
        value,
        out,
        in,
        high,
        ratio(low, low.add(inside)),
        ratio(high, high.add(inside)));
  }

  private static Map<String, String> leakage(
      List<Object> day,
      String level,
      String value,
      List<Outbound> out,
      long in,
      BigDecimal high,
      BigDecimal rateLow,
      BigDecimal rateHigh) {
    List<Outbound> competitor = out.stream().filter(Oracle::isCompetitor).toList();
    Row row = new Row();
    row.put("market", day.get(0));
    row.put("click_date", day.get(1));
    row.put("level", level);
    row.put("level_value", value);
    row.put("product_clicks", in);
    row.put("outbound_clicks", out.size());
    row.put("competitor_clicks", competitor.size());
    row.put("opaque_clicks", out.stream().filter(Oracle::isOpaque).count());
    row.put("competitor_clicks_high", high);
    row.put("leak_rate_low", rateLow);
    row.put("leak_rate_high", rateHigh);
    row.put("people", people(competitor));
    return row.cells();
  }

  /** silver.leaks of both windows, settled. */
  private Leaks leaks() {
    if (leaks == null) {
      Map<String, Instant> watermarks = new TreeMap<>();
      for (String market : conf.markets.keySet()) {
        Instant watermark = watermark(market);
        if (watermark != null) {
          watermarks.put(market, watermark);
        }
      }
      leaks =
          new Leaks(
              humanClicks().stream().map(Oracle::leakClick).toList(),
              sales.sold,
              credits.identifications,
              watermarks);
    }
    return leaks;
  }

  private static Leaks.Click leakClick(Outbound outbound) {
    Event event = outbound.event();
    Link link = outbound.link();
    return new Leaks.Click(
        event.eventId(),
        event.at(),
        outbound.date(),
        event.market(),
        event.userId(),
        event.deviceId(),
        isCompetitor(outbound) ? "competitor" : isOpaque(outbound) ? "possible" : "not_competitor",
        link == null ? null : link.merchantGroup(),
        link == null ? null : link.parentGroup(),
        link == null ? "unparsable" : link.kind(),
        event.productId(),
        event.category(),
        Links.productKey(link),
        event.creatorId(),
        event.contentId());
  }

  /** silver.leaks, the columns that the definitions name. */
  public List<Map<String, String>> silverLeaks() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Leaks.Leak leak : leaks().leaks) {
      Row row = new Row();
      row.put("event_id", leak.opening.id());
      row.put("window_days", leak.days);
      row.put("leak_date", leak.opening.date());
      row.put("state", leak.state());
      row.put("is_mature", leak.isMature);
      row.put("is_confirmed", !leak.confirming.isEmpty());
      row.put("is_recaptured", !leak.recapturing.isEmpty());
      row.put(
          "click_ids", leak.clicks.stream().map(Leaks.Click::id).collect(Collectors.joining(" ")));
      row.put("confirmed_lines", leak.confirming.size());
      row.put("recaptured_lines", leak.recapturing.size());
      rows.add(row.cells());
    }
    return sorted(rows);
  }

  private List<Leaks.ProductClick> productClicks() {
    return clicks.touches.stream()
        .filter(touch -> touch.event().eventType().equals("product_click"))
        .map(
            touch ->
                new Leaks.ProductClick(
                    touch.event().at(),
                    touch.date(),
                    touch.event().market(),
                    touch.event().userId(),
                    touch.event().deviceId(),
                    touch.event().productId(),
                    touch.event().category()))
        .toList();
  }

  private List<Leaks.Line> inAppLines() {
    return sales.sold.stream().filter(Leaks.Line::isInApp).toList();
  }

  /** In-app lines whose person clicked the product in so many days before. */
  private List<Leaks.Line> following(List<Leaks.ProductClick> productClicks, int days) {
    Map<String, List<Leaks.ProductClick>> byProduct =
        productClicks.stream()
            .filter(click -> click.product() != null)
            .collect(Collectors.groupingBy(Leaks.ProductClick::product));
    return inAppLines().stream()
        .filter(line -> line.product() != null && byProduct.containsKey(line.product()))
        .filter(line -> leaks().followsClick(line, byProduct.get(line.product()), days))
        .toList();
  }

  /** gold.daily_conversion. */
  public List<Map<String, String>> dailyConversion() {
    List<Leaks.ProductClick> clicked = productClicks();
    Map<List<Object>, List<Leaks.ProductClick>> clicksOf =
        grouped(
            clicked,
            click ->
                Arrays.asList(click.market(), click.date(), click.category(), click.product()));
    Function<Leaks.Line, List<Object>> key =
        line -> Arrays.asList(line.market(), line.date(), line.category(), line.product());
    Map<List<Object>, List<Leaks.Line>> linesOf = grouped(inAppLines(), key);
    Map<List<Object>, List<Leaks.Line>> after1 = grouped(following(clicked, 1), key);
    Map<List<Object>, List<Leaks.Line>> after7 = grouped(following(clicked, 7), key);
    Set<List<Object>> keys = new LinkedHashSet<>(clicksOf.keySet());
    keys.addAll(linesOf.keySet());
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<Object> one : keys) {
      List<Leaks.Line> lines = linesOf.getOrDefault(one, List.of());
      Row row = new Row();
      row.put("market", one.get(0));
      row.put("conversion_date", one.get(1));
      row.put("category", one.get(2));
      row.put("product_id", one.get(3));
      row.put("product_clicks", clicksOf.getOrDefault(one, List.of()).size());
      row.put("lines", lines.size());
      row.put("units", lines.stream().mapToLong(Leaks.Line::units).sum());
      row.put("gmv_reporting", gmvOf(lines));
      row.put("lines_after_click_1d", after1.getOrDefault(one, List.of()).size());
      row.put("lines_after_click_7d", after7.getOrDefault(one, List.of()).size());
      rows.add(row.cells());
    }
    return sorted(rows);
  }

  private static BigDecimal gmvOf(List<Leaks.Line> lines) {
    return Money.sum(lines.stream().map(Leaks.Line::gmv).filter(Objects::nonNull).toList());
  }

  /** gold.daily_leaks; of the drawn intervals nothing. */
  public List<Map<String, String>> dailyLeaks() {
    List<Map<String, String>> rows = new ArrayList<>();
    Map<String, Function<Leaks.Click, String>> levels =
        Map.of(
            "market", click -> "",
            "destination", click -> click.kind().equals("competitor") ? click.group() : null,
            "parent", click -> click.kind().equals("competitor") ? click.parent() : null,
            "creator", Leaks.Click::creator,
            "content", Leaks.Click::content,
            "category", Leaks.Click::category,
            "product", Leaks.Click::product);
    List<Leaks.ProductClick> clicked = productClicks();
    Map<Integer, List<Leaks.Line>> following =
        Map.of(1, following(clicked, 1), 7, following(clicked, 7));
    Map<List<Object>, List<Leaks.Leak>> days =
        grouped(
            leaks().leaks.stream()
                .filter(leak -> !leak.opening.kind().equals("not_competitor"))
                .toList(),
            leak -> List.of(leak.opening.market(), leak.opening.date(), leak.days));
    days.forEach(
        (day, ofDay) -> {
          Worth worth =
              new Worth(
                  inAppLines(),
                  following.get((Integer) day.get(2)),
                  clicked,
                  (String) day.get(0),
                  (LocalDate) day.get(1));
          levels.forEach(
              (level, value) ->
                  grouped(
                          ofDay.stream().filter(leak -> value.apply(leak.opening) != null).toList(),
                          leak -> List.of(value.apply(leak.opening)))
                      .forEach(
                          (values, of) ->
                              rows.add(leakFigures(day, level, values.get(0), of, worth))));
        });
    return sorted(rows);
  }

  private Map<String, String> leakFigures(
      List<Object> day, String level, Object value, List<Leaks.Leak> all, Worth worth) {
    List<Leaks.Leak> mature = all.stream().filter(leak -> leak.isMature).toList();
    List<Leaks.Leak> confirmed = in("confirmed", mature);
    List<Leaks.Leak> recaptured = in("recaptured", mature);
    List<Leaks.Leak> possible = in("possible", mature);
    List<Leaks.Leak> unavoidable =
        mature.stream()
            .filter(leak -> !leak.state().equals("possible"))
            .filter(worth::isUnavoidable)
            .toList();
    long matureLeaks = mature.size() - (long) possible.size();
    BigDecimal confirmedGmv = BigDecimal.ZERO;
    BigDecimal estimate = BigDecimal.ZERO;
    BigDecimal apart = BigDecimal.ZERO;
    for (Leaks.Leak leak : mature) {
      BigDecimal worthOfIt =
          leak.state().equals("confirmed")
              ? gmvOf(leak.confirming)
              : leak.state().equals("leaked") ? worth.of(leak) : BigDecimal.ZERO;
      if (unavoidable.contains(leak)) {
        apart = apart.add(worthOfIt);
      } else if (leak.state().equals("confirmed")) {
        confirmedGmv = confirmedGmv.add(worthOfIt);
      } else {
        estimate = estimate.add(worthOfIt);
      }
    }
    BigDecimal opaque = BigDecimal.ZERO;
    BigDecimal opaqueHigh = BigDecimal.ZERO;
    for (Leaks.Leak leak : possible) {
      if (!worth.isUnavoidable(leak)) {
        BigDecimal chance =
            OPAQUE_COMPETITOR.getOrDefault(leak.opening.linkKind(), BigDecimal.ZERO);
        opaque = opaque.add(worth.of(leak).multiply(chance));
        opaqueHigh = opaqueHigh.add(worth.of(leak));
      }
    }
    BigDecimal leaked = cents(confirmedGmv.add(estimate));
    Row row = new Row();
    row.put("market", day.get(0));
    row.put("leak_date", day.get(1));
    row.put("level", level);
    row.put("level_value", value);
    row.put("window_days", day.get(2));
    row.put("leaks", all.stream().filter(leak -> !leak.state().equals("possible")).count());
    row.put("mature_leaks", matureLeaks);
    row.put("confirmed_leaks", confirmed.size());
    row.put("recaptured_leaks", recaptured.size());
    row.put("net_leaks", matureLeaks - recaptured.size());
    row.put(
        "recapture_rate",
        ratio(BigDecimal.valueOf(recaptured.size()), BigDecimal.valueOf(matureLeaks)));
    row.put("median_recapture_seconds", medianSeconds(recaptured));
    row.put("confirmed_gmv_reporting", cents(confirmedGmv));
    row.put("leaked_gmv_reporting", leaked);
    row.put(
        "commission_foregone_reporting",
        cents(leaked.multiply(conf.takeRate((String) day.get(0)))));
    row.put("possible_leaks", possible.size());
    row.put("opaque_gmv_reporting", cents(opaque));
    row.put("opaque_gmv_high_reporting", cents(opaqueHigh));
    row.put("unavoidable_leaks", unavoidable.size());
    row.put("unavoidable_gmv_reporting", cents(apart));
    return row.cells();
  }

  private static List<Leaks.Leak> in(String state, List<Leaks.Leak> leaks) {
    return leaks.stream().filter(leak -> leak.state().equals(state)).toList();
  }

  private static BigDecimal cents(BigDecimal amount) {
    return Money.rounded(amount, Money.digits(Conf.REPORTING_CURRENCY));
  }

  private static Long medianSeconds(List<Leaks.Leak> recaptured) {
    List<Duration> sorted = recaptured.stream().map(Leaks.Leak::recapturedAfter).sorted().toList();
    if (sorted.isEmpty()) {
      return null;
    }
    Duration upper = sorted.get(sorted.size() / 2);
    Duration lower = sorted.get((sorted.size() - 1) / 2);
    return lower.plus(upper).dividedBy(2).toSeconds();
  }

  /** gold.creator_leakage. */
  public List<Map<String, String>> creatorLeakage() {
    Map<List<Object>, List<Outbound>> clicksOf =
        grouped(
            humanClicks().stream()
                .filter(Oracle::isCompetitor)
                .filter(outbound -> outbound.event().creatorId() != null)
                .toList(),
            outbound ->
                List.of(outbound.event().market(), outbound.date(), outbound.event().creatorId()));
    Map<List<Object>, List<Leaks.Line>> linesOf =
        grouped(
            inAppLines().stream().filter(line -> line.creator() != null).toList(),
            line -> List.of(line.market(), line.date(), line.creator()));
    Map<List<Object>, Map<String, String>> worthOf = new java.util.HashMap<>();
    for (Map<String, String> row : dailyLeaks()) {
      if (row.get("level").equals("creator") && row.get("window_days").equals("7")) {
        worthOf.put(
            List.of(
                row.get("market"), LocalDate.parse(row.get("leak_date")), row.get("level_value")),
            row);
      }
    }
    Set<List<Object>> keys = new LinkedHashSet<>(clicksOf.keySet());
    keys.addAll(linesOf.keySet());
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<Object> key : keys) {
      Map<String, String> worth = worthOf.getOrDefault(key, Map.of());
      rows.add(
          creator(
              key,
              clicksOf.getOrDefault(key, List.of()),
              linesOf.getOrDefault(key, List.of()),
              new BigDecimal(worth.getOrDefault("leaked_gmv_reporting", "0")),
              new BigDecimal(worth.getOrDefault("commission_foregone_reporting", "0"))));
    }
    return sorted(rows);
  }

  private Map<String, String> creator(
      List<Object> key,
      List<Outbound> out,
      List<Leaks.Line> lines,
      BigDecimal leaked,
      BigDecimal foregone) {
    Map<String, Long> toEach =
        out.stream()
            .collect(
                Collectors.groupingBy(
                    outbound -> outbound.link().merchantGroup(),
                    TreeMap::new,
                    Collectors.counting()));
    String top = null;
    long squares = 0;
    for (Map.Entry<String, Long> one : toEach.entrySet()) {
      squares += one.getValue() * one.getValue();
      top = top == null || one.getValue() > toEach.get(top) ? one.getKey() : top;
    }
    BigDecimal commission = BigDecimal.ZERO;
    for (Leaks.Line line : lines) {
      BigDecimal rate =
          line.commissionRate() != null
              ? line.commissionRate()
              : conf.takeRate((String) key.get(0));
      commission = commission.add(line.gmv() == null ? BigDecimal.ZERO : line.gmv().multiply(rate));
    }
    commission = cents(commission);
    Row row = new Row();
    row.put("market", key.get(0));
    row.put("leak_date", key.get(1));
    row.put("creator_id", key.get(2));
    row.put("competitor_clicks", out.size());
    row.put("destinations", toEach.size());
    row.put("top_destination", top);
    row.put(
        "destination_hhi",
        ratio(BigDecimal.valueOf(squares), BigDecimal.valueOf((long) out.size() * out.size())));
    row.put("leaked_gmv_reporting", leaked);
    row.put("commission_foregone_reporting", foregone);
    row.put("gmv_reporting", gmvOf(lines));
    row.put("commission_reporting", commission);
    row.put("exposure", ratio(foregone, foregone.add(commission)));
    return row.cells();
  }

  private static BigDecimal ratio(BigDecimal part, BigDecimal whole) {
    return whole.signum() == 0 ? null : part.divide(whole, 6, RoundingMode.HALF_UP);
  }

  private static <T> Map<List<Object>, List<T>> grouped(
      Collection<T> things, Function<T, List<Object>> key) {
    return things.stream().collect(Collectors.groupingBy(key));
  }

  private static List<Map<String, String>> sorted(List<Map<String, String>> rows) {
    return rows.stream()
        .sorted(
            (a, b) ->
                Arrays.compare(
                    a.values().toArray(String[]::new), b.values().toArray(String[]::new)))
        .toList();
  }

  /** A row in the making. */
  static final class Row {
    private final Map<String, String> cells = new LinkedHashMap<>();

    void put(String column, Object value) {
      cells.put(column, canonical(value));
    }

    /** Amounts of which not one part is known are not 0 but NULL. */
    void forgetWhatEndsIn(String suffix) {
      cells.replaceAll((column, value) -> column.endsWith(suffix) ? "" : value);
    }

    Map<String, String> cells() {
      return cells;
    }
  }

  /** The one text of a value: NULL is empty, 2.50 is 2.5, 0.00 is 0. */
  static String canonical(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof BigDecimal) {
      BigDecimal decimal = (BigDecimal) value;
      return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }
    return value.toString();
  }
}
