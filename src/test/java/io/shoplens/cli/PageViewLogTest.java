package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log of page views as attribution data sets are published: campaign columns, a flag on the view
 * that converted, no order of any kind. By a mapping alone it gives the totals of each channel that
 * its paths give by hand.
 */
@Tag("long")
class PageViewLogTest {
  private static final int VISITORS = 10_000;

  /** Referrer, source and medium, and the channel that the shipped rules make of them. */
  private static final List<String[]> ORIGINS =
      List.of(
          new String[] {"", "", "", "direct"},
          new String[] {"https://www.google.com/", "", "", "organic_search"},
          new String[] {"https://www.google.com/", "google", "cpc", "paid_search"},
          new String[] {"https://l.facebook.com/l.php?u=x", "", "", "organic_social"},
          new String[] {"", "facebook", "paid_social", "paid_social"},
          new String[] {"", "newsletter", "email", "email"},
          new String[] {"https://blog.example.org/review", "", "", "referral_other"},
          new String[] {"", "awin", "affiliate", "affiliate"});

  private static final String CONFIGURATION =
      """
      lake:
        root: lake
      reference:
        dir: %s
      feeds:
        views:
          kind: events
          path: views
          format: csv
          fields: {visitor: visitor, at: viewed_at, referrer: referrer, source: utm_source, medium: utm_medium}
          mapping:
            event_id: concat_ws('-', 'v', visitor, at)
            event_type: "'inbound_visit'"
            event_at: at
            device_id: visitor
            market: "'US'"
            referrer_url: referrer
            utm_source: source
            utm_medium: medium
        conversions:
          kind: orders
          path: conversions
          format: csv
          grain: line
          fields: {visitor: visitor, at: viewed_at, converted: converted, revenue: revenue}
          mapping:
            _keep: converted = '1'
            order_event_id: concat_ws('-', 'o', visitor, at)
            order_id: concat_ws('-', 'o', visitor, at)
            order_event: array('placed', 'paid')
            event_at: at
            device_id: visitor
            market: "'US'"
            currency: "'USD'"
            line_id: "'1'"
            product_id: "'any'"
            quantity: "'1'"
            unit_price: revenue
      """;

  /** A page view; cents are those of a conversion, else 0. */
  private record View(int visitor, Instant at, String[] origin, long cents) {
    String line() {
      return String.join(
          ",",
          "visitor" + visitor,
          at.toString(),
          origin[0],
          origin[1],
          origin[2],
          cents > 0 ? "1" : "0",
          cents > 0 ? BigDecimal.valueOf(cents, 2).toPlainString() : "");
    }
  }

  @Test
  void totalsOfChannelsAreThoseOfThePaths(@TempDir Path folder) throws IOException {
    List<View> views = views();
    write(views, folder);

    EndToEnd.Outcome outcome =
        EndToEnd.shoplens("run", "--conf", folder.resolve("log.yaml").toString());

    assertThat(outcome.exit()).as(outcome.err() + outcome.out()).isZero();
    assertThat(views).hasSizeGreaterThan(55_000);
    assertThat(found(EndToEnd.lake(folder.resolve("lake")))).isEqualTo(byHand(views));
  }

  private static List<View> views() {
    Random random = new Random(5);
    List<View> views = new ArrayList<>();
    for (int visitor = 0; visitor < VISITORS; visitor++) {
      Instant at = Instant.parse("2026-03-01T05:00:00Z").plusSeconds(random.nextInt(2_000_000));
      int length = 1 + random.nextInt(11);
      for (int i = 0; i < length; i++) {
        at = at.plusSeconds(60 + random.nextInt(i % 3 == 0 ? 400_000 : 3_000));
        long cents = random.nextInt(9) == 0 ? 100 + random.nextInt(20_000) : 0;
        views.add(new View(visitor, at, ORIGINS.get(random.nextInt(ORIGINS.size())), cents));
      }
    }
    return views;
  }

  /** Three files with the views in no order at all. */
  private static void write(List<View> views, Path folder) throws IOException {
    Files.createDirectories(folder.resolve("views"));
    Files.createDirectories(folder.resolve("conversions"));
    List<View> shuffled = new ArrayList<>(views);
    Collections.shuffle(shuffled, new Random(6));
    for (int file = 0; file < 3; file++) {
      List<String> lines = new ArrayList<>();
      lines.add("visitor,viewed_at,referrer,utm_source,utm_medium,converted,revenue");
      for (int i = file; i < shuffled.size(); i += 3) {
        lines.add(shuffled.get(i).line());
      }
      Files.write(folder.resolve("views").resolve("part-" + file + ".csv"), lines);
      // A file belongs to one feed: the one of conversions has the same as a file of its own.
      Files.write(folder.resolve("conversions").resolve("part-" + file + ".csv"), lines);
    }
    Files.writeString(folder.resolve("log.yaml"), CONFIGURATION.formatted(EndToEnd.CONF));
  }

  /** Cents by model and channel. */
  private static Map<String, Long> found(Lake lake) {
    Map<String, Long> totals = new TreeMap<>();
    for (Row row :
        lake.query(
                "SELECT model, channel, sum(credit_local) FROM gold.daily_attribution WHERE"
                    + " touch_set = 'all' AND model IN ('first_touch', 'last_touch',"
                    + " 'last_non_direct', 'linear') GROUP BY model, channel")
            .collectAsList()) {
      totals.put(
          row.getString(0) + " " + row.getString(1),
          row.getDecimal(2).movePointRight(2).longValueExact());
    }
    return totals;
  }

  private static Map<String, Long> byHand(List<View> views) {
    Map<Integer, List<View>> ofVisitors = new HashMap<>();
    views.forEach(
        view -> ofVisitors.computeIfAbsent(view.visitor(), v -> new ArrayList<>()).add(view));
    Map<String, Long> totals = new TreeMap<>();
    for (View order : views) {
      if (order.cents() == 0) {
        continue;
      }
      List<View> path =
          ofVisitors.get(order.visitor()).stream()
              .filter(view -> !view.at().isAfter(order.at()))
              .filter(view -> !view.at().isBefore(order.at().minusSeconds(30 * 86_400L)))
              .sorted(Comparator.comparing(View::at))
              .toList();
      View last = path.get(path.size() - 1);
      View lastNonDirect = last;
      for (View view : path) {
        if (!view.origin()[3].equals("direct")) {
          lastNonDirect = view;
        }
        long earlier = path.indexOf(view);
        long part = order.cents() / path.size();
        boolean isRounded = earlier < order.cents() % path.size();
        totals.merge("linear " + view.origin()[3], part + (isRounded ? 1 : 0), Long::sum);
      }
      totals.merge("first_touch " + path.get(0).origin()[3], order.cents(), Long::sum);
      totals.merge("last_touch " + last.origin()[3], order.cents(), Long::sum);
      totals.merge("last_non_direct " + lastNonDirect.origin()[3], order.cents(), Long::sum);
    }
    return totals;
  }
}
