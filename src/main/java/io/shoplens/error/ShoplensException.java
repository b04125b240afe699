package io.shoplens.error;

/**
 * An error a user can mend: what is wrong, why, and what to do, in one message. Made by {@link
 * Errors} only.
 */
public final class ShoplensException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  ShoplensException(
      ExitStatus status, String problem, String reason, String cure, Throwable cause) {
    super(problem + "\n  Cause: " + reason + "\n  Cure:  " + cure, cause);
    this.status = status;
  }

  /** The exit code the command ends with. */
  public ExitStatus status() {
    return status;
  }
}
