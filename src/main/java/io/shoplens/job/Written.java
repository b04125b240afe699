package io.shoplens.job;

import io.shoplens.table.Table;
import java.time.LocalDate;
import java.util.Map;
import java.util.SortedSet;

/**
 * What a step wrote.
 *
 * @param rows rows over all its tables, by Delta's own count
 * @param dates dates it rewrote
 */
record Written(long rows, SortedSet<LocalDate> dates) {
  static Written of(Map<Table, Long> rows, SortedSet<LocalDate> dates) {
    return new Written(rows.values().stream().mapToLong(Long::longValue).sum(), dates);
  }
}
