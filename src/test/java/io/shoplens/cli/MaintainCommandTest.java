package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.Lake;
import io.shoplens.table.Checks;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.Rows;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainCommandTest {
  @TempDir private Path folder;

  @Test
  void smallFilesAreMergedOncePastStatesStayAndASecondTimeNothingChanges() {
    Lake lake = EndToEnd.lake(folder);
    for (String run : new String[] {"r1", "r2", "r3"}) {
      lake.append(Checks.TABLE, Rows.of(Checks.TABLE, "{'run_id':'%s'}".formatted(run)));
    }

    CommandLineRun first = maintain();
    Map<String, Long> versions = lake.versions();
    CommandLineRun second = maintain();

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out())
        .startsWith("[{\"table\":\"ops.checks\",\"files_before\":3,\"files_after\":1,");
    assertThat(versions).containsExactly(Map.entry("ops.checks", 3L));
    assertThat(second.out())
        .startsWith("[{\"table\":\"ops.checks\",\"files_before\":1,\"files_after\":1,");
    assertThat(lake.versions()).isEqualTo(versions);
    assertThat(Rows.json(lake.read(Checks.TABLE), "run_id"))
        .containsExactly("{'run_id':'r1'}", "{'run_id':'r2'}", "{'run_id':'r3'}");
    assertThat(Rows.json(lake.readVersion(Checks.TABLE, 1), "run_id"))
        .containsExactly("{'run_id':'r1'}", "{'run_id':'r2'}");
  }

  private CommandLineRun maintain() {
    LocalSpark.session();
    return CommandLineRun.of(
        JobEngine::new,
        Map.of(),
        "maintain",
        "--json",
        "--conf",
        EndToEnd.CONF.resolve("samples.yaml").toString(),
        "-D",
        "lake.root=" + folder);
  }
}
