package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.DailyGmv;
import io.shoplens.table.GmvMovements;
import io.shoplens.table.Leaks;
import io.shoplens.table.Table;
import io.shoplens.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logs that come late, twice, out of order and mixed end in the same tables as logs that come in
 * order. A case is a seed: what one shop logged in two days, under ids of its own, so that any
 * number of cases share two lakes: one that had every day's files on its day, and one that had them
 * as it happened.
 */
class DeliveriesTest {
  private static final int DAYS = 2;
  private static final int ROUNDS = 3;

  @TempDir Path folder;
  private Place ordered;
  private Place mixed;
  private int runs;

  @Test
  void tenCasesEndAlikeHoweverTheyAreDelivered() throws IOException {
    assertAlike(1, 10, Place::ingest);
  }

  @Test
  @Tag("long")
  void twoHundredCasesEndAlikeInEveryTableHoweverTheyAreDelivered() throws IOException {
    assertAlike(1001, 200, this::publish);
    for (Table table : Tables.ALL) {
      // What a figure was before it moved is of the order in which data came.
      if (Set.of("silver", "gold").contains(table.layer()) && !table.equals(GmvMovements.TABLE)) {
        List<String> missing = new ArrayList<>(ordered.rows(table));
        List<String> unexpected = new ArrayList<>();
        mixed.rows(table).stream().filter(row -> !missing.remove(row)).forEach(unexpected::add);
        assertThat(unexpected).as("%s lacks %s", table.name(), missing).isEmpty();
        assertThat(missing).as(table.name()).isEmpty();
      }
    }
    assertThat(ordered.rows(Leaks.TABLE)).isNotEmpty();
    assertThat(ordered.rows(DailyGmv.TABLE)).isNotEmpty();
  }

  private void publish(Place place) {
    RunReport report = place.publishAt(Instant.parse("2026-03-09T00:00:00Z").plusSeconds(runs++));
    assertThat(report.state()).as("%s", report.failedChecks()).isEqualTo("published");
  }

  private void assertAlike(int firstSeed, int cases, Consumer<Place> run) throws IOException {
    ordered = new Place(folder, "ordered");
    mixed = new Place(folder, "mixed");
    List<Delivery> deliveries = new ArrayList<>();
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (int seed = firstSeed; seed < firstSeed + cases; seed++) {
      Random random = new Random(seed);
      Map<String, List<String>> logs = logs(seed, random);
      deliveries.addAll(deliveries(logs, random));
      all.putAll(logs);
    }
    for (int day = 0; day < DAYS; day++) {
      String prefix = "/d" + day + "-";
      all.forEach(
          (file, lines) -> {
            if (file.contains(prefix)) {
              put(ordered, file, lines);
            }
          });
      run.accept(ordered);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Delivery delivery : deliveries) {
        if (delivery.round() == round) {
          put(mixed, delivery.file(), delivery.lines());
          Files.setLastModifiedTime(
              folder.resolve("mixed").resolve(delivery.file()),
              FileTime.from(Instant.parse("2026-03-05T00:00:00Z").plusSeconds(round)));
        }
      }
      run.accept(mixed);
    }

