package io.shoplens.job;

/**
 * The most frequent reason why records of held files are rejected.
 *
 * @param feed the feed they came from
 * @param code the contract's code
 * @param field the field at fault; empty where the record as a whole is
 * @param records how many records of held files it rejected
 * @param of how many records the held files of the feed have
 * @param example the field's value in one of them, or else the record, cut to 200 characters
 */
public record RejectFacts(
    String feed, String code, String field, long records, long of, String example) {}
