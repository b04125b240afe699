/**
 * What a link leads to, without a network call: parsing, wrappers, merchants, product keys.
 *
 * <p>{@link io.shoplens.link.LinkResolver} is plain Java over maps, so that a link can be explained
 * outside Spark, step by step, by the very code that the pipeline runs. {@link
 * io.shoplens.link.Links} is the thin Column function over it. A new form of wrapper is a line in
 * {@code redirectors.csv}; a new form of product link is a method in {@code ProductKeys}.
 *
 * <p>Every scan is a single pass over the text: no regular expression meets a URL here.
 */
package io.shoplens.link;
