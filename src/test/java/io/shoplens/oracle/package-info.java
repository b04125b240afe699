/**
 * The oracle: the figures of the gold tables computed a second time, from the raw files and the
 * reference tables alone, slowly and obviously. It shares no code with the pipeline and knows no
 * Spark, so that a figure both agree on is wrong only if both misread the definitions in the same
 * way. Read in this order: {@link io.shoplens.oracle.RawLogs}, {@link
 * io.shoplens.oracle.EventContract}, {@link io.shoplens.oracle.OrderContract}, {@link
 * io.shoplens.oracle.Clicks}, {@link io.shoplens.oracle.Sales}, {@link io.shoplens.oracle.Credits},
 * {@link io.shoplens.oracle.Oracle}.
 */
package io.shoplens.oracle;
