package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.IdSearch.Found;
import io.shoplens.table.Events;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdSearchTest {
  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void write() {
    lake = new Lake(LocalSpark.session(), folder.toString());
    lake.append(
        Events.TABLE,
        Rows.of(
            Events.TABLE,
            "{'record_kind':'accepted','event_id':'e1','user_id':'u9','extra':'page q7'}"));
  }

  @Test
  void aShortIdIsFoundWhereItIsAnIdAndElsewhereInDoubt() {
    assertThat(found("u9").holding()).hasSize(1).first().asString().contains(".parquet");
    assertThat(found("u9").doubtful()).isEmpty();
    assertThat(found("q7").holding()).isEmpty();
    assertThat(found("q7").doubtful()).hasSize(1).first().asString().contains(".parquet");
  }

  @Test
  void parquetThatCantBeDecodedIsNamedAndTheOthersAreStillRead() throws IOException {
    Path table = Path.of(lake.path(Events.TABLE));
    Files.writeString(table.resolve("broken.parquet"), "not Parquet, by=user-17");

    Found found = found("u9");
    assertThat(found.holding()).hasSize(1);
    assertThat(found.undecoded()).hasSize(1).first().asString().endsWith("broken.parquet");
    assertThat(found("user-17").holding()).isEqualTo(found.undecoded());
  }

  private Found found(String id) {
    return IdSearch.of(lake, List.of(id));
  }
}
