/**
 * What every table is: name, grain, key, partitioning, reach, and each column with its comment.
 *
 * <p>Packages that transform data meet only here. {@link io.shoplens.table.Columns} holds each
 * column name once, because a word means the same in every table.
 */
package io.shoplens.table;
