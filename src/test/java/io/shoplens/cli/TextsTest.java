package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.job.Step;
import io.shoplens.job.StepFacts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class TextsTest {
  @Test
  void figuresReadAsPeopleWriteThem() {
    assertThat(Words.count(1234567)).isEqualTo("1,234,567");
    assertThat(Words.seconds(4.26)).isEqualTo("4.3 s");
    assertThat(Words.seconds(187)).isEqualTo("3 min 07 s");
    assertThat(Words.amount(new BigDecimal("1234.5000"), "USD")).isEqualTo("1,234.50");
    assertThat(Words.amount(new BigDecimal("1234.0000"), "JPY")).isEqualTo("1,234");
    assertThat(Words.amount(new BigDecimal("1.2340"), "KWD")).isEqualTo("1.234");
    assertThat(Words.share(new BigDecimal("1"), new BigDecimal("3"))).isEqualTo("33.3%");
    assertThat(Words.share(BigDecimal.ONE, BigDecimal.ZERO)).isEqualTo("-");
    assertThat(Words.percent(new BigDecimal("0.1235"))).isEqualTo("12.4%");
    assertThat(Words.percent(null)).isEqualTo("-");
  }

  @Test
  void aTableAlignsNumbersRightAndTextLeftByCharactersNotUnits() {
    assertThat(TextTable.of("name", ">n").row("a", "1").row("\uD83D\uDE00b", "22").lines())
        .containsExactly("name   n", "a      1", "\uD83D\uDE00b    22");
  }

  @Test
  void progressIntoAPipeIsALineForEachStepThatIsDone() {
    assertThat(progress(Terminal.Kind.PIPED))
        .isEqualTo("[1/2] ingest  2 files  30 rows  1.5 s\n[2/2] gmv  4 rows  0.1 s\n");
  }

  @Test
  void progressOnATerminalIsOneLineThatIsWrittenOver() {
    String text = progress(Terminal.Kind.INTERACTIVE);

    assertThat(text).startsWith("\r[1/2] ingest: raw logs into bronze  0:00");
    assertThat(text).endsWith("\r[2/2] gmv  4 rows  0.1 s\n");
    assertThat(text.chars().filter(c -> c == '\n').count()).isEqualTo(2);
  }

  private static String progress(Terminal.Kind kind) {
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), kind);
    ProgressLines progress = new ProgressLines(terminal, EnumSet.of(Step.INGEST, Step.GMV));
    progress.started(Step.INGEST);
    progress.advanced(Step.INGEST, 1, 10);
    progress.finished(new StepFacts(Step.INGEST, 2, 30, 0, 1.5));
    progress.started(Step.GMV);
    progress.finished(new StepFacts(Step.GMV, 0, 4, 1, 0.1));
    progress.erase();
    return err.toString();
  }
}
