package io.shoplens.clickstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Identities;
import io.shoplens.table.OrderEvents;
import io.shoplens.testing.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class DeviceIdentificationsTest {
  private static final String[] NO_ORDERS = {};

  @Test
  void aRecordWithBothIdsIdentifiesTheUserOnTheDevice() {
    assertThat(
            Rows.json(
                identifications(
                    new String[] {
                      "{'event_id':'a','device_id':'d','user_id':'u','event_at':'@02T10:00'}",
                      "{'event_id':'b','device_id':'d2','event_at':'@02T10:00'}",
                      "{'event_id':'c','user_id':'u2','event_at':'@02T10:00'}"
                    },
                    new String[] {
                      "{'order_event_id':'o','device_id':'d2','user_id':'v','event_at':'@02T11:00'}"
                    })))
        .containsExactly(
            "{'device_id':'d','user_id':'u','identified_at':'2026-03-02T10:00:00.000Z',"
                + "'source_id':'a','utc_date':'2026-03-02'}",
            "{'device_id':'d2','user_id':'v','identified_at':'2026-03-02T11:00:00.000Z',"
                + "'source_id':'o','utc_date':'2026-03-02'}");
  }

  @Test
  void keptAreTheFirstOfADateAndThoseThatFollowAnUnidentifiedEvent() {
    assertThat(
            sources(
                new String[] {
                  "{'event_id':'a','device_id':'d','user_id':'u','event_at':'@02T10:00'}",
                  "{'event_id':'b','device_id':'d','user_id':'u','event_at':'@02T10:01'}",
                  "{'event_id':'c','device_id':'d','event_at':'@02T10:02'}",
                  "{'event_id':'d','device_id':'d','user_id':'v','event_at':'@02T10:03'}",
                  "{'event_id':'e','device_id':'d','user_id':'u','event_at':'@02T10:04'}",
                  "{'event_id':'f','device_id':'d','user_id':'u','event_at':'@03T00:00'}",
                  "{'event_id':'g','device_id':'d','user_id':'u','event_at':'@03T00:01'}"
                },
                NO_ORDERS))
        .containsExactly("a", "d", "f");
  }

  @Test
  void ofOneInstantTheUnidentifiedEventComesFirstThenTheSmallestSource() {
    assertThat(
            sources(
                new String[] {
                  "{'event_id':'a','device_id':'d','user_id':'u','event_at':'@02T10:00'}",
                  "{'event_id':'z','device_id':'d','event_at':'@02T11:00'}",
                  "{'event_id':'c','device_id':'d','user_id':'v','event_at':'@02T11:00'}",
                  "{'event_id':'b','device_id':'d','user_id':'w','event_at':'@02T11:00'}"
                },
                NO_ORDERS))
        .containsExactly("a", "b");
  }

  @Test
  void anOrderEventThatStandsForSeveralIdentifiesOnce() {
    assertThat(
            sources(
                new String[] {"{'event_id':'a','device_id':'d','event_at':'@02T10:00'}"},
                new String[] {
                  "{'order_event_id':'o','order_event':'placed','device_id':'d','user_id':'u',"
                      + "'event_at':'@02T10:05'}",
                  "{'order_event_id':'o','order_event':'paid','device_id':'d','user_id':'u',"
                      + "'event_at':'@02T10:05'}"
                }))
        .containsExactly("o");
  }

  @Test
  void anOrderWithoutAUserIsNoUnidentifiedEvent() {
    assertThat(
            sources(
                new String[] {
                  "{'event_id':'a','device_id':'d','user_id':'u','event_at':'@02T10:00'}",
                  "{'event_id':'b','device_id':'d','user_id':'u','event_at':'@02T10:10'}"
                },
                new String[] {"{'order_event_id':'o','device_id':'d','event_at':'@02T10:05'}"}))
        .containsExactly("a");
  }

  @Test
  void theColumnsAreTheTables() {
    Dataset<Row> rows = identifications(new String[] {"{'event_id':'a'}"}, NO_ORDERS);
    assertThat(Arrays.stream(rows.schema().fields()).map(f -> f.name() + " " + f.dataType()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Identities.TABLE.schema().fields())
                .map(f -> f.name() + " " + f.dataType())
                .toList());
  }

  private static Dataset<Row> identifications(String[] events, String[] orderEvents) {
    return DeviceIdentifications.of(
        Clicks.events(events),
        Rows.of(
            OrderEvents.TABLE, Stream.of(orderEvents).map(Clicks::dated).toArray(String[]::new)));
  }

  private static List<String> sources(String[] events, String[] orderEvents) {
    return identifications(events, orderEvents).collectAsList().stream()
        .map(row -> row.<String>getAs("source_id"))
        .sorted()
        .toList();
  }
}
