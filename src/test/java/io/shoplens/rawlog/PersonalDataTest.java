package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ErasedPersons;
import io.shoplens.config.KeyRing;
import io.shoplens.testing.Rows;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonalDataTest {
  private static final KeyRing KEYS =
      KeyRing.parse(
          "k1:"
              + Base64.getEncoder()
                  .encodeToString(
                      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8)),
          "test");
  private static final PersonalData PSEUDONYMS =
      PersonalData.under(Optional.of(KEYS), ErasedPersons.none());

  @TempDir Path folder;

  @Test
  void idsOfEventsArePseudonymsInTheirFieldsAndInFreeText() {
    Dataset<Row> rows =
        Raw.read(
            PSEUDONYMS,
            Raw.events(),
            Raw.file(
                folder,
                "a.json",
                "{'event_id':'e1','event_type':'x','event_at':'2026-03-02T10:00:00Z','market':'US',"
                    + "'user_id':'user-1','device_id':'device-1','extra_field':'by user-1',"
                    + "'referrer_url':'https://a.example/?d=device-1'}",
                "{'event_id':'e2','event_type':'x','event_at':'2026-03-02T10:00:00Z','market':'US',"
                    + "'device_id':'device-1','user_id':''}"));

    String user = KEYS.pseudonym("user-1");
    String device = KEYS.pseudonym("device-1");
    assertThat(Raw.accepted(rows, "event_id", "user_id", "device_id", "referrer_url", "extra"))
        .containsExactly(
            "{'event_id':'e1','user_id':'%1$s','device_id':'%2$s','referrer_url':'https://a.example/?d=%2$s','extra':'{\\'extra_field\\':\\'by %1$s\\'}'}"
                .formatted(user, device),
            "{'event_id':'e2','device_id':'%s'}".formatted(device));
  }

  @Test
  void idsOfOrdersArePseudonymsAndAmountsStayExact() {
    Dataset<Row> rows =
        Raw.read(
            PSEUDONYMS,
            Raw.orders(),
            Raw.file(
                folder,
                "a.json",
                "{'order_event_id':'1','order_id':'o1','order_event':'placed','user_id':'user-1',"
                    + "'event_at':'2026-03-02T10:00:00Z','market':'US','currency':'USD','lines':"
                    + "[{'line_id':'1','quantity':1,'unit_price':12.50,'gift_to':'user-1'}]}"));

    assertThat(rows.where("record_kind = 'rejected'").count()).isZero();
    assertThat(Raw.accepted(rows, "user_id", "extra").get(0))
        .contains(KEYS.pseudonym("user-1"))
        .contains("12.50")
        .doesNotContain("user-1");
  }

  @Test
  void ofARejectedRecordOnlyItsPlaceAndTheReasonAreKept() {
    Dataset<Row> rows =
        Raw.read(
            PSEUDONYMS,
            Raw.events(),
            Raw.file(
                folder,
                "a.json",
                "{'event_id':'user-1','event_type':'x','event_at':'x','market':'US','user_id':'user-1'}",
                "not json of user-1"));

    assertThat(Raw.rejected(rows)).containsExactly("1 bad_timestamp event_at", "2 not_json");
    assertThat(String.join("\n", Rows.json(rows))).doesNotContain("user-1").contains("bad_timest");
    assertThat(rows.where("reject_raw IS NOT NULL").count()).isZero();
    assertThat(Raw.unbalanced(Raw.events(), rows)).isEmpty();
  }

  @Test
  void noKeyStandsInAPlan() {
    Dataset<Row> rows =
        Raw.read(
            PSEUDONYMS,
            Raw.events(),
            Raw.file(folder, "a.json", "{'event_id':'e1','user_id':'user-1'}"));

    for (String plan : List.of(rows.queryExecution().toString())) {
      assertThat(plan)
          .contains("pseudonym")
          .doesNotContain("MDEyMzQ1")
          .doesNotContain("0123456789ab");
    }
  }
}
