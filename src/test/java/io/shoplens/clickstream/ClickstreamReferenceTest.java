package io.shoplens.clickstream;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ClickstreamSettings;
import io.shoplens.table.OrderEvents;
import io.shoplens.testing.Rows;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, bots and identities of random logs against the definitions, written out in Java. */
class ClickstreamReferenceTest {
  private static final ClickstreamSettings SETTINGS =
      new ClickstreamSettings(
          Duration.ofMinutes(30), Duration.ofHours(24), Duration.ofDays(30), 8, 60);

  private static final Instant START = Instant.parse("2026-03-01T21:00:00Z");

  /** A record of either log; ids are NULL where not observed. */
  private record Record(String id, Instant at, String user, String device) {
    String observed() {
      return device != null ? device : user;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void sessionsAndBotsAreThoseOfTheDefinitions(long seed) {
    List<Record> events = log(new Random(seed), 400, "e");
    Map<String, String> found =
        marks(SessionizedEvents.of(rows(events), Clicks.noneOpen(), SETTINGS, Clicks.REFERENCE));
    assertThat(found).isEqualTo(expected(events));
    assertThat(found.values()).anyMatch(mark -> mark.endsWith("true"));
    assertThat(found.values()).anyMatch(mark -> mark.endsWith("false"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void sessionsGoOnWhereReadingSetsInAsIfAllHadBeenRead(long seed) {
    List<Record> events = log(new Random(seed), 400, "e");
    Dataset<Row> stored =
        Visits.of(
            SessionizedEvents.of(rows(events), Clicks.noneOpen(), SETTINGS, Clicks.REFERENCE));
    LocalDate edge = LocalDate.parse("2026-03-02");
    List<Record> read =
        events.stream()
            .filter(event -> !event.at().isBefore(edge.atStartOfDay().toInstant(ZoneOffset.UTC)))
            .toList();
    Map<String, String> expected = expected(events);
    expected.keySet().retainAll(read.stream().map(Record::id).toList());

    assertThat(
            marks(
                SessionizedEvents.of(
                    rows(read),
                    OpenSessions.at(stored, List.of(edge), SETTINGS),
                    SETTINGS,
                    Clicks.REFERENCE)))
        .isEqualTo(expected);
    assertThat(expected(read)).isNotEqualTo(expected);
  }

  private static Map<String, String> marks(Dataset<Row> sessionized) {
    return sessionized.collectAsList().stream()
        .collect(
            Collectors.toMap(
                row -> row.getAs("event_id"),
                row ->
                    row.getAs("session_id")
                        + " "
                        + row.<Timestamp>getAs("session_started_at").toInstant()
                        + " "
                        + row.getAs("is_bot"),
                (one, other) -> one + other,
                TreeMap::new));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theNextIdentificationIsTheSameAmongThoseKept(long seed) {
    Random random = new Random(seed);
    List<Record> events = log(random, 300, "e");
    List<Record> orders = log(random, 40, "o");
    List<Record> kept =
        DeviceIdentifications.of(rows(events), orderRows(orders)).collectAsList().stream()
            .map(
                row ->
                    new Record(
                        row.getAs("source_id"),
                        row.<Timestamp>getAs("identified_at").toInstant(),
                        row.getAs("user_id"),
                        row.getAs("device_id")))
            .toList();
    List<Record> all = new ArrayList<>(events);
    all.addAll(orders);
    all.removeIf(record -> record.user() == null || record.device() == null);
    List<Record> unidentified = events.stream().filter(event -> event.user() == null).toList();

    assertThat(unidentified)
        .allSatisfy(event -> assertThat(next(kept, event)).isEqualTo(next(all, event)));
    assertThat(kept).isSubsetOf(all).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(kept.stream().map(Record::id).toList()))
        .isEqualTo(needed(all, events));
  }

  /** Bursts, exact gaps, ties and chains of more than a day, by few people. */
  private static List<Record> log(Random random, int size, String prefix) {
    List<Record> records = new ArrayList<>();
    int[] minutes = {0, 0, 1, 5, 10, 15, 29, 29, 29, 29, 30, 31, 45, 180};
    for (int i = 0; i < size; i++) {
      boolean isNew = records.isEmpty() || random.nextInt(12) == 0;
      Record last = isNew ? null : records.get(records.size() - 1);
      Instant at =
          isNew
              ? START.plus(random.nextInt(300), ChronoUnit.MINUTES)
              : last.at().plus(minutes[random.nextInt(minutes.length)], ChronoUnit.MINUTES);
      if (random.nextInt(20) == 0) {
        at = at.minus(1, ChronoUnit.MICROS);
      }
      String device = random.nextInt(10) == 0 ? null : "d" + random.nextInt(3);
      String user = device != null && random.nextInt(3) > 0 ? null : "u" + random.nextInt(3);
      if (!isNew && random.nextInt(20) > 0) {
        device = last.device();
        user = device == null ? last.user() : user;
      }
      records.add(new Record(prefix + (1000 + i) * 7919 % 10_000, at, user, device));
    }
    Collections.shuffle(records, random);
    return records;
  }

  private static Map<String, String> expected(List<Record> events) {
    Map<String, String> marks = new TreeMap<>();
    Map<String, List<Record>> people =
        events.stream()
            .sorted(comparing(Record::at).thenComparing(Record::id))
            .collect(Collectors.groupingBy(Record::observed));
    people.forEach(
        (person, own) -> {
          Record first = null;
          Record previous = null;
          for (Record event : own) {
            if (previous == null
                || !event.at().isBefore(previous.at().plus(SETTINGS.sessionGap()))
                || !event.at().isBefore(first.at().plus(SETTINGS.sessionLimit()))) {
              first = event;
            }
            previous = event;
            boolean isBot =
                in(own, event, ChronoUnit.HOURS) > SETTINGS.botEventsPerHour()
                    || in(own, event, ChronoUnit.DAYS) > SETTINGS.botEventsPerDay();
            marks.put(event.id(), name(person, first) + " " + first.at() + " " + isBot);
          }
        });
    return marks;
  }

  private static long in(List<Record> own, Record event, ChronoUnit unit) {
    return own.stream()
        .filter(other -> other.at().truncatedTo(unit).equals(event.at().truncatedTo(unit)))
        .count();
  }

  private static String name(String person, Record first) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, first.at());
    byte[] text =
        (person + '\u001f' + micros + '\u001f' + first.id()).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Optional<Record> next(List<Record> identifications, Record event) {
    return identifications.stream()
        .filter(found -> found.device().equals(event.device()))
        .filter(found -> !found.at().isBefore(event.at()))
        .filter(found -> !found.at().isAfter(event.at().plus(SETTINGS.identityWindow())))
        .min(byInstantAndId());
  }

  /** First of a device's UTC date, or next of an unidentified event of that date. */
  private static TreeSet<String> needed(List<Record> identifications, List<Record> events) {
    TreeSet<String> needed = new TreeSet<>();
    for (Record found : identifications) {
      Optional<Record> earlier =
          identifications.stream()
              .filter(other -> other.device().equals(found.device()) && isSameDate(other, found))
              .filter(other -> byInstantAndId().compare(other, found) < 0)
              .max(byInstantAndId());
      boolean isNextOfSome =
          events.stream()
              .filter(event -> event.user() == null && isSameDate(event, found))
              .anyMatch(event -> next(identifications, event).equals(Optional.of(found)));
      if (earlier.isEmpty() || isNextOfSome) {
        needed.add(found.id());
      }
    }
    return needed;
  }

  private static boolean isSameDate(Record one, Record other) {
    return one.at()
        .atZone(ZoneOffset.UTC)
        .toLocalDate()
        .equals(other.at().atZone(ZoneOffset.UTC).toLocalDate());
  }

  private static Comparator<Record> byInstantAndId() {
    return comparing(Record::at).thenComparing(Record::id);
  }

  private static Dataset<Row> rows(List<Record> events) {
    return Clicks.events(
        events.stream().map(event -> json(event, "event_id")).toArray(String[]::new));
  }

  private static Dataset<Row> orderRows(List<Record> orders) {
    return Rows.of(
        OrderEvents.TABLE,
        orders.stream().map(order -> json(order, "order_event_id")).toArray(String[]::new));
  }

  private static String json(Record record, String idField) {
    String date = record.at().atZone(ZoneOffset.UTC).toLocalDate().toString();
    StringBuilder json = new StringBuilder("{");
    json.append("'").append(idField).append("':'").append(record.id()).append("',");
    if (record.user() != null) {
      json.append("'user_id':'").append(record.user()).append("',");
    }
    if (record.device() != null) {
      json.append("'device_id':'").append(record.device()).append("',");
    }
    json.append("'event_utc_date':'").append(date).append("',");
    return json.append("'event_at':'").append(record.at()).append("'}").toString();
  }
}
