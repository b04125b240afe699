package io.shoplens.oracle;

/** A record that the contract does not accept: one code and the field at fault, if any. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  final String code;
  final String field;

  Refused(String code, String field) {
    super(code + " " + field);
    this.code = code;
    this.field = field;
  }
}
