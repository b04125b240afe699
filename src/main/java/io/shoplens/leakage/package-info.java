/**
 * Shopping clicks that went to competitors: which links took them, how large a share they are, what
 * became of them, and what they were worth.
 *
 * <p>What counts as a click to a competitor stands once, in {@code CompetitorClicks}. Leaks are
 * made in two passes by person: {@code LeakOpenings} goes over the clicks of an observed person and
 * yields leaks, {@code Settlements} over the leaks that a person's orders can settle. There are two
 * because a leak of a device without a user belongs, for orders, to whoever is seen on the device
 * next, so that the second pass groups otherwise than the first. Both hold what the last 7 days
 * left open.
 *
 * <p>Where the definition leaves a choice: a leak has the merchant group of its opening click, and
 * clicks to competitors, opaque ones and others are never in one leak, so that a click has one
 * state. A sold line is one in the basis of GMV; its instant is that of its order. An order in the
 * same instant as the leak does not settle it. A line counts in c by its order's date, a click in n
 * by its own; the 28 days of a leak end with its date. Leaks of what the shop does not sell are in
 * no leaked GMV.
 *
 * <p>{@code LeakFigures} goes over a market's leaks date by date, with the sales of 28 days beside
 * it, because medians and draws that are joint over a level are no aggregates of SQL's.
 */
package io.shoplens.leakage;
