/**
 * Who earned each purchase: windows, paths, models and the splitting of money.
 *
 * <p>Spark brings the touches and the orders of a person together, in the order of time; the
 * arithmetic is plain Java. {@link io.shoplens.attribution.PersonPaths} sweeps once over both, so
 * that a person with millions of touches and thousands of orders needs memory for the paths of the
 * orders whose look-back is open, and never for the history. A model is one constant of {@link
 * io.shoplens.attribution.AttributionModel}.
 */
package io.shoplens.attribution;
