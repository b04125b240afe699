package io.shoplens.rawlog;

import java.io.Closeable;
import java.io.IOException;

/** The records of one file. */
interface Records extends Closeable {
  /** Moves the row to the next record, or rejected record; false at the end of the file. */
  boolean next() throws IOException;

  /** Records so far, blank ones included. */
  long records();

  /** Blank ones so far. */
  long blank();

  /** Offset at which a damaged archive broke off, or -1. */
  long damagedAt();
}
