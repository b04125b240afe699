package io.shoplens.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What a command has to work with.
 *
 * @param terminal where it writes
 * @param environment the process's environment
 * @param engines how the pipeline is reached
 * @param clock of this machine
 */
record Context(
    Terminal terminal, Map<String, String> environment, Engine.Factory engines, Clock clock) {

  /** The folder of the installation: SHOPLENS_HOME, which the launcher sets, or the working one. */
  Path home() {
    return Path.of(environment.getOrDefault("SHOPLENS_HOME", "")).toAbsolutePath().normalize();
  }

  /** A file of the installation as messages and settings name it. */
  String file(String relative) {
    Path working = Path.of("").toAbsolutePath();
    Path file = home().resolve(relative);
    return file.startsWith(working) ? working.relativize(file).toString() : file.toString();
  }

  /**
   * A path of the command line: a URI or absolute path as it is, any other in the working folder.
   */
  String located(String text) {
    boolean isAbsolute = text.startsWith("/") || text.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
    return isAbsolute ? text : Path.of(text).toAbsolutePath().normalize().toString();
  }
}
