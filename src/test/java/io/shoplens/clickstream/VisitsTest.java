package io.shoplens.clickstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Sessions;
import io.shoplens.testing.Rows;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class VisitsTest {
  @Test
  void aSessionIsDatedAndPlacedByItsFirstEvent() {
    assertThat(
            Rows.json(
                visits(
                    "{'event_id':'b','device_id':'d','market':'US','event_at':'@03T05:00'}",
                    "{'event_id':'a','device_id':'d','market':'GB','region':'GB-LND',"
                        + "'event_at':'@03T05:00'}",
                    "{'event_id':'0','device_id':'d','market':'US','event_at':'@03T05:20'}"),
                "market",
                "region",
                "session_date",
                "started_at",
                "ended_at",
                "event_count"))
        .containsExactly(
            "{'market':'GB','region':'GB-LND','session_date':'2026-03-03',"
                + "'started_at':'2026-03-03T05:00:00.000Z','ended_at':'2026-03-03T05:20:00.000Z',"
                + "'event_count':3}");
  }

  @Test
  void itsUserIsTheFirstSeenInIt() {
    assertThat(
            Rows.json(
                visits(
                    "{'event_id':'a','device_id':'d','event_at':'@02T10:00'}",
                    "{'event_id':'b','device_id':'d','user_id':'v','event_at':'@02T10:01'}",
                    "{'event_id':'c','device_id':'d','user_id':'u','event_at':'@02T10:02'}",
                    "{'event_id':'d','user_id':'w','event_at':'@02T10:02'}",
                    "{'event_id':'e','device_id':'x','event_at':'@02T10:02'}"),
                "user_id",
                "device_id"))
        .containsExactly("{'device_id':'x'}", "{'user_id':'v','device_id':'d'}", "{'user_id':'w'}");
  }

  @Test
  void itCountsProductAndOutboundClicksAndIsABotsOnlyAsAWhole() {
    assertThat(
            Rows.json(
                visits(
                    click("a", "product_click", "d", "Googlebot/2.1"),
                    click("b", "product_click", "d", "Shop/9"),
                    click("c", "outbound_click", "d", "Shop/9"),
                    click("d", "outbound_blocked", "d", "Shop/9"),
                    click("e", "search", "bot", "Googlebot/2.1")),
                "device_id",
                "event_count",
                "product_clicks",
                "outbound_clicks",
                "is_bot"))
        .containsExactly(
            "{'device_id':'bot','event_count':1,'product_clicks':0,'outbound_clicks':0,"
                + "'is_bot':true}",
            "{'device_id':'d','event_count':4,'product_clicks':2,'outbound_clicks':1,"
                + "'is_bot':false}");
  }

  @Test
  void theColumnsAreTheTables() {
    Dataset<Row> visits = visits("{'event_id':'a','device_id':'d','event_at':'@02T10:00'}");
    assertThat(Arrays.stream(visits.schema().fields()).map(f -> f.name() + " " + f.dataType()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Sessions.TABLE.schema().fields())
                .map(f -> f.name() + " " + f.dataType())
                .toList());
  }

  private static String click(String id, String type, String device, String userAgent) {
    return String.format(
        "{'event_id':'%s','event_type':'%s','device_id':'%s','user_agent':'%s',"
            + "'event_at':'@02T10:00'}",
        id, type, device, userAgent);
  }

  private static Dataset<Row> visits(String... events) {
    return Visits.of(
        SessionizedEvents.of(
            Clicks.events(events), Clicks.noneOpen(), Clicks.SETTINGS, Clicks.REFERENCE));
  }
}
