/**
 * From events to people and visits: identities, sessions, bots and touchpoints.
 *
 * <p>The way of the data: {@link io.shoplens.clickstream.SessionizedEvents} marks every event with
 * its session and whether a bot sent it, in one shuffle and one sort; {@link
 * io.shoplens.clickstream.Visits} and {@link io.shoplens.clickstream.Touches} narrow that down.
 * {@link io.shoplens.clickstream.DeviceIdentifications} stands apart: it needs the order events
 * too.
 *
 * <p>Two things are not column expressions, for the reasons given there: {@link
 * io.shoplens.clickstream.SessionClock}, a fold that decides where sessions begin, and {@link
 * io.shoplens.clickstream.CrawlerList}, a memory of the user agents already judged.
 */
package io.shoplens.clickstream;
