package io.shoplens.cli;

import io.shoplens.job.Progress;
import io.shoplens.job.Step;
import io.shoplens.job.StepFacts;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Progress on standard error: on a terminal one line that is written over, elsewhere one line for
 * each step that is done.
 */
final class ProgressLines implements Progress {
  private static final long REDRAW_MILLIS = 200;

  private final PrintWriter err;
  private final boolean isInteractive;
  private final Set<Step> steps;
  private final long startedNanos = System.nanoTime();
  private long drawnNanos = startedNanos;
  private int drawnWidth;
  private int done;

  ProgressLines(Terminal terminal, Set<Step> steps) {
    this.err = terminal.err();
    this.isInteractive = terminal.isInteractive();
    this.steps = new TreeSet<>(steps);
  }

  @Override
  public synchronized void started(Step step) {
    if (isInteractive) {
      draw(position() + " " + step.label() + ": " + step.yields() + "  " + elapsed());
    }
  }

  @Override
  public synchronized void advanced(Step step, long files, long rows) {
    boolean isDue = System.nanoTime() - drawnNanos > REDRAW_MILLIS * 1_000_000;
    if (isInteractive && isDue) {
      draw(position() + " " + step.label() + "  " + counts(files, rows) + "  " + elapsed());
    }
  }

  @Override
  public synchronized void finished(StepFacts facts) {
    String line =
        position()
            + " "
            + facts.step().label()
            + "  "
            + outcome(facts)
            + "  "
            + Words.seconds(facts.seconds());
    done++;
    if (isInteractive) {
      erase();
    }
    err.println(line);
    err.flush();
  }

  @Override
  public synchronized void notice(String text) {
    erase();
    err.println(text);
    err.flush();
  }

  /** Takes away a line that is still to be written over. */
  synchronized void erase() {
    if (drawnWidth > 0) {
      err.print("\r" + " ".repeat(drawnWidth) + "\r");
      err.flush();
      drawnWidth = 0;
    }
  }

  private void draw(String line) {
    String blanks = " ".repeat(Math.max(0, drawnWidth - line.length()));
    err.print("\r" + line + blanks);
    err.flush();
    drawnWidth = line.length();
    drawnNanos = System.nanoTime();
  }

  private String position() {
    return "[" + Math.min(done + 1, steps.size()) + "/" + steps.size() + "]";
  }

  private String elapsed() {
    long seconds = (System.nanoTime() - startedNanos) / 1_000_000_000;
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  /** Gold is written after the checks: until then there are dates of it, and no rows. */
  private static String outcome(StepFacts facts) {
    return facts.rows() == 0 && facts.dates() > 0
        ? Words.count(facts.dates()) + " dates"
        : counts(facts.files(), facts.rows());
  }

  private static String counts(long files, long rows) {
    String some = Words.count(rows) + " rows";
    return files == 0 ? some : Words.count(files) + " files  " + some;
  }
}
