/**
 * Shopping clicks that went to competitors: which links took them, and how large a share they are.
 *
 * <p>Both tables count from {@code silver.outbound_links}; the rate sets them against the product
 * clicks of {@code silver.touchpoints}. What counts as a click to a competitor stands once, in
 * {@code CompetitorClicks}.
 */
package io.shoplens.leakage;
