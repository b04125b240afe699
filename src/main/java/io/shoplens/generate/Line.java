package io.shoplens.generate;

/** A record that can be written as a line, more than once. */
interface Line {
  /** Instant of the event in milliseconds since 1970. */
  long at();

  /** A number that no other record of its feed has. */
  long number();

  /**
   * Appends the record as one JSON object.
   *
   * @param receivedAt milliseconds since 1970; negative: the collector did not say
   */
  void write(Text out, long receivedAt);

  /** Makes the record say something else under the same id, or, called again, the truth. */
  void flip();
}
