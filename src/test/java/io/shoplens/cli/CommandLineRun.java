package io.shoplens.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * What a command line wrote and ended with.
 *
 * @param exit its exit code
 * @param out standard output
 * @param err standard error
 */
record CommandLineRun(int exit, String out, String err) {

  /** Runs a command line with an engine that must not be needed. */
  static CommandLineRun of(String... arguments) {
    return of(
        (session, config) -> {
          throw new AssertionError("the engine was asked");
        },
        Map.of(),
        arguments);
  }

  static CommandLineRun of(
      Engine.Factory engines, Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), Terminal.Kind.PIPED);
    int exit = Main.execute(terminal, environment, engines, arguments);
    return new CommandLineRun(exit, out.toString(), err.toString());
  }

  /** The same with a folder's path written as CONF. */
  CommandLineRun naming(String folder) {
    return new CommandLineRun(exit, out.replace(folder, "CONF"), err.replace(folder, "CONF"));
  }
}
