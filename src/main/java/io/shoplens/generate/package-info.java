/**
 * Synthetic logs in the native contract, with the truth beside them.
 *
 * <p>A household is simulated as a pure function of the seed and its number. A block is a fixed run
 * of households with a fixed share of the events; a part is a fixed run of blocks and one file a
 * day. How many there are follows from the settings alone, so the bytes do not depend on how many
 * tasks ran at once. Lines are made row by row in plain Java, because a simulation has state that
 * SQL has no word for, and written through Hadoop's file system, because some lines are damaged
 * down to their bytes and every file has a fixed name.
 */
package io.shoplens.generate;
