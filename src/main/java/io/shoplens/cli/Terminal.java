package io.shoplens.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: answers to {@code out}, everything else to {@code err}.
 *
 * @param out answers, for people or machines
 * @param err progress and errors
 * @param kind whether a person looks on
 */
record Terminal(PrintWriter out, PrintWriter err, Kind kind) {
  enum Kind {
    INTERACTIVE,
    PIPED
  }

  /**
   * The process's own streams, in UTF-8. From Java 22 on a console that is a pipe is none only with
   * {@code -Djdk.console=java.base}, which the launcher sets.
   */
  @SuppressWarnings("SystemConsoleNull")
  static Terminal system() {
    boolean isInteractive = System.console() != null && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(
        writer(System.out), writer(System.err), isInteractive ? Kind.INTERACTIVE : Kind.PIPED);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  boolean isInteractive() {
    return kind == Kind.INTERACTIVE;
  }
}
