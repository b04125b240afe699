package io.shoplens.table;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far a changed date moves a table.
 *
 * @param back days before the changed date that have to be rewritten too
 * @param forward days after it
 * @param why the rule that makes it so, in words
 */
public record Reach(int back, int forward, String why) {

  /** The changed dates and all those within reach of one. */
  public SortedSet<LocalDate> of(Collection<LocalDate> changed) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (LocalDate date : changed) {
      for (int day = -back; day <= forward; day++) {
        dates.add(date.plusDays(day));
      }
    }
    return dates;
  }

  /** The dates of which all that is within reach is among some: what these were the reach of. */
  public SortedSet<LocalDate> within(Collection<LocalDate> reached) {
    SortedSet<LocalDate> dates = new TreeSet<>(reached);
    dates.removeIf(date -> !reached.containsAll(of(List.of(date))));
    return dates;
  }
}
