package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.config.Feed;
import io.shoplens.error.ShoplensException;
import io.shoplens.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingCheckTest {
  @TempDir Path folder;

  @Test
  void aCheckTellsWhatAMappingFillsAndWhatItRejects() {
    Feed feed =
        Raw.byLine(
            Raw.mapped(
                Raw.orders(),
                List.of("id", "id", "q", "q"),
                List.of(
                    "order_id",
                    "id",
                    "order_event_id",
                    "id",
                    "order_event",
                    "array('placed','paid')",
                    "event_at",
                    "'2026-03-01T10:05:00Z'",
                    "market",
                    "'US'",
                    "currency",
                    "'USD'",
                    "line_id",
                    "id",
                    "quantity",
                    "q",
                    "unit_price",
                    "1.50")));
    InputFile file =
        Raw.file(
            folder,
            "s.json",
            "{'id':'a','q':1}",
            "{'id':'b','q':'x'}",
            "",
            "{'id':'c','q':'y'}",
            "[");
    MappingCheck check =
        MappingCheck.of(LocalSpark.session(), feed, file, Raw.SETTINGS, Raw.REFERENCE);
    assertThat(check.rows()).isEqualTo(2);
    assertThat(check.rejected()).isEqualTo(3);
    assertThat(check.blank()).isEqualTo(1);
    assertThat(check.rejections())
        .containsExactly(
            new MappingCheck.Rejection(
                "wrong_type", Optional.of("quantity"), 2, 2, "{\"id\":\"b\",\"q\":\"x\"}"),
            new MappingCheck.Rejection("not_json", Optional.empty(), 1, 5, "["));
    assertThat(check.fields())
        .contains(
            new MappingCheck.MappedField("quantity", Optional.of("q"), 1, List.of("1")),
            new MappingCheck.MappedField("region", Optional.empty(), 0, List.of()),
            new MappingCheck.MappedField(
                "order_event",
                Optional.of("array('placed','paid')"),
                1,
                List.of("placed", "paid")));
  }

  @Test
  void aDraftGuessesFieldsByTheirNames() {
    FeedDraft draft =
        FeedDraft.of(
            LocalSpark.session(),
            Raw.file(
                folder,
                "s.json",
                "{'session':1,'geo':{'country':'US'},'events':[{'aid':5,'ts':1772359500123,'type':'clicks'}]}"));
    assertThat(draft.kind()).isEqualTo(Feed.Kind.EVENTS);
    assertThat(draft.yaml())
        .isEqualTo(
            """
            # A draft: correct it, then check it again.
            draft:
              kind: events
              path: "%s"
              format: json
              explode: "$.events"
              fields:
                session: "$.session"  # 1
                country: "$.geo.country"  # US
                aid: "@.aid"  # 5
                ts: "@.ts"  # 1772359500123
                type: "@.type"  # clicks
              mapping:
                event_type: type
                event_at: ts
                device_id: session
                market: country
                product_id: aid
                # Needed, and not found in the file:
                event_id: "concat_ws(':', element_at(split(_file, '/'), -1), _line, _part)"
            """
                .formatted(folder.resolve("s.json").toUri()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[{'event':'view','ts':1700000000},{'event':'buy'}]", "{\n 'a': 1\n}"})
  void jsonThatIsNotOneObjectALineGetsNoDraft(String text) {
    InputFile file = Raw.file(folder, "array.json", text);

    assertThatThrownBy(() -> FeedDraft.of(LocalSpark.session(), file))
        .isInstanceOf(ShoplensException.class)
        .hasMessage(
            file.path()
                + """
                 is not JSON lines.
                  Cause: No line at its beginning is a whole JSON object: it is an array, or \
                objects that span lines.
                  Cure:  Write one object a line, as jq -c '.[]' does of an array and jq -c . of \
                objects.""");
  }

  @Test
  void aDraftOfInvoiceLinesIsAnOrderFeedAtLineGrain() {
    FeedDraft draft =
        FeedDraft.of(
            LocalSpark.session(),
            Raw.file(
                folder,
                "i.csv",
                "InvoiceNo;StockCode;Quantity;InvoiceDate;UnitPrice;CustomerID",
                "5;A;1;2010-12-01 08:26:00;2.55;17.0"));
    assertThat(draft.kind()).isEqualTo(Feed.Kind.ORDERS);
    assertThat(draft.format()).isEqualTo(Feed.Format.CSV);
    assertThat(draft.yaml())
        .contains("  grain: line\n", "  zone: UTC\n", "csv: {delimiter: \";\", header: true}")
        .contains(
            "    order_id: invoice_no\n",
            "    unit_price: unit_price\n",
            "    user_id: customer_id\n");
  }
}
