package io.shoplens.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the doctor found in one place.
 *
 * @param check what was looked at
 * @param state how it is
 * @param text what was found, in a line
 * @param cure what to do; empty where nothing is
 */
record Finding(String check, State state, String text, Optional<String> cure) {
  enum State {
    OK,
    WARNING,
    FAULT
  }

  static Finding ok(String check, String text) {
    return new Finding(check, State.OK, text, Optional.empty());
  }

  static Finding warning(String check, String text, String cure) {
    return new Finding(check, State.WARNING, text, Optional.of(cure));
  }

  static Finding fault(String check, String text, String cure) {
    return new Finding(check, State.FAULT, text, Optional.of(cure));
  }

  /** The finding on one line. */
  String line() {
    return String.format("%-8s%-20s%s", Words.lower(state), check, TextTable.printable(text))
        + cure.map(what -> "  Cure: " + TextTable.printable(what)).orElse("");
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("check", check);
    json.put("state", Words.lower(state));
    json.put("text", text);
    json.put("cure", cure.orElse(null));
    return json;
  }
}
