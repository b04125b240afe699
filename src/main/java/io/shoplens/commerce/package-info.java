/**
 * Order events to orders, lines and the movements of GMV, and those to daily figures.
 *
 * <p>An order's state is sequential: what a refund reverses depends on every reversal before it. So
 * {@link io.shoplens.commerce.OrderFold} brings an order's events together once and hands them to
 * {@link io.shoplens.commerce.OrderLife}, plain Java without Spark; everything after it is Column
 * expressions over the movements, {@code silver.order_history}, where each amount stands on its own
 * date. A new daily figure is another aggregate of that table.
 */
package io.shoplens.commerce;
