package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weeks enough for markov to know paths from before, and a touch that comes late. */
class MarkovWeeksTest {
  @Test
  void weeksAreCreditedByThePathsBeforeThemAndAnewOnceALateTouchChangesThose(@TempDir Path folder)
      throws IOException {
    Path events = Files.createDirectories(folder.resolve("events"));
    Path orders = Files.createDirectories(folder.resolve("orders"));
    Path lake = folder.resolve("lake");
    Files.write(
        events.resolve("a.json"),
        List.of(
            event("e1", "u1", "03-02T10:00:00Z", "product_click", "live"),
            event("e2", "u2", "03-02T10:00:00Z", "product_click", "search"),
            event("e3", "u3", "03-03T10:00:00Z", "product_view", "feed"),
            """
            {"event_id":"out","event_type":"outbound_click","event_at":"2026-03-03T11:00:00Z",\
            "user_id":"u3","market":"SG","link_url":"https://www.amazon.com/dp/B000000001"}""",
            event("e4", "u4", "03-09T10:00:00Z", "product_click", "feed"),
            event("e5", "u2", "03-16T10:00:00Z", "product_click", "live"),
            event("e6", "u4", "03-16T11:00:00Z", "product_click", "search"),
            event("e7", "u4", "03-16T11:10:00Z", "product_click", "feed"),
            event("e8", "u5", "04-06T10:00:00Z", "product_click", "search"),
            event("e9", "u5", "04-06T10:10:00Z", "product_click", "live"),
            event("e10", "u5", "04-06T11:10:00Z", "product_view", "feed")));
    Files.write(
        orders.resolve("a.json"),
        Stream.of(
                order("o1", "u1", "03-09T12:00:00Z"),
                order("o2", "u2", "03-16T12:00:00Z"),
                order("o4", "u4", "03-16T12:00:00Z"),
                order("o5", "u5", "04-06T12:00:00Z"))
            .flatMap(lines -> lines)
            .toList());

    EndToEnd.run(events, orders, lake);
    Expected first = Expected.of(events, orders);
    EndToEnd.assertGold(EndToEnd.lake(lake), first);
    assertThat(first.tables().get("channel_weights"))
        .anyMatch(row -> !row.get("paths").equals(row.get("converted_paths")))
        .anyMatch(row -> row.get("week_date").equals("2026-03-16"));

    Files.write(
        events.resolve("late.json"),
        List.of(event("late", "u1", "03-08T10:00:00Z", "product_click", "search")));
    EndToEnd.run(events, orders, lake);
    Expected second = Expected.of(events, orders);
    EndToEnd.assertGold(EndToEnd.lake(lake), second);
    assertThat(markovOn("2026-03-16", second)).isNotEqualTo(markovOn("2026-03-16", first));
  }

  private static List<Map<String, String>> markovOn(String date, Expected expected) {
    return expected.tables().get("daily_attribution").stream()
        .filter(row -> row.get("credit_date").equals(date) && row.get("model").equals("markov"))
        .toList();
  }

  private static String event(String id, String user, String at, String type, String surface) {
    return """
        {"event_id":"%s","event_type":"%s","event_at":"2026-%s","user_id":"%s","market":"SG",\
        "surface":"%s","product_id":"p"}"""
        .formatted(id, type, at, user, surface);
  }

  /** The lines of an order that is placed and paid at an instant. */
  private static Stream<String> order(String id, String user, String at) {
    String of =
        "\"order_id\":\"%s\",\"event_at\":\"2026-%s\",\"user_id\":\"%s\",\"market\":\"SG\",\"currency\":\"SGD\""
            .formatted(id, at, user);
    return Stream.of(
        """
        {"order_event_id":"%s-1","order_event":"placed",%s,"lines":[{"line_id":"1",\
        "product_id":"p","category":"c","quantity":1,"unit_price":"99.99"}]}"""
            .formatted(id, of),
        "{\"order_event_id\":\"%s-2\",\"order_event\":\"paid\",%s}".formatted(id, of));
  }
}
