/**
 * Who earned each purchase: windows, paths, models and the splitting of money.
 *
 * <p>Spark brings the touches and the orders of a person together, in the order of time; the
 * arithmetic is plain Java. {@link io.shoplens.attribution.PersonPaths} sweeps once over both, so
 * that a person with millions of touches and thousands of orders needs memory for the paths of the
 * orders whose look-back is open, and never for the history. A model is one constant of {@link
 * io.shoplens.attribution.AttributionModel}.
 *
 * <p>Markov is the one model that looks beyond an order's own path: {@link
 * io.shoplens.attribution.ChannelPaths} counts the transitions on everybody's paths before a week,
 * and {@link io.shoplens.attribution.ChannelGraph} solves the graph they make.
 */
package io.shoplens.attribution;
