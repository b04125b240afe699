package io.shoplens.job;

import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.State;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Published business dates that a run brought up to date again, and why.
 *
 * @param reason one of {@link Reason}
 * @param feed the feed whose records did it; empty where the dates were asked for
 * @param files how many files
 * @param dates the dates
 */
public record Reopened(Reason reason, String feed, long files, SortedSet<LocalDate> dates) {

  /** Why a published date is brought up to date again. */
  public enum Reason {
    /** A new file had records of it. */
    LATE_DATA("late data"),
    /** A file that was read before came with other content. */
    NEW_CONTENT("new content"),
    /** Records left the quarantine. */
    REPLAY("replay"),
    /** A record of an older file lost a conflict. */
    CONFLICT("conflict"),
    /** A run was asked to rebuild it. */
    ASKED("asked for");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** The reason as ops.runs and summaries write it. */
    public String text() {
      return text;
    }
  }

  /**
   * What was reopened by all that came in since a publication.
   *
   * @param sequence last ingest that is published
   * @param asked dates to rebuild
   */
  static List<Reopened> since(long sequence, FileLedger ledger, SortedSet<LocalDate> asked) {
    SortedSet<LocalDate> published = new TreeSet<>();
    Map<String, Long> known = new HashMap<>();
    for (Entry entry : ledger.settledUpTo(sequence)) {
      entry.balance().ifPresent(balance -> published.addAll(balance.dates()));
      known.put(entry.file().path(), entry.balance().map(balance -> balance.accepted()).orElse(0L));
    }
    record Cause(Reason reason, String feed) {}
    Map<Cause, SortedSet<LocalDate>> dates = new HashMap<>();
    Map<Cause, SortedSet<String>> files = new HashMap<>();
    for (Entry entry : ledger.settledAfter(sequence)) {
      SortedSet<LocalDate> touched = new TreeSet<>();
      entry.balance().ifPresent(balance -> touched.addAll(balance.dates()));
      touched.retainAll(published);
      if (!touched.isEmpty()) {
        Cause cause = new Cause(reason(entry, ledger, known), entry.file().feed());
        dates.computeIfAbsent(cause, first -> new TreeSet<>()).addAll(touched);
        files.computeIfAbsent(cause, first -> new TreeSet<>()).add(entry.file().path());
      }
    }
    SortedSet<LocalDate> rebuilt = new TreeSet<>(asked);
    rebuilt.retainAll(published);
    if (!rebuilt.isEmpty()) {
      dates.put(new Cause(Reason.ASKED, ""), rebuilt);
    }
    Map<String, Reopened> ordered = new TreeMap<>();
    dates.forEach(
        (cause, each) ->
            ordered.put(
                cause.reason().ordinal() + cause.feed(),
                new Reopened(
                    cause.reason(),
                    cause.feed(),
                    files.getOrDefault(cause, new TreeSet<>()).size(),
                    each)));
    return new ArrayList<>(ordered.values());
  }

  private static Reason reason(Entry entry, FileLedger ledger, Map<String, Long> known) {
    Optional<State> planned = ledger.planned(entry.sequence(), entry.file().path());
    if (planned.isEmpty()) {
      return Reason.CONFLICT;
    }
    if (planned.get() == State.REPLAY) {
      return Reason.REPLAY;
    }
    return known.getOrDefault(entry.file().path(), 0L) > 0 ? Reason.NEW_CONTENT : Reason.LATE_DATA;
  }
}
