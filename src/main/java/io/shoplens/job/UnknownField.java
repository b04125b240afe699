package io.shoplens.job;

/**
 * A field that nothing reads and that no earlier ingest has met.
 *
 * @param feed the feed whose records have it
 * @param field its name; {@code lines.x} is a field of order lines
 * @param records records of this ingest that have it
 * @param type type of its first value
 * @param isKept whether it is kept in {@code extra}: of a feed with a mapping that is the mapping's
 *     to say
 */
public record UnknownField(String feed, String field, long records, String type, boolean isKept) {}
