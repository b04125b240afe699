package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.lake.Lake;
import io.shoplens.table.CustomerDaily;
import io.shoplens.table.DailyGmv;
import io.shoplens.table.GmvMovements;
import io.shoplens.table.Orders;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of published figures when late data changes them. In Britain it is orders; in
 * Singapore a touch, after weeks enough for markov to know paths from before.
 */
class RestatementsTest {
  private static final String MARCH_2 = "2026-03-02T11:00:00Z";

  @Test
  void lateOrdersAreExplainedALateTouchCreditsItsWeeksAnewAndAClosedPeriodStands(
      @TempDir Path folder) throws IOException {
    Path events = Files.createDirectories(folder.resolve("events"));
    Path orders = Files.createDirectories(folder.resolve("orders"));
    Path root = folder.resolve("lake");
    Lake lake = EndToEnd.lake(root);
    write(
        events.resolve("1.json"),
        List.of(click("c1", MARCH_2), click("c2", "2026-03-06T10:00:00Z")));
    write(events.resolve("weeks.json"), touchesOfWeeks());
    write(orders.resolve("weeks.json"), ordersOfWeeks());

    List<String> first = new ArrayList<>(bought("o1", MARCH_2, "u1", "25.00"));
    first.addAll(bought("o2", "2026-03-06T10:00:00Z", "u1", "7.00"));
    first.add(event("o9", "refunded", "2026-03-03T12:00:00Z", "u9", ""));
    write(orders.resolve("1.json"), first);
    EndToEnd.run(events, orders, root);
    Expected before = Expected.of(events, orders);
    EndToEnd.assertGold(lake, before);
    assertThat(before.tables().get("channel_weights"))
        .anyMatch(row -> !row.get("paths").equals(row.get("converted_paths")))
        .anyMatch(row -> row.get("week_date").equals("2026-03-16"));
    assertThat(lake.read(GmvMovements.TABLE).count()).isZero();
    assertThat(orphans(lake)).containsExactly("{'order_id':'o9'}");
    assertThat(customers(lake)).containsExactly("03-02 1 0", "03-06 0 1");

    List<String> second = new ArrayList<>(bought("o9", MARCH_2, "u9", "20.00"));
    second.addAll(bought("o3", "2026-03-01T11:00:00Z", "u1", "10.00"));
    second.add(event("o1", "refunded", "2026-03-04T12:00:00Z", "u1", reversal("5.00")));
    write(orders.resolve("2.json"), second);
    write(
        events.resolve("late.json"),
        List.of(touch("late", "s1", "03-08T10:00:00Z", "product_click", "search")));
    EndToEnd.run(events, orders, root);
    Expected after = Expected.of(events, orders);
    EndToEnd.assertGold(lake, after);
    assertThat(markovOn("2026-03-16", after)).isNotEqualTo(markovOn("2026-03-16", before));
    assertThat(orphans(lake)).isEmpty();
    assertThat(customers(lake)).containsExactly("03-01 1 0", "03-02 1 1", "03-06 0 1");
    assertThat(moved(lake, "gmv_local"))
        .containsExactly(
            "03-01 NULL to 10.0000 on 03-01 by o3 o3-paid",
            "03-02 25.0000 to 45.0000 on 03-02 by o9 o9-paid",
            "03-03 NULL to 0.0000 on 03-03 by o9 o9-refunded",
            "03-04 NULL to 0.0000 on 03-04 by o1 o1-refunded");
    assertThat(moved(lake, "refunded_local"))
        .contains(
            "03-03 NULL to 20.0000 on 03-03 by o9 o9-refunded",
            "03-04 NULL to 5.0000 on 03-04 by o1 o1-refunded");

    List<String> march2 = Rows.json(lake.read(DailyGmv.TABLE).where("gmv_date = '2026-03-02'"));
    write(orders.resolve("3.json"), bought("o4", MARCH_2, "u4", "1.00"));
    EndToEnd.run(events, orders, root, "-D", "periods.closed-until=2026-03-03");
    assertThat(Rows.json(lake.read(DailyGmv.TABLE).where("gmv_date = '2026-03-02'")))
        .isEqualTo(march2);
    assertThat(moved(lake, "gmv_local"))
        .hasSize(5)
        .contains("03-02 45.0000 to 46.0000 on 03-04 by o4 o4-paid");
  }

