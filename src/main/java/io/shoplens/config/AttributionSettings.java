package io.shoplens.config;

import java.time.Duration;

/**
 * Windows and bounds of attribution. Windows are exact intervals, both ends included.
 *
 * @param lookback how long before an order a touch can earn credit
 * @param clickWindow platform_window: how long a click counts
 * @param viewWindow platform_window: how long a view counts
 * @param maximumTouches touches a path keeps: the first, and the latest of the others
 */
public record AttributionSettings(
    Duration lookback, Duration clickWindow, Duration viewWindow, int maximumTouches) {}
