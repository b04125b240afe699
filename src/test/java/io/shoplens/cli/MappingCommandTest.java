package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ConfFolder;
import io.shoplens.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingCommandTest {
  private static final String YAML =
      """
      lake.root: lake
      feeds.clicks:
        kind: events
        path: clicks
        fields: {id: $.id, at: $.ts, who: $.uid}
        mapping: {event_id: id, event_at: at, user_id: who, market: "'US'", event_type: "'search'"}
      """;

  @TempDir private Path folder;
  private ConfFolder conf;

  @BeforeEach
  void folder() {
    LocalSpark.session();
    conf =
        ConfFolder.in(folder)
            .write("a.yaml", YAML)
            .write(
                "a.json",
                """
                {"id":"1","ts":"2026-03-02T10:00:00Z","uid":"u"}
                {"id":"2","ts":"yesterday","uid":"u"}
                """);
  }

  @Test
  void aMappingIsShownFieldByFieldWithWhatItRejects() {
    CommandLineRun run = check("--conf", conf.path("a.yaml"), "--feed", "clicks");

    assertThat(run.exit()).as(run.err()).isZero();
    List<String> lines = squeezed(run.out());
    assertThat(lines)
        .startsWith("field from filled examples")
        .contains(
            "event_id id 100.0% 1",
            "market 'US' 100.0% US",
            "region - -",
            "rows 1, rejected records 1, blank or left out 0",
            "rejected for field records line as it came",
            "bad_timestamp event_at 1 2 {\"id\":\"2\",\"ts\":\"yesterday\",\"uid\":\"u\"}")
        .endsWith(
            "A run would hold this file: 50.0% rejected is over ingest.file-reject-limit, 5.0%.");
    assertThat(check("--json", "--conf", conf.path("a.yaml"), "--feed", "clicks").out())
        .startsWith("{\"feed\":\"clicks\",")
        .contains("\"rows\":1,\"rejected\":1,\"blank\":0,")
        .contains("\"rejections\":[{\"code\":\"bad_timestamp\",\"field\":\"event_at\",");
  }

  @Test
  void withoutAFeedADraftIsMadeThatIsAConfiguration() {
    CommandLineRun run = check();

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(squeezed(run.out())).startsWith("field path may be example");
    String draft = run.out().substring(run.out().indexOf("in a configuration:\n") + 21);
    conf.write(
        "b.yaml", "lake.root: lake\nfeeds:\n" + draft.lines().map(l -> "  " + l)
            .collect(Collectors.joining("\n")));
    String name = draft.lines().filter(l -> l.endsWith(":")).findFirst().orElseThrow();
    CommandLineRun again =
        check("--conf", conf.path("b.yaml"), "--feed", name.strip().replace(":", ""));
    assertThat(again.exit()).as(again.err() + draft).isZero();
  }

  @Test
  void aFileThatIsNotThereIsAnInputErrorAndAFolderIsWrongUse() {
    CommandLineRun missing =
        CommandLineRun.of("mapping", "check", folder.resolve("none.json").toString());
    assertThat(missing.exit()).isEqualTo(3);
    assertThat(missing.err()).startsWith("A path does not exist.\n  Cause: FileNotFoundException: ");

    assertThat(CommandLineRun.of("mapping", "check", folder.toString()).naming(folder.toString()))
        .isEqualTo(
            new CommandLineRun(
                2,
                "",
                """
                CONF is a folder.
                  Cause: A mapping is tried on one file.
                  Cure:  Name one of the files in it.
                """));
  }

  private CommandLineRun check(String... options) {
    List<String> arguments = new java.util.ArrayList<>(List.of("mapping", "check"));
    arguments.addAll(List.of(options));
    arguments.add(conf.path("a.json"));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private static List<String> squeezed(String text) {
    return text.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }
}
