package io.shoplens.job;

/**
 * A field that the contract does not have and that no earlier ingest has read.
 *
 * @param feed the feed whose records have it
 * @param field its name; {@code lines.x} is a field of order lines
 * @param records records of this ingest that have it
 * @param type type of its first value
 */
public record UnknownField(String feed, String field, long records, String type) {}
