package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom an erasure is told to look for. */
class EraseIdsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--user", "--device"})
  void anIdWithoutACharacterIsRefusedBeforeAnythingIsDone(String option) {
    Outcome outcome = shoplens("erase", option, "", "user-1");

    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("An id is empty.");
    assertThat(folder.resolve("lake")).doesNotExist();
  }

  @Test
  void theMarkThatAFileBeginsWithIsNoPartOfItsFirstId() throws IOException {
    Files.createDirectories(folder.resolve("lake"));
    Files.writeString(folder.resolve("lake").resolve("a.txt"), "by user-1");
    Path ids = Files.writeString(folder.resolve("ids"), "\uFEFFuser-1\r\nuser-2\r\n");

    Outcome outcome = shoplens("erase", "--prove", "--file", ids.toString());

    assertThat(outcome.out()).as(outcome.err()).startsWith("found in 1 of 1 objects");
    assertThat(outcome.exit()).isEqualTo(1);
  }

  private Outcome shoplens(String... command) {
    String conf = EndToEnd.CONF.resolve("samples.yaml").toString();
    return EndToEnd.shoplens(
        Stream.concat(
                Stream.of(command),
                Stream.of("--conf", conf, "-D", "lake.root=" + folder.resolve("lake")))
            .toArray(String[]::new));
  }
}
