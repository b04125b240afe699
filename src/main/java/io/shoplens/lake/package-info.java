/**
 * The only door to storage: Delta tables by their declaration, input files, the ledger of what was
 * read.
 *
 * <p>Tables lie at {@code <root>/<layer>/<name>}. Every write names what it replaces, so that a
 * run, a re-run and a backfill are the same write.
 */
package io.shoplens.lake;
