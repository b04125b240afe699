package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ConfigFile;
import io.shoplens.config.Feed;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.testing.LocalSpark;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mappings shipped under conf/examples, on lines of the kind each is for. */
class ExamplesTest {
  private static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final Path EXAMPLES = Path.of("conf/examples");
  private static final List<String> INVOICES =
      List.of(
          "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
          "536365,POST,\"POSTAGE, \"\"2ND\"\" CLASS\",1,2010-12-01 08:27:00,0.072,,France",
          "C536379,22960,JAM MAKING SET,-2,2010-12-01 09:41:00,4.25,14527,United Kingdom",
          "C536380,M,Manual,1,2010-12-01 09:42:00,373.57,,United Kingdom",
          "A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,-11062.06,,United Kingdom",
          "536589,21777,\"damaged\nor £ lost\",-10,2010-12-01 16:50:00,0.075,,United Kingdom",
          "536590,22423,CAKESTAND,1,2010-12-01 17:00:00,-5,,United Kingdom",
          "536591,22423,CAKESTAND,,2010-12-01 17:00:00,5,,United Kingdom");

  @TempDir Path folder;

  @Test
  void everyExampleIsTriedHere() throws Exception {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".yaml")))
          .containsExactlyInAnyOrder(
              "gtm-server.yaml", "online-retail.yaml", "otto.yaml", "snowplow-ecommerce.yaml");
    }
  }

  @Test
  void invoiceLinesAreSalesReturnsAndAdjustments() {
    assertInvoices(
        read(
            "online-retail.yaml",
            Map.of(),
            UTF_8,
            lines(
                "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
                INVOICES.stream())));
  }

  @Test
  void theLaterLayoutInAnotherCharacterSetGivesTheSame() {
    assertInvoices(
        read(
            "online-retail.yaml",
            Map.of(
                "feeds.invoices.fields.invoice", "Invoice",
                "feeds.invoices.fields.price", "Price",
                "feeds.invoices.fields.customer", "Customer ID"),
            StandardCharsets.ISO_8859_1,
            lines(
                "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
                INVOICES.stream()
                    .map(
                        line ->
                            line.replaceAll("2010-12-01 0?(\\d+:\\d\\d):00", "12/1/2010 $1")))));
  }

  private static String[] lines(String header, Stream<String> lines) {
    return Stream.concat(Stream.of(header), lines).toArray(String[]::new);
  }

  private static void assertInvoices(Dataset<Row> rows) {
    assertThat(
            Raw.accepted(
                rows,
                "order_id",
                "order_event",
                "event_at",
                "user_id",
                "lines.quantity",
                "lines.unit_price",
                "lines.category",
                "reversal.amount",
                "reversal.lines"))
        .containsExactly(
            "{'order_id':'536365','order_event':'paid','event_at':'2010-12-01T08:26:00.000Z','user_id':'17850','quantity':[6],'unit_price':[2.550000],'category':['products']}",
            "{'order_id':'536365','order_event':'paid','event_at':'2010-12-01T08:27:00.000Z','quantity':[1],'unit_price':[0.072000],'category':['other']}",
            "{'order_id':'536365','order_event':'placed','event_at':'2010-12-01T08:26:00.000Z','user_id':'17850','quantity':[6],'unit_price':[2.550000],'category':['products']}",
            "{'order_id':'536365','order_event':'placed','event_at':'2010-12-01T08:27:00.000Z','quantity':[1],'unit_price':[0.072000],'category':['other']}",
            "{'order_id':'536589','order_event':'adjusted','event_at':'2010-12-01T16:50:00.000Z','amount':-0.7500}",
            "{'order_id':'536590','order_event':'adjusted','event_at':'2010-12-01T17:00:00.000Z','amount':-5.0000}",
            "{'order_id':'A563185','order_event':'adjusted','event_at':'2011-08-12T13:50:00.000Z','amount':-11062.0600}",
            "{'order_id':'C536379','order_event':'refunded','event_at':'2010-12-01T09:41:00.000Z','user_id':'14527','lines':[{'line_id':'sample:4','product_id':'22960','category':'products','quantity':2,'unit_price':4.250000}]}",
            "{'order_id':'C536380','order_event':'adjusted','event_at':'2010-12-01T09:42:00.000Z','amount':373.5700}");
    assertThat(Raw.rejected(rows)).containsExactly("10 missing_field quantity");
  }

  @Test
  void theEventsOfASessionAreOfItsDevice() {
    assertThat(
            Raw.accepted(
                read(
                    "otto.yaml",
                    Map.of(),
                    UTF_8,
                    "{'session':7,'events':[{'aid':15,'ts':1659304800025,'type':'clicks'},"
                        + "{'aid':16,'ts':1659304900025,'type':'orders'}]}"),
                "event_id",
                "event_type",
                "event_at",
                "device_id",
                "market",
                "product_id"))
        .containsExactly(
            "{'event_id':'7-0','event_type':'product_click','event_at':'2022-07-31T22:00:00.025Z','device_id':'7','market':'DE','product_id':'15'}",
            "{'event_id':'7-1','event_type':'checkout_started','event_at':'2022-07-31T22:01:40.025Z','device_id':'7','market':'DE','product_id':'16'}");
  }

  @Test
  void webEventsOfAWarehouseAreWhatTheirActionSays() {
    String header =
        "event_id,derived_tstamp,collector_tstamp,user_id,domain_userid,network_userid,geo_country,"
            + "page_url,page_referrer,refr_medium,mkt_medium,mkt_source,mkt_campaign,platform,"
            + "useragent,unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1_0_0,"
            + "contexts_com_snowplowanalytics_snowplow_ecommerce_product_1_0_0,"
            + "contexts_com_snowplowanalytics_snowplow_ecommerce_user_1_0_0";
    String at = ",2022-10-01 10:00:00.000000+00:00,2022-10-01 10:00:01.000000+00:00";
    assertThat(
            Raw.accepted(
                read(
                    "snowplow-ecommerce.yaml",
                    Map.of(),
                    UTF_8,
                    header,
                    "e1"
                        + at
                        + ",,d1,,GR,https://shop.example/p/1?x=1,,,,,,web,UA,"
                        + "\"{\"\"type\"\":\"\"add_to_cart\"\"}\",\"[{\"\"id\"\":\"\"p1\"\",\n\"\"category\"\":\"\"c\"\"}]\",",
                    "e2"
                        + at
                        + ",,d1,,GR,https://shop.example/,,search,,,,web,UA,,,"
                        + "\"[{\"\"id\"\":\"\"u1\"\"}]\"",
                    "e3" + at + ",,,n1,CZ,https://shop.example/,,,,,,web,UA,,,"),
                "event_id",
                "event_type",
                "user_id",
                "device_id",
                "market",
                "product_id",
                "category",
                "content_id"))
        .containsExactly(
            "{'event_id':'e1','event_type':'add_to_cart','device_id':'d1','market':'GR','product_id':'p1','category':'c','content_id':'/p/1'}",
            "{'event_id':'e2','event_type':'inbound_visit','user_id':'u1','device_id':'d1','market':'GR','content_id':'/'}",
            "{'event_id':'e3','event_type':'content_view','device_id':'n1','market':'CZ','content_id':'/'}");
  }

  @Test
  void theEventsOfARequestOfATagManagerAreRecordsOfTheirOwn() {
    Dataset<Row> rows =
        read(
            "gtm-server.yaml",
            Map.of(),
            UTF_8,
            "{'rid':'r1','server_ingest_time':1695261256000,'data':'[{\\'event_name\\':\\'select_item\\',"
                + "\\'client_id\\':\\'c1\\',\\'items\\':[{\\'item_id\\':\\'p1\\'}],\\'x-ga-ur\\':\\'US-TX\\',"
                + "\\'x-sst-system_properties\\':{\\'request_start_time_ms\\':1695261256542,\\'uc\\':\\'US\\'}},"
                + "{\\'event_name\\':\\'login\\',\\'user_id\\':\\'u1\\'}]'}",
            "{'rid':'r2','server_ingest_time':1695261256000,'data':'test'}");
    assertThat(
            Raw.accepted(
                rows,
                "event_id",
                "event_type",
                "event_at",
                "user_id",
                "device_id",
                "market",
                "region",
                "product_id"))
        .containsExactly(
            "{'event_id':'r1-0','event_type':'product_click','event_at':'2023-09-21T01:54:16.542Z','device_id':'c1','market':'US','region':'US-TX','product_id':'p1'}",
            "{'event_id':'r1-1','event_type':'login','event_at':'2023-09-21T01:54:16.000Z','user_id':'u1','market':'US'}");
    assertThat(Raw.rejected(rows)).containsExactly("2 not_json $.data");
  }

  /** The rows an example's feed makes of a file; in JSON, single quotes stand for double ones. */
  private Dataset<Row> read(
      String example, Map<String, String> settings, Charset charset, String... lines) {
    ShoplensConfig config =
        ConfigFile.load(EXAMPLES.resolve(example).toString(), settings, Map.of());
    Feed feed = config.feeds().get(0);
    String text = String.join("\n", lines) + "\n";
    String whole = feed.format() == Feed.Format.JSON ? text.replace('\'', '"') : text;
    return RawLog.read(
        LocalSpark.session(),
        feed,
        List.of(Raw.file(folder, "sample", whole.getBytes(charset))),
        config.ingest(),
        config.reference(),
        PersonalData.asObserved());
  }
}
