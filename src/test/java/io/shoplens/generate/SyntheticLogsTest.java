package io.shoplens.generate;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shoplens.error.ShoplensException;
import io.shoplens.generate.LogFiles.Good;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticLogsTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant END = Instant.parse("2026-03-09T00:00:00Z");
  private static final Map<String, Integer> DIGITS =
      Map.of("USD", 2, "GBP", 2, "IDR", 2, "SGD", 2, "JPY", 0, "KWD", 3);

  @TempDir static Path folder;
  private static GeneratedLogs told;
  private static LogFiles logs;
  private static List<Good> events;
  private static List<Good> orderEvents;

  @BeforeAll
  static void generate() {
    Path out = folder.resolve("logs");
    told = SyntheticLogs.write(LocalSpark.session(), SampleLogs.settings(out.toString()));
    logs = LogFiles.read(out);
    events = logs.good("events");
    orderEvents = logs.good("orders");
  }

  private static LogFiles write(GenerateSettings settings) {
    SyntheticLogs.write(LocalSpark.session(), settings);
    return LogFiles.read(Path.of(settings.out()));
  }

  /** The reference: one part after the other, the last first, without Spark. */
  private static LogFiles writeAlone(GenerateSettings settings) throws IOException {
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(settings.out());
    FileSystem system = FileSystem.newInstance(out.toUri(), new Configuration());
    system.setWriteChecksum(false);
    for (int part = settings.effectiveParts() - 1; part >= 0; part--) {
      try (PartFiles files = new PartFiles(system, out)) {
        Part.write(settings, part, files);
      }
    }
    system.close();
    return LogFiles.read(Path.of(settings.out()));
  }

  private static String place(String name) {
    return folder.resolve(name).toString();
  }

  private static Instant instant(JsonNode value) {
    return value.isNumber()
        ? Instant.ofEpochMilli(value.asLong())
        : OffsetDateTime.parse(value.asText().replace(' ', 'T')).toInstant();
  }

  private static String person(Good record) {
    return Objects.requireNonNullElse(record.text("user_id"), record.text("device_id"));
  }

  @Test
  void equalSettingsGiveEqualBytesHoweverManyTasksRun() throws IOException {
    GenerateSettings settings = GenerateSettings.of(5_000, 3, 9, place("tasks")).withParts(5);

    LogFiles together = write(settings);
    LogFiles alone = writeAlone(GenerateSettings.of(5_000, 3, 9, place("alone")).withParts(5));

    assertThat(together.asText()).isEqualTo(alone.asText()).isNotEmpty();
    for (String name : together.files().keySet()) {
      assertThat(folder.resolve("tasks").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("alone").resolve(name));
    }
  }

  @Test
  void anotherSeedGivesOtherPeople() {
    Set<String> one = people(write(GenerateSettings.of(2_000, 2, 1, place("seed1"))));
    Set<String> two = people(write(GenerateSettings.of(2_000, 2, 2, place("seed2"))));

    assertThat(one).isNotEmpty().doesNotContainAnyElementsOf(two);
  }

  private static Set<String> people(LogFiles logs) {
    return logs.good("events").stream().map(SyntheticLogsTest::person).collect(toSet());
  }

  @Test
  void thereAreExactlyAsManyEventsAsAskedFor() {
    assertThat(ids(events, "event_id")).hasSize(20_000);
    assertThat(told.events()).isEqualTo(20_000);
    for (int count : new int[] {1, 7, 1_999, 61_001}) {
      LogFiles some =
          write(
              GenerateSettings.of(count, 2, 4, place("count" + count))
                  .withParts(count > 60_000 ? 1 : 0)
                  .withDuplicateRate(0));
      assertThat(some.good("events").stream().map(e -> e.text("event_id")))
          .as("%s events", count)
          .hasSize(count)
          .doesNotHaveDuplicates();
    }
  }

  private static Set<String> ids(List<Good> records, String field) {
    return records.stream().map(record -> record.text(field)).collect(toSet());
  }

  @Test
  void whatItTellsIsWhatItWrote() {
    long lines = logs.files().values().stream().mapToLong(List::size).sum();
    long blank =
        logs.files().values().stream().flatMap(List::stream).filter(l -> l.length == 0).count();
    long bytes =
        logs.files().values().stream().flatMap(List::stream).mapToLong(l -> l.length + 1).sum();

    assertThat(told)
        .isEqualTo(
            new GeneratedLogs(
                20_000,
                ids(orderEvents, "order_event_id").size(),
                logs.truth("orders").size(),
                logs.truth("outbound_clicks").size(),
                events.size()
                    + orderEvents.size()
                    - 20_000
                    - ids(orderEvents, "order_event_id").size(),
                0,
                logs.damagedCodes().size(),
                blank,
                logs.files().size(),
                bytes));
    assertThat(lines)
        .isEqualTo(
            told.events()
                + told.orderEvents()
                + told.duplicates()
                + 2 * told.damaged()
                + told.blank()
                + told.orders()
                + told.outboundClicks());
  }

  @Test
  void everyGoodEventHasWhatTheContractRequires() {
    List<String> order =
        List.of(
            "event_id",
            "event_type",
            "event_at",
            "received_at",
            "user_id",
            "device_id",
            "market",
            "region",
            "surface",
            "content_id",
            "creator_id",
            "product_id",
            "category",
            "ad_id",
            "link_url",
            "referrer_url",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "app_version",
            "platform",
            "user_agent");
    for (Good event : events) {
      assertThat(event.text("event_id")).matches("e[0-9a-f]{16}");
      assertThat(event.text("event_type")).isNotBlank();
      assertThat(event.text("market")).isIn("US", "GB", "ID", "SG");
      assertThat(event.json().hasNonNull("user_id") || event.json().hasNonNull("device_id"))
          .as(event.toString())
          .isTrue();
      assertThat(instant(event.json().get("event_at"))).isBetween(START, END);
      List<String> keys = new ArrayList<>();
      event.json().fieldNames().forEachRemaining(keys::add);
      List<String> known = keys.stream().filter(order::contains).toList();
      assertThat(known).isEqualTo(order.stream().filter(keys::contains).toList());
      assertThat(keys.subList(0, known.size())).isEqualTo(known);
      for (String key : known) {
        boolean isText = event.json().get(key).isTextual() || event.json().get(key).isNull();
        assertThat(isText || key.equals("event_at")).as(key + " of " + event).isTrue();
      }
    }
  }

  @Test
  void everyGoodOrderEventHasWhatTheContractRequires() {
    for (Good event : orderEvents) {
      String currency = event.text("currency");
      int digits = DIGITS.get(currency);
      assertThat(event.text("order_event_id")).startsWith(event.text("order_id") + "-");
      assertThat(event.text("order_event"))
          .isIn("placed", "paid", "shipped", "delivered", "cancelled", "refunded", "adjusted");
      assertThat(instant(event.json().get("event_at"))).isBetween(START, END);
      assertThat(event.text("market")).isIn("US", "GB", "ID", "SG");
      assertThat(event.json().has("lines")).isEqualTo(event.text("order_event").equals("placed"));
      assertThat("external".equals(event.text("sales_channel")))
          .isEqualTo(event.json().has("merchant_domain"));
      for (String amount :
          List.of("shipping_fee", "shipping_cost", "shipping_subsidy", "fulfilment_cost", "tax")) {
        amount(event.json().path(amount), digits);
      }
      for (JsonNode line : event.json().path("lines")) {
        BigDecimal price = amount(line.get("unit_price"), 6);
        BigDecimal discounts =
            amount(line.path("seller_discount"), digits)
                .add(amount(line.path("platform_discount"), digits));
        assertThat(line.get("quantity").isIntegralNumber()).isTrue();
        assertThat(line.get("quantity").asLong()).isPositive();
        assertThat(discounts)
            .isLessThanOrEqualTo(price.multiply(line.get("quantity").decimalValue()));
        assertThat(line.get("line_id").asText()).isNotBlank();
      }
      amount(event.json().path("reversal").path("amount"), digits);
    }
  }

  private static BigDecimal amount(JsonNode value, int digits) {
    if (value.isMissingNode()) {
      return BigDecimal.ZERO;
    }
    assertThat(value.isNumber() || value.isTextual()).as(value.toString()).isTrue();
    BigDecimal amount = new BigDecimal(value.asText());
    assertThat(amount.stripTrailingZeros().scale())
        .as(value.toString())
        .isLessThanOrEqualTo(digits);
    assertThat(amount).isNotNegative();
    return amount;
  }

  @Test
  void recordsLieInTheFolderOfTheDateOfReceipt() {
    for (Good record : Stream.of(events, orderEvents).flatMap(List::stream).toList()) {
      if (record.json().has("received_at")) {
        Instant received = instant(record.json().get("received_at"));
        assertThat(received).isAfterOrEqualTo(instant(record.json().get("event_at")));
        assertThat(received.toString().substring(0, 10))
            .as("later folders hold repeats only: %s", record)
            .isLessThanOrEqualTo(record.folderDate());
      }
    }
    Set<String> folders = events.stream().map(Good::folderDate).collect(toSet());
    assertThat(new TreeSet<>(folders))
        .containsExactly(
            "2026-03-02",
            "2026-03-03",
            "2026-03-04",
            "2026-03-05",
            "2026-03-06",
            "2026-03-07",
            "2026-03-08");
  }

  @Test
  void everyKindOfEventIsThere() {
    assertThat(ids(events, "event_type"))
        .containsExactlyInAnyOrder(
            "content_view",
            "product_impression",
            "product_view",
            "product_click",
            "add_to_cart",
            "checkout_started",
            "outbound_click",
            "outbound_blocked",
            "inbound_visit",
            "ad_impression",
            "ad_click",
            "search",
            "app_open",
            "video_like",
            "share");
    Set<String> surfaces = ids(events, "surface");
    surfaces.remove(null);
    assertThat(surfaces)
        .containsExactlyInAnyOrder(
            "feed", "live", "shop_tab", "search", "showcase", "profile", "ad");
    assertThat(ids(events, "market")).containsExactlyInAnyOrder("US", "GB", "ID", "SG");
    assertThat(ids(events, "region")).contains("US-CA", "US-HI", "ID-PA", "GB-SCT", null);
    assertThat(ids(events, "platform")).contains("ios", "android", "web");
    has(events, "an unknown field", e -> e.json().has("experiment"));
    has(events, "an unknown nested field", e -> e.json().path("network").isObject());
    has(events, "a NULL said aloud", e -> e.json().has("region") && e.text("region") == null);
    has(events, "letters beyond ASCII", e -> e.json().path("query").asText().contains("\u7f8e"));
    has(events, "an escaped quote", e -> e.json().path("query").asText().contains("\"ulang"));
    has(events, "epoch milliseconds", e -> e.json().get("event_at").isNumber());
    has(events, "an offset", e -> e.json().get("event_at").asText().endsWith("+07:00"));
    has(events, "nanoseconds", e -> e.json().get("event_at").asText().length() == 30);
    has(events, "no received_at", e -> !e.json().has("received_at"));
    has(events, "no device", e -> !e.json().has("device_id"));
    has(events, "no user", e -> !e.json().has("user_id"));
    has(events, "a crawler", e -> e.json().path("user_agent").asText().contains("bot/"));
  }

  private static void has(List<Good> records, String what, Predicate<Good> condition) {
    assertThat(records.stream().anyMatch(condition)).as(what).isTrue();
  }

  @Test
  void everyKindOfLinkAndReferrerIsThere() {
    Set<String> forms =
        logs.truth("outbound_clicks").stream()
            .map(c -> c.get("link_form").asText())
            .collect(toSet());
    assertThat(forms)
        .containsExactlyInAnyOrder(
            "direct",
            "wrapped",
            "wrapped_twice",
            "shortener",
            "link_hub",
            "independent",
            "social",
            "own",
            "look_alike",
            "unparsable",
            "app_scheme",
            "known_redirect");
    for (String part :
        List.of(
            "https://www.amazon.com/",
            "shopee.",
            "lazada.",
            "https://amzn.to/",
            "https://shope.ee/",
            "https://bit.ly/",
            "https://www.awin1.com/",
            "%253A%252F%252F",
            "l.facebook.com",
            "linktr.ee",
            "www.shop.example",
            "amzn://",
            ".evil.example",
            "@evil.example",
            "{clickid}")) {
      has(events, "a link with " + part, e -> e.json().path("link_url").asText().contains(part));
    }
    for (String part :
        List.of("instagram.com", "google.com", "shopee.sg", "www.shop.example", "paypal.com")) {
      has(
          events,
          "a visit from " + part,
          e -> e.json().path("referrer_url").asText().contains(part));
    }
    for (String medium : List.of("cpc", "email", "affiliate")) {
      has(events, "a campaign by " + medium, e -> medium.equals(e.text("utm_medium")));
    }
    has(
        events,
        "a visit from nowhere",
        e ->
            "inbound_visit".equals(e.text("event_type"))
                && !e.json().has("referrer_url")
                && !e.json().has("utm_source"));
  }

  @Test
  void everyKindOfOrderEventIsThere() {
    assertThat(ids(orderEvents, "order_event"))
        .containsExactlyInAnyOrder(
            "placed", "paid", "shipped", "delivered", "cancelled", "refunded", "adjusted");
    assertThat(ids(orderEvents, "sales_channel"))
        .containsExactlyInAnyOrder("in_app", "external", null);
    assertThat(ids(orderEvents, "currency")).containsExactlyInAnyOrder("USD", "GBP", "IDR", "SGD");
    Map<String, List<Good>> orders =
        orderEvents.stream().collect(groupingBy(e -> e.text("order_id")));
    has(orderEvents, "several lines", e -> e.json().path("lines").size() > 2);
    has(orderEvents, "a discount", e -> e.json().path("lines").path(0).has("seller_discount"));
    has(
        orderEvents,
        "a price finer than the currency",
        e -> e.json().path("lines").path(0).path("unit_price").decimalValue().scale() == 6);
    has(orderEvents, "an amount as text", e -> e.json().path("tax").isTextual());
    has(
        orderEvents,
        "an order by nobody",
        e -> !e.json().has("user_id") && !e.json().has("device_id"));
    has(
        orderEvents,
        "an order by a device",
        e -> !e.json().has("user_id") && e.json().has("device_id"));
    has(orderEvents, "a refund by amount", e -> e.json().path("reversal").has("amount"));
    has(
        orderEvents,
        "a refund of a quantity",
        e -> e.json().path("reversal").path("lines").path(0).has("quantity"));
    has(
        orderEvents,
        "a refund of all that remains",
        e -> "refunded".equals(e.text("order_event")) && !e.json().has("reversal"));
    assertThat(orders.values())
        .as("an unlinked refund, with its own lines")
        .anyMatch(
            o ->
                o.stream().noneMatch(e -> e.text("order_event").equals("placed"))
                    && o.get(0).json().path("reversal").path("lines").path(0).has("unit_price"))
        .as("a payment of an order never placed")
        .anyMatch(o -> o.stream().allMatch(e -> e.text("order_event").equals("paid")))
        .as("a cancellation before payment")
        .anyMatch(o -> kinds(o).contains("cancelled") && !kinds(o).contains("paid"))
        .as("a cancellation after payment")
        .anyMatch(o -> kinds(o).containsAll(Set.of("cancelled", "paid")))
        .as("a refund in another currency")
        .anyMatch(o -> o.stream().map(e -> e.text("currency")).distinct().count() > 1)
        .as("a currency that is not the market's")
        .anyMatch(
            o ->
                o.stream()
                    .allMatch(
                        e -> e.text("currency").equals("USD") && !e.text("market").equals("US")));
    assertThat(orders.values().stream().filter(SyntheticLogsTest::refundsTooMuch))
        .as("refunds of more than there was")
        .isNotEmpty();
  }

  private static Set<String> kinds(List<Good> order) {
    return ids(order, "order_event");
  }

  private static boolean refundsTooMuch(List<Good> order) {
    BigDecimal sold = BigDecimal.ZERO;
    BigDecimal back = BigDecimal.ZERO;
    for (Good event : order) {
      for (JsonNode line : event.json().path("lines")) {
        BigDecimal price = new BigDecimal(line.get("unit_price").asText());
        sold = sold.add(price.multiply(line.get("quantity").decimalValue()));
      }
      back = back.add(new BigDecimal(event.json().path("reversal").path("amount").asText("0")));
    }
    return sold.signum() > 0 && back.compareTo(sold.multiply(new BigDecimal("1.2"))) > 0;
  }

  @Test
  void someDevicesAreSharedAndSomePeopleHaveSeveral() {
    Map<String, Set<String>> users = new HashMap<>();
    Map<String, Set<String>> devices = new HashMap<>();
    for (Good event : events) {
      if (event.json().has("user_id") && event.json().has("device_id")) {
        users
            .computeIfAbsent(event.text("device_id"), d -> new TreeSet<>())
            .add(event.text("user_id"));
        devices
            .computeIfAbsent(event.text("user_id"), u -> new TreeSet<>())
            .add(event.text("device_id"));
      }
    }
    Set<String> anonymous =
        events.stream()
            .filter(e -> !e.json().has("user_id"))
            .map(e -> e.text("device_id"))
            .collect(toSet());
    assertThat(users.values()).as("shared devices").anyMatch(u -> u.size() > 1);
    assertThat(devices.values()).as("several devices").anyMatch(d -> d.size() > 2);
    assertThat(users.keySet()).as("identified later or before").anyMatch(anonymous::contains);
    assertThat(anonymous).as("never identified").anyMatch(d -> !users.containsKey(d));
  }

  @Test
  void aRobotExceedsTheHourlyRateAndTrafficIsSkewed() {
    Map<String, Long> perHour =
        events.stream()
            .collect(
                groupingBy(
                    e ->
                        Objects.requireNonNullElse(e.text("device_id"), e.text("user_id"))
                            + instant(e.json().get("event_at")).toString().substring(0, 13),
                    counting()));
    assertThat(perHour.values().stream().filter(n -> n > 600)).hasSize(1);
    List<Long> creators =
        events.stream()
            .filter(e -> e.json().has("creator_id"))
            .collect(groupingBy(e -> e.text("creator_id"), counting()))
            .values()
            .stream()
            .sorted()
            .toList();
    assertThat(creators.get(creators.size() - 1))
        .as("the hottest creator against the median")
        .isGreaterThan(5 * creators.get(creators.size() / 2));
  }

  @Test
  void repeatsSayTheSameInTheSameFileInAnotherAndOnALaterDate() {
    Map<String, List<Good>> byId = events.stream().collect(groupingBy(e -> e.text("event_id")));
    boolean same = false;
    boolean other = false;
    boolean later = false;
    long extra = 0;
    for (List<Good> copies : byId.values()) {
      Good first = copies.get(0);
      extra += copies.size() - 1;
      for (Good copy : copies.subList(1, copies.size())) {
        assertThat(withoutReceipt(copy)).isEqualTo(withoutReceipt(first));
        same |= copy.file().equals(first.file());
        other |= !copy.file().equals(first.file()) && copy.folderDate().equals(first.folderDate());
        later |= !copy.folderDate().equals(first.folderDate());
      }
    }
    assertThat(List.of(same, other, later)).containsOnly(true);
    assertThat(extra).as("about 1%%").isBetween(140L, 260L);
  }

  private static JsonNode withoutReceipt(Good record) {
    return ((ObjectNode) record.json().deepCopy()).without("received_at");
  }

  @Test
  void conflictsComeOnlyWhenAskedFor() {
    LogFiles some =
        write(
            GenerateSettings.of(3_000, 2, 5, place("conflicts"))
                .withDuplicateRate(0)
                .withConflictRate(0.02));
    Map<String, List<Good>> byId =
        some.good("events").stream().collect(groupingBy(e -> e.text("event_id")));
    List<List<Good>> twice = byId.values().stream().filter(c -> c.size() > 1).toList();

    assertThat(byId).hasSize(3_000);
    assertThat(twice).hasSizeBetween(30, 90);
    assertThat(twice).allMatch(c -> !withoutReceipt(c.get(0)).equals(withoutReceipt(c.get(1))));
  }

  @Test
  void someRecordsAreReceivedDaysLaterAndManyOutOfOrder() {
    long late = 0;
    long backward = 0;
    Good before = null;
    for (Good event : events) {
      Instant at = instant(event.json().get("event_at"));
      if (event.json().has("received_at")
          && instant(event.json().get("received_at")).isAfter(at.plusSeconds(86_400))) {
        late++;
      }
      if (before != null
          && before.file().equals(event.file())
          && at.isBefore(instant(before.json().get("event_at")))) {
        backward++;
      }
      before = event;
    }
    assertThat(late).isBetween(100L, 400L);
    assertThat(backward).isGreaterThan(200);
  }

  @Test
  void damagedLinesAreAtTheSetRateAndInNoFileTooMany() {
    Map<String, Integer> perFile = new TreeMap<>();
    logs.damagedCodes().keySet().forEach(k -> perFile.merge(k.split(":")[0], 1, Integer::sum));
    perFile.forEach(
        (file, count) ->
            assertThat(count).as(file).isLessThanOrEqualTo(logs.files().get(file).size() / 25));
    assertThat(told.damaged() / (double) (told.events() + told.orderEvents()))
        .isBetween(0.006, 0.0081);
    assertThat(
            write(GenerateSettings.of(2_000, 2, 5, place("clean")).withDamagedRate(0))
                .damagedCodes())
        .isEmpty();
  }

  @Test
  void everyKindOfDamageIsThere() {
    LogFiles many = write(GenerateSettings.of(20_000, 7, 6, place("damaged")).withDamagedRate(0.2));
    List<JsonNode> truth = many.truth("damaged_lines");
    assertThat(truth.stream().map(t -> t.get("kind").asText()).collect(toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Damage.values()).map(d -> d.name().toLowerCase(Locale.ROOT)).toList());
    assertThat(new TreeSet<>(many.damagedCodes().values()))
        .containsExactly(
            "bad_encoding",
            "bad_timestamp",
            "duplicate_key",
            "from_future",
            "missing_field",
            "no_zone",
            "not_json",
            "out_of_range",
            "too_many_digits",
            "unknown_currency",
            "unknown_value",
            "wrong_type");
    for (JsonNode line : truth) {
      byte[] raw = many.files().get(line.get("file").asText()).get(line.get("line").asInt() - 1);
      String code = line.get("code").asText();
      if (Set.of("not_json", "bad_encoding", "duplicate_key").contains(code)) {
        assertThatThrownBy(() -> LogFiles.parse(raw)).as(code).isInstanceOf(Exception.class);
      } else if (code.equals("missing_field")) {
        JsonNode json = LogFiles.parse(raw);
        assertThat(json.path(line.get("field").asText()).asText("")).as(json.toString()).isEmpty();
      } else {
        assertThat(LogFiles.parse(raw).isObject()).isTrue();
      }
    }
  }

  @Test
  void theTruthCoversEveryOrderAndItsCauseCameBefore() {
    Map<String, Good> byId = new HashMap<>();
    events.forEach(e -> byId.putIfAbsent(e.text("event_id"), e));
    Set<String> covered = new TreeSet<>();
    Set<String> classes = new TreeSet<>();
    for (JsonNode order : logs.truth("orders")) {
      assertThat(covered.add(order.get("order_id").asText())).isTrue();
      String kind = order.get("cause_class").asText();
      classes.add(kind);
      assertThat(order.has("cause_event_id")).isEqualTo(!kind.equals("none"));
      if (order.has("cause_event_id")) {
        Good cause = byId.get(order.get("cause_event_id").asText());
        assertThat(cause).as(order.toString()).isNotNull();
        assertThat(cause.text("event_type")).isEqualTo(order.get("cause_event_type").asText());
        assertThat(instant(cause.json().get("event_at")))
            .isBeforeOrEqualTo(instant(order.get("order_at")));
        if (cause.json().has("user_id")) {
          assertThat(order.get("member").asText()).isEqualTo(cause.text("user_id"));
        }
        assertThat(cause.text("event_type").equals("outbound_click"))
            .isEqualTo(order.get("sales_channel").asText().equals("external"));
      }
    }
    assertThat(covered).isEqualTo(new TreeSet<>(ids(orderEvents, "order_id")));
    assertThat(classes).containsExactly("direct", "external_link", "in_app_shop", "none");
  }

  @Test
  void theTruthCoversEveryOutboundClickAndItsOrder() {
    List<JsonNode> truth = logs.truth("outbound_clicks");
    Set<String> clicks =
        events.stream()
            .filter(e -> e.json().has("link_url"))
            .map(e -> e.text("event_id"))
            .collect(toSet());
    Set<String> orders = ids(orderEvents, "order_id");

    assertThat(truth.stream().map(c -> c.get("event_id").asText()))
        .containsExactlyInAnyOrderElementsOf(clicks);
    assertThat(truth.stream().map(c -> c.get("outcome").asText()).collect(toSet()))
        .contains(
            "nothing",
            "external_order",
            "unreported_purchase",
            "in_app_same_product",
            "in_app_same_category",
            "blocked",
            "robot");
    for (JsonNode click : truth) {
      boolean isOnRecord =
          Set.of("external_order", "in_app_same_product", "in_app_same_category")
              .contains(click.get("outcome").asText());
      assertThat(orders.contains(click.path("order_id").asText()))
          .as(click.toString())
          .isEqualTo(isOnRecord);
    }
  }

  @Test
  void theSamplesAreWhatTheGeneratorMakes() {
    assertThat(LogFiles.read(Path.of("data-samples")).asText()).isEqualTo(logs.asText());
  }

  @Test
  void otherMarketsComeWithTheirMoney() {
    LogFiles some =
        write(
            GenerateSettings.of(4_000, 2, 5, place("markets"))
                .withMarketWeights(Map.of("JP", 1.0, "KW", 1.0)));

    assertThat(ids(some.good("orders"), "currency")).contains("JPY", "KWD");
    for (Good event : some.good("orders")) {
      for (JsonNode line : event.json().path("lines")) {
        amount(line.path("seller_discount"), DIGITS.get(event.text("currency")));
      }
      amount(event.json().path("tax"), DIGITS.get(event.text("currency")));
      amount(event.json().path("reversal").path("amount"), DIGITS.get(event.text("currency")));
    }
  }

  @Test
  void aFolderThatHoldsLogsIsLeftAlone() {
    String out = folder.resolve("logs").toString();
    assertThatThrownBy(
            () -> SyntheticLogs.write(LocalSpark.session(), GenerateSettings.of(10, 1, 1, out)))
        .isInstanceOf(ShoplensException.class)
        .hasMessage(
            out
                + " holds logs already\n"
                + "  Cause: there is a folder events in it, and two sets of logs must not mix\n"
                + "  Cure:  choose another folder, or delete it");
  }

  @Test
  void aPlaceThatCannotBeWrittenToIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file.txt"), "in the way");
    assertThatThrownBy(
            () ->
                SyntheticLogs.write(
                    LocalSpark.session(), GenerateSettings.of(10, 1, 1, file.toString())))
        .isInstanceOf(ShoplensException.class)
        .hasMessageStartingWith("Can't write to " + file + "\n");
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> GenerateSettings.of(0, 7, 1, "out"))
        .isInstanceOf(ShoplensException.class)
        .hasMessage(
            "--events 0 is out of range\n"
                + "  Cause: it must be from 1 to 100000000000\n"
                + "  Cure:  choose a number within that");
    assertThatThrownBy(() -> GenerateSettings.of(10, 7, 1, "out").withDamagedRate(2))
        .hasMessageStartingWith("--damaged 2.0 is out of range");
    assertThatThrownBy(
            () -> GenerateSettings.of(10, 7, 1, "out").withMarketWeights(Map.of("XX", 1.0)))
        .hasMessageStartingWith("Market XX can't be generated");
    assertThatThrownBy(() -> GenerateSettings.of(10, 7, 1, " "))
        .hasMessageStartingWith("No folder to write to");
  }
}
