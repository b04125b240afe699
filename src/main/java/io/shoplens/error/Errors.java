package io.shoplens.error;

/** The one factory of errors that users see. Each says the problem, its cause and its cure. */
public final class Errors {
  private Errors() {}

  /** Bad usage or configuration: exit 2. */
  public static ShoplensException configuration(String problem, String reason, String cure) {
    return new ShoplensException(ExitStatus.USAGE, problem, reason, cure, null);
  }

  /** Bad usage or configuration with the exception that revealed it: exit 2. */
  public static ShoplensException configuration(
      String problem, String reason, String cure, Throwable cause) {
    return new ShoplensException(ExitStatus.USAGE, problem, reason, cure, cause);
  }

  /** Input or storage that can't be read or written: exit 3. */
  public static ShoplensException storage(
      String problem, String reason, String cure, Throwable cause) {
    return new ShoplensException(ExitStatus.INPUT, problem, reason, cure, cause);
  }

  /** Input that stops the run, such as a file with too many rejected records: exit 3. */
  public static ShoplensException input(String problem, String reason, String cure) {
    return new ShoplensException(ExitStatus.INPUT, problem, reason, cure, null);
  }

  /** An invariant that does not hold: exit 1. */
  public static ShoplensException checkFailed(String problem, String reason, String cure) {
    return new ShoplensException(ExitStatus.CHECK_FAILED, problem, reason, cure, null);
  }
}
