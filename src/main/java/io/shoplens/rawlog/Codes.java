package io.shoplens.rawlog;

import java.util.List;

/** The codes of the input contract, in the order of their numbers. */
final class Codes {
  static final String NOT_JSON = "not_json";
  static final String NOT_CSV = "not_csv";
  static final String BAD_ENCODING = "bad_encoding";
  static final String DUPLICATE_KEY = "duplicate_key";
  static final String BAD_ARCHIVE = "bad_archive";

  /** Codes that carry a field; a code's number is its position. */
  static final List<String> OF_FIELDS =
      List.of(
          "missing_field",
          "wrong_type",
          "out_of_range",
          "unknown_value",
          "bad_timestamp",
          "no_zone",
          "from_future",
          "too_many_digits",
          "unknown_currency",
          "duplicate_key");

  static final int MISSING_FIELD = 0;
  static final int WRONG_TYPE = 1;
  static final int OUT_OF_RANGE = 2;
  static final int UNKNOWN_VALUE = 3;
  static final int BAD_TIMESTAMP = 4;
  static final int NO_ZONE = 5;
  static final int FROM_FUTURE = 6;
  static final int TOO_MANY_DIGITS = 7;
  static final int UNKNOWN_CURRENCY = 8;
  static final int REPEATED_KEY = 9;

  private Codes() {}
}
