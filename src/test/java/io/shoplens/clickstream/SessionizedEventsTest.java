package io.shoplens.clickstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ClickstreamSettings;
import io.shoplens.testing.Rows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class SessionizedEventsTest {
  @Test
  void aSilenceOfThirtyMinutesEndsASessionAndOneMicrosecondLessDoesNot() {
    assertThat(
            sessions(
                "{'event_id':'a','device_id':'d','event_at':'@02T10:00'}",
                "{'event_id':'b','device_id':'d','event_at':'@02T10:29:59.999999'}",
                "{'event_id':'c','device_id':'d','event_at':'@02T10:59:59.999998'}",
                "{'event_id':'d','device_id':'d','event_at':'@02T11:29:59.999998'}"))
        .containsExactly("a b c", "d");
  }

  @Test
  void anEventTwentyFourHoursAfterTheFirstBeginsAnotherSession() {
    String[] everyTwentyMinutes =
        IntStream.rangeClosed(0, 145)
            .mapToObj(
                i ->
                    String.format(
                        "{'event_id':'%03d','device_id':'d','event_at':'@%02dT%02d:%02d'}",
                        i, 2 + i / 72, i / 3 % 24, i % 3 * 20))
            .toArray(String[]::new);
    assertThat(sessions(everyTwentyMinutes))
        .extracting(session -> session.split(" ")[0])
        .containsExactly("000", "072", "144");
  }

  @Test
  void aSessionGoesOnPastMidnight() {
    assertThat(
            sessions(
                "{'event_id':'a','device_id':'d','event_at':'@02T23:50'}",
                "{'event_id':'b','device_id':'d','event_at':'@03T00:10'}"))
        .containsExactly("a b");
  }

  @Test
  void eventsOfOneInstantAreOrderedByIdAndTheSmallestNamesTheSession() {
    Dataset<Row> together =
        marked(
            "{'event_id':'b','device_id':'d','event_at':'@02T10:00'}",
            "{'event_id':'a','device_id':'d','event_at':'@02T10:00'}",
            "{'event_id':'c','device_id':'d','event_at':'@02T10:00'}");
    Dataset<Row> alone = marked("{'event_id':'a','device_id':'d','event_at':'@02T10:00'}");
    String name = alone.first().getAs("session_id");
    assertThat(name).matches("[0-9a-f]{32}");
    assertThat(Rows.json(together, "event_id", "session_id"))
        .containsExactly(
            "{'event_id':'a','session_id':'" + name + "'}",
            "{'event_id':'b','session_id':'" + name + "'}",
            "{'event_id':'c','session_id':'" + name + "'}");
  }

  @Test
  void theDeviceIsObservedAndTheUserWhereThereIsNone() {
    assertThat(
            sessions(
                "{'event_id':'a','device_id':'d','user_id':'u','event_at':'@02T10:00'}",
                "{'event_id':'b','device_id':'d','user_id':'v','event_at':'@02T10:01'}",
                "{'event_id':'c','user_id':'u','event_at':'@02T10:02'}",
                "{'event_id':'d','user_id':'u','market':'US','event_at':'@02T10:03'}"))
        .containsExactly("a b", "c d");
  }

  @Test
  void thePersonIsTheUserElseTheDevice() {
    assertThat(
            Rows.json(
                marked(
                    "{'event_id':'a','device_id':'d','user_id':'u','event_at':'@02T10:00'}",
                    "{'event_id':'b','device_id':'d','event_at':'@02T10:01'}"),
                "event_id",
                "person_id"))
        .containsExactly("{'event_id':'a','person_id':'u'}", "{'event_id':'b','person_id':'d'}");
  }

  @Test
  void theDateIsTheMarketsOrItsRegions() {
    assertThat(
            Rows.json(
                marked(
                    "{'event_id':'a','user_id':'u','event_at':'@03T04:59:59'}",
                    "{'event_id':'b','user_id':'u','market':'US','event_at':'@03T04:59:59'}",
                    "{'event_id':'c','user_id':'u','market':'US','event_at':'@03T05:00'}",
                    "{'event_id':'d','user_id':'u','market':'US','region':'US-CA',"
                        + "'event_at':'@03T05:00'}"),
                "event_id",
                "event_date"))
        .containsExactly(
            "{'event_id':'a','event_date':'2026-03-03'}",
            "{'event_id':'b','event_date':'2026-03-02'}",
            "{'event_id':'c','event_date':'2026-03-03'}",
            "{'event_id':'d','event_date':'2026-03-02'}");
  }

  @Test
  void aUserAgentOnTheCrawlerListIsABotAndAPhoneWhoseNameEndsInBotIsNot() {
    assertThat(
            bots(
                Clicks.SETTINGS,
                "{'event_id':'a','device_id':'1','event_at':'@02T10:00','user_agent':"
                    + "'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'}",
                "{'event_id':'b','device_id':'2','event_at':'@02T10:00','user_agent':"
                    + "'Mozilla/5.0 (Linux; Android 10; CUBOT_X30) Chrome/90 Mobile'}",
                "{'event_id':'c','device_id':'3','event_at':'@02T10:00','user_agent':"
                    + "'okhttp/4.12.0'}",
                "{'event_id':'d','device_id':'4','event_at':'@02T10:00','user_agent':"
                    + "'Python-Requests/2.31'}",
                "{'event_id':'e','device_id':'5','event_at':'@02T10:00'}"))
        .containsExactly("a", "d");
  }

  @Test
  void moreEventsInAUtcHourThanAllowedMakeAllOfThatHourABots() {
    ClickstreamSettings twoAnHour = settings(2, 0);
    assertThat(
            bots(
                twoAnHour,
                "{'event_id':'a','device_id':'d','event_at':'@02T10:00'}",
                "{'event_id':'b','device_id':'d','event_at':'@02T10:30'}",
                "{'event_id':'c','device_id':'d','event_at':'@02T10:59:59.999999'}",
                "{'event_id':'d','device_id':'d','event_at':'@02T11:00'}",
                "{'event_id':'e','device_id':'d','event_at':'@02T11:01'}",
                "{'event_id':'f','device_id':'other','event_at':'@02T10:10'}"))
        .containsExactly("a", "b", "c");
  }

  @Test
  void moreEventsOnAUtcDateThanAllowedMakeAllOfThatDateABots() {
    ClickstreamSettings threeADay = settings(0, 3);
    assertThat(
            bots(
                threeADay,
                "{'event_id':'a','device_id':'d','event_at':'@02T00:00'}",
                "{'event_id':'b','device_id':'d','event_at':'@02T06:00'}",
                "{'event_id':'c','device_id':'d','event_at':'@02T12:00'}",
                "{'event_id':'d','device_id':'d','event_at':'@02T23:59:59.999999'}",
                "{'event_id':'e','device_id':'d','event_at':'@03T00:00'}",
                "{'event_id':'f','device_id':'d','event_at':'@03T00:01'}",
                "{'event_id':'g','device_id':'d','event_at':'@03T00:02'}"))
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void aRateOfZeroTurnsTheRuleOff() {
    assertThat(
            bots(
                settings(0, 0),
                "{'event_id':'a','device_id':'d','event_at':'@02T10:00'}",
                "{'event_id':'b','device_id':'d','event_at':'@02T10:00'}"))
        .isEmpty();
  }

  @Test
  void sessionsAndBotsTakeOneShuffleAndOneSort() {
    String plan =
        marked("{'event_id':'a','device_id':'d','event_at':'@02T10:00'}")
            .queryExecution()
            .executedPlan()
            .toString();
    assertThat(Pattern.compile("Exchange ").matcher(plan).results().count()).isEqualTo(1);
    assertThat(Pattern.compile("Sort \\[").matcher(plan).results().count()).isEqualTo(1);
  }

  /** Each would keep all rows of a person until it has seen the last. */
  @Test
  void sessionsTakeOneWindow() {
    String plan =
        SessionizedEvents.of(
                Clicks.events("{'event_id':'a','device_id':'d','event_at':'@02T10:00'}"),
                Clicks.noneOpen(),
                settings(0, 0),
                Clicks.REFERENCE)
            .queryExecution()
            .executedPlan()
            .toString();
    assertThat(Pattern.compile("Window \\[").matcher(plan).results().count()).isEqualTo(1);
  }

  @Test
  void onlyWhatLaterStepsNeedIsKept() {
    assertThat(marked("{'event_id':'a','device_id':'d','event_at':'@02T10:00'}").columns())
        .containsExactly(
            "event_id",
            "event_type",
            "event_at",
            "market",
            "region",
            "user_id",
            "device_id",
            "surface",
            "content_id",
            "creator_id",
            "product_id",
            "category",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "link",
            "event_date",
            "person_id",
            "session_id",
            "session_started_at",
            "is_bot");
  }

  private static ClickstreamSettings settings(long perHour, long perDay) {
    return new ClickstreamSettings(
        Duration.ofMinutes(30), Duration.ofHours(24), Duration.ofDays(30), perHour, perDay);
  }

  private static Dataset<Row> marked(String... events) {
    return SessionizedEvents.of(
        Clicks.events(events), Clicks.noneOpen(), Clicks.SETTINGS, Clicks.REFERENCE);
  }

  /** The event ids of each session, in order. */
  private static List<String> sessions(String... events) {
    Map<String, String> members =
        marked(events).collectAsList().stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.getAs("session_id"),
                    TreeMap::new,
                    Collectors.mapping(
                        row -> row.<String>getAs("event_id"),
                        Collectors.collectingAndThen(
                            Collectors.toList(),
                            ids -> ids.stream().sorted().collect(Collectors.joining(" "))))));
    return members.values().stream().sorted().toList();
  }

  /** The ids of the events that are flagged as a bot's. */
  private static List<String> bots(ClickstreamSettings settings, String... events) {
    return SessionizedEvents.of(
            Clicks.events(events), Clicks.noneOpen(), settings, Clicks.REFERENCE)
        .where("is_bot")
        .collectAsList()
        .stream()
        .map(row -> row.<String>getAs("event_id"))
        .sorted()
        .toList();
  }
}
