package io.shoplens.job;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.ErasureList;
import io.shoplens.lake.ErasureList.Published;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Maintenance;
import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Sessions;
import io.shoplens.table.Touchpoints;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User 1 is taken out of single tables; the whole of it is in EraseCommandTest. */
class ErasureTest {
  private static final String KEY = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String SESSION = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private Place place;
  private Lake lake;

  @BeforeEach
  void found() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), KEY);
    place = new Place(folder, "place", "clicks", Map.of("privacy.key-file", keys.toString()));
    lake = place.lake();
  }

  @Test
  void rowsThatAreOnlyHiddenGoToo() {
    String event = "{'record_kind':'accepted','event_id':'%1$s','user_id':'user-%1$s'}";
    lake.append(Events.TABLE, Rows.of(Events.TABLE, event.formatted("1"), event.formatted("2")));
    lake.delete(Events.TABLE, col("event_id").equalTo("1"));

    erase();

    String[] files = lake.read(Events.TABLE).inputFiles();
    assertThat(Rows.json(LocalSpark.session().read().parquet(files), "user_id"))
        .containsExactly("{'user_id':'user-2'}");
  }

  @Test
  void parametersOfAnybodysLinksHoldTheIdNoMore() {
    lake.append(
        OutboundLinks.TABLE,
        Rows.of(
            OutboundLinks.TABLE,
            "{'event_id':'e1','event_date':'2026-03-02','user_id':'user-2',"
                + "'tracking_parameters':'{\\'utm_content\\':\\'user-1\\'}',"
                + "'affiliate_parameters':'{\\'tag\\':\\'by user-1\\'}'}"));

    erase();

    assertThat(
            place.texts(
                "SELECT concat_ws(' ', user_id, tracking_parameters, affiliate_parameters) FROM"
                    + " silver.outbound_links"))
        .containsExactly("user-2 {'utm_content':'erased'} {'tag':'by erased'}");
  }

  @Test
  void oneThatWasCutShortBetweenTablesRenamesTheSessionsOfNoneTwice() {
    // One that is still open keeps the salt, as one that was cut short does.
    new ErasureList(lake).begin(List.of("another"), Published.ALL);
    lake.append(
        Sessions.TABLE,
        Rows.of(
            Sessions.TABLE,
            "{'session_id':'%s','session_date':'2026-03-02','user_id':'user-1'}"
                .formatted(SESSION)));
    erase();
    List<String> names = place.texts("SELECT session_id FROM silver.sessions");
    lake.append(
        Touchpoints.TABLE,
        Rows.of(
            Touchpoints.TABLE,
            "{'event_id':'e1','session_id':'%s','touch_date':'2026-03-02','user_id':'user-1'}"
                .formatted(SESSION)));

    erase();

    assertThat(names).hasSize(1).doesNotContain(SESSION);
    assertThat(place.texts("SELECT session_id FROM silver.sessions")).isEqualTo(names);
    assertThat(place.texts("SELECT session_id FROM silver.touchpoints")).isEqualTo(names);
  }

  @Test
  void oneThatWasCutShortAfterItHadRewrittenBronzeStillNamesTheRawFiles() throws IOException {
    new ErasureList(lake).begin(List.of("another"), Published.ALL);
    lake.append(
        Events.TABLE,
        Rows.of(
            Events.TABLE,
            "{'record_kind':'accepted','event_id':'e1','user_id':'user-1',"
                + "'source_file':'a.json'}"));
    erase();

    Erasure.Erased again = erase();

    assertThat(again.tables()).isEmpty();
    assertThat(again.rawFiles()).containsExactly("a.json");
    assertThat(Path.of(lake.root()).resolve("_shoplens/privacy/erasing"))
        .content()
        .doesNotContain("user-1");
    new ErasureList(lake).end(List.of("another"));
    assertThat(erase().rawFiles()).as("once it is done").isEmpty();
  }

  @Test
  void aPurgeThatWasCutShortIsCompletedThoughNoLogTellsAnyMoreThatAllWasPublished() {
    String touch =
        "{'event_id':'%1$s','session_id':'%2$s','touch_date':'2026-03-02','user_id':'user-%1$s'}";
    lake.append(
        Touchpoints.TABLE,
        Rows.of(Touchpoints.TABLE, touch.formatted("1", SESSION), touch.formatted("2", SESSION)));
    place.publishAsItIs();
    new ErasureList(lake).begin(List.of("another"), Published.ALL);
    lake.delete(Touchpoints.TABLE, col("event_id").equalTo("2"));
    new Maintenance(lake, Duration.ofDays(7)).purge(Touchpoints.TABLE);

    erase(Erasure.Purge.NOW);

    assertThat(place.texts("SELECT concat(command, ' ', run_state) FROM ops.runs ORDER BY 1"))
        .containsExactly("erase published", "run published");
  }

  @Test
  void aDeviceGoesWithTheLastOfItsUsersWhoeverWasErasedBefore() {
    String event =
        "{'record_kind':'accepted','event_id':'e%1$s','user_id':'user-%1$s',"
            + "'device_id':'device-%2$s','source_file':'a.json'}";
    lake.append(
        Events.TABLE,
        Rows.of(
            Events.TABLE,
            event.formatted("1", "1"),
            event.formatted("2", "1"),
            event.formatted("1", "2"),
            event.formatted("3", "2")));

    erase("user-2", Erasure.Purge.IN_TIME);
    List<String> shared = devices();
    erase();

    assertThat(shared).containsExactly("device-1", "device-1", "device-2", "device-2");
    assertThat(devices()).filteredOn(device -> device.startsWith("erased:")).hasSize(2);
    assertThat(devices()).filteredOn("device-2"::equals).hasSize(2);
  }

  private List<String> devices() {
    return place.texts("SELECT device_id FROM bronze.events ORDER BY device_id");
  }

  @Test
  void oneThatWasCutShortBetweenTheFeedsFindsTheirDeviceInOthersText() {
    new ErasureList(lake).begin(List.of("another"), Published.ALL);
    lake.append(
        OrderEvents.TABLE,
        Rows.of(
            OrderEvents.TABLE,
            "{'record_kind':'accepted','order_event_id':'1','user_id':'user-1',"
                + "'device_id':'device-1','source_file':'a.json'}"));
    erase();
    lake.append(
        Events.TABLE,
        Rows.of(
            Events.TABLE,
            "{'record_kind':'accepted','event_id':'e1','device_id':'device-1',"
                + "'source_file':'a.json'}",
            "{'record_kind':'accepted','event_id':'e2','user_id':'user-2',"
                + "'link_url':'https://x.example/?d=device-1','source_file':'a.json'}"));

    erase();

    assertThat(place.texts("SELECT link_url FROM bronze.events WHERE event_id = 'e2'"))
        .containsExactly("https://x.example/?d=erased");
  }

  private Erasure.Erased erase() {
    return erase(Erasure.Purge.IN_TIME);
  }

  private Erasure.Erased erase(Erasure.Purge purge) {
    return erase("user-1", purge);
  }

  private Erasure.Erased erase(String user, Erasure.Purge purge) {
    return new Erasure(
            lake,
            place.context().config(),
            new PublishedAgain(lake, place.context().config(), Clock.systemUTC(), "test"))
        .erase(Set.of(user), Set.of(), Erasure.Raw.LISTED, purge, notice -> {});
  }
}
