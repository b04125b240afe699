package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.config.KeyRing;
import io.shoplens.lake.IdSearch;
import io.shoplens.lake.Lake;
import io.shoplens.lake.PersonKeys;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Sessions;
import io.shoplens.table.Touchpoints;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids are brought from one set of keys to the next, and stay those of the same persons. */
class RekeyingTest {
  private static final String K1 = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String K2 = "k2:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

  @TempDir Path folder;

  @Test
  void observedIdsBecomePseudonymsAndThoseSuchUnderTheNextKey() throws IOException {
    Place observed = new Place(folder, "place");
    observed.put("events/a.jsonl", click("e1", "user-1"), "not json of user-1");
    observed.put("orders/a.jsonl", shipped("user-1"));
    observed.ingest();

    Place first = place(K1);
    assertThatThrownBy(first::ingest).hasMessageContaining("Run shoplens rekey");
    assertThat(first.rekey()).containsExactly("bronze.events", "bronze.order_events");
    // Read again, it is all known.
    observed.put("events/a.jsonl", click("e1", "user-1"), "", "not json of user-1");
    observed.put("orders/a.jsonl", shipped("user-1"), "");
    first.put("events/b.jsonl", click("e2", "user-1"));
    first.ingest();
    assertThat(users(first)).containsExactly(pseudonym(K1));
    assertThat(first.balances())
        .containsEntry("events/a", "3 = 0 + 1 + 1 + 1")
        .containsEntry("orders/a", "2 = 0 + 1 + 0 + 1");

    Place second = place(K1 + "\n" + K2);
    PersonKeys.storeUnfinished(second.lake());
    assertThatThrownBy(second::ingest).hasMessageContaining("Run shoplens rekey");
    second.rekey();
    second.put("events/c.jsonl", click("e3", "user-1"));
    second.ingest();
    assertThat(users(second)).containsExactly(pseudonym(K1 + "," + K2));
    assertThat(second.texts("SELECT string(count(*)) FROM bronze.events WHERE event_id = 'e3'"))
        .containsExactly("1");
    assertThat(second.rekey()).isEmpty();
  }

  @Test
  void withPseudonymsNoObjectOfTheLakeHoldsAnId() throws IOException {
    Place first = place(K1);
    first.put(
        "events/a.jsonl",
        click("e1", "user-1"),
        click("e1", "user-1").replace("p1", "p2"),
        "not json of user-1");
    first.ingest();

    assertThat(first.texts("SELECT reject_code FROM ops.quarantine ORDER BY 1"))
        .containsExactly("conflicting_duplicate", "not_json");
    assertThat(IdSearch.of(first.lake(), List.of("user-1")).holding()).isEmpty();
    assertThat(IdSearch.of(first.lake(), List.of(pseudonym(K1))).holding()).isNotEmpty();
  }

  @Test
  void whoBuysBeforeAndAfterwardsIsOneBuyer() throws IOException {
    Place first = place(K1);
    first.put(
        "orders/a.jsonl", bought("o1", "user-1", "2026-03-02"), bought("o2", "", "2026-03-02"));
    assertThat(first.publish().state()).isEqualTo("published");
    List<String> figures = figures(first);

    Place second = place(K1 + "\n" + K2);
    assertThat(second.rekey()).contains("silver.order_history", "gold.daily_gmv");
    assertThat(figures(second)).isEqualTo(figures);
    assertThat(second.rekey()).isEmpty();

    second.put("orders/b.jsonl", bought("o3", "user-1", "2026-03-03"));
    assertThat(second.publish().state()).isEqualTo("published");
    assertThat(
            second.texts(
                "SELECT concat_ws(' ', count(*), sum(buyers), theta_sketch_estimate("
                    + "theta_union_agg(buyers_sketch))) FROM gold.daily_gmv"))
        .containsExactly("2 2 1");
  }

  @Test
  void namesOfSessionsAndParametersOfLinksGoWithTheIds() throws IOException {
    String observed = "0123456789abcdef0123456789abcdef";
    Lake lake = new Place(folder, "place").lake();
    lake.append(
        Sessions.TABLE,
        Rows.of(
            Sessions.TABLE,
            "{'session_id':'%s','session_date':'2026-03-02','user_id':'user-1'}"
                .formatted(observed)));
    lake.append(
        Touchpoints.TABLE,
        Rows.of(
            Touchpoints.TABLE,
            "{'event_id':'e1','session_id':'%s','touch_date':'2026-03-02','user_id':'user-1'}"
                .formatted(observed)));
    lake.append(
        OutboundLinks.TABLE,
        Rows.of(
            OutboundLinks.TABLE,
            "{'event_id':'e1','event_date':'2026-03-02','user_id':'user-1',"
                + "'tracking_parameters':'{\\'utm_content\\':\\'user-1\\'}',"
                + "'affiliate_parameters':'{\\'tag\\':\\'by user-1\\'}'}"));

    Place first = place(K1);
    first.rekey();

    List<String> names = first.texts("SELECT session_id FROM silver.sessions");
    assertThat(names).hasSize(1).first().asString().matches("[0-9a-f]{32}").isNotEqualTo(observed);
    assertThat(first.texts("SELECT session_id FROM silver.touchpoints")).isEqualTo(names);
    assertThat(
            first.texts(
                "SELECT concat_ws(' ', tracking_parameters, affiliate_parameters) FROM"
                    + " silver.outbound_links"))
        .containsExactly("{'utm_content':'%1$s'} {'tag':'by %1$s'}".formatted(pseudonym(K1)));
    assertThat(first.rekey()).isEmpty();
  }

  /** Rows of daily GMV without the sketch. */
  private static List<String> figures(Place place) {
    return place.texts(
        "SELECT to_json(struct(* EXCEPT (buyers_sketch))) FROM gold.daily_gmv ORDER BY 1");
  }

  private static String bought(String order, String user, String date) {
    String placed =
        ("{'order_event_id':'%1$s-1','order_id':'%1$s','order_event':'placed','market':'US',"
                + "'currency':'USD','event_at':'%3$sT18:00:00Z','user_id':'%2$s','lines':["
                + "{'line_id':'1','product_id':'p1','quantity':1,'unit_price':'9.99'}]}")
            .formatted(order, user, date);
    return placed + "\n" + placed.replace(order + "-1", order + "-2").replace("placed", "paid");
  }

  private Place place(String keys) throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), keys);
    return new Place(
        folder,
        "place",
        "clicks",
        Map.of("privacy.pseudonyms", "on", "privacy.key-file", file.toString()));
  }

  private static String pseudonym(String keys) {
    return KeyRing.parse(keys, "test").pseudonym("user-1");
  }

  private static List<String> users(Place place) {
    return place.texts(
        "SELECT DISTINCT user_id FROM (SELECT user_id FROM bronze.events UNION ALL SELECT user_id"
            + " FROM bronze.order_events) WHERE user_id IS NOT NULL");
  }

  private static String click(String id, String user) {
    return "{'event_id':'%s','event_type':'product_click','event_at':'2026-03-02T10:05:00Z',"
            .formatted(id)
        + "'user_id':'%1$s','market':'US','product_id':'p1','extra_of':'%1$s'}".formatted(user);
  }

  private static String shipped(String user) {
    return "{'order_event_id':'1','order_id':'o1','order_event':'shipped','market':'US',"
        + "'currency':'USD','event_at':'2026-03-02T11:00:00Z','user_id':'%s'}".formatted(user);
  }
}
