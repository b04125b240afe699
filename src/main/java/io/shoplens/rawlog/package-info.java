/**
 * Raw logs in: files to accepted rows, rejected records and totals per file.
 *
 * <p>Two layers. The <em>lexical</em> layer is a Spark data source over an explicit list of files:
 * it finds the records, judges what can be judged without knowing the contract (encoding, syntax,
 * repeated keys, declared types) and hands on every field as text in its own bytes. The
 * <em>contract</em> layer is Column expressions over it: the feed's mapping, then one set of checks
 * for native and foreign feeds alike. Where SQL has no answer (strict instants, exact decimals,
 * nested order lines) the checks call small static functions, which Spark compiles into the same
 * generated loop ({@link io.shoplens.rawlog.RawLogFunctions}).
 *
 * <p>The JSON scanner is our own and works in place: it needs the bytes of every value as they came
 * (for {@code extra}, for nested values and for rejected records), which a token parser only gives
 * back decoded. Jackson is its reference in the tests.
 */
package io.shoplens.rawlog;
