/**
 * What a link leads to, without a network call: parsing, wrappers, merchants, product keys.
 *
 * <p>{@link io.shoplens.link.LinkResolver} is plain Java over maps, so that a link can be explained
 * outside Spark, step by step, by the very code that the pipeline runs. {@link
 * io.shoplens.link.Links} is the thin Column function over it. A new form of wrapper is a line in
 * {@code redirectors.csv}; a new form of product link is a method in {@code ProductKeys}.
 *
 * <p>Web links are read as the URL standard says, judged by the web platform tests, but for these,
 * by choice. Links are absolute, so cases with a base are none of ours. Hosts that no name server
 * can know are no hosts: those with an empty label, with a label over 63 or a name over 253
 * characters, with a character that no domain may hold. Of labels the mapping to ASCII is done, the
 * rules of joiners, of writing direction and of Punycode's round trip are not checked, and mappings
 * newer than the parser's Unicode are missing: such a host is no merchant's either way. Other
 * schemes are an app's and are read as if they were the web's, backslashes, ports and case of the
 * host included, because apps' links name web hosts. Registrable domains pass the Public Suffix
 * List's own tests.
 *
 * <p>Every scan is a single pass over the text: no regular expression meets a URL here.
 */
package io.shoplens.link;
