package io.shoplens.config;

import java.time.Duration;

/**
 * Sessions, bots and identities.
 *
 * @param sessionGap a silence of this length or more ends a session
 * @param sessionLimit an event this long after a session's first begins another
 * @param identityWindow how long before an identification a device's unidentified events are its
 *     user's
 * @param botEventsPerHour events of an observed person in a UTC hour over which all of that hour
 *     are a bot's; 0 turns the rule off
 * @param botEventsPerDay the same for a UTC day
 */
public record ClickstreamSettings(
    Duration sessionGap,
    Duration sessionLimit,
    Duration identityWindow,
    long botEventsPerHour,
    long botEventsPerDay) {}
