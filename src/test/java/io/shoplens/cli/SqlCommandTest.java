package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ConfFolder;
import io.shoplens.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlCommandTest {
  private static final String QUERY =
      "SELECT * FROM VALUES (1, 'a,b', CAST(1.50 AS DECIMAL(9,2)), array(1, NULL),"
          + " TIMESTAMP '2026-03-01 10:05:00'), (NULL, 'say \"x\"\\n\\u001b[2J', NULL, NULL, NULL)"
          + " AS t(id, text, amount, items, at)";

  @TempDir private Path folder;
  private ConfFolder conf;

  @BeforeEach
  void folder() {
    LocalSpark.session();
    conf = ConfFolder.in(folder).write("a.yaml", "lake.root: lake\n");
  }

  @Test
  void aTableIsAlignedAndNothingInItSteersTheTerminal() {
    assertThat(sql(QUERY))
        .isEqualTo(
            new CommandLineRun(
                0,
                """
                  id  text                amount  items     at
                   1  a,b                   1.50  [1,null]  2026-03-01 10:05:00
                NULL  say "x"\\n\\u001b[2J    NULL  NULL      NULL
                """,
                ""));
  }

  @Test
  void csvHasAHeaderAndQuotesWhereTheyAreNeeded() {
    assertThat(sql(QUERY, "--format", "csv"))
        .isEqualTo(
            new CommandLineRun(
                0,
                "id,text,amount,items,at\n"
                    + "1,\"a,b\",1.50,\"[1,null]\",2026-03-01 10:05:00\n"
                    + ",\"say \"\"x\"\"\n\u001b[2J\",,,\n",
                ""));
  }

  @Test
  void jsonIsOneObjectALineWithNulls() {
    String expected =
        "{\"id\":1,\"text\":\"a,b\",\"amount\":1.50,\"items\":[1,null],"
            + "\"at\":\"2026-03-01T10:05:00.000Z\"}\n"
            + "{\"id\":null,\"text\":\"say \\\"x\\\"\\n\\u001B[2J\",\"amount\":null,"
            + "\"items\":null,\"at\":null}\n";
    assertThat(sql(QUERY, "--format", "JSON")).isEqualTo(new CommandLineRun(0, expected, ""));
    assertThat(sql(QUERY, "--json")).isEqualTo(new CommandLineRun(0, expected, ""));
  }

  @Test
  void aLimitCutsAndATableSaysSo() {
    assertThat(sql("SELECT id FROM range(5) ORDER BY id", "--limit", "2"))
        .isEqualTo(
            new CommandLineRun(0, "id\n 0\n 1\n", "The first 2 rows; --limit 0 shows all.\n"));
    assertThat(sql("SELECT id FROM range(2) ORDER BY id", "--limit", "2"))
        .isEqualTo(new CommandLineRun(0, "id\n 0\n 1\n", ""));
    assertThat(sql("SELECT id FROM range(5) ORDER BY id", "--limit", "1", "--format", "csv").out())
        .isEqualTo("id\n0\n");
  }

  @Test
  void columnsOfOneNameKeepTheirOwnValues() {
    assertThat(sql("SELECT 1 AS a, 2 AS a").out()).isEqualTo("a  a\n1  2\n");
  }

  @Test
  void aQueryThatCannotRunIsAUsageErrorWithoutATrace() {
    CommandLineRun wrong = sql("SELEC 1");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err())
        .startsWith("The query can't be run.\n  Cause: [PARSE_SYNTAX_ERROR] ")
        .endsWith("\n  Cure:  Correct it; shoplens describe lists the tables and their columns.\n");
    assertThat(wrong.err().lines()).hasSize(3);

    CommandLineRun unknown = sql("SELECT b FROM (SELECT 1 AS a)");
    assertThat(unknown.err().lines().toList().get(1))
        .startsWith("  Cause: [UNRESOLVED_COLUMN.WITH_SUGGESTION] ")
        .endsWith(" SQLSTATE: 42703; line 1 pos 7");

    CommandLineRun divided = sql("SELECT 1 / 0");
    assertThat(divided.exit()).isEqualTo(2);
    assertThat(divided.err()).startsWith("The query can't be run.\n  Cause: [DIVIDE_BY_ZERO] ");
  }

  private CommandLineRun sql(String query, String... options) {
    List<String> arguments = new ArrayList<>(List.of("sql", query, "--conf", conf.path("a.yaml")));
    arguments.addAll(List.of(options));
    return CommandLineRun.of(
        (session, config) -> TestEngine.answering(session::sql),
        Map.of(),
        arguments.toArray(String[]::new));
  }
}
