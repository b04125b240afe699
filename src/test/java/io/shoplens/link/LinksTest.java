package io.shoplens.link;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import io.shoplens.table.OutboundLinks;
import io.shoplens.testing.Rows;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class LinksTest {
  private static final StructType URLS = new StructType().add(LINK_URL, DataTypes.StringType);

  @Test
  void aUrlColumnBecomesAStructOfWhatItResolvesTo() {
    Dataset<Row> resolved =
        Rows.of(
                URLS,
                "{'link_url':'https://l.facebook.com/l.php?u=https%3A%2F%2Fshopee.sg%2Fx-i.1.2'}",
                "{'link_url':'https://bit.ly/x?utm_source=a%22b%5C%01c&aff_id=9&gclid=1'}",
                "{'link_url':'no link'}",
                "{}")
            .repartition(2)
            .select(Links.resolution(Catalogues.shipped()).apply(col(LINK_URL)).as("link"));
    assertThat(resolved.schema().apply("link").dataType()).isEqualTo(Links.RESOLVED);
    assertThat(Rows.json(resolved))
        .containsExactlyInAnyOrder(
            "{'link':{'final_url':'https://shopee.sg/x-i.1.2','host':'shopee.sg',"
                + "'registrable_domain':'shopee.sg','merchant':'Shopee SG',"
                + "'merchant_group':'Shopee',"
                + "'parent_group':'Sea','link_kind':'marketplace','certainty':'decoded',"
                + "'is_competitor':true,'product_key':'shopee:1.2'}}",
            "{'link':{'final_url':'https://bit.ly/x','host':'bit.ly','registrable_domain':'bit.ly',"
                + "'link_kind':'shortener','certainty':'opaque','is_competitor':false,"
                + "'tracking_parameters':'{\\'gclid\\':\\'***\\',"
                + "\\'utm_source\\':\\'a\\\\\\'b\\\\\\\\\\\\u0001c\\'}',"
                + "'affiliate_parameters':'{\\'aff_id\\':\\'9\\'}'}}",
            "{'link':{'link_kind':'unparsable','certainty':'unparsable','is_competitor':false}}",
            "{}");
  }

  @Test
  void aMerchantsDomainBecomesItsGroup() {
    Dataset<Row> groups =
        Rows.of(
                URLS,
                "{'link_url':'shopee.sg'}",
                "{'link_url':'WWW.Shopee.CO.ID'}",
                "{'link_url':'https://www.lazada.sg/x'}",
                "{'link_url':'unheard.example'}",
                "{}")
            .select(Links.merchantGroup(Catalogues.shipped()).apply(col(LINK_URL)).as("g"));
    assertThat(Rows.json(groups))
        .containsExactly("{'g':'Lazada'}", "{'g':'Shopee'}", "{'g':'Shopee'}", "{}", "{}");
  }

  @Test
  void aTaskResolvesALinkOnceHoweverLongItIsUntilTooManyOthersCameBetween() {
    AtomicInteger resolved = new AtomicInteger();
    Links.Cached<Integer> cached = new Links.Cached<>(text -> resolved.incrementAndGet());
    String longest = "https://shopee.sg/?u=" + "x".repeat(LinkParser.LONGEST - 21);

    assertThat(cached.call(longest)).isEqualTo(1).isEqualTo(cached.call(longest));
    for (int i = 0; i < 8_191; i++) {
      cached.call("https://shopee.sg/" + i);
    }
    assertThat(cached.call(longest)).isEqualTo(1);
    for (int i = 0; i < 250; i++) {
      cached.call(longest.substring(0, LinkParser.LONGEST - 3) + i);
    }
    assertThat(cached.call(longest)).isEqualTo(8_192 + 250 + 1);
    assertThat(cached.call(longest + "x")).isNotEqualTo(cached.call(longest + "x"));
  }

  @Test
  void outboundClicksKeepTheEventAndWhatItsLinkResolvesTo() {
    StructType sessionized =
        Events.TABLE
            .schema()
            .add(EVENT_DATE, DataTypes.DateType)
            .add(IS_BOT, DataTypes.BooleanType)
            .add("link", Links.RESOLVED);
    Dataset<Row> clicks =
        OutboundClicks.of(
            Rows.of(
                sessionized,
                "{'event_id':'1','event_type':'outbound_click','event_at':'2026-03-02T10:05:00Z',"
                    + "'event_date':'2026-03-02','market':'SG','user_id':'u','is_bot':false,"
                    + "'link':{'final_url':'https://shopee.sg/','host':'shopee.sg',"
                    + "'registrable_domain':'shopee.sg','merchant':'Shopee SG',"
                    + "'merchant_group':'Shopee','parent_group':'Sea','link_kind':'marketplace',"
                    + "'certainty':'direct','is_competitor':true}}",
                "{'event_id':'2','event_type':'outbound_blocked','event_date':'2026-03-02',"
                    + "'is_bot':true}",
                "{'event_id':'3','event_type':'inbound_visit','event_date':'2026-03-02',"
                    + "'is_bot':false,'link':{'host':'google.com','is_competitor':false}}"));
    assertThat(Arrays.stream(clicks.schema().fields()).map(LinksTest::nameAndType))
        .containsExactlyElementsOf(
            Arrays.stream(OutboundLinks.TABLE.schema().fields())
                .map(LinksTest::nameAndType)
                .toList());
    assertThat(Rows.json(clicks))
        .containsExactly(
            "{'event_id':'1','event_type':'outbound_click','event_at':'2026-03-02T10:05:00.000Z',"
                + "'event_date':'2026-03-02','market':'SG','user_id':'u',"
                + "'final_url':'https://shopee.sg/','host':'shopee.sg',"
                + "'registrable_domain':'shopee.sg','merchant':'Shopee SG',"
                + "'merchant_group':'Shopee','parent_group':'Sea','link_kind':'marketplace',"
                + "'certainty':'direct','is_competitor':true,'is_bot':false}",
            "{'event_id':'2','event_type':'outbound_blocked','event_date':'2026-03-02',"
                + "'link_kind':'unparsable','certainty':'unparsable','is_competitor':false,"
                + "'is_bot':true}");
  }

  private static String nameAndType(StructField field) {
    return field.name() + " " + field.dataType().sql();
  }
}
