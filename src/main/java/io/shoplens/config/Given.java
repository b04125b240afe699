package io.shoplens.config;

import java.nio.file.Path;

/**
 * A key and its value as somebody gave them.
 *
 * @param value text; null where the file has the key without a value
 * @param origin where it was given, in words: {@code conf/a.yaml:7}, {@code -D gmv.basis}
 * @param source which of the sources that is
 * @param folder what its relative paths are relative to
 */
record Given(String key, String value, String origin, Source source, Path folder) {
  enum Source {
    FILE,
    ENVIRONMENT,
    OVERRIDE
  }

  boolean isEmpty() {
    return value == null || value.isBlank();
  }

  String text() {
    return value.strip();
  }

  /** The value as a path: a URI or absolute path as it is, any other below the folder. */
  String located() {
    return located(text(), folder);
  }

  static String located(String text, Path folder) {
    boolean isAbsolute = text.startsWith("/") || text.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
    return isAbsolute ? text : folder.resolve(text).normalize().toString();
  }

  String shown() {
    return value == null ? "nothing" : Secrets.shown(key, value);
  }
}