    assertThat(mixed.ledger().latest().values())
        .allMatch(entry -> entry.balance().orElseThrow().isBalanced());
    for (String table : List.of("bronze.events", "bronze.order_events")) {
      Map<String, List<String>> expected = bySeed(ordered.accepted(table));
      assertThat(expected).hasSize(cases);
      assertThat(bySeed(mixed.accepted(table))).as(table).isEqualTo(expected);
    }
    List<String> rejected = ordered.rejected();
    assertThat(rejected).hasSizeGreaterThan(cases);
    assertThat(mixed.rejected()).isEqualTo(rejected);
  }

  /** A file as it comes in a round. */
  private record Delivery(int round, String file, List<String> lines) {}

  /** What a shop logged: lines by file, two days of two feeds. */
  private static Map<String, List<String>> logs(int seed, Random random) {
    Map<String, List<String>> logs = new LinkedHashMap<>();
    for (int day = 0; day < DAYS; day++) {
      List<String> events = new ArrayList<>();
      List<String> orders = new ArrayList<>();
      for (int i = 0; i < 4 + random.nextInt(6); i++) {
        events.add(event(seed, day, random));
      }
      for (int i = 0; i < 2 + random.nextInt(4); i++) {
        orders.add(order(seed, day, random));
      }
      logs.put("events/d%d-s%d.jsonl".formatted(day, seed), events);
      logs.put("orders/d%d-s%d.jsonl".formatted(day, seed), orders);
    }
    return logs;
  }

  /** Few ids, and few values: repeats and conflicts come by themselves, over files and dates. */
  private static String event(int seed, int day, Random random) {
    if (random.nextInt(8) == 0) {
      return List.of("{", "{'seed':%d}", "{'event_id':'s%d','event_id':1}", "nothing of %d")
          .get(random.nextInt(4))
          .formatted(seed);
    }
    return ("{'event_id':'s%d-%d','event_type':%s,'event_at':'2026-03-0%dT%02d:05:00Z',"
            + "'user_id':'u%d','market':'US','product_id':'p%d'%s}")
        .formatted(
            seed,
            random.nextInt(6),
            random.nextInt(4) == 0
                ? "'outbound_click','link_url':'https://www.amazon.com/dp/B0'"
                : "'product_click'",
            1 + day + (random.nextInt(4) == 0 ? random.nextInt(3) : 0),
            10 + random.nextInt(2),
            seed,
            random.nextInt(2),
            random.nextInt(5) == 0 ? ",'screen':'s'" : "");
  }

  private static String order(int seed, int day, Random random) {
    int order = random.nextInt(3);
    boolean isPaid = random.nextBoolean();
    return ("{'order_event_id':'s%d-%d-%s','order_id':'s%d-%d','order_event':'%s','market':'%s',"
            + "'event_at':'2026-03-0%dT11:00:00Z','user_id':'u%d','currency':'USD','tax':%d.50%s}")
        .formatted(
            seed,
            order,
            isPaid,
            seed,
            order,
            isPaid ? "paid" : "placed",
            random.nextInt(7) == 0 ? "XX" : "US",
            1 + day,
            seed,
            random.nextInt(2),
            isPaid
                ? ""
                : ",'lines':[{'line_id':'1','product_id':'p1','quantity':1,'unit_price':5}]");
  }

  /**
   * The files as they might come: in any round and order of lines, cut in two, sent again under
   * another name, or again under the same.
   */
  private static List<Delivery> deliveries(Map<String, List<String>> logs, Random random) {
    List<Delivery> deliveries = new ArrayList<>();
    logs.forEach(
        (file, lines) -> {
          List<String> shuffled = new ArrayList<>(lines);
          Collections.shuffle(shuffled, random);
          int round = random.nextInt(ROUNDS);
          int cut = random.nextInt(3) == 0 ? random.nextInt(shuffled.size()) : 0;
          deliveries.add(new Delivery(round, file, shuffled.subList(cut, shuffled.size())));
          if (cut > 0) {
            deliveries.add(
                new Delivery(
                    random.nextInt(ROUNDS),
                    file.replace(".jsonl", "-rest.jsonl"),
                    shuffled.subList(0, cut)));
          }
          if (random.nextInt(3) == 0) {
            deliveries.add(
                new Delivery(random.nextInt(ROUNDS), file.replace(".jsonl", "-copy.jsonl"), lines));
          }
          if (random.nextInt(3) == 0 && round + 1 < ROUNDS) {
            deliveries.add(
                new Delivery(
                    round + 1 + random.nextInt(ROUNDS - round - 1),
                    file,
                    shuffled.subList(cut, shuffled.size())));
          }
        });
    return deliveries;
  }

  private static Map<String, List<String>> bySeed(List<String> rows) {
    return rows.stream()
        .collect(Collectors.groupingBy(row -> row.replaceFirst(".*?'(s\\d+)-.*", "$1")));
  }

  private static void put(Place place, String file, List<String> lines) {
    try {
      place.put(file, lines.toArray(String[]::new));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
