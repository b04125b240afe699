package io.shoplens.rawlog;

import java.io.Serializable;

/**
 * A field of a raw record.
 *
 * @param name column it becomes
 * @param path JSON path or CSV column
 * @param type what its value may be
 */
record LexicalField(String name, String path, Type type) implements Serializable {
  /** What a value may be, beside null. */
  enum Type {
    /** A string. */
    TEXT,
    /** A string, or a number of epoch units. */
    INSTANT,
    /** A number, or a string that holds one. */
    DECIMAL,
    /** An array, as its JSON text. */
    ARRAY,
    /** An object, as its JSON text. */
    OBJECT,
    /** Anything, as text; objects and arrays as their JSON text. */
    ANY
  }
}
