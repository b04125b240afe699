package io.shoplens.job;

import java.time.LocalDate;
import java.util.SortedSet;

/**
 * What a step wrote.
 *
 * @param rows rows over all its tables, by Delta's own count
 * @param dates dates it rewrote
 */
record Written(long rows, SortedSet<LocalDate> dates) {}