  private static List<Map<String, String>> markovOn(String date, Expected expected) {
    return expected.tables().get("daily_attribution").stream()
        .filter(row -> row.get("credit_date").equals(date) && row.get("model").equals("markov"))
        .toList();
  }

  private static List<String> orphans(Lake lake) {
    return Rows.json(lake.read(Orders.TABLE).where("is_orphan"), "order_id");
  }

  private static List<String> customers(Lake lake) {
    return texts(
        lake,
        "SELECT concat_ws(' ', substr(gmv_date, 6), new_buyers, returning_buyers) FROM "
            + CustomerDaily.TABLE.name()
            + " WHERE market = 'GB'");
  }

  private static List<String> moved(Lake lake, String figure) {
    return texts(
        lake,
        "SELECT concat(substr(gmv_date, 6), ' ', coalesce(CAST(from_value AS STRING), 'NULL'),"
            + " ' to ', to_value,"
            + " ' on ', substr(posted_date, 6), ' by ', concat_ws(' ', flatten(transform("
            + "order_events, e -> array(e.order_id, e.order_event_id))))) FROM "
            + GmvMovements.TABLE.name()
            + " WHERE market = 'GB' AND figure = '"
            + figure
            + "'");
  }

  private static List<String> texts(Lake lake, String sql) {
    return lake.query(sql).collectAsList().stream().map(row -> row.getString(0)).sorted().toList();
  }

  private static List<String> bought(String order, String at, String user, String price) {
    String lines =
        ",'lines':[{'line_id':'1','product_id':'p','quantity':1,'unit_price':'" + price + "'}]";
    return List.of(event(order, "placed", at, user, lines), event(order, "paid", at, user, ""));
  }

  private static List<String> touchesOfWeeks() {
    return List.of(
        touch("e1", "s1", "03-02T10:00:00Z", "product_click", "live"),
        touch("e2", "s2", "03-02T10:00:00Z", "product_click", "search"),
        touch("e3", "s3", "03-03T10:00:00Z", "product_view", "feed"),
        "{'event_id':'out','event_type':'outbound_click','event_at':'2026-03-03T11:00:00Z',"
            + "'user_id':'s3','market':'SG','link_url':'https://www.amazon.com/dp/B000000001'}",
        touch("e4", "s4", "03-09T10:00:00Z", "product_click", "feed"),
        touch("e5", "s2", "03-16T10:00:00Z", "product_click", "live"),
        touch("e6", "s4", "03-16T11:00:00Z", "product_click", "search"),
        touch("e7", "s4", "03-16T11:10:00Z", "product_click", "feed"),
        touch("e8", "s5", "04-06T10:00:00Z", "product_click", "search"),
        touch("e9", "s5", "04-06T10:10:00Z", "product_click", "live"),
        touch("e10", "s5", "04-06T11:10:00Z", "product_view", "feed"));
  }

  private static List<String> ordersOfWeeks() {
    return Stream.of(
            bought("w1", "2026-03-09T12:00:00Z", "s1", "99.99"),
            bought("w2", "2026-03-16T12:00:00Z", "s2", "99.99"),
            bought("w4", "2026-03-16T12:00:00Z", "s4", "99.99"),
            bought("w5", "2026-04-06T12:00:00Z", "s5", "99.99"))
        .flatMap(List::stream)
        .map(line -> line.replace("'GB'", "'SG'").replace("GBP", "SGD"))
        .toList();
  }

  private static String touch(String id, String user, String at, String type, String surface) {
    return ("{'event_id':'%s','event_type':'%s','event_at':'2026-%s','user_id':'%s','market':'SG',"
            + "'surface':'%s','product_id':'p'}")
        .formatted(id, type, at, user, surface);
  }

  private static String reversal(String amount) {
    return ",'reversal':{'amount':'" + amount + "'}";
  }

  private static String event(String order, String kind, String at, String user, String more) {
    return ("{'order_event_id':'%s-%s','order_id':'%s','order_event':'%s','event_at':'%s',"
            + "'user_id':'%s','market':'GB','currency':'GBP'%s}")
        .formatted(order, kind, order, kind, at, user, more);
  }

  private static String click(String id, String at) {
    return ("{'event_id':'%s','event_type':'product_click','event_at':'%s','user_id':'u1',"
            + "'market':'GB','surface':'live','product_id':'p'}")
        .formatted(id, at);
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.write(file, lines.stream().map(line -> line.replace('\'', '"')).toList());
  }
}
