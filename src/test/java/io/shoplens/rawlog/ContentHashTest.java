package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.table.Events;
import io.shoplens.table.OrderEvents;
import io.shoplens.testing.Rows;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/**
 * Hashes of records by a contract and by the same with one more field, declared behind the others.
 */
class ContentHashTest {
  private static final String LATER = "later";

  private static final Dataset<Row> EVENTS =
      Rows.of(
          Events.TABLE,
          "{'event_id':'e1','event_type':'search','market':'US','user_id':'u','extra':'{}'}",
          "{'event_id':'e1','event_type':'search','market':'US','device_id':'u','extra':'{}'}",
          "{'event_id':'e1','event_type':'search','market':'US','user_id':'u','user_agent':'{}'}",
          "{'event_id':'e1','event_type':'search','market':'US','user_id':'u'}");

  private static final Dataset<Row> ORDERS =
      Rows.of(
          OrderEvents.TABLE,
          "{'order_event_id':'1','lines':[{'line_id':'1','product_id':'p'}]}",
          "{'order_event_id':'1','lines':[{'line_id':'1','category':'p'}]}",
          "{'order_event_id':'1','reversal':{'lines':[{'line_id':'1','product_id':'p'}]}}",
          "{'order_event_id':'1','reversal':{'lines':[{'line_id':'1','category':'p'}]}}");

  @Test
  void theSameValuesInOtherFieldsAreOtherContent() {
    assertThat(hashes(EVENTS, EventContract.FIELDS)).doesNotHaveDuplicates();
    assertThat(hashes(ORDERS, OrderContract.contentHash())).doesNotHaveDuplicates();
  }

  @Test
  void aRecordWithoutAFieldDeclaredLaterKeepsItsHash() {
    assertThat(hashes(EVENTS.withColumn(LATER, lit(null).cast("string")), withLater()))
        .isEqualTo(hashes(EVENTS, EventContract.FIELDS));
  }

  @Test
  void aRecordWithAFieldDeclaredLaterHasAnother() {
    assertThat(hashes(EVENTS.withColumn(LATER, lit("x")), withLater()))
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(hashes(EVENTS, EventContract.FIELDS));
  }

  @Test
  void theSameGoesForAFieldOfOrderLines() {
    List<Long> before = hashes(ORDERS, OrderContract.contentHash());

    assertThat(hashes(linesWith(lit(null).cast("string")), OrderContract.contentHash()))
        .isEqualTo(before);
    assertThat(hashes(linesWith(lit("x")).limit(2), OrderContract.contentHash()))
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(before);
  }

  private static Dataset<Row> linesWith(Column later) {
    return ORDERS.withColumn(LINES, transform(col(LINES), line -> line.withField(LATER, later)));
  }

  private static List<String> withLater() {
    return Stream.concat(EventContract.FIELDS.stream(), Stream.of(LATER)).toList();
  }

  private static List<Long> hashes(Dataset<Row> rows, List<String> fields) {
    List<Column> content = Provenance.content(fields).stream().map(functions::col).toList();
    return hashes(rows, Provenance.hash(content, content));
  }

  private static List<Long> hashes(Dataset<Row> rows, Column hash) {
    return rows.select(hash).as(Encoders.LONG()).collectAsList();
  }
}
