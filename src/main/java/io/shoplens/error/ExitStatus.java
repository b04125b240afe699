package io.shoplens.error;

/** Exit codes of the command line; scripts rely on them. */
public enum ExitStatus {
  DONE(0),
  CHECK_FAILED(1),
  USAGE(2),
  INPUT(3),
  FAULT(70);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
