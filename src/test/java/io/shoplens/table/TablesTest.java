package io.shoplens.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.testing.Rows;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TablesTest {
  static final List<Table> TABLES = Tables.readable();

  @ParameterizedTest
  @FieldSource("TABLES")
  void everyTableDeclaresWhatAReaderNeeds(Table table) {
    assertThat(table.comment()).isNotBlank();
    assertThat(table.grain()).startsWith("one row per ");
    assertThat(table.reach()).isNotNull();
    assertThat(table.schema().fieldNames())
        .containsAll(table.key())
        .containsAll(table.partitionedBy());
    assertThat(table.schema().fields())
        .allSatisfy(field -> assertThat(field.getComment().isDefined()).as(field.name()).isTrue());
    assertThat(Arrays.stream(table.schema().fieldNames()).distinct())
        .hasSameSizeAs(table.schema().fieldNames());
  }

  @Test
  void aReachWidensTheChangedDates() {
    Reach reach = new Reach(1, 2, "for the test");
    assertThat(reach.of(List.of(LocalDate.parse("2026-03-01"))))
        .containsExactly(
            LocalDate.parse("2026-02-28"),
            LocalDate.parse("2026-03-01"),
            LocalDate.parse("2026-03-02"),
            LocalDate.parse("2026-03-03"));
  }

  @Test
  void rowsOfADeclaredTableCanBeWrittenAsShortJson() {
    assertThat(Rows.json(Rows.of(Identities.TABLE, "{'device_id':'d','utc_date':'2026-03-01'}")))
        .containsExactly("{'device_id':'d','utc_date':'2026-03-01'}");
  }
}
