package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Feed;
import io.shoplens.table.OrderEvents;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeOrdersTest {
  private static final String HEAD =
      "'order_event_id':'v1','order_id':'o1','event_at':'2026-03-01T23:30:00-05:00','market':'US',"
          + "'currency':'USD'";

  @TempDir Path folder;

  private Dataset<Row> orders(String... lines) {
    return Raw.read(Raw.orders(), Raw.file(folder, "o.json", lines));
  }

  private static String placed(String line, String more) {
    return "{" + HEAD + ",'order_event':'placed','lines':[{" + line + "}]" + more + "}";
  }

  private static String placed(String line) {
    return placed("'line_id':'1','quantity':1,'unit_price':10," + line, "");
  }

  private static String refunded(String reversal) {
    return "{" + HEAD + ",'order_event':'refunded','reversal':" + reversal + "}";
  }

  @Test
  void aRowHasTheColumnsOfTheTableInTheirTypes() {
    for (Dataset<Row> rows :
        List.of(
            orders("{}"), Raw.read(Raw.byLine(Raw.orders()), Raw.file(folder, "l.json", "{}")))) {
      assertThat(
              Arrays.stream(rows.schema().fields())
                  .map(field -> field.name() + " " + field.dataType().sql()))
          .containsExactlyElementsOf(
              Arrays.stream(OrderEvents.TABLE.schema().fields())
                  .filter(field -> !Provenance.OF_INGEST.contains(field.name()))
                  .map(field -> field.name() + " " + field.dataType().sql())
                  .toList());
    }
  }

  @Test
  void amountsAreExactWhetherNumbersExponentsOrStrings() {
    Dataset<Row> rows =
        orders(
            placed(
                "'line_id':'1','quantity':6.0,'unit_price':1.2345e1,'seller_discount':'0.10',"
                    + "'platform_discount':0.300,'commission_rate':0.05",
                ",'tax':0.07,'shipping_fee':'1E1','x':12345678901234567890.123"),
            refunded("{'amount':'12.5'}"),
            refunded("{'lines':[{'line_id':'1','quantity':'2'}]}"));
    assertThat(
            Raw.accepted(
                rows,
                "lines",
                "tax",
                "shipping_fee",
                "reversal",
                "extra",
                "sales_channel",
                "event_utc_date"))
        .containsExactly(
            "{'lines':[{'line_id':'1','quantity':6,'unit_price':12.345000,'seller_discount':0.1000,"
                + "'platform_discount':0.3000,'commission_rate':0.050000}],'tax':0.0700,"
                + "'shipping_fee':10.0000,'extra':'{\\'x\\':12345678901234567890.123}',"
                + "'sales_channel':'in_app','event_utc_date':'2026-03-02'}",
            "{'reversal':{'amount':12.5000},'sales_channel':'in_app','event_utc_date':'2026-03-02'}",
            "{'reversal':{'lines':[{'line_id':'1','quantity':2}]},'sales_channel':'in_app',"
                + "'event_utc_date':'2026-03-02'}");
  }

  @Test
  void theFirstFaultInTheOrderOfTheContractIsTheOneTold() {
    assertThat(
            Raw.rejected(
                orders(
                    "{" + HEAD + ",'order_event':'placed'}",
                    "{" + HEAD + ",'order_event':'placed','lines':[]}",
                    "{" + HEAD + ",'order_event':'bought'}",
                    "{" + HEAD + ",'order_event':['paid']}",
                    "{" + HEAD.replace("USD", "XXX") + ",'order_event':'paid'}",
                    "{" + HEAD.replace("USD", "usd") + ",'order_event':'paid'}",
                    "{" + HEAD + ",'order_event':'paid','sales_channel':'web'}",
                    "{" + HEAD + ",'order_event':'paid','sales_channel':'external'}",
                    "{" + HEAD + ",'order_event':'paid','tax':1.001}",
                    "{" + HEAD.replace("USD", "JPY") + ",'order_event':'paid','tax':1.5}",
                    "{" + HEAD + ",'order_event':'paid','tax':-1}",
                    "{" + HEAD + ",'order_event':'paid','tax':'1,5'}",
                    "{" + HEAD + ",'order_event':'paid','tax':true}",
                    "{" + HEAD + ",'order_event':'paid','lines':{}}",
                    "{" + HEAD + ",'order_event':'paid','tax':1e400}",
                    "{" + HEAD + ",'order_event':'paid','tax':1." + "0".repeat(1000) + "}",
                    placed("'quantity':0"),
                    placed("'quantity':1.5").replace("'quantity':1,", ""),
                    placed("'quantity':-1").replace("'quantity':1,", ""),
                    placed("'seller_discount':10.01"),
                    placed("'seller_discount':0.001"),
                    placed("'product_id':7"),
                    placed("'commission_rate':1.01"),
                    placed("'quantity':1,'unit_price':1.0000001", ""),
                    placed("'line_id':'1','quantity':1", ""),
                    placed("'quantity':1,'unit_price':1", ""),
                    placed("'line_id':'1','quantity':1,'unit_price':1},{'line_id':'1'", ""),
                    refunded("{'amount':-1}"),
                    refunded("{'lines':[{'line_id':'1','quantity':0}]}"),
                    refunded("[]"),
                    refunded("{'lines':[3]}"))))
        .containsExactly(
            "1 missing_field lines",
            "2 missing_field lines",
            "3 unknown_value order_event",
            "4 wrong_type order_event",
            "5 unknown_currency currency",
            "6 unknown_currency currency",
            "7 unknown_value sales_channel",
            "8 missing_field merchant_domain",
            "9 too_many_digits tax",
            "10 too_many_digits tax",
            "11 out_of_range tax",
            "12 wrong_type tax",
            "13 wrong_type tax",
            "14 wrong_type lines",
            "15 out_of_range tax",
            "16 out_of_range tax",
            "17 duplicate_key quantity",
            "18 wrong_type lines.quantity",
            "19 out_of_range lines.quantity",
            "20 out_of_range lines.seller_discount",
            "21 too_many_digits lines.seller_discount",
            "22 wrong_type lines.product_id",
            "23 out_of_range lines.commission_rate",
            "24 missing_field lines.line_id",
            "25 missing_field lines.unit_price",
            "26 missing_field lines.line_id",
            "27 missing_field lines.quantity",
            "28 out_of_range reversal.amount",
            "29 out_of_range reversal.lines.quantity",
            "30 wrong_type reversal",
            "31 wrong_type reversal.lines");
  }

  @Test
  void unknownFieldsOfLinesAreKeptToo() {
    Dataset<Row> rows =
        orders(
            placed("'line_id':'1','quantity':1,'unit_price':1.10,'size':'L'", ",'x':1"),
            refunded("{'amount':1,'why':'late'}"),
            refunded("{'lines':[{'line_id':'1','quantity':1}]}"));
    assertThat(Raw.accepted(rows, "extra"))
        .containsExactly(
            "{'extra':'{\\'lines\\':[{\\'line_id\\':\\'1\\',\\'quantity\\':1,\\'unit_price\\':1.10,"
                + "\\'size\\':\\'L\\'}],\\'x\\':1}'}",
            "{'extra':'{\\'reversal\\':{\\'amount\\':1,\\'why\\':\\'late\\'}}'}",
            "{}");
  }

  @Test
  void anAdjustmentMayBeNegative() {
    Dataset<Row> rows =
        orders("{" + HEAD + ",'order_event':'adjusted','reversal':{'amount':-11062.06}}");
    assertThat(Raw.accepted(rows, "order_event", "reversal"))
        .containsExactly("{'order_event':'adjusted','reversal':{'amount':-11062.0600}}");
  }

  @Test
  void atLineGrainEachRecordIsARowWithItsLine() {
    Feed feed = Raw.byLine(Raw.orders());
    String line = "'line_id':'7','product_id':'p','quantity':2,'unit_price':'3.50'";
    Dataset<Row> rows =
        Raw.read(
            feed,
            Raw.file(
                folder,
                "l.json",
                "{" + HEAD + ",'order_event':'placed'," + line + "}",
                "{" + HEAD + ",'order_event':'refunded'," + line + "}",
                "{" + HEAD + ",'order_event':'placed','line_id':'8','quantity':0,'unit_price':1}",
                "{" + HEAD + ",'order_event':'placed'}",
                "{" + HEAD + ",'order_event':'shipped','line_id':'7','quantity':1}"));
    assertThat(Raw.accepted(rows, "order_event", "lines", "reversal"))
        .containsExactly(
            "{'order_event':'placed','lines':[{'line_id':'7','product_id':'p','quantity':2,'unit_price':3.500000}]}",
            "{'order_event':'refunded','reversal':{'lines':[{'line_id':'7','product_id':'p','quantity':2,'unit_price':3.500000}]}}",
            "{'order_event':'shipped','lines':[{'line_id':'7','quantity':1}]}");
    assertThat(Raw.rejected(rows))
        .containsExactly("3 out_of_range quantity", "4 missing_field lines");
    assertThat(
            rows
                .where("record_kind = 'accepted'")
                .orderBy("source_line")
                .select("record_id")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactly(
            "v1\u001fplaced\u001f7", "v1\u001frefunded\u001f7", "v1\u001fshipped\u001f7");
    assertThat(Raw.unbalanced(feed, rows)).isEmpty();
  }

  @Test
  void contentTellsRepeatsFromConflicts() {
    String shifted = "{" + HEAD + ",'order_event':'paid','user_id':null,'device_id':'x'}";
    List<Long> hashes =
        Stream.of(
                shifted,
                shifted.replace("}", ",'received_at':'2026-03-02T10:00:00Z'}"),
                "{'device_id':'x','order_event':'paid'," + HEAD + "}",
                "{" + HEAD + ",'order_event':'paid','user_id':'x','device_id':null}",
                shifted.replace("}", ",'z':1}"))
            .map(
                line ->
                    orders(line)
                        .where("record_kind = 'accepted'")
                        .head()
                        .<Long>getAs("content_hash"))
            .toList();
    assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
    assertThat(hashes.get(2)).isEqualTo(hashes.get(0));
    assertThat(hashes.get(3)).isNotEqualTo(hashes.get(0));
    assertThat(hashes.get(4)).isNotEqualTo(hashes.get(0));
  }

  @Test
  void aValueThatMovesToAnotherFieldOfALineOrAReversalIsAnotherContent() {
    String line = "'line_id':'1','quantity':1,'unit_price':10,";
    Dataset<Row> rows =
        orders(
            placed(line + "'seller_discount':5", ""),
            placed(line + "'platform_discount':5", ""),
            placed(line + "'product_id':'a'", ""),
            placed(line + "'category':'a'", ""),
            refunded("{'lines':[" + "{" + line + "'product_id':'a'}]}"),
            refunded("{'lines':[" + "{" + line + "'category':'a'}]}"));

    assertThat(rows.where("record_kind = 'accepted'").select("content_hash").distinct().count())
        .isEqualTo(6);
  }
}
